/** Parses a path such as `checks.postgres` or `items[0].id`; null when it is not a path. */
export function parsePlace(written: string): (string | number)[] | null {
  const steps: (string | number)[] = []
  const step = /(?:^|(?<=.)\.)([^.[\]\s]+)|\[(\d+)\]/y
  let end = 0
  while (end < written.length) {
    step.lastIndex = end
    const found = step.exec(written)
    if (found === null) return null
    steps.push(found[2] === undefined ? (found[1] ?? "") : Number(found[2]))
    end = step.lastIndex
  }
  return steps.length === 0 ? null : steps
}
