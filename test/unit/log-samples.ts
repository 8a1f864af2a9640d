import { type LogFilter, readLogFilter } from "../../core/dashboard/model/log-filter.js"
import type { LogsPart } from "../../core/dashboard/view/logs.js"
import type { StoredLine } from "../../core/ledger/logs/rows.js"

/** Log lines as a page gets them. */

export function lineOf(text: string, more: Partial<StoredLine> = {}): StoredLine {
  return {
    id: 1,
    run: "run-1",
    side: "new",
    version: "1.7",
    place: "app1",
    process: "web",
    stream: "out",
    at: "2026-11-27T10:00:00.123Z",
    text,
    lines: 1,
    ...more,
  }
}

export const LOG_NOW = new Date("2026-11-27T10:00:10Z")

export function logsOf(
  lines: readonly StoredLine[],
  filter: Partial<LogFilter> = {},
  containers: readonly string[] = ["app1 web"],
): LogsPart {
  const newest = lines.length === 0 ? null : "2026-11-27T10:00:07.000Z"
  return {
    lines: { kind: "read", lines, more: false, summary: { lines: lines.length, missing: 0, newest, containers } },
    filter: { ...readLogFilter({}), ...filter },
    address: "/environments/production/run",
    now: LOG_NOW,
  }
}
