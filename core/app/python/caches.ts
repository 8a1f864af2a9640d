import { type Container, dag } from "@dagger.io/dagger"

/**
 * Whose cache it is. Nothing that runs with one can write another: the code under test would otherwise leave wheels for the image, and the
 * code of an image's build would leave them for the tools that see credentials.
 */
export type CacheOwner = "test" | "image" | "tools"

const PIP = "/root/.cache/pip"

/** @param apart tells apart the caches of builds that must not know each other */
export function withPipCache(container: Container, owner: CacheOwner, apart = ""): Container {
  return container.withMountedCache(PIP, dag.cacheVolume(`tollgate-pip-${owner}${apart}`))
}

/** A container in which pip installs what a tool of Tollgate's own needs. */
export function forTools(image: string): Container {
  const quiet = dag
    .container()
    .from(image)
    .withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    .withEnvVariable("PIP_ROOT_USER_ACTION", "ignore")
  return withPipCache(quiet, "tools")
}

/** Before anything runs that is not an installation. */
export function withoutPipCache(container: Container): Container {
  return container.withoutMount(PIP)
}

export function withUvCache(container: Container, path: string, owner: CacheOwner, apart = ""): Container {
  return container.withMountedCache(path, dag.cacheVolume(`tollgate-uv-${owner}${apart}`))
}
