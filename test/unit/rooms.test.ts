import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"

const ROOT = join(import.meta.dirname, "../..")

/**
 * From the lowest to the highest: a file imports from its own room and from lower ones. Rooms on one line do not import from each other.
 * A file belongs to the most specific entry.
 */
const ROOMS = [
  ["bin"],
  ["core/shared"],
  ["core/presentation"],
  ["core/secrets"],
  ["core/source"],
  ["core/config"],
  ["core/gate"],
  ["core/source.ts"],
  ["core/app"],
  ["core/qa"],
  ["core/report"],
  ["core/environment", "core/patch-coverage"],
  ["core/ecpay", "core/image"],
  ["core/database", "core/load", "core/scan"],
  ["core/ci"],
  ["core/init"],
  ["core/ledger", "core/notify"],
  ["core/dora"],
  ["core/targets"],
  ["core/release"],
  ["core/audit"],
  ["core/requests"],
  ["core/runner"],
  ["core/dashboard"],
  ["core/module", "dagger"],
  ["cli"],
]

/** Rooms that use less than everything below them: the engine must not depend on what the pipeline does. */
const ONLY: Record<string, string[]> = { dagger: ["bin", "core/shared"] }

// The compiler's own scanner of imports: 500 files in half a second, types included, and no further library. dependency-cruiser refuses
// Node 20, which Tollgate supports.
const graph = new Map(
  ["bin", "core", "dagger", "cli"].flatMap(sourcesIn).map((file): [string, string[]] => [file, importsOf(file)]),
)

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((path) => /\.m?ts$|\.mjs$/.test(path) && !/node_modules|^dagger\/engine\/(sdk|images|tools)\//.test(path))
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(join(ROOT, file), "utf8"), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => posix.join(posix.dirname(file), name))
    .map((path) => [path.replace(/\.js$/, ".ts"), path].find((one) => existsSync(join(ROOT, one))) ?? path)
}

const levelOf = (room: string) => ROOMS.findIndex((rooms) => rooms.includes(room))

function roomOf(file: string): string {
  const rooms = ROOMS.flat().filter((room) => file === room || file.startsWith(`${room}/`))
  return rooms.sort((one, other) => other.length - one.length)[0] ?? "none"
}

function isAllowed(from: string, to: string): boolean {
  if (from === to) return true
  return ONLY[from]?.includes(to) ?? levelOf(to) < levelOf(from)
}

/** Each circle once, as the files on it. */
function circles(): string[] {
  const [done, path, found] = [new Set<string>(), [] as string[], [] as string[]]
  const visit = (file: string): void => {
    const start = path.indexOf(file)
    if (start >= 0) found.push([...path.slice(start), file].join(" → "))
    if (start >= 0 || done.has(file)) return
    path.push(file)
    for (const imported of graph.get(file) ?? []) visit(imported)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return found
}

describe("the rooms of the source", () => {
  it("have no import circle, of types neither", () => {
    expect(circles()).toEqual([])
  })

  it("use only rooms below them", () => {
    const forbidden = [...graph].flatMap(([file, imported]) =>
      imported.filter((other) => !isAllowed(roomOf(file), roomOf(other))).map((other) => `${file} → ${other}`),
    )
    expect(forbidden).toEqual([])
  })

  it("are listed here, and there", () => {
    const folders = readdirSync(join(ROOT, "core"), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => `core/${name}`).filter((room) => levelOf(room) < 0)).toEqual([])
    expect(ROOMS.flat().filter((room) => !existsSync(join(ROOT, room)))).toEqual([])
  })
})
