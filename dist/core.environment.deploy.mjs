import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  configScreen
} from "./shared.core.environment.screen.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import {
  EXAMPLE_FILE,
  checkConfig,
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import {
  count
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
