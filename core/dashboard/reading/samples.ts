import type { Session } from "../../database/connect/session.js"
import { maySelectSamples, type StoredSample, samplesOfRelease } from "../../ledger/samples/rows.js"

/** Samples of one release that a page draws, the newest ones; a watch writes about 3000 at most. */
const MOST_SAMPLES = 6000

export type SampleFacts =
  | {
      readonly kind: "read"
      /** The newest first. */
      readonly samples: readonly StoredSample[]
      /** Whether it has more. */
      readonly cut: boolean
    }
  /** The role of the dashboard's ledger has no privilege for them. */
  | { readonly kind: "refused" }

export async function sampleFacts(
  session: Session,
  service: string,
  environment: string,
  release: string,
): Promise<SampleFacts> {
  if (!(await maySelectSamples(session))) return { kind: "refused" }
  const samples = await samplesOfRelease(session, service, environment, release, MOST_SAMPLES + 1)
  return { kind: "read", samples: samples.slice(0, MOST_SAMPLES), cut: samples.length > MOST_SAMPLES }
}
