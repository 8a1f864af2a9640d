import type { Directory, Secret } from "@dagger.io/dagger"
import type { CiGate } from "../config/gates.js"
import type { Settings } from "../config/schema.js"
import type { PagePart } from "../presentation/html-page.js"
import type { GateOutcome } from "./outcome.js"

/** What `ci` runs of a gate. */
export interface CiWork {
  /** Why there is nothing to judge; null: it runs. Left out: it always runs. */
  absent?(source: Directory, settings: Settings): Promise<string | null>
  /** The gate's own function in the words of `ci`, which judges nothing anew. */
  run(given: CiRequest): Promise<GateOutcome<Product>>
}

export interface CiRequest {
  readonly source: Directory
  readonly settings: Settings
  /** The source before the change; null: unknown. */
  readonly base: Directory | null
  /** Its file of an earlier run's report; null: none. */
  readonly baseline: string | null
  /** Values of qa.secrets, image.buildSecrets, database.secrets and load.secrets, in dotenv form. */
  readonly secrets: Secret | undefined
  readonly stamp: SourceStamp
  /** Id of this run, for what is never cached. */
  readonly run: string
  /** What a gate that ended before left; null: nothing. */
  product(gate: CiGate): Product | null
}

/** What a gate leaves for the report and for other gates. */
export interface Product {
  /** Its own report, with report.html. */
  folder(): Promise<Directory>
  /** Its own summary.md; empty: none. */
  readonly summary: string
  /** What the page of the whole run shows of it; left out: no more than of every gate. */
  readonly part?: PagePart
}

/** What a deployment runs of a gate. Throws when the gate does not pass. */
export type DeployWork = (request: DeployGateRequest, settings: Settings) => Promise<GatePassed>

export interface DeployGateRequest {
  readonly source: Directory
  readonly environment: string
  /** The environment's configuration in dotenv form; null: --secrets is not set. */
  readonly secrets: (() => Promise<string>) | null
  /** Values of qa.secrets and image.buildSecrets, in dotenv form. */
  readonly gateSecrets: Secret | undefined
  readonly stamp: SourceStamp
}

export type GatePassed =
  | {
      readonly kind: "done"
      readonly note: string
      readonly detail?: Readonly<Record<string, string>>
      /** What it judged, which must be what is deployed. Left out: it judged neither the source nor the image. */
      readonly judged?: JudgedDigest
    }
  | { readonly kind: "skipped"; readonly note: string }

export interface JudgedDigest {
  readonly what: "source" | "image"
  /** Begins the sentence that says what was judged: `The tests ran on`. */
  readonly words: string
  readonly digest: string
}

/** Of the source, for the image's labels. Empty: unknown. */
interface SourceStamp {
  revision: string
  created: string
  source: string
}
