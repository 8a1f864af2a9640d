import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  always,
  containerImage,
  entryOf,
  environmentName,
  expected,
  isMapping,
  keysOf,
  mapping,
  nearest,
  sequence,
  text,
  variables,
  withHint
} from "./shared.core.config.fields.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/config/port.ts
var error = expected("a port from 1 to 65535");
var port = external_exports.number({ error }).int({ error }).min(1, { error }).max(65535, { error });

// core/config/services.ts
var PLACEHOLDER = /\{([^{}]*)\}/g;
function serviceUrl(placeholders) {
  const known = placeholders.map((name) => `{${name}}`).join(" ");
  return text("a URL with {host} in it").superRefine((url2, context) => {
    if (url2.trim() === "") return;
    for (const [written, name = ""] of url2.matchAll(PLACEHOLDER)) {
      if (placeholders.includes(name)) continue;
      context.addIssue({
        code: "custom",
        message: withHint(`has the unknown placeholder ${written}`, `known here: ${known}`)
      });
    }
    if (!url2.includes("{host}")) {
      const message = withHint(
        "has no {host}: each suite has a service of its own, at a host of its own",
        `known here: ${known}`
      );
      context.addIssue({ code: "custom", message });
    }
  });
}
__name(serviceUrl, "serviceUrl");
var variable = /* @__PURE__ */ __name((set) => environmentName.prefault(set).describe("Environment variable in which a suite finds the URL."), "variable");
var url = /* @__PURE__ */ __name((template, placeholders) => serviceUrl(placeholders).prefault(template).describe(`The URL a suite is given. Filled in: ${placeholders.map((name) => `{${name}}`).join(" ")}.`), "url");
var identifier = /* @__PURE__ */ __name((what) => text(`${what}: lower-case letters, digits and _`, /^[a-z_][a-z0-9_]*$/), "identifier");
var postgres = mapping("false or a mapping", {
  image: containerImage.prefault("postgres:15").describe("Image of the database."),
  user: identifier("a role's name").prefault("app").describe("Role that owns the database."),
  // stands unescaped in the URL, and guards nothing: the database lives as long as its suite
  password: text("a password of letters, digits and . _ ~ -", /^[A-Za-z0-9._~-]+$/).prefault("app").describe("The role's password. Not a secret: the database lives as long as its suite."),
  database: identifier("a database's name").prefault("app").describe("Name of the database, created empty."),
  env: variable("DATABASE_URL"),
  url: url("postgresql://{user}:{password}@{host}:{port}/{database}", ["user", "password", "host", "port", "database"])
});
var redis = mapping("false or a mapping", {
  image: containerImage.prefault("redis:7").describe("Image of the Redis server."),
  env: variable("REDIS_URL"),
  url: url("redis://{host}:{port}/0", ["host", "port"])
});
function orNone(service) {
  return external_exports.union([external_exports.literal(false), service], {
    error: expected(
      "false or a mapping",
      (input) => input === true || input === null ? "leave the key out: the service is there by default" : null
    )
  });
}
__name(orNone, "orNone");
var other = mapping("a mapping with image and port", {
  image: containerImage.describe("Image of the service."),
  port: port.describe("Port that the service listens on."),
  env: variables.prefault({}).describe("Environment variables of the service itself, such as a password to throw away."),
  command: sequence("a list: the program or its arguments", text("a program or an argument")).optional().describe("Arguments for the image's entry point. When left out: the image's own."),
  healthy: text("a shell command").optional().describe(
    "Shell command in the service's container that exits 0 once the service answers. When left out: the port accepts connections."
  )
});
var HOST = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
function namesAreHosts(value, context) {
  for (const name of keysOf(value)) {
    const message = nameProblem(name);
    if (message !== null) context.addIssue({ code: "custom", path: [name], message, params: { at: "key" } });
  }
}
__name(namesAreHosts, "namesAreHosts");
function nameProblem(name) {
  if (name === "localhost") return "is each container's own name: choose another one";
  if (HOST.test(name)) return null;
  if (name.length > 63) return `is too long for a host name: it has ${name.length} characters, at most 63 are allowed`;
  const better = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");
  const problem = "is not a host name: expected lower-case letters, digits and -, beginning with a letter";
  return withHint(problem, better === "" ? null : `write ${better}`);
}
__name(nameProblem, "nameProblem");
var services = mapping("a mapping of services", {
  postgres: orNone(postgres).prefault({}).describe("A Postgres of its own for each suite; false for none."),
  redis: orNone(redis).prefault({}).describe("A Redis of its own for each suite; false for none.")
}).catchall(other).superRefine(namesAreHosts, always).meta({ propertyNames: { type: "string", pattern: HOST.source } }).transform(({ postgres: postgres2, redis: redis2, ...others }) => ({ postgres: postgres2, redis: redis2, others }));
var POSTGRES_PORT = 5432;
var REDIS_PORT = 6379;
function addressesOf({ postgres: postgres2, redis: redis2, others }) {
  const ports = [
    ...postgres2 === false ? [] : [["postgres", POSTGRES_PORT]],
    ...redis2 === false ? [] : [["redis", REDIS_PORT]],
    ...Object.entries(others).map(([name, { port: port2 }]) => [name, port2])
  ];
  return new Map(ports.map(([name, port2]) => [name, { host: name, port: String(port2) }]));
}
__name(addressesOf, "addressesOf");
function serviceNames(settings) {
  const others = entryOf(settings, "others");
  const read = isMapping(others) && Object.values(others).every(isMapping);
  const builtIn = ["postgres", "redis"].filter((name) => entryOf(settings, name) !== false);
  const further = keysOf(read ? others : settings).filter((name) => name !== "postgres" && name !== "redis");
  return [...builtIn, ...further];
}
__name(serviceNames, "serviceNames");

