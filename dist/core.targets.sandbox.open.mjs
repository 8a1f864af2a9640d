import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  REGISTRY,
  REGISTRY_USER,
  SANDBOX,
  SSH_PORT,
  identityOf,
  machine,
  registry
} from "./shared.core.targets.sandbox.machine.mjs";
import {
  publisher
} from "./shared.core.image.publish-failure.mjs";
import {
  filledIn,
  serviceVariables
} from "./shared.core.config.service-variables.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import {
  planOf
} from "./shared.core.targets.compose.plan.mjs";
import "./shared.core.config.service-name.mjs";
import {
  ComposeTarget
} from "./shared.core.targets.compose.check.mjs";
import {
  Host,
  label,
  pullImage
} from "./shared.core.targets.compose.commands-claim.mjs";
import {
  SshConnection
} from "./shared.core.targets.ssh.connection.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.shared.deferred.mjs";
import {
  TargetError
} from "./shared.core.targets.errors.mjs";
import "./shared.core.targets.fence.mjs";
import {
  words
} from "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/sandbox/open.ts
import { dag as dag2 } from "../sdk/index.ts";

// core/targets/sandbox/accessories.ts
import { createHash } from "node:crypto";
function accessoriesOf({ postgres, redis, others }) {
  return [
    ...postgres === false ? [] : [ofPostgres(postgres)],
    ...redis === false ? [] : [ofRedis(redis)],
    ...Object.entries(others).map(([name, settings]) => ofOther(name, settings))
  ];
}
__name(accessoriesOf, "accessoriesOf");
function ofPostgres({ image, user, password, database }) {
  return {
    name: "postgres",
    image,
    environment: [
      ["POSTGRES_USER", user],
      ["POSTGRES_PASSWORD", password],
      ["POSTGRES_DB", database]
    ],
    volume: "/var/lib/postgresql/data",
    command: [],
    // over TCP: while the image prepares the database, its temporary server answers on the unix socket alone
    ready: words("pg_isready", "-q", "-h", "127.0.0.1", "-U", user, "-d", database)
  };
}
__name(ofPostgres, "ofPostgres");
function ofRedis({ image }) {
  return {
    name: "redis",
    image,
    environment: [],
    volume: "/data",
    command: ["redis-server", "--appendonly", "yes"],
    ready: "redis-cli ping | grep -q PONG"
  };
}
__name(ofRedis, "ofRedis");
function ofOther(name, { image, port, env, command, healthy }) {
  return {
    name,
    image,
    environment: Object.entries(env),
    volume: null,
    command: command ?? [],
    ready: healthy ?? port
  };
}
__name(ofOther, "ofOther");
function missingImages(images) {
  const script = images.map((image) => `docker image inspect ${words(image)} >/dev/null 2>&1 || echo ${words(image)}`).join("\n");
  return { what: "look for the accessories' images", script, seconds: 60 };
}
__name(missingImages, "missingImages");
function startAccessories(network, accessories) {
  const script = [
    "set -e",
    `docker network inspect ${words(network)} >/dev/null 2>&1 || docker network create ${words(network)} >/dev/null`,
    ...accessories.map((one) => {
      const line = words(
        "docker",
        "create",
        "--name",
        one.name,
        "--label",
        `tollgate.accessory=${one.name}`,
        "--label",
        `${label.settings}=${settingsOf(one)}`,
        "--network",
        network,
        "--restart",
        "unless-stopped",
        "--log-driver",
        "json-file",
        "--log-opt",
        "max-size=10m",
        ...one.volume === null ? [] : ["--volume", `sandbox-${one.name}:${one.volume}`],
        ...one.environment.flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        one.image,
        ...one.command
      );
      return one.volume === null ? `${hasSettings(one)} || { docker rm -f ${one.name} >/dev/null 2>&1 || true; ${line} >/dev/null; }` : `docker container inspect ${one.name} >/dev/null 2>&1 || ${line} >/dev/null`;
    }),
    ...accessories.length === 0 ? [] : [`docker start ${accessories.map(({ name }) => name).join(" ")} >/dev/null`],
    ...accessories.flatMap((one) => [
      "tries=0",
      `until ${answers(one)} >/dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 300 ] || { docker logs --tail 20 ${one.name} >&2; exit 1; }; sleep 0.2; done`
    ])
  ].join("\n");
  return { what: "start the service's own services", script, seconds: 240 };
}
__name(startAccessories, "startAccessories");
function hasSettings(accessory) {
  const written = words(`{{index .Config.Labels "${label.settings}"}}`);
  return `[ "$(docker inspect --format ${written} ${accessory.name} 2>/dev/null)" = ${settingsOf(accessory)} ]`;
}
__name(hasSettings, "hasSettings");
function settingsOf(accessory) {
  return createHash("sha256").update(JSON.stringify(accessory)).digest("hex").slice(0, 16);
}
__name(settingsOf, "settingsOf");
function answers({ name, ready }) {
  if (typeof ready === "string") return `docker exec ${name} sh -c ${words(ready)}`;
  const address = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  return `timeout 2 bash -c ${words(`</dev/tcp/$0/${ready}`)} "$(docker inspect --format ${words(address)} ${name})"`;
}
__name(answers, "answers");

