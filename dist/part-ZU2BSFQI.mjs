import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  configScreen
} from "./part-RH2XG2V2.mjs";
import {
  GateFailed
} from "./part-GGRBBHK5.mjs";
import {
  EXAMPLE_FILE,
  checkConfig,
  environmentSettings
} from "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-43SSZ4HE.mjs";
import "./part-ZBLX4TU7.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import {
  count
} from "./part-6OJ4LJWQ.mjs";
import {
  TollgateError
} from "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

// core/environment/deploy.ts
var deployWork = /* @__PURE__ */ __name(async ({ source, environment, secrets }, settings) => {
  const { variables } = environmentSettings(settings, environment);
  if (secrets === null) {
    const required = variables.filter(({ need, default: value }) => need === "required" && value === null);
    if (required.length === 0)
      return { kind: "skipped", note: "this environment requires no variable, and --secrets is not set" };
    throw new TollgateError(
      "config-missing",
      `${environment} needs ${count(required.length, "variable")}, but --secrets is not set.`,
      "Pass its configuration with --secrets=env:NAME or file:PATH. Nothing was changed."
    );
  }
  const { path } = settings.app;
  const example = path === "." ? EXAMPLE_FILE : `${path}/${EXAMPLE_FILE}`;
  const text = await source.exists(example) ? await source.file(example).contents() : null;
  const result = checkConfig(settings, environment, { given: await secrets(), against: null, example: text });
  if (result.verdict.kind === "failed")
    throw new GateFailed(
      "config",
      configScreen(result, { report: "`tollgate check-config --report=FILE` writes the full report" })
    );
  return { kind: "done", note: `${count(result.variables.length, "variable")} passed` };
}, "deployWork");
export {
  deployWork
};
