// The parts of npm's library that it does not export. One file names their places.
export { scan } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/index.js"
export { load } from "./node_modules/@dagger.io/dagger/dist/src/module/entrypoint/load.js"
export { invoke } from "./node_modules/@dagger.io/dagger/dist/src/module/entrypoint/invoke.js"
export { Register } from "./node_modules/@dagger.io/dagger/dist/src/module/entrypoint/register.js"
export { Executor } from "./node_modules/@dagger.io/dagger/dist/src/module/executor.js"
export { ExecError } from "./node_modules/@dagger.io/dagger/dist/src/common/errors/ExecError.js"
export { GraphQLRequestError } from "./node_modules/@dagger.io/dagger/dist/src/common/errors/GraphQLRequestError.js"
export * as introspected from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/dagger_module/index.js"
