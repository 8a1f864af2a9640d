import { EMPTY_CHAIN, followChain, rowHash } from "../ledger/chain.js"
import type { ChainVerdict } from "../ledger/ledger.js"
import { parseBody } from "../ledger/rows.js"
import { count } from "../shared/figures.js"
import type { LedgerHead } from "../shared/ledger-head.js"
import { type AuditHead, type AuditRow, contextOf, type Evidence } from "./evidence.js"
import { type AuditProblem, NEXT } from "./problem.js"

/** Whether the events of an export follow each other without a gap, are unchanged, and cover the period. */
export function chainProblems({ head, chain, outside }: Evidence, heads: readonly LedgerHead[]): AuditProblem[] {
  const [first] = chain
  const verdict = first === undefined ? EMPTY_CHAIN : chain.reduce(follow, beginning(first))
  const problems: AuditProblem[] = []
  if (verdict.kind === "broken")
    problems.push({
      what: `events.jsonl: the hash chain is broken at event ${verdict.number}: ${verdict.why}`,
      next: NEXT.again,
    })
  for (const row of outside)
    if (row.body === null || rowHash({ ...row, body: row.body }) !== row.hash)
      problems.push({ what: `outside.jsonl: event ${row.number} does not match its hash`, next: NEXT.again })
  problems.push(...orderProblems(chain, outside), ...coverProblems({ head, chain }))
  for (const row of [...chain, ...outside])
    if (row.body !== null && isUnknown(row.body, head))
      problems.push({ what: `event ${row.number} is of a kind that this Tollgate does not know`, next: NEXT.upgrade })
    else if (row.body === null && !head.othersHidden)
      problems.push({ what: `events.jsonl: event ${row.number} has no content`, next: NEXT.again })
  return [...problems, ...heads.flatMap((kept) => headProblem(chain, kept))]
}

/** Another service may use a later Tollgate. */
function isUnknown(body: string, { service, environment }: AuditHead): boolean {
  if (parseBody(body) !== null) return false
  try {
    const context = contextOf(body)
    return context.service === service && context.environment === environment
  } catch {
    return true
  }
}

/** The chain before the first row is that of the ledger: a kept head proves it. */
function beginning({ number, previous }: AuditRow): ChainVerdict {
  return number === 1 ? EMPTY_CHAIN : { kind: "whole", events: number - 1, head: previous }
}

function follow(before: ChainVerdict, row: AuditRow): ChainVerdict {
  if (before.kind === "broken") return before
  if (row.body !== null) return followChain(before, [{ ...row, body: row.body }])
  // without its content a row proves only its place
  const placed = row.number === before.events + 1 && row.previous === before.head
  return placed
    ? { kind: "whole", events: row.number, head: row.hash }
    : { kind: "broken", events: before.events, number: row.number, why: "it does not follow the previous event" }
}

function orderProblems(chain: readonly AuditRow[], outside: readonly AuditRow[]): AuditProblem[] {
  const [first, last] = [chain[0]?.number ?? 1, chain.at(-1)?.number ?? 0]
  return outside.flatMap(({ number }, index) => {
    const before = outside[index - 1]?.number ?? 0
    if (number > before && (number < first || number > last)) return []
    return [{ what: `outside.jsonl: event ${number} is in the wrong place`, next: NEXT.again }]
  })
}

/** The chain begins with the last event before the period, so that none at its beginning can be missing. */
function coverProblems({ head, chain }: Pick<Evidence, "head" | "chain">): AuditProblem[] {
  const [first] = chain
  if (head.from >= head.to) return [{ what: "audit.json: the period ends before it begins", next: NEXT.again }]
  if (first === undefined) return head.ledger.events === 0 ? [] : [{ what: "events.jsonl is empty", next: NEXT.again }]
  if (first.number === 1 || first.at < head.from) return []
  return [
    {
      what: `events.jsonl begins with event ${first.number} of ${first.at}, inside the period: the events before it are missing`,
      next: NEXT.again,
    },
  ]
}

function headProblem(chain: readonly AuditRow[], { number, hash }: LedgerHead): AuditProblem[] {
  const [first, last] = [chain[0], chain.at(-1)]
  const found = chain.find((row) => row.number === number)
  const known = found?.hash ?? (first !== undefined && number === first.number - 1 ? first.previous : null)
  if (known?.startsWith(hash) === true) return []
  if (known !== null)
    return [
      {
        what: `event ${number} has the hash ${known.slice(0, 16)}, not ${hash.slice(0, 16)} as in --head`,
        next: NEXT.head,
      },
    ]
  if (number > (last?.number ?? 0))
    return [
      {
        what: `events.jsonl ends at event ${last?.number ?? 0}, but --head names event ${number}: ${count(number - (last?.number ?? 0), "event")} missing`,
        next: NEXT.later,
      },
    ]
  return [
    {
      what: `--head names event ${number}, which is before the first event of this export, ${first?.number ?? 0}`,
      next: "Pass a head of the period or later.",
    },
  ]
}

/** What the folder alone cannot prove, in words. */
export function notProven({ head, chain }: Evidence, heads: readonly LedgerHead[]): string[] {
  const last = chain.at(-1)
  const hidden = chain.filter(({ body }) => body === null).length
  const closed = last !== undefined && last.at >= head.to
  return [
    ...(heads.length === 0
      ? [
          "that this is the ledger's real history: anyone who can write the folder can compute a chain. Pass a head that you kept, with --head",
        ]
      : []),
    ...(closed || heads.some(({ number }) => number === last?.number)
      ? []
      : [
          `that nothing followed event ${last?.number ?? 0} in the period: it was the last of the ledger at the export, on ${head.exportedAt}`,
        ]),
    ...(hidden === 0
      ? []
      : [
          `the content of ${count(hidden, "event")} of other services, which was left out. Ask for an export that includes it`,
        ]),
  ]
}
