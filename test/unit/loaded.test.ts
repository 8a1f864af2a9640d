import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))

const IMPORT = /^(?:import|export)\s+((?:[^"'()]*?\sfrom\s+)?)["']([^"']+)["']/gm

/** The files that one loads by itself; types cost nothing. */
function importsOf(file: string): string[] {
  const found = [...readFileSync(file, "utf8").matchAll(IMPORT)].filter(
    ([, clause = "", from = ""]) => !clause.startsWith("type ") && from.startsWith("."),
  )
  return found.map(([, , from = ""]) => join(dirname(file), from.replace(/\.js$/, ".ts")))
}

/** Every file, and every package, that a file loads as soon as it is loaded itself; types cost nothing, nor does what a function imports. */
function loadedBy(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const [, clause = "", from = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      if (clause.startsWith("type ")) continue
      if (!from.startsWith(".")) packages.add(from)
      else visit(join(dirname(file), from.replace(/\.js$/, ".ts")))
    }
  }
  visit(join(ROOT, entry))
  return { files: [...files].map((file) => relative(ROOT, file)), packages: [...packages] }
}

it("cli/index.ts loads nothing of the database, and not its driver, before a command needs it", () => {
  const loaded = loadedBy("cli/index.ts")
  expect(existsSync(join(ROOT, "core/database/functions.ts"))).toBe(true)
  expect(loaded.files.length).toBeGreaterThan(10)
  expect(loaded.files.filter((file) => file.startsWith("core/database/"))).toEqual([])
  expect(loaded.packages).not.toContain("pg")
})

it("cli/index.ts loads nothing of the dashboard, and not its server, before its command needs it", () => {
  const loaded = loadedBy("cli/index.ts")
  expect(existsSync(join(ROOT, "core/dashboard/server/listen.ts"))).toBe(true)
  expect(loaded.files.filter((file) => file.startsWith("core/dashboard/"))).toEqual([])
  expect(loaded.packages.filter((name) => /hono/.test(name))).toEqual([])
})

it("of all commands the dashboard's alone leads to the dashboard, and the module's functions do not", () => {
  const importers = ["core", "cli"]
    .flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" }).map((name) => `${room}/${name}`),
    )
    .filter((file) => file.endsWith(".ts") && !file.startsWith("core/dashboard/"))
    .filter((file) =>
      /["'][./]+(?:core\/)?dashboard\/(?:reading|model|view|oidc|server)\//.test(
        readFileSync(join(ROOT, file), "utf8"),
      ),
    )
  expect(importers.sort()).toEqual(["cli/dashboard/read-place.ts", "cli/dashboard/run-dashboard.ts"])
})

it("the dashboard loads the library of OIDC only once a provider is configured, and nothing else ever does", () => {
  const library = /^(?:openid-client|oauth4webapi|jose)$/
  expect(loadedBy("cli/dashboard/run-dashboard.ts").packages.filter((name) => library.test(name))).toEqual([])
  expect(loadedBy("core/dashboard/oidc/provider.ts").packages).toContain("openid-client")
  const importers = ["core", "cli"]
    .flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" }).map((name) => `${room}/${name}`),
    )
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => /["'](?:openid-client|oauth4webapi|jose)["']/.test(readFileSync(join(ROOT, file), "utf8")))
  expect(importers).toEqual(["core/dashboard/oidc/provider.ts"])
})

it("the dashboard of a ledger's URL loads nothing of Dagger's library: it would take half of its memory", () => {
  const { files, packages } = loadedBy("cli/dashboard/run-dashboard.ts")
  expect(files).toContain("core/dashboard/server/listen.ts")
  expect(packages.filter((name) => /dagger|opentelemetry/.test(name))).toEqual([])
})

it("src/index.ts loads the API's types alone: Dagger reads all of src/ at every call", () => {
  const loaded = loadedBy("src/index.ts")
  expect(loaded.files.sort()).toEqual(["src/index.ts", "src/release-summary.ts"])
  expect(loaded.packages).toEqual(["@dagger.io/dagger"])
})

it("of all that the database's functions load, only an opened session loads the driver", () => {
  const loaded = loadedBy("core/database/functions.ts")
  expect(loaded.files).toContain("core/database/connect/session.ts")
  expect(loaded.packages).not.toContain("pg")
})

it("no setting's file loads itself by way of others: which file comes first would decide whether it can be read", () => {
  const files = readdirSync(join(ROOT, "core/config")).map((name) => `core/config/${name}`)
  const circles = files.filter((file) =>
    importsOf(join(ROOT, file)).some((next) => loadedBy(relative(ROOT, next)).files.includes(file)),
  )
  expect(circles).toEqual([])
})
