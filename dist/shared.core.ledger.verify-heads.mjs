import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  GENESIS,
  judgeHead
} from "./shared.core.ledger.chain.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
  verifyHeads,
  currentHead
};
