import type { Directory, Secret } from "@dagger.io/dagger"
import { type CiGate, ciGates } from "../config/gates.js"
import type { Settings } from "../config/schema.js"
import type { Product } from "../gate/work.js"
import type { Stamp } from "../image/stamp.js"
import { runId } from "../qa/run-id.js"
import { terminalText } from "../shared/plain-text.js"
import { takeSource } from "../source/take.js"
import { readSettings } from "../source.js"
import { runGraph, type States } from "./graph.js"
import { type Change, planGates, type Saved } from "./plan.js"
import { type OnChange, progressLine } from "./progress.js"
import { readStatus, type Status, statusOf } from "./status.js"
import { type Times, timesOf } from "./times.js"
import { works } from "./works.js"

export interface CiRequest {
  source: Directory
  /** The source before the change; undefined: unknown, and every gate runs. */
  base: Directory | undefined
  /** Why there is no base. */
  whyNoBase: string
  /** Report of an earlier run, which this one is compared with. */
  baseline: Directory | undefined
  /** Times of earlier runs; empty: those of the baseline. */
  usual: Times
  /** Told of each change of a gate's state; left out: a line on standard error says so. */
  onChange?: OnChange
  /** Under `ci --watch`, the save that this run is for. */
  saved?: Saved
  failFast: boolean
  secrets: Secret | undefined
  stamp: Stamp
}

export interface CiRun {
  status: Status
  states: States<Product>
  usual: Times
}

/** Runs the gates of a source, each by its own function, and judges the run as a whole. */
export async function runCi(request: CiRequest): Promise<CiRun> {
  const { source, failFast, secrets, stamp } = request
  const base = request.base === undefined ? null : (await takeSource(request.base)).root
  const startedAt = new Date()
  const began = performance.now()
  const settings = await readSettings(source)
  const [digest, absent, change, earlier, baselines] = await Promise.all([
    // without Git's index, which differs from clone to clone
    takeSource(source).then(({ root }) => root.digest()),
    absentGates(source, settings),
    changeOf(source, base, request.whyNoBase),
    statusText(request.baseline),
    baselinesOf(request.baseline),
  ])
  const usual = request.usual.size > 0 ? request.usual : timesOf(earlier)
  const { onChange = (gate, now) => process.stderr.write(`${terminalText(progressLine(gate, now, usual))}\n`) } =
    request
  const given = { source, settings, base, secrets, stamp, run: runId(startedAt) }
  const states = await runGraph<Product>({
    plan: planGates({ paths: settings.paths, absent, change, saved: request.saved ?? null }),
    failFast,
    run: (gate, sofar) =>
      works[gate].run({
        ...given,
        baseline: baselines.get(gate) ?? null,
        product: (other) => productOf(other, sofar),
      }),
    onChange: (gate, now) => onChange(gate, now, usual),
  })
  const run = {
    app: settings.app.path,
    source: digest,
    revision: stamp.revision,
    changed: change.kind === "known" ? change.files.length : null,
    startedAt: startedAt.toISOString(),
    seconds: (performance.now() - began) / 1000,
    began,
  }
  return { status: statusOf(run, states, earlier), states, usual }
}

/** Gates that have nothing to judge, with the reason. */
async function absentGates(source: Directory, settings: Settings): Promise<Map<CiGate, string>> {
  const reasons = await Promise.all(
    ciGates.map(async ({ name }) => ({ name, why: (await works[name].absent?.(source, settings)) ?? null })),
  )
  return new Map(reasons.flatMap(({ name, why }) => (why === null ? [] : [[name, why]])))
}

function productOf(gate: CiGate, states: States<Product>): Product | null {
  const state = states.get(gate)
  return state?.kind === "ended" ? state.outcome.product : null
}

async function changeOf(source: Directory, base: Directory | null, why: string): Promise<Change> {
  if (base === null) return { kind: "unknown", why }
  const { root } = await takeSource(source)
  const changes = root.changes(base)
  const [added, modified, removed] = await Promise.all([
    changes.addedPaths(),
    changes.modifiedPaths(),
    changes.removedPaths(),
  ])
  // a folder that is gone as a whole is listed without its files
  const gone = await Promise.all(
    removed.map((path) => (path.endsWith("/") ? filesIn(base, path.replace(/\/+$/, "")) : [path])),
  )
  const files = [...added, ...modified, ...gone.flat()].filter((path) => !path.endsWith("/"))
  return { kind: "known", files: [...new Set(files)].sort() }
}

async function filesIn(root: Directory, folder: string): Promise<string[]> {
  const paths = await root.directory(folder).glob("**/*")
  return paths.map((path) => `${folder}/${path}`)
}

async function statusText(baseline: Directory | undefined): Promise<Status | null> {
  const text = await textIn(baseline, "status.json")
  return text === null ? null : readStatus(text, "--baseline")
}

/** What the gates compare themselves with. */
async function baselinesOf(baseline: Directory | undefined): Promise<Map<CiGate, string>> {
  const texts = await Promise.all(
    ciGates.map(async ({ name, ci }) => ({
      name,
      text: ci.baseline === null ? null : await textIn(baseline, `${name}/${ci.baseline}`),
    })),
  )
  return new Map(texts.flatMap(({ name, text }) => (text === null ? [] : [[name, text]])))
}

/** A baseline may be of a run that left the gate out. */
async function textIn(folder: Directory | undefined, path: string): Promise<string | null> {
  if (folder === undefined || !(await folder.exists(path))) return null
  return await folder.file(path).contents()
}
