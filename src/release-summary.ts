import { func, object } from "@dagger.io/dagger"

/** One release as the ledger has it. */
@object()
export class ReleaseSummary {
  /** Its id. */
  @func()
  release: string = ""

  /** deploy or rollback. */
  @func()
  action: string = ""

  /** live, failed, rolled-back, refused, broken, interrupted or running. */
  @func()
  outcome: string = ""

  /** What it calls itself; empty when it was not written down. */
  @func()
  version: string = ""

  /** Digest of the image. */
  @func()
  digest: string = ""

  /** Commit; empty when it is not known. */
  @func()
  revision: string = ""

  /** Who it was made by. */
  @func()
  who: string = ""

  /** Why it was made. */
  @func()
  why: string = ""

  /** When it began, by the ledger's clock. */
  @func()
  startedAt: string = ""

  /** When it ended; empty while it has not. */
  @func()
  finishedAt: string = ""

  /** How long it took, in seconds; 0 while it has not ended. */
  @func()
  seconds: number = 0

  /** Names of those who approved it. */
  @func()
  approvers: string[] = []

  /** Why it went past approvals or a freeze; empty when it did not. */
  @func()
  breakGlass: string = ""

  /** Why it did not go well, the first cause first. */
  @func()
  causes: string[] = []

  /** Its steps, each as `name: outcome`. */
  @func()
  steps: string[] = []
}
