import type { Journal } from "../ledger/ledger.js"
import type { Reach } from "./target/sandbox/reach.js"
import type { RunningSandbox } from "./target/sandbox/running.js"

/** By which way Tollgate was started: what differs between the command line and `dagger call`. */
export interface ReleaseEntryPoint {
  readonly kind: "cli" | "module"
  /** The sandbox that another process keeps running, where this one can reach it; null: it is to be started. A name: of another sandbox than everybody's, in tests. */
  running(sandbox?: string): Promise<RunningSandbox | null>
  /** How the sandbox's ports are reached. */
  readonly reach: Reach
  /** Where events wait while a ledger is away. */
  journal(id: string): Journal
}
