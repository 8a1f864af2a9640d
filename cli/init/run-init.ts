import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import type { z } from "zod"
import { parseSettings } from "../../core/config/parse.js"
import { SETTINGS_FILE } from "../../core/config/settings-file.js"
import { moduleIn, systemsOf, type Writing, wrapperFiles, writingOf } from "../../core/init/files.js"
import { findingsOf } from "../../core/init/findings.js"
import { missingOf } from "../../core/init/missing.js"
import { settingsText } from "../../core/init/settings-text.js"
import { wrapperOf } from "../../core/init/wrapper.js"
import type { Listed } from "../../core/qa/validate.js"
import { TollgateError } from "../../core/shared/errors.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { gitText } from "../gate/git-text.js"
import { webUrl } from "../image/stamp.js"
import type { initOptions } from "../options/init.js"
import { readRepository } from "./read-repository.js"

/** Writes tollgate.yaml and the CI's files, or says what it would write; true when everything is, or was put, in order. */
export function runInit(options: z.output<typeof initOptions>): boolean {
  const folder = resolve(options.source ?? ".")
  const files = readRepository(folder)
  const existing = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : null)
  const written = existing(SETTINGS_FILE)
  const text = written ?? settingsText(findingsOf(files))
  const settings = parseSettings(text, SETTINGS_FILE)
  const systems =
    options.ci.length > 0 ? options.ci : systemsOf(files.paths, webUrl(gitText(folder, "remote", "get-url", "origin")))
  const shape = (module: string) =>
    wrapperFiles(wrapperOf(settings, { module, dagger: engineVersion().replace(/^v/, "") }), systems)
  const before = shape("").flatMap(({ path }) => moduleIn(existing(path) ?? "") ?? [])
  const wrappers = shape(options.module ?? before[0] ?? ownAddress())
  const writings: Writing[] = [
    written === null
      ? { kind: "create", file: { path: SETTINGS_FILE, text } }
      : { kind: "same", file: { path: SETTINGS_FILE, text } },
    ...wrappers.map((file) => writingOf(file, existing(file.path))),
  ]
  if (options.check) return report(writings, CHECKED)
  if (options.dryRun) {
    for (const { kind, file } of writings)
      if (kind === "create" || kind === "update") process.stdout.write(`--- ${file.path}\n${file.text}\n`)
    report(writings, WOULD)
    tellMissing(missingOf(settings, files))
    return true
  }
  for (const { kind, file } of writings)
    if (kind === "create" || (kind === "update" && options.yes)) write(join(folder, file.path), file.text)
  const good = report(writings, options.yes ? DONE : ASKED)
  const missing = missingOf(settings, files)
  tellMissing(missing)
  if (good && written === null && missing.length === 0)
    console.log(`\nRead ${SETTINGS_FILE}: the reason for each choice is above it. Then run \`tollgate test\`.`)
  return good
}

/** What `validate` would refuse, without the engine that it needs. */
function tellMissing(missing: readonly Listed[]): void {
  if (missing.length === 0) return
  for (const { place, path } of missing) console.log(`${SETTINGS_FILE}  ${place}: ${path} is not there`)
  console.log(`Add these files or correct ${SETTINGS_FILE}; then run \`tollgate validate\`.`)
}

type Words = Record<Writing["kind"], { words: string; good: boolean }>

const CHECKED: Words = {
  create: { words: "is missing: run `tollgate init`", good: false },
  same: { words: "is current", good: true },
  update: { words: "is not what this version writes: run `tollgate init --yes`", good: false },
  keep: { words: "was not made by `tollgate init`, and is not compared", good: true },
}
const WOULD: Words = {
  create: { words: "would be written", good: true },
  same: { words: "is current", good: true },
  update: { words: "would be replaced with --yes", good: true },
  keep: { words: "is your own: it would not be touched", good: true },
}
const ASKED: Words = {
  create: { words: "written", good: true },
  same: { words: "is current", good: true },
  update: { words: "differs, and was not touched: look with --dry-run, and replace it with --yes", good: false },
  keep: { words: "is your own, and was not touched", good: true },
}
const DONE: Words = { ...ASKED, update: { words: "replaced", good: true } }

function report(writings: readonly Writing[], words: Words): boolean {
  for (const { kind, file } of writings) console.log(`${file.path}  ${words[kind].words}`)
  return writings.every(({ kind }) => words[kind].good)
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 })
}

/** Where this Tollgate was cloned from, at this commit. */
function ownAddress(): string {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const origin = webUrl(gitText(root, "remote", "get-url", "origin"))
  const commit = gitText(root, "rev-parse", "HEAD")
  if (origin !== "" && commit !== "") return `${origin.replace(/^https:\/\//, "")}@${commit}`
  throw new TollgateError(
    "init-module",
    "Could not tell where CI finds Tollgate: this copy has no Git origin.",
    "Pass its address, such as --module=github.com/acme/tollgate@COMMIT. Nothing was written.",
  )
}
