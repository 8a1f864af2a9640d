import { lock, type Owner } from "../../bin/lock.mjs"
import type { Home } from "./home.js"
import { findRoom } from "./process.js"
import { stopRoom } from "./room.js"
import type { Steps } from "./steps.js"

/** Stops the engine and leaves no process, mount, network device or firewall rule. What was built and cached stays. */
export async function down(home: Home, steps: Steps, onWait: (owner: Owner) => void): Promise<boolean> {
  const unlock = await lock(`engine:${home.root}`, "tollgate engine down", onWait)
  try {
    if (await findRoom(home.root))
      return await steps.run("engine stop (it lets work in progress finish)", () => stopRoom(home))
    // killed or rebooted: there may be traces of it all the same
    return await stopRoom(home)
  } finally {
    await unlock()
  }
}
