import { spawnSync } from "node:child_process"
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { z } from "zod"
import type { Row } from "./table.js"
import { dagger } from "./tollgate.js"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const SERVICE = join(ROOT, "test/engine/fixtures/service")

const hello = `import { func, object } from "@dagger.io/dagger"

@object()
export class Hello {
  @func({ cache: "never" })
  async hello(name: string = "you"): Promise<string> {
    return "hello " + name
  }
}
`

/** A module in a folder of its own, and how its one cheap function is called. */
interface Module {
  what: string
  folder: string
  call: (turn: number) => string[]
}

/**
 * What `dagger call` costs beside a module that does nothing, with the SDK that works as Dagger's own: the first call of a source that
 * the engine has not seen, the same call again, and one with another argument. The third module is Tollgate without its bundle, a folder
 * of TypeScript and packages that are installed.
 */
export function measureModule(rounds: number): Row[] {
  const work = mkdtempSync(join(tmpdir(), "tollgate-bench-module-"))
  try {
    const modules = [helloWorld(work), tollgate(work), tollgateAsLibrary(work)]
    const first = modules.map(({ what }): Row => ({ what: `${what}: first call of a new source`, seconds: [] }))
    const again = modules.map(({ what }): Row => ({ what: `${what}: the same call again`, seconds: [] }))
    const changed = modules.map(({ what }): Row => ({ what: `${what}: another argument`, seconds: [] }))
    for (const rows of [first, again, changed])
      for (const row of rows.slice(1)) Object.assign(row, { against: rows[0] })
    Object.assign(again[1] ?? {}, { goal: 1.3 })
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, { folder, call }] of modules.entries()) {
        appendFileSync(join(folder, "src/index.ts"), `// round ${round} of ${work}\n`)
        first[index]?.seconds.push(dagger(folder, call(round)))
        again[index]?.seconds.push(dagger(folder, call(round)))
        changed[index]?.seconds.push(dagger(folder, call(round + rounds)))
      }
    }
    return [...first, ...again, ...changed]
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function helloWorld(work: string): Module {
  const folder = join(work, "hello")
  mkdirSync(join(folder, "src"), { recursive: true })
  spawnSync("git", ["init", "--quiet", folder])
  writeFileSync(
    join(folder, "dagger.json"),
    JSON.stringify({ ...settingsOf(ROOT, "dagger.json"), name: "hello", include: [] }),
  )
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "hello", type: "module", dependencies: { typescript: "5.9.3" } }),
  )
  writeFileSync(join(folder, "src/index.ts"), hello)
  return { what: "hello-world", folder, call: (turn) => ["hello", `--name=number-${turn}`] }
}

function tollgate(work: string): Module {
  const folder = cloned(join(work, "tollgate"))
  return { what: "Tollgate", folder, call: (turn) => ["--source", service(work, turn), "validate"] }
}

function tollgateAsLibrary(work: string): Module {
  const folder = cloned(join(work, "library"))
  const settings = settingsOf(folder, "package.json")
  const { "dagger-client": _, ...packages } = z.record(z.string(), z.string()).parse(settings["devDependencies"])
  const libraries = ["dotenv", "fast-xml-parser", "nodemailer", "pg", "ssh2", "yaml", "zod"]
  const dependencies = Object.fromEntries(Object.entries(packages).filter(([name]) => libraries.includes(name)))
  const core = { "#core": "./core/module/index.ts" }
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      ...settings,
      imports: core,
      dependencies: { typescript: "~5.9.3", ...dependencies },
      devDependencies: {},
    }),
  )
  const { status, stderr } = spawnSync("npm", ["install", "--package-lock-only", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
  })
  if (status !== 0) throw new Error(`no lockfile for the library: ${stderr}`)
  writeFileSync(
    join(folder, "dagger.json"),
    JSON.stringify({ ...settingsOf(folder, "dagger.json"), include: ["!.git"] }),
  )
  return { what: "Tollgate without its bundle", folder, call: (turn) => ["--source", service(work, turn), "validate"] }
}

/** What git tracks of the module, as a clone has it. */
function cloned(folder: string): string {
  const files = spawnSync(
    "git",
    ["ls-files", "--", "dagger.json", "package.json", "package-lock.json", "tsconfig.json", "src", "core", "dist"],
    { cwd: ROOT, encoding: "utf8" },
  ).stdout
  for (const file of files
    .trim()
    .split("\n")
    .filter((name) => existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(folder, file))
  spawnSync("git", ["init", "--quiet", folder])
  return folder
}

/** A service of which one file differs in each turn. */
function service(work: string, turn: number): string {
  const folder = join(work, `service-${turn}`)
  cpSync(SERVICE, folder, { recursive: true })
  writeFileSync(join(folder, "turn.txt"), `${turn} of ${work}`)
  return folder
}

function settingsOf(folder: string, name: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(folder, name), "utf8")))
}
