import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/gate/red.ts
var NEXT = "Fix what is listed above, then run it again.";
var GateRed = class extends TollgateError {
  static {
    __name(this, "GateRed");
  }
  /** @param gate the gate's name; the error's code is this and `-red` */
  constructor(gate, screen) {
    super(`${gate}-red`, screen.trimEnd(), NEXT);
    this.message = screen.trimEnd();
    this.name = "GateRed";
  }
};
function requireGreen(gate, green, screen) {
  if (!green) throw new GateRed(gate, screen);
  return screen;
}
__name(requireGreen, "requireGreen");

export {
  GateRed,
  requireGreen
};
