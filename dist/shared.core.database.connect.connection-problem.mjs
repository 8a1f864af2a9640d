import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  withoutPassword
} from "./shared.core.database.connect.address.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/connect/connection-problem.ts
var failure = external_exports.object({ message: external_exports.string(), code: external_exports.string().optional() });
function connectionProblem(address, failures) {
  const known = failures.map((one) => failure.safeParse(one)).flatMap((parsed) => parsed.success ? [parsed.data] : []);
  const said = known.find(({ code }) => code !== void 0 && /^[0-9A-Z]{5}$/.test(code)) ?? known.at(-1) ?? { message: "no answer", code: void 0 };
  const message = withoutPassword(said.message, address);
  const where = `${address.host}:${address.port}`;
  const error = /* @__PURE__ */ __name((code, what, next) => new TollgateError(code, what, `${next} Nothing was changed.`), "error");
  switch (said.code) {
    case "28P01":
    case "28000":
      return error(
        "database-login",
        `The database at ${where} refuses the user ${address.user}: ${message}.`,
        "Correct the user or the password in --secrets."
      );
    case "3D000":
      return error(
        "database-unknown",
        `There is no database ${address.database} at ${where}.`,
        "Correct its name in --secrets, or create it first."
      );
    case "53300":
      return error(
        "database-full",
        `The database at ${where} accepts no more connections: ${message}.`,
        "Wait, or raise max_connections: a migration needs 5 connections."
      );
    default:
      return error(
        "database-unreachable",
        `The database at ${where} cannot be reached: ${message}.`,
        "Check that the server is running and that this machine may connect to it."
      );
  }
}
__name(connectionProblem, "connectionProblem");

// core/database/connect/session.ts
var CONNECT_MS = 15e3;
async function openSession(address, purpose, connectMs = CONNECT_MS) {
  const [{ default: pg }, { Socket }] = await Promise.all([import("./pg.esm.index.mjs"), import("node:net")]);
  const failures = [];
  for (const ssl of attempts(address.tls)) {
    const socket = new Socket();
    const client = new pg.Client({
      stream: /* @__PURE__ */ __name(() => socket, "stream"),
      host: address.host,
      port: address.port,
      user: address.user,
      password: address.password,
      database: address.database,
      ...address.options === "" ? {} : { options: address.options },
      ssl,
      application_name: purpose,
      connectionTimeoutMillis: connectMs,
      keepAlive: true
    });
    let broken = false;
    client.on("error", () => broken = true);
    client.on("end", () => broken = true);
    try {
      await client.connect();
    } catch (error) {
      failures.push(error);
      socket.destroy();
      continue;
    }
    const query = /* @__PURE__ */ __name(async (sql, values) => {
      const asked = values === void 0 ? { text: sql } : { text: sql, values: [...values], queryMode: "extended" };
      return (await client.query(asked)).rows;
    }, "query");
    const rows = /* @__PURE__ */ __name(async (schema, sql, values) => external_exports.array(schema).parse(await query(sql, values)), "rows");
    return {
      rows,
      row: /* @__PURE__ */ __name(async (schema, sql, values) => {
        const [first, second] = await rows(schema, sql, values);
        if (first === void 0 || second !== void 0) throw new RangeError("expected one row");
        return first;
      }, "row"),
      run: /* @__PURE__ */ __name(async (sql, values) => {
        await client.query(sql, values === void 0 ? void 0 : [...values]);
      }, "run"),
      listen: /* @__PURE__ */ __name(async (channel, heard) => {
        client.on("notification", heard);
        await client.query(`LISTEN ${identifier(channel)}`);
      }, "listen"),
      get broken() {
        return broken;
      },
      close: /* @__PURE__ */ __name(async () => {
        await client.end().catch(() => void 0);
      }, "close")
    };
  }
  throw connectionProblem(address, failures);
}
__name(openSession, "openSession");
function attempts(mode) {
  switch (mode) {
    case "disable":
      return [false];
    case "allow":
      return [false, { rejectUnauthorized: false }];
    case "prefer":
      return [{ rejectUnauthorized: false }, false];
    case "require":
      return [{ rejectUnauthorized: false }];
    case "verify-ca":
      return [{ rejectUnauthorized: true, checkServerIdentity: /* @__PURE__ */ __name(() => void 0, "checkServerIdentity") }];
    case "verify-full":
      return [{ rejectUnauthorized: true }];
  }
}
__name(attempts, "attempts");
async function withSession(address, purpose, work) {
  const session = await openSession(address, purpose);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
__name(withSession, "withSession");
async function withReadOnlySession(address, purpose, work) {
  return withSession(address, purpose, async (session) => {
    await session.run("SET statement_timeout = '30s'; SET lock_timeout = '5s'");
    await session.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await session.run("SELECT 1");
    const result = await work(session);
    await session.run("ROLLBACK");
    return result;
  });
}
__name(withReadOnlySession, "withReadOnlySession");
function codeOf(error) {
  const parsed = external_exports.object({ code: external_exports.string() }).safeParse(error);
  return parsed.success ? parsed.data.code : null;
}
__name(codeOf, "codeOf");
function identifier(name) {
  return `"${name.replaceAll('"', '""')}"`;
}
__name(identifier, "identifier");
function literal(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
__name(literal, "literal");
function isServerAway(error) {
  const code = error instanceof TollgateError ? error.code : codeOf(error) ?? "";
  return code === "database-unreachable" || /^(57P0[123]|08\w{3}|ECONN\w+|EPIPE)$/.test(code) || error instanceof Error && /Connection terminated|not queryable/.test(error.message);
}
__name(isServerAway, "isServerAway");

export {
  openSession,
  withSession,
  withReadOnlySession,
  codeOf,
  identifier,
  literal,
  isServerAway
};
