import { type Container, type ContainerWithExecOpts, ReturnType } from "@dagger.io/dagger"
import { asExecError } from "./exec-error.js"

export interface Ran {
  out: string
  err: string
  code: number
  /** The container as the program left it; null when a signal ended it. */
  after: Container | null
}

/** Runs a program, whatever it ends with, and gives what it said. */
export async function runProgram(container: Container, command: string[], options: Pick<ContainerWithExecOpts, "stdin" | "insecureRootCapabilities"> = {}): Promise<Ran> {
  try {
    // awaited first: several questions about a program that has not run yet are several reasons for the engine to start it
    const after = await container.withExec(command, { ...options, expect: ReturnType.Any }).sync()
    const [code, out, err] = await Promise.all([after.exitCode(), after.stdout(), after.stderr()])
    return { out, err, code, after }
  } catch (error) {
    // ReturnType.Any does not count an end by a signal, such as 137: killed for want of memory
    const ended = asExecError(error)
    if (ended === null) throw error
    return { out: ended.stdout, err: ended.stderr, code: ended.exitCode, after: null }
  }
}
