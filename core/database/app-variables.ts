import { randomUUID } from "node:crypto"
import { type Container, dag, type Secret } from "@dagger.io/dagger"
import { fillTemplate } from "../config/template.js"
import type { Address } from "./address.js"

/** What env.py finds in its environment, whichever database it runs on. */
export interface AppVariables {
  /** Name of the variable with the URL. */
  variable: string
  /** `database.env`: plain values, and templates of the database's address. */
  env: Readonly<Record<string, string>>
  /** `database.x`: what env.py finds as arguments; left out: none. */
  x?: Readonly<Record<string, string>>
  /** Values of `database.secrets`. */
  others: readonly (readonly [name: string, value: string])[]
}

/** Of the variables in which tollgate_config.py finds -x arguments; their order is that of the settings. */
const ARGUMENT = "TOLLGATE_X_"

/** The app's own variables, for one database. */
export function withAppVariables(container: Container, { variable, env, x = {}, others }: AppVariables, url: string, address: Pick<Address, "host" | "port" | "user" | "password" | "database">): Container {
  const filling = { ...address, port: String(address.port), url }
  const set = (with_: Container, name: string, value: string): Container =>
    holdsPassword(value, address.password) ? with_.withSecretVariable(name, secretValue(value)) : with_.withEnvVariable(name, value)
  const withUrl = container.withSecretVariable(variable, secretValue(url))
  const withEnv = Object.entries(env).reduce((with_, [name, template]) => set(with_, name, fillTemplate(template, filling)), withUrl)
  const given = Object.entries(x).reduce((with_, [name, template], index) => {
    const value = fillTemplate(template, filling)
    return set(with_, `${ARGUMENT}${String(index).padStart(3, "0")}`, value === "" ? name : `${name}=${value}`)
  }, withEnv)
  return others.reduce((with_, [name, value]) => with_.withSecretVariable(name, secretValue(value)), given)
}

function holdsPassword(value: string, password: string): boolean {
  return password !== "" && [password, encodeURIComponent(password), encodeURI(password)].some((form) => value.includes(form))
}

/** Under a name of its own: of two secrets of one name the engine keeps the later, and two databases are in use at a time. */
export function secretValue(value: string): Secret {
  return dag.setSecret(`tollgate-database-${randomUUID()}`, value)
}
