import { TollgateError } from "../../shared/errors.js"
import type { Running, Target, TargetCheck } from "../../targets/target.js"
import type { Done } from "../pipeline/step.js"

/** Checks the target before the first change. Throws when it cannot take a release. */
export async function checkTarget(
  target: Target,
  imageBytes: number,
): Promise<{ facts: TargetCheck["facts"]; running: Running }> {
  const { facts, problems, running } = await target.check(imageBytes)
  if (problems.length > 0 || running === null)
    throw new TollgateError(
      "target-refused",
      problems.map(({ place, code, what, next }) => `${place}: ${code}: ${what} ${next}`).join("\n"),
      "Fix the target and deploy again. Nothing was changed.",
    )
  if (running.live.kind === "foreign")
    throw new TollgateError(
      "target-foreign",
      `${running.live.place} sends its traffic to ${running.live.to}, which is not a release of Tollgate.`,
      "Remove its route from the proxy, or change release.name. Nothing was changed.",
    )
  return { facts, running }
}

/** Stops and removes old releases after a successful deployment. */
export async function pruneReleases(target: Target): Promise<Done> {
  const { stopped, removed } = await target.prune()
  return {
    kind: "done",
    note:
      stopped.length + removed.length === 0
        ? "nothing to remove"
        : `stopped ${stopped.length}, removed ${removed.length}`,
  }
}
