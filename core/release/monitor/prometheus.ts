/** One line of Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export interface Sample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

const LINE = /^([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*$/
const LABEL = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y

/**
 * Skips lines that it cannot parse: the verdict names a missing figure. parse-prometheus-text-format 1.1.1, the one library on npm, has no
 * types, rejects the whole text for one bad line, and accepts any word as a value.
 */
export function parsePrometheus(text: string): Sample[] {
  return text.split("\n").flatMap((line): Sample[] => {
    const [, name, inside = "", written = ""] = LINE.exec(line) ?? []
    const labels = parseLabels(inside)
    const value = /^[+-]?Inf$/.test(written) ? (written.startsWith("-") ? -Infinity : Infinity) : Number(written)
    return name === undefined || labels === null || Number.isNaN(value) ? [] : [{ name, labels, value }]
  })
}

function parseLabels(inside: string): Map<string, string> | null {
  const labels = new Map<string, string>()
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < inside.length) {
    const found = LABEL.exec(inside)
    if (found === null) return null
    labels.set(
      found[1] ?? "",
      (found[2] ?? "").replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped)),
    )
  }
  return labels
}

/** Sum of a counter over all samples whose label has one of the values. */
export function sumOf(samples: readonly Sample[], metric: string, label: string, values: readonly string[]): number {
  return samples
    .filter(({ name, labels }) => name === metric && values.includes(labels.get(label) ?? ""))
    .reduce((sum, { value }) => sum + value, 0)
}
