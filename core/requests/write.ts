import type { Ledger } from "../ledger/ledger.js"
import { TollgateError } from "../shared/errors.js"
import { STATE_KINDS, stateAt } from "./freshness.js"
import type { RequestFile, RequestStatement } from "./request.js"

/** What a person sees of an environment now, for `sees` of a request. */
export async function seenNow(
  ledger: Pick<Ledger, "eventsOfKinds" | "latestEvent">,
  environment: string,
): Promise<RequestStatement["sees"]> {
  const event = await ledger.latestEvent()
  const { live } = stateAt(await ledger.eventsOfKinds(environment, STATE_KINDS, 0), event)
  return { event, live }
}

/** Writes a request to the ledger. Its id is the event's, so that it cannot be written twice. */
export async function writeRequest(ledger: Pick<Ledger, "recordOnce">, file: RequestFile, run: string): Promise<void> {
  const { id, service, environment, who } = file.statement
  const written = await ledger.recordOnce(
    { service, environment, release: null, run, token: null, who },
    { kind: "requested", request: id, signed: JSON.parse(JSON.stringify(file)) },
    id,
  )
  if (!written)
    throw new TollgateError(
      "request-replayed",
      `The ledger already has the request ${id}.`,
      "Sign a new one. Nothing was recorded.",
    )
}
