/** What an approver's browser adds to what it signs. */
type Signer = "approver" | "reason" | "signedAt" | "expiresAt" | "key"

/** What an approver signs on a page. */
export interface ToSign<Statement> {
  readonly statement: Omit<Statement, Signer>
  readonly approvers: readonly { readonly name: string; readonly key: string }[]
  /** Seconds for which an approval may be valid. */
  readonly validities: readonly number[]
}
