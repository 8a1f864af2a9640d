import { alignColumns, fit, wrapWords } from "../presentation/columns.js"
import { line, safe, screenColumns } from "../presentation/screen.js"
import { count, moment } from "../shared/figures.js"
import { version } from "../shared/version.js"
import { changesOf } from "./change.js"
import type { Evidence } from "./evidence.js"
import type { AuditVerdict } from "./verify.js"

/** Result of `audit export`. */
export function exportScreen(evidence: Evidence, files: number, folder: string): string {
  const { head, chain } = evidence
  const outcomes: Record<string, number> = {}
  const changes = changesOf(evidence)
  for (const { record } of changes) outcomes[record.outcome] = (outcomes[record.outcome] ?? 0) + 1
  return `${[
    line(`Tollgate ${version} · audit export · ${head.service} · ${head.environment}`),
    "",
    ...table([
      ["period", periodWords(head)],
      ["changes", outcomeWords(changes.length, outcomes)],
      ["events", `${chain[0]?.number ?? 0} to ${chain.at(-1)?.number ?? 0}`],
      ["head", `${head.ledger.events}:${head.ledger.head.slice(0, 16)} of the whole ledger; keep it elsewhere`],
    ]),
    "",
    safe(`EXPORTED: ${count(files, "file")} to ${folder}`),
  ].join("\n")}\n`
}

const MOST = 10

/** Result of `audit verify`. */
export function auditScreen(verdict: AuditVerdict): string {
  const { head, chain, problems } = verdict
  const [first] = problems
  const others = problems.slice(1, MOST)
  return `${[
    line(`Tollgate ${version} · audit verify · ${head.service} · ${head.environment}`),
    "",
    ...table([
      ["period", periodWords(head)],
      ["events", `${chain.first} to ${chain.last}, head ${chain.hash.slice(0, 16)}`],
      ["changes", outcomeWords(verdict.changes, verdict.outcomes)],
      ["policies", `${verdict.policies} adopted`],
      [
        "signatures",
        `${verdict.signatures}${verdict.signers.length === 0 ? "" : `, by ${verdict.signers.join(", ")}`}`,
      ],
      ["files", String(verdict.files)],
    ]),
    ...(verdict.notProven.length === 0 ? [] : ["", "Not proven by this folder alone:"]),
    ...verdict.notProven.flatMap((text) => wrapped(text)),
    "",
    ...(first === undefined
      ? ["PASSED: nothing is missing or changed; every signature was valid under the policy then in force"]
      : [
          ...others.map(({ what }) => safe(`also: ${what}`)),
          ...(problems.length > MOST ? [`… and ${problems.length - MOST} more: use --json to see all`] : []),
          ...wrapWords(safe(`FAILED: ${first.what}`), screenColumns),
          ...wrapWords(safe(first.next), screenColumns),
        ]),
  ].join("\n")}\n`
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  return alignColumns(
    rows.map(([name, text]) => [name, safe(text)]),
    ["left", "left"],
  ).map((row) => fit(row, screenColumns))
}

function wrapped(text: string): string[] {
  return wrapWords(safe(text), screenColumns - 4).map((one, index) => `${index === 0 ? "  - " : "    "}${one}`)
}

function periodWords({ from, to }: Pick<Evidence["head"], "from" | "to">): string {
  return `${moment(from)} to ${moment(to)}`
}

function outcomeWords(changes: number, outcomes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(outcomes)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([outcome, number]) => `${number} ${outcome}`)
  return `${changes}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`
}
