// The compiler takes a quarter of a second to load and is not needed to answer a call: loaded when first used.
import { createRequire } from "node:module"

let compiler
export default new Proxy(
  {},
  {
    get(_, name) {
      compiler ??= createRequire(import.meta.url)("typescript")
      return compiler[name]
    },
  },
)
