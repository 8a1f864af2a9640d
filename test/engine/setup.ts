import { currentHome, terminal, useEngine } from "../../cli/engine/connect.js"
import { toolNames } from "../../dagger/engine/tools/tool.js"

/** Before the first engine test: an engine runs with all tools, and the variables that the workers inherit name it. */
export default async function setup(): Promise<void> {
  await useEngine(currentHome(), process.env, terminal(), toolNames)
}
