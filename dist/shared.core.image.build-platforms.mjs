import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  buildBy,
  instructions
} from "./shared.core.image.build-secrets.mjs";
import {
  EPOCH,
  createdOf,
  epochOf
} from "./shared.core.image.stamp.mjs";
import {
  external_exports
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/build-platforms.ts
import { dag as dag2 } from "../sdk/index.ts";

// core/image/origin.ts
import { dag } from "../sdk/index.ts";

// core/image/dockerfile-lineage.ts
function lineageOf(dockerfile, target, given, platform) {
  const stages = stagesOf(instructions(dockerfile), given, platform);
  const earlier = /* @__PURE__ */ __name((name, before) => stages.findLastIndex((stage, index2) => index2 < before && stage.name === name.toLowerCase()), "earlier");
  const own = [];
  const texts = [];
  let at = target === void 0 ? stages.length - 1 : earlier(target, stages.length);
  for (; ; ) {
    const stage = stages[at];
    if (!stage?.from || !stage.platform)
      return {
        base: { kind: "unknown" },
        runs: stages.flatMap(({ runs }) => runs),
        texts: stages.flatMap((one) => one.texts)
      };
    own.unshift(...stage.runs);
    texts.unshift(...stage.texts);
    const next = earlier(stage.from, at);
    if (next === -1)
      return {
        base: stage.from === "scratch" ? { kind: "scratch" } : { kind: "image", name: stage.from, platform: stage.platform },
        runs: own,
        texts
      };
    at = next;
  }
}
__name(lineageOf, "lineageOf");
function stagesOf(all, given, platform) {
  const values = new Map([...platformArguments(platform), ...Object.entries(given)]);
  const stages = [];
  for (const instruction of all) {
    const { keyword, rest } = instruction;
    const stage = stages.at(-1);
    if (keyword === "FROM") {
      const [, options = "", from = "", name = ""] = /^((?:--\S+\s+)*)(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? [];
      const wanted = /--platform=(\S+)/.exec(options)?.[1];
      stages.push({
        name: name.toLowerCase(),
        from: expanded(from, values),
        platform: wanted === void 0 ? platform : expanded(wanted, values),
        runs: [],
        texts: []
      });
    } else if (stage === void 0) {
      if (keyword === "ARG") declare(rest, given, values);
    } else if (keyword === "RUN") stage.runs.push(runText(instruction));
    else stage.texts.push(...otherTexts(instruction));
  }
  return stages;
}
__name(stagesOf, "stagesOf");
function platformArguments(platform) {
  const [os = "", architecture = "", variant = ""] = platform.split("/");
  return ["BUILD", "TARGET"].flatMap((of) => [
    [`${of}PLATFORM`, platform],
    [`${of}OS`, os],
    [`${of}ARCH`, architecture],
    [`${of}VARIANT`, variant]
  ]);
}
__name(platformArguments, "platformArguments");
function declare(rest, given, values) {
  for (const [, name = "", written] of rest.matchAll(/(?<!\S)([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?/g)) {
    if (written !== void 0 && given[name] === void 0) values.set(name, expanded(written, values));
  }
}
__name(declare, "declare");
function expanded(written, values) {
  const text = /^'[^'$]*'$/.test(written) ? written.slice(1, -1) : written.replace(/^"([^"]*)"$/, "$1");
  let known = true;
  const filled = text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^${}]*))?\})/g,
    (_, plain2, braced, operator, word = "") => {
      const name = plain2 ?? braced ?? "";
      const value = values.get(name);
      if (value === null) known = false;
      const there = value !== void 0 && value !== null && (value !== "" || operator?.length === 1);
      if (operator?.endsWith("+")) return there ? word : "";
      return there ? value : operator === void 0 ? "" : word;
    }
  );
  return known && !/[$"'`\\]/.test(filled) ? filled : null;
}
__name(expanded, "expanded");
function runText({ rest, documents }) {
  const command = rest.replace(/^(?:--\S+\s+)+/, "");
  return `RUN ${[listed(command), ...documents].join(" ")}`.replace(/\s+/g, " ").trim();
}
__name(runText, "runText");
function otherTexts({ keyword, rest }) {
  switch (keyword) {
    case "ENV":
    case "ARG":
      return assignmentsOf(rest).map((one) => `${keyword} ${one}`);
    case "LABEL":
    case "HEALTHCHECK":
    case "CMD":
    case "ENTRYPOINT":
    case "ONBUILD":
    case "ADD":
      return [`${keyword} ${rest.replace(/\s+/g, " ")}`];
    default:
      return [];
  }
}
__name(otherTexts, "otherTexts");
function assignmentsOf(rest) {
  const old = /^([A-Za-z_]\w*)\s+([^=\s][^]*)$/.exec(rest);
  if (old !== null && !/^\w+=/.test(rest)) return [`${old[1]}=${old[2]}`];
  return [...rest.matchAll(/(?<!\S)([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)/g)].map(
    ([, name = "", value = ""]) => `${name}=${value.replace(/^(["'])(.*)\1$/s, "$2")}`
  );
}
__name(assignmentsOf, "assignmentsOf");
function listed(command) {
  if (!command.startsWith("[")) return command;
  try {
    const words = JSON.parse(command);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words.join(" ") : command;
  } catch {
    return command;
  }
}
__name(listed, "listed");

// core/image/origin.ts
async function originOf(recipe, settings, source, platform) {
  if (recipe.kind === "own") return { base: dag.container({ platform }).from(settings.app.image), runs: [] };
  const { target, buildArgs } = settings.image;
  const lineage = lineageOf(await source.file(recipe.path).contents(), target, buildArgs, platform);
  const { base } = lineage;
  const runs = [...lineage.runs, ...lineage.texts];
  if (base.kind !== "image") return { base: base.kind, runs };
  return { base: await baseImage(base.name, base.platform), runs };
}
__name(originOf, "originOf");
async function baseImage(name, platform) {
  try {
    return await dag.container({ platform }).from(name).sync();
  } catch {
    return "unknown";
  }
}
__name(baseImage, "baseImage");

// core/image/platform.ts
function samePlatform(one, other) {
  return plain(one) === plain(other);
}
__name(samePlatform, "samePlatform");
function plain(platform) {
  return platform.replace(/^(linux\/arm64)\/v8$/, "$1");
}
__name(plain, "plain");

// core/image/build-platforms.ts
async function buildAll(settings, source, recipe, options) {
  const { platforms } = settings.image;
  const wanted = platforms.length === 0 ? [void 0] : platforms;
  return await Promise.all(wanted.map((platform) => buildFor(platform, settings, source, recipe, options)));
}
__name(buildAll, "buildAll");
async function buildOne(settings, source, recipe, options) {
  const { platforms } = settings.image;
  const own = await dag2.defaultPlatform();
  return await buildFor(
    platforms.find((platform) => samePlatform(platform, own)) ?? platforms[0],
    settings,
    source,
    recipe,
    options
  );
}
__name(buildOne, "buildOne");
async function buildFor(name, settings, source, recipe, options) {
  if (name === void 0) {
    const container2 = await buildBy(recipe, settings, source, options);
    const platform2 = await container2.platform();
    return { platform: platform2, container: container2, ...await originOf(recipe, settings, source, platform2) };
  }
  const platform = name;
  const container = await buildBy(recipe, settings, source, { ...options, platform });
  return { platform, container, ...await originOf(recipe, settings, source, platform) };
}
__name(buildFor, "buildFor");

// core/image/layout.ts
import { dag as dag4, ImageLayerCompression } from "../sdk/index.ts";

// core/image/python-tool.ts
import { readFileSync } from "node:fs";
import { dag as dag3 } from "../sdk/index.ts";
var TOOLS = "/tollgate";
function pythonTool(...scripts) {
  let folder = dag3.directory();
  for (const name of scripts)
    folder = folder.withNewFile(name, readFileSync(new URL(`container/${name}`, new URL("../core/image/python-tool.ts", import.meta.url).href), "utf8"));
  return dag3.container().from("python:3.11-slim").withDirectory(TOOLS, folder);
}
__name(pythonTool, "pythonTool");

// core/image/layout.ts
function finishedImage(builds, recipe, settings, stamp) {
  const images = builds.map(({ platform, container, base }) => ({
    platform,
    archive: exported(container),
    base: typeof base === "string" ? base : exported(base)
  }));
  return finishExported(images, recipe, settings, stamp);
}
__name(finishedImage, "finishedImage");
function exported(image) {
  return image.asTarball({ forcedCompression: ImageLayerCompression.Gzip });
}
__name(exported, "exported");
function finishExported(images, recipe, { timestamps }, stamp) {
  let container = pythonTool("finish.py").withMountedCache("/words", dag4.cacheVolume("tollgate-layers"));
  const named = images.map(({ platform, archive, base }, index2) => {
    const path = `/images/${index2}.tar`;
    container = container.withMountedFile(path, archive);
    if (typeof base === "string") return `${platform}=${path}=${base}`;
    const basePath = `/images/${index2}.base.tar`;
    container = container.withMountedFile(basePath, base);
    return `${platform}=${path}=${basePath}`;
  });
  const times = recipe.kind === "own" ? ["folders", String(EPOCH)] : [timestamps === "commit" ? "everything" : "kept", String(epochOf(stamp))];
  const finished = container.withExec([
    "python3",
    `${TOOLS}/finish.py`,
    "/layout",
    "/origins.json",
    "/words",
    createdOf(stamp),
    ...times,
    ...named
  ]);
  return { layout: finished.directory("/layout"), origins: finished.file("/origins.json") };
}
__name(finishExported, "finishExported");
var index = external_exports.object({ manifests: external_exports.array(external_exports.object({ digest: external_exports.string() })).length(1) });
async function layoutDigest(layout) {
  const [root] = index.parse(JSON.parse(await layout.file("index.json").contents())).manifests;
  return root?.digest ?? "";
}
__name(layoutDigest, "layoutDigest");

export {
  samePlatform,
  buildAll,
  buildOne,
  TOOLS,
  pythonTool,
  finishedImage,
  layoutDigest
};
