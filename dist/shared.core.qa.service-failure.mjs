import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  lastCause
} from "./shared.core.shared.engine-cause.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/qa/service-failure.ts
function serviceFailure(message, place, services) {
  const images = imagesOf(services);
  const started = [...message.matchAll(/\(aliased as ([a-z0-9-]+)\): /g)].findLast(([, name2 = ""]) => images.has(name2));
  if (started !== void 0) {
    const [written, name2 = ""] = started;
    const [cause = ""] = message.slice(started.index + written.length).split(/\s*(?:\[traceparent|\n)/, 1);
    return new TollgateError(
      "service-not-started",
      `The service ${name2} (${images.get(name2)}) did not ${why(cause)}`,
      `Its output is in the engine's log. Correct ${place}.${name2} in tollgate.yaml, or run the image by itself: \`docker run --rm ${images.get(name2)}\`.`
    );
  }
  const pulled = /failed to resolve image "([^"]+)"/.exec(message)?.[1] ?? "";
  const missing = [...images].find(([, image2]) => pulled.endsWith(`/${image2}`) || pulled === image2);
  if (missing === void 0) return null;
  const [name, image] = missing;
  return new TollgateError(
    "image-unavailable",
    `Could not pull ${image} (${place}.${name}): ${lastCause(message)}`,
    `Correct ${place}.${name}.image of tollgate.yaml, or make sure that the engine reaches the image's registry and may read from it.`
  );
}
__name(serviceFailure, "serviceFailure");
async function namingServices(place, services, work) {
  try {
    return await work();
  } catch (error) {
    throw (error instanceof Error ? serviceFailure(error.message, place, services) : null) ?? error;
  }
}
__name(namingServices, "namingServices");
function why(cause) {
  const check = /^health check errored: (?:exit code: (\d+))?/.exec(cause);
  if (check !== null)
    return `become healthy within 90 s${check[1] === void 0 ? "" : `: its check exited with code ${check[1]}`}.`;
  const code = /^exit code: (\d+)/.exec(cause)?.[1];
  return code === void 0 ? `start: ${cause}` : `stay up: it exited with code ${code}.`;
}
__name(why, "why");
function imagesOf({ postgres, redis, others }) {
  return new Map([
    ...postgres === false ? [] : [["postgres", postgres.image]],
    ...redis === false ? [] : [["redis", redis.image]],
    ...Object.entries(others).map(([name, { image }]) => [name, image])
  ]);
}
__name(imagesOf, "imagesOf");

export {
  namingServices
};
