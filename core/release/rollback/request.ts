import type { Access } from "../../targets/kind.js"

export interface RollbackRequest {
  readonly environment: string
  /** Id or version of a release; empty: the previous one. */
  readonly to: string
  readonly why: string
  readonly caller: { readonly who: string; readonly owner: string }
  readonly access: Access
  readonly ledger: string | null
  readonly notify: string | null
  /** Configuration in dotenv form, needed only for a release that is no longer on the target; null: --secrets is not set. */
  readonly secrets: (() => Promise<string>) | null
  /** Releases of which one must be live when it begins; left out: any. */
  readonly from?: readonly string[]
  /** Called when the lease is taken, before anything is read or changed. */
  readonly held?: () => Promise<void>
  readonly sandbox?: string
}
