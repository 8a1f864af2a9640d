import type { Layout } from "../layout.js"
import type { Pyproject } from "../pyproject.js"

/** What tollgate.yaml names, or what was detected; each once. */
export function chosen(named: string[] | undefined, detected: string[]): string[] {
  return [...new Set(named ?? detected)]
}

export function flags(flag: string, values: string[]): string[] {
  return values.flatMap((value) => [flag, value])
}

/** Whether a project says how it is built, and not that it is none. */
export function installable(project: Pyproject): boolean {
  const { uv, poetry, pdm } = project.tool
  if (uv.package === false || poetry?.["package-mode"] === false || pdm?.distribution === false) return false
  return project["build-system"] !== undefined || uv.package === true
}

/** Every pyproject.toml of a folder and what is below it: a lockfile speaks of all members of its workspace. */
export function pyprojectsBelow({ texts }: Layout, root: string): string[] {
  const prefix = root === "." ? "" : `${root}/`
  return [...texts.keys()].filter((path) => path.startsWith(prefix) && /(^|\/)pyproject\.toml$/.test(path)).sort()
}

export function notesOn({
  package: name = null,
  groups,
  extras,
}: {
  package?: string | null
  groups: string[]
  extras: string[]
}): string[] {
  return [
    ...(name === null ? [] : [`package ${name}`]),
    ...(groups.length === 0 ? [] : [`groups ${groups.join(", ")}`]),
    ...(extras.length === 0 ? [] : [`extras ${extras.join(", ")}`]),
  ]
}
