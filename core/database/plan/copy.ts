import { readFile } from "node:fs/promises"
import type { Container } from "@dagger.io/dagger"
import { forTools } from "../../app/python/caches.js"

/** The tools that look at what happens on a copy without rows, and what its server is started with. */

/** What it was asked is read back from its log. */
export const LOGGING = [
  "autovacuum=off",
  "logging_collector=on",
  "log_destination=csvlog",
  "log_directory=log",
  "log_filename=tollgate",
  "log_rotation_size=0",
]

const SCRIPTS = "/opt/tollgate"
const PYTHON_FILES = [
  "tollgate_copy.py",
  "tollgate_ask.py",
  "tollgate_statements.py",
  "tollgate_observe.py",
  "tollgate_compare.py",
  "tollgate_lint.py",
  "tollgate_mentions.py",
  "tollgate_snapshot.sql",
]
/**
 * Postgres's own parser, a linter for migrations, a driver: pinned with all that they need, and in a container, so that the module
 * stays small.
 */
const PACKAGES = [
  "pglast==8.8",
  "squawk-cli==2.70.0",
  "psycopg==3.3.9",
  "psycopg-binary==3.3.9",
  "typing-extensions==4.16.0",
]

/** A container with the tools and our scripts; the same for every plan, and so installed once. */
export async function planTools(): Promise<Container> {
  let container = forTools("python:3.11-slim").withExec(["pip", "install", "--quiet", "--no-deps", ...PACKAGES])
  for (const name of PYTHON_FILES) container = container.withNewFile(`${SCRIPTS}/${name}`, await planScript(name))
  return container
}

export function planScript(name: string): Promise<string> {
  return readFile(new URL(`python/${name}`, import.meta.url), "utf8")
}

/** Its exit codes, but for 0. */
export const COPY_SCRIPT = { noCopy: 3, noAlembic: 90 }

/**
 * @param step `plan` makes the copies, has alembic work on them and examines the result; the other two do a part of it
 * @param files the question as JSON, and the file that it writes its answer to
 */
export function copyScript(step: "plan" | "setup" | "examine", ...files: string[]): string[] {
  return ["python", `${SCRIPTS}/tollgate_copy.py`, step, ...files]
}
