import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  terminalText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
