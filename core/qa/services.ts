import { type Container, dag, type Service } from "@dagger.io/dagger"
import { busybox } from "../app/busybox.js"
import { filledIn, serviceVariables } from "../config/service-variables.js"
import {
  type OtherService,
  POSTGRES_PORT,
  type PostgresSettings,
  REDIS_PORT,
  type RedisSettings,
  type ServicesSettings,
} from "../config/services.js"
import { SERVICE_HEALTH } from "../shared/service-health.js"

/**
 * Gives a suite its own services, each under its name: `postgres`, `redis` and the others. The engine starts them before the suite's first
 * command and waits until they answer in their own protocol, not only until a port is open.
 *
 * @param identity the engine shares a service between containers that ask for the same one: this tells them apart
 */
export function withServices(container: Container, services: ServicesSettings, identity: string): Container {
  const { postgres, redis, others } = services
  const bound = [
    ...(postgres === false ? [] : [["postgres", postgresService(postgres, identity)] as const]),
    ...(redis === false ? [] : [["redis", redisService(redis, identity)] as const]),
    ...Object.entries(others).map(([name, other]) => [name, otherService(other, identity)] as const),
  ].reduce((with_, [name, service]) => with_.withServiceBinding(name, service), container)
  return withVariables(bound, serviceVariables(services))
}

/** The settings of a suite or an image, with the addresses of its own services filled in. */
export function withSettings(
  container: Container,
  env: Readonly<Record<string, string>>,
  services: ServicesSettings,
): Container {
  return withVariables(container, filledIn(env, services))
}

function withVariables(
  container: Container,
  variables: readonly (readonly [name: string, value: string])[],
): Container {
  return variables.reduce((with_, [name, value]) => with_.withEnvVariable(name, value), container)
}

function postgresService(settings: PostgresSettings, identity: string): Service {
  return (
    dag
      .container()
      .from(settings.image)
      .withEnvVariable("POSTGRES_USER", settings.user)
      .withEnvVariable("POSTGRES_PASSWORD", settings.password)
      .withEnvVariable("POSTGRES_DB", settings.database)
      .withEnvVariable("POSTGRES_INITDB_ARGS", "--no-sync")
      .withEnvVariable("TOLLGATE_SUITE", identity)
      // over TCP: while the image prepares the database, its temporary server answers on the unix socket alone
      .withDockerHealthcheck(
        ["pg_isready", "-q", "-h", "127.0.0.1", "-U", settings.user, "-d", settings.database],
        SERVICE_HEALTH,
      )
      .withExposedPort(POSTGRES_PORT)
      // a database that lives as long as its suite has nothing to save from a power cut
      .asService({
        args: ["postgres", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
        useEntrypoint: true,
      })
  )
}

function redisService(settings: RedisSettings, identity: string): Service {
  return dag
    .container()
    .from(settings.image)
    .withEnvVariable("TOLLGATE_SUITE", identity)
    .withDockerHealthcheck(["redis-cli ping | grep -q PONG"], { ...SERVICE_HEALTH, shell: true })
    .withExposedPort(REDIS_PORT)
    .asService({ args: ["redis-server", "--save", "", "--appendonly", "no"], useEntrypoint: true })
}

function otherService({ image, port, env, command, healthy }: OtherService, identity: string): Service {
  const container = Object.entries(env)
    .reduce((with_, [name, value]) => with_.withEnvVariable(name, value), dag.container().from(image))
    .withEnvVariable("TOLLGATE_SUITE", identity)
    // the engine would wait for a port without end
    .withExposedPort(port, { experimentalSkipHealthcheck: true })
  const checked =
    healthy === undefined
      ? container
          .withFile(BUSYBOX, busybox())
          .withDockerHealthcheck([BUSYBOX, "sh", "-c", listensOn(port)], SERVICE_HEALTH)
      : container.withDockerHealthcheck([healthy], { ...SERVICE_HEALTH, shell: true })
  return checked.asService({ useEntrypoint: true, ...(command === undefined ? {} : { args: command }) })
}

const BUSYBOX = "/.tollgate/busybox"

/** Whether others can connect: the port is listened on, and not only on the loopback. Exits 0 or 1. */
function listensOn(port: number): string {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}$`
  const reachable = `$4 == "0A" && $2 ~ "${ending}" && $2 !~ "^(0100007F|00000000000000000000000001000000):"`
  return `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | ${BUSYBOX} awk '${reachable} { found = 1 } END { exit !found }'`
}
