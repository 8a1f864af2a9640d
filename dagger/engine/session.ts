import type { Writable } from "node:stream"
import { connection } from "@dagger.io/dagger"
import { TollgateError } from "../../core/shared/errors.js"
import { sessionLost } from "./session/errors.js"
import { type OpenSession, openSession, type SessionLimits, usualLimits } from "./session/open.js"

/**
 * Runs the callback connected to the engine that the environment names. What it throws is thrown here as it was.
 *
 * The session is opened here, not by the SDK: that gives up after five minutes of silence, throws what the CLI said where no caller can
 * catch it, and leaves the CLI running.
 */
export async function inSession<T>(
  log: Writable,
  logPath: string,
  callback: () => Promise<T>,
  limits: SessionLimits = usualLimits,
): Promise<T> {
  // started by another session, such as `dagger run`: there is one to join
  if (process.env.DAGGER_SESSION_PORT) return await connected(undefined, logPath, callback)
  const cli = process.env._EXPERIMENTAL_DAGGER_CLI_BIN
  if (!cli)
    throw new TollgateError(
      "engine.no-cli",
      "_EXPERIMENTAL_DAGGER_CLI_BIN is empty.",
      "Unset it: Tollgate then finds or downloads the dagger CLI.",
    )
  const runner = process.env._EXPERIMENTAL_DAGGER_RUNNER_HOST || undefined
  const session = await openSession(cli, log, { runner, log: logPath }, limits, (text) => process.stderr.write(text))
  try {
    return await connected(session, logPath, callback)
  } finally {
    await session.close()
  }
}

async function connected<T>(session: OpenSession | undefined, logPath: string, callback: () => Promise<T>): Promise<T> {
  let outcome: { value: T } | { error: unknown } | undefined
  const work = async () => {
    try {
      outcome = { value: await callback() }
    } catch (error) {
      outcome = { error }
    }
  }
  await (session === undefined ? connection(work) : withVariables(session, () => connection(work)))
  if (outcome && "value" in outcome) return outcome.value
  const lost = session?.lost()
  if (lost && !(outcome?.error instanceof TollgateError)) throw sessionLost(logPath, lost.reason)
  if (!outcome)
    throw new TollgateError(
      "engine.no-answer",
      "The engine ended the connection before the work was done.",
      `Its log: ${logPath}`,
    )
  throw outcome.error
}

/** The SDK reads them before its first await. Nothing that the callback starts inherits them: the token opens the whole session. */
function withVariables<T>({ port, token }: OpenSession, begin: () => Promise<T>): Promise<T> {
  process.env.DAGGER_SESSION_PORT = String(port)
  process.env.DAGGER_SESSION_TOKEN = token
  try {
    return begin()
  } finally {
    delete process.env.DAGGER_SESSION_PORT
    delete process.env.DAGGER_SESSION_TOKEN
  }
}
