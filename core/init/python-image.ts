import { pythonRange } from "../app/python/pyproject.js"
import { lineageOf } from "../image/dockerfile-lineage.js"
import type { Decision } from "./decision.js"
import { pyprojectOf, type RepositoryFiles, textOf } from "./repository.js"

/** Minor version of the Python 3 in app.image's default. */
const DEFAULT = 11
/** Minor versions that python:3.N-slim has images of. */
const OLDEST = 8
const NEWEST = 14

/** app.image for the Python that the repository asks for; null: the default does. */
export function findPythonImage(
  files: RepositoryFiles,
  app: string,
  dockerfile: string | null,
): Decision<string | null> {
  const found = pinned(files, app, dockerfile) ?? required(files, app)
  if (found === null) return { value: null, why: "" }
  const { minor, why } = found
  return { value: minor === DEFAULT ? null : `python:3.${minor}-slim`, why }
}

interface Found {
  minor: number
  why: string
}

/** A version that a file names: first the one that production runs. */
function pinned(files: RepositoryFiles, app: string, dockerfile: string | null): Found | null {
  const image = dockerfile === null ? null : baseOf(files.texts.get(dockerfile) ?? "")
  const named: readonly (readonly [text: string | null | undefined, pattern: RegExp, place: string])[] = [
    [image, /(?:^|\/)python:3\.(\d+)/, dockerfile ?? ""],
    ...[app, "."].map((folder) => {
      const path = folder === "." ? ".python-version" : `${folder}/.python-version`
      return [files.texts.get(path), /^\s*(?:cpython-|python-)?3\.(\d+)/m, path] as const
    }),
    [textOf(files, app, "runtime.txt"), /^python-3\.(\d+)/m, "runtime.txt"],
    [textOf(files, app, "Pipfile"), /^python_(?:full_)?version\s*=\s*["']3\.(\d+)/m, "Pipfile"],
  ]
  for (const [text, pattern, place] of named) {
    const [, minor] = pattern.exec(text ?? "") ?? []
    if (minor !== undefined) return { minor: Number(minor), why: `${place} names Python 3.${minor}` }
  }
  return null
}

function baseOf(dockerfile: string): string | null {
  const { base } = lineageOf(dockerfile, undefined, {}, "linux/amd64")
  return base.kind === "image" ? base.name : null
}

/** A range of versions: the default where it fits, else the oldest that does. */
function required(files: RepositoryFiles, app: string): Found | null {
  const project = pyprojectOf(files, app)
  const range = project === null ? null : pythonRange(project)
  if (range === null) return null
  const fits = minorsOf(range)
  const minor = fits.includes(DEFAULT) ? DEFAULT : fits[0]
  return minor === undefined ? null : { minor, why: `pyproject.toml asks for Python ${range}` }
}

/** Minor versions of Python 3 that a range of PEP 440, or one of poetry's, has a version of. */
export function minorsOf(range: string): number[] {
  const all = Array.from({ length: NEWEST - OLDEST + 1 }, (_, at) => OLDEST + at)
  return all.filter((minor) =>
    range.split("||").some((part) =>
      part
        .split(/[,\s]+(?=[<>=!~^\d])/)
        .map((clause) => /^\s*(>=|<=|==|!=|~=|<|>|\^|~|)\s*(\d+)(?:\.(\d+))?(\.\d+|\.\*)?/.exec(clause))
        .every((clause) => clause === null || allows(clause, minor)),
    ),
  )
}

function allows([, operator, major, written, patch]: RegExpExecArray, minor: number): boolean {
  const own = Number(major) * 1000 + Number(written ?? 0)
  const other = 3000 + minor
  switch (operator) {
    case ">=":
      return other >= own
    // a version below 3.12.4 can be of 3.12, one below 3.12 cannot
    case "<":
      return patch === undefined || patch === ".0" ? other < own : other <= own
    case "<=":
      return other <= own
    case ">":
      return patch === undefined ? other > own : other >= own
    case "!=":
      return patch !== ".*" || other !== own
    case "^":
      return other >= own && other < (Number(major) + 1) * 1000
    case "~=":
      return other >= own && (patch === undefined ? other < (Number(major) + 1) * 1000 : other === own)
    default:
      return written === undefined ? Number(major) === 3 : other === own
  }
}
