import { z } from "zod"

/**
 * A command that ended with an unexpected exit code, as the SDK throws it. Known by its shape: the SDK that Dagger bundles
 * into modules does not export the class.
 */
const execError = z.object({
  name: z.literal("ExecError"),
  cmd: z.array(z.string()),
  exitCode: z.number(),
  stdout: z.string(),
  stderr: z.string(),
})

export type ExecError = z.infer<typeof execError>

/** null when the error is something else: the caller lets it go on untouched. */
export function asExecError(error: unknown): ExecError | null {
  const parsed = execError.safeParse(error)
  return parsed.success ? parsed.data : null
}
