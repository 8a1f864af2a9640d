import { line, safe } from "../../presentation/screen.js"
import { moment } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import type { Adoption } from "./adopt.js"
import { policyDifference } from "./difference.js"
import type { PolicyHistory } from "./in-force.js"
import { type Policy, policyDigest, policyFingerprint } from "./policy.js"

/** Nothing is cut: a person who adopts or signs a policy must see all of it. */

function title(what: string, { service, environment }: Pick<Policy, "service" | "environment">): string[] {
  return [line(`Tollgate ${version} · policy ${what} · ${service} · ${environment}`), ""]
}

function inForceLine(history: PolicyHistory | null): string {
  if (history === null) return "in force: not read, --ledger is not set"
  const { inForce } = history
  return inForce === null
    ? "in force: none"
    : safe(`in force: ${policyFingerprint(inForce.digest)} since ${moment(inForce.at)}, by ${inForce.who}`)
}

/** The policy of tollgate.yaml, whole. */
export function policyScreen(policy: Policy, history: PolicyHistory | null): string {
  const digest = policyDigest(policy)
  return `${[
    ...title("show", policy),
    ...policyDifference(null, policy).map((text) => safe(text.replace(": nothing → ", ": "))),
    "",
    inForceLine(history),
    `POLICY: ${digest}`,
    `fingerprint: ${policyFingerprint(digest)}`,
  ].join("\n")}\n`
}

/** What would change, for approvers too. */
export function differenceScreen(from: Policy | null, to: Policy): string {
  const [before, after] = [from === null ? null : policyDigest(from), policyDigest(to)]
  const lines = policyDifference(from, to)
  return `${[
    ...title("diff", to),
    ...(lines.length === 0 ? ["no difference"] : lines.map((text) => safe(text))),
    "",
    `in force: ${before ?? "none"}`,
    `POLICY: ${after}${before === after ? ", in force" : ""}`,
  ].join("\n")}\n`
}

export function historyOfPolicies(
  { service, environment }: Pick<Policy, "service" | "environment">,
  { adopted, problems, inForce }: PolicyHistory,
): string {
  return `${[
    ...title("history", { service, environment }),
    ...(adopted.length === 0 ? ["no policy was adopted yet"] : []),
    ...[...adopted]
      .reverse()
      .map((one) =>
        safe(
          `${moment(one.at)}  ${policyFingerprint(one.digest)}  by ${one.who}${one.approvers.length === 0 ? "" : `, approved by ${one.approvers.join(", ")}`}: ${one.reason}`,
        ),
      ),
    ...problems.map(({ number, why }) => safe(`FAILED: event ${number} is not a valid adoption: ${why}`)),
    "",
    inForce === null ? "POLICY: none is in force" : `POLICY: ${inForce.digest}`,
  ].join("\n")}\n`
}

export function adoptionScreen({ service, environment, digest, difference, approvers }: Adoption): string {
  return `${[
    ...title("adopt", { service, environment }),
    ...difference.map((text) => safe(text)),
    "",
    ...(approvers.length === 0 ? [] : [safe(`approved by ${approvers.join(", ")}`)]),
    `ADOPTED: ${digest}`,
  ].join("\n")}\n`
}
