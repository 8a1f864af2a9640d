import type { Settings } from "../../config/schema.js"
import type { JudgedDigest } from "../../gate/work.js"
import type { Instance } from "../../targets/target.js"
import type { Migrations } from "../migrations/release-migrations.js"
import type { MonitorResult } from "../monitor/judge.js"
import type { ReleaseSession } from "../session/session.js"
import type { PublishedImage } from "./gates.js"
import type { DeployRequest } from "./request.js"
import type { Start } from "./steps.js"
import type { ReleaseUndo } from "./undo.js"

/** What the steps of a deployment are given, beside what earlier steps returned. */
export interface Deployment {
  readonly settings: Settings
  readonly request: DeployRequest
  readonly session: ReleaseSession
  readonly migrations: Migrations
  /** Name of the service, and of its image. */
  readonly service: string
  readonly undo: ReleaseUndo
  readonly known: Known
}

/**
 * What the result of a deployment says, wherever it ends: a step that fails returns nothing, but may have found something. Steps write it,
 * and only the result reads it.
 */
export interface Known {
  judged: readonly JudgedDigest[]
  /** null: the configuration was not read. */
  configDigest: string | null
  image: PublishedImage | null
  /** null: the target was not read. */
  found: { readonly start: Start; readonly before: Instance | null } | null
  planId: string | null
  monitor: MonitorResult | null
}

export function nothingKnown(): Known {
  return { judged: [], configDigest: null, image: null, found: null, planId: null, monitor: null }
}

/** Digest of the source that a gate judged; null: none did. */
export function judgedSource(judged: readonly JudgedDigest[]): string | null {
  return judged.find(({ what }) => what === "source")?.digest ?? null
}
