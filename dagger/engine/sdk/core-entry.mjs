// What the generated sdk/ stands on: npm's library, and what our entry points need from inside it.
export * from "@dagger.io/dagger"
export { getTracer } from "@dagger.io/dagger/telemetry"
export { prepare } from "./prepare.mjs"
export { serve } from "./serve.mjs"
export { registerTypes } from "./register-types.mjs"
