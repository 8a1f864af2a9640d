import type { Lease, Ledger } from "../ledger/ledger.js"
import { TollgateError } from "../shared/errors.js"

/** How many runners one environment may have. Each place is one row of the table of leases, however many runners come and go. */
const MOST_RUNNERS = 16

/** No environment has such a name. */
const nameOf = (environment: string, place: number): string => `${environment}/runner-${place}`

/** Takes a lease that says that this runner is alive: its heartbeat ends with the process. */
export async function takePlace(
  ledger: Ledger,
  environment: string,
  given: { readonly run: string; readonly owner: string; readonly who: string; readonly seconds: number },
): Promise<Lease> {
  for (let place = 1; place <= MOST_RUNNERS; place += 1)
    try {
      return await ledger.takeLease({ ...given, environment: nameOf(environment, place), command: "runner" })
    } catch (error) {
      if (!(error instanceof TollgateError) || error.code !== "lease-held") throw error
    }
  throw new TollgateError(
    "runner-too-many",
    `${environment} has ${MOST_RUNNERS} runners already.`,
    "Stop one of them. A runner that was killed counts until its lease expires (ledger.lease).",
  )
}

/** The leases of this environment's requests that a living runner holds. */
export async function livingLeases(
  ledger: Pick<Ledger, "holder">,
  leases: readonly { readonly name: string; readonly token: number }[],
): Promise<(lease: { readonly name: string; readonly token: number }) => boolean> {
  const tokens = new Map<string, number | null>()
  for (const { name } of leases) if (!tokens.has(name)) tokens.set(name, (await ledger.holder(name))?.token ?? null)
  return ({ name, token }) => tokens.get(name) === token
}
