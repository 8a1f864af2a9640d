import { z } from "zod"
import type { MonitorSettings } from "../../config/monitor.js"
import type { Instance, Target } from "../../targets/target.js"
import { throughTarget } from "../session/through-target.js"
import type { Reading } from "./judge.js"
import { parsePrometheus, sumOf } from "./prometheus.js"

/**
 * Reads the counters of proxy, service and database.
 *
 * @param values the service's variables; null: the database is skipped
 */
export async function readFigures(
  target: Target,
  instance: Instance,
  settings: MonitorSettings,
  values: ReadonlyMap<string, string> | null,
): Promise<Reading> {
  const [traffic, payments, connections] = await Promise.all([
    target.traffic(),
    paymentsOf(target, instance, settings),
    connectionsOf(target, settings, values),
  ])
  return { traffic, payments, connections }
}

async function paymentsOf(
  target: Target,
  instance: Instance,
  { payments }: MonitorSettings,
): Promise<Reading["payments"]> {
  if (payments === undefined) return null
  const places = [...new Set(instance.replicas.filter(({ process }) => process === "web").map(({ place }) => place))]
  const answers = await Promise.all(
    places.map((place) => target.request(instance, { method: "GET", path: payments.path, place })),
  )
  const texts = answers.flatMap((answer) => (answer.kind === "answered" && answer.status === 200 ? [answer.body] : []))
  // some hosts alone would give a wrong share
  if (texts.length < places.length || texts.length === 0) return null
  const samples = texts.flatMap(parsePrometheus)
  if (!samples.some(({ name }) => name === payments.metric)) return null
  return {
    good: sumOf(samples, payments.metric, payments.label, payments.good),
    bad: sumOf(samples, payments.metric, payments.label, payments.bad),
  }
}

const counted = z.object({ used: z.coerce.number(), of: z.coerce.number() })

async function connectionsOf(
  target: Target,
  { database }: MonitorSettings,
  values: ReadonlyMap<string, string> | null,
): Promise<Reading["connections"]> {
  const url = database === undefined ? undefined : values?.get(database)
  if (database === undefined || url === undefined) return null
  try {
    return await throughTarget(target, url, database, (session) =>
      session.row(
        counted,
        "select (select count(*) from pg_stat_activity where backend_type = 'client backend') as used, current_setting('max_connections') as of",
      ),
    )
  } catch {
    // shown as "not read"
    return null
  }
}
