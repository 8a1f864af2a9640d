// Node runs the sources as they are, without their types; they name each other as they are called once compiled.
import { registerHooks } from "node:module"

registerHooks({ resolve: (specifier, context, next) => next(specifier.replace(/^(\.{1,2}\/.*)\.js$/, "$1.ts"), context) })

const { drive } = await import("./drive.ts")
const [, , tools, out] = process.argv
await drive(tools, out)
