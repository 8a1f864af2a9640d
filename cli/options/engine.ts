import { z } from "zod"
import { toolNames } from "../../dagger/engine/tools/tool.js"
import { choices } from "./option.js"

export const upOptions = z.object({
  with: choices(
    toolNames,
    "also build the images of these tools; otherwise each is built when a command first needs it",
  ),
})
