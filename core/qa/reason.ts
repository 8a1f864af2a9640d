import type { Reason, ReasonCode } from "./result.js"

export type Detail = Partial<Pick<Reason, "file" | "line" | "test">>

/** Makes a reason of the suite that is judged. */
export type Say = (code: ReasonCode, message: string, detail?: Detail) => Reason

export function reason(suite: string, code: ReasonCode, message: string, detail: Detail = {}): Reason {
  return { code, suite, file: detail.file ?? null, line: detail.line ?? null, test: detail.test ?? null, message }
}

export function testDetail(id: string | null | undefined): Detail {
  return id ? { file: fileOf(id), test: id } : {}
}

export function fileOf(id: string): string {
  return id.split("::", 1)[0] ?? id
}

export function byFile(ids: string[]): Map<string, string[]> {
  const files = new Map<string, string[]>()
  for (const id of ids) {
    const file = fileOf(id)
    const known = files.get(file)
    if (known === undefined) files.set(file, [id])
    else known.push(id)
  }
  return files
}

export function tests(count: number): string {
  return count === 1 ? "1 test" : `${count} tests`
}

export function some(ids: string[]): string {
  const names = ids.slice(0, 3).map((id) => id.split("::").slice(1).join("::"))
  return ids.length > 3 ? `${names.join(", ")} and ${ids.length - 3} more` : names.join(", ")
}

/** What to write into tollgate.yaml, whole and on one line: a screen shows a reason in one. */
export function allow(suite: string, key: string, ids: string[]): string {
  return `qa.suites.${suite}.${key}: ${JSON.stringify(ids).replaceAll('","', '", "')}`
}
