// The parts of npm's library that it does not export. One file names their places.
import * as introspected from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/dagger_module/index.js"
import { DaggerInterfaceFunction } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/dagger_module/interfaceFunction.js"
import { DaggerProperty } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/dagger_module/property.js"
import { DaggerObjectTypeProperty } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/dagger_module/typeObjectProperty.js"

export { convertToPascalCase } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/case_convertor.js"
export { AST } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/typescript_module/index.js"
export { scan } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/index.js"
export { load } from "./node_modules/@dagger.io/dagger/dist/src/module/entrypoint/load.js"
export { invoke } from "./node_modules/@dagger.io/dagger/dist/src/module/entrypoint/invoke.js"
export { Register } from "./node_modules/@dagger.io/dagger/dist/src/module/entrypoint/register.js"
export { Executor } from "./node_modules/@dagger.io/dagger/dist/src/module/executor.js"
export { ExecError } from "./node_modules/@dagger.io/dagger/dist/src/common/errors/ExecError.js"
export { GraphQLRequestError } from "./node_modules/@dagger.io/dagger/dist/src/common/errors/GraphQLRequestError.js"

export const { DaggerModule } = introspected
/** What a scan is made of, by name. */
export const classes = { ...introspected, DaggerInterfaceFunction, DaggerProperty, DaggerObjectTypeProperty }
