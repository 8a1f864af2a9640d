import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  terminalText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/errors.ts
var TollgateError = class extends Error {
  static {
    __name(this, "TollgateError");
  }
  code;
  next;
  constructor(code, what, next) {
    super(terminalText(next === "" ? what : `${what}

${next}`));
    this.name = "TollgateError";
    this.code = code;
    this.next = next;
  }
};

export {
  TollgateError
};
