import type { Home } from "../home.js"
import type { BaseImage } from "../images/image.js"
import type { Part } from "../part.js"
import type { Steps } from "../steps.js"

export const toolNames = ["trivy", "k6", "kamal-proxy", "postgres-13", "postgres-17"] as const
export type ToolName = (typeof toolNames)[number]

/** A program that only some gates need: built when one first does, and kept. */
export interface Tool {
  name: ToolName
  /** What is built, and how long that takes the first time: said before it begins. */
  what: string
  part: Part
  build(home: Home): Promise<string>
  image: BaseImage
  /** What else must be there before it can be used; told apart from the image because it ages. */
  ready?(home: Home): Promise<boolean>
  prepare?(home: Home, steps: Steps): Promise<void>
}
