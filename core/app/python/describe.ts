import type { Plan } from "./plan.js"
import { toolVersion } from "./tools.js"

/** What was found and how it is installed, in one line. */
export function describe(plan: Plan, projects: string[]): string {
  const notes = plan.notes.length === 0 ? "" : ` (${plan.notes.join("; ")})`
  const own = projects.length === 0 ? "" : `; from source: ${projects.join(", ")}`
  return `${plan.found === "" ? "none" : plan.found}${how(plan)}${notes}${own}`
}

function how({ how, found }: Plan): string {
  switch (how.kind) {
    case "locked":
      return ` by ${how.tool} ${toolVersion(how.tool)}, locked`
    case "requirements":
      return found === "" ? "" : " by pip"
    case "declared":
    case "built":
      return ` by uv ${toolVersion("uv")}, not locked`
  }
}
