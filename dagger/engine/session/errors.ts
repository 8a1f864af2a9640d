import { TollgateError } from "../../../core/shared/errors.js"

/** Where the engine is, for people, and how it came to be that one. */
export interface EngineAddress {
  /** As _EXPERIMENTAL_DAGGER_RUNNER_HOST has it; undefined: the CLI's own choice. */
  runner: string | undefined
  log: string
}

const again = "Fix the cause and run the command again. No cleanup is needed."

export function unreachable({ runner, log }: EngineAddress, why: string): TollgateError {
  return new TollgateError(
    "engine.unreachable",
    `The Dagger engine at ${runner} cannot be reached: ${why}.`,
    `${checkRunner}\nIts log: ${log}`,
  )
}

export function noAnswer({ runner, log }: EngineAddress, seconds: number, reason: string | undefined): TollgateError {
  const said =
    reason === undefined ? "The dagger CLI gave no reason." : `The dagger CLI printed last:\n${indented(reason)}`
  return new TollgateError(
    "engine.no-answer",
    `The Dagger engine${at(runner)} did not answer within ${seconds} s. ${said}`,
    `${runner === undefined ? again : checkRunner}\nIts log: ${log}`,
  )
}

export function cliFailed(
  { runner, log }: EngineAddress,
  cli: string,
  how: string,
  reason: string | undefined,
): TollgateError {
  const said = reason === undefined ? " and gave no reason." : `:\n${indented(reason)}`
  return new TollgateError(
    "engine.session-failed",
    `No session with the Dagger engine${at(runner)} could be opened: \`${cli} session\` ${how}${said}`,
    `${again}\nIts log: ${log}`,
  )
}

/** The CLI or the engine ended while there was work. */
export function sessionLost(log: string, reason: string | undefined): TollgateError {
  const said = reason === undefined ? "" : ` The dagger CLI printed last:\n${indented(reason)}`
  return new TollgateError(
    "engine.session-lost",
    `The connection to the Dagger engine ended before the work was done.${said}`,
    `Is the engine still running? \`tollgate doctor\` says. Then run the command again.\nIts log: ${log}`,
  )
}

const checkRunner =
  "Check that a Dagger engine runs there, and that _EXPERIMENTAL_DAGGER_RUNNER_HOST names it. Without that variable Tollgate chooses an engine of this machine."

function at(runner: string | undefined): string {
  return runner === undefined ? "" : ` at ${runner}`
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n")
}
