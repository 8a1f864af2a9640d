import { posix } from "node:path"
import { type Directory, ExistsType } from "@dagger.io/dagger"
import type { Repository } from "../../source.js"
import { foldersUpwards, inFolder, type Layout, MANIFEST_NAMES, REQUIREMENTS_NAME } from "./layout.js"
import { referencesIn } from "./requirements-text.js"

/** Reads what package managers read. Whole lockfiles are small beside what they install. */
export async function readLayout({ root, path }: Repository): Promise<Layout> {
  const [upwards, members] = await Promise.all([
    Promise.all(foldersUpwards(path).map((folder) => manifestsOf(root, folder))),
    root.glob("**/pyproject.toml"),
  ])
  const own = members.filter((member) => !/(^|\/)(node_modules|\.venv|venv|site-packages)\//.test(member))
  const texts = new Map<string, string>()
  await readInto(texts, root, [...new Set([...upwards.flat(), ...own])])
  return { app: path, texts }
}

async function manifestsOf(root: Directory, folder: string): Promise<string[]> {
  const entries = await root.directory(folder).entries()
  const requirements = entries.includes("requirements/")
    ? await root.directory(inFolder(folder, "requirements")).entries()
    : []
  const names = [...entries, ...requirements.map((name) => `requirements/${name}`)]
  return names
    .filter((name) => MANIFEST_NAMES.includes(name) || REQUIREMENTS_NAME.test(name))
    .map((name) => inFolder(folder, name))
}

/** Requirements files are followed to those that they refer to. One that is not there is for the installer to miss. */
async function readInto(texts: Map<string, string>, root: Directory, paths: string[]): Promise<void> {
  const there = await Promise.all(
    paths.map(async (path) => ((await root.exists(path, { expectedType: ExistsType.RegularType })) ? path : null)),
  )
  const found = there.filter((path) => path !== null)
  for (const [index, text] of (await Promise.all(found.map((path) => root.file(path).contents()))).entries())
    texts.set(found[index] ?? "", text)
  const referred = found
    .filter((path) => /\.(txt|in)$/.test(path))
    .flatMap((path) =>
      referencesIn(texts.get(path) ?? "").map((reference) => posix.join(posix.dirname(path), reference)),
    )
    .filter((path) => !texts.has(path) && !path.startsWith(".."))
  if (referred.length > 0) await readInto(texts, root, [...new Set(referred)])
}

/** The same for files that tollgate.yaml lists. */
export async function readListed(repository: Repository, files: string[]): Promise<Layout> {
  const texts = new Map<string, string>()
  await readInto(
    texts,
    repository.root,
    files.map((file) => inFolder(repository.path, file)),
  )
  return { app: repository.path, texts }
}
