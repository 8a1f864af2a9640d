import type { Container } from "@dagger.io/dagger"
import type { Login, Reach } from "../connect/reach.js"
import { identifier } from "../connect/session.js"
import type { CopyServer } from "./copy-server.js"
import type { Likeness } from "./likeness.js"
import { rolesScript } from "./likeness-script.js"
import { runSetup, runSql, type Scratch } from "./scratch.js"

/** What a plan needs of a copy. */
export type PlanScratch = Pick<Scratch, "reach" | "likeness" | "server" | "options" | "named" | "warnings">

/** The copy of no database: empty, and owned by the user that the app logs in as. */
export interface EmptyScratch extends PlanScratch, Pick<Scratch, "run" | "empty"> {}

/** @param reach of a database that need not be there: how the app reaches one */
export async function startEmptyScratch(
  server: CopyServer,
  login: Login,
  reach: Reach,
  client: Container,
  nonce: () => string,
): Promise<EmptyScratch> {
  const likeness = likenessOf(login)
  const warnings = new Set<string>()
  const make = async (before: string): Promise<void> => {
    const superuser = server.asSuperuser(client)
    for (const one of await runSetup(superuser, { likeness, before: [before], schema: null, nonce: nonce() }))
      warnings.add(one)
  }
  await server.start()
  await make(rolesScript(likeness, login.password, true))
  return {
    reach: reach.onCopy(server, login),
    likeness,
    server,
    options: "",
    named: (database) => reach.onCopy(server, { ...login, database }),
    get warnings() {
      return [...warnings]
    },
    run: (sql, database = login.database) => runSql(server.asSuperuser(client, database), sql, nonce()),
    empty: () => make(`DROP DATABASE IF EXISTS ${identifier(login.database)} WITH (FORCE);`),
  }
}

/** As Postgres's own image makes one. */
function likenessOf({ user, database }: Login): Likeness {
  const owner = {
    name: user,
    superuser: true,
    inherit: true,
    createRole: true,
    createDatabase: true,
    login: true,
    bypassRls: true,
  }
  return {
    user,
    roles: [owner],
    members: [],
    settings: [],
    server: {},
    database: {
      name: database,
      owner: user,
      encoding: "UTF8",
      collate: "en_US.utf8",
      type: "en_US.utf8",
      icuLocale: null,
      privileges: null,
    },
    extensions: [],
  }
}
