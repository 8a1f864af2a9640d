import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  firstLine
} from "./shared.core.release.pipeline.run.mjs";
import {
  verifyHeads
} from "./shared.core.ledger.verify-heads.mjs";
import {
  HEAD_NEXT,
  headProblem,
  ledgerLostEvents
} from "./shared.core.ledger.chain.mjs";
import {
  moment
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/ledger/keep-head.ts
async function requireHeads({ heads }, ledger, environment) {
  if (heads === void 0) return;
  const problems = await headProblems(ledger, await heads.read());
  if (problems.length > 0) throw ledgerLostEvents(environment, problems);
}
__name(requireHeads, "requireHeads");
async function keepHead({ heads }, ledger, head) {
  if (heads === void 0 || ledger === null || head === null) return [];
  try {
    const problems = await headProblems(ledger, await heads.read());
    if (problems.length === 0) await heads.keep(head);
    return problems.map((problem) => `the ledger lost events: ${problem}. ${HEAD_NEXT}`);
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return [`the ledger's head was not kept on the target: ${firstLine(error)}`];
  }
}
__name(keepHead, "keepHead");
async function headProblems(ledger, places) {
  const latest = places.map(({ place, heads }) => ({ place, heads: heads.slice(0, 1) }));
  return (await verifyHeads(ledger, keptHeads(latest))).flatMap((verdict) => headProblem(verdict) ?? []);
}
__name(headProblems, "headProblems");
function keptHeads(places) {
  const known = /* @__PURE__ */ new Map();
  for (const { place, heads } of places)
    for (const head of heads) {
      const id = `${head.number} ${head.hash}`;
      const one = known.get(id) ?? { head, at: [] };
      known.set(id, { head: one.head, at: [...one.at, place] });
    }
  return [...known.values()].map(({ head: { number, hash, release, at: when }, at }) => ({
    number,
    hash,
    by: `${at.join(", ")}, after release ${release} on ${moment(when)}`
  }));
}
__name(keptHeads, "keptHeads");

export {
  requireHeads,
  keepHead,
  keptHeads
};
