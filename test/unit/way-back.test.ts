import { describe, expect, it } from "vitest"
import { databaseVariables } from "../../core/database/alembic/app-variables.js"
import { type Revision, whyNoDowngrade } from "../../core/database/alembic/revision.js"

function revision(id: string, downgrade: Revision["downgrade"]): Revision {
  return {
    revision: id,
    down: [],
    dependsOn: [],
    labels: [],
    message: "",
    file: `${id}.py`,
    sha256: "",
    upgrade: "work",
    downgrade,
    downgradeLine: null,
    live: [],
  }
}

describe("whether a downgrade is tried in the rehearsal", () => {
  it("is tried when every revision has one and the database is at one head", () => {
    expect(whyNoDowngrade(["0001"], [revision("0002", "work"), revision("0003", "work")])).toBeNull()
    expect(whyNoDowngrade([], [revision("0001", "work")])).toBeNull()
  })

  it("is not tried when a revision has none, and names it", () => {
    expect(whyNoDowngrade(["0001"], [revision("0002", "work"), revision("0003", "raises")])).toBe(
      "0003 has no downgrade",
    )
  })

  it("is not tried from several heads", () => {
    expect(whyNoDowngrade(["0001", "0002"], [revision("0003", "work")])).toBe("the database is at several heads")
  })
})

describe("the variables that name a database to the app", () => {
  it("are its URL and every template of database.env, filled in for that database", () => {
    const address = { host: "copy.tollgate", port: 5432, user: "app", password: "p", database: "tollgate_print" }
    const url = "postgresql://app:p@copy.tollgate:5432/tollgate_print"
    expect(
      databaseVariables({ variable: "DATABASE_URL", env: { DB_NAME: "{database}", MODE: "plain" } }, url, address),
    ).toEqual({ DATABASE_URL: url, DB_NAME: "tollgate_print", MODE: "plain" })
  })
})
