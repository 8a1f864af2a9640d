import { readFile } from "node:fs/promises"
import { type Container, dag, type Service } from "@dagger.io/dagger"
import { throwAwayServer } from "../throw-away-server.js"

/**
 * A Postgres of its own in the engine that holds the schema and no row, for as long as one plan is made. The app's code runs
 * against this one alone: it is never given the real database's address.
 */

export const COPY_HOST = "copy.tollgate"
/** Guards nothing: the server holds no data and ends with the plan. */
export const COPY_PASSWORD = "copy"

const SCRIPTS = "/opt/tollgate"
const PYTHON_FILES = ["tollgate_copy.py", "tollgate_statements.py", "tollgate_observe.py", "tollgate_compare.py", "tollgate_lint.py", "tollgate_mentions.py", "tollgate_snapshot.sql"]
/** Postgres's own parser, a linter for migrations, a driver: pinned, and in a container, so that the module stays small. */
const PACKAGES = ["pglast==8.8", "squawk-cli==2.70.0", "psycopg[binary]==3.3.9"]

export function copyServer(image: string, nonce: string): Service {
  return throwAwayServer({
    image,
    superuser: "postgres",
    database: "postgres",
    password: null,
    locale: "C",
    // what it was asked is read back from its log
    settings: ["autovacuum=off", "logging_collector=on", "log_destination=csvlog", "log_directory=log", "log_filename=tollgate", "log_rotation_size=0"],
    nonce,
  })
}

/** A container with the tools and our scripts; the same for every plan, and so installed once. */
export async function planTools(): Promise<Container> {
  let container = dag
    .container()
    .from("python:3.11-slim")
    .withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    .withEnvVariable("PIP_ROOT_USER_ACTION", "ignore")
    .withMountedCache("/root/.cache/pip", dag.cacheVolume("tollgate-pip"))
    .withExec(["pip", "install", "--quiet", ...PACKAGES])
  for (const name of PYTHON_FILES) container = container.withNewFile(`${SCRIPTS}/${name}`, await planScript(name))
  return container
}

export function planScript(name: string): Promise<string> {
  return readFile(new URL(`python/${name}`, import.meta.url), "utf8")
}

/** The tools, connected to the copy as its superuser. */
export function withCopy(container: Container, server: Service, nonce: string): Container {
  return container
    .withServiceBinding(COPY_HOST, server)
    .withEnvVariable("PGHOST", COPY_HOST)
    .withEnvVariable("PGUSER", "tollgate_copy")
    .withEnvVariable("PGPASSWORD", COPY_PASSWORD)
    .withEnvVariable("TOLLGATE_NONCE", nonce)
}

export function copyScript(step: "setup" | "examine", ...files: string[]): string[] {
  return ["python", `${SCRIPTS}/tollgate_copy.py`, step, ...files]
}
