import { currentHome, terminal, useEngine } from "../../cli/engine/connect.js"

/** Before the first engine test: an engine runs, and the variables that the workers inherit name it. */
export default async function setup(): Promise<void> {
  await useEngine(currentHome(), process.env, terminal())
}
