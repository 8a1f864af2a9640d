import type { z } from "zod"
import { TollgateError } from "../shared/errors.js"
import type { LedgerHead } from "../shared/ledger-head.js"
import { changesOf } from "./change.js"
import { fileProblems } from "./compare.js"
import {
  AUDIT_FORMAT,
  AUDIT_VERSION,
  type AuditHead,
  type AuditRow,
  auditHead,
  auditRow,
  ownEvents,
} from "./evidence.js"
import { CHAIN, filesOf, HEAD, OUTSIDE } from "./files.js"
import { chainProblems, notProven } from "./judge-chain.js"
import { judgeSignatures } from "./judge-signatures.js"
import { type AuditProblem, NEXT } from "./problem.js"

export interface VerifyRequest {
  /** Public keys that the reader knows; empty: those of the policies in the folder. */
  readonly keys: readonly string[]
  readonly heads: readonly LedgerHead[]
}

export interface AuditVerdict {
  readonly head: AuditHead
  readonly chain: { readonly first: number; readonly last: number; readonly hash: string }
  /** How many changes ended how. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly changes: number
  readonly policies: number
  readonly signatures: number
  readonly signers: readonly string[]
  readonly files: number
  /** What the folder alone does not prove. */
  readonly notProven: readonly string[]
  /** The most fundamental first. */
  readonly problems: readonly AuditProblem[]
}

/**
 * Verifies the folder of an export from its files alone.
 *
 * @param files texts by path, with forward slashes
 * @throws TollgateError `audit-unreadable`, `audit-version`
 */
export function verifyAudit(files: ReadonlyMap<string, string>, { keys, heads }: VerifyRequest): AuditVerdict {
  const head = readHead(files.get(HEAD))
  const evidence = { head, chain: readRows(files, CHAIN), outside: readRows(files, OUTSIDE) }
  const events = ownEvents(evidence)
  const changes = changesOf(evidence)
  const signatures = judgeSignatures(events, keys)
  const outcomes: Record<string, number> = {}
  for (const { record } of changes) outcomes[record.outcome] = (outcomes[record.outcome] ?? 0) + 1
  const last = evidence.chain.at(-1)
  return {
    head,
    chain: { first: evidence.chain[0]?.number ?? 0, last: last?.number ?? 0, hash: last?.hash ?? "" },
    outcomes,
    changes: changes.length,
    policies: signatures.policies,
    signatures: signatures.signatures,
    signers: signatures.signers,
    files: files.size,
    notProven: [
      ...notProven(evidence, heads),
      ...(keys.length > 0 || signatures.signatures === 0
        ? []
        : ["that the keys above belong to these people. Ask each of them in person, and pass the keys with --key"]),
    ],
    problems: [...chainProblems(evidence, heads), ...signatures.problems, ...fileProblems(filesOf(evidence), files)],
  }
}

function readHead(text: string | undefined): AuditHead {
  if (text === undefined) throw unreadable(`it has no ${HEAD}`)
  const value = jsonIn(text)
  if (typeof value !== "object" || value === null || !("format" in value) || value.format !== AUDIT_FORMAT)
    throw unreadable(`${HEAD} was not written by \`audit export\``)
  if (!("version" in value) || value.version !== AUDIT_VERSION)
    throw new TollgateError(
      "audit-version",
      `The export has a version that this Tollgate does not support; it supports ${AUDIT_VERSION}.`,
      NEXT.upgrade,
    )
  const parsed = auditHead.safeParse(value)
  if (parsed.success) return parsed.data
  throw unreadable(`${HEAD}: ${whereOf(parsed.error)} is missing or wrong`)
}

function readRows(files: ReadonlyMap<string, string>, path: string): AuditRow[] {
  const text = files.get(path)
  if (text === undefined) throw unreadable(`it has no ${path}`)
  const lines = text.split("\n")
  if (lines.pop() !== "") throw unreadable(`${path} ends in the middle of a line`)
  return lines.map((line, index) => {
    const parsed = auditRow.safeParse(jsonIn(line))
    if (parsed.success) return parsed.data
    throw unreadable(`${path}, line ${index + 1}: ${whereOf(parsed.error)} is missing or wrong`)
  })
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function whereOf({ issues }: z.ZodError): string {
  return issues[0]?.path.join(".") || "a field"
}

function unreadable(why: string): TollgateError {
  return new TollgateError(
    "audit-unreadable",
    `The folder is not an audit export, or was changed: ${why}.`,
    NEXT.folder,
  )
}
