import { identifier, literal } from "../connect/session.js"
import { COPY_SUPERUSER } from "./copy-server.js"
import type { Likeness } from "./likeness.js"

/** Scripts for psql that make a copy's server like the real one. Pure. A line that begins with `@@warning ` is for the reader. */

/** Whose members a managed server lets do what elsewhere a superuser alone may do, such as CREATE EXTENSION. */
const ALMOST_SUPERUSER = ["rds_superuser", "cloudsqlsuperuser", "azure_pg_admin", "alloydbsuperuser", "neon_superuser"]

/** These name files and disks of the real server, or keep a copy from being made: a database that refuses writes is refused before. */
const NOT_COPIED =
  /^(?:\w+_preload_libraries|temp_tablespaces|default_tablespace|log_\w+|default_transaction_read_only)=/

/**
 * Roles with their attributes, memberships and settings. Only the one that the app logs in as has a password.
 *
 * @param mayAll whether that one is a superuser of the copy: where the user of a plan may only read, another one will migrate
 */
export function rolesScript(
  { user, roles, members, settings, server }: Likeness,
  password: string,
  mayAll: boolean,
): string {
  const powerful = new Set([
    ...members.filter(({ role }) => ALMOST_SUPERUSER.includes(role)).map(({ member }) => member),
    ...(mayAll ? [user] : []),
  ])
  const known = new Set(roles.map(({ name }) => name))
  const attribute = (has: boolean, name: string): string => `${has ? "" : "NO"}${name}`
  return lines([
    ...roles
      .filter(({ name }) => name !== COPY_SUPERUSER)
      .map((role) =>
        [
          `CREATE ROLE ${identifier(role.name)}`,
          attribute(role.superuser || powerful.has(role.name), "SUPERUSER"),
          attribute(role.inherit, "INHERIT"),
          attribute(role.createRole, "CREATEROLE"),
          attribute(role.createDatabase, "CREATEDB"),
          attribute(role.login, "LOGIN"),
          attribute(role.bypassRls, "BYPASSRLS"),
        ].join(" "),
      ),
    ...(known.has(user) ? [] : [`CREATE ROLE ${identifier(user)} LOGIN`]),
    `ALTER ROLE ${identifier(user)} PASSWORD ${literal(password)}`,
    ...members.map(({ role, member, admin, inherit, set }) => {
      const options = [
        ...(admin ? ["ADMIN true"] : []),
        ...(inherit === null ? [] : [`INHERIT ${inherit}`]),
        ...(set === null ? [] : [`SET ${set}`]),
      ]
      const written = inherit === null ? (admin ? " WITH ADMIN OPTION" : "") : ` WITH ${options.join(", ")}`
      return `GRANT ${identifier(role)} TO ${identifier(member)}${written}`
    }),
    ...settings.filter(({ ofDatabase }) => !ofDatabase).map(({ role, values }) => settingsRow("0", role, values)),
    ...Object.entries(server).map(
      ([name, value]) => `ALTER SYSTEM SET ${identifier(name)} = ${name === "search_path" ? value : literal(value)}`,
    ),
    "SELECT pg_catalog.pg_reload_conf()",
  ])
}

/** The database itself, empty. Where the image lacks its locale the nearest that every image has is taken, and named. */
export function databaseScript(likeness: Likeness, name = likeness.database.name): string {
  const { owner, encoding, collate, type, icuLocale } = likeness.database
  const create = (locale: string): string =>
    `CREATE DATABASE ${identifier(name)} OWNER ${identifier(owner)} TEMPLATE template0 ENCODING ${literal(encoding)} ${locale}`
  const icu = icuLocale === null ? "" : ` LOCALE_PROVIDER icu ICU_LOCALE ${literal(icuLocale)}`
  return [
    "\\set ON_ERROR_STOP off",
    `${create(`LC_COLLATE ${literal(collate)} LC_CTYPE ${literal(type)}${icu}`)};`,
    "\\if :ERROR",
    `\\echo @@warning the copy sorts text by bytes: database.image lacks the locale of the database (:LAST_ERROR_MESSAGE)`,
    "\\set ON_ERROR_STOP on",
    `${create("LC_COLLATE 'C' LC_CTYPE 'C'")};`,
    "\\endif",
    "\\set ON_ERROR_STOP on",
    databaseSettingsScript(likeness, name),
  ].join("\n")
}

/** What belongs to a database and is in no dump of it. CREATE DATABASE … TEMPLATE does not copy it either. */
export function databaseSettingsScript(
  { settings, database, user }: Likeness,
  name: string,
  asSuperuser = false,
): string {
  const oid = `(SELECT oid FROM pg_catalog.pg_database WHERE datname = ${literal(name)})`
  const own = settings.filter(({ ofDatabase }) => ofDatabase)
  const asUser = asSuperuser
    ? settings
        .filter(({ role }) => role === user)
        .sort((one, other) => Number(one.ofDatabase) - Number(other.ofDatabase))
    : []
  return lines([
    ...own.map(({ role, values }) => settingsRow(oid, role, values)),
    ...(asUser.length === 0
      ? []
      : [
          settingsRow(oid, COPY_SUPERUSER, [
            ...new Map(asUser.flatMap(({ values }) => values).map((value) => [value.split("=")[0], value])).values(),
          ]),
        ]),
    ...(database.privileges === null
      ? []
      : [
          `UPDATE pg_catalog.pg_database SET datacl = ${literal(database.privileges)}::aclitem[] WHERE datname = ${literal(name)}`,
        ]),
  ])
}

/** Extensions in the version that the database has, before the dump makes them in the image's newest. */
export function extensionsScript({ extensions }: Likeness): string {
  return (
    extensions
      // a schema of its own is made by the dump
      .filter(({ schema }) => schema === "public" || schema === "pg_catalog")
      .filter(({ name }) => name !== "plpgsql")
      .flatMap(({ name, version, schema }) => [
        "\\set ON_ERROR_STOP off",
        `CREATE EXTENSION IF NOT EXISTS ${identifier(name)} SCHEMA ${identifier(schema)} VERSION ${literal(version)};`,
        "\\if :ERROR",
        `\\echo @@warning the copy has another version of the extension ${name.replaceAll(/[^\w-]/g, "?")} than ${version.replaceAll(/[^\w.-]/g, "?")}: database.image lacks that one`,
        "\\endif",
        "\\set ON_ERROR_STOP on",
      ])
      .join("\n")
  )
}

function settingsRow(database: string, role: string | null, values: readonly string[]): string {
  const kept = values.filter((value) => !NOT_COPIED.test(value))
  const roleOid = role === null ? "0" : `(SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ${literal(role)})`
  // as it is kept there: a list such as search_path could not be written in one way for all settings
  return kept.length === 0
    ? ""
    : `INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig) VALUES (${database}, ${roleOid}, ARRAY[${kept.map(literal).join(", ")}])`
}

function lines(statements: readonly string[]): string {
  return statements
    .filter((statement) => statement !== "")
    .map((statement) => `${statement};`)
    .join("\n")
}
