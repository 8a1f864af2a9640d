import type { Journal } from "../../ledger/ledger.js"
import type { TargetEntryPoint } from "../../targets/kind.js"

/** What differs between the command line and `dagger call`. */
export interface ReleaseEntryPoint extends TargetEntryPoint {
  readonly kind: "cli" | "module"
  /** Where events wait while a ledger is away. */
  journal(id: string): Journal
}
