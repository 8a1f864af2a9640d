import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  lineWords,
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/secrets/dotenv.ts
import { dag } from "../sdk/index.ts";
async function readSecrets(bundle, names, place, called = (name) => `tollgate-${name}`) {
  const reading = readDotenv(bundle === void 0 ? "" : await bundle.plaintext());
  const missing = names.filter((name) => !reading.values.get(name));
  const skipped = reading.malformed.length > 0 ? ` Skipped, because they are no assignment: ${lineWords(reading.malformed)}.` : "";
  if (missing.length > 0)
    throw new TollgateError(
      "secrets-missing",
      `--secrets does not hold ${missing.join(", ")}.${skipped}`,
      `${place} of tollgate.yaml asks for them. Give them in dotenv form, for example --secrets=env:QA_ENV or --secrets=file:qa.env.`
    );
  const twice = reading.repeated.filter(({ name }) => names.includes(name));
  if (twice.length > 0)
    throw new TollgateError(
      "secrets-repeated",
      `--secrets holds more than once: ${twice.map(({ name, lines }) => `${name} (${lineWords(lines)})`).join(", ")}.`,
      "Which of the values is meant cannot be told. Keep one."
    );
  return new Map(names.map((name) => [name, dag.setSecret(called(name), reading.values.get(name) ?? "")]));
}
__name(readSecrets, "readSecrets");

export {
  readSecrets
};
