import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/figures.ts
function percent(value) {
  return `${(Math.floor(value * 100 + 1e-9) / 100).toFixed(2)} %`;
}
__name(percent, "percent");
function threshold(value) {
  return `${value} %`;
}
__name(threshold, "threshold");
function duration(seconds) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole % 3600 / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
__name(duration, "duration");
function moment(iso) {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
__name(moment, "moment");
function lineRanges(lines) {
  const ranges = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== void 0 && line <= last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => from === to ? `${from}` : `${from}\u2013${to}`).join(", ");
}
__name(lineRanges, "lineRanges");
function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}
__name(count, "count");
function shortDigest(digest) {
  const digits = digest.slice(digest.indexOf(":") + 1);
  return digits.slice(0, 12);
}
__name(shortDigest, "shortDigest");
function bytes(value) {
  const units = ["bytes", "kB", "MB", "GB"];
  const power = value < 1e3 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  if (power === 0) return `${value} ${units[0]}`;
  return `${(Math.ceil(value / 1e3 ** power * 10 - 1e-9) / 10).toFixed(1).replace(/\.0$/, "")} ${units[power]}`;
}
__name(bytes, "bytes");

export {
  percent,
  threshold,
  duration,
  moment,
  lineRanges,
  count,
  shortDigest,
  bytes
};
