import { z } from "zod"

// Postgres has no text with a zero byte
const text = z
  .string()
  .trim()
  .max(200)
  .refine((written) => !written.includes("\0"))
  .catch("")

/** The filter of log lines, as a page's address has it. What cannot be read does not count. */
const query = z.object({
  side: z.enum(["new", "old"]).nullable().catch(null),
  container: text,
  text,
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().catch(null),
})
export type LogFilter = z.output<typeof query>

export function readLogFilter(given: Readonly<Record<string, string>>): LogFilter {
  const entry = (name: string) => (Object.hasOwn(given, name) && given[name] !== "" ? given[name] : null)
  return query.parse({
    side: entry("side"),
    container: entry("container") ?? "",
    text: entry("text") ?? "",
    before: entry("before"),
  })
}

export function isFiltered({ side, container, text: words }: LogFilter): boolean {
  return side !== null || container !== "" || words !== ""
}

/** The query of the same filter, with changes; it leads to the log. */
export function logQuery(filter: LogFilter, change: Partial<LogFilter> = {}): string {
  const parts = Object.entries({ ...filter, ...change }).flatMap(([name, value]): [string, string][] =>
    value === null || value === "" ? [] : [[name, String(value)]],
  )
  const written = new URLSearchParams(parts).toString()
  return `${written === "" ? "" : `?${written}`}#logs`
}
