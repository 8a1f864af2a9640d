import type { Container, Secret } from "@dagger.io/dagger"
import { parse } from "dotenv"
import type { DatabaseSettings } from "../../config/database.js"
import { likePassword, parseAddress } from "../address.js"
import { withAppVariables } from "../app-variables.js"

/** What alembic's env.py finds in its environment when revisions are only read: an address at which no database is. */
export type WithoutDatabase = (container: Container) => Container

const NOWHERE = { host: "nowhere.invalid", port: 5432, user: "nobody", database: "none" }

export async function withoutDatabase(settings: DatabaseSettings, bundle: Secret | undefined): Promise<WithoutDatabase> {
  const values = bundle === undefined ? {} : parse(await bundle.plaintext())
  const given = values[settings.url] ?? ""
  const scheme = /^postgres[a-z0-9_+]*(?=:\/\/)/.exec(given)?.[0] ?? "postgresql"
  const others = settings.secrets.map((name): [string, string] => [name, values[name] ?? ""])
  const { host, port, user, database } = NOWHERE
  const password = likePassword(given, { password: passwordIn(given, settings.url) })
  const url = `${scheme}://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`
  return (container) => withAppVariables(container, { variable: settings.url, env: settings.env, others }, url, { ...NOWHERE, password })
}

/** Empty where the URL is not one that can be used: whoever connects says so. */
function passwordIn(url: string, variable: string): string {
  try {
    return parseAddress(url, variable).password
  } catch {
    return ""
  }
}
