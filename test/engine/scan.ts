import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Container, type Directory, dag } from "@dagger.io/dagger"
import { currentHome } from "../../cli/engine/connect.js"
import { image as imageSettings } from "../../core/config/image.js"
import { finishedImage } from "../../core/image/layout.js"
import { noStamp } from "../../core/image/stamp.js"
import { readBaseline } from "../../core/scan/baseline.js"
import type { Finding, ScanResult } from "../../core/scan/result.js"
import { runScans, type ScanRun } from "../../core/scan/run.js"
import { scanFile } from "../../core/scan/scan-file.js"
import { readSettings } from "../../core/source.js"
import { recordedPlan } from "../../dagger/engine/network.js"
import { registryAddress } from "../../dagger/engine/registry.js"
import { pushDatabase, writeDatabase } from "../../dagger/engine/tools/trivy-database.js"

/** Registry of the tests' own databases; another test may replace the small one at any time. */
async function registry(): Promise<string> {
  const plan = await recordedPlan(currentHome())
  if (!plan) throw new Error("no plan of the engine's network is recorded")
  return registryAddress(plan)
}

export const databases = {
  full: "",
  stale: "",
  ahead: "",
  oldFormat: "",
  empty: "",
  pythonOnly: "",
  junk: "",
  repaired: "",
  unreachable: "",
  absent: "",
}

/** Rounded to six hours like the gate's own reuse of databases, so that a second test run uses the cache of the first. */
const REUSE_MS = 6 * 3_600_000
const hoursAgo = (hours: number) =>
  new Date(Math.floor(Date.now() / REUSE_MS) * REUSE_MS - hours * 3_600_000).toISOString()
const PIP = "pip::GitHub Security Advisory pip"
const NOTHING = { sources: {}, advisories: [] }
const PYTHON = {
  sources: { [PIP]: { id: "ghsa", name: "GitHub Security Advisory pip", url: "https://github.com/advisories" } },
  advisories: [
    {
      bucket: PIP,
      package: "pyyaml",
      id: "CVE-2020-14343",
      severity: "CRITICAL",
      title: "PyYAML",
      vulnerable: ["<5.4"],
      patched: ["5.4"],
      published: "2021-03-25",
    },
  ],
}

type Kind = "full" | "stale" | "ahead" | "oldFormat" | "empty" | "pythonOnly" | "junk"

const kinds: Record<Kind, { hoursOld: number; schema?: string; facts?: object }> = {
  full: { hoursOld: 0 },
  stale: { hoursOld: 49 },
  ahead: { hoursOld: -72 },
  oldFormat: { hoursOld: 0, schema: "1" },
  empty: { hoursOld: 0, facts: NOTHING },
  pythonOnly: { hoursOld: 0, facts: PYTHON },
  junk: { hoursOld: 0 },
}

/** Publishes a database of each kind. */
export async function publishDatabases(): Promise<void> {
  const at = await registry()
  const names = Object.keys(kinds) as Kind[]
  await publish(names.map((kind) => [kind, (databases[kind] = `${at}/tollgate/test-${kind.toLowerCase()}-trivy-db:2`)]))
  databases.repaired = `${at}/tollgate/test-repaired-trivy-db:2`
  databases.absent = `${at}/tollgate/never-published:2`
  databases.unreachable = at.replace(/:\d+$/, ":5999/tollgate/trivy-db:2")
}

/** Publishes databases, replacing earlier ones. */
export async function publish(wanted: [kind: Kind, reference: string][]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-scan-test-"))
  try {
    for (const [kind] of wanted) await writeKind(kind, folder)
    await Promise.all(
      wanted.map(([kind, reference]) =>
        pushDatabase(currentHome(), join(folder, kind), reference.slice(reference.indexOf("/") + 1)),
      ),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeKind(kind: Kind, folder: string): Promise<void> {
  const { hoursOld, schema, facts } = kinds[kind]
  const options = ["-updated-at", hoursAgo(hoursOld), ...(schema === undefined ? [] : ["-schema", schema])]
  if (facts !== undefined) {
    const path = join(folder, `${kind}.json`)
    writeFileSync(path, JSON.stringify(facts))
    options.push("-facts", path)
  }
  await writeDatabase(currentHome(), join(folder, kind), options)
  if (kind === "junk") writeFileSync(join(folder, kind, "trivy.db"), "this is not a database\n".repeat(100))
}

export interface Case {
  files?: Record<string, string>
  /** More settings of scan, as YAML. The image is only scanned if one is given. */
  scan?: string
  /** Default: vulnerabilities only, because each scanner takes time. */
  scanners?: string
  app?: string
  image?: Container
  /** An image that is not a container. */
  layout?: Directory
  /** null for no scan.database. */
  database?: string | null
  /** Empty to reuse the last downloaded database. */
  run?: string
  baseline?: ScanRun
  now?: Date
}

export function source({
  files = {},
  scan = "",
  scanners = "vulnerabilities",
  app = "",
  image,
  layout,
  database = databases.full,
}: Case): Directory {
  const settings = [
    `app: { ${app} }`,
    "qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_e2e.py] } } }",
    "scan:",
    `  scanners: [${scanners}]`,
    `  image: ${image !== undefined || layout !== undefined}`,
    ...(database === null ? [] : [`  database: ${database}`]),
    ...(scan === "" ? [] : [`  ${scan.replaceAll("\n", "\n  ")}`]),
    "",
  ].join("\n")
  let folder = dag.directory().withNewFile("tollgate.yaml", settings)
  for (const [path, text] of Object.entries(files)) folder = folder.withNewFile(path, text)
  return folder
}

export async function scanned(one: Case): Promise<ScanRun> {
  const folder = source(one)
  const { image, layout } = one
  return runScans({
    settings: await readSettings(folder),
    source: folder,
    run: one.run ?? "",
    image: layout !== undefined ? async () => layout : image !== undefined ? () => layoutOf(image) : null,
    baseline: one.baseline === undefined ? null : readBaseline(scanFile(one.baseline.result)),
    now: one.now ?? new Date(),
  })
}

/** A container as the image that would be published. */
export async function layoutOf(container: Container): Promise<Directory> {
  const build = { platform: await container.platform(), container, base: "unknown" as const, runs: [] }
  return finishedImage([build], { kind: "dockerfile", path: "Dockerfile" }, imageSettings.parse({}), noStamp).layout
}

export const codes = ({ reasons }: ScanResult) => reasons.map((reason) => reason.code)
export const warned = ({ warnings }: ScanResult) => warnings.map((warning) => warning.code)
export const named = (findings: Finding[]) =>
  findings.map((finding) => `${finding.id} ${finding.package ?? finding.places[0]?.path}`)
