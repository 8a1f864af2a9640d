/** The end of a ledger at some time: the number of its last event, and that event's hash or the beginning of it. */
export interface LedgerHead {
  readonly number: number
  readonly hash: string
}

/** As --head takes it. 16 digits of the hash are enough: nobody can make a second ledger with them. */
export function headText({ number, hash }: LedgerHead): string {
  return `${number}:${hash.slice(0, 16)}`
}
