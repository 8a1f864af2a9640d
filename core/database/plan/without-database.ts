import { randomUUID } from "node:crypto"
import { type Container, dag, type Secret } from "@dagger.io/dagger"
import { parse } from "dotenv"
import type { DatabaseSettings } from "../../config/database.js"

/** What alembic's env.py finds in its environment when revisions are only read: an address at which no database is. */
export type WithoutDatabase = (container: Container) => Container

export async function withoutDatabase(settings: DatabaseSettings, bundle: Secret | undefined): Promise<WithoutDatabase> {
  const values = bundle === undefined ? {} : parse(await bundle.plaintext())
  const scheme = /^postgres[a-z0-9_+]*(?=:\/\/)/.exec(values[settings.url] ?? "")?.[0] ?? "postgresql"
  return (container) =>
    settings.secrets.reduce(
      (with_, name) => with_.withSecretVariable(name, dag.setSecret(`tollgate-plan-${randomUUID()}`, values[name] ?? "")),
      container.withEnvVariable(settings.url, `${scheme}://nobody@nowhere.invalid/none`),
    )
}
