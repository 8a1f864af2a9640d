import { z } from "zod"

/** Why something of the app failed, as python/tollgate_failure.py says it. */
export const failure = z.object({
  /** In the words of what refused: the database, the settings class or the app. */
  message: z.string(),
  revision: z.string().nullable(),
  /** The last line of the app's own code, relative to its folder; null: none of it was at work. */
  file: z.string().nullable(),
  line: z.number().int().nullable(),
})

export type Failure = z.output<typeof failure>

/** The cause, and below it where it came from. */
export function failureWords({ message, revision, file, line }: Failure): string {
  const place = file === null ? null : line === null ? file : `${file}:${line}`
  const where = [revision === null ? null : `revision ${revision}`, place].filter((part) => part !== null)
  return where.length === 0 ? message : `${message}\nin ${where.join(", ")}`
}

/** Many reasons that differ in a name or a number alone have one cause: the first is given, and how many there are. */
export function grouped(reasons: readonly string[]): string[] {
  const groups = new Map<string, { first: string; count: number }>()
  for (const reason of reasons) {
    const form = formOf(reason)
    const group = groups.get(form)
    if (group === undefined) groups.set(form, { first: reason, count: 1 })
    else group.count += 1
  }
  return [...groups.values()].flatMap(({ first, count }) => {
    if (count <= FEW) return reasons.filter((reason) => formOf(reason) === formOf(first))
    return [`${first}\nand ${count - 1} more of the same kind`]
  })
}

/** So few are each of them read. */
const FEW = 3

/** Without what differs from one name to the next. */
function formOf(reason: string): string {
  return reason
    .replace(/"[^"]*"|'[^']*'/g, "…")
    .replace(
      /\b(table|column|index|constraint|foreign key|invariant|relation|type|nullable|default|comment)( of)? \S+/g,
      "$1 …",
    )
    .replace(/\b\w*[\d._]\w*\b/g, "…")
}
