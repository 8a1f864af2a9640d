import { quoted } from "../../config/problem.js"
import type { PlanIdentity } from "../plan/plan.js"
import { planId } from "../plan/plan-id.js"
import type { Statement } from "./approval.js"
import type { Found } from "./problem.js"

/** Where an approval differs from the plan that is about to be deployed. */
export function planProblems(statement: Statement, identity: PlanIdentity): Found[] {
  if (planId(statement) !== statement.planId)
    return [{ code: "approval-inconsistent", message: "has a plan id that does not match its content" }]
  const problems: Found[] = []
  if (statement.environment !== identity.environment)
    problems.push({
      code: "approval-other-environment",
      message: `is for ${shown(statement.environment)}, not for ${identity.environment}`,
    })
  if (statement.imageDigest !== identity.imageDigest)
    problems.push({
      code: "approval-other-image",
      message: `is for the image ${statement.imageDigest}, not for ${identity.imageDigest}`,
    })
  if (statement.migrations.join("\n") !== identity.migrations.join("\n"))
    problems.push({
      code: "approval-other-migrations",
      message: `is for the migrations ${listed(statement.migrations)}, not for ${listed(identity.migrations)}`,
    })
  if (statement.commands.join("\n") !== identity.commands.join("\n"))
    problems.push({
      code: "approval-other-commands",
      message: `is for the commands ${listed(statement.commands)} before the start, not for ${listed(identity.commands)}`,
    })
  if (statement.configDigest !== identity.configDigest)
    problems.push({
      code: "approval-other-config",
      message: "is for another configuration: a name or a value changed after the approval",
    })
  if (statement.releaseVersion !== identity.releaseVersion)
    problems.push({
      code: "approval-other-version",
      message: `is for the version ${shown(statement.releaseVersion)}, not for ${shown(identity.releaseVersion)}`,
    })
  if (statement.source !== identity.source)
    problems.push({ code: "approval-other-source", message: "is for another source: a file of the app differs" })
  const differ = differentParts(statement.settings, identity.settings)
  if (differ.length > 0)
    problems.push({
      code: "approval-other-settings",
      message: `is for other settings of tollgate.yaml: ${listed(differ)}`,
    })
  // any part that a later version adds to the id
  if (problems.length === 0 && statement.planId !== planId(identity))
    problems.push({ code: "approval-other-plan", message: "is for another plan" })
  return problems
}

/** Names of the parts that only one has, or that differ. */
export function differentParts(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names]
    .filter((name) => !Object.hasOwn(one, name) || !Object.hasOwn(other, name) || one[name] !== other[name])
    .sort()
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map(shown).join(", ")
}

/** Content of a file is untrusted: quoted unless it is a plain name, and shortened. */
export function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text
  return /^[\p{Letter}\p{Mark}\p{Number} .'-]+$/u.test(short) ? short : quoted(short)
}
