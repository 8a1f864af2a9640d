import type { CiPart } from "../../core/config/gate.js"
import { ciGates, deployGates } from "../../core/config/gates.js"

/** Tables of the docs that are made of the registry of gates. `npm run schema` writes them. */

/** docs/ci.md: what each gate runs, and when it starts. */
const ofCi = (): string[] => ciGates.map(({ name, ci }) => `| \`${name}\` | ${ci.what} | ${startOf(ci)} |`)

function startOf({ needs, alone }: CiPart): string {
  const ended = needs.filter(({ must }) => must === "ended").map(({ gate }) => `\`${gate}\``)
  const passed = needs.filter(({ must }) => must === "passed").map(({ gate }) => `\`${gate}\``)
  const parts = [
    alone ? "last and alone" : needs.length === 0 ? "at once" : "",
    ended.length === 0 ? "" : `after ${ended.join(", ")}, unless it could not run`,
    passed.length === 0 ? "" : `if ${passed.join(", ")} passed`,
  ]
  return parts.filter((part) => part !== "").join(", ")
}

/** docs/deploy.md: the steps that are gates alone. */
const ofDeploy = (): string[] =>
  deployGates.map(({ deploy }) => `| \`${deploy.step}\` | ${deploy.what} | nothing was changed |`)

const tables = [
  { page: "docs/ci.md", before: "|---|---|---|\n", after: "\n\nA failed gate stops no other", rows: ofCi },
  { page: "docs/deploy.md", before: "| nothing was changed |\n", after: "\n| `migrations` |", rows: ofDeploy },
]

/** The pages with their tables anew. */
export function pagesWithTables(read: (path: string) => string): { page: string; text: string }[] {
  return tables.map(({ page, before, after, rows }) => {
    const text = read(page)
    const to = text.indexOf(after)
    const from = text.slice(0, to).indexOf(before) + before.length
    if (to < 0 || from < before.length) throw new RangeError(`${page} has lost the table of its gates`)
    return { page, text: text.slice(0, from) + rows().join("\n") + text.slice(to) }
  })
}
