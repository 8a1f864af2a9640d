import { TollgateError } from "../shared/errors.js"
import { nearest } from "../shared/nearest.js"

/**
 * Those of the names of tollgate.yaml that were asked for, in its order.
 *
 * @param asked empty: all
 */
export function chosenNames(what: "suite" | "scenario", known: string[], asked: string[]): string[] {
  const unknown = asked.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const meant = unknown.map((name) => nearest(name, known)).filter((name) => name !== null)
    throw new TollgateError(
      `${what}-unknown`,
      `tollgate.yaml has no ${what} ${unknown.join(", ")}.`,
      `${meant.length > 0 ? `Did you mean ${[...new Set(meant)].join(", ")}? ` : ""}It has: ${known.join(", ")}.`,
    )
  }
  return asked.length === 0 ? known : known.filter((name) => asked.includes(name))
}
