import type { z } from "zod"
import { readLogs } from "../../core/release/logs/read.js"
import { readLocalSource } from "../environment/read-settings.js"
import type { logsOptions } from "../options/release.js"
import { onFirstSignal } from "../signals.js"
import { accessOf, optionalText, withPlace } from "./access.js"
import { cliEntryPoint } from "./cli-entry-point.js"

/** Prints the log; with --follow until Ctrl-C. */
export async function runLogs(options: z.output<typeof logsOptions>): Promise<void> {
  const { settings } = readLocalSource(options.source)
  const [access, secrets] = await Promise.all([accessOf(options), optionalText(options.secrets, "--secrets")])
  const { env: environment, release, since, lines, follow } = options
  const stop = new AbortController()
  if (follow) onFirstSignal(() => stop.abort())
  const request = {
    environment,
    release,
    since,
    lines,
    follow,
    access,
    secrets: secrets === null ? null : () => Promise.resolve(secrets),
    signal: stop.signal,
  }
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  await withPlace(settings, environment, () => readLogs(settings, request, cliEntryPoint, print))
}
