import type { ReleaseRecord } from "../ledger/ledger.js"
import type { TargetSeen } from "../ledger/target-seen.js"
import type { RequestAction } from "../requests/request.js"

/** The result of an executed request. */
export interface Worked {
  readonly outcome: "done" | "failed"
  /** The release that it led to; null: none. */
  readonly release: string | null
  readonly note: string
}

export type Action<Kind extends RequestAction["kind"]> = Extract<RequestAction, { kind: Kind }>

/** For whom and why a function runs. `who` is verified by the request's signature. */
export interface Asker {
  readonly who: string
  readonly why: string
}

export interface RollbackWork extends Asker {
  readonly to: string
  /** Releases of which one must be live when the rollback begins. */
  readonly from: readonly string[]
  /** Called when the environment's lease is taken: nothing else begins to change the environment then. */
  held(): Promise<void>
}

export interface DeployWork extends Asker {
  readonly action: Action<"deploy">
  /** Aborted: the deployment rolls back. */
  readonly signal: AbortSignal
  /** Called when it begins to undo its steps. */
  undoing(): void
}

/** The functions that a runner calls: the same as those of the command line. */
export interface Works {
  rollback(work: RollbackWork): Promise<Worked>
  maintenance(work: Asker & { readonly action: Action<"maintenance"> }): Promise<Worked>
  /** null: this runner does not deploy. */
  readonly deploy: ((work: DeployWork) => Promise<Worked>) | null
  /** What the target has, for the ledger; left out: this runner does not report it. */
  readonly look?: () => Promise<TargetSeen>
  /** Ends a deployment whose runner was killed. `done`: its release stays; `failed`: it was undone. */
  recover(release: ReleaseRecord): Promise<Worked>
}
