import { z } from "zod"
import { freeText } from "../secrets/free-text.js"

const text = z.string()

export const PROXY_STATES = ["running", "absent", "down"] as const

/** A release as the target has it. Its texts are labels of containers: anyone who controls a host can write them. */
const release = z.object({
  release: text,
  version: text,
  digest: text,
  startedAt: text,
  /** When it last got the traffic; null: never. */
  switchedAt: text.nullable(),
  /** Where it is; `running`: its web process is. */
  places: z.array(z.object({ place: text, running: z.boolean() })),
})

const target = z.object({
  places: z.array(
    z.object({
      place: text,
      /** The release that has the traffic here; null: none. */
      release: text.nullable(),
      proxy: z.enum(PROXY_STATES),
      /** Why the proxy is down; empty otherwise. */
      why: freeText,
    }),
  ),
  /** A place whose traffic goes to something that is not a release of Tollgate; null: there is none. */
  foreign: z.object({ place: text, to: text }).nullable(),
  /** Those that have the traffic of a place, then those that had it, then those that never had it. */
  releases: z.array(release),
  /** Number of releases and places that were left out. */
  leftOut: z.int().min(0),
  /** Maintenance mode: its message; null: it is off. */
  maintenance: freeText.nullable(),
})

/** What a target has, as somebody with its key read it, or why it could not be read. Written only when it differs from the one before. */
export const targetSeen = z.object({
  kind: z.literal("target-seen"),
  /** null: it was read. */
  problem: z.object({ code: text, why: freeText }).nullable(),
  /** null: it could not be read. */
  target: target.nullable(),
})

export type TargetSeen = z.output<typeof targetSeen>
export type SeenTarget = z.output<typeof target>
export type SeenRelease = z.output<typeof release>
