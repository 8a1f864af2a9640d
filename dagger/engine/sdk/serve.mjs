import { existsSync, readFileSync } from "node:fs"
import { connection, dag, entrypoint } from "@dagger.io/dagger"
import { ExecError, Executor, GraphQLRequestError, invoke, load } from "./internals.mjs"
import { thaw } from "./scan-file.mjs"

const question = `{ currentFunctionCall { name parentName parent inputArgs { name value } } }`

/** Answers one function call. As npm's own entrypoint does, but with the scan that was prepared, and asking once. */
export async function serve(sources, modules, preparedPath) {
  const prepared = existsSync(preparedPath) ? JSON.parse(readFileSync(preparedPath, "utf8")) : undefined
  if (!prepared) return await entrypoint(sources)

  let failed = false
  await connection(
    async () => {
      const { currentFunctionCall: asked } = await dag.getGQLClient().request(question)
      const call = dag.currentFunctionCall()
      try {
        const scan = thaw(prepared.scan)
        const loaded = await load(modules)
        const result = await invoke(new Executor(loaded, scan), scan, {
          parentName: asked.parentName,
          fnName: asked.name,
          parentArgs: JSON.parse(asked.parent) ?? {},
          fnArgs: Object.fromEntries(asked.inputArgs.map(({ name, value }) => [name, JSON.parse(value)])),
        })
        await call.returnValue(result === undefined || result === null ? "null" : JSON.stringify(result))
      } catch (error) {
        failed = true
        await call.returnError(describe(error))
      }
    },
    { LogOutput: process.stdout },
  )
  // connections kept alive would hold the process for seconds after its answer was given
  process.exit(failed ? 1 : 0)
}

/** An exec's error keeps its exit code and output: they travel as values beside the message. */
function describe(thrown) {
  if (!(thrown instanceof Error)) return dag.error(typeof thrown === "string" ? JSON.stringify(thrown) : (JSON.stringify(thrown) ?? String(thrown)))
  let error = dag.error(thrown.message)
  if (thrown instanceof ExecError || thrown instanceof GraphQLRequestError) {
    for (const [key, value] of Object.entries(thrown.extensions ?? {})) {
      if (value !== "" && value !== undefined && value !== null) error = error.withValue(key, JSON.stringify(value))
    }
  }
  return error
}
