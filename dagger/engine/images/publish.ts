import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { type Container, dag, ExecError } from "@dagger.io/dagger"
import { TollgateError } from "../../../core/shared/errors.js"
import { lastLines } from "../command.js"
import { debianPart } from "../debian.js"
import { setEngineEnvironment } from "../environment.js"
import type { Home } from "../home.js"
import { writeJson } from "../json-file.js"
import { type Part, partFolder } from "../part.js"
import { roomRegistry } from "../registry.js"
import { inSession } from "../session.js"
import type { Steps } from "../steps.js"
import type { BaseImage } from "./image.js"
import { imageKey } from "./index.js"
import { publishedImages, repositoryOf } from "./published.js"

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** Builds images and publishes them under their public names, each recorded as soon as it is there. */
export async function publishImages(home: Home, images: readonly BaseImage[], steps: Steps): Promise<void> {
  setEngineEnvironment(home, process.env)
  const published = await publishedImages(home)
  const logPath = join(home.log, "images.log")
  await inSession(createWriteStream(logPath), logPath, async () => {
    const debian = dag
      .container()
      .withRootfs(dag.host().directory(partFolder(home, debianPart())))
      .withEnvVariable("PATH", path)
    const folder = (part: Part) => dag.host().directory(partFolder(home, part))
    for (const image of images) {
      const first = image.names[0] ?? ""
      await steps.run(`image ${first}`, async () => {
        const quiet = debian.withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
        const built = image.build(quiet, folder).withoutEnvVariable("DEBIAN_FRONTEND")
        const reference = await publish(built, image, logPath)
        published[first] = { key: imageKey(image), reference }
        await writeJson(home.images, published)
      })
    }
  })
}

async function publish(container: Container, image: BaseImage, log: string): Promise<string> {
  let reference = ""
  try {
    for (const name of image.names) reference = await container.publish(`${roomRegistry}/${repositoryOf(name)}`)
  } catch (error) {
    const output = error instanceof ExecError ? `\n${lastLines(error.stderr || error.stdout, 15)}` : ""
    throw new TollgateError(
      "engine.image-failed",
      `The image ${image.names[0]} could not be built: ${error instanceof Error ? error.message : String(error)}${output}`,
      `Are Debian's and the package registries' servers reachable? All of the log: ${log}. Then run the same command again.`,
    )
  }
  return reference
}
