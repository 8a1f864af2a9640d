import { type Container, type ContainerWithExecOpts, ReturnType } from "@dagger.io/dagger"
import { asExecError } from "./exec-error.js"

export interface Ran {
  out: string
  err: string
  code: number
  /** The container after the program; null when a signal killed it. */
  after: Container | null
}

/** Runs a program and returns its output and exit code, whatever the code is. */
export async function runProgram(
  container: Container,
  command: string[],
  options: Pick<ContainerWithExecOpts, "stdin" | "insecureRootCapabilities"> = {},
): Promise<Ran> {
  try {
    // synced first: parallel queries on a container that has not run yet can make the engine run it more than once
    const after = await container.withExec(command, { ...options, expect: ReturnType.Any }).sync()
    const [code, out, err] = await Promise.all([after.exitCode(), after.stdout(), after.stderr()])
    return { out, err, code, after }
  } catch (error) {
    // ReturnType.Any does not cover a program killed by a signal, such as 137 (out of memory)
    const ended = asExecError(error)
    if (ended === null) throw error
    return { out: ended.stdout, err: ended.stderr, code: ended.exitCode, after: null }
  }
}
