import type { Replayed } from "../answers.js"
import type { Evidence, Finding } from "../plan.js"
import { brief, finding, whole } from "./finding.js"

/** Whether there is a way back, by what the files say and by what running them on the copy did. */
export function judgeDowngrades({ pending, replayed, examined }: Evidence): Finding[] {
  const changed = new Map(examined.upgraded.map(({ revision, schemaChanged }) => [revision, schemaChanged]))
  const ran = new Map(examined.downgraded.map((downgrade) => [downgrade.revision, downgrade]))
  return pending.flatMap((revision): Finding[] => {
    const at = { revision, line: revision.downgradeLine }
    const undoes = revision.upgrade === "work" || changed.get(revision.revision) === true
    if (!undoes) return []
    if (revision.downgrade === "missing" || revision.downgrade === "empty")
      return [
        finding(
          "downgrade-empty",
          "error",
          `The downgrade of ${revision.revision} does nothing: alembic would call it undone while all of it is still there.`,
          {
            ...at,
            help: "Write what undoes it, or raise an error that says why it cannot be undone.",
          },
        ),
      ]
    if (revision.downgrade === "raises")
      return [
        finding(
          "downgrade-refused",
          "warning",
          `The downgrade of ${revision.revision} raises an error: only a restore undoes it.`,
          at,
        ),
      ]
    if (replayed.downgradeError?.at === revision.revision)
      return [
        finding(
          "downgrade-fails",
          "error",
          `The downgrade of ${revision.revision} fails on the empty copy: ${whole(replayed.downgradeError.message)}`,
          { revision, file: replayed.downgradeError.file, line: replayed.downgradeError.line ?? at.line },
        ),
      ]
    const downgrade = ran.get(revision.revision)
    if (downgrade === undefined)
      return replayed.upgradeError === null
        ? [
            finding(
              "downgrade-unseen",
              "note",
              `The downgrade of ${revision.revision} was not tried: ${unseenWhy(replayed)}.`,
              at,
            ),
          ]
        : []
    if (downgrade.didNothing && changed.get(revision.revision) === true)
      return [
        finding(
          "downgrade-empty",
          "error",
          `The downgrade of ${revision.revision} ran and left the schema as it was: it undoes nothing.`,
          {
            ...at,
            help: "Write what undoes it, or raise an error that says why it cannot be undone.",
          },
        ),
      ]
    const differences = [
      ...downgrade.left.map((line) => `still there: ${line}`),
      ...downgrade.lost.map((line) => `not back: ${line}`),
    ]
    if (differences.length === 0) return []
    const shown = differences
      .slice(0, 3)
      .map((line) => brief(line, 160))
      .join("; ")
    const more = differences.length > 3 ? ` and ${differences.length - 3} more` : ""
    return [
      finding(
        "downgrade-differs",
        "warning",
        `After the downgrade of ${revision.revision} the schema is not what it was before: ${shown}${more}.`,
        at,
      ),
    ]
  })
}

function unseenWhy({ downgradeError }: Replayed): string {
  return downgradeError === null
    ? "after a merge there is more than one way down"
    : `the one of ${downgradeError.at}, which runs before it, fails`
}
