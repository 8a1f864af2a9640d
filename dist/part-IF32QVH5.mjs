import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  configScreen
} from "./part-RH2XG2V2.mjs";
import {
  requirePassed
} from "./part-GGRBBHK5.mjs";
import {
  readSettings
} from "./part-HGH33Z2U.mjs";
import "./part-P4AOQKWM.mjs";
import "./part-V4KHYDLR.mjs";
import "./part-CDOJMAX2.mjs";
import {
  EXAMPLE_FILE,
  checkConfig,
  environmentSettings
} from "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-43SSZ4HE.mjs";
import "./part-ZBLX4TU7.mjs";
import "./part-44RGVNPP.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import "./part-BLKE3M3L.mjs";
import "./part-D2FKOHA5.mjs";
import "./part-6OJ4LJWQ.mjs";
import "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
