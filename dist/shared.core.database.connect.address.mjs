import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  redactor
} from "./shared.core.secrets.plain-form.mjs";
import {
  isSocket,
  lastOf,
  readConnectionUrl,
  readKeywords,
  rewriteConnectionUrl
} from "./shared.core.shared.connection-url.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/connect/address.ts
var TLS_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
function parseAddress(url, variable) {
  const refuse = /* @__PURE__ */ __name((what) => new TollgateError(
    "database-url",
    `${variable} ${what}.`,
    `Expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Special characters of the password are written as %XX.`
  ), "refuse");
  if (!/^postgres(ql)?(\+[a-z0-9_]+)?:\/\//.test(url)) {
    const keywords = readKeywords(url) === null ? "" : "; it is libpq's form of keywords and values, which alembic and SQLAlchemy do not read";
    throw refuse(`is not the URL of a Postgres database${keywords}`);
  }
  const reading = readConnectionUrl(url);
  if (reading.kind === "unreadable") throw refuse(`cannot be read as a URL: it ${reading.why}`);
  const { hosts, user, password, database, parameters } = reading.url;
  const [only] = hosts;
  if (lastOf(parameters, "service") !== null)
    throw refuse("names a service: the pg_service.conf that has its host is not there in a container");
  if (hosts.length > 1) throw refuse("names several hosts: a migration must know which one it changes");
  if (only === void 0 || only.host === "" || isSocket(only.host))
    throw refuse("names no host: a socket's folder cannot be reached from a container");
  if (database === "" || database.includes("/")) throw refuse("names no database");
  if (user === "") throw refuse("names no user");
  const given = lastOf(parameters, "sslmode") ?? "prefer";
  const tls = TLS_MODES.find((mode) => mode === given);
  if (tls === void 0) throw refuse("has an sslmode that Postgres does not know");
  return {
    host: only.host,
    port: only.port === "" ? 5432 : Number(only.port),
    user,
    password,
    database,
    tls,
    options: lastOf(parameters, "options") ?? ""
  };
}
__name(parseAddress, "parseAddress");
function saysTls(url) {
  const reading = readConnectionUrl(url);
  return reading.kind === "read" && lastOf(reading.url.parameters, "sslmode") !== null;
}
__name(saysTls, "saysTls");
function withHostInPlace(url) {
  const [, before, port = "", path = "", query = ""] = /^(postgres[a-z0-9_+]*:\/\/(?:[^@/?#]*@)?)(:\d+)?(\/[^?#]*)?(?:\?([^#]*))?$/s.exec(url) ?? [];
  if (before === void 0) return url;
  const parameters = new URLSearchParams(query);
  const host = parameters.get("host") ?? "";
  if (host === "" || host.startsWith("/") || host.startsWith("@")) return null;
  const kept = query.split("&").filter((one) => !/^(?:host|port)=/.test(one)).join("&");
  const given = parameters.get("port");
  return `${before}${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}${given === null ? port : `:${given}`}${path}${kept === "" ? "" : `?${kept}`}`;
}
__name(withHostInPlace, "withHostInPlace");
function likePassword(url, { password }) {
  const special = [...new Set(password.replace(/[\p{L}\p{N}]/gu, ""))].join("");
  const encoded = /^[^:]+:\/\/[^@/?#]*%/.test(url);
  return `${special}${encoded && encodeURIComponent(special) === special ? "@" : ""}`;
}
__name(likePassword, "likePassword");
var rewriteUrl = rewriteConnectionUrl;
var OF_THE_WAY = /^(?:ssl.*|host|hostaddr|port|target_session_attrs|channel_binding|gss.*|krbsrvname|require_auth|service)$/;
function copyUrl(url, { host, port, user, password, database }) {
  const [, scheme = "postgresql"] = /^([^:]+):/.exec(url) ?? [];
  const reading = readConnectionUrl(url);
  const parameters = reading.kind === "read" ? reading.url.parameters : [];
  const kept = parameters.filter(([name]) => !OF_THE_WAY.test(name)).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const address = `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`;
  return kept.length === 0 ? address : `${address}?${kept.join("&")}`;
}
__name(copyUrl, "copyUrl");
function isLoopback(host) {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
__name(isLoopback, "isLoopback");
function withoutPassword(text, { password }, url = "") {
  if (password === "") return text;
  const [, written = ""] = /^[^:]+:\/\/[^:@/?#]*:([^@/?#]*)@/.exec(url) ?? [];
  return redactor([password, written], 1)(text);
}
__name(withoutPassword, "withoutPassword");

export {
  parseAddress,
  saysTls,
  withHostInPlace,
  likePassword,
  rewriteUrl,
  copyUrl,
  isLoopback,
  withoutPassword
};
