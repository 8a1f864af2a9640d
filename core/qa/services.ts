import { type Container, dag, type Service } from "@dagger.io/dagger"
import type { PostgresSettings, QaSettings, RedisSettings } from "../config/qa.js"
import { type Filling, fillTemplate } from "../config/template.js"
import { SERVICE_HEALTH } from "../service-health.js"

const POSTGRES_PORT = 5432
const REDIS_PORT = 6379

/**
 * Gives a suite its own Postgres and Redis, as `postgres` and `redis`. The engine starts them before the suite's first
 * command and waits until they answer in their own protocol, not only until a port is open.
 *
 * @param identity the engine shares a service between containers that ask for the same one: this tells them apart
 */
export function withServices(container: Container, services: QaSettings["services"], identity: string): Container {
  let bound = container
  if (services.postgres !== false) {
    const { env } = services.postgres
    bound = bound
      .withServiceBinding("postgres", postgres(services.postgres, identity))
      .withEnvVariable(env, urlOf(services.postgres))
  }
  if (services.redis !== false) {
    const { env, url } = services.redis
    bound = bound
      .withServiceBinding("redis", redis(services.redis, identity))
      .withEnvVariable(env, fill(url, { host: "redis", port: String(REDIS_PORT) }))
  }
  return bound
}

/** The settings of a suite or an image, with the address of its own Postgres filled in. */
export function withSettings(
  container: Container,
  env: Readonly<Record<string, string>>,
  services: QaSettings["services"],
): Container {
  const filling = services.postgres === false ? NOTHING : fillingOf(services.postgres)
  return Object.entries(env).reduce(
    (with_, [name, value]) => with_.withEnvVariable(name, fillTemplate(value, filling)),
    container,
  )
}

/** Without a database no value has a placeholder: the settings would have been refused. */
const NOTHING: Filling = { host: "", port: "", user: "", password: "", database: "", url: "" }

function fillingOf(settings: PostgresSettings): Filling {
  const { user, password, database } = settings
  return { host: "postgres", port: String(POSTGRES_PORT), user, password, database, url: urlOf(settings) }
}

function urlOf({ url, user, password, database }: PostgresSettings): string {
  return fill(url, { user, password, database, host: "postgres", port: String(POSTGRES_PORT) })
}

function postgres(settings: PostgresSettings, identity: string): Service {
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

function redis(settings: RedisSettings, identity: string): Service {
  return dag
    .container()
    .from(settings.image)
    .withEnvVariable("TOLLGATE_SUITE", identity)
    .withDockerHealthcheck(["redis-cli ping | grep -q PONG"], { ...SERVICE_HEALTH, shell: true })
    .withExposedPort(REDIS_PORT)
    .asService({ args: ["redis-server", "--save", "", "--appendonly", "no"], useEntrypoint: true })
}

function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{([a-z]+)\}/g, (written, name: string) => values[name] ?? written)
}
