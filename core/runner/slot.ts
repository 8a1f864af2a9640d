import type { Lease, Ledger } from "../ledger/ledger.js"
import { TollgateError } from "../shared/errors.js"

/** How many runners one environment may have. Each place is one row of the table of leases, however many runners come and go. */
const MOST_RUNNERS = 16

/** No environment has such a name. */
const nameOf = (environment: string, place: number): string => `${environment}/runner-${place}`

/** The leases of all runners that an environment may have. */
export function runnerLeases(environment: string): string[] {
  return Array.from({ length: MOST_RUNNERS }, (_, index) => nameOf(environment, index + 1))
}

export interface Place extends Lease {
  readonly number: number
}

/** Takes a lease that shows that this runner is alive: its heartbeat ends with the process. */
export async function takePlace(
  ledger: Ledger,
  environment: string,
  given: { readonly run: string; readonly owner: string; readonly who: string; readonly seconds: number },
): Promise<Place> {
  for (let place = 1; place <= MOST_RUNNERS; place += 1)
    try {
      return {
        ...(await ledger.takeLease({ ...given, environment: nameOf(environment, place), command: "runner" })),
        number: place,
      }
    } catch (error) {
      if (!(error instanceof TollgateError) || error.code !== "lease-held") throw error
    }
  throw new TollgateError(
    "runner-too-many",
    `${environment} has ${MOST_RUNNERS} runners already.`,
    "Stop one of them. A runner that was killed counts until its lease expires (ledger.lease).",
  )
}

type Held = { readonly place: number; readonly token: number }

/** Whether the runner of a lease lives, of the leases that are asked about. */
export async function livingLeases(
  ledger: Pick<Ledger, "holder">,
  environment: string,
  leases: readonly Held[],
): Promise<(lease: Held) => boolean> {
  const tokens = new Map<number, number | null>()
  for (const { place } of leases)
    if (!tokens.has(place)) tokens.set(place, (await ledger.holder(nameOf(environment, place)))?.token ?? null)
  // one that was taken since then lives
  return ({ place, token }) =>
    !leases.some((one) => one.place === place && one.token === token) || tokens.get(place) === token
}
