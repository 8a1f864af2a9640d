import type { EventContext, Happening, LedgerEvent } from "../../core/ledger/event.js"
import type { Lease, Ledger, ReleaseRecord } from "../../core/ledger/ledger.js"
import { isSame, type Look } from "../../core/ledger/look.js"
import { TollgateError } from "../../core/shared/errors.js"
import { NOW } from "./request-samples.js"

const never = () => Promise.reject(new Error("is not asked for"))

/** What runners need of a ledger, in memory. The real one is in test/release. */
export class MemoryLedger {
  readonly events: LedgerEvent[]
  readonly held = new Map<string, { run: string; token: number }>()
  readonly looks: Look[] = []
  now = NOW
  past: readonly ReleaseRecord[] = []
  /** What happens just before somebody reads a lease. */
  beforeHolder: () => void = () => undefined
  #token = 0

  constructor(events: readonly LedgerEvent[]) {
    this.events = [...events]
  }

  add(context: EventContext, what: Happening, id: string): void {
    const number = (this.events.at(-1)?.number ?? 0) + 1
    const at = this.now.toISOString()
    this.events.push({ version: 1, id, number, at, happenedAt: at, journaled: false, stale: false, context, what })
  }

  of<Kind extends Happening["kind"]>(kind: Kind): Extract<Happening, { kind: Kind }>[] {
    return this.events.flatMap(({ what }) => (isOf(what, kind) ? [what] : []))
  }

  readonly ledger: Ledger = {
    state: { kind: "online" },
    takeLease: ({ environment, run, owner, command, who }) => {
      if (this.held.has(environment)) return Promise.reject(new TollgateError("lease-held", "It is held.", "Wait."))
      const token = ++this.#token
      this.held.set(environment, { run, token })
      const at = this.now.toISOString()
      const lease: Lease = {
        environment,
        run,
        owner,
        command,
        who,
        token,
        takenAt: at,
        heartbeatAt: at,
        expiresAt: at,
        requireHeld: () => Promise.resolve(),
        secondsLeft: () => 1,
        raise: never,
        release: () => Promise.resolve(void this.held.delete(environment)),
      }
      return Promise.resolve(lease)
    },
    holder: (environment) => {
      this.beforeHolder()
      const held = this.held.get(environment)
      if (held === undefined) return Promise.resolve(null)
      const at = this.now.toISOString()
      const same = { owner: "o", command: "deploy", who: "Bo", takenAt: at, heartbeatAt: at, expiresAt: at }
      return Promise.resolve({ ...held, ...same, environment })
    },
    unlock: never,
    raise: never,
    record: (context, what) => {
      this.add(context, what, crypto.randomUUID())
      return Promise.resolve(null)
    },
    recordOnce: (context, what, id) => {
      if (this.events.some((event) => event.id === id)) return Promise.resolve(false)
      this.add(context, what, id)
      return Promise.resolve(true)
    },
    recordSeen: (context, what, look) => {
      this.looks.push(look)
      const before = this.of("target-seen").at(-1)
      if (before !== undefined && isSame(before, what)) return Promise.resolve("same")
      this.add(context, what, crypto.randomUUID())
      return Promise.resolve("recorded")
    },
    releases: () => Promise.resolve([...this.past]),
    release: never,
    events: never,
    eventsOfKind: (environment, kind) => this.ledger.eventsOfKinds(environment, [kind], 0),
    eventsOfKinds: (environment, kinds, after) =>
      Promise.resolve(
        this.events.filter(
          ({ what, number, context }) =>
            kinds.includes(what.kind) && number > after && context.environment === environment,
        ),
      ),
    rowsAfter: never,
    rowsOf: never,
    latestEvent: () => Promise.resolve(this.events.at(-1)?.number ?? 0),
    listen: never,
    storeReport: never,
    verify: never,
    replay: never,
    close: () => Promise.resolve(),
  }
}

function isOf<Kind extends Happening["kind"]>(what: Happening, kind: Kind): what is Extract<Happening, { kind: Kind }> {
  return what.kind === kind
}
