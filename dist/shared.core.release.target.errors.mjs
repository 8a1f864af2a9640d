import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/target/errors.ts
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

export {
  TargetError
};
