import { randomUUID } from "node:crypto"
import { type Container, dag, type Secret } from "@dagger.io/dagger"
import { parse } from "dotenv"
import type { DatabaseSettings } from "../../config/database.js"
import { reachService } from "../reach.js"

/** What alembic's env.py finds in its environment, without the real database's address in it. */
export interface AlembicVariables {
  /** For revisions that are only read: no database is there. */
  withoutDatabase(container: Container): Container
  /** One of the copy's databases, in the form that the real one's URL has. */
  withDatabase(container: Container, host: string, login: { user: string; password: string; database: string }): Container
}

export async function alembicVariables(settings: DatabaseSettings, bundle: Secret | undefined): Promise<AlembicVariables> {
  const values = bundle === undefined ? {} : parse(await bundle.plaintext())
  const url = values[settings.url] ?? ""
  const scheme = /^postgres[a-z0-9_+]*(?=:\/\/)/.exec(url)?.[0] ?? "postgresql"
  const others = settings.secrets.map((name): [string, string] => [name, values[name] ?? ""])
  return {
    withoutDatabase: (container) =>
      others.reduce(
        (with_, [name, value]) => with_.withSecretVariable(name, dag.setSecret(`tollgate-plan-${randomUUID()}`, value)),
        container.withEnvVariable(settings.url, `${scheme}://nobody@nowhere.invalid/none`),
      ),
    withDatabase: (container, host, login) =>
      reachService((same) => same, host, { variable: settings.url, url: `${scheme}://`, others }, login).inContainer(container),
  }
}
