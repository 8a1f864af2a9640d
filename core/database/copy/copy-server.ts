import { randomUUID } from "node:crypto"
import { type Container, dag, type Service } from "@dagger.io/dagger"
import { TollgateError } from "../../shared/errors.js"
import { SERVICE_HEALTH } from "../../shared/service-health.js"

const DATA = "/scratch/data"
/** Each copy has a folder here with its socket. */
const COPIES = "/var/lib/tollgate/copies"
/** Of a copy's server. Not `postgres`: on a managed server that is a role like any other. */
export const COPY_SUPERUSER = "tollgate_copy"
/** Told by which server somebody is on. */
export const COPY_CLUSTER = "tollgate-copy"

/** What only costs time where nothing has to outlive the server. */
const HASTE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

/**
 * A Postgres in the engine for a copy of a database, which is gone when it ends. It has no network at all: nothing that a revision
 * makes the server do (dblink, a foreign table, COPY … TO PROGRAM) leads to another machine. It is reached by its socket, which lies
 * on a volume that the containers share.
 */
export class CopyServer {
  /** Of the socket: libpq takes it as a host. */
  readonly folder = `${COPIES}/${randomUUID()}`
  readonly #service: Service

  /** @param settings of Postgres, such as autovacuum=off */
  constructor(image: string, settings: readonly string[], nonce: string) {
    const own = [
      "listen_addresses=",
      `unix_socket_directories=${this.folder}`,
      `cluster_name=${COPY_CLUSTER}`,
      ...HASTE,
      ...settings,
    ]
    const postgres = ["postgres", "-D", DATA, ...own.flatMap((one) => ["-c", one])]
    // what a run that was killed has left goes after a week
    const serve = `find ${COPIES} -mindepth 1 -maxdepth 1 -mtime +6 -exec rm -rf {} + || true
      install -d -o postgres -g postgres "$0"
      exec unshare --net setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all --ambient-caps=-all --bounding-set=-all --no-new-privs "$@"`
    this.#service = this.mounted(emptyCluster(image))
      .withEnvVariable("TOLLGATE_NONCE", nonce)
      .withDockerHealthcheck(
        ["pg_isready", "-q", "-h", this.folder, "-U", COPY_SUPERUSER, "-d", "postgres"],
        SERVICE_HEALTH,
      )
      .asService({ args: ["bash", "-euc", serve, this.folder, ...postgres], insecureRootCapabilities: true })
  }

  get socket(): string {
    return `${this.folder}/.s.PGSQL.5432`
  }

  /** Returns when it takes connections. It stays up until `stop`. */
  async start(): Promise<this> {
    try {
      await this.#service.start()
    } catch (error) {
      throw notAllowed(error) ?? error
    }
    return this
  }

  async stop(): Promise<void> {
    await this.#service.stop({ kill: true })
  }

  /** A container that can reach it. */
  mounted(container: Container): Container {
    return container.withMountedCache(COPIES, dag.cacheVolume("tollgate-copies"))
  }

  /** Postgres's own programs as the copy's superuser. */
  asSuperuser(container: Container, database = "postgres"): Container {
    return this.mounted(container)
      .withEnvVariable("PGHOST", this.folder)
      .withEnvVariable("PGUSER", COPY_SUPERUSER)
      .withEnvVariable("PGDATABASE", database)
  }
}

/** An engine may be set not to allow it: https://docs.dagger.io/reference/configuration/engine */
function notAllowed(error: unknown): TollgateError | null {
  if (!(error instanceof Error) || !/security\.insecure|insecure ?root ?capabilities/i.test(error.message)) return null
  return new TollgateError(
    "engine-security",
    "The engine does not allow insecureRootCapabilities: Tollgate cannot confine the app's code to a copy of the database.",
    "Remove `security.insecureRootCapabilities: false` from the engine's engine.json, or use an engine of your own for migrations. Nothing was changed.",
  )
}

function emptyCluster(image: string): Container {
  const initdb = [
    "initdb",
    `--pgdata=${DATA}`,
    `--username=${COPY_SUPERUSER}`,
    "--encoding=UTF8",
    "--auth-local=trust",
    "--no-sync",
  ]
  // its own role without a password, every other with the one that the copy was given
  const login = `printf 'local all ${COPY_SUPERUSER} trust\\nlocal all all scram-sha-256\\n' >${DATA}/pg_hba.conf`
  return dag
    .container()
    .from(image)
    .withExec(["install", "-d", "-o", "postgres", "-g", "postgres", "/scratch"])
    .withUser("postgres")
    .withExec(["sh", "-ec", `${initdb.join(" ")}\n${login}`])
    .withUser("root")
}
