import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isOfficial
} from "./shared.core.config.ecpay-endpoint.mjs";
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import {
  count
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/ecpay/screen.ts
function ecpayScreen(result) {
  const titles = ["check", "verdict", "result"];
  const rows = result.steps.map(({ step, state, said }) => [step, state === "failed" ? "FAILED" : state, safe(said)]);
  return `${[
    line(`Tollgate ${result.tollgateVersion} \xB7 check-ecpay \xB7 ${result.environment} \xB7 ${result.endpoint}`),
    "",
    ...alignColumns([titles, ...rows], ["left", "left", "left"]).map((row) => fit(row, screenColumns)),
    ...why(result),
    "",
    fit(verdictLine(result), screenColumns)
  ].join("\n")}
`;
}
__name(ecpayScreen, "ecpayScreen");
function why({ verdict }) {
  if (verdict.kind === "passed") return [];
  return [
    "",
    "Why it failed",
    ...verdict.problems.flatMap(({ code, message, next }) => [`  ${code}`, ...wrapped(message), ...wrapped(next)])
  ];
}
__name(why, "why");
function wrapped(text) {
  return wrapWords(safe(text), screenColumns - 4, 2).map((part) => `    ${part}`);
}
__name(wrapped, "wrapped");
function verdictLine({ environment, endpoint, verdict }) {
  const who = isOfficial(endpoint) ? "ECPay" : `${new URL(endpoint).host} (not ECPay's own)`;
  if (verdict.kind === "passed")
    return safe(`PASSED: ${who} accepts the credentials of ${environment} and signs with them`);
  const codes = [...new Set(verdict.problems.map(({ code }) => code))].join(", ");
  return safe(`FAILED: ${count(verdict.problems.length, "problem")} with ECPay in ${environment}: ${codes}`);
}
__name(verdictLine, "verdictLine");

export {
  ecpayScreen
};
