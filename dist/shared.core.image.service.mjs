import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  busybox,
  withServices,
  withSettings
} from "./shared.core.app.busybox.mjs";
import {
  words
} from "./shared.core.shared.shell-words.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/service.ts
import { readFile } from "node:fs/promises";
import { dag } from "../sdk/index.ts";
var TOOLS = "/.tollgate";
var STATE_PORT = 47471;
var APP_HOST = "app";
var DEFAULT_SHELL = ["/bin/sh", "-c"];
async function runningApp(image, settings, instance, shell = DEFAULT_SHELL) {
  const { port, env, before } = settings.image;
  const command = await commandOf(image);
  const { directory, hasHealthcheck } = await supervisor(image, before, shell);
  let container = (await withGroup(image)).withoutDockerHealthcheck();
  const services = settings.image.services ?? settings.qa.services;
  container = withSettings(withServices(container, services, instance), env, services);
  const service = container.withMountedDirectory(TOOLS, directory).withEnvVariable("TOLLGATE_STATE_PORT", String(STATE_PORT)).withEnvVariable("TOLLGATE_APP", instance).withExposedPort(STATE_PORT).withExposedPort(port, { experimentalSkipHealthcheck: true }).asService({ args: [`${TOOLS}/busybox`, "sh", `${TOOLS}/supervise.sh`, ...command] });
  return { service, hasHealthcheck, client: /* @__PURE__ */ __name((client) => client.withServiceBinding(APP_HOST, service), "client") };
}
__name(runningApp, "runningApp");
async function withGroup(image) {
  const user = await image.user();
  if (!/^\d+$/.test(user)) return image;
  const passwd = await image.exists("/etc/passwd") ? await image.file("/etc/passwd").contents() : "";
  const entry = passwd.split("\n").map((line) => line.split(":")).find(([, , uid]) => uid === user);
  return image.withUser(`${user}:${entry?.[3] ?? "0"}`);
}
__name(withGroup, "withGroup");
async function commandOf(image) {
  const [entrypoint, args] = await Promise.all([image.entrypoint(), image.defaultArgs()]);
  const command = [...entrypoint, ...args];
  if (command.length === 0)
    throw new TollgateError(
      "image-no-command",
      "The image has neither ENTRYPOINT nor CMD.",
      "Add a CMD to the Dockerfile that starts the service."
    );
  return command;
}
__name(commandOf, "commandOf");
async function supervisor(image, before, shell) {
  const script = await readFile(new URL("container/supervise.sh", new URL("../core/image/service.ts", import.meta.url).href), "utf8");
  let directory = dag.directory().withFile("busybox", busybox(await image.platform())).withNewFile("supervise.sh", script).withNewDirectory("state", { permissions: 511 });
  for (const [index, command] of before.entries())
    directory = directory.withNewFile(`before/${String(index).padStart(3, "0")}`, `${command}
`);
  const check = image.dockerHealthcheck();
  const args = await check.args();
  const hasHealthcheck = args !== null && args.length > 0;
  if (hasHealthcheck) {
    const line = await check.shell() ? [...shell, ...args] : args;
    directory = directory.withNewFile("health", `set -- ${words(...line)}
`).withNewFile("health-timeout", `${seconds(await check.timeout()) || 30}
`);
  }
  return { directory, hasHealthcheck };
}
__name(supervisor, "supervisor");
function seconds(duration) {
  const part = /* @__PURE__ */ __name((unit) => Number(new RegExp(`([\\d.]+)${unit}(?![a-z])`).exec(duration)?.[1] ?? 0), "part");
  return Math.ceil(part("h") * 3600 + part("m") * 60 + part("s") + part("ms") / 1e3);
}
__name(seconds, "seconds");

export {
  STATE_PORT,
  APP_HOST,
  runningApp
};