// core/targets/sandbox/images.ts
import { dag, ImageLayerCompression, ReturnType } from "../sdk/index.ts";
var COPY = `set -eu
umask 077
printf '{"auths":{"%s":{"auth":"%s"}}}' "$REGISTRY" "$(printf '%s:%s' "$REGISTRY_USER" "$(cat /run/secrets/password)" | base64 -w0)" >/run/login/login.json
to="docker://$REGISTRY/$NAME"
skopeo copy --quiet --all --authfile /run/login/login.json --dest-tls-verify=false --preserve-digests "$FROM" "$to"
skopeo inspect --authfile /run/login/login.json --tls-verify=false --format '{{.Digest}}' "$to"
`;
async function pushToSandbox(sandbox, registryPassword, image, name) {
  const ready = (await publisher(dag.directory(), void 0)).withServiceBinding("registry", registry(sandbox));
  const given = "asTarball" in image ? ready.withMountedFile("/image.tar", image.asTarball({ forcedCompression: ImageLayerCompression.Gzip })).withEnvVariable("FROM", "oci-archive:/image.tar") : ready.withMountedDirectory("/layout", image).withEnvVariable("FROM", "oci:/layout");
  const finished = given.withMountedSecret("/run/secrets/password", dag.setSecret(`tollgate-${sandbox}-registry`, registryPassword)).withMountedTemp("/run/login").withEnvVariable("REGISTRY", REGISTRY).withEnvVariable("REGISTRY_USER", REGISTRY_USER).withEnvVariable("NAME", name).withEnvVariable("TOLLGATE_RUN", runId(/* @__PURE__ */ new Date())).withExec(["sh", "-c", COPY], { expect: ReturnType.Any });
  if (await finished.exitCode() !== 0)
    throw new TollgateError(
      "sandbox-push",
      `Could not push ${name} to the sandbox's registry:
${(await finished.stderr()).trim()}`,
      "Run the same command again. If it fails again, free disk space: `dagger core engine local-cache prune`."
    );
  return `${REGISTRY}/${name.replace(/:[^:/]*$/, "")}@${(await finished.stdout()).trim()}`;
}
__name(pushToSandbox, "pushToSandbox");

// core/targets/sandbox/running.ts
function accessOf(address, { hostKey, clientKey }) {
  return {
    host: address.host,
    port: address.port,
    user: "root",
    knownHosts: `sandbox ${hostKey}
`,
    knownAs: { host: "sandbox", port: 22 },
    identity: { kind: "key", key: /* @__PURE__ */ __name(() => Promise.resolve(clientKey), "key"), passphrase: null }
  };
}
__name(accessOf, "accessOf");

