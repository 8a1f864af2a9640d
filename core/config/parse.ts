import type { z } from "zod"
import { type Place, type ReadDocument, readDocument } from "./document.js"
import { adviseOnKey } from "./keys.js"
import { type Problem, printPath, SettingsError } from "./problem.js"
import { type Settings, settings } from "./schema.js"
import { serviceName } from "./service-name.js"

export { type Problem, SettingsError } from "./problem.js"
export { type Settings, settingsJsonSchema } from "./schema.js"

type Issue = z.core.$ZodIssue
type Path = PropertyKey[]

/** tollgate.yaml's text as settings with every default filled in, or one error with everything that is wrong. */
export function parseSettings(text: string, file = "tollgate.yaml"): Settings {
  const reading = readDocument(text)
  if (reading.kind === "unreadable") throw new SettingsError(file, reading.problems)

  const { document } = reading
  const result = settings.safeParse(document.data)
  const problems = [...document.problems, ...(result.success ? [] : problemsOf(result.error.issues, document))]
  if (problems.length > 0 || !result.success) throw new SettingsError(file, problems)
  const { data } = result
  return {
    ...data,
    ledger: { ...data.ledger, service: data.ledger.service ?? serviceName(data.release.name, data.image.name) },
  }
}

function problemsOf(issues: readonly Issue[], document: ReadDocument): Problem[] {
  const flat = issues.flatMap((issue) => branchMeant(issue))
  const unknown = flat.flatMap(({ path, issue }) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.filter((key) => key !== "__proto__").map((key) => ({ path, key, ...adviseOnKey(path, key) }))
      : [],
  )

  // a misspelled key is one mistake: that the right one is missing goes without saying
  const meant = new Set(unknown.flatMap(({ path, meant }) => (meant === null ? [] : [printPath([...path, meant])])))
  const wrong = flat.filter(
    ({ path, issue }) => issue.code !== "unrecognized_keys" && (document.has(path) || !meant.has(printPath(path))),
  )

  const all = [
    ...wrong.map(({ path, issue }) => {
      const [message = "", suggestion = null] = issue.message.split("\n")
      return problem(document, path, placeOf(issue), message, suggestion)
    }),
    ...unknown.map(({ path, key, suggestion }) =>
      problem(document, [...path, key], "key", "is not a known key", suggestion),
    ),
  ]
  // one text that is wrong in two ways of the same kind is said once
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

function problem(
  document: ReadDocument,
  path: Path,
  place: Place,
  message: string,
  suggestion: string | null,
): Problem {
  return { path: printPath(path), ...document.positionOf(path, place), message, suggestion }
}

function placeOf(issue: Issue): Place {
  return issue.code === "custom" && issue.params?.["at"] === "key" ? "key" : "value"
}

/** Where a value may be one of several things and clearly is one of them, that one's problems are what helps. */
function branchMeant(issue: Issue, before: Path = []): { path: Path; issue: Issue }[] {
  const path = [...before, ...issue.path]
  if (issue.code === "invalid_union") {
    const inside = issue.errors.filter((branch) =>
      branch.every((one) => one.path.length > 0 || one.code === "unrecognized_keys"),
    )
    const [branch] = inside
    if (branch !== undefined && inside.length === 1) return branch.flatMap((one) => branchMeant(one, path))
  }
  return [{ path, issue }]
}
