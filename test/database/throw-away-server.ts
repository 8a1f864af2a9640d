import { type Container, dag, type Secret, type Service } from "@dagger.io/dagger"
import { SERVICE_HEALTH } from "../../core/shared/service-health.js"

const DATA = "/scratch/data"

/** What only costs time where nothing has to outlive the server. */
const HASTE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

export interface ThrowAway {
  image: string
  superuser: string
  /** A database that is there from the start. */
  database: string
  /** null: everyone who reaches it may do everything; for a server without a row. */
  password: Secret | null
  /** Of Postgres, such as autovacuum=off. */
  settings: readonly string[]
  /** Left out: the image's own. */
  locale?: string
  /** Servers of one nonce are one. */
  nonce: string
}

/** A Postgres of its own in the engine, which is gone when it ends. Whatever its cluster holds before it starts is made once, and kept in the engine's cache. */
export function throwAwayServer(server: ThrowAway): Service {
  const served = emptyCluster(server)
    .withEnvVariable("TOLLGATE_NONCE", server.nonce)
    .withDockerHealthcheck(
      ["pg_isready", "-q", "-h", "127.0.0.1", "-U", server.superuser, "-d", server.database],
      SERVICE_HEALTH,
    )
    .withExposedPort(5432)
  const postgres = [
    "postgres",
    "-D",
    DATA,
    ...["listen_addresses=*", ...HASTE, ...server.settings].flatMap((one) => ["-c", one]),
  ]
  if (server.password === null) return served.asService({ args: postgres })
  // the cluster is kept, and must not know a password: it is set before anybody can connect
  const setPassword = `printf "ALTER ROLE %s PASSWORD '%s'\\n" "$0" "$SCRATCH_PASSWORD" | postgres --single -D ${DATA} ${server.database} >/dev/null; unset SCRATCH_PASSWORD; exec "$@"`
  return served
    .withSecretVariable("SCRATCH_PASSWORD", server.password)
    .asService({ args: ["bash", "-euo", "pipefail", "-c", setPassword, server.superuser, ...postgres] })
}

function emptyCluster({ image, superuser, database, password, locale }: ThrowAway): Container {
  const initdb = [
    "initdb",
    `--pgdata=${DATA}`,
    `--username=${superuser}`,
    "--encoding=UTF8",
    "--auth-local=trust",
    `--auth-host=${password === null ? "trust" : "scram-sha-256"}`,
    "--no-sync",
  ]
  const make = [
    [...initdb, ...(locale === undefined ? [] : [`--locale=${locale}`])].join(" "),
    `echo 'host all all all ${password === null ? "trust" : "scram-sha-256"}' >>${DATA}/pg_hba.conf`,
    ...(database === "postgres" ? [] : [`echo 'CREATE DATABASE ${database}' | postgres --single -D ${DATA} postgres`]),
  ]
  return dag
    .container()
    .from(image)
    .withExec(["install", "-d", "-o", "postgres", "-g", "postgres", "/scratch"])
    .withUser("postgres")
    .withExec(["sh", "-ec", make.join("\n")])
}
