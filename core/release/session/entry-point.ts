import type { Journal } from "../../ledger/ledger.js"
import type { Reach } from "../../targets/sandbox/reach.js"
import type { RunningSandbox } from "../../targets/sandbox/running.js"

/** What differs between the command line and `dagger call`. */
export interface ReleaseEntryPoint {
  readonly kind: "cli" | "module"
  /** A sandbox that another process keeps running on this machine; null: start one. Tests pass the name of their own sandbox. */
  running(sandbox?: string): Promise<RunningSandbox | null>
  /** Finds the address of one of the sandbox's ports. */
  readonly reach: Reach
  /** Where events wait while a ledger is away. */
  journal(id: string): Journal
}
