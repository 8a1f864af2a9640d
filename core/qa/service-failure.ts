import type { ServicesSettings } from "../config/services.js"
import { lastCause } from "../shared/engine-cause.js"
import { TollgateError } from "../shared/errors.js"

/**
 * The engine's error about a service that did not start, with the service's name and image; null for any other error.
 *
 * @param place where tollgate.yaml lists the services
 */
export function serviceFailure(message: string, place: string, services: ServicesSettings): TollgateError | null {
  const images = imagesOf(services)
  const started = [...message.matchAll(/\(aliased as ([a-z0-9-]+)\): /g)].findLast(([, name = ""]) => images.has(name))
  if (started !== undefined) {
    const [written, name = ""] = started
    const [cause = ""] = message.slice(started.index + written.length).split(/\s*(?:\[traceparent|\n)/, 1)
    return new TollgateError(
      "service-not-started",
      `The service ${name} (${images.get(name)}) did not ${why(cause)}`,
      `Its output is in the engine's log. Correct ${place}.${name} in tollgate.yaml, or run the image by itself: \`docker run --rm ${images.get(name)}\`.`,
    )
  }
  const pulled = /failed to resolve image "([^"]+)"/.exec(message)?.[1] ?? ""
  const missing = [...images].find(([, image]) => pulled.endsWith(`/${image}`) || pulled === image)
  if (missing === undefined) return null
  const [name, image] = missing
  return new TollgateError(
    "image-unavailable",
    `Could not pull ${image} (${place}.${name}): ${lastCause(message)}`,
    `Correct ${place}.${name}.image of tollgate.yaml, or make sure that the engine reaches the image's registry and may read from it.`,
  )
}

/** Runs what starts the services with its container. */
export async function namingServices<Result>(
  place: string,
  services: ServicesSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw (error instanceof Error ? serviceFailure(error.message, place, services) : null) ?? error
  }
}

function why(cause: string): string {
  const check = /^health check errored: (?:exit code: (\d+))?/.exec(cause)
  if (check !== null)
    return `become healthy within 90 s${check[1] === undefined ? "" : `: its check exited with code ${check[1]}`}.`
  const code = /^exit code: (\d+)/.exec(cause)?.[1]
  return code === undefined ? `start: ${cause}` : `stay up: it exited with code ${code}.`
}

function imagesOf({ postgres, redis, others }: ServicesSettings): Map<string, string> {
  return new Map([
    ...(postgres === false ? [] : [["postgres", postgres.image] as const]),
    ...(redis === false ? [] : [["redis", redis.image] as const]),
    ...Object.entries(others).map(([name, { image }]) => [name, image] as const),
  ])
}
