import { posix } from "node:path"
import { instructions } from "../image/dockerfile-text.js"
import { unquoted, wordsOf } from "../image/dockerfile-words.js"
import { folderOf, type RepositoryFiles } from "./repository.js"

export interface FoundDockerfile {
  /** From the repository's root. */
  path: string
  /** Folder that it is built from, from the repository's root. */
  context: string
}

/** The app's Dockerfile: in its folder, or above it where it copies from there. */
export function findDockerfile(files: RepositoryFiles, app: string): FoundDockerfile | null {
  const path = [app, "."].map((folder) => posix.join(folder, "Dockerfile")).find((one) => files.paths.includes(one))
  if (path === undefined) return null
  const copied = copiedBy(files.texts.get(path) ?? "")
  const [context = app] = [folderOf(path), "."].filter((folder) => copied.every((name) => isThere(files, folder, name)))
  return { path, context }
}

/** What COPY and ADD take from the context; what a pattern or a variable stands for is not known here. */
function copiedBy(dockerfile: string): string[] {
  return instructions(dockerfile)
    .filter(({ keyword, rest }) => (keyword === "COPY" || keyword === "ADD") && !/(^|\s)--from=/.test(rest))
    .flatMap(({ rest }) => {
      const words = rest.startsWith("[") ? [] : (wordsOf(rest) ?? []).filter((word) => !word.startsWith("--"))
      return words.slice(0, -1).map(unquoted)
    })
    .filter((name) => !/[*?[$<]|^https?:|^git@/.test(name))
    .map((name) => posix.join(".", name.replace(/^\/+/, "")).replace(/\/$/, ""))
}

function isThere({ paths }: RepositoryFiles, folder: string, name: string): boolean {
  const path = posix.join(folder, name)
  return path === "." || paths.some((one) => one === path || one.startsWith(`${path}/`))
}
