import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  nearest
} from "./shared.core.config.fields.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/config/chosen-names.ts
function chosenNames(what, known, asked) {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const meant = unknown.map((name) => nearest(name, known)).filter((name) => name !== null);
    throw new TollgateError(
      `${what}-unknown`,
      `tollgate.yaml has no ${what} ${unknown.join(", ")}.`,
      `${meant.length > 0 ? `Did you mean ${[...new Set(meant)].join(", ")}? ` : ""}It has: ${known.join(", ")}.`
    );
  }
  return asked.length === 0 ? known : known.filter((name) => asked.includes(name));
}
__name(chosenNames, "chosenNames");

export {
  chosenNames
};
