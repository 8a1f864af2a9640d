/** What tollgate.yaml says must be true of a suite. */
export interface SuiteExpectation {
  suite: string
  files: string[]
  /** Folders and patterns in tollgate.yaml that no file matches. */
  unmatched: string[]
  mayDeselect: string[]
  mayLeaveUnhandled: string[]
  mayReturn: string[]
  /** null: any test may be marked as expected to fail. */
  mayFail: string[] | null
  /** null: any number. */
  maxSkipped: number | null
}
