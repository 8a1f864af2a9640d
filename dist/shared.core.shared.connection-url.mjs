import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/connection-url.ts
var unreadable = /* @__PURE__ */ __name((why) => ({ kind: "unreadable", why }), "unreadable");
function readConnectionUrl(text) {
  const parts = partsOf(text);
  if (parts === null)
    return unreadable(
      /^jdbc:/i.test(text) ? "is a JDBC URL: remove jdbc:, and write USER:PASSWORD@ before the host" : "is not a URL"
    );
  const { scheme, driver, userinfo, authority, path, query } = parts;
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return unreadable("is not a URL: it contains whitespace");
  if (authority.includes("@")) return unreadable("contains a second @: write an @ in a password as %40");
  const strict = driver === null && /^postgres(ql)?$/i.test(scheme);
  if (strict && [userinfo, authority, path, query].some(hasBrokenEscape))
    return unreadable("contains a % that is not followed by two hexadecimal digits: write a % as %25");
  const [user = "", ...password] = userinfo.split(":");
  const parameters = parametersOf(query);
  const named = namedHosts(parameters);
  const written = hostsOf(authority);
  const hosts = named.length > 0 ? named.map(({ host, port }, index) => ({ host, port: port === "" ? written[index]?.port ?? "" : port })) : written;
  if (hosts.some(({ host, port }) => host.startsWith("/") && port !== "" && !isPort(port)))
    return unreadable("names a socket's folder that has a : in it: write that : as %3A, or pass the folder as ?host=");
  if (hosts.some(({ port }) => port !== "" && !isPort(port)))
    return unreadable("has an invalid port: expected 1 to 65535. Write a / or : in a password as %2F or %3A");
  if (hosts.some(({ host }) => !isHost(host)))
    return unreadable("contains characters in its host that are not allowed in host names");
  const value = /* @__PURE__ */ __name((name) => lastOf(parameters, name), "value");
  return {
    kind: "read",
    url: {
      scheme: scheme.toLowerCase(),
      driver,
      user: value("user") ?? decoded(user),
      password: value("password") ?? decoded(password.join(":")),
      hosts,
      database: value("dbname") ?? decoded(path.slice(1)),
      parameters
    }
  };
}
__name(readConnectionUrl, "readConnectionUrl");
function partsOf(text) {
  const [, scheme, driver = null, rest = ""] = /^([a-z][a-z0-9.-]*)(?:\+([a-z0-9_.+-]+))?:\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === void 0) return null;
  const { userinfo, after } = splitUser(rest, driver !== null);
  const [, authority = "", path = "", query = ""] = /^([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(after) ?? [];
  return { scheme, driver, userinfo, authority, path, query };
}
__name(partsOf, "partsOf");
function rewriteConnectionUrl(text, changes) {
  const parts = partsOf(text);
  if (parts === null) throw new RangeError("cannot rewrite a text that is not a URL");
  const { scheme, driver, userinfo, authority, path, query } = parts;
  const { host, port, database } = changes;
  const moved = host !== void 0 || port !== void 0;
  const dropped = [...moved ? ["host", "hostaddr", "port"] : [], ...database === void 0 ? [] : ["dbname"]];
  const kept = query.split("&").filter((pair) => pair !== "" && !dropped.includes(pair.split("=")[0] ?? ""));
  const reading = readConnectionUrl(text);
  const before = reading.kind === "read" ? reading.url.hosts[0] : void 0;
  const at = moved ? `${inAuthority(host ?? before?.host ?? "")}${portSuffix(port ?? before?.port ?? "")}` : authority;
  return [
    `${scheme}${driver === null ? "" : `+${driver}`}://`,
    userinfo === "" ? "" : `${userinfo}@`,
    at,
    database === void 0 ? path : `/${encodeURIComponent(database)}`,
    kept.length === 0 ? "" : `?${kept.join("&")}`
  ].join("");
}
__name(rewriteConnectionUrl, "rewriteConnectionUrl");
function inAuthority(host) {
  return host.includes(":") ? `[${host}]` : host;
}
__name(inAuthority, "inAuthority");
function portSuffix(port) {
  return port === "" ? "" : `:${port}`;
}
__name(portSuffix, "portSuffix");
function splitUser(rest, driver) {
  const found = (driver ? /^([^:/@]*(?::[^@]*)?)@(.*)$/s : /^([^@/]*)@(.*)$/s).exec(rest);
  return found === null ? { userinfo: "", after: rest } : { userinfo: found[1] ?? "", after: found[2] ?? "" };
}
__name(splitUser, "splitUser");
function hostsOf(authority) {
  if (authority === "") return [];
  return authority.split(",").map((one) => {
    const [, inBrackets, plain = "", port = ""] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(one) ?? [
      one,
      void 0,
      one,
      ""
    ];
    return { host: decoded(inBrackets ?? plain), port };
  });
}
__name(hostsOf, "hostsOf");
function namedHosts(parameters) {
  const all = parameters.filter(([name]) => name === "host").flatMap(([, value]) => value.split(","));
  const written = all.length > 0 ? all : lastOf(parameters, "hostaddr")?.split(",") ?? [];
  const socket = lastOf(parameters, "unix_sock")?.replace(/\/\.s\.PGSQL\.\d+$/, "");
  if (all.length === 0 && socket !== void 0 && isSocket(socket)) return [{ host: socket, port: "" }];
  const ports = (lastOf(parameters, "port") ?? "").split(",");
  return written.filter((one) => one !== "").map((one, index) => {
    const shared = ports[index] ?? (ports.length === 1 ? ports[0] : "") ?? "";
    const [, host = one, port = shared] = /^([^:/@][^:/]*):(\d+)$/.exec(one) ?? [];
    return { host, port };
  });
}
__name(namedHosts, "namedHosts");
function parametersOf(query) {
  if (query === "") return [];
  return query.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    return equals === -1 ? [decoded(pair), ""] : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))];
  });
}
__name(parametersOf, "parametersOf");
function lastOf(parameters, name) {
  return parameters.findLast(([one]) => one === name)?.[1] ?? null;
}
__name(lastOf, "lastOf");
function isSocket(host) {
  return host.startsWith("/") || host.startsWith("@");
}
__name(isSocket, "isSocket");
function isHost(host) {
  return isSocket(host) || host === "" || /^[\p{L}\p{N}._-]+$/u.test(host) || /^[0-9a-f:.]+(%[\w.-]+)?$/i.test(host);
}
__name(isHost, "isHost");
function isPort(port) {
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
}
__name(isPort, "isPort");
function hasBrokenEscape(part) {
  return /%(?![0-9a-f]{2})|%00/i.test(part);
}
__name(hasBrokenEscape, "hasBrokenEscape");
function decoded(part) {
  return part.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
__name(decoded, "decoded");
var KEYWORDS = /* @__PURE__ */ new Set([
  "host",
  "hostaddr",
  "port",
  "dbname",
  "user",
  "password",
  "passfile",
  "service",
  "servicefile",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslpassword",
  "sslcrl",
  "sslsni",
  "ssl_min_protocol_version",
  "sslnegotiation",
  "requiressl",
  "connect_timeout",
  "client_encoding",
  "options",
  "application_name",
  "fallback_application_name",
  "keepalives",
  "keepalives_idle",
  "keepalives_interval",
  "keepalives_count",
  "tcp_user_timeout",
  "target_session_attrs",
  "load_balance_hosts",
  "channel_binding",
  "gssencmode",
  "krbsrvname",
  "gsslib",
  "require_auth",
  "requirepeer",
  "replication"
]);
function readKeywords(text) {
  const parameters = [];
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/sy;
  while (pair.lastIndex < text.trimEnd().length) {
    const [whole, name = "", quoted, plain = ""] = pair.exec(text) ?? [];
    if (whole === void 0 || !KEYWORDS.has(name)) return null;
    parameters.push([name, (quoted ?? plain).replace(/\\(.)/gs, "$1")]);
  }
  const value = /* @__PURE__ */ __name((name) => lastOf(parameters, name) ?? "", "value");
  if (!["host", "hostaddr", "dbname", "service"].some((name) => value(name) !== "")) return null;
  return {
    scheme: "postgresql",
    driver: null,
    user: value("user"),
    password: value("password"),
    hosts: namedHosts(parameters),
    database: value("dbname"),
    parameters
  };
}
__name(readKeywords, "readKeywords");

export {
  readConnectionUrl,
  rewriteConnectionUrl,
  lastOf,
  isSocket,
  readKeywords
};
