import { mkdir } from "node:fs/promises"
import { lock, type Owner } from "../../../bin/lock.mjs"
import { requireSpace } from "../disk.js"
import type { Home } from "../home.js"
import { imagesToPublish } from "../images/published.js"
import { partExists, removeOutdated } from "../part.js"
import type { Steps } from "../steps.js"
import { k6 } from "./k6.js"
import { kamalProxy } from "./kamal-proxy.js"
import { postgresTool } from "./postgres.js"
import type { Tool, ToolName } from "./tool.js"
import { trivy } from "./trivy.js"

const tools: Record<ToolName, (home: Home) => Tool | Promise<Tool>> = {
  trivy,
  k6: () => k6,
  "kamal-proxy": () => kamalProxy,
  "postgres-13": () => postgresTool("postgres-13", 13, "bullseye"),
  "postgres-17": () => postgresTool("postgres-17", 17, "trixie"),
}

/** Sees to it that the engine, which must be up, has the images of some tools. Safe to interrupt and to run again. */
export async function ensureTools(
  home: Home,
  names: readonly ToolName[],
  steps: Steps,
  onWait: (owner: Owner) => void,
): Promise<void> {
  for (const name of names) {
    const tool = await tools[name](home)
    if (await isReady(home, tool)) continue
    const unlock = await lock(`engine:${home.root}`, `tollgate, building ${name}`, onWait)
    try {
      await ensureTool(home, tool, steps)
    } finally {
      await unlock()
    }
  }
}

async function isReady(home: Home, tool: Tool): Promise<boolean> {
  return (
    partExists(home, tool.part) &&
    (await imagesToPublish(home, [tool.image])).length === 0 &&
    ((await tool.ready?.(home)) ?? true)
  )
}

async function ensureTool(home: Home, tool: Tool, steps: Steps): Promise<void> {
  await mkdir(home.log, { recursive: true })
  if (!partExists(home, tool.part)) {
    await requireSpace(home.root, 5, `Building ${tool.name}`)
    await steps.run(tool.what, () => tool.build(home))
  }
  const images = await imagesToPublish(home, [tool.image])
  if (images.length > 0) {
    // brings Dagger's SDK with it: not for every command
    const { publishImages } = await import("../images/publish.js")
    await publishImages(home, images, steps)
  }
  if (!((await tool.ready?.(home)) ?? true)) await tool.prepare?.(home, steps)
  await removeOutdated(home, [tool.part])
}
