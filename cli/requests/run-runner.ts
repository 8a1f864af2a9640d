import type { z } from "zod"
import { safe } from "../../core/presentation/screen.js"
import { withEnvironmentLedger } from "../../core/release/ledger/environment-ledger.js"
import { releaseWorks } from "../../core/runner/commands.js"
import { serve } from "../../core/runner/serve.js"
import { readDotenv } from "../../core/secrets/parse.js"
import { redactor } from "../../core/secrets/redact.js"
import { readLocalSource } from "../environment/read-settings.js"
import { caller } from "../ledger/caller.js"
import type { runnerOptions } from "../options/requests.js"
import { accessOf, optionalText, withPlace } from "../release/access.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"
import { onFirstSignal } from "../signals.js"

/** Executes requests until Ctrl-C, or with --once until nothing is left; true when none of them failed. */
export async function runRunner(options: z.output<typeof runnerOptions>): Promise<boolean> {
  const { settings } = readLocalSource(options.source)
  const { env: environment, once } = options
  const [access, ledger, notify, secrets] = await Promise.all([
    accessOf(options),
    optionalText(options.ledger, "--ledger"),
    optionalText(options.notify, "--notify"),
    optionalText(options.secrets, "--secrets"),
  ])
  const stopped = new AbortController()
  onFirstSignal(() => {
    process.stderr.write("Interrupted. Finishing the request in progress.\n")
    stopped.abort()
  })
  const who = caller(process.env)
  const hidden = [secrets, notify].flatMap((text) => (text === null ? [] : [...readDotenv(text).values.values()]))
  const works = {
    ...releaseWorks(
      settings,
      {
        environment,
        owner: who.owner,
        access,
        ledger,
        notify,
        secrets: secrets === null ? null : () => Promise.resolve(secrets),
      },
      cliEntryPoint,
    ),
    deploy: null,
  }
  const request = {
    environment,
    caller: who,
    once,
    signal: stopped.signal,
    tell,
    redact: redactor([...hidden, ledger ?? ""]),
  }
  const failed = await withPlace(settings, environment, () =>
    withEnvironmentLedger(settings, environment, ledger, cliEntryPoint, (opened) =>
      serve(settings, request, opened, works),
    ),
  )
  return failed === 0
}

function tell(text: string): void {
  const at = new Date().toISOString().slice(0, 19).replace("T", " ")
  for (const one of text.split("\n")) process.stdout.write(`${at} UTC  ${safe(one)}\n`)
}
