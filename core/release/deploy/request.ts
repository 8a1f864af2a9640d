import type { Directory, Secret, Service } from "@dagger.io/dagger"
import type { Stamp } from "../../image/stamp.js"
import type { Access } from "../open.js"

/** A deployment as it is asked for, from either entry point. Values of secrets are functions: in memory late, and in nothing that is printed. */
export interface DeployRequest {
  readonly source: Directory
  readonly environment: string
  /** Tag under which the image is published, and what the service says of itself. */
  readonly version: string
  readonly caller: { readonly who: string; readonly owner: string }
  readonly why: string
  readonly stamp: Stamp
  /** The source of a commit, to see what the version that runs uses of the database; null: it cannot be had. Without it nobody looks. */
  readonly sourceOf?: (revision: string) => Promise<Directory | null>
  /** The environment's configuration in dotenv form; null: none was given. */
  readonly secrets: (() => Promise<string>) | null
  /** The same as a secret of the engine, for checks that ask for one. */
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
  /** The private key for encrypted backups: only needed when a failed migration must be taken back by restoring one. */
  readonly identity?: Secret | undefined
  readonly registry: { readonly user: string; readonly password: Secret | undefined; readonly service: Service | undefined }
  /** Told to stop: what was done is taken back. */
  readonly signal?: AbortSignal
  /** For tests: another sandbox than everybody's. */
  readonly sandbox?: string
}
