import { type Container, type File, ReturnType } from "@dagger.io/dagger"
import { clip } from "../../presentation/plain-text.js"
import { TollgateError } from "../../shared/errors.js"
import type { Reach } from "../connect/reach.js"
import { identifier } from "../connect/session.js"

/**
 * The schema without a row. pg_dump reads in a read-only transaction of its own; the session is told to refuse writes besides.
 *
 * @param client Postgres's own programs
 */
export function dumpSchema(client: Container, reach: Reach, nonce: string): Promise<File> {
  return dump(
    client,
    reach,
    ["--schema-only", "--exclude-schema=tollgate", "--no-tablespaces", "--no-publications", "--no-subscriptions"],
    nonce,
  )
}

/** Rows of a few tables, for a copy that has their schema. Read in the same way. */
export function dumpRows(
  client: Container,
  reach: Reach,
  tables: readonly (readonly [schema: string, name: string])[],
  nonce: string,
): Promise<File> {
  return dump(
    client,
    reach,
    [
      "--data-only",
      "--disable-triggers",
      ...tables.map(([schema, name]) => `--table=${identifier(schema)}.${identifier(name)}`),
    ],
    nonce,
  )
}

async function dump(client: Container, reach: Reach, what: readonly string[], nonce: string): Promise<File> {
  const options = [reach.inProcess.options, "-c default_transaction_read_only=on -c statement_timeout=120s"]
    .join(" ")
    .trim()
  const dumped = reach
    .inContainer(client)
    .withEnvVariable("PGOPTIONS", options)
    .withEnvVariable("TOLLGATE_NONCE", nonce)
    .withExec(["pg_dump", ...what, "--lock-wait-timeout=10s", "--file=/tmp/schema.sql"], { expect: ReturnType.Any })
  if ((await dumped.exitCode()) === 0) return dumped.file("/tmp/schema.sql")
  const said = reach.redact(await dumped.stderr()).trim()
  const tail = clip(said, 2000)
    .split("\n")
    .map((line) => `  | ${line}`)
  throw new TollgateError(
    "schema-unread",
    ["pg_dump could not read the database's schema.", "", ...tail].join("\n"),
    /server version mismatch/.test(said)
      ? "Set database.image of tollgate.yaml to the server's major version or a newer one. Nothing was changed."
      : "Grant the user SELECT on every table and sequence: pg_dump locks each for a moment in ACCESS SHARE mode, as any query does. Nothing was changed.",
  )
}
