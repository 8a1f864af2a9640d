import { join } from "node:path"
import { contentKey } from "../content-key.js"
import { debianPart } from "../debian.js"
import { debian } from "./debian.js"
import type { BaseImage } from "./image.js"
import { node } from "./node.js"
import { postgres } from "./postgres.js"
import { python } from "./python.js"
import { redis } from "./redis.js"

/** In the order in which a first run needs them: the module's runtime is node, the rest belongs to the app under test. */
export const baseImages: readonly BaseImage[] = [debian, node, python, postgres, redis]

/** What an image was built from: the base system, what was built or fetched on the host, its own definition. */
export function imageKey(image: BaseImage): string {
  const shared = [debianPart().key, ...(image.parts ?? []).map((part) => part.key), ...(image.facts ?? [])]
  return contentKey([...shared, ...image.names], [join(import.meta.dirname, "image.ts"), ...image.definedIn])
}
