import { TollgateError } from "../shared/errors.js"
import { type Fence, fenceWords } from "./fence.js"

/**
 * Why an operation on a target failed. unreachable: no connection, nothing was done; refused: login refused; host-key: unknown or
 * changed host key; cut: the connection was lost, the operation may have completed; too-long: timeout; no-docker: Docker is not running;
 * split: some hosts switched; live: the release has the traffic; fenced: another run has claimed the place, nothing was changed;
 * moved: another release than expected has the traffic, nothing was changed; failed: a command failed, with its output.
 */
export type TargetErrorCode =
  | "unreachable"
  | "refused"
  | "host-key"
  | "cut"
  | "too-long"
  | "no-space"
  | "registry-login"
  | "registry-pull"
  | "image-no-shell"
  | "no-docker"
  | "start-failed"
  | "never-healthy"
  | "split"
  | "live"
  | "fenced"
  | "moved"
  | "proxy"
  | "failed"

export class TargetError extends TollgateError {
  readonly kind: TargetErrorCode
  readonly place: string

  constructor(kind: TargetErrorCode, place: string, what: string, next: string) {
    super(`target-${kind}`, `${place}: ${what}`, next)
    this.name = "TargetError"
    this.kind = kind
    this.place = place
  }
}

/** A place refused a change, because another run claimed it. */
export class FencedError extends TargetError {
  readonly seen: Fence

  /** @param change that was refused */
  constructor(place: string, seen: Fence, change: string) {
    super(
      "fenced",
      place,
      `another run has claimed this environment: ${fenceWords(seen)}. Nothing was changed here (${change}).`,
      "`tollgate status` shows what is serving. Run the command again when that run has ended.",
    )
    this.name = "FencedError"
    this.seen = seen
  }
}
