import { cp, mkdir, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import { run } from "./command.js"
import { contentKey } from "./content-key.js"
import { enginePart } from "./go-build.js"
import type { Home } from "./home.js"
import { writeOciLayout } from "./oci-layout.js"
import { buildPart, type Part, partFolder } from "./part.js"
import { engineFolder } from "./version.js"

const source = join(engineFolder, "sdk")

/** The SDK's own packages, bundled; needs no engine, so it is made while Go compiles. */
export function sdkFilesPart(): Part {
  return { name: "sdkfiles", key: contentKey([process.arch], [source, import.meta.filename]) }
}

/** The files above with the engine's code generator, as an image layout: what the engine takes for its builtin SDK. */
export function sdkPart(): Part {
  return { name: "sdk", key: contentKey([sdkFilesPart().key, enginePart().key], [join(engineFolder, "oci-layout.ts")]) }
}

export async function buildSdkFiles(home: Home): Promise<void> {
  const log = join(home.log, "sdk.log")
  await buildPart(home, sdkFilesPart(), async (folder) => {
    const work = join(folder, "work")
    await cp(source, work, { recursive: true, filter: (path) => !path.includes("node_modules") })
    for (const folder of [work, join(work, "tsx")])
      await run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], { log, cwd: folder, contained: true })
    await run(["node", "bundle.mjs", folder], { log, cwd: work, contained: true })
    await rm(work, { recursive: true })
  })
}

export async function buildSdkContent(home: Home): Promise<void> {
  const log = join(home.log, "sdk.log")
  await buildPart(home, sdkPart(), async (folder) => {
    const files = join(folder, "files")
    await mkdir(files)
    await cp(partFolder(home, sdkFilesPart()), files, { recursive: true, verbatimSymlinks: true })
    await cp(join(partFolder(home, enginePart()), "codegen"), join(files, "codegen"))
    await writeOciLayout(files, folder, log)
    await rm(files, { recursive: true })
  })
}

/** How the engine's environment names its builtin SDK. */
export async function sdkDigest(home: Home): Promise<string> {
  const index = z.object({ manifests: z.array(z.object({ digest: z.string() })).min(1) })
  const text = await readFile(join(partFolder(home, sdkPart()), "index.json"), "utf8")
  return index.parse(JSON.parse(text)).manifests[0]?.digest ?? ""
}
