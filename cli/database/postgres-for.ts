import { type ToolName, toolNames } from "../../dagger/engine/tools/tool.js"

/** Majors of Postgres that the engine without Docker builds when they are first asked for. */
export function postgresFor(image: string): ToolName[] {
  return toolNames.filter((name) => name === image.replace(/^postgres:(\d+)(?:-[a-z]+)?$/, "postgres-$1"))
}
