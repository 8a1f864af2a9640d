import { posix } from "node:path"
import { TollgateError } from "../../../shared/errors.js"
import { inFolder, type Layout, requirementsIn, textOf } from "../layout.js"
import { readPyproject } from "../pyproject.js"
import { localEntries, referencesIn } from "../requirements-text.js"
import { installable } from "./choice.js"
import type { Manager } from "./manager.js"

const PRODUCTION =
  /^(?:requirements\.(?:txt|in)|requirements[-_.](?:base|main|prod|production)\.txt|requirements\/(?:base|main|common|prod|production|requirements)\.txt)$/
const TESTING =
  /^(?:requirements[-_.](?:dev|develop|development|tests?|testing|qa|ci)\.txt|(?:dev|develop|development|tests?|testing|qa|ci)[-_.]requirements\.txt|requirements\/(?:dev|develop|development|local|tests?|testing|qa|ci)\.txt)$/

export const pip: Manager = {
  name: "pip",
  mark: (layout, folder) => filesFor("test", requirementsIn(layout, folder))[0] ?? null,
  plan(layout, root, wishes) {
    if (wishes.groups !== undefined || wishes.extras !== undefined)
      throw new TollgateError(
        "dependencies-settings",
        `Requirements files (${inFolder(root, this.mark(layout, root) ?? "")}) have no groups and no extras.`,
        "Remove groups and extras from dependencies in tollgate.yaml, or list the requirements files under files.",
      )
    const files = filesFor(wishes.purpose, requirementsIn(layout, root)).map((name) =>
      posix.relative(layout.app, inFolder(root, name)),
    )
    const first = files[0] ?? ""
    return {
      manager: "pip",
      found: inFolder(layout.app, first),
      root,
      ...requirementsPlan(layout, files),
      project: wishes.project ?? isProject(layout),
      notes: files.slice(1),
    }
  },
}

/** Of a folder's requirements files those that are installed, each with what it refers to. */
export function requirementsPlan(layout: Layout, files: string[]) {
  const read = new Map<string, string>()
  const follow = (path: string): void => {
    const text = layout.texts.get(path)
    if (text === undefined || read.has(path)) return
    read.set(path, text)
    for (const reference of referencesIn(text)) follow(posix.join(posix.dirname(path), reference))
  }
  for (const file of files) follow(inFolder(layout.app, file))
  const local = [...read].filter(([, text]) => localEntries(text).length > 0).map(([path]) => path)
  return { files: [...read.keys()], how: { kind: "requirements" as const, files, local } }
}

function filesFor(purpose: "test" | "image", names: string[]): string[] {
  const txt = names.filter((name) => !(name.endsWith(".in") && names.includes(name.replace(/\.in$/, ".txt"))))
  const production = txt.filter((name) => PRODUCTION.test(name))
  const plain = production.filter((name) => /^requirements\.(txt|in)$/.test(name))
  const base = plain.length > 0 ? plain : production
  if (purpose === "image") return base
  return [...base, ...txt.filter((name) => TESTING.test(name))]
}

/** An app with requirements files is a project as well where it says how it is built. */
function isProject(layout: Layout): boolean {
  const text = textOf(layout, layout.app, "pyproject.toml")
  if (text !== null && installable(readPyproject(text, inFolder(layout.app, "pyproject.toml")))) return true
  return /\bsetup\s*\(/.test(textOf(layout, layout.app, "setup.py") ?? "")
}
