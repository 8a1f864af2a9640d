import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  fenceWords
} from "./shared.core.targets.fence.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/errors.ts
var TargetError = class extends TollgateError {
  static {
    __name(this, "TargetError");
  }
  kind;
  place;
  constructor(kind, place, what, next) {
    super(`target-${kind}`, `${place}: ${what}`, next);
    this.name = "TargetError";
    this.kind = kind;
    this.place = place;
  }
};
var FencedError = class extends TargetError {
  static {
    __name(this, "FencedError");
  }
  seen;
  /** @param change that was refused */
  constructor(place, seen, change) {
    super(
      "fenced",
      place,
      `another run has claimed this environment: ${fenceWords(seen)}. Nothing was changed here (${change}).`,
      "`tollgate status` shows what is serving. Run the command again when that run has ended."
    );
    this.name = "FencedError";
    this.seen = seen;
  }
};

export {
  TargetError,
  FencedError
};
