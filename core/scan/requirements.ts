import { normalName } from "./findings.js"

/** A line of a requirements file that names a package. */
export interface Requirement {
  /** null for a URL or a path without a package name. */
  name: string | null
  line: number
}

/** The packages in a requirements file, as pip reads it. Other files that it includes are not followed. */
export function requirementsIn(text: string): Requirement[] {
  const found: Requirement[] = []
  // PowerShell writes UTF-16: read as UTF-8 it has a zero beside each character
  const lines = text
    .replaceAll("\0", "")
    .replace(/^[\ufeff\ufffd]+/, "")
    .split(/\r?\n/)
  for (let index = 0; index < lines.length; index += 1) {
    const first = index
    let line = lines[index] ?? ""
    while (line.endsWith("\\") && index + 1 < lines.length) line = line.slice(0, -1) + (lines[++index] ?? "")
    const requirement = requirementOf(line.replace(/(^|\s)#.*$/, "").trim())
    if (requirement !== null) found.push({ name: requirement.name, line: first + 1 })
  }
  return found
}

function requirementOf(line: string): { name: string | null } | null {
  if (line === "") return null
  const editable = /^(?:-e|--editable)(?:\s+|=)(\S+)/.exec(line)?.[1]
  // other options: -r, -c, --index-url, --hash, …
  if (line.startsWith("-") && editable === undefined) return null
  const wanted = editable ?? line
  // the service itself
  if (/^\.?\.?(\/|$|\[)/.test(wanted)) return null
  const egg = /#(?:.*&)?egg=([A-Za-z0-9][\w.-]*)/.exec(wanted)?.[1]
  if (egg !== undefined) return { name: egg }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(wanted)) return { name: null }
  return { name: /^([A-Za-z0-9][\w.-]*)/.exec(wanted)?.[1]?.replace(/[-_.]+$/, "") ?? null }
}

/**
 * The requirements that no scan checked: Trivy only reads versions pinned with ==.
 *
 * @param pinned names of the packages that Trivy found in the lockfiles
 */
export function notPinned(requirements: Requirement[], pinned: Iterable<string>): Requirement[] {
  const known = new Set([...pinned].map(normalName))
  return requirements.filter(({ name }) => name === null || !known.has(normalName(name)))
}
