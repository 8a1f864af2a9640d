import { SCRIPTS } from "./app-alembic.js"

/** Where a program finds its database in a network that has nothing else, and where that database is. */
export interface Bridge {
  host: string
  port: number
  to: { socket: string } | { host: string; port: number }
}

/** With this the engine lets the launcher make the network; what it starts has a container's usual rights. */
export const ALONE = { insecureRootCapabilities: true }

/** The command that runs the app's Python where it reaches that database alone. Runs with the options of ALONE. */
export function aloneCommand(interpreter: string, bridge: Bridge, program: readonly string[]): string[] {
  return [interpreter, `${SCRIPTS}/tollgate_alone.py`, JSON.stringify(bridge), interpreter, ...program]
}
