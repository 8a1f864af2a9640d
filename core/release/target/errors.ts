import { TollgateError } from "../../errors.js"

/**
 * Why a target did not do what was asked. The codes mean:
 * unreachable: no connection, nothing was done; refused: it does not let us in; host-key: it is not who it should be, or nobody
 * said who it is; cut: the connection ended in the middle, what was under way may have been done; too-long: a command took
 * longer than it may; no-space; no-docker: Docker does not run there; registry-login, registry-pull; image-no-shell; start-failed; never-healthy; split; live: the
 * release has the traffic; proxy; job; failed: a command of ours failed, with what it printed.
 */
export type TargetErrorCode =
  | "unreachable" | "refused" | "host-key" | "cut" | "too-long" | "no-space" | "registry-login" | "registry-pull" | "image-no-shell"
  | "no-docker" | "start-failed" | "never-healthy" | "split" | "live" | "proxy" | "failed"

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
