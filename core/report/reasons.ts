import type { Reason, SuiteResult } from "../qa/result.js"

export interface ReasonShare {
  suite: SuiteResult
  shown: Reason[]
  hidden: number
}

/** Distributes the limit over all failed suites, so that a suite with many failures does not hide another's only one. */
export function shareReasons(suites: SuiteResult[], limit: number): ReasonShare[] {
  const failed = suites.flatMap((suite) =>
    suite.verdict.kind === "failed" ? [{ suite, reasons: suite.verdict.reasons }] : [],
  )
  const shares = failed.map(() => 0)
  let left = limit
  let dealt = true
  while (left > 0 && dealt) {
    dealt = false
    for (const [index, { reasons }] of failed.entries()) {
      const share = shares[index] ?? 0
      if (left === 0 || share >= reasons.length) continue
      shares[index] = share + 1
      left -= 1
      dealt = true
    }
  }
  return failed.map(({ suite, reasons }, index) => {
    const share = shares[index] ?? 0
    return { suite, shown: reasons.slice(0, share), hidden: reasons.length - share }
  })
}

export function place(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`
}

/** Without the file, which the line shows already. */
export function testName(reason: Reason): string | null {
  if (reason.test === null) return null
  return reason.file !== null && reason.test.startsWith(`${reason.file}::`)
    ? reason.test.slice(reason.file.length + 2)
    : reason.test
}
