import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  GENESIS
} from "./shared.core.ledger.chain.mjs";
import {
  count
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/ledger-head.ts
function headText({ number, hash }) {
  return `${number}:${hash.slice(0, 16)}`;
}
__name(headText, "headText");

// core/ledger/judge-head.ts
function judgeHead(head, last, hash) {
  if (hash === null) return { kind: "missing", head, last };
  return hash.startsWith(head.hash) ? { kind: "contained", head } : { kind: "differs", head, hash };
}
__name(judgeHead, "judgeHead");
function headProblem(verdict) {
  const { head } = verdict;
  const kept = `${headText(head)} (${head.by})`;
  switch (verdict.kind) {
    case "contained":
      return null;
    case "missing":
      return verdict.last < head.number ? `the ledger ends at event ${verdict.last}, before the head ${kept}: ${lack(head.number - verdict.last)}` : `the ledger has no event ${head.number}, which was its head ${kept}`;
    case "differs":
      return `event ${head.number} has the hash ${verdict.hash.slice(0, 16)}, and the head was ${kept}`;
  }
}
__name(headProblem, "headProblem");
function lack(events) {
  return `${count(events, "event")} ${events === 1 ? "is" : "are"} missing`;
}
__name(lack, "lack");
var MOST_LINES = 3;
function headLines(verdicts) {
  const problems = verdicts.flatMap((verdict) => headProblem(verdict) ?? []);
  const newest = verdicts.flatMap(({ kind, head }) => kind === "contained" ? [head] : []).reduce((found, head) => head.number > (found?.number ?? -1) ? head : found, null);
  const contained = verdicts.length - problems.length;
  return [
    ...newest === null ? [] : [
      `PASSED: the ledger contains ${count(contained, "head")} that ${contained === 1 ? "was" : "were"} kept, the latest ${headText(newest)} (${newest.by})`
    ],
    ...problems.slice(0, MOST_LINES).map((problem) => `FAILED: ${problem}`),
    ...problems.length > MOST_LINES ? [`FAILED: and ${problems.length - MOST_LINES} more; --json shows all`] : []
  ];
}
__name(headLines, "headLines");
var HEAD_NEXT = "Find out who can alter the ledger's tables, and restore what is missing from a backup. If the ledger was restored or replaced on purpose, remove the old heads from the hosts: docs/ledger.md says how.";

// core/ledger/verify-heads.ts
async function verifyHeads(ledger, heads) {
  if (heads.length === 0) return [];
  const last = await ledger.latestEvent();
  const verdicts = [];
  for (const head of heads) verdicts.push(judgeHead(head, last, await hashAt(ledger, head.number)));
  return verdicts;
}
__name(verifyHeads, "verifyHeads");
async function currentHead(ledger) {
  const number = await ledger.latestEvent();
  const hash = await hashAt(ledger, number);
  return hash === null ? { number: 0, hash: GENESIS } : { number, hash };
}
__name(currentHead, "currentHead");
async function hashAt(ledger, number) {
  if (number === 0) return GENESIS;
  const [row] = await ledger.rowsAfter(number - 1, 1);
  return row?.number === number ? row.hash : null;
}
__name(hashAt, "hashAt");

export {
  headText,
  headProblem,
  headLines,
  HEAD_NEXT,
  verifyHeads,
  currentHead
};
