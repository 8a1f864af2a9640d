import { TollgateError } from "../../errors.js"
import type { Done } from "../pipeline/step.js"
import type { Running, Target, TargetCheck } from "../target/target.js"

/** What is there before a deployment changes it. Throws when nothing can be put there. */
export async function checkTarget(target: Target, imageBytes: number): Promise<{ facts: TargetCheck["facts"]; running: Running }> {
  const { facts, problems, running } = await target.check(imageBytes)
  if (problems.length > 0 || running === null)
    throw new TollgateError("target-refused", problems.map(({ place, code, what, next }) => `${place}: ${code}: ${what} ${next}`).join("\n"), "Nothing was changed.")
  if (running.live.kind === "foreign") throw new TollgateError("target-foreign", `${running.live.place} sends its traffic to ${running.live.to}, which is no release of Tollgate's.`, "Nothing was changed.")
  return { facts, running }
}

/** What a deployment that is proven leaves behind it. */
export async function pruneReleases(target: Target): Promise<Done> {
  const { stopped, removed } = await target.prune()
  return { kind: "done", note: stopped.length + removed.length === 0 ? "nothing to tidy up" : `stopped ${stopped.length}, removed ${removed.length}` }
}
