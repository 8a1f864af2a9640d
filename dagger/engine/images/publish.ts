import { connection, dag } from "@dagger.io/dagger"
import { createWriteStream, existsSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { debianPart } from "../debian.js"
import { setEngineEnvironment } from "../environment.js"
import type { Home } from "../home.js"
import { readJson, writeJson } from "../json-file.js"
import { partFolder } from "../part.js"
import type { Steps } from "../steps.js"
import type { BaseImage } from "./image.js"
import { baseImages, imageKey } from "./index.js"

const registry = "127.0.0.1:5000/library"
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** key: what the image was built from, by its first name */
const publishedSchema = z.record(z.string(), z.object({ key: z.string(), reference: z.string() }))
export type Published = z.infer<typeof publishedSchema>

export async function publishedImages(home: Home): Promise<Published> {
  return (await readJson(home.images, publishedSchema)) ?? {}
}

/** Pure: which images are missing in the registry or were built from something else. */
export function missingImages(images: readonly BaseImage[], published: Published, debianKey: string, inRegistry: (name: string) => boolean): BaseImage[] {
  return images.filter((image) => {
    const first = image.names[0] ?? ""
    return published[first]?.key !== imageKey(image, debianKey) || !image.names.every(inRegistry)
  })
}

export function imagesToPublish(home: Home, published: Published): BaseImage[] {
  return missingImages(baseImages, published, debianPart().key, (name) => existsInRegistry(home, name))
}

// the registry's own files say what it has: asking them costs no connection into the room
function existsInRegistry(home: Home, name: string): boolean {
  const [repository = "", tag = ""] = name.split(":")
  return existsSync(join(home.registry, "docker/registry/v2/repositories/library", repository, "_manifests/tags", tag, "current/link"))
}

/** Builds and publishes what is missing, each recorded as soon as it is there. */
export async function publishImages(home: Home, images: readonly BaseImage[], steps: Steps): Promise<void> {
  setEngineEnvironment(home, process.env)
  const published = await publishedImages(home)
  const log = createWriteStream(join(home.log, "images.log"), { flags: "a" })
  await connection(
    async () => {
      const root = dag.host().directory(partFolder(home, debianPart()))
      const debian = dag.container().withRootfs(root).withEnvVariable("PATH", path)
      for (const image of images) {
        const first = image.names[0] ?? ""
        await steps.run(`image ${first}`, async () => {
          const base = debian.withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
          const built = image.build(base).withoutEnvVariable("DEBIAN_FRONTEND")
          let reference = ""
          for (const name of image.names) reference = await built.publish(`${registry}/${name}`)
          published[first] = { key: imageKey(image, debianPart().key), reference }
          await writeJson(home.images, published)
        })
      }
    },
    { LogOutput: log },
  )
  log.end()
}
