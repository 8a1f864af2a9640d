import type { Directory, Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { migrationTool } from "../database/alembic/migration-tool.js"
import type { Stamp } from "../image/stamp.js"
import { runId } from "../qa/run-id.js"
import { terminalText } from "../shared/plain-text.js"
import { takeSource } from "../source/take.js"
import { appFolder, readSettings } from "../source.js"
import type { GateName } from "./gate.js"
import { runGate } from "./gates.js"
import { runGraph, type States } from "./graph.js"
import { type Change, planGates } from "./plan.js"
import type { Product } from "./product.js"
import { type OnChange, progressLine } from "./progress.js"
import type { Saved } from "./saved.js"
import { readStatus, type Status, statusOf } from "./status.js"
import { type Times, timesOf } from "./times.js"

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
  const [digest, absent, change, earlier, scanBaseline] = await Promise.all([
    // without Git's index, which differs from clone to clone
    takeSource(source).then(({ root }) => root.digest()),
    absentGates(source, settings),
    changeOf(source, base, request.whyNoBase),
    statusText(request.baseline),
    textIn(request.baseline, "scan/scan.json"),
  ])
  const usual = request.usual.size > 0 ? request.usual : timesOf(earlier)
  const { onChange = (gate, now) => process.stderr.write(`${terminalText(progressLine(gate, now, usual))}\n`) } =
    request
  const gathering = { source, settings, base, scanBaseline, secrets, stamp, run: runId(startedAt) }
  const states = await runGraph<Product>({
    plan: planGates({ paths: settings.paths, absent, change, saved: request.saved ?? null }),
    failFast,
    run: (gate, sofar) => runGate(gate, gathering, sofar),
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

/** Gates that tollgate.yaml has nothing for. */
async function absentGates(source: Directory, settings: Settings): Promise<Map<GateName, string>> {
  const absent = new Map<GateName, string>()
  if (settings.load === undefined) absent.set("load", "tollgate.yaml has no section `load`")
  if (settings.qa.coverage === null) absent.set("patch-coverage", "tollgate.yaml has no qa.coverage")
  const migrations = await noMigrations(source, settings)
  if (migrations !== null) absent.set("migrations", migrations)
  return absent
}

/** Why there is nothing to lint; null: there are revisions. */
async function noMigrations(source: Directory, settings: Settings): Promise<string | null> {
  if (!settings.database.lint.ci) return "database.lint.ci is false"
  const tool = await migrationTool(settings, await appFolder(source, settings))
  switch (tool?.kind) {
    case "alembic":
      return null
    case "commands":
      return "migration-plan judges commands with the database, and not without it"
    case undefined:
      return "the app has neither alembic nor Django, and tollgate.yaml has no database.commands"
  }
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

/** A baseline may be of a run that left the gate out. */
async function textIn(folder: Directory | undefined, path: string): Promise<string | null> {
  if (folder === undefined || !(await folder.exists(path))) return null
  return await folder.file(path).contents()
}
