import { type Container, dag } from "@dagger.io/dagger"
import { TollgateError } from "../../shared/errors.js"
import { isLoopback } from "../connect/address.js"
import type { EntryPoint } from "../connect/reach.js"

const LOOPBACK_ALIAS = "storage.tollgate"

export interface S3Endpoint {
  /** null: Amazon's own for the region. */
  endpoint: string | null
  bind(container: Container): Container
}

/** Storage at an address of the network is the same for a container; a machine's own is reached through the engine. */
export function s3Endpoint(given: string | undefined, entryPoint: EntryPoint): S3Endpoint {
  if (given === undefined) return { endpoint: null, bind: (container) => container }
  const url = new URL(given)
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1")
  if (!isLoopback(host)) return { endpoint: given, bind: (container) => container }
  if (entryPoint === "module")
    throw new TollgateError(
      "backup-loopback",
      `database.backup.s3.endpoint names the host ${host}: from inside the engine that is not your machine.`,
      "Use the storage's name or address in the network, or the command line (npx tollgate …), which can reach your machine's own ports.",
    )
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port)
  const service = dag
    .host()
    .service([{ backend: port, frontend: port }], { host: host === "localhost" ? "127.0.0.1" : host })
  return {
    endpoint: `${url.protocol}//${LOOPBACK_ALIAS}:${port}`,
    bind: (container) => container.withServiceBinding(LOOPBACK_ALIAS, service),
  }
}