// core/targets/sandbox/open.ts
async function openSandbox(settings, given, reach, name = SANDBOX) {
  const identity = await identityOf(name);
  const service = await machine(name);
  const address = await sayingWhy(identity, reach(service, SSH_PORT));
  const sandbox = sandboxAt(
    settings,
    given,
    new SshConnection(accessOf(address, identity), SANDBOX),
    identity.registryPassword,
    name
  );
  await untilDockerAnswers(sandbox.host);
  await startServices(settings, given, sandbox);
  return { ...sandbox, service, identity };
}
__name(openSandbox, "openSandbox");
function joinSandbox(settings, given, running, name = SANDBOX) {
  return sandboxAt(
    settings,
    given,
    new SshConnection(accessOf(running, running), SANDBOX),
    running.registryPassword,
    name
  );
}
__name(joinSandbox, "joinSandbox");
function sandboxAt(settings, given, connection, registryPassword, name) {
  const plan = planFor(settings, given);
  const host = new Host(connection, plan);
  return {
    target: new ComposeTarget(SANDBOX, [host], plan, "in-turn"),
    registryPassword,
    registry: REGISTRY,
    login: { user: REGISTRY_USER, password: /* @__PURE__ */ __name(() => Promise.resolve(registryPassword), "password") },
    push: /* @__PURE__ */ __name((image, reference) => pushToSandbox(name, registryPassword, image, reference), "push"),
    host,
    connection,
    variables: new Map([
      ...filledIn(settings.image.env, servicesOf(settings)),
      ...serviceVariables(servicesOf(settings))
    ])
  };
}
__name(sandboxAt, "sandboxAt");
function planFor(settings, given) {
  return planOf(settings, {
    ...given,
    proxy: {
      ...given.proxy,
      image: `${REGISTRY}/${given.proxy.image}`,
      host: null,
      tls: false,
      httpPort: 80,
      httpsPort: 443
    }
  });
}
__name(planFor, "planFor");
function servicesOf(settings) {
  return settings.image.services ?? settings.qa.services;
}
__name(servicesOf, "servicesOf");
async function startServices(settings, given, { host, push, registryPassword }) {
  const plan = planFor(settings, given);
  const own = accessoriesOf(servicesOf(settings)).map((one) => ({ ...one, image: `${REGISTRY}/${one.image}` }));
  const missing = new Set(
    (await host.run(missingImages([plan.proxy.image, ...own.map(({ image }) => image)]))).split("\n").filter((line) => line !== "")
  );
  for (const image of missing) {
    const original = image.slice(REGISTRY.length + 1);
    await push(dag2.container().from(original), original);
    await host.run(pullImage(plan, image, { user: REGISTRY_USER, password: registryPassword }));
  }
  await host.run(startAccessories(plan.network, own));
}
__name(startServices, "startServices");
var BEATS_EVERY_SECONDS = 2;
var PATIENCE_SECONDS = 10;
async function sayingWhy({ idle }, start) {
  const timer = setTimeout(() => {
    if (idle <= 2 * BEATS_EVERY_SECONDS)
      process.stderr.write(
        "The sandbox is in use by another session of the engine, such as `sandbox up`. Waiting for it to end.\n"
      );
  }, PATIENCE_SECONDS * 1e3);
  try {
    return await start;
  } finally {
    clearTimeout(timer);
  }
}
__name(sayingWhy, "sayingWhy");
async function untilDockerAnswers(host) {
  const script = "tries=0; until docker version >/dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 1; sleep 0.2; done";
  try {
    await host.run({ what: "wait for Docker", script, seconds: 90 });
  } catch (error) {
    if (!(error instanceof TargetError) || error.kind === "cut") throw error;
    throw new TargetError(
      "failed",
      SANDBOX,
      "Docker did not start in the sandbox.",
      "Allow privileged containers in the engine's configuration (insecure-root-capabilities)."
    );
  }
}
__name(untilDockerAnswers, "untilDockerAnswers");
export {
  joinSandbox,
  openSandbox
};
