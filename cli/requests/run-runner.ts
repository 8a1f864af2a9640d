import type { z } from "zod"
import { safe } from "../../core/presentation/screen.js"
import { withEnvironmentLedger } from "../../core/release/ledger/environment-ledger.js"
import { releaseWorks } from "../../core/runner/commands.js"
import { serve } from "../../core/runner/serve.js"
import type { DeployWork } from "../../core/runner/works.js"
import { readDotenv } from "../../core/secrets/parse.js"
import { redactor } from "../../core/secrets/redact.js"
import { withEngine } from "../engine/connect.js"
import { readLocalSource } from "../environment/read-settings.js"
import { findSource } from "../gate/find-source.js"
import { caller } from "../ledger/caller.js"
import type { runnerOptions } from "../options/requests.js"
import { accessOf, needsEngine, optionalText } from "../release/access.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"
import { deployTools, targetTools } from "../release/deploy-request.js"
import { onFirstSignal } from "../signals.js"
import { isInGit } from "./checkout.js"
import { deployCommit } from "./deploy-work.js"

/** Executes requests until Ctrl-C, or with --once until nothing is left; true when none of them failed. */
export async function runRunner(options: z.output<typeof runnerOptions>): Promise<boolean> {
  const { settings } = readLocalSource(options.source)
  const { env: environment, once } = options
  const [access, ledger, notify, secrets, gateSecrets, registry] = await Promise.all([
    accessOf(options),
    optionalText(options.ledger, "--ledger"),
    optionalText(options.notify, "--notify"),
    optionalText(options.secrets, "--secrets"),
    optionalText(options.gateSecrets, "--gate-secrets"),
    optionalText(options.registryPassword, "--registry-password"),
  ])
  const repository = findSource(options.source, process.cwd())
  const deploys = await isInGit(repository)
  // a runner that is in an engine already deploys in the same session
  const inEngine = await needsEngine(settings, environment)
  const stopped = new AbortController()
  onFirstSignal(() => {
    process.stderr.write("Interrupted. Finishing the request in progress.\n")
    stopped.abort()
  })
  const who = caller(process.env)
  const hidden = [secrets, notify, gateSecrets].flatMap((text) =>
    text === null ? [] : [...readDotenv(text).values.values()],
  )
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
    deploy: deploys
      ? (work: DeployWork) =>
          deployCommit(
            {
              options,
              settings,
              repository,
              owner: who.owner,
              notify,
              connect: (tools, connected) => (inEngine ? connected() : withEngine({ tools }, connected)),
            },
            work,
          )
      : null,
  }
  const request = {
    environment,
    caller: who,
    once,
    signal: stopped.signal,
    tell,
    redact: redactor([...hidden, ledger ?? "", registry?.trim() ?? ""]),
  }
  const serving = () =>
    withEnvironmentLedger(settings, environment, ledger, cliEntryPoint, (opened) =>
      serve(settings, request, opened, works),
    )
  const tools = deploys ? deployTools(settings, environment) : targetTools(settings, environment)
  const failed = inEngine ? await withEngine({ tools }, serving) : await serving()
  return failed === 0
}

function tell(text: string): void {
  const at = new Date().toISOString().slice(0, 19).replace("T", " ")
  for (const one of text.split("\n")) process.stdout.write(`${at} UTC  ${safe(one)}\n`)
}
