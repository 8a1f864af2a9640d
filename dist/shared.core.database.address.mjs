import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/address.ts
var TLS_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
function parseAddress(url, variable) {
  const refuse = /* @__PURE__ */ __name((what) => new TollgateError("database-url", `${variable} ${what}.`, `Expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Special characters of the password are written as %XX.`), "refuse");
  if (!/^postgres(ql)?(\+[a-z0-9_]+)?:\/\//.test(url)) throw refuse("is not the URL of a Postgres database");
  const parts = urlParts(url.replace(/^postgres(ql)?(\+[a-z0-9_]+)?:/, "postgresql:"));
  if (parts === null) throw refuse("cannot be read as a URL");
  const { hostname, username, pathname, searchParams } = parts;
  const host = hostname === "" ? searchParams.get("host") ?? "" : hostname.replace(/^\[(.*)\]$/, "$1");
  if (host === "" || host.startsWith("/") || host.startsWith("%2F")) throw refuse("names no host: a socket's folder cannot be reached from a container");
  if (host.includes(",")) throw refuse("names several hosts: a migration must know which one it changes");
  const database = decoded(pathname.slice(1));
  if (database === null || database === "" || database.includes("/")) throw refuse("names no database");
  const user = decoded(username);
  const password = decoded(parts.password);
  if (user === null || user === "" || password === null) throw refuse("names no user, or has a % that is not followed by two digits");
  const given = searchParams.get("sslmode") ?? "prefer";
  const tls = TLS_MODES.find((mode) => mode === given);
  if (tls === void 0) throw refuse("has an sslmode that Postgres does not know");
  return { host, port: parts.port === "" ? 5432 : Number(parts.port), user, password, database, tls };
}
__name(parseAddress, "parseAddress");
function urlParts(url) {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
__name(urlParts, "urlParts");
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
__name(decoded, "decoded");
function rewriteUrl(url, changes) {
  const [, scheme = "", rest = ""] = /^([^:]+):(.*)$/s.exec(url) ?? [];
  const parsed = new URL(`postgresql:${rest}`);
  if (changes.host !== void 0) parsed.hostname = changes.host;
  if (changes.port !== void 0) parsed.port = String(changes.port);
  if (changes.database !== void 0) parsed.pathname = `/${encodeURIComponent(changes.database)}`;
  return parsed.href.replace(/^postgresql:/, `${scheme}:`);
}
__name(rewriteUrl, "rewriteUrl");
function isLoopback(host) {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
__name(isLoopback, "isLoopback");
function withoutPassword(text, { password }) {
  if (password === "") return text;
  const forms = /* @__PURE__ */ new Set([password, encodeURIComponent(password), encodeURI(password)]);
  return [...forms].reduce((all, form) => all.replaceAll(form, "***"), text);
}
__name(withoutPassword, "withoutPassword");

export {
  parseAddress,
  rewriteUrl,
  isLoopback,
  withoutPassword
};
