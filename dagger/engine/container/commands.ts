/** Pure: the engine in a container of its own, and the commands that Docker, Podman and nerdctl share. */

/** Clients that both answer on this machine and have a driver in the dagger CLI, in the order in which they are tried. */
export const containerClients = ["docker", "podman", "nerdctl"] as const
export type ContainerClient = (typeof containerClients)[number]

/** Not `dagger-engine-…`: those a dagger CLI of another version removes, with all their volumes. */
export const namePrefix = "tollgate-engine-"

export function containerName(version: string): string {
  return `${namePrefix}${version}`
}

/** Named, so that `docker rm -v` leaves it. Of one version: an engine throws away the state of another. */
export function volumeName(version: string): string {
  return containerName(version)
}

export function imageOf(version: string): string {
  return `registry.dagger.io/engine:${version}`
}

/** The value of _EXPERIMENTAL_DAGGER_RUNNER_HOST: of this very client, whichever else is installed. */
export function runnerOf(client: ContainerClient, version: string): string {
  return `container+${client}://${containerName(version)}`
}

// the engine writes its cache down when it is told to stop; killed before, it starts without its volumes
const stopSeconds = 330

export interface ContainerSettings {
  version: string
  /** The engine's engine.json. */
  config: string
  /** A folder of certificate authorities that the engine must trust. */
  certificates: string | undefined
}

/** As the dagger CLI starts it (engine/client/drivers/container.go of v0.21.8), under other names and with time to stop. */
export function runCommand(client: ContainerClient, { version, config, certificates }: ContainerSettings): string[] {
  return [
    client,
    "run",
    "--detach",
    "--name",
    containerName(version),
    "--restart",
    "always",
    "--privileged",
    "--stop-timeout",
    String(stopSeconds),
    "--volume",
    `${volumeName(version)}:/var/lib/dagger`,
    ...(certificates === undefined ? [] : ["--volume", `${certificates}:/usr/local/share/ca-certificates`]),
    "--env",
    `TOLLGATE_ENGINE_JSON=${config}`,
    "--entrypoint",
    "sh",
    imageOf(version),
    "-c",
    `printf %s "$TOLLGATE_ENGINE_JSON" >/etc/dagger/engine.json && exec dagger-entrypoint.sh "$@"`,
    "dagger-entrypoint.sh",
  ]
}

/** Ends with 0 once the engine answers; docker's exec fails while there is no such container, or it does not run. */
export function answersCommand(client: ContainerClient, version: string): string[] {
  return [client, "exec", "--interactive", containerName(version), "buildctl", "dial-stdio"]
}

export function stateCommand(client: ContainerClient, name: string): string[] {
  return [client, "container", "inspect", name, "--format", "{{.State.Status}}"]
}

export function isNameTaken(output: string): boolean {
  return /is already (?:in use|used)/i.test(output)
}

/** The user's own engine.json, with Tollgate's rule for what may be removed unless it has one of its own. */
export function engineJson(users: Record<string, unknown>, gc: unknown): string {
  return JSON.stringify({ gc, ...users })
}
