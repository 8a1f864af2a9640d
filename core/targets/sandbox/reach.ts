import type { Service } from "@dagger.io/dagger"

/** How a program that is not in the sandbox's network reaches one of its ports. */
export type Reach = (service: Service, port: number) => Promise<{ host: string; port: number }>

/** From a function of the module: it runs in the engine, where services have names. */
export const reachInEngine: Reach = async (service, port) => {
  const started = await service.start()
  return addressOf(await started.endpoint({ port }))
}

export function addressOf(endpoint: string): { host: string; port: number } {
  const at = endpoint.lastIndexOf(":")
  return { host: endpoint.slice(0, at), port: Number(endpoint.slice(at + 1)) }
}
