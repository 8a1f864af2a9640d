import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { engineVersion, repository } from "../../dagger/engine/version.js"

const text = (...path: string[]) => readFileSync(join(repository, ...path), "utf8")
const versions = (source: string, pattern: RegExp) => [...source.matchAll(pattern)].map((match) => match[1])

/** dagger.json pins it. Everything else that names a version of Dagger names the same one: an engine, a CLI and an SDK of other versions do not talk to each other. */
const pinned = engineVersion().replace(/^v/, "")

test.each<[string, () => (string | undefined)[]]>([
  ["npm's client in package.json", () => versions(text("package.json"), /npm:@dagger\.io\/dagger@([\w.-]+)/g)],
  [
    "npm's client as installed, whose CLI it is",
    () =>
      versions(
        text("node_modules", "dagger-client", "dist", "src", "provisioning", "default.js"),
        /CLI_VERSION = "([\w.-]+)"/g,
      ),
  ],
  [
    "npm's client in package-lock.json",
    () => versions(text("package-lock.json"), /"name": "@dagger\.io\/dagger",\s+"version": "([\w.-]+)"/g),
  ],
  [
    "the engine's Go module",
    () => versions(text("dagger", "engine", "go", "go.mod"), /^\s*github\.com\/dagger\/dagger v([\w.-]+)/gm),
  ],
  [
    "the engine's Go client",
    () => versions(text("dagger", "engine", "go", "go.mod"), /^\s*dagger\.io\/dagger v([\w.-]+)/gm),
  ],
  [
    "the SDK of the engine without Docker",
    () => versions(text("dagger", "engine", "sdk", "package.json"), /"@dagger\.io\/dagger": "([\w.-]+)"/g),
  ],
  [
    "the workflows",
    () =>
      readdirSync(join(repository, ".github", "workflows")).flatMap((file) =>
        versions(text(".github", "workflows", file), /dagger-for-github@[^\n]*\n\s+with:\n\s+version: "?([\w.-]+)"?/g),
      ),
  ],
  [
    "README.md and the pages of docs/ on how to get started",
    () =>
      ["README.md", "docs/engine.md", "docs/getting-started.md"].flatMap((page) =>
        versions(text(page), /(?:DAGGER_VERSION=|registry\.dagger\.io\/engine:v|tollgate-engine-v)([\d.]+\d)/g),
      ),
  ],
])("%s: the version of dagger.json's engineVersion", (_, named) => {
  expect(named().length).toBeGreaterThan(0)
  expect([...new Set(named())]).toEqual([pinned])
})

test("each use of Dagger's action in a workflow names the version", () => {
  for (const file of readdirSync(join(repository, ".github", "workflows"))) {
    const workflow = text(".github", "workflows", file)
    const uses = versions(workflow, /uses: (dagger\/dagger-for-github)@/g).length
    expect(versions(workflow, /dagger-for-github@[^\n]*\n\s+with:\n\s+version: "?([\w.-]+)"?/g), file).toHaveLength(
      uses,
    )
  }
})
