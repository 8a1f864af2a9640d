import { TollgateError } from "./errors.js"

/** Why a run was interrupted: the reason that the signal was aborted with, or that of Ctrl-C. */
export function interruption(signal: AbortSignal | undefined): TollgateError {
  if (signal?.reason instanceof TollgateError) return signal.reason
  return new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed.")
}
