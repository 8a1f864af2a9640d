import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  NOTHING,
  deferred,
  shellPrints
} from "./shared.core.shared.deferred.mjs";
import {
  FencedError,
  TargetError
} from "./shared.core.targets.errors.mjs";
import {
  fenceLine,
  fenceWords,
  parseFence
} from "./shared.core.targets.fence.mjs";
import {
  quote,
  words
} from "./shared.core.shared.shell-words.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  ZodError,
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/compose/host.ts
import { isIP } from "node:net";

// core/targets/heads.ts
function headLine({ number, hash, release, at }) {
  return `${number} ${hash} ${release} ${at}`;
}
__name(headLine, "headLine");
var LINE = /^(\d{1,15}) ([0-9a-f]{64}) ([a-z0-9-]{1,40}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;
function parseHeads(printed) {
  return printed.split("\n").filter((line) => line !== "").map((line) => {
    const [, number = "", hash = "", release = "", at = ""] = LINE.exec(line) ?? [];
    if (number === "") throw new RangeError("a line is no head of a ledger");
    return { number: Number(number), hash, release, at };
  });
}
__name(parseHeads, "parseHeads");

// core/targets/compose/names.ts
import { createHash } from "node:crypto";
import { posix } from "node:path";
var PROXY = "tollgate-proxy";
var METRICS_PORT = 9100;
var INSIDE = "/run/tollgate";
var WEB = "web";
var label = {
  service: "tollgate.service",
  release: "tollgate.release",
  process: "tollgate.process",
  version: "tollgate.version",
  image: "tollgate.image",
  config: "tollgate.config",
  colour: "tollgate.colour",
  job: "tollgate.job",
  /** Of the proxy: what it was started with. */
  settings: "tollgate.settings"
};
var RELEASE = /^[a-z0-9][a-z0-9-]{0,39}$/;
function requireReleaseId(id) {
  if (!RELEASE.test(id))
    throw new RangeError(`${JSON.stringify(id)} is not a release id: lower-case letters, digits and -, at most 40`);
  return id;
}
__name(requireReleaseId, "requireReleaseId");
function containerName({ service }, process, release) {
  return `${service}-${process}-${requireReleaseId(release)}`;
}
__name(containerName, "containerName");
function jobName({ service }, job, release) {
  return `${service}-job-${job}-${requireReleaseId(release)}`;
}
__name(jobName, "jobName");
function serviceFolder({ folder, service }) {
  return posix.join(folder, service);
}
__name(serviceFolder, "serviceFolder");
function releaseFolder(plan, release) {
  return posix.join(serviceFolder(plan), "releases", requireReleaseId(release));
}
__name(releaseFolder, "releaseFolder");
function proxyFingerprint({ network, proxy }) {
  return createHash("sha256").update(JSON.stringify([network, proxy.image, proxy.httpPort, proxy.httpsPort])).digest("hex").slice(0, 16);
}
__name(proxyFingerprint, "proxyFingerprint");

// core/targets/compose/script.ts
var exit = { login: 71, pull: 72, noShell: 73, lock: 75, fenced: 76, moved: 78 };
var LOCK_SECONDS = 150;
var daemonAnswers = "docker version >/dev/null";
var REFUSED = "@@tollgate refused";
function fenceFile(plan) {
  return `${serviceFolder(plan)}/fence`;
}
__name(fenceFile, "fenceFile");
function alone(plan, body) {
  const folder = serviceFolder(plan);
  return [
    "set -u",
    "umask 077",
    words("mkdir", "-p", folder),
    `exec 9>${words(`${folder}/lock`)}`,
    `flock -w ${LOCK_SECONDS} 9 || exit ${exit.lock}`,
    ...plan.fence === null ? [] : requireFence(plan, plan.fence),
    body
  ].join("\n");
}
__name(alone, "alone");
function aloneAbove(plan, { fence }, body) {
  const { command, who, owner, since, run } = fence;
  const [, , , ...rest] = fenceLine({ token: 0, granted: 0, run, command, who, owner, since }).split(" ");
  const claim = [
    ...readFence(plan),
    `if [ "$fence_run" != ${words(run)} ] || [ "$fence_token" -lt ${fence.token} ]; then`,
    "  mine=$((fence_token + 1))",
    `  [ "$mine" -ge ${fence.token} ] || mine=${fence.token}`,
    `  line="$mine $fence_granted "${quote(`${run} ${rest.join(" ")}`)}`,
    `  ${writeFence(plan)}`,
    "fi"
  ].join("\n");
  return alone({ ...plan, fence: null }, `${claim}
${body}`);
}
__name(aloneAbove, "aloneAbove");
function writeFence(plan) {
  const file = words(fenceFile(plan));
  return `{ printf '%s\\n' "$line" >${file}.new && mv ${file}.new ${file}; } || { rm -f ${file}.new; printf '%s\\n' "$line" 1<>${file}; } || exit 1`;
}
__name(writeFence, "writeFence");
function readFence(plan) {
  const file = words(fenceFile(plan));
  return [
    "fence_token=0 fence_granted=0 fence_run= fence_rest=",
    `[ ! -f ${file} ] || read -r fence_token fence_granted fence_run fence_rest <${file} || :`,
    "case $fence_token in '' | *[!0-9]*) fence_token=0 fence_run= ;; esac",
    "case $fence_granted in '' | *[!0-9]*) fence_granted=0 ;; esac"
  ];
}
__name(readFence, "readFence");
function requireFence(plan, rule) {
  const file = words(fenceFile(plan));
  const refuse = `{ echo ${words(REFUSED)} >&2; cat ${file} >&2; exit ${exit.fenced}; }`;
  if (rule.kind === "unchanged") return [...readFence(plan), `[ "$fence_token" -eq ${rule.token} ] || ${refuse}`];
  const { fence } = rule;
  return [
    ...readFence(plan),
    `if [ "$fence_token" -ne ${fence.token} ] || [ "$fence_run" != ${words(fence.run)} ]; then`,
    `  [ "$fence_token" -lt ${fence.token} ] || ${refuse}`,
    `  line=${quote(fenceLine(fence))}`,
    `  ${writeFence(plan)}`,
    "fi"
  ];
}
__name(requireFence, "requireFence");

// core/targets/compose/state.ts
var REVISION = "org.opencontainers.image.revision";
var MARK = "@@tollgate";
var FORMAT = '{"name":{{json .Name}},"labels":{{json .Config.Labels}},"state":{{json .State}},"restarts":{{json .RestartCount}},"created":{{json .Created}},"networks":{{json .NetworkSettings.Networks}},"image":{{json .Config.Image}},"check":{{json .Config.Healthcheck}}}';
var inspect = /* @__PURE__ */ __name((names) => `docker inspect --type container --format ${words(FORMAT)} ${names}`, "inspect");
function readState(plan) {
  const folder = serviceFolder(plan);
  const script = [
    `[ -e ${words(`${folder}/lock`)} ] && exec 9<${words(`${folder}/lock`)} && flock -s -w 10 9`,
    printState(plan)
  ].join("\n");
  return { what: "read what is running", script, seconds: 60, looks: true };
}
__name(readState, "readState");
function printState(plan) {
  const folder = serviceFolder(plan);
  return [
    `docker exec ${PROXY} kamal-proxy list 2>&1 | {`,
    `echo ${MARK} containers`,
    `all=$(docker ps -aq --filter ${words(`label=${label.service}=${plan.service}`)}) || exit 1`,
    `${inspect(`${PROXY} $all`)} 2>/dev/null`,
    `echo ${MARK} switched`,
    `for file in ${words(`${folder}/releases`)}/*/switched; do [ -f "$file" ] && release=\${file%/switched} && echo "\${release##*/} $(cat "$file")"; done`,
    `echo ${MARK} routes`,
    "cat",
    `echo ${MARK} maintenance`,
    `cat ${words(`${folder}/maintenance`)} 2>/dev/null || cat ${words(`${folder}/maintenance-ended`)} 2>/dev/null`,
    `echo; echo ${MARK} fence`,
    `cat ${words(fenceFile(plan))} 2>/dev/null`,
    "exit 0",
    "}"
  ].join("\n");
}
__name(printState, "printState");
function printRelease(plan, release, processes) {
  const switched = words(`${releaseFolder(plan, release)}/switched`);
  return [
    `echo ${MARK} containers`,
    inspect(words(...processes.map((process) => containerName(plan, process, release)))),
    `echo ${MARK} switched`,
    `[ ! -f ${switched} ] || echo ${words(release)} "$(cat ${switched})"`
  ];
}
__name(printRelease, "printRelease");
function parseRelease(printed, release) {
  const section = sectionsOf(printed);
  return instancesOf(containersOf(section("containers")), switchedOf(section("switched"))).find(
    (one) => one.release === release
  ) ?? null;
}
__name(parseRelease, "parseRelease");
function readContainer(name) {
  return {
    what: `look at ${name}`,
    script: `${inspect(words(name))} 2>/dev/null || ${daemonAnswers}`,
    seconds: 30,
    looks: true
  };
}
__name(readContainer, "readContainer");
function parseContainer(printed, plan) {
  const [one] = containersOf(printed);
  if (one === void 0) return null;
  const [kind, line] = one.check?.Test ?? [];
  return { state: stateOf(one), address: addressOf(one, plan), check: kind === "CMD-SHELL" ? line ?? null : null };
}
__name(parseContainer, "parseContainer");
var container = external_exports.object({
  name: external_exports.string().transform((name) => name.replace(/^\//, "")),
  labels: external_exports.record(external_exports.string(), external_exports.string()).nullable(),
  state: external_exports.object({
    Status: external_exports.string(),
    ExitCode: external_exports.number(),
    OOMKilled: external_exports.boolean(),
    StartedAt: external_exports.string(),
    Error: external_exports.string().optional(),
    Health: external_exports.object({ Status: external_exports.string() }).nullish()
  }),
  restarts: external_exports.number(),
  created: external_exports.string(),
  networks: external_exports.record(external_exports.string(), external_exports.object({ IPAddress: external_exports.string() })),
  image: external_exports.string(),
  check: external_exports.object({ Test: external_exports.array(external_exports.string()).nullish() }).nullish()
});
function parseState(printed, plan) {
  const section = sectionsOf(printed);
  const all = containersOf(section("containers"));
  const proxy = all.find(({ name }) => name === PROXY) ?? null;
  const containers = all.filter((one) => one !== proxy);
  const releases = instancesOf(containers, switchedOf(section("switched")));
  const route = proxy?.state.Status === "running" ? routesOf(section("routes")).find(({ service }) => service === plan.service) : void 0;
  const target = route?.target.replace(/:\d+$/, "");
  return {
    proxy: proxyState(proxy, section("routes")),
    proxySettings: proxy?.labels?.[label.settings] ?? null,
    traffic: target === void 0 ? null : {
      container: target,
      release: releases.find(({ release }) => containerName(plan, WEB, release) === target)?.release ?? null
    },
    maintenance: maintenanceOf(route, section("maintenance").trim()),
    releases,
    fence: parseFence(section("fence"))
  };
}
__name(parseState, "parseState");
function sectionsOf(printed) {
  const parts = /* @__PURE__ */ new Map();
  for (const part of printed.split(new RegExp(`^${MARK} `, "m")).slice(1)) {
    const end = part.indexOf("\n");
    parts.set(part.slice(0, end), part.slice(end + 1));
  }
  return (name) => {
    const found = parts.get(name);
    if (found === void 0) throw new RangeError(`the host did not say anything of ${name}`);
    return found;
  };
}
__name(sectionsOf, "sectionsOf");
function containersOf(text) {
  return linesOf(text).map((line) => container.parse(JSON.parse(line)));
}
__name(containersOf, "containersOf");
function switchedOf(text) {
  return new Map(linesOf(text).map((line) => [line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""]));
}
__name(switchedOf, "switchedOf");
function linesOf(text) {
  return text.split("\n").filter((line) => line.trim() !== "");
}
__name(linesOf, "linesOf");
function routesOf(printed) {
  return linesOf(printed.replace(/\u001b\[[\d;]*m/g, "")).slice(1).flatMap((line) => {
    const [service = "", , , target = "", state = ""] = line.trim().split(/\s+/);
    return state === "" ? [] : [{ service, target, state }];
  });
}
__name(routesOf, "routesOf");
function maintenanceOf(route, kept) {
  if (route?.state === "stopped") return { kind: "on", message: kept };
  return kept === "" ? { kind: "off" } : { kind: "off", ended: kept };
}
__name(maintenanceOf, "maintenanceOf");
function proxyState(proxy, routes) {
  if (proxy === null) return { kind: "absent" };
  if (proxy.state.Status !== "running")
    return {
      kind: "down",
      why: proxy.state.Error === void 0 || proxy.state.Error === "" ? `its container is ${proxy.state.Status}, exit code ${proxy.state.ExitCode}` : proxy.state.Error
    };
  if (!/Service\b/.test(routes)) return { kind: "down", why: "it is running but does not answer" };
  return { kind: "running", version: proxy.image.split(":").at(-1) ?? "" };
}
__name(proxyState, "proxyState");
function addressOf(one, { network }) {
  const address = one.networks[network]?.IPAddress ?? "";
  return address === "" ? null : address;
}
__name(addressOf, "addressOf");
function instancesOf(containers, switched) {
  const byRelease = /* @__PURE__ */ new Map();
  for (const one of containers) {
    const release = one.labels?.[label.release];
    if (release === void 0 || one.labels?.[label.job] !== void 0) continue;
    byRelease.set(release, [...byRelease.get(release) ?? [], one]);
  }
  return [...byRelease].map(([release, all]) => {
    const labels2 = all[0]?.labels ?? {};
    const image = labels2[label.image] ?? "";
    return {
      release,
      version: labels2[label.version] ?? "",
      image,
      digest: image.split("@")[1] ?? "",
      configDigest: labels2[label.config] ?? "",
      revision: labels2[REVISION] ?? null,
      colour: colourOf(labels2[label.colour]),
      startedAt: all.map(({ created }) => created).sort()[0] ?? "",
      switchedAt: switched.get(release) ?? null,
      replicas: all.map(
        (one) => ({
          place: "",
          process: one.labels?.[label.process] ?? "",
          name: one.name,
          state: stateOf(one)
        })
      ).sort(webFirst)
    };
  });
}
__name(instancesOf, "instancesOf");
function webFirst(one, other) {
  return Number(other.process === WEB) - Number(one.process === WEB) || one.process.localeCompare(other.process);
}
__name(webFirst, "webFirst");
function colourOf(text) {
  return text === "green" ? "green" : "blue";
}
__name(colourOf, "colourOf");
function stateOf({ state, restarts }) {
  switch (state.Status) {
    case "created":
      return { kind: "prepared" };
    case "restarting":
      return { kind: "restarting", code: state.ExitCode, restarts };
    case "running": {
      const check = state.Health?.Status;
      return {
        kind: "running",
        check: check === "healthy" || check === "starting" || check === "unhealthy" ? check : "none",
        restarts
      };
    }
    default:
      return { kind: "ended", code: state.ExitCode, outOfMemory: state.OOMKilled };
  }
}
__name(stateOf, "stateOf");

// core/targets/compose/commands-claim.ts
function claimHost(plan, rule, mode) {
  const script = mode === "exactly" ? alone({ ...plan, fence: rule }, printState(plan)) : aloneAbove(plan, rule, printState(plan));
  return { what: "claim the host", script, seconds: 240, looks: true };
}
__name(claimHost, "claimHost");

// core/targets/compose/commands-heads.ts
var MOST = 200;
function headsFile(plan) {
  return words(`${serviceFolder(plan)}/heads`);
}
__name(headsFile, "headsFile");
function keepHead(plan, head) {
  const file = headsFile(plan);
  const body = [
    `[ ! -f ${file} ] || cat ${file} || exit 1`,
    `{ printf '%s\\n' ${quote(headLine(head))} && { [ ! -f ${file} ] || head -n ${MOST - 1} ${file}; }; } >${file}.new && mv ${file}.new ${file} || { rm -f ${file}.new; exit 1; }`
  ].join("\n");
  return { what: "keep the ledger's head", script: alone(plan, body), seconds: 180 };
}
__name(keepHead, "keepHead");
function readHeads(plan) {
  const file = headsFile(plan);
  return { what: "read the ledger's heads", script: `[ ! -e ${file} ] || cat ${file}`, seconds: 30, looks: true };
}
__name(readHeads, "readHeads");

// core/targets/compose/commands-image.ts
var LOGIN = "tollgate-login";
function pullImage(plan, image, login) {
  const registry = registryOf(image);
  const body = [
    `docker image inspect ${words(image)} >/dev/null 2>&1 && exit 0`,
    "memory=/dev/shm; [ -d $memory ] && [ -w $memory ] || memory=/tmp",
    `rm -rf "$memory"/${LOGIN}.*`,
    `login=$(mktemp -d "$memory/${LOGIN}.XXXXXX") || exit 1`,
    `trap 'rm -rf "$login"' EXIT`,
    ...login === null ? [] : [
      `docker --config "$login" login --username ${quote(login.user)} --password-stdin ${words(registry)} >/dev/null 2>"$login/error" || { cat "$login/error" >&2; exit ${exit.login}; }`
    ],
    `docker --config "$login" pull -q ${words(image)} >/dev/null || exit ${exit.pull}`
  ].join("\n");
  return {
    what: `pull the image ${image}`,
    script: alone(plan, body),
    seconds: 900,
    ...login === null ? {} : { input: login.password }
  };
}
__name(pullImage, "pullImage");
function registryOf(image) {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}
__name(registryOf, "registryOf");
function readImage(image) {
  return {
    what: "read the image's command",
    script: `docker image inspect --format '{{json .Config}}' ${words(image)}`,
    seconds: 60
  };
}
__name(readImage, "readImage");
function askOwner(image) {
  const ask2 = 'while read -r key real rest; do case $key in Uid:|Gid:) echo "$real" ;; esac; done </proc/self/status';
  return {
    what: "ask the image for its user",
    script: `${words("docker", "run", "--rm", "--network", "none", "--entrypoint", "/bin/sh", image, "-c", ask2)} || exit ${exit.noShell}`,
    seconds: 60
  };
}
__name(askOwner, "askOwner");
function parseOwner(printed) {
  const [, user, group] = /^(\d+)\n(\d+)\n*$/.exec(printed) ?? [];
  return user === void 0 ? null : { user: Number(user), group: Number(group) };
}
__name(parseOwner, "parseOwner");
function writeRelease(plan, release, owner, environment, start) {
  const folder = releaseFolder(plan, release);
  const inside = `${folder}/inside`;
  const body = [
    "set -e",
    words("mkdir", "-p", inside),
    words("chmod", "755", inside),
    `cat >${words(`${inside}/.environment`)}`,
    words("chown", `${owner.user}:${owner.group}`, `${inside}/.environment`),
    words("chmod", "400", `${inside}/.environment`),
    words("mv", `${inside}/.environment`, `${inside}/environment`),
    `printf %s ${quote(start)} >${words(`${inside}/start`)}`,
    words("chmod", "555", `${inside}/start`)
  ].join("\n");
  return { what: "write the release's variables", script: alone(plan, body), input: environment, seconds: 180 };
}
__name(writeRelease, "writeRelease");

// core/targets/compose/commands-look.ts
function readFacts() {
  const script = [
    "set -u",
    "command -v flock >/dev/null || { echo 'flock: not found' >&2; exit 1; }",
    "date +%s.%N",
    "docker info --format '{{.ServerVersion}} {{.DockerRootDir}}' | {",
    "read -r version root",
    `[ -n "$root" ] || { ${daemonAnswers}; exit 1; }`,
    'echo "$version"',
    `df -Pk "$root" | awk 'NR == 2 { print $4 }'`,
    "}"
  ].join("\n");
  return { what: "check the host", script, seconds: 60, looks: true };
}
__name(readFacts, "readFacts");
function parseFacts(printed) {
  const [, time = "", docker = "", free = ""] = /^(\d{9,12}(?:\.\d+)?)[.%N]*\n(\d+\.\d+\S*)\n(\d+)\n*$/.exec(printed) ?? [];
  return free === "" ? null : { time: Number(time), docker, freeBytes: Number(free) * 1024 };
}
__name(parseFacts, "parseFacts");
function runCheck(container2, check, seconds) {
  return {
    what: "run the image's own check",
    script: words("timeout", seconds, "docker", "exec", container2, "/bin/sh", "-c", check),
    seconds: seconds + 20,
    looks: true
  };
}
__name(runCheck, "runCheck");
function readLogs(container2, lines) {
  return {
    what: "read the logs",
    script: `${words("docker", "logs", "--tail", lines, container2)} 2>&1`,
    seconds: 60,
    looks: true
  };
}
__name(readLogs, "readLogs");
function readOutput(container2, { lines, since }) {
  const limit = since === null ? [] : ["--since", since];
  return {
    what: "read the logs",
    script: `${words("docker", "logs", "--timestamps", "--tail", lines, ...limit, container2)} 2>&1`,
    seconds: 60,
    looks: true
  };
}
__name(readOutput, "readOutput");
var [MOST_NEWS, LONGEST_NEWS] = [200, 9e3];
function readNews(container2, since) {
  const newest = words(
    "awk",
    `{ n++; kept[n % ${MOST_NEWS}] = substr($0, 1, ${LONGEST_NEWS}) } END { for (i = n > ${MOST_NEWS} ? n - ${MOST_NEWS} + 1 : 1; i <= n; i++) print kept[i % ${MOST_NEWS}]; print "lines " n + 0 }`
  );
  const logs = words("docker", "logs", "--timestamps", ...since === null ? [] : ["--since", since], container2);
  return {
    what: "read the logs",
    script: `{ ${logs} 2>&1 1>&3 3>&- | ${newest} >&2 3>&-; } 3>&1 | ${newest}`,
    seconds: 15
  };
}
__name(readNews, "readNews");
function readVariables(plan, release) {
  const file = words(`${releaseFolder(plan, release)}/inside/environment`);
  return { what: "read the release's variables", script: `! [ -e ${file} ] || cat ${file}`, seconds: 30, looks: true };
}
__name(readVariables, "readVariables");
function readAddress({ network }, name) {
  const script = `${words("docker", "inspect", "--type", "container", "--format", `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{end}}`, name)} 2>/dev/null || ${daemonAnswers}`;
  return { what: `look for ${name}`, script, seconds: 30, looks: true };
}
__name(readAddress, "readAddress");

// core/targets/compose/commands-proxy.ts
function proxyAnswers({ network }) {
  return {
    what: "look for the proxy",
    script: `docker network inspect ${words(network)} >/dev/null 2>&1 && docker exec ${PROXY} kamal-proxy list >/dev/null 2>&1`,
    seconds: 60,
    looks: true
  };
}
__name(proxyAnswers, "proxyAnswers");
function ensureProxy(plan) {
  const { network, proxy } = plan;
  const create2 = words(
    "docker",
    "create",
    "--name",
    PROXY,
    "--label",
    `${label.settings}=${proxyFingerprint(plan)}`,
    "--network",
    network,
    "--publish",
    `${proxy.httpPort}:80`,
    "--publish",
    `${proxy.httpsPort}:443`,
    "--restart",
    "unless-stopped",
    "--log-driver",
    "json-file",
    "--log-opt",
    "max-size=10m",
    "--log-opt",
    "max-file=3",
    "--volume",
    `${PROXY}:/home/kamal-proxy/.config/kamal-proxy`,
    proxy.image,
    "kamal-proxy",
    "run",
    "--metrics-port",
    METRICS_PORT
  );
  const body = [
    `docker network inspect ${words(network)} >/dev/null 2>&1 || docker network create ${words(network)} >/dev/null || exit 1`,
    `docker container inspect ${PROXY} >/dev/null 2>&1 || ${create2} >/dev/null || exit 1`,
    `docker start ${PROXY} >/dev/null || exit 1`,
    ...untilItAnswers
  ].join("\n");
  return { what: "start the proxy", script: alone(plan, body), seconds: 300 };
}
__name(ensureProxy, "ensureProxy");
var untilItAnswers = [
  "tries=0",
  `until docker exec ${PROXY} kamal-proxy list >/dev/null 2>&1; do`,
  `  tries=$((tries + 1)); [ $tries -lt 50 ] || { docker logs --tail 20 ${PROXY} >&2; exit 1; }`,
  "  sleep 0.2",
  "done"
];
function deployToProxy(plan, container2) {
  const { service, port, proxy, healthPath, healthSeconds, drainSeconds } = plan;
  return words(
    "docker",
    "exec",
    PROXY,
    "kamal-proxy",
    "deploy",
    service,
    "--target",
    `${container2}:${port}`,
    "--health-check-path",
    healthPath,
    "--deploy-timeout",
    `${healthSeconds}s`,
    "--drain-timeout",
    `${drainSeconds}s`,
    ...proxy.host === null ? [] : ["--host", proxy.host],
    ...proxy.tls ? ["--tls"] : []
  );
}
__name(deployToProxy, "deployToProxy");
function maintenanceOn(plan, message) {
  const file = words(`${serviceFolder(plan)}/maintenance`);
  const body = [
    "set -e",
    `printf %s ${words(message)} >${file}`,
    `${words("docker", "exec", PROXY, "kamal-proxy", "stop", plan.service, "--drain-timeout", `${plan.drainSeconds}s`, "--message", message)} || { rm -f ${file}; exit 1; }`
  ].join("\n");
  return { what: "turn maintenance on", script: alone(plan, body), seconds: plan.drainSeconds + 180 };
}
__name(maintenanceOn, "maintenanceOn");
function maintenanceOff(plan) {
  const body = [
    "set -e",
    `date -u +%Y-%m-%dT%H:%M:%S.%NZ >${words(`${serviceFolder(plan)}/maintenance-ended`)}`,
    words("docker", "exec", PROXY, "kamal-proxy", "resume", plan.service),
    words("rm", "-f", `${serviceFolder(plan)}/maintenance`)
  ].join("\n");
  return { what: "turn maintenance off", script: alone(plan, body), seconds: 180 };
}
__name(maintenanceOff, "maintenanceOff");

// core/targets/compose/image-config.ts
var imageConfig = external_exports.object({
  Entrypoint: external_exports.array(external_exports.string()).nullish(),
  Cmd: external_exports.array(external_exports.string()).nullish(),
  User: external_exports.string().nullish(),
  Shell: external_exports.array(external_exports.string()).nullish(),
  Healthcheck: external_exports.object({
    Test: external_exports.array(external_exports.string()).nullish(),
    Interval: external_exports.number().nullish(),
    Timeout: external_exports.number().nullish(),
    StartPeriod: external_exports.number().nullish(),
    Retries: external_exports.number().nullish()
  }).nullish()
});
function ownerOf({ User }) {
  const [, user, group] = /^(\d+):(\d+)$/.exec(User ?? "") ?? [];
  return user === void 0 || group === void 0 ? null : { user: Number(user), group: Number(group) };
}
__name(ownerOf, "ownerOf");
function programOf({ Entrypoint, Cmd }, command) {
  const program = [...Entrypoint ?? [], ...command ?? Cmd ?? []];
  return program.length === 0 ? null : program;
}
__name(programOf, "programOf");
function healthOptions({ Healthcheck, Shell }) {
  const [kind, ...rest] = Healthcheck?.Test ?? [];
  const line = kind === "CMD-SHELL" ? rest[0] ?? "" : rest.map(quote).join(" ");
  if (kind !== "CMD" && kind !== "CMD-SHELL" || line === "") return [];
  const inner = kind === "CMD-SHELL" ? `${(Shell ?? ["/bin/sh", "-c"]).map(quote).join(" ")} ${quote(line)}` : line;
  return ["--health-cmd", `/bin/sh ${INSIDE}/start ${inner}`];
}
__name(healthOptions, "healthOptions");

// core/targets/compose/commands-release.ts
function labels(plan, release, process) {
  const all = [
    [label.service, plan.service],
    [label.release, release.id],
    [label.process, process],
    [label.version, release.version],
    [label.image, release.image],
    [label.config, release.configDigest],
    [label.colour, release.colour]
  ];
  return all.flatMap(([name, value]) => ["--label", `${name}=${value}`]);
}
__name(labels, "labels");
function mount(plan, release) {
  return ["--mount", `type=bind,source=${releaseFolder(plan, release)}/inside,target=${INSIDE},readonly`];
}
__name(mount, "mount");
var LOGS = ["--log-driver", "json-file", "--log-opt", "max-size=10m", "--log-opt", "max-file=3"];
function create(plan, release, process, config, program) {
  const name = containerName(plan, process, release.id);
  const health = process === WEB ? healthOptions(config) : ["--no-healthcheck"];
  const line = words(
    "docker",
    "create",
    "--name",
    name,
    ...labels(plan, release, process),
    "--network",
    plan.network,
    ...mount(plan, release.id),
    "--restart",
    "unless-stopped",
    "--stop-timeout",
    plan.drainSeconds,
    ...LOGS,
    ...health,
    "--entrypoint",
    "/bin/sh",
    release.image,
    `${INSIDE}/start`,
    ...program
  );
  return `docker container inspect ${words(name)} >/dev/null 2>&1 || ${line} >/dev/null`;
}
__name(create, "create");
function startRelease(plan, release, config, web, workers) {
  const body = [
    "set -e",
    // the workers' containers are made while the web process starts
    ...workers.flatMap(({ name, program }, index) => [
      `{ ${create(plan, release, name, config, program)}; } &`,
      `worker${index}=$!`
    ]),
    create(plan, release, WEB, config, web),
    words("docker", "start", containerName(plan, WEB, release.id)) + " >/dev/null",
    ...workers.map((_, index) => `wait $worker${index}`),
    ...printRelease(plan, release.id, [WEB, ...workers.map(({ name }) => name)])
  ].join("\n");
  return { what: `start release ${release.id}`, script: alone(plan, body), seconds: 300 };
}
__name(startRelease, "startRelease");
function switchTo(plan, release, instead = null) {
  const web = containerName(plan, WEB, release);
  const body = [
    "set -e",
    ...instead === null ? [] : requireTraffic(plan, [release, ...instead]),
    `${words("docker", "start", web)} >/dev/null`,
    deployToProxy(plan, web),
    `date -u +%Y-%m-%dT%H:%M:%S.%NZ >${words(`${releaseFolder(plan, release)}/switched`)}`
  ].join("\n");
  return {
    what: `switch the traffic to release ${release}`,
    script: alone(plan, body),
    seconds: plan.healthSeconds + plan.drainSeconds + 180
  };
}
__name(switchTo, "switchTo");
function requireTraffic(plan, releases) {
  const expected = releases.map((release) => words(`${containerName(plan, WEB, release)}:${plan.port}`));
  return [
    ...untilItAnswers,
    `routes=$(docker exec ${PROXY} kamal-proxy list)`,
    "escape=$(printf '\\033')",
    `traffic=$(printf '%s\\n' "$routes" | sed "s/$escape\\[[0-9;]*m//g" | awk -v service=${words(plan.service)} '$1 == service { print $4 }')`,
    `case $traffic in '' | ${[...new Set(expected)].join(" | ")}) ;; *)`,
    `  echo ${words(REFUSED)} "\${traffic%:*}" >&2`,
    `  cat ${words(fenceFile(plan))} >&2 2>/dev/null || :`,
    `  exit ${exit.moved} ;;`,
    "esac"
  ];
}
__name(requireTraffic, "requireTraffic");
function changeWorkers(plan, release) {
  const list = words(
    "docker",
    "ps",
    "-a",
    "--filter",
    `label=${label.service}=${plan.service}`,
    "--format",
    `{{.ID}} {{.State}} {{.Label "${label.release}"}} {{.Label "${label.process}"}} {{.Label "${label.job}"}}`
  );
  const body = [
    "set -e",
    `all=$(${list})`,
    "mine= others=",
    "while read -r id state of process job; do",
    `  if [ -z "$id" ] || [ "$process" = ${WEB} ] || [ -n "$job" ]; then continue; fi`,
    `  if [ "$of" = ${words(release)} ]; then mine="$mine $id"`,
    '  elif [ "$state" = running ] || [ "$state" = restarting ] || [ "$state" = paused ]; then others="$others $id"; fi',
    "done <<EOF",
    "$all",
    "EOF",
    `[ -z "$others" ] || docker stop -t ${plan.drainSeconds} $others >/dev/null`,
    '[ -z "$mine" ] || docker start $mine >/dev/null'
  ].join("\n");
  return { what: "replace the workers", script: alone(plan, body), seconds: plan.drainSeconds + 240 };
}
__name(changeWorkers, "changeWorkers");
function containersOf2(plan, release) {
  return `docker ps -aq --filter ${words(`label=${label.service}=${plan.service}`)} --filter ${words(`label=${label.release}=${release}`)}`;
}
__name(containersOf2, "containersOf");
function stopRelease(plan, release) {
  const body = `all=$(${containersOf2(plan, release)}) || exit 1
[ -z "$all" ] || docker stop -t ${plan.drainSeconds} $all >/dev/null`;
  return { what: `stop release ${release}`, script: alone(plan, body), seconds: plan.drainSeconds + 240 };
}
__name(stopRelease, "stopRelease");
function removeRelease(plan, release, image) {
  const body = [
    `all=$(${containersOf2(plan, release)}) || exit 1`,
    `[ -z "$all" ] || { docker stop -t ${plan.drainSeconds} $all >/dev/null; docker rm -f $all >/dev/null || exit 1; }`,
    words("rm", "-rf", releaseFolder(plan, release)),
    `${words("docker", "image", "rm", image)} >/dev/null 2>&1`,
    "exit 0"
  ].join("\n");
  return { what: `remove release ${release}`, script: alone(plan, body), seconds: plan.drainSeconds + 240 };
}
__name(removeRelease, "removeRelease");
function startJob(plan, release, job, command, longest) {
  const name = jobName(plan, job, release.id);
  const running = `docker ps --filter ${words(`label=${label.service}=${plan.service}`)} --filter ${words(`label=${label.job}=${job}`)} --format '{{.Names}}'`;
  const line = words(
    "docker",
    "run",
    "--detach",
    "--name",
    name,
    ...labels(plan, release, "job"),
    "--label",
    `${label.job}=${job}`,
    "--network",
    plan.network,
    ...mount(plan, release.id),
    ...LOGS,
    "--no-healthcheck",
    "--entrypoint",
    "/bin/sh",
    release.image,
    `${INSIDE}/start`,
    "/bin/sh",
    "-c",
    command
  );
  const body = [
    `earlier=$(${running} | grep -Fxv ${words(name)})`,
    '[ -z "$earlier" ] || docker wait $earlier >/dev/null 2>&1',
    `docker container inspect ${words(name)} >/dev/null 2>&1 || ${line} >/dev/null`
  ].join("\n");
  return { what: `start the job ${job}`, script: alone(plan, body), seconds: longest + 180 };
}
__name(startJob, "startJob");
function finishJob(plan, release, job, seconds) {
  const name = words(jobName(plan, job, release));
  const end = [
    `[ "$code" != late ] || { docker stop -t 10 ${name} >/dev/null; code=124; }`,
    'echo "$code"',
    `docker logs --tail 2000 ${name} 2>&1`,
    `docker rm -f ${name} >/dev/null`
  ].join("\n");
  const script = [`code=$(timeout ${seconds} docker wait ${name}) || code=late`, alone(plan, end)].join("\n");
  return { what: `wait for the job ${job}`, script, seconds: seconds + 220 };
}
__name(finishJob, "finishJob");
function removeLeftovers(plan) {
  const ofService = `docker ps -aq --filter ${words(`label=${label.service}=${plan.service}`)}`;
  const body = [
    `jobs=$(${ofService} --filter label=${label.job}) || exit 1`,
    '[ -z "$jobs" ] || docker rm -f $jobs >/dev/null || exit 1',
    `for folder in ${words(`${serviceFolder(plan)}/releases`)}/*; do`,
    '  [ -d "$folder" ] || continue',
    `  there=$(${ofService} --filter "label=${label.release}=\${folder##*/}") || exit 1`,
    '  [ -n "$there" ] || rm -rf "$folder"',
    "done"
  ].join("\n");
  return { what: "remove what earlier runs left", script: alone(plan, body), seconds: 240 };
}
__name(removeLeftovers, "removeLeftovers");

// core/targets/compose/environment-file.ts
var NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
function environmentFile(values) {
  return [...values].map(([name, value]) => {
    if (!NAME.test(name))
      throw new RangeError(`${JSON.stringify(name)} is not a valid name of an environment variable`);
    return `export ${name}=${quote(value)}
`;
  }).join("");
}
__name(environmentFile, "environmentFile");
function parseEnvironmentFile(text) {
  const values = /* @__PURE__ */ new Map();
  const assignment = /^export ([A-Za-z_][A-Za-z0-9_]*)=((?:'[^']*'|\\'|[^'\s])*)$/gm;
  for (const [, name = "", written = ""] of text.matchAll(assignment))
    values.set(
      name,
      written.replace(/'([^']*)'|\\'/g, (_, inner) => inner ?? "'")
    );
  return values;
}
__name(parseEnvironmentFile, "parseEnvironmentFile");
var START_SCRIPT = `#!/bin/sh
. ${INSIDE}/environment
exec "$@"
`;

// core/targets/compose/failure.ts
function commandFailure(place, command, { code, stdout, stderr }) {
  const refused = refusal(place, command, code, stderr);
  if (refused !== null) return refused;
  const said = (stderr.trim() === "" ? stdout : stderr).trim();
  const last = said.split("\n").slice(-12).map((line) => `  | ${line}`).join("\n");
  const because = last === "" ? "" : `
${last}`;
  const failed = /* @__PURE__ */ __name((kind, what, next) => new TargetError(kind, place, `${what}${because}`, next), "failed");
  const noShell = /* @__PURE__ */ __name(() => failed(
    "image-no-shell",
    "the image has no /bin/sh, which Tollgate needs to read the variables from a file.",
    "Use a base image with a shell, such as a -slim image or busybox."
  ), "noShell");
  if (/no space left on device/i.test(said))
    return failed(
      "no-space",
      `no space left on its disk (${command.what}).`,
      "Free disk space: `docker system df` shows the usage. release.retain sets how many releases are kept."
    );
  if (/sudo:.*password is required|sudo:.*not found|not in the sudoers/i.test(said))
    return failed(
      "refused",
      "the user may not use sudo without a password.",
      "Allow it in /etc/sudoers.d on the host, or set the target's `user` to root."
    );
  if (/cannot connect to the docker daemon|is the docker daemon running/i.test(said))
    return failed(
      "no-docker",
      `Docker is not running (${command.what}).`,
      "Start it with `systemctl start docker`. Its containers restart with it."
    );
  if (/docker: (command )?not found/i.test(said))
    return failed("failed", "Docker is not installed.", "Install Docker Engine on the host, 20.10 or later.");
  if (/(flock|timeout): (command )?not found/i.test(said))
    return failed(
      "failed",
      "flock or timeout is missing.",
      "Install util-linux (flock) and coreutils (timeout) on the host."
    );
  switch (code) {
    case exit.lock:
      return failed(
        "failed",
        "another run, or a command that it started, is still working on this host.",
        "Wait until it has finished, then run the same command again."
      );
    case exit.login:
      return failed(
        "registry-login",
        "the registry rejected the login.",
        "Check --registry-password and image.registry.user."
      );
    case exit.pull:
      return failed(
        "registry-pull",
        `could not pull the image (${command.what}).`,
        "Check that the image is published, that the user may read it, and that the host can reach the registry."
      );
    case exit.noShell:
      return noShell();
  }
  if (/exec: "\/bin\/sh".*no such file or directory/i.test(said)) return noShell();
  if (/failed to become healthy/i.test(said))
    return failed(
      "never-healthy",
      "the release did not become healthy. The traffic was not switched.",
      "Read `docker logs` of its container on the host."
    );
  return failed(
    "failed",
    `exit code ${code} from: ${command.what}.`,
    "Fix the cause in the host's output above, then run the same command again."
  );
}
__name(commandFailure, "commandFailure");
function refusal(place, { what }, code, stderr) {
  const [, moved = "", file = ""] = new RegExp(`^${REFUSED}(?: (\\S+))?
([\\s\\S]*)$`, "m").exec(stderr) ?? [];
  const seen = parseFence(file);
  if (code === exit.fenced && seen !== null) return new FencedError(place, seen, what);
  if (code === exit.moved && moved !== "")
    return new TargetError(
      "moved",
      place,
      `${moved} has the traffic, which this run did not start${seen === null ? "" : `; the last run here was ${fenceWords(seen)}`}. Nothing was changed here (${what}).`,
      "`tollgate status` shows what is serving. If it is wrong, roll back with `tollgate rollback`."
    );
  return null;
}
__name(refusal, "refusal");

// core/targets/compose/http.ts
import { request as http } from "node:http";
import { connect as tls } from "node:tls";
var MOST_BODY = 1024 * 1024;
async function ask(dial, host, asked, secure) {
  const began = performance.now();
  const took = /* @__PURE__ */ __name(() => Math.round(performance.now() - began), "took");
  const seconds = asked.seconds ?? 10;
  let plain;
  try {
    plain = await dial();
  } catch (error) {
    if (error instanceof Error && "kind" in error && error.kind === "unreachable")
      return { kind: "silent", why: "connection refused", milliseconds: took() };
    throw error;
  }
  const stream = secure ? tls({ socket: plain, servername: host }) : plain;
  const { promise, resolve } = deferred();
  const silent = /* @__PURE__ */ __name((why) => resolve({ kind: "silent", why, milliseconds: took() }), "silent");
  const body = asked.body === void 0 ? void 0 : Buffer.from(asked.body);
  const sent = http(
    {
      method: asked.method,
      path: asked.path,
      host,
      headers: {
        host,
        connection: "close",
        "user-agent": "tollgate",
        ...asked.headers,
        ...body === void 0 ? {} : { "content-length": body.length }
      },
      createConnection: /* @__PURE__ */ __name(() => stream, "createConnection")
    },
    (response) => {
      const chunks = [];
      let size = 0;
      response.on("data", (chunk) => {
        if (size < MOST_BODY) chunks.push(chunk);
        size += chunk.length;
      });
      response.once("error", ({ message }) => silent(message));
      response.once("aborted", () => silent("the answer ended too early"));
      response.once("end", () => {
        const headers = new Map(
          Object.entries(response.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(", ") : value ?? ""
          ])
        );
        resolve({
          kind: "answered",
          status: response.statusCode ?? 0,
          headers,
          body: Buffer.concat(chunks).subarray(0, MOST_BODY).toString("utf8"),
          milliseconds: took()
        });
      });
    }
  );
  sent.once("error", ({ message }) => silent(message));
  const timer = setTimeout(() => silent(`no answer within ${seconds} s`), seconds * 1e3);
  sent.end(body);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    sent.destroy();
    stream.destroy();
  }
}
__name(ask, "ask");

// core/targets/compose/log-lines.ts
function parseLog(printed) {
  const lines = [];
  for (const line of printed.split("\n")) {
    const [, at, text = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) ?(.*)$/s.exec(line) ?? [];
    if (at !== void 0) lines.push({ at: sortable(at), text });
    else if (line !== "") lines.push({ at: lines.at(-1)?.at ?? "", text: line });
  }
  return lines;
}
__name(parseLog, "parseLog");
function sortable(at) {
  const [seconds = "", fraction = ""] = at.replace("Z", "").split(".");
  return `${seconds}.${fraction.padEnd(9, "0")}Z`;
}
__name(sortable, "sortable");
function parseNews(stdout, stderr) {
  const [out, err] = [parseStream(stdout, "out"), parseStream(stderr, "err")];
  if (out === null || err === null) return { kind: "none", why: "it printed something else" };
  const [why] = err.untimed;
  if (why !== void 0)
    return /no such container/i.test(why) ? { kind: "read", lines: [], left: 0 } : { kind: "none", why };
  const lines = [...out.lines, ...err.lines].sort((one, other) => one.at < other.at ? -1 : one.at > other.at ? 1 : 0);
  return { kind: "read", lines, left: out.left + err.left };
}
__name(parseNews, "parseNews");
function parseStream(printed, stream) {
  const [, log = "", all] = /^((?:[\s\S]*\n)?)lines (\d+)\n*$/.exec(printed) ?? [];
  if (all === void 0) return null;
  const lines = parseLog(log);
  const timed = lines.filter(({ at }) => at !== "");
  return {
    lines: timed.map((line) => ({ ...line, stream })),
    untimed: lines.filter(({ at }) => at === "").map(({ text }) => text),
    left: Math.max(0, Number(all) - lines.length)
  };
}
__name(parseStream, "parseStream");

// core/targets/compose/metrics.ts
function parseMetrics(text, service) {
  const requests = [];
  const durations = /* @__PURE__ */ new Map();
  for (const line of text.split("\n")) {
    const [, name = "", inside = "", value = ""] = /^(\w+)\{(.*)\}\s+(\S+)$/.exec(line) ?? [];
    if (name === "") continue;
    const labels2 = new Map(
      [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", text2 = ""]) => [key, text2])
    );
    if (labels2.get("service") !== service) continue;
    const count = Number(value);
    if (name.startsWith("kamal_proxy_http_request") && !Number.isFinite(count)) return null;
    if (name === "kamal_proxy_http_requests_total")
      requests.push({ method: labels2.get("method") ?? "", status: Number(labels2.get("status")), count });
    if (name === "kamal_proxy_http_request_duration_seconds_bucket") {
      const bound = labels2.get("le") === "+Inf" ? Infinity : Number(labels2.get("le"));
      durations.set(bound, (durations.get(bound) ?? 0) + count);
    }
  }
  return {
    requests,
    durations: [...durations].sort(([one], [other]) => one - other).map(([upTo, count]) => ({ upTo, count }))
  };
}
__name(parseMetrics, "parseMetrics");
function sumCounted(all) {
  const requests = /* @__PURE__ */ new Map();
  const durations = /* @__PURE__ */ new Map();
  for (const one of all) {
    for (const { method, status, count } of one.requests) {
      const key = `${method} ${status}`;
      requests.set(key, { method, status, count: (requests.get(key)?.count ?? 0) + count });
    }
    for (const { upTo, count } of one.durations) durations.set(upTo, (durations.get(upTo) ?? 0) + count);
  }
  return {
    requests: [...requests.values()],
    durations: [...durations].sort(([one], [other]) => one - other).map(([upTo, count]) => ({ upTo, count }))
  };
}
__name(sumCounted, "sumCounted");

// core/targets/compose/host.ts
var Host = class {
  static {
    __name(this, "Host");
  }
  place;
  #connection;
  #plan;
  /** Releases that have what they need here: a deployment's commands and its containers are of the same one. */
  #prepared = /* @__PURE__ */ new Map();
  constructor(connection, plan) {
    this.place = connection.place;
    this.#connection = connection;
    this.#plan = plan;
  }
  /** Its standard output; throws what a failure means. */
  async run(command) {
    const result = await this.#result(command);
    if (result.code !== 0) throw commandFailure(this.place, command, result);
    return result.stdout;
  }
  async #result(command) {
    try {
      return await this.#connection.run(command);
    } catch (error) {
      if (command.looks !== true || !(error instanceof TargetError) || error.kind !== "cut") throw error;
      return await this.#connection.run(command);
    }
  }
  /** What a command printed, as it is meant; whatever else it is, is not ours. */
  async #read(command, read) {
    const printed = await this.run(command);
    try {
      return read(printed);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError || error instanceof ZodError)
        throw shellPrints(this.place, command.what);
      throw error;
    }
  }
  async state() {
    return await this.#stateBy(readState(this.#plan));
  }
  async #stateBy(command) {
    const state = await this.#read(command, (printed) => parseState(printed, this.#plan));
    return { ...state, releases: state.releases.map((one) => this.#here(one)) };
  }
  /** @param mode `above`: with a token above all that the host has seen, and at least the given one */
  async claim(rule, mode) {
    return await this.#stateBy(claimHost(this.#plan, rule, mode));
  }
  /** Every change from now on is of the run that claimed the target. */
  hold(fence) {
    this.#plan = { ...this.#plan, fence };
  }
  async keepHead(head) {
    return { place: this.place, heads: await this.#read(keepHead(this.#plan, head), parseHeads) };
  }
  async heads() {
    return { place: this.place, heads: await this.#read(readHeads(this.#plan), parseHeads) };
  }
  #here(instance) {
    return { ...instance, replicas: instance.replicas.map((replica) => ({ ...replica, place: this.place })) };
  }
  /** null: there is no such container. */
  async container(name) {
    return await this.#read(readContainer(name), (printed) => parseContainer(printed, this.#plan));
  }
  async facts() {
    await this.run({ what: "connect", script: NOTHING, seconds: 20, looks: true });
    const before = Date.now();
    const printed = await this.run(readFacts());
    const facts = parseFacts(printed);
    if (facts === null) throw shellPrints(this.place, readFacts().what);
    return {
      runtime: `Docker ${facts.docker}`,
      freeBytes: facts.freeBytes,
      clockSkew: Math.round(facts.time - before / 1e3)
    };
  }
  /** Fetches the image, and writes down what its containers read. */
  async prepare(release) {
    const known = this.#prepared.get(release.id);
    if (known !== void 0) return known;
    const { login } = release;
    const pull = pullImage(
      this.#plan,
      release.image,
      login === null ? null : { user: login.user, password: await login.password() }
    );
    await this.run(pull);
    const config = await this.#read(readImage(release.image), (printed) => imageConfig.parse(JSON.parse(printed)));
    const owner = ownerOf(config) ?? await this.#askOwner(release.image);
    const values = new Map([
      ...await release.environment(),
      ["TOLLGATE_RELEASE", release.id],
      ["TOLLGATE_VERSION", release.version]
    ]);
    await this.run(writeRelease(this.#plan, release.id, owner, environmentFile(values), START_SCRIPT));
    this.#prepared.set(release.id, config);
    return config;
  }
  async #askOwner(image) {
    const owner = parseOwner(await this.run(askOwner(image)));
    if (owner === null) throw shellPrints(this.place, "ask the image for its user");
    return owner;
  }
  /** The network and the proxy; its image may be in the same registry as the release's. */
  async #ensureProxy(release) {
    if ((await this.#result(proxyAnswers(this.#plan))).code === 0) return;
    const { image } = this.#plan.proxy;
    const login = release.login !== null && registryOf(image) === registryOf(release.image) ? { user: release.login.user, password: await release.login.password() } : null;
    await this.run(pullImage(this.#plan, image, login));
    await this.run(ensureProxy(this.#plan));
  }
  /** @returns the release as it is here then; null: it is not there any more */
  async start(release, colour) {
    const [config] = await Promise.all([this.prepare(release), this.#ensureProxy(release)]);
    const web = programOf(config, this.#plan.webCommand);
    if (web === null)
      throw new TargetError(
        "start-failed",
        this.place,
        "the image has neither ENTRYPOINT nor CMD.",
        "Add a CMD to the Dockerfile, or a command to release.processes.web."
      );
    const workers = this.#plan.workers.map(({ name, command: command2 }) => ({
      name,
      program: programOf(config, command2) ?? [...command2]
    }));
    const { id, version, image, configDigest } = release;
    const command = startRelease(this.#plan, { id, version, image, configDigest, colour }, config, web, workers);
    const result = await this.#result(command);
    if (result.code === 0) {
      const started = parseRelease(result.stdout, id);
      return started === null ? null : this.#here(started);
    }
    const failure = commandFailure(this.place, command, result);
    throw failure.kind === "failed" ? new TargetError("start-failed", this.place, problemOf(this.place, failure).what, failure.next) : failure;
  }
  async remove(release, image) {
    this.#prepared.delete(release);
    await this.run(removeRelease(this.#plan, release, image));
  }
  /** Why it is not healthy now; null: it is. */
  async unhealthy(container2, { address, check }) {
    if (address === null) return "it has no address yet";
    const { healthPath, port } = this.#plan;
    const answer = await this.ask(address, port, { method: "GET", path: healthPath, seconds: 5 });
    if (answer.kind === "silent") return `${healthPath}: ${answer.why}`;
    if (answer.status < 200 || answer.status > 299) return `${healthPath} answered ${answer.status}`;
    if (check === null) return null;
    const { code, stdout, stderr } = await this.#result(runCheck(container2, check, 30));
    return code === 0 ? null : `its HEALTHCHECK exited with code ${code}: ${`${stdout}${stderr}`.trim().split("\n").at(-1) ?? ""}`;
  }
  async ask(address, port, request, host = "localhost", secure = false) {
    return await ask(() => this.#connection.dial(address, port), host, request, secure);
  }
  async logs(container2, lines) {
    const { code, stdout } = await this.#result(readLogs(container2, lines));
    return code === 0 ? stdout.split("\n").filter((line) => line !== "") : [];
  }
  async output(container2, asked) {
    const { code, stdout } = await this.#result(readOutput(container2, asked));
    return code === 0 ? parseLog(stdout) : [];
  }
  async news(container2, since) {
    const { stdout, stderr } = await this.#result(readNews(container2, since));
    return parseNews(stdout, stderr);
  }
  async variables(release) {
    return parseEnvironmentFile(await this.run(readVariables(this.#plan, release)));
  }
  async job(release, colour, { name, command, seconds }) {
    await Promise.all([this.prepare(release), this.#ensureProxy(release)]);
    const { id, version, image, configDigest } = release;
    const began = performance.now();
    await this.run(startJob(this.#plan, { id, version, image, configDigest, colour }, name, command, seconds));
    const [code = "", ...printed] = (await this.run(finishJob(this.#plan, id, name, seconds))).trimEnd().split("\n");
    if (!/^\d{1,3}$/.test(code)) throw shellPrints(this.place, `wait for the job ${name}`);
    const took = (performance.now() - began) / 1e3;
    if (code === "0") return { kind: "done", printed, seconds: took };
    return code === "124" ? { kind: "too-long", printed, seconds: took } : { kind: "failed", code: Number(code), printed, seconds: took };
  }
  async counted() {
    const address = await this.address(PROXY);
    if (address === null) return { requests: [], durations: [] };
    const answer = await this.ask(address, METRICS_PORT, { method: "GET", path: "/metrics" });
    if (answer.kind === "silent" || answer.status !== 200)
      throw new TargetError(
        "proxy",
        this.place,
        "the proxy did not return its metrics.",
        "Read `docker logs tollgate-proxy` on the host."
      );
    const counted = parseMetrics(answer.body, this.#plan.service);
    if (counted !== null) return counted;
    throw new TargetError(
      "proxy",
      this.place,
      "the proxy returned invalid metrics.",
      "Check environments.NAME.target.proxy.image: the default is kamal-proxy."
    );
  }
  /** null: there is no such container, or it does not run. */
  async address(container2) {
    const address = (await this.run(readAddress(this.#plan, container2))).trim();
    if (address !== "" && isIP(address) === 0) throw shellPrints(this.place, `look for ${container2}`);
    return address === "" ? null : address;
  }
  async dial(name, port) {
    const address = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name) ? await this.address(name) : null;
    return await this.#connection.dial(address ?? name, port);
  }
  async close() {
    await this.#connection.close();
  }
};
function problemOf(place, error) {
  if (!(error instanceof TollgateError)) throw error;
  const what = error.message.slice(0, error.next === "" ? void 0 : -error.next.length).trim();
  return { place, code: error.code.replace(/^target-/, ""), what: what.replace(`${place}: `, ""), next: error.next };
}
__name(problemOf, "problemOf");

export {
  WEB,
  label,
  containerName,
  proxyFingerprint,
  pullImage,
  maintenanceOn,
  maintenanceOff,
  switchTo,
  changeWorkers,
  stopRelease,
  removeLeftovers,
  sumCounted,
  Host,
  problemOf
};
