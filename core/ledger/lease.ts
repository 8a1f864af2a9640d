import { z } from "zod"
import type { Session } from "../database/connect/session.js"
import { TollgateError } from "../shared/errors.js"
import type { HappeningOf } from "./event.js"
import type { Lease, LeaseHolder, LeaseRequest } from "./ledger.js"
import { inTransaction, type Link } from "./link.js"
import { leaseHeld, leaseLost } from "./problem.js"
import { type LeaseState, leaseOf } from "./rows.js"

/** Records an event of the lease on the same connection, in the same transaction. */
type Note = (
  session: Session,
  token: number | null,
  what: HappeningOf<"lease-taken" | "lease-released" | "unlocked" | "token-raised">,
) => Promise<void>

/** All times are the database's, so that no machine's clock matters. */
export async function obtainLease(link: Link, service: string, request: LeaseRequest, note: Note): Promise<Lease> {
  const { environment, run, owner, command, who, seconds, takeOver } = request
  const asked = thisMoment()
  const token = await link.ask((session) =>
    inTransaction(session, async () => {
      await session.run(
        "INSERT INTO tollgate_ledger.leases (service, environment) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [service, environment],
      )
      const { token: last, held } = await leaseOf(session, service, environment, true)
      if (held !== null && !held.expired && takeOver === undefined) throw leaseHeld(held)
      const { token } = await session.row(
        z.object({ token: z.int() }),
        `UPDATE tollgate_ledger.leases SET token = $3, run = $4, owner = $5, command = $6, who = $7,
           taken_at = clock_timestamp(), heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $8)
         WHERE service = $1 AND environment = $2 RETURNING token::int`,
        [service, environment, last + 1, run, owner, command, who, seconds],
      )
      const from = held === null ? null : { run: held.run, owner: held.owner, token: held.token, expired: held.expired }
      await note(session, token, {
        kind: "lease-taken",
        command,
        from,
        reason: held !== null && !held.expired ? (takeOver ?? null) : null,
      })
      return token
    }),
  )
  const holder = await link.ask((session) => leaseOf(session, service, environment, false))
  return activeLease(link, service, holderOf(holder, token, environment), seconds, asked, note)
}

function holderOf({ held }: LeaseState, token: number, environment: string): LeaseHolder {
  if (held?.token !== token) throw leaseLost(environment, "another run took the lease immediately.")
  return held
}

/** Both clocks of this machine: the monotonic one may stop during sleep, the wall clock may be set. */
interface Moment {
  monotonic: number
  wall: number
}

function thisMoment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() }
}

/** The larger of both, so that a lease never counts as valid for too long. */
function secondsSince({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall) / 1000
}

