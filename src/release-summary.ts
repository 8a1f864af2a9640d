import { func, object } from "@dagger.io/dagger"

/** One release, from the ledger. */
@object()
export class ReleaseSummary {
  /** Id of the release. */
  @func()
  release: string = ""

  /** deploy or rollback. */
  @func()
  action: string = ""

  /** live, failed, rolled-back, refused, broken, interrupted or running. */
  @func()
  outcome: string = ""

  /** Version; empty when not recorded. */
  @func()
  version: string = ""

  /** Digest of the image. */
  @func()
  digest: string = ""

  /** Commit; empty when not known. */
  @func()
  revision: string = ""

  /** Name of the operator. */
  @func()
  who: string = ""

  /** Reason of the operator. */
  @func()
  why: string = ""

  /** When it started, by the ledger's clock. */
  @func()
  startedAt: string = ""

  /** When it ended; empty while it is running. */
  @func()
  finishedAt: string = ""

  /** Duration in seconds; 0 while it is running. */
  @func()
  seconds: number = 0

  /** Names of the approvers. */
  @func()
  approvers: string[] = []

  /** Reason of --break-glass; empty when not used. */
  @func()
  breakGlass: string = ""

  /** Causes of a failure, the first cause first. */
  @func()
  causes: string[] = []

  /** Its steps, each as `name: outcome`. */
  @func()
  steps: string[] = []
}
