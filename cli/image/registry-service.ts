import { dag, type Service } from "@dagger.io/dagger"
import { TollgateError } from "../../core/shared/errors.js"

/** A registry that this machine can reach, as a service for the engine. */
export function registryService(address: string): Service {
  const [, host, port] = /^tcp:\/\/([^/:\s]+):(\d{1,5})$/.exec(address) ?? []
  if (host === undefined || port === undefined)
    throw new TollgateError(
      "registry-service",
      `--registry-service=${JSON.stringify(address)} is not an address.`,
      "Pass it as tcp://HOST:PORT, such as --registry-service=tcp://localhost:5000.",
    )
  return dag.host().service([{ frontend: Number(port), backend: Number(port) }], { host })
}
