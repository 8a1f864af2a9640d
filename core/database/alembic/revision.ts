import { z } from "zod"

const body = z.enum(["missing", "empty", "raises", "work"])

/** One revision of the source, as python/tollgate_describe.py reads it. */
export const revision = z.object({
  revision: z.string(),
  down: z.array(z.string()),
  dependsOn: z.array(z.string()),
  /** Of the branch that it is on. */
  labels: z.array(z.string()),
  message: z.string(),
  /** Relative to the app's folder. */
  file: z.string(),
  /** Of the revision's file. */
  sha256: z.string(),
  upgrade: body,
  downgrade: body,
  downgradeLine: z.number().int().nullable(),
  /** Lines of `upgrade` that ask for a live connection, as far as they can be told without running them. */
  live: z.array(z.number().int()),
})

export type Revision = z.output<typeof revision>

/** Why no downgrade can be tried; null: one can. */
export function whyNoDowngrade(from: readonly string[], pending: readonly Revision[]): string | null {
  const oneWay = pending.filter(({ downgrade }) => downgrade !== "work").map(({ revision }) => revision)
  if (oneWay.length > 0) return `${oneWay.join(", ")} has no downgrade`
  return from.length > 1 ? "the database is at several heads" : null
}
