import { deployArguments, planArguments, type Stamped, stampArguments, type Wrapper } from "./wrapper.js"

/** What differs between CIs, as words of the shell. */
export interface DeployCall extends Stamped {
  /** Up to the function. */
  call: string
  environment: string
  who: string
  /** Further arguments of `deploy`. */
  more: readonly string[]
}

/** Exit code of a deployment that only lacks approvals, as the command line has it. */
export const WAITING = 3

export function deployLine(wrapper: Wrapper, given: DeployCall): string {
  const { call, environment, revision, who, more } = given
  return [
    `${call} deploy --env=${environment} --version=${revision} ${stampArguments(given)} --who=${who}`,
    ...more,
    ...deployArguments(wrapper),
  ].join(" ")
}

/**
 * Lines of a shell that deploy, and end with 3 where only approvals are missing. `dagger call` ends with 1 for every error, and prints it
 * last: the last line of that is the verdict. What the app prints stands before it, or is indented.
 *
 * @param plan where the plan is written
 * @param said lines that say what to type; `$verdict` is the verdict
 */
export function waitingScript(wrapper: Wrapper, given: DeployCall, plan: string, said: readonly string[]): string[] {
  const { call, environment, revision } = given
  return [
    "log=$(mktemp)",
    `{ ${deployLine(wrapper, given)} || echo failed > "$log.failed"; } 2>&1 | tee "$log"`,
    `if [ ! -e "$log.failed" ]; then exit 0; fi`,
    `verdict=$(awk '/^Error: /{last=""} /^WAITING: /{last=$0} END{print last}' "$log" | sed 's/ \\[traceparent:.*//')`,
    `if [ -z "$verdict" ]; then exit 1; fi`,
    `${[`${call} plan --env=${environment} --version=${revision} ${stampArguments(given)}`, ...planArguments(wrapper)].join(" ")} export --path=${plan} || echo "The plan could not be written."`,
    ...said,
    `exit ${WAITING}`,
  ]
}

/** What each approver types, in lines of Markdown for an unquoted here-document. */
export function approverLines(wrapper: Wrapper, { environment, revision }: DeployCall): string[] {
  const values = planArguments(wrapper).map((argument) => `${argument.slice(0, argument.indexOf("="))}=…`)
  const [name, commit] = [environment, revision].map((word) => word.replaceAll('"', ""))
  return [
    "Each approver, on their own machine, in a full clone:",
    "",
    "    git fetch",
    `    git checkout ${commit}`,
    `    tollgate plan --env=${name} --version=${commit} ${values.join(" ")} --out=plan.json`,
    `    tollgate approve --plan=plan.json --key=file:KEY.pem --approver="NAME" --reason="REASON"`,
    "",
    "The id of the plan must be the one above. Where requireSeparation is false, the plan.json of this job can be signed instead: it names no",
    "authors, because dagger call passes on no Git history.",
  ]
}
