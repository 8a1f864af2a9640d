import { dag } from "@dagger.io/dagger"
import { addressOf, type Door } from "../../src/release/target/sandbox/door.js"

/** From this machine: a tunnel of the engine's. */
export const hostDoor: Door = async (service, port) => {
  const tunnel = await dag.host().tunnel(service, { ports: [{ backend: port, frontend: 0 }] }).start()
  return addressOf(await tunnel.endpoint())
}
