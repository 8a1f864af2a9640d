import { randomUUID } from "node:crypto"
import { type Container, dag } from "@dagger.io/dagger"
import type { DatabaseSettings } from "../config/database.js"
import { type Ask, askContainer } from "./ask.js"
import type { Reach } from "./reach.js"
import { throwAwayServer } from "./throw-away-server.js"

const HOST = "rehearsal.tollgate"

export interface Scratch {
  reach: Reach
  ask: Ask
  stop(): Promise<void>
}

/**
 * A throw-away server in the engine, for one rehearsal. Production's own server needs neither room nor rights for it, and nothing that
 * goes wrong here is near the data.
 */
export async function startScratch(settings: DatabaseSettings, original: Reach, client: Container, nonce: () => string): Promise<Scratch> {
  // not tollgate: a schema of the user's own name comes first in the search path
  const login = { user: "rehearsal", password: randomUUID(), database: "rehearsal" }
  const service = throwAwayServer({
    image: settings.image,
    superuser: login.user,
    database: login.database,
    password: dag.setSecret(`tollgate-rehearsal-${login.password}`, login.password),
    settings: ["max_wal_size=4GB", "wal_level=minimal", "max_wal_senders=0"],
    nonce: nonce(),
  })
  // kept up for the whole rehearsal: between two programs the engine would end it, and its data with it
  await service.start()
  const reach = original.onService((container) => container.withServiceBinding(HOST, service), HOST, login)
  return {
    reach,
    ask: askContainer(reach.inContainer(client), nonce),
    stop: async () => {
      await service.stop({ kill: true })
    },
  }
}
