import type { PostgresSettings, QaSettings, RedisSettings } from "../../../config/qa.js"
import { words } from "../../../shared/shell-words.js"
import type { RemoteCommand } from "../ssh/command.js"

/** The service's Postgres and Redis on the sandbox's host, as teams run them beside the service where no cloud does. */
export interface Accessory {
  /** Also its name for the service. */
  name: "postgres" | "redis"
  image: string
  /** Not a secret: whoever reaches it is in the sandbox already. */
  environment: readonly [name: string, value: string][]
  volume: string
  command: readonly string[]
  /** Ends with 0 once it answers in its own protocol. */
  ready: string
}

export function accessoriesOf({ postgres, redis }: QaSettings["services"]): Accessory[] {
  return [...(postgres === false ? [] : [ofPostgres(postgres)]), ...(redis === false ? [] : [ofRedis(redis)])]
}

function ofPostgres({ image, user, password, database }: PostgresSettings): Accessory {
  return {
    name: "postgres",
    image,
    environment: [
      ["POSTGRES_USER", user],
      ["POSTGRES_PASSWORD", password],
      ["POSTGRES_DB", database],
    ],
    volume: "/var/lib/postgresql/data",
    command: [],
    // over TCP: while the image prepares the database, its temporary server answers on the unix socket alone
    ready: words("pg_isready", "-q", "-h", "127.0.0.1", "-U", user, "-d", database),
  }
}

function ofRedis({ image }: RedisSettings): Accessory {
  return {
    name: "redis",
    image,
    environment: [],
    volume: "/data",
    command: ["redis-server", "--appendonly", "yes"],
    ready: "redis-cli ping | grep -q PONG",
  }
}

/** What the service's variables must say to find them. */
export function accessoryVariables({ postgres, redis }: QaSettings["services"]): Map<string, string> {
  const variables = new Map<string, string>()
  if (postgres !== false) {
    const { env, url, user, password, database } = postgres
    variables.set(env, fill(url, { user, password, database, host: "postgres", port: "5432" }))
  }
  if (redis !== false) variables.set(redis.env, fill(redis.url, { host: "redis", port: "6379" }))
  return variables
}

function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{([a-z]+)\}/g, (written, name: string) => values[name] ?? written)
}

/** Prints the names of those images that the host does not have. */
export function missingImages(images: readonly string[]): RemoteCommand {
  const script = images
    .map((image) => `docker image inspect ${words(image)} >/dev/null 2>&1 || echo ${words(image)}`)
    .join("\n")
  return { what: "look for the accessories' images", script, seconds: 60 }
}

export function startAccessories(network: string, accessories: readonly Accessory[]): RemoteCommand {
  const script = [
    "set -e",
    `docker network inspect ${words(network)} >/dev/null 2>&1 || docker network create ${words(network)} >/dev/null`,
    ...accessories.map((one) => {
      const line = words(
        "docker",
        "create",
        "--name",
        one.name,
        "--label",
        `tollgate.accessory=${one.name}`,
        "--network",
        network,
        "--restart",
        "unless-stopped",
        "--log-driver",
        "json-file",
        "--log-opt",
        "max-size=10m",
        "--volume",
        `sandbox-${one.name}:${one.volume}`,
        ...one.environment.flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        one.image,
        ...one.command,
      )
      return `docker container inspect ${one.name} >/dev/null 2>&1 || ${line} >/dev/null`
    }),
    ...(accessories.length === 0 ? [] : [`docker start ${accessories.map(({ name }) => name).join(" ")} >/dev/null`]),
    ...accessories.flatMap((one) => [
      "tries=0",
      `until docker exec ${one.name} sh -c ${words(one.ready)} >/dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 300 ] || { docker logs --tail 20 ${one.name} >&2; exit 1; }; sleep 0.2; done`,
    ]),
  ].join("\n")
  return { what: "start Postgres and Redis", script, seconds: 240 }
}
