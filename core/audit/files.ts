import type { LedgerEvent } from "../ledger/event.js"
import { timeOf } from "../ledger/fold.js"
import { approvalFile } from "../release/approval/approval.js"
import { type Change, changesOf, eventsOfKind, isKind, stepsOf } from "./change.js"
import { csv } from "./csv.js"
import { type AuditRow, type Evidence, ownEvents } from "./evidence.js"

/** Files from which all others are derived. */
export const HEAD = "audit.json"
export const CHAIN = "events.jsonl"
export const OUTSIDE = "outside.jsonl"
export const CHANGES = "changes.csv"

/** Every file of an export, by its path. Nothing but the evidence decides what is in them. */
export function filesOf(evidence: Evidence): Map<string, string> {
  const changes = changesOf(evidence)
  const files = new Map([
    ["README.txt", readme(evidence)],
    [HEAD, pretty(evidence.head)],
    [CHAIN, lines(evidence.chain)],
    [OUTSIDE, lines(evidence.outside)],
    [CHANGES, csv([COLUMNS.map(([name]) => name), ...changes.map((one) => COLUMNS.map(([, read]) => read(one)))])],
    ["operations.csv", operations(evidence)],
  ])
  for (const event of eventsOfKind(ownEvents(evidence), "policy-adopted"))
    files.set(`policies/${String(event.number).padStart(7, "0")}.json`, pretty(withWhen(event, event.what)))
  for (const change of changes)
    for (const [name, text] of filesOfChange(change)) files.set(`changes/${change.folder}/${name}`, text)
  return files
}

const COLUMNS: readonly (readonly [string, (change: Change) => string])[] = [
  ["change", ({ record }) => record.id],
  ["action", ({ record }) => record.action],
  ["outcome", ({ record }) => record.outcome],
  ["started", ({ record }) => record.startedAt],
  ["finished", ({ record }) => record.finishedAt ?? ""],
  ["by", ({ record }) => record.who],
  ["reason", ({ record }) => record.why],
  ["version", ({ record }) => record.version ?? ""],
  ["image", ({ record }) => record.digest],
  ["commit", ({ record }) => record.revision ?? ""],
  ["migrations", ({ record }) => record.migrations.join("; ")],
  ["configuration", ({ record }) => record.configNames.join("; ")],
  ["plan", ({ record }) => record.planId ?? ""],
  ["plan files", ({ plans }) => plans.map(({ what }) => what.planSha256).join("; ")],
  ["authors", ({ plans }) => unique(plans.flatMap(({ what }) => what.authors ?? [])).join("; ")],
  ["approvers", ({ record }) => unique(record.approvals.map(({ approver }) => approver)).join("; ")],
  ["break-glass", ({ record }) => record.breakGlass?.reason ?? ""],
  ["break-glass by", ({ record }) => signerOf(record.breakGlass?.signed)],
  ["overrides", ({ record }) => record.breakGlass?.waived.join("; ") ?? ""],
  [
    "reviewed by",
    ({ events }) =>
      eventsOfKind(events, "glass-reviewed")
        .map(({ what }) => what.approver)
        .join("; "),
  ],
  ["served before", ({ record }) => record.previous?.digest ?? ""],
  ["served after", ({ record }) => record.serving?.digest ?? ""],
  ["causes", ({ record }) => record.causes.join("; ")],
  ["recorded later", ({ record }) => (record.journaled ? "yes" : "no")],
  ["first event", ({ events }) => String(events[0]?.number ?? "")],
  ["last event", ({ events }) => String(events.at(-1)?.number ?? "")],
  ["folder", ({ folder }) => `changes/${folder}`],
]

function filesOfChange(change: Change): [string, string][] {
  const { record, events, plans } = change
  const { approvals, breakGlass, steps: _, ...said } = record
  const runs = eventsOfKind(events, "release-started").map((event) => withWhen(event, { why: event.what.why }))
  return [
    [
      "change.json",
      pretty({
        ...said,
        runs,
        approvals: approvals.map(({ signed: _, ...one }) => one),
        breakGlass: breakGlass === null ? null : { reason: breakGlass.reason, overrides: breakGlass.waived },
        plans: plans.map((event) => withWhen(event, event.what)),
        events: events.map(({ number }) => number),
      }),
    ],
    ["steps.json", pretty(stepsOf(change))],
    ...events.flatMap((event): [string, string][] => {
      const number = String(event.number).padStart(7, "0")
      if (isKind(event, "approved")) return [[`approvals/${number}.json`, pretty(event.what.signed)]]
      if (isKind(event, "broke-glass")) return [[`break-glass/${number}.json`, pretty(withWhen(event, event.what))]]
      if (isKind(event, "glass-reviewed")) return [[`reviews/${number}.json`, pretty(withWhen(event, event.what))]]
      return []
    }),
  ]
}

/** What operators did to the environment besides changes. */
function operations(evidence: Evidence): string {
  const first = evidence.chain[0]?.number ?? 0
  const rows = ownEvents(evidence)
    .filter(({ number }) => number >= first)
    .flatMap((event): string[][] => {
      const row = (kind: string, reason: string) => [
        String(event.number),
        timeOf(event),
        kind,
        event.context.who,
        reason,
      ]
      if (isKind(event, "unlocked")) return [row("unlocked", event.what.reason)]
      if (isKind(event, "maintenance")) return [row(`maintenance ${event.what.on ? "on" : "off"}`, event.what.message)]
      if (isKind(event, "policy-adopted")) return [row("policy adopted", event.what.reason)]
      if (isKind(event, "lease-taken") && event.what.reason !== null)
        return [row("lease taken over", event.what.reason)]
      return []
    })
  return csv([["event", "time", "operation", "by", "reason"], ...rows])
}

function withWhen<T extends object>(event: LedgerEvent, what: T) {
  const { number, journaled, stale, context } = event
  return { event: number, at: timeOf(event), run: context.run, who: context.who, journaled, stale, ...what }
}

function readme({ head, chain }: Evidence): string {
  const { service, environment, from, to, ledger } = head
  return `Changes of ${service} in ${environment}, from ${from} until before ${to}, by the clock of the ledger.

changes.csv      every change that started or was continued in that time, also failed, refused, interrupted and rolled-back ones
changes/         for each change: what it was, its steps, its approvals as they were signed
operations.csv   unlocked leases, maintenance, adopted policies
policies/        every policy of the environment, with its approvals as they were signed
events.jsonl     events ${chain[0]?.number ?? 0} to ${chain.at(-1)?.number ?? 0} of the ledger, each with the hash that the next one repeats
outside.jsonl    single earlier and later events that the changes refer to
audit.json       service, environment, period, and when this was exported

The other files are made from these three. Verify the folder, offline:

  tollgate audit verify FOLDER --key=PUBLIC_KEY_OF_EACH_APPROVER --head=NUMBER:HASH

When it was exported, the ledger had ${ledger.events} events and the head ${ledger.head}.
In the CSV files an apostrophe stands before a text that a spreadsheet would run as a formula.
`
}

function lines(rows: readonly AuditRow[]): string {
  return rows
    .map(
      ({ number, at, journaled, stale, previous, hash, body }) =>
        `${JSON.stringify({ number, at, journaled, stale, previous, hash, body })}\n`,
    )
    .join("")
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function signerOf(signed: unknown): string {
  const parsed = approvalFile.safeParse(signed)
  return parsed.success ? parsed.data.statement.approver : ""
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
