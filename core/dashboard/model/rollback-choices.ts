import type { SeenTarget } from "../../ledger/target-seen.js"
import { type Choice, chooseRelease } from "../../release/rollback/choose.js"
import type { EnvironmentPage } from "./environment.js"
import type { OtherRelease } from "./target.js"

/** Releases that a rollback could go back to, as a form lists them. */
export interface RollbackChoices {
  /** What a rollback without a chosen release leads to, in a sentence. */
  readonly usual: string
  /** The release that it leads to, for a comparison; null: not known. */
  readonly release: string | null
  readonly choices: readonly { readonly id: string; readonly words: string }[]
}

/** A form lists no more: `--to` of the command takes any. */
const MOST = 20

/** By what the target has where a runner reported that, and otherwise by what the ledger says. */
export function rollbackChoices({ before, target }: Pick<EnvironmentPage, "before" | "target">): RollbackChoices {
  const { seen, changedSince, state, others, gone } = target
  if (seen === null || changedSince || state === "unreachable") return byLedger(before)
  const choice = usualChoice(seen, others)
  const choices = [
    ...others.flatMap(({ release: id, version, whyNot }) =>
      whyNot === null ? [{ id, words: `${version}, ${id}: on the target` }] : [],
    ),
    ...gone.map(({ id, version }) => ({
      id,
      words: `${version ?? "version not recorded"}, ${id}: not on the target, pulled again`,
    })),
  ].slice(0, MOST)
  return choice.kind === "retained"
    ? {
        usual: `The release before it serves: ${choice.instance.version} (${choice.instance.release}), which is on the target.`,
        release: choice.instance.release,
        choices,
      }
    : {
        usual: `${choices.length === 0 ? "Nothing can be chosen" : "Choose a release"}${choice.kind === "none" ? `: ${choice.why}` : ""}.`,
        release: null,
        choices,
      }
}

function usualChoice(seen: SeenTarget, others: readonly OtherRelease[]): Choice<SeenTarget["releases"][number]> {
  const { places, foreign, releases } = seen
  const serving = releases.filter(({ release }) => places.some((one) => one.release === release))
  const retained = others.filter(({ switchedAt }) => switchedAt !== null)
  const [instance] = serving
  const live =
    foreign !== null
      ? ({ kind: "foreign", ...foreign } as const)
      : instance === undefined
        ? ({ kind: "none" } as const)
        : places.every(({ release }) => release === instance.release)
          ? ({ kind: "live", instance } as const)
          : ({ kind: "split", instances: serving } as const)
  return chooseRelease({ live, retained }, "")
}

function byLedger(before: EnvironmentPage["before"]): RollbackChoices {
  const [previous] = before
  return {
    usual:
      previous === undefined
        ? "The release before it, as the target has it, serves."
        : `The release before it serves: ${previous.version ?? previous.id} by this record; the target decides.`,
    release: previous?.id ?? null,
    choices: before
      .slice(0, MOST)
      .map(({ id, version }) => ({ id, words: `${version ?? "version not recorded"}, ${id}: by this record` })),
  }
}
