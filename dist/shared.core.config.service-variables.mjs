import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  POSTGRES_PORT,
  REDIS_PORT,
  addressesOf,
  fillTemplate
} from "./shared.core.config.port.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/config/service-variables.ts
function serviceVariables({ postgres, redis }) {
  return [
    ...postgres === false ? [] : [[postgres.env, urlOf(postgres)]],
    ...redis === false ? [] : [[redis.env, fill(redis.url, { host: "redis", port: String(REDIS_PORT) })]]
  ];
}
__name(serviceVariables, "serviceVariables");
function filledIn(env, services) {
  const filling = services.postgres === false ? NOTHING : fillingOf(services.postgres);
  const addresses = addressesOf(services);
  return Object.entries(env).map(([name, value]) => [name, fillTemplate(value, filling, addresses)]);
}
__name(filledIn, "filledIn");
var NOTHING = { host: "", port: "", user: "", password: "", database: "", url: "" };
function fillingOf(settings) {
  const { user, password, database } = settings;
  return { host: "postgres", port: String(POSTGRES_PORT), user, password, database, url: urlOf(settings) };
}
__name(fillingOf, "fillingOf");
function urlOf({ url, user, password, database }) {
  return fill(url, { user, password, database, host: "postgres", port: String(POSTGRES_PORT) });
}
__name(urlOf, "urlOf");
function fill(template, values) {
  return template.replace(/\{([a-z]+)\}/g, (written, name) => values[name] ?? written);
}
__name(fill, "fill");

export {
  serviceVariables,
  filledIn
};
