import { randomUUID } from "node:crypto"
import { type Container, dag, type Secret } from "@dagger.io/dagger"
import { fillTemplate } from "../../config/template.js"
import type { Address } from "../connect/address.js"

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

type Login = Pick<Address, "host" | "port" | "user" | "password" | "database">

/** Those of the app's variables that name a database, and alembic's -x arguments. */
export function databaseVariables(
  { variable, env, x = {} }: Pick<AppVariables, "variable" | "env" | "x">,
  url: string,
  address: Login,
): Record<string, string> {
  const filling = { ...address, port: String(address.port), url }
  const named = Object.entries(env).map(([name, template]) => [name, fillTemplate(template, filling)])
  const given = Object.entries(x).map(([name, template], index) => {
    const value = fillTemplate(template, filling)
    return [`${ARGUMENT}${String(index).padStart(3, "0")}`, value === "" ? name : `${name}=${value}`]
  })
  return { [variable]: url, ...Object.fromEntries(named), ...Object.fromEntries(given) }
}

/** The app's own variables, for one database. */
export function withAppVariables(
  container: Container,
  { variable, env, x, others }: AppVariables,
  url: string,
  address: Login,
): Container {
  const given = Object.entries(
    databaseVariables({ variable, env, ...(x === undefined ? {} : { x }) }, url, address),
  ).reduce(
    (with_, [name, value]) =>
      name === variable || holdsPassword(value, address.password)
        ? with_.withSecretVariable(name, secretValue(value))
        : with_.withEnvVariable(name, value),
    container,
  )
  return others.reduce((with_, [name, value]) => with_.withSecretVariable(name, secretValue(value)), given)
}

function holdsPassword(value: string, password: string): boolean {
  return (
    password !== "" &&
    [password, encodeURIComponent(password), encodeURI(password)].some((form) => value.includes(form))
  )
}

/** Under a name of its own: of two secrets of one name the engine keeps the later, and two databases are in use at a time. */
export function secretValue(value: string): Secret {
  return dag.setSecret(`tollgate-database-${randomUUID()}`, value)
}
