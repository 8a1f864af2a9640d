import type { Service } from "@dagger.io/dagger"
import { identityOf, machine } from "./machine.js"

/** The name of the volumes of `deploy --env=sandbox`. */
export const SANDBOX = "sandbox"

/** The sandbox's host as a service: port 80 is its proxy's, port 22 its sshd's. Its registry runs beside it. */
export async function sandboxService(name = SANDBOX): Promise<Service> {
  // made when they are first asked for, and read by the host when it starts
  await identityOf(name)
  return await machine(name)
}
