import { type Container, dag, ReturnType } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { useEngine } from "./session.js"

useEngine()

const postgres = (env: Record<string, string> = { POSTGRES_PASSWORD: "secret" }): Container =>
  Object.entries(env).reduce(
    (container, [name, value]) => container.withEnvVariable(name, value),
    dag.container().from("postgres:15").withEnvVariable("NONCE", String(Math.random())),
  )

/** Serves the container as it comes and runs one query against it over TCP. */
async function ask(
  container: Container,
  query: string,
  { user = "postgres", database, password = "secret" }: { user?: string; database?: string; password?: string } = {},
): Promise<string> {
  const service = container.withExposedPort(5432).asService({ useEntrypoint: true })
  const answer = await dag
    .container()
    .from("postgres:15")
    .withServiceBinding("db", service)
    .withEnvVariable("PGPASSWORD", password)
    .withEnvVariable("NONCE", String(Math.random()))
    .withExec([
      "psql",
      "--host",
      "db",
      "--username",
      user,
      "--dbname",
      database ?? user,
      "--tuples-only",
      "--no-align",
      "--command",
      query,
    ])
    .stdout()
  return answer.trim()
}

/** Starts it the way the engine runs a command, and gives what it said and how it ended. */
async function start(container: Container, args: string[] = ["postgres"]): Promise<{ code: number; output: string }> {
  const ended = container.withExec(args, { useEntrypoint: true, expect: ReturnType.Any })
  const [code, out, err] = await Promise.all([ended.exitCode(), ended.stdout(), ended.stderr()])
  return { code, output: out + err }
}

