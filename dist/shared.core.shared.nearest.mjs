import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/nearest.ts
function bare(key) {
  return key.toLowerCase().replace(/[-_\s]/g, "");
}
__name(bare, "bare");
function nearest(name, candidates) {
  const wanted = bare(name);
  const near = candidates.map((candidate) => ({ candidate, slips: distanceBetween(wanted, bare(candidate)) })).filter(({ candidate, slips }) => slips <= Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3))).sort((one, other) => one.slips - other.slips);
  return near[0]?.candidate ?? null;
}
__name(nearest, "nearest");
function distanceBetween(from, to) {
  let before = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (current[column - 1] ?? Infinity) + 1,
        (above[column] ?? Infinity) + 1,
        (above[column - 1] ?? Infinity) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? Infinity) + 1 : Infinity
      );
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? Infinity;
}
__name(distanceBetween, "distanceBetween");

export {
  bare,
  nearest
};
