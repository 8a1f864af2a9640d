import { createHash } from "node:crypto"
import type { OtherService, PostgresSettings, RedisSettings, ServicesSettings } from "../../config/services.js"
import { words } from "../../shared/shell-words.js"
import { label } from "../compose/names.js"
import type { RemoteCommand } from "../ssh/command.js"

/** The service's own services on the sandbox's host, as teams run them beside the service where no cloud does. */
export interface Accessory {
  /** Also its name for the service. */
  name: string
  image: string
  /** Not a secret: only processes in the sandbox reach it. */
  environment: readonly [name: string, value: string][]
  /** Folder of its data; null: it keeps none. */
  volume: string | null
  command: readonly string[]
  /** A command in its container that exits 0 once it answers in its own protocol, or the port to connect to. */
  ready: string | number
}

export function accessoriesOf({ postgres, redis, others }: ServicesSettings): Accessory[] {
  return [
    ...(postgres === false ? [] : [ofPostgres(postgres)]),
    ...(redis === false ? [] : [ofRedis(redis)]),
    ...Object.entries(others).map(([name, settings]) => ofOther(name, settings)),
  ]
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

function ofOther(name: string, { image, port, env, command, healthy }: OtherService): Accessory {
  return {
    name,
    image,
    environment: Object.entries(env),
    volume: null,
    command: command ?? [],
    ready: healthy ?? port,
  }
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
        "--label",
        `${label.settings}=${settingsOf(one)}`,
        "--network",
        network,
        "--restart",
        "unless-stopped",
        "--log-driver",
        "json-file",
        "--log-opt",
        "max-size=10m",
        ...(one.volume === null ? [] : ["--volume", `sandbox-${one.name}:${one.volume}`]),
        ...one.environment.flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        one.image,
        ...one.command,
      )
      return one.volume === null
        ? `${hasSettings(one)} || { docker rm -f ${one.name} >/dev/null 2>&1 || true; ${line} >/dev/null; }`
        : `docker container inspect ${one.name} >/dev/null 2>&1 || ${line} >/dev/null`
    }),
    ...(accessories.length === 0 ? [] : [`docker start ${accessories.map(({ name }) => name).join(" ")} >/dev/null`]),
    ...accessories.flatMap((one) => [
      "tries=0",
      `until ${answers(one)} >/dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 300 ] || { docker logs --tail 20 ${one.name} >&2; exit 1; }; sleep 0.2; done`,
    ]),
  ].join("\n")
  return { what: "start the service's own services", script, seconds: 240 }
}

/** One that keeps no data is created anew when its settings change. */
function hasSettings(accessory: Accessory): string {
  const written = words(`{{index .Config.Labels "${label.settings}"}}`)
  return `[ "$(docker inspect --format ${written} ${accessory.name} 2>/dev/null)" = ${settingsOf(accessory)} ]`
}

function settingsOf(accessory: Accessory): string {
  return createHash("sha256").update(JSON.stringify(accessory)).digest("hex").slice(0, 16)
}

function answers({ name, ready }: Accessory): string {
  if (typeof ready === "string") return `docker exec ${name} sh -c ${words(ready)}`
  const address = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
  return `timeout 2 bash -c ${words(`</dev/tcp/$0/${ready}`)} "$(docker inspect --format ${words(address)} ${name})"`
}