describe.concurrent("postgres:15", () => {
  test("serves a database named postgres to the user postgres, with the password it was given", async () => {
    expect(
      await ask(
        postgres(),
        "select current_user, current_database(), current_setting('server_version_num')::int / 10000",
      ),
    ).toBe("postgres|postgres|15")
  })

  test("refuses a wrong password", async () => {
    await expect(ask(postgres(), "select 1", { password: "wrong" })).rejects.toThrow()
  })

  test("makes the user and the database that POSTGRES_USER and POSTGRES_DB name", async () => {
    const container = postgres({ POSTGRES_PASSWORD: "secret", POSTGRES_USER: "pay-er", POSTGRES_DB: "Payments 2" })
    expect(
      await ask(container, "select current_user, current_database()", { user: "pay-er", database: "Payments 2" }),
    ).toBe("pay-er|Payments 2")
  })

  test("names the database after the user when only the user is named", async () => {
    expect(
      await ask(postgres({ POSTGRES_PASSWORD: "secret", POSTGRES_USER: "app" }), "select current_database()", {
        user: "app",
      }),
    ).toBe("app")
  })

  test("reads settings from files", async () => {
    const container = postgres({
      POSTGRES_PASSWORD_FILE: "/run/secrets/password",
      POSTGRES_USER_FILE: "/run/secrets/user",
    })
      .withNewFile("/run/secrets/password", "from a file\n")
      .withNewFile("/run/secrets/user", "filed")
    expect(await ask(container, "select current_user", { user: "filed", password: "from a file" })).toBe("filed")
  })

  test("refuses a setting that is given twice", async () => {
    const { code, output } = await start(postgres({ POSTGRES_PASSWORD: "a", POSTGRES_PASSWORD_FILE: "/b" }))
    expect(code).not.toBe(0)
    expect(output).toContain("POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set")
  })

  test("refuses to start without a password", async () => {
    const { code, output } = await start(postgres({}))
    expect(code).toBe(1)
    expect(output).toContain("Set POSTGRES_PASSWORD")
  })

  test("lets everyone in when POSTGRES_HOST_AUTH_METHOD is trust", async () => {
    expect(await ask(postgres({ POSTGRES_HOST_AUTH_METHOD: "trust" }), "select 1", { password: "" })).toBe("1")
  })

  test("runs every kind of init script once, in order, in the new database", async () => {
    const container = postgres({ POSTGRES_PASSWORD: "secret", POSTGRES_DB: "shop" })
      .withNewFile("/docker-entrypoint-initdb.d/10-table.sql", "create table said (at serial, what text);")
      .withNewFile(
        "/docker-entrypoint-initdb.d/20-sourced.sh",
        `psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "insert into said (what) values ('sourced')"`,
      )
      .withNewFile(
        "/docker-entrypoint-initdb.d/30-run.sh",
        `#!/bin/bash\npsql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "insert into said (what) values ('run')"\n`,
        { permissions: 0o755 },
      )
      .withNewFile("/docker-entrypoint-initdb.d/40.sql", "insert into said (what) values ('packed');")
      .withExec([
        "sh",
        "-c",
        "gzip --force /docker-entrypoint-initdb.d/40.sql && touch /docker-entrypoint-initdb.d/50-notes.txt",
      ])
    expect(await ask(container, "select string_agg(what, ',' order by at) from said", { database: "shop" })).toBe(
      "sourced,run,packed",
    )
  })

  test("stops with an init script that fails", async () => {
    const { code, output } = await start(
      postgres().withNewFile("/docker-entrypoint-initdb.d/1.sql", "select no_such_function();"),
    )
    expect(code).not.toBe(0)
    expect(output).toContain("no_such_function")
  })

  test("answers on TCP only when the init scripts are done", async () => {
    const slow = postgres().withNewFile(
      "/docker-entrypoint-initdb.d/slow.sql",
      "select pg_sleep(3); create table ready ();",
    )
    expect(await ask(slow, "select count(*) from ready")).toBe("0")
  })

  test("keeps its data where PGDATA says", async () => {
    expect(await ask(postgres({ POSTGRES_PASSWORD: "secret", PGDATA: "/somewhere/else" }), "show data_directory")).toBe(
      "/somewhere/else",
    )
  })

  test("hands POSTGRES_INITDB_ARGS to initdb, quotes understood", async () => {
    const container = postgres({
      POSTGRES_PASSWORD: "secret",
      POSTGRES_INITDB_ARGS: "--data-checksums --locale='C' --encoding=UTF8",
    })
    expect(
      await ask(
        container,
        "select current_setting('data_checksums'), datcollate from pg_database where datname = 'template0'",
      ),
    ).toBe("on|C")
  })

  test("collates as English in UTF-8 by default", async () => {
    expect(await ask(postgres(), "select datcollate from pg_database where datname = 'postgres'")).toBe("en_US.utf8")
  })

  test("passes arguments on to the server", async () => {
    const service = postgres().withDefaultArgs(["postgres", "-c", "max_connections=17"])
    expect(await ask(service, "show max_connections")).toBe("17")
    expect(await ask(postgres().withDefaultArgs(["-c", "max_connections=18"]), "show max_connections")).toBe("18")
  })

  test("finds the database again in a volume, and does not run the scripts a second time", async () => {
    const volume = dag.cacheVolume(`test-postgres-${Math.random()}`)
    const container = () =>
      postgres()
        .withNewFile("/docker-entrypoint-initdb.d/1.sql", "create table kept as select 1 as one;")
        .withMountedCache("/var/lib/postgresql/data", volume)
    expect(await ask(container(), "insert into kept values (2) returning one")).toContain("2")
    expect(await ask(container(), "select count(*) from kept")).toBe("2")
  })

  test("serves as the user postgres with id 999", async () => {
    const { output } = await start(postgres().withNewFile("/docker-entrypoint-initdb.d/1.sh", "id -u; exit 3"))
    expect(output).toContain("999")
  })

  test("runs another command as it is, and answers --version without a database", async () => {
    expect(await start(postgres({}), ["psql", "--version"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("(PostgreSQL) 15"),
    })
    expect(await start(postgres({}), ["--version"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("postgres (PostgreSQL) 15"),
    })
  })

  test("stops on SIGTERM without waiting for a connected client's query", async () => {
    const script = `docker-entrypoint.sh postgres >/tmp/log 2>&1 & server=$!
until pg_isready -q -h 127.0.0.1; do sleep 0.1; done
PGPASSWORD=secret psql -h 127.0.0.1 -U postgres -c 'select pg_sleep(3600)' >/tmp/client 2>&1 & client=$!
until PGPASSWORD=secret psql -h 127.0.0.1 -U postgres -Atc "select query from pg_stat_activity where wait_event = 'PgSleep'" | grep -q .; do sleep 0.1; done
kill -TERM $server; wait $server; echo "server $?"; wait $client; echo "client $?"; cat /tmp/client; grep -o 'database system is shut down' /tmp/log`
    const output = await postgres().withExec(["bash", "-c", script]).stdout()
    expect(output).toMatch(/^server 0\nclient [1-9]/)
    expect(output).toContain("terminating connection due to administrator command")
    expect(output).toContain("database system is shut down")
  })

  test("has a health check of its own, its tools on the PATH, and the port it serves exposed", async () => {
    const image = dag.container().from("postgres:15")
    expect(await image.dockerHealthcheck().args()).toContain("pg_isready")
    expect(await image.withExec(["sh", "-c", "which pg_dump psql pg_isready initdb | wc -l"]).stdout()).toBe("4\n")
    expect(await Promise.all((await image.exposedPorts()).map((port) => port.port()))).toEqual([5432])
  })
})
