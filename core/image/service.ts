import { readFile } from "node:fs/promises"
import { type Container, type Directory, dag, type Service } from "@dagger.io/dagger"
import { busybox } from "../app/busybox.js"
import type { Settings } from "../config/schema.js"
import { withServices, withSettings } from "../qa/services.js"
import { TollgateError } from "../shared/errors.js"
import { words } from "../shared/shell-words.js"

const TOOLS = "/.tollgate"
/** Port of the supervisor's state; services rarely use it. */
export const STATE_PORT = 47471

/** Host name of the service for clients. */
export const APP_HOST = "app"

const DEFAULT_SHELL = ["/bin/sh", "-c"]

export interface RunningApp {
  service: Service
  /** The container with the service reachable as `app` on image.port. */
  client(container: Container): Container
  /** Whether the image has a HEALTHCHECK for the supervisor to run. */
  hasHealthcheck: boolean
}

/**
 * The image as a running service with its own Postgres and Redis, its environment, and image.before done. A supervisor runs
 * the image's command: if it exits, the container stays up and its state can be read.
 *
 * @param instance distinguishes this instance, with its database, from others of the same image
 * @param shell the image's SHELL, with which Docker runs a health check in shell form
 */
export async function runningApp(
  image: Container,
  settings: Settings,
  instance: string,
  shell: readonly string[] = DEFAULT_SHELL,
): Promise<RunningApp> {
  const { port, env, before } = settings.image
  const command = await commandOf(image)
  const { directory, hasHealthcheck } = await supervisor(image, before, shell)
  // the engine would run the image's check itself, and fails on HEALTHCHECK NONE
  let container = (await withGroup(image)).withoutDockerHealthcheck()
  const services = settings.image.services ?? settings.qa.services
  container = withSettings(withServices(container, services, instance), env, services)
  const service = container
    .withMountedDirectory(TOOLS, directory)
    .withEnvVariable("TOLLGATE_STATE_PORT", String(STATE_PORT))
    .withEnvVariable("TOLLGATE_APP", instance)
    .withExposedPort(STATE_PORT)
    .withExposedPort(port, { experimentalSkipHealthcheck: true })
    .asService({ args: [`${TOOLS}/busybox`, "sh", `${TOOLS}/supervise.sh`, ...command] })
  return { service, hasHealthcheck, client: (client) => client.withServiceBinding(APP_HOST, service) }
}

/** For a numeric user, Docker takes the group from /etc/passwd, or root's group. The engine needs it explicitly. */
async function withGroup(image: Container): Promise<Container> {
  const user = await image.user()
  if (!/^\d+$/.test(user)) return image
  const passwd = (await image.exists("/etc/passwd")) ? await image.file("/etc/passwd").contents() : ""
  const entry = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .find(([, , uid]) => uid === user)
  return image.withUser(`${user}:${entry?.[3] ?? "0"}`)
}

async function commandOf(image: Container): Promise<string[]> {
  const [entrypoint, args] = await Promise.all([image.entrypoint(), image.defaultArgs()])
  const command = [...entrypoint, ...args]
  if (command.length === 0)
    throw new TollgateError(
      "image-no-command",
      "The image has neither ENTRYPOINT nor CMD.",
      "Add a CMD to the Dockerfile that starts the service.",
    )
  return command
}

async function supervisor(
  image: Container,
  before: string[],
  shell: readonly string[],
): Promise<{ directory: Directory; hasHealthcheck: boolean }> {
  const script = await readFile(new URL("container/supervise.sh", import.meta.url), "utf8")
  let directory = dag
    .directory()
    .withFile("busybox", busybox(await image.platform()))
    .withNewFile("supervise.sh", script)
    // the image may run as any user
    .withNewDirectory("state", { permissions: 0o777 })
  for (const [index, command] of before.entries())
    directory = directory.withNewFile(`before/${String(index).padStart(3, "0")}`, `${command}\n`)
  const check = image.dockerHealthcheck()
  // null for an image without a health check, despite the type
  const args: string[] | null = await check.args()
  const hasHealthcheck = args !== null && args.length > 0
  if (hasHealthcheck) {
    const line = (await check.shell()) ? [...shell, ...args] : args
    directory = directory
      .withNewFile("health", `set -- ${words(...line)}\n`)
      .withNewFile("health-timeout", `${seconds(await check.timeout()) || 30}\n`)
  }
  return { directory, hasHealthcheck }
}

/** Go writes durations as 1m30s. */
function seconds(duration: string): number {
  const part = (unit: string) => Number(new RegExp(`([\\d.]+)${unit}(?![a-z])`).exec(duration)?.[1] ?? 0)
  return Math.ceil(part("h") * 3600 + part("m") * 60 + part("s") + part("ms") / 1000)
}
