import { z } from "zod"

/**
 * The SDK's error for an unexpected exit code. Matched by shape, because the SDK that Dagger bundles into modules does not
 * export the class.
 */
const execError = z.object({
  name: z.literal("ExecError"),
  cmd: z.array(z.string()),
  exitCode: z.number(),
  stdout: z.string(),
  stderr: z.string(),
})

export type ExecError = z.infer<typeof execError>

/** null for any other error, which the caller rethrows. */
export function asExecError(error: unknown): ExecError | null {
  const parsed = execError.safeParse(error)
  return parsed.success ? parsed.data : null
}
