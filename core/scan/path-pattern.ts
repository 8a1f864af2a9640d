/** Whether a path matches a glob: `*` within one name, `**` across folders. The pattern of a folder matches everything in it. */
export function matchesPath(path: string, pattern: string): boolean {
  const parts = pattern
    .replace(/\/+$/, "")
    .split("/")
    .map((part) => (part === "**" ? null : expression(part)))
  const source = parts
    .map((part, index) => (part === null ? "(?:.*/)?" : part + (index === parts.length - 1 ? "" : "/")))
    .join("")
  return new RegExp(`^${source}${parts.at(-1) === null ? ".*" : "(?:/.*)?"}$`).test(path)
}

function expression(part: string): string {
  return part
    .split("*")
    .map((text) =>
      text
        .split("?")
        .map((plain) => plain.replace(/[\\^$.|+()[\]{}]/g, "\\$&"))
        .join("[^/]"),
    )
    .join("[^/]*")
}
