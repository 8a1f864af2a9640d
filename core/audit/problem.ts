/** Something that an export's folder does not prove, or contradicts. */
export interface AuditProblem {
  /** What and where. */
  readonly what: string
  readonly next: string
}

export const NEXT = {
  folder: "Pass the folder that `audit export` wrote, unchanged.",
  again: "The folder was changed after the export. Ask for a new export, and do not rely on this one.",
  ledger:
    "Ask for a new export. If it has the same problem, the ledger itself was changed: run `tollgate ledger verify`, and find out who can write to it.",
  head: "Either the ledger or the folder was rewritten. Ask for a new export, and compare its head with every copy that was kept.",
  later:
    "The end was cut off, or the head is from after the period. Ask for an export whose --to is the day of that head or later.",
  signature: "Ask how this event came into the ledger, and the approver whether the signature is theirs.",
  keys: "Ask the person whose key this is for its public half, in person. If it is right, pass it with --key.",
  upgrade: "Verify with the version of Tollgate that wrote the export, or a later one that still reads it.",
} as const
