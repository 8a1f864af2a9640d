import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  configScreen
} from "./shared.core.environment.screen.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import {
  EXAMPLE_FILE,
  checkConfig,
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/environment/prove.ts
import { ExistsType } from "../sdk/index.ts";
async function proveConfig(source, environment, secrets, against) {
  const settings = await readSettings(source);
  environmentSettings(settings, environment);
  const [given, other, example] = await Promise.all([
    secrets.plaintext(),
    against?.plaintext() ?? null,
    exampleText(source, settings)
  ]);
  return checkConfig(settings, environment, { given, against: other, example });
}
__name(proveConfig, "proveConfig");
async function exampleText(source, settings) {
  const path = settings.app.path === "." ? EXAMPLE_FILE : `${settings.app.path}/${EXAMPLE_FILE}`;
  if (!await source.exists(path, { expectedType: ExistsType.RegularType })) return null;
  return source.file(path).contents();
}
__name(exampleText, "exampleText");

// core/module/config.ts
async function checkConfig2(source, { env, secrets, against }) {
  const result = await proveConfig(source, env, secrets, against);
  return requirePassed(
    "config",
    result.verdict.kind === "passed",
    configScreen(result, { report: "`tollgate check-config --report=FILE` writes the full report" })
  );
}
__name(checkConfig2, "checkConfig");
export {
  checkConfig2 as checkConfig
};
