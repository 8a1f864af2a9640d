import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  EPOCH,
  epochOf,
  stampLabels
} from "./shared.core.image.stamp.mjs";
import {
  APP,
  installing,
  pulled,
  pythonApp,
  quotedTail,
  shell
} from "./shared.core.app.installation-advice.mjs";
import {
  lastCause
} from "./shared.core.shared.engine-cause.mjs";
import {
  repositoryOf
} from "./shared.core.config.app.mjs";
import {
  readSecrets
} from "./shared.core.secrets.dotenv.mjs";
import {
  asExecError,
  withPipCache
} from "./shared.core.app.python.caches.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  terminalText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/build-secrets.ts
function readBuildSecrets(bundle, names) {
  return readSecrets(bundle, names, "image.buildSecrets", (name) => name);
}
__name(readBuildSecrets, "readBuildSecrets");

// core/image/build.ts
import { ExistsType } from "../sdk/index.ts";

// core/image/dockerfile-failure.ts
import { posix } from "node:path";

// core/image/dockerfile-words.ts
function wordsOf(line) {
  const words = line.match(/(?:\\.|'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"\\]|\\$)+/gs) ?? [];
  return words.join("").replace(/\s/g, "") === line.replace(/\s/g, "") ? words : null;
}
__name(wordsOf, "wordsOf");
function unquoted(word) {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_, single, double, escaped) => single ?? double?.replace(/\\(["$\\])/g, "$1") ?? escaped ?? ""
  );
}
__name(unquoted, "unquoted");
function assignmentsIn(rest, keyword) {
  const words = wordsOf(rest) ?? rest.split(/\s+/);
  const [first = ""] = words;
  if (keyword !== "ARG" && !first.includes("=") && words.length > 1)
    return [[unquoted(first), unquoted(rest.slice(rest.indexOf(first) + first.length).trim())]];
  return words.map((word) => {
    const equals = word.indexOf("=");
    return equals === -1 ? [unquoted(word), null] : [unquoted(word.slice(0, equals)), unquoted(word.slice(equals + 1))];
  });
}
__name(assignmentsIn, "assignmentsIn");

// core/image/dockerfile-text.ts
var FRESH = "TOLLGATE_FRESH";
function instructions(dockerfile) {
  const lines = dockerfile.replace(/^\uFEFF/, "").split(/\r?\n/);
  const continued = continuation(lines);
  const found = [];
  for (let at = 0; at < lines.length; at++) {
    const start = at;
    let text = (lines[at] ?? "").trimStart();
    if (text === "" || text.startsWith("#")) continue;
    while (continued.test(text) && at + 1 < lines.length) {
      at++;
      const line = lines[at] ?? "";
      if (line.trim() !== "" && !/^\s*#/.test(line)) text = text.replace(continued, "$1") + line;
    }
    const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(text.replace(continued, "$1").trim()) ?? [];
    const instruction = { keyword: keyword.toUpperCase(), rest, start, end: at, documents: [] };
    for (const { name, tabs } of heredocsOf(instruction.keyword, rest)) {
      for (at++; at < lines.length; at++) {
        const line = lines[at] ?? "";
        if ((tabs ? line.replace(/^\t+/, "") : line) === name) break;
        instruction.documents.push(line);
      }
    }
    found.push(instruction);
  }
  return found;
}
__name(instructions, "instructions");
function continuation(lines) {
  for (const line of lines) {
    const [, name, value] = /^\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    if (name === void 0 || !["escape", "syntax", "check"].includes(name.toLowerCase())) break;
    if (name.toLowerCase() === "escape" && value === "`") return /(^|[^`])`[ \t]*$/;
  }
  return /(^|[^\\])\\[ \t]*$/;
}
__name(continuation, "continuation");
function heredocsOf(keyword, rest) {
  const [, inner = "", after = ""] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
  if (keyword === "ONBUILD") return heredocsOf(inner.toUpperCase(), after);
  if (!["RUN", "COPY", "ADD"].includes(keyword) || isJsonForm(rest)) return [];
  return (wordsOf(rest) ?? []).flatMap((word) => {
    const [, tabs, quoted = ""] = /^\d*<<(-?)([^<]+)$/s.exec(word) ?? [];
    const name = unquoted(quoted);
    return name === "" ? [] : [{ name, tabs: tabs === "-" }];
  });
}
__name(heredocsOf, "heredocsOf");
function isJsonForm(rest) {
  try {
    return Array.isArray(JSON.parse(rest));
  } catch {
    return false;
  }
}
__name(isJsonForm, "isJsonForm");
function withFreshArgument(dockerfile) {
  const after = new Set(instructions(dockerfile).flatMap(({ keyword, end }) => keyword === "FROM" ? [end] : []));
  return dockerfile.split("\n").flatMap((line, index) => after.has(index) ? [line, `ARG ${FRESH}`] : [line]).join("\n");
}
__name(withFreshArgument, "withFreshArgument");
function plainArguments(dockerfile, given) {
  const all = instructions(dockerfile);
  const first = all.findIndex(({ keyword }) => keyword === "FROM");
  const defaults = /* @__PURE__ */ new Map();
  const declared = /* @__PURE__ */ new Map();
  for (const [index, { keyword, rest }] of all.entries()) {
    if (keyword !== "ARG") continue;
    for (const [name, value] of assignmentsIn(rest, keyword)) {
      if (index < first) {
        if (value !== null) defaults.set(name, value);
        continue;
      }
      const known = given[name] ?? value ?? defaults.get(name) ?? null;
      declared.set(name, known === null || known.includes("$") ? null : known);
    }
  }
  for (const { keyword, rest } of all) {
    if (keyword !== "ENV") continue;
    for (const [name] of assignmentsIn(rest, keyword)) declared.delete(name);
  }
  return declared;
}
__name(plainArguments, "plainArguments");

// core/image/dockerfile-failure.ts
function dockerfileFailure(message, dockerfile, text) {
  const cause = lastCause(message);
  const all = instructions(text);
  const missing = missingFile(cause);
  const copy = missing === null ? void 0 : all.find((one) => copies(one, missing));
  if (missing !== null && copy !== void 0)
    return new TollgateError(
      "image-build-failed",
      `${dockerfile}:${copy.start + 1}: \`${copy.keyword} ${copy.rest.replace(/\s+/g, " ")}\` failed: ${missing} was not found.`,
      "Nothing was published. Make sure that the file exists, is tracked by Git and is not excluded by .dockerignore. Paths are relative to the app's folder (app.path)."
    );
  const line = lineOf(cause, all);
  return new TollgateError(
    "image-build-failed",
    `${dockerfile}${line === null ? "" : `:${line}`} could not be built: ${cause}`,
    "Nothing was published. Correct the Dockerfile, or image.buildArgs or image.target in tollgate.yaml."
  );
}
__name(dockerfileFailure, "dockerfileFailure");
function missingFile(cause) {
  const [, path] = /^(?:l?stat |open )?"?\/?([^":]+?)"?: (?:no such file or directory|not found)$/.exec(cause) ?? [];
  return path ?? null;
}
__name(missingFile, "missingFile");
function copies({ keyword, rest }, missing) {
  if (!/^(COPY|ADD)$/.test(keyword) || /--from=/.test(rest)) return false;
  return sourcesOf(rest).some(
    (source) => posix.normalize(source).replace(/^\/+|\/+$/g, "") === posix.normalize(missing).replace(/\/+$/, "")
  );
}
__name(copies, "copies");
function sourcesOf(rest) {
  const words = rest.replace(/^(?:--\S+\s+)+/, "");
  const listed = words.startsWith("[") ? [...words.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) => word) : words.split(/\s+/);
  return listed.slice(0, -1);
}
__name(sourcesOf, "sourcesOf");
function lineOf(cause, all) {
  const named = /\bon line (\d+)/.exec(cause)?.[1];
  if (named !== void 0) return Number(named);
  const from = all.find(
    ({ keyword, rest }) => keyword === "FROM" && cause.includes((rest.replace(/^(?:--\S+\s+)+/, "").split(/\s+/)[0] ?? "").split("@")[0] ?? " ")
  );
  return from === void 0 ? null : from.start + 1;
}
__name(lineOf, "lineOf");

// core/image/dockerfile.ts
async function buildFromDockerfile(settings, source, dockerfile, options) {
  const { target, buildArgs } = settings;
  const { platform, fresh: fresh2 } = options;
  const given = Object.entries(buildArgs).map(([name, value]) => ({ name, value }));
  const text = await source.file(dockerfile).contents();
  const context = fresh2 === "" ? source : source.withNewFile(dockerfile, withFreshArgument(text));
  const built = context.dockerBuild({
    dockerfile,
    buildArgs: fresh2 === "" ? given : [...given, { name: FRESH, value: fresh2 }],
    secrets: [...options.secrets.values()],
    ...target === void 0 ? {} : { target },
    ...platform === void 0 ? {} : { platform }
  });
  const image = await withoutArguments(
    await building(dockerfile, text, built),
    new Map([...plainArguments(text, buildArgs), [FRESH, null]])
  );
  return withoutSecrets(image, options.secrets, text.split("type=secret").length);
}
__name(buildFromDockerfile, "buildFromDockerfile");
async function withoutArguments(image, args) {
  const there = await Promise.all(
    [...args].map(async ([name, value]) => ({ name, value, is: await image.envVariable(name) }))
  );
  return there.filter(({ value, is }) => value === null || value === is).reduce((left, { name }) => left.withoutEnvVariable(name), image);
}
__name(withoutArguments, "withoutArguments");
function withoutSecrets(image, secrets, times) {
  const mounts = [...secrets.keys()].flatMap((name) => Array.from({ length: times + 1 }, () => `/run/secrets/${name}`));
  return mounts.reduce((left, mount) => left.withoutMount(mount), image);
}
__name(withoutSecrets, "withoutSecrets");
async function building(dockerfile, text, image) {
  try {
    return await image.sync();
  } catch (error) {
    const failed = asExecError(error);
    if (failed === null) throw error instanceof Error ? dockerfileFailure(error.message, dockerfile, text) : error;
    const command = failed.cmd.at(-1) ?? "";
    const tail = quotedTail(`${failed.stdout}
${failed.stderr}`, 15);
    throw new TollgateError(
      "image-build-failed",
      [`${dockerfile} could not be built: \`RUN ${command}\` exited with code ${failed.exitCode}.`, "", ...tail].join(
        "\n"
      ),
      "Nothing was published. Correct the Dockerfile, or image.buildArgs or image.target in tollgate.yaml."
    );
  }
}
__name(building, "building");

// core/image/python-build.ts
import { posix as posix2 } from "node:path";
import { dag } from "../sdk/index.ts";
var VENV = "/opt/venv";
var PIP = "/opt/pip";
var TREE = "/tree";
var USER = 10001;
var LEFT_OUT = [
  "**/.git",
  "**/.gitignore",
  "**/.gitattributes",
  "**/.github",
  "**/.env",
  "**/.env.*",
  "**/tests",
  "test",
  "**/test_*.py",
  "**/*_test.py",
  "**/conftest.py",
  "pytest.ini",
  "tox.ini",
  ".coveragerc",
  "**/__pycache__",
  "**/.pytest_cache",
  "**/.venv",
  "**/.dockerignore",
  "Dockerfile",
  "*.Dockerfile",
  "Dockerfile.*",
  "docker-compose*.yml",
  "docker-compose*.yaml",
  "compose.yml",
  "compose.yaml",
  "tollgate.yaml",
  "tollgate.schema.json"
];
async function buildPython(settings, source, command, options) {
  const { app, image } = settings;
  const platform = options.platform === void 0 ? {} : { platform: options.platform };
  const base = await pulled(app.image, dag.container(platform).from(app.image));
  const [path, runtime] = await Promise.all([base.envVariable("PATH"), withUser(base)]);
  const builder = builderOf(base, [...image.buildPackages, ...image.packages], options);
  const where = { all: "image.packages, image.buildPackages or image.dependencies", packages: "image.buildPackages" };
  const python = await pythonApp({
    ...platform,
    place: "image.dependencies",
    settings: image.dependencies,
    purpose: "image",
    base: await installing(where, builder),
    program: "python",
    image: app.image,
    source,
    secrets: options.secrets,
    cache: options.fresh
  });
  process.stderr.write(`${terminalText(`dependencies of the image: ${python.described}`)}
`);
  const included = source.filter({ exclude: [...LEFT_OUT, ...image.exclude] });
  const installed = await installing(
    where,
    withBuildSecrets(builder, options.secrets, (ready) => python.dependencies(ready))
  );
  const environment = await installing(where, shell(python.project(installed.withDirectory(APP, included)), forgetful));
  return withRuntimePackages(runtime, image.packages, options).withDirectory("/", treeOf(environment, VENV, EPOCH)).withEnvVariable("PATH", `${VENV}/bin:${path ?? "/usr/local/bin:/usr/bin:/bin"}`).withEnvVariable("PYTHONUNBUFFERED", "1").withEnvVariable("PYTHONDONTWRITEBYTECODE", "1").withDirectory("/", treeOf(fresh(base, options).withDirectory(APP, included), APP, epochOf(options.stamp))).withWorkdir(APP).withUser(`${USER}:${USER}`).withExposedPort(image.port).withDockerHealthcheck(["python", "-c", healthcheck(image.port, image.health)], {
    interval: "10s",
    timeout: "5s",
    startPeriod: "30s",
    retries: 3
  }).withDefaultArgs(command);
}
__name(buildPython, "buildPython");
function healthcheck(port, path) {
  return `import urllib.request; urllib.request.urlopen(${JSON.stringify(`http://127.0.0.1:${port}${path}`)}, timeout=4)`;
}
__name(healthcheck, "healthcheck");
function fresh(container, { fresh: fresh2 }) {
  return fresh2 === "" ? container : container.withEnvVariable("TOLLGATE_FRESH", fresh2);
}
__name(fresh, "fresh");
function builderOf(base, packages, options) {
  let builder = fresh(base, options).withWorkdir(APP).withEnvVariable("DEBIAN_FRONTEND", "noninteractive");
  if (packages.length > 0)
    builder = shell(
      builder,
      `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${[...new Set(packages)].join(" ")} >/dev/null && ${pythonHeaders}`
    );
  return withPipCache(
    shell(builder, emptyEnvironment).withEnvVariable("VIRTUAL_ENV", VENV).withEnvVariable("PATH", `${VENV}/bin:${PIP}/bin:\${PATH}`, { expand: true }).withEnvVariable("PYTHONPATH", PIP).withEnvVariable("SOURCE_DATE_EPOCH", String(EPOCH)).withEnvVariable("CFLAGS", "-g0").withEnvVariable("PIP_NO_COMPILE", "1").withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1").withEnvVariable("PIP_ROOT_USER_ACTION", "ignore"),
    "image",
    options.fresh
  );
}
__name(builderOf, "builderOf");
var pythonHeaders = `{ ! command -v cc >/dev/null || test -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" || apt-get install -y -qq --no-install-recommends python3-dev >/dev/null; }`;
var emptyEnvironment = [
  `python3 -m venv --without-pip ${VENV}`,
  `mkdir -p ${PIP}/bin`,
  `cp -r "$(python3 -c 'import os, pip; print(os.path.dirname(pip.__file__))')" ${PIP}/pip`,
  `printf '#!/bin/sh\\nexec python -m pip "$@"\\n' >${PIP}/bin/pip`,
  `chmod +x ${PIP}/bin/pip`
].join(" && ");
function withBuildSecrets(builder, secrets, steps) {
  const mounted = [...secrets].reduce(
    (with_, [name, value]) => with_.withMountedSecret(`/run/secrets/${name}`, value),
    builder
  );
  return [...secrets.keys()].reduce((left, name) => left.withoutMount(`/run/secrets/${name}`), steps(mounted));
}
__name(withBuildSecrets, "withBuildSecrets");
var forgetful = `find ${VENV} -name uv_cache.json -exec rm {} + && find ${VENV} -name RECORD -exec sed -i '/uv_cache\\.json/d' {} +`;
function treeOf(container, folder, time) {
  const steps = [
    `find ${folder} -name __pycache__ -type d -prune -exec rm -rf {} +`,
    // a package may bring templates that are no Python
    `{ python3 -m compileall -q -j 1 --invalidation-mode checked-hash ${folder} >/dev/null || true; }`,
    `mkdir -p ${TREE}${posix2.dirname(folder)}`,
    `cp -a ${folder} ${TREE}${folder}`,
    `find ${TREE} -type d -exec touch --date=@${EPOCH} {} + -o -exec touch --no-dereference --date=@${time} {} +`
  ];
  return shell(container.withEnvVariable("PYTHONHASHSEED", "0"), steps.join(" && ")).directory(TREE);
}
__name(treeOf, "treeOf");
function withRuntimePackages(container, packages, options) {
  if (packages.length === 0) return container;
  const steps = [
    "marker=$(mktemp)",
    "export DEBIAN_FRONTEND=noninteractive",
    `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} >/dev/null`,
    "rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache /var/cache/apt/*.bin /var/cache/debconf/*-old /var/lib/dpkg/*-old",
    `find / -xdev \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o -newer $marker -exec touch --no-dereference --date=@${EPOCH} {} +`,
    `rm $marker && touch --date=@${EPOCH} /tmp`
  ];
  const installed = shell(fresh(container, options), `set -e
${steps.join("\n")}`);
  return options.fresh === "" ? installed : installed.withoutEnvVariable("TOLLGATE_FRESH");
}
__name(withRuntimePackages, "withRuntimePackages");
async function withUser(container) {
  const [passwd, group] = await Promise.all([
    container.file("/etc/passwd").contents(),
    container.file("/etc/group").contents()
  ]);
  const files = dag.directory().withNewFile("etc/passwd", `${passwd}app:x:${USER}:${USER}::${APP}:/usr/sbin/nologin
`).withNewFile("etc/group", `${group}app:x:${USER}:
`);
  return container.withDirectory("/", files.withTimestamps(EPOCH));
}
__name(withUser, "withUser");

// core/image/build.ts
var DEFAULT_PATH = "Dockerfile";
async function chooseRecipe(settings, source) {
  const path = settings.image.dockerfile ?? DEFAULT_PATH;
  const { context } = settings.image;
  if (context !== void 0 && !await hasFolder(repositoryOf(source).root, context))
    throw new TollgateError(
      "image-context-missing",
      `The source has no folder ${context} (image.context).`,
      "Set image.context in tollgate.yaml to the folder that the Dockerfile is built from, relative to the source."
    );
  return recipeOf(settings, await contextOf(settings, source).exists(path, { expectedType: ExistsType.RegularType }));
}
__name(chooseRecipe, "chooseRecipe");
function contextOf({ image }, source) {
  if (image.context === void 0) return source;
  const { root } = repositoryOf(source);
  return image.context === "." ? root : root.directory(image.context);
}
__name(contextOf, "contextOf");
async function hasFolder(root, path) {
  return path === "." || await root.exists(path, { expectedType: ExistsType.DirectoryType });
}
__name(hasFolder, "hasFolder");
function recipeOf({ app, image }, there) {
  const { context, dockerfile, command } = image;
  const path = dockerfile ?? DEFAULT_PATH;
  if (there && command === void 0) return { kind: "dockerfile", path };
  if (there)
    throw new TollgateError(
      "image-command-unused",
      `image.command has no effect: the app has ${path}, whose CMD starts the service. image.command is for Tollgate's own build.`,
      `Set CMD in ${path} and remove image.command, or remove ${path}. To start another program in releases, set release.processes.web.command.`
    );
  if (dockerfile !== void 0 || context !== void 0)
    throw new TollgateError(
      "dockerfile-missing",
      context === void 0 ? `There is no ${path} in the app's folder (${app.path}).` : `There is no ${path} in ${context} (image.context).`,
      `Correct image.dockerfile in tollgate.yaml. The path is relative to ${context === void 0 ? "app.path" : "image.context"}.`
    );
  if (command === void 0)
    throw new TollgateError(
      "image-command-missing",
      `The app's folder (${app.path}) has no Dockerfile, and image.command is not set.`,
      "Add a Dockerfile, or let Tollgate build the image: set image.command to the program and its arguments, for example\n\nimage:\n  command: [python, -m, app.serve]"
    );
  return { kind: "own", command };
}
__name(recipeOf, "recipeOf");
async function buildImage(settings, source, stamp, secrets = /* @__PURE__ */ new Map()) {
  return await buildBy(await chooseRecipe(settings, source), settings, source, { stamp, fresh: "", secrets });
}
__name(buildImage, "buildImage");
async function buildBy(recipe, settings, source, options) {
  const built = await naming(
    options.platform,
    () => recipe.kind === "dockerfile" ? buildFromDockerfile(settings.image, contextOf(settings, source), recipe.path, options) : buildPython(settings, source, recipe.command, options)
  );
  const labels = stampLabels({ ...options.stamp, source: settings.image.source ?? options.stamp.source });
  return await labels.reduce((image, [name, value]) => image.withLabel(name, value), built).sync();
}
__name(buildBy, "buildBy");
async function naming(platform, work) {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (platform === void 0 || !/exec format error|no match for platform|no manifest matches|not found: manifest/i.test(message))
      throw error;
    throw new TollgateError(
      "platform-unsupported",
      `The image could not be built for ${platform}: ${message.trim().split("\n")[0]}`,
      "Either the engine's machine cannot run programs for that platform, or a base image is not available for it. Install emulation (qemu-user-static with binfmt) on the engine's machine, or remove the platform from image.platforms."
    );
  }
}
__name(naming, "naming");

export {
  readBuildSecrets,
  assignmentsIn,
  instructions,
  chooseRecipe,
  contextOf,
  buildImage,
  buildBy
};
