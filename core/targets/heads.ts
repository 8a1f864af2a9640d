import type { LedgerHead } from "../shared/ledger-head.js"

/** The ledger's head at the end of a release, as a target keeps it. */
export interface ReleaseHead extends LedgerHead {
  readonly release: string
  /** ISO 8601. */
  readonly at: string
}

export interface PlaceHeads {
  readonly place: string
  /** The latest first. */
  readonly heads: readonly ReleaseHead[]
}

/** Keeps heads of the ledger apart from it, so that a ledger that lost its end is noticed. */
export interface HeadStore {
  /** Adds one at every place, and returns those that were there. It is refused like every change of a run that has not claimed the target. */
  keep(head: ReleaseHead): Promise<PlaceHeads[]>
  read(): Promise<PlaceHeads[]>
}

/** One line of a file. */
export function headLine({ number, hash, release, at }: ReleaseHead): string {
  return `${number} ${hash} ${release} ${at}`
}

const LINE = /^(\d{1,15}) ([0-9a-f]{64}) ([a-z0-9-]{1,40}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/

/** @throws RangeError for anything else than lines of heads: a head that cannot be read is not one that is not there */
export function parseHeads(printed: string): ReleaseHead[] {
  return printed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, number = "", hash = "", release = "", at = ""] = LINE.exec(line) ?? []
      if (number === "") throw new RangeError("a line is no head of a ledger")
      return { number: Number(number), hash, release, at }
    })
}
