import type { Directory, Secret, Service } from "@dagger.io/dagger"
import type { Stamp } from "../../image/stamp.js"
import type { Access } from "../../targets/kind.js"

/** Input of a deployment. Secret values are functions, so that they are read late and never printed. */
export interface DeployRequest {
  readonly source: Directory
  readonly environment: string
  /** Image tag, and the version that the service reports. */
  readonly version: string
  readonly caller: { readonly who: string; readonly owner: string }
  readonly why: string
  readonly stamp: Stamp
  /** The source of a commit, to find what the live version uses of the database; null: not available. */
  readonly sourceOf?: (revision: string) => Promise<Directory | null>
  /** The environment's configuration in dotenv form; null: --secrets is not set. */
  readonly secrets: (() => Promise<string>) | null
  readonly access: Access
  /** URL of the ledger; null: the sandbox's own. */
  readonly ledger: string | null
  /** Dotenv text with the addresses of notifications; null: none. */
  readonly notify: string | null
  readonly approvals: readonly string[]
  readonly breakGlass: string | null
  /** Empty: at once. */
  readonly at: string
  /** Dotenv text with qa.secrets and image.buildSecrets, and with keys of the backups' storage. */
  readonly gateSecrets: Secret | undefined
  /** The age key for encrypted backups: needed only to undo a failed migration by a restore. */
  readonly identity?: Secret | undefined
  readonly registry: {
    readonly user: string
    readonly password: Secret | undefined
    readonly service: Service | undefined
  }
  /** The only plan that may be deployed; left out: whatever the source gives. */
  readonly plan?: string
  /** Called when the run begins to undo its steps. */
  readonly undoing?: () => void
  /** Aborted: the run rolls back. */
  readonly signal?: AbortSignal
  /** For tests: a sandbox of their own. */
  readonly sandbox?: string
}
