import { count } from "../shared/figures.js"
import { CHAIN, CHANGES, HEAD, OUTSIDE } from "./files.js"
import { type AuditProblem, NEXT } from "./problem.js"

/** Where a folder's files differ from what its events say. */
export function fileProblems(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): AuditProblem[] {
  const folders = new Set([...found.keys()].map(folderOf))
  const problems: AuditProblem[] = []
  const gone = new Set<string>()
  for (const [path, text] of expected) {
    const given = found.get(path)
    const folder = folderOf(path)
    if (given === undefined && folder !== "" && !folders.has(folder)) {
      if (!gone.has(folder)) problems.push(problem(`${folder}/ is missing`))
      gone.add(folder)
    } else if (given === undefined) problems.push(problem(`${path} is missing`))
    else if (given !== text) problems.push(problem(`${path} ${difference(path, text, given)}`))
  }
  for (const path of found.keys()) if (!expected.has(path)) problems.push(problem(`${path} is not part of the export`))
  return problems
}

const problem = (what: string): AuditProblem => ({ what, next: NEXT.again })

/** changes/ID of a change's file; empty: another file. */
function folderOf(path: string): string {
  return /^changes\/[^/]+/.exec(path)?.[0] ?? ""
}

function difference(path: string, expected: string, given: string): string {
  if (path === HEAD || path === CHAIN || path === OUTSIDE) return "is not formatted as `audit export` writes it"
  const [wanted, actual] = [expected.split("\n"), given.split("\n")]
  const row = wanted.findIndex((line, index) => line !== actual[index])
  if (row < 0) return `has ${count(actual.length - wanted.length, "line")} that the events do not account for`
  if (path === CHANGES || path.endsWith(".csv")) {
    const [titles = [], cells, other] = [wanted[0], wanted[row], actual[row]].map((line) => line?.split(/","/))
    const column = cells?.findIndex((cell, index) => cell !== other?.[index]) ?? -1
    const title = titles[column]?.replace(/^\uFEFF?"|"\r?$/g, "")
    return `differs from the events in line ${row + 1}${title === undefined ? "" : `, column ${title}`}`
  }
  return `differs from the events in line ${row + 1}`
}
