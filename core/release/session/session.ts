import type { Settings } from "../../config/schema.js"
import type { Lease } from "../../ledger/ledger.js"
import { lineStore } from "../../ledger/logs/writer.js"
import { ledgerStore, SampleWriter } from "../../ledger/samples/writer.js"
import { openChannels } from "../../notify/channels.js"
import { notifier } from "../../notify/notifier.js"
import { runId } from "../../qa/run-id.js"
import { readDotenv } from "../../secrets/parse.js"
import { type Redact, redactor } from "../../secrets/redact.js"
import { redactedError } from "../../secrets/redact-error.js"
import type { LedgerHead } from "../../shared/ledger-head.js"
import type { Access, Place } from "../../targets/kind.js"
import { openPlace } from "../../targets/registry.js"
import { keepHead } from "../ledger/keep-head.js"
import { openReleaseLedger } from "../ledger/open-ledger.js"
import { Recorder } from "../ledger/recorder.js"
import { RunLogs } from "../logs/run-logs.js"
import { reportSeen } from "../status/report-seen.js"
import { type Claimed, claimTarget } from "./claim.js"
import type { ReleaseEntryPoint } from "./entry-point.js"
import { releaseId } from "./release-id.js"

export interface SessionRequest {
  readonly environment: string
  readonly caller: { readonly who: string; readonly owner: string }
  readonly why: string
  readonly command: "deploy" | "rollback"
  readonly access: Access
  readonly ledger: string | null
  readonly notify: string | null
  /** `required`: fail without a ledger. `wanted`: continue without one. */
  readonly need: "required" | "wanted"
  /** Values to redact. */
  readonly secrets: readonly string[]
  readonly sandbox?: string | undefined
}

/** What deploy and rollback share while they run. */
export interface ReleaseSession {
  readonly place: Place
  readonly recorder: Recorder
  readonly lease: Lease | null
  /** Id for a new release. */
  readonly release: string
  readonly ledger: NonNullable<Awaited<ReturnType<typeof openReleaseLedger>>>["ledger"] | null
  readonly redact: Redact
  /** Takes what a watch measures; null: no ledger. */
  readonly samples: SampleWriter | null
  /** Follows the logs of the releases; null: no ledger. */
  readonly logs: RunLogs | null
  /** Claims the target for this run, and reads what is there. To be called before the first change. */
  readonly claim: () => Promise<Claimed>
  /** Keeps the ledger's head after a release on the target, if this run claimed it. Returns warnings. */
  readonly keepHead: (release: string, head: LedgerHead | null) => Promise<string[]>
}

/** Opens target and ledger, takes the lease, and releases all of them at the end. No secret is in an error that leaves it. */
export async function withSession<T>(
  settings: Settings,
  entryPoint: ReleaseEntryPoint,
  request: SessionRequest,
  work: (session: ReleaseSession) => Promise<T>,
): Promise<T> {
  const values = request.notify === null ? new Map<string, string>() : readDotenv(request.notify).values
  const login = await request.access.registry?.password()
  const redact = redactor([...request.secrets, ...values.values(), request.ledger ?? "", login ?? ""])
  try {
    return await inSession(settings, entryPoint, request, values, redact, work)
  } catch (error) {
    throw redactedError(error, redact)
  }
}

async function inSession<T>(
  settings: Settings,
  entryPoint: ReleaseEntryPoint,
  request: SessionRequest,
  values: ReadonlyMap<string, string>,
  redact: Redact,
  work: (session: ReleaseSession) => Promise<T>,
): Promise<T> {
  const { environment, caller, why, command, access, need } = request
  const place = await openPlace(settings, environment, entryPoint, access, request.sandbox)
  try {
    const opened = await openReleaseLedger(settings, place, entryPoint, request.ledger, need, redact)
    try {
      const run = runId(new Date())
      const { lease, problem } = await takeLease()
      const { service, patience } = settings.ledger
      const samples =
        opened === null || lease === null
          ? null
          : new SampleWriter(ledgerStore(opened.url, patience), { service, environment, run })
      const { target } = place
      const own = [...place.variables.values()]
      const logs =
        opened === null || lease === null
          ? null
          : new RunLogs({ settings, environment, run, target, store: lineStore(opened.url, patience), redact, own })
      try {
        const onlyLedger = place.postgres !== null && request.ledger === null
        const context = { service, environment, run, who: caller.who, why }
        const release = releaseId(new Date())
        const recorder = new Recorder(
          context,
          release,
          opened?.ledger ?? null,
          lease,
          notifier(openChannels(settings.notifications, values), settings.notifications.wait, redact),
          !onlyLedger,
        )
        let hasClaimed = false
        const result = await work({
          place,
          recorder,
          lease,
          release,
          ledger: opened?.ledger ?? null,
          redact,
          samples,
          logs,
          claim: async () => {
            const claimed = await claimTarget({
              environment,
              run: { run, command, who: redact(caller.who), owner: redact(caller.owner) },
              target: place.target,
              lease,
              ledger: opened?.ledger ?? null,
              problem,
              always: need === "wanted",
              onlyLedger,
              requireHeld: recorder.requireHeld,
            })
            hasClaimed = true
            return claimed
          },
          keepHead: async (release, head) =>
            head === null || !hasClaimed
              ? []
              : await keepHead(place.target, opened?.ledger ?? null, {
                  ...head,
                  release,
                  at: new Date().toISOString(),
                }),
        })
        if (hasClaimed && opened !== null)
          await reportSeen(place.target, opened.ledger, {
            context: { service, environment, release: null, run, token: null, who: caller.who },
            owner: caller.owner,
          })
        return result
      } finally {
        await lease?.release()
        await Promise.all([samples?.close(), logs?.close()])
      }

      async function takeLease(): Promise<{ lease: Lease | null; problem: string }> {
        if (opened === null) return { lease: null, problem: "no ledger" }
        const asked = {
          environment,
          run,
          owner: caller.owner,
          command,
          who: caller.who,
          seconds: settings.ledger.lease,
        }
        try {
          return {
            lease: await opened.ledger.takeLease(
              need === "wanted" ? { ...asked, takeOver: `${command}: ${why}` } : asked,
            ),
            problem: "",
          }
        } catch (error) {
          // a rollback never waits for a ledger
          if (need === "required") throw error
          const [what = ""] = (error instanceof Error ? error.message : String(error)).split("\n")
          return { lease: null, problem: redact(what) }
        }
      }
    } finally {
      await opened?.close()
    }
  } finally {
    await place.target.close()
  }
}
