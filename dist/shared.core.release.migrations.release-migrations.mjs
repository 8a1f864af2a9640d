import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  count
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/migrations/release-migrations.ts
async function runCommands(target, settings, release) {
  const { before, beforeTimeout } = settings.release;
  for (const [index, command] of before.entries()) {
    const result = await target.runJob(release, { name: `before-${index + 1}`, command, seconds: beforeTimeout });
    if (result.kind === "done") continue;
    const why = result.kind === "too-long" ? `did not finish within ${beforeTimeout} s` : `ended with exit code ${result.code}`;
    const printed = result.printed.slice(-12).map((line) => `  ${line}`);
    throw new TollgateError(
      "before-failed",
      [`\`${command}\` ${why}:`, ...printed].join("\n"),
      "Fix the command (release.before), or what it runs, and deploy again. No traffic was switched."
    );
  }
  return before.length === 0 ? null : `${count(before.length, "command")} of release.before ran`;
}
__name(runCommands, "runCommands");

export {
  runCommands
};