// core/config/template.ts
var PLACEHOLDERS = ["host", "port", "user", "password", "database", "url"];
var PLACEHOLDER2 = /\{\{([A-Za-z_]\w*|services\.[\w.-]+)\}\}|\{([A-Za-z_]\w*|services\.[\w.-]+)\}/g;
var OF_SERVICE = /^services\.([^.]+)\.(host|port)$/;
function namesIn(template) {
  return [...template.matchAll(PLACEHOLDER2)].flatMap(([, , name]) => name === void 0 ? [] : [name]);
}
__name(namesIn, "namesIn");
function fillTemplate(template, filling, services2 = /* @__PURE__ */ new Map()) {
  const inUrl = /:\/\//.test(template);
  return template.replace(PLACEHOLDER2, (written, text2, name) => {
    const [, service = "", part] = OF_SERVICE.exec(name ?? "") ?? [];
    const address = services2.get(service);
    if (address !== void 0) return part === "host" ? address.host : address.port;
    const placeholder = PLACEHOLDERS.find((known) => known === name);
    if (placeholder === void 0) return text2 === void 0 ? written : `{${text2}}`;
    const value = filling[placeholder];
    if (!inUrl || placeholder === "url") return value;
    if (placeholder === "host") return value.includes(":") ? `[${value}]` : value;
    return encodeURIComponent(value);
  });
}
__name(fillTemplate, "fillTemplate");
function placeholdersAreKnown(value, path, available, context) {
  for (const name of keysOf(value)) {
    const written = entryOf(value, name);
    if (typeof written !== "string") continue;
    for (const placeholder of new Set(namesIn(written))) {
      const message = problemOf(placeholder, available);
      if (message !== null) context.addIssue({ code: "custom", path: [...path, name], message });
    }
  }
}
__name(placeholdersAreKnown, "placeholdersAreKnown");
function problemOf(placeholder, { missing, services: services2 }) {
  const asText = `write {{${placeholder}}} for the text {${placeholder}}`;
  const ofServices = services2.flatMap((name) => [`services.${name}.host`, `services.${name}.port`]);
  if (ofServices.includes(placeholder)) return null;
  if (PLACEHOLDERS.some((known2) => known2 === placeholder))
    return missing === null ? null : withHint(`has the placeholder {${placeholder}}, but ${missing}`, asText);
  const named = placeholder.startsWith("services.");
  const [, service = "", part = "host"] = placeholder.split(".");
  const all = named ? ofServices : PLACEHOLDERS;
  const meant = named ? nearestOfService(service, part, services2) : nearest(placeholder, PLACEHOLDERS);
  const known = all.length === 0 ? "no services are known here" : `known here: ${all.map((name) => `{${name}}`).join(" ")}`;
  return withHint(
    `has the unknown placeholder {${placeholder}}`,
    `${meant === null ? known : `did you mean {${meant}}?`}; ${asText}`
  );
}
__name(problemOf, "problemOf");
function nearestOfService(service, part, services2) {
  const meant = services2.includes(service) ? service : nearest(service, services2);
  return meant === null ? null : `services.${meant}.${nearest(part, ["host", "port"]) ?? "host"}`;
}
__name(nearestOfService, "nearestOfService");

export {
  port,
  services,
  POSTGRES_PORT,
  REDIS_PORT,
  addressesOf,
  serviceNames,
  fillTemplate,
  placeholdersAreKnown
};
