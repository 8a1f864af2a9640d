import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  firstLine
} from "./shared.core.release.pipeline.run.mjs";
import {
  HEAD_NEXT,
  headProblem,
  verifyHeads
} from "./shared.core.ledger.judge-head.mjs";
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
async function keepHead({ heads }, ledger, head) {
  if (heads === void 0 || ledger === null || head === null) return [];
  try {
    const before = (await heads.keep(head)).map(({ place, heads: heads2 }) => ({ place, heads: heads2.slice(0, 1) }));
    const problems = (await verifyHeads(ledger, keptHeads(before))).flatMap((verdict) => headProblem(verdict) ?? []);
    return problems.map((problem) => `the ledger lost events: ${problem}. ${HEAD_NEXT}`);
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return [`the ledger's head was not kept on the target: ${firstLine(error)}`];
  }
}
__name(keepHead, "keepHead");
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
  keepHead,
  keptHeads
};
