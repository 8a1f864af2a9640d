import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./part-QMDAT4RQ.mjs";
import {
  terminalText
} from "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

// core/gate/failed.ts
var NEXT = "Fix what is listed above, then run it again.";
var GateFailed = class extends TollgateError {
  static {
    __name(this, "GateFailed");
  }
  /**
   * @param gate the gate's name; the error's code is this and `-failed`
   * @param ending `waiting`: nothing is wrong, and only approvals are missing
   */
  constructor(gate, screen, ending = "failed") {
    super(`${gate}-${ending}`, screen.trimEnd(), NEXT);
    this.message = terminalText(screen.trimEnd());
    this.name = "GateFailed";
  }
};
function requirePassed(gate, passed, screen) {
  if (!passed) throw new GateFailed(gate, screen);
  return screen;
}
__name(requirePassed, "requirePassed");

export {
  GateFailed,
  requirePassed
};
