import { type Directory, dag, type Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { lintMigrations } from "../database/plan/lint.js"
import { lintReport } from "../database/plan/report-folder.js"
import { imageReport } from "../image/folder.js"
import { imageMarkdown } from "../image/markdown.js"
import { proveImage } from "../image/prove.js"
import type { Stamp } from "../image/stamp.js"
import { loadReport } from "../load/folder.js"
import { loadMarkdown } from "../load/markdown.js"
import { proveLoad } from "../load/prove.js"
import { proveSource } from "../qa/prove.js"
import { validateListedFiles } from "../qa/validate.js"
import { qaReport } from "../report/folder.js"
import { markdown } from "../report/markdown.js"
import { scanReport } from "../scan/folder.js"
import { scanMarkdown } from "../scan/markdown.js"
import { scanSource } from "../scan/prove.js"
import { appFolder } from "../source.js"
import type { GateName, GateOutcome } from "./gate.js"
import type { States } from "./graph.js"
import { judgePatch } from "./judge-patch.js"
import { migrationsOutcome } from "./migrations-outcome.js"
import { imageOutcome, loadOutcome, scanOutcome, testOutcome } from "./outcomes.js"
import { patchCoverage } from "./patch.js"
import type { Product } from "./product.js"

export interface Gathering {
  source: Directory
  settings: Settings
  /** The source before the change; null: unknown. */
  base: Directory | null
  /** scan.json of an earlier run. */
  scanBaseline: string | null
  /** Values of qa.secrets, image.buildSecrets, database.secrets and load.secrets, in dotenv form. */
  secrets: Secret | undefined
  stamp: Stamp
  /** Of the load test, which is never cached. */
  run: string
}

type Outcome = GateOutcome<Product>

/** The gates' own functions: `ci` adds no judgement of its own. */
export function runGate(gate: GateName, given: Gathering, states: States<Product>): Promise<Outcome> {
  return WORK[gate](given, states)
}

const WORK: Record<GateName, (given: Gathering, states: States<Product>) => Promise<Outcome>> = {
  config: async ({ source, settings }) => {
    const words = await validateListedFiles(settings, await appFolder(source, settings))
    return { verdict: "passed", words: words.trim(), reasons: [], figures: [], cached: false, product: null }
  },
  test: async ({ source, secrets }) => {
    const run = await proveSource(source, { suites: [], run: "", secrets })
    return { ...testOutcome(run.result), product: product(() => qaReport(run), markdown(run.result), run) }
  },
  "patch-coverage": async ({ source, settings, base }, states) => {
    const test = states.get("test")
    const qa = test?.kind === "ended" ? (test.outcome.product?.qa ?? null) : null
    if (base === null || qa === null || settings.qa.coverage === null)
      throw new RangeError("patch-coverage needs a base, the suites' run and qa.coverage")
    const [app, before] = await Promise.all([appFolder(source, settings), baseFolder(base, settings)])
    const { report, page } = await patchCoverage(app, before, qa)
    return {
      ...judgePatch(report, settings.qa.coverage.patch),
      cached: false,
      product: product(async () => dag.directory().withFile("report.html", page), ""),
    }
  },
  image: async ({ source, stamp, secrets }) => {
    const { result } = await proveImage(source, { stamp, secrets, fresh: false, twice: false })
    return { ...imageOutcome(result), product: product(async () => imageReport(result), imageMarkdown(result)) }
  },
  scan: async ({ source, stamp, secrets, scanBaseline }) => {
    const run = await scanSource(source, { run: "", baseline: scanBaseline, stamp, secrets, now: new Date() })
    return { ...scanOutcome(run.result), product: product(() => scanReport(run), scanMarkdown(run.result)) }
  },
  migrations: async ({ source, settings, base, secrets }) => {
    const lint = await lintMigrations(source, settings, { base, secrets })
    return { ...migrationsOutcome(lint), product: product(async () => lintReport(lint.plan), "") }
  },
  load: async ({ source, settings, secrets, run }) => {
    const scenarios = loadScenarios(Object.keys(settings.load?.scenarios ?? {}))
    const proof = await proveLoad(source, { scenarios, run, url: "", confirm: "", secrets })
    return { ...loadOutcome(proof.result), product: product(() => loadReport(proof), loadMarkdown(proof.result)) }
  },
}

/** A scenario called `smoke` is the one for each change; without it, all of them. */
export function loadScenarios(names: readonly string[]): string[] {
  return names.includes("smoke") ? ["smoke"] : []
}

/** The base may be from before the app had its folder. */
async function baseFolder(base: Directory, settings: Settings): Promise<Directory> {
  const { path } = settings.app
  return path === "." || (await base.exists(path)) ? base.directory(path) : dag.directory()
}

function product(folder: Product["folder"], summary: string, qa: Product["qa"] = null): Product {
  return { folder, summary, qa }
}
