/** A line of a requirements file as pip joins it, without its comment. */
function lines(text: string): string[] {
  return text
    .replaceAll("\0", "")
    .replace(/^[\uFEFF\uFFFD]+/, "")
    .replace(/\\\r?\n/g, "")
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
}

/** Other files that a requirements file reads: -r, -c. Not those of the network. */
export function referencesIn(text: string): string[] {
  return lines(text).flatMap((line) => {
    const file = /^(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(["']?)(.+)\1$/.exec(line)?.[2]
    return file === undefined || /^[a-z][a-z0-9+.-]*:\/\/|\$\{/i.test(file) ? [] : [file]
  })
}

/** What a requirements file installs from the repository itself: projects, wheels, folders of wheels. */
export function localEntries(text: string): string[] {
  return lines(text).filter((line) => {
    const wanted =
      /^(?:-e|--editable|-f|--find-links)(?:\s*=\s*|\s+)(.+)$/.exec(line)?.[1] ?? (line.startsWith("-") ? "" : line)
    if (/^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?file:(?!\/\/\/)/.test(wanted)) return true
    return (
      wanted !== "" &&
      !/^[a-z][a-z0-9+.-]*:\/\/|\s@\s/i.test(wanted) &&
      // no package's name has a /; a marker or --hash may follow
      (/^[^\s;@]*\/|^\.{1,2}($|\[)/.test(wanted) ||
        /^[^\s;@]+\.(?:whl|tar\.gz|zip)(?:$|[\s;])/.test(wanted) ||
        (line.startsWith("-") && !/^git\+/.test(wanted)))
    )
  })
}

/** The same file without those lines: enough to install everything else before the source is there. */
export function withoutLocalEntries(text: string): string {
  const local = new Set(localEntries(text))
  return lines(text)
    .filter((line) => !local.has(line))
    .join("\n")
    .concat("\n")
}

export interface LocalProject {
  /** As the package manager wrote it: relative to its root, or absolute. */
  path: string
  editable: boolean
  /** An environment marker, where there is one. */
  marker: string | null
}

/** What a package manager exported: what comes from indexes, and the repository's own projects. */
export function splitExport(text: string): { remote: string; local: LocalProject[] } {
  const local: LocalProject[] = []
  const kept: string[] = []
  for (const line of text.split("\n")) {
    const [wanted = "", marker] = line
      .replace(/\\$/, "")
      .trim()
      .split(/\s+;\s*/, 2)
    const path =
      /^(?:-e|--editable)\s+(?:file:\/\/)?((?:\.|\/).*)$/.exec(wanted)?.[1] ??
      /^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)file:\/\/(\/.+)$/.exec(wanted)?.[1] ??
      /^(?:file:\/\/)?((?:\.{1,2}|\/)(?:\/.*)?|\/.*)$/.exec(wanted)?.[1]
    if (path === undefined) kept.push(line)
    else
      local.push({
        path: decodeURI(path.replace(/#.*$/, "")),
        editable: /^(-e|--editable)\s/.test(wanted),
        marker: marker?.replace(/\s*(?:--hash.*|\\)$/, "") ?? null,
      })
  }
  return { remote: kept.join("\n"), local }
}