/** @param asked when the lease was requested; the database granted it later, so it expires later than computed here */
function activeLease(
  link: Link,
  service: string,
  holder: LeaseHolder,
  seconds: number,
  asked: Moment,
  note: Note,
): Lease {
  const { environment, run } = holder
  let { token } = holder
  let renewedAt = asked
  let lost: TollgateError | null = null

  const secondsLeft = (): number => (lost === null ? Math.max(0, seconds - secondsSince(renewedAt)) : 0)

  const renew = async (): Promise<void> => {
    const before = thisMoment()
    const renewed = await link.ask((session) =>
      session.rows(
        z.object({ token: z.int() }),
        `UPDATE tollgate_ledger.leases SET heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $4)
         WHERE service = $1 AND environment = $2 AND token = $3 AND run = $5 RETURNING token::int`,
        [service, environment, token, seconds, run],
      ),
    )
    if (renewed.length > 0) {
      renewedAt = before
      return
    }
    const { held } = await link.ask((session) => leaseOf(session, service, environment, false))
    lost = leaseLost(
      environment,
      held === null
        ? "it was unlocked."
        : `${held.command} by ${held.who} took the lease (run ${held.run}, on ${held.owner}).`,
    )
    throw lost
  }

  const heartbeat = setInterval(() => void renew().catch(() => undefined), (seconds * 1000) / 4)
  // the timer must not keep the process alive
  heartbeat.unref()

  return {
    ...holder,
    get token() {
      return token
    },
    raise: async (above, reason) => {
      const raised = await link.ask((session) =>
        inTransaction(session, async () => {
          const rows = await session.rows(
            z.object({ token: z.int() }),
            "UPDATE tollgate_ledger.leases SET token = greatest(token, $3::bigint) + 1 WHERE service = $1 AND environment = $2 AND token = $4 AND run = $5 RETURNING token::int",
            [service, environment, above, token, run],
          )
          const [next] = rows
          if (next !== undefined)
            await note(session, next.token, { kind: "token-raised", from: token, to: next.token, reason })
          return next
        }).then((next) => {
          // before the next heartbeat, which names the token
          token = next?.token ?? token
          return next
        }),
      )
      if (raised !== undefined) return
      lost = leaseLost(environment, "another run took it, or it was unlocked.")
      throw lost
    },
    secondsLeft,
    requireHeld: async () => {
      if (lost !== null) throw lost
      try {
        await renew()
      } catch (error) {
        if (lost !== null) throw lost
        if (!(error instanceof TollgateError) || error.code !== "ledger-unreachable") throw error
        if (secondsLeft() > 0) return
        throw leaseLost(environment, `the ledger has not answered for ${seconds} s, so the lease may have expired.`)
      }
    },
    release: async () => {
      clearInterval(heartbeat)
      if (lost !== null) return
      lost = leaseLost(environment, "it released the lease.")
      await link
        .ask((session) =>
          inTransaction(session, async () => {
            const freed = await session.rows(
              z.object({ token: z.int() }),
              "UPDATE tollgate_ledger.leases SET run = NULL, expires_at = clock_timestamp() WHERE service = $1 AND environment = $2 AND token = $3 AND run = $4 RETURNING token::int",
              [service, environment, token, run],
            )
            if (freed.length > 0) await note(session, token, { kind: "lease-released" })
          }),
        )
        .catch(() => undefined)
    },
  }
}

/**
 * Frees the lease. The token grows, so that the previous holder cannot continue.
 *
 * @param only the run whose lease may be freed; null: any
 */
export async function freeLease(
  link: Link,
  service: string,
  environment: string,
  { reason, only }: { reason: string; only: string | null },
  note: Note,
): Promise<LeaseHolder> {
  return link.ask((session) =>
    inTransaction(session, async () => {
      const { held } = await leaseOf(session, service, environment, true)
      if (held === null)
        throw new TollgateError(
          "lease-free",
          `${environment} is not locked: no run holds its lease.`,
          "No action is needed. Nothing was changed, and the next deployment can start.",
        )
      if (only !== null && held.run !== only)
        throw new TollgateError(
          "lease-other",
          `${environment} is locked by another run now: ${held.command} by ${held.who}, run ${held.run}.`,
          `\`tollgate status --env=${environment}\` shows it. Nothing was changed.`,
        )
      await session.run(
        "UPDATE tollgate_ledger.leases SET token = token + 1, run = NULL, expires_at = clock_timestamp() WHERE service = $1 AND environment = $2",
        [service, environment],
      )
      const { run, owner, token, expired } = held
      await note(session, null, { kind: "unlocked", reason, held: { run, owner, token, expired } })
      return held
    }),
  )
}

/** Lets the tokens continue above a number; nothing may hold the lease. */
export async function raiseToken(
  link: Link,
  service: string,
  environment: string,
  above: number,
  reason: string,
  note: Note,
): Promise<{ from: number; to: number }> {
  return link.ask((session) =>
    inTransaction(session, async () => {
      await session.run(
        "INSERT INTO tollgate_ledger.leases (service, environment) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [service, environment],
      )
      const { token: from, held } = await leaseOf(session, service, environment, true)
      if (held !== null && !held.expired) throw leaseHeld(held)
      if (from >= above) return { from, to: from }
      await session.run("UPDATE tollgate_ledger.leases SET token = $3 WHERE service = $1 AND environment = $2", [
        service,
        environment,
        above,
      ])
      await note(session, null, { kind: "token-raised", from, to: above, reason })
      return { from, to: above }
    }),
  )
}
