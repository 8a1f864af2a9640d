/** The hashed columns of a row of tollgate_ledger.events. */
export interface ChainedRow {
  number: number
  /** To the microsecond, in UTC. */
  at: string
  journaled: boolean
  stale: boolean
  previous: string
  hash: string
  body: string
}
