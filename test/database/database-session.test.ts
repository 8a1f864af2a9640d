import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { z } from "zod"
import { parseAddress } from "../../core/database/connect/address.js"
import { withSession } from "../../core/database/connect/session.js"
import { useEngine } from "../engine/session.js"

useEngine()

test("a server without TLS that waits long for a login is reached through a tunnel, and refused where TLS is a must", async () => {
  const server = dag
    .container()
    .from("postgres:15")
    .withEnvVariable("POSTGRES_PASSWORD", "secret")
    .withEnvVariable("POSTGRES_INITDB_ARGS", "--no-sync")
    .withEnvVariable("TOLLGATE_TEST", String(Date.now()))
    .withExposedPort(5432)
    // as long as it may be, and as long as this test has: code that waits for the refused connection to be closed fails here
    .asService({ args: ["postgres", "-c", "fsync=off", "-c", "authentication_timeout=600"], useEntrypoint: true })
  const tunnel = await dag.host().tunnel(server).start()
  try {
    const port = (await tunnel.endpoint()).split(":").at(-1)
    const ask = (mode: string) => {
      const address = parseAddress(
        `postgresql://postgres:secret@127.0.0.1:${port}/postgres?sslmode=${mode}`,
        "DATABASE_URL",
      )
      return withSession(address, "tollgate test", (session) =>
        session.row(z.object({ one: z.number() }), "SELECT 1 AS one"),
      )
    }
    for (const mode of ["prefer", "allow", "disable"]) expect(await ask(mode)).toEqual({ one: 1 })
    await expect(ask("require")).rejects.toMatchObject({
      code: "database-unreachable",
      message: expect.stringContaining("does not support SSL connections"),
    })
    await expect(
      withSession(
        parseAddress(`postgresql://postgres:wrong@127.0.0.1:${port}/postgres`, "DATABASE_URL"),
        "tollgate test",
        () => Promise.resolve(),
      ),
    ).rejects.toMatchObject({ code: "database-login" })
  } finally {
    await tunnel.stop()
  }
})
