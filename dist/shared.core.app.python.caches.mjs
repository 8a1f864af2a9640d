import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/no-space.ts
function noSpace(where) {
  return new TollgateError(
    "no-space",
    `No space left on ${where}. The run did not finish, and nothing was recorded for it.`,
    "Free some space, or prune the engine's cache (`dagger core engine local-cache prune`), and run the command again. Finished steps are cached."
  );
}
__name(noSpace, "noSpace");
async function namingNoSpace(where, work) {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw /no space left on device|ENOSPC/i.test(message) ? noSpace(where) : error;
  }
}
__name(namingNoSpace, "namingNoSpace");

// core/shared/exec-error.ts
var execError = external_exports.object({
  name: external_exports.literal("ExecError"),
  cmd: external_exports.array(external_exports.string()),
  exitCode: external_exports.number(),
  stdout: external_exports.string(),
  stderr: external_exports.string()
});
function asExecError(error) {
  const parsed = execError.safeParse(error);
  return parsed.success ? parsed.data : null;
}
__name(asExecError, "asExecError");

// core/app/python/caches.ts
import { dag } from "../sdk/index.ts";
var PIP = "/root/.cache/pip";
function withPipCache(container, owner, apart = "") {
  return container.withMountedCache(PIP, dag.cacheVolume(`tollgate-pip-${owner}${apart}`));
}
__name(withPipCache, "withPipCache");
function forTools(image) {
  const quiet = dag.container().from(image).withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1").withEnvVariable("PIP_ROOT_USER_ACTION", "ignore");
  return withPipCache(quiet, "tools");
}
__name(forTools, "forTools");
function withoutPipCache(container) {
  return container.withoutMount(PIP);
}
__name(withoutPipCache, "withoutPipCache");
function withUvCache(container, path, owner, apart = "") {
  return container.withMountedCache(path, dag.cacheVolume(`tollgate-uv-${owner}${apart}`));
}
__name(withUvCache, "withUvCache");

export {
  noSpace,
  namingNoSpace,
  asExecError,
  withPipCache,
  forTools,
  withoutPipCache,
  withUvCache
};
