// Node strips the types of the sources, whose imports use the names of compiled files.
import { registerHooks } from "node:module"

registerHooks({
  resolve: (specifier, context, next) => next(specifier.replace(/^(\.{1,2}\/.*)\.js$/, "$1.ts"), context),
})

const { drive } = await import("./drive.ts")
const [, , tools, out] = process.argv
await drive(tools, out)
