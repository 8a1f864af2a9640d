import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  namingServices
} from "./shared.core.qa.service-failure.mjs";
import {
  TOOLS,
  buildAll,
  finishedImage,
  layoutDigest,
  matchesPath,
  pythonTool,
  samePlatform
} from "./shared.core.image.build-platforms.mjs";
import {
  maskedSecrets,
  variableIsSecret
} from "./shared.core.image.secret-text.mjs";
import {
  APP_HOST,
  STATE_PORT,
  runningApp
} from "./shared.core.image.service.mjs";
import {
  chooseRecipe,
  readBuildSecrets
} from "./shared.core.image.build-secrets.mjs";
import {
  appFolder,
  readSettings
} from "./shared.core.config.app.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  namingNoSpace
} from "./shared.core.app.python.caches.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import {
  bytes,
  count,
  duration,
  moment,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/result.ts
function imagePassed(result) {
  return result.problems.length === 0;
}
__name(imagePassed, "imagePassed");
function shownPlatform({ inspected, started }) {
  const [first] = inspected.images;
  const shown = inspected.images.find((image) => started.kind === "seen" && image.platform === started.platform) ?? first;
  if (shown === void 0) throw new RangeError("an image without a platform");
  return shown;
}
__name(shownPlatform, "shownPlatform");

// core/image/judge-secrets.ts
var KINDS = {
  dotenv: "a dotenv file",
  "private-key": "a private key",
  "ssh-key": "an SSH key",
  keystore: "a key store",
  "terraform-state": "a Terraform state file",
  credentials: "stored credentials",
  "git-folder": "a Git repository with its history",
  "package-registry-token": "a package registry token",
  login: "a login with password",
  "cloud-credentials": "cloud credentials",
  "cluster-credentials": "cluster credentials",
  "registry-login": "a container registry login"
};
function describeFinding({ kind, path, layer: layer2, goneIn }) {
  const what = kind === "package-test-key" ? "a key from a package's tests" : KINDS[kind];
  const later = goneIn === null ? "" : `; deleted in layer ${goneIn + 1}, but still in the image`;
  return `/${path}: ${what}, in layer ${layer2 + 1}${later}`;
}
__name(describeFinding, "describeFinding");
function secretFiles(image, notSecret) {
  return image.findings.filter(
    ({ kind, path }) => kind !== "package-test-key" && !notSecret.some((entry) => entry.path !== void 0 && matchesPath(path, entry.path.replace(/^\//, "")))
  );
}
__name(secretFiles, "secretFiles");
function judgeFiles(image, notSecret) {
  const found = secretFiles(image, notSecret);
  if (found.length === 0) return [];
  return [
    {
      code: "secret-file",
      message: `${count(found.length, "file")} ${found.length === 1 ? "looks" : "look"} like a secret`,
      next: "Exclude such files with .dockerignore, pass secrets to a build with RUN --mount=type=secret, and rotate secrets that were already published.",
      details: found.map(describeFinding),
      output: false
    }
  ];
}
__name(judgeFiles, "judgeFiles");
function configTexts({ Entrypoint, Cmd, Healthcheck, Shell, OnBuild, Labels }) {
  const words = /* @__PURE__ */ __name((all) => (all ?? []).join(" "), "words");
  return [
    `ENTRYPOINT and CMD: ${words([...Entrypoint ?? [], ...Cmd ?? []])}`,
    `HEALTHCHECK: ${words(Healthcheck?.Test)}`,
    `SHELL: ${words(Shell)}`,
    ...(OnBuild ?? []).map((instruction) => `ONBUILD ${instruction}`),
    ...Object.entries(Labels ?? {}).map(
      ([name, value]) => maskedSecrets(`${name}: ${value}`) === null ? `LABEL ${name}=${value}` : `LABEL ${name}: ${value}`
    )
  ];
}
__name(configTexts, "configTexts");
function linesWithSecrets(ofConfig, ofDockerfile) {
  const masked = /* @__PURE__ */ __name((texts) => texts.flatMap((text) => maskedSecrets(text) ?? []), "masked");
  const first = masked(ofConfig);
  const reported = new Set(
    first.flatMap(
      (line2) => CONFIG_KEYWORDS.filter(
        (keyword) => line2.startsWith(keyword) || keyword === "CMD" && line2.startsWith("ENTRYPOINT and CMD")
      )
    )
  );
  const others = masked(ofDockerfile).filter((line2) => !reported.has(line2.split(" ", 1)[0] ?? ""));
  return [.../* @__PURE__ */ new Set([...first, ...others])];
}
__name(linesWithSecrets, "linesWithSecrets");
var CONFIG_KEYWORDS = ["HEALTHCHECK", "ENTRYPOINT", "CMD", "LABEL", "ONBUILD"];
function maskedConfig(config) {
  const text = /* @__PURE__ */ __name((written) => maskedSecrets(written) ?? written, "text");
  const list = /* @__PURE__ */ __name((all) => {
    const masked = maskedSecrets(all.join(" "));
    return masked === null ? [...all] : [masked];
  }, "list");
  const variable = /* @__PURE__ */ __name((entry) => {
    const name = entry.slice(0, entry.indexOf("="));
    return variableIsSecret(name, entry.slice(name.length + 1)) ? `${name}=***` : entry;
  }, "variable");
  const { Env, Entrypoint, Cmd, Healthcheck, Shell, OnBuild, Labels } = config;
  return {
    ...config,
    Env: Env?.map(variable) ?? null,
    Entrypoint: Entrypoint === null ? null : list(Entrypoint),
    Cmd: Cmd === null ? null : list(Cmd),
    Healthcheck: Healthcheck === null ? null : {
      ...Healthcheck,
      ...Healthcheck.Test === void 0 ? {} : { Test: [...Healthcheck.Test.slice(0, 1), ...list(Healthcheck.Test.slice(1))] }
    },
    ...Shell == null ? {} : { Shell: list(Shell) },
    ...OnBuild == null ? {} : { OnBuild: OnBuild.map(text) },
    Labels: Labels === null ? null : Object.fromEntries(
      Object.entries(Labels).map(([name, value]) => [
        name,
        variableIsSecret(name.replaceAll(/[.-]/g, "_"), value) ? "***" : text(value)
      ])
    )
  };
}
__name(maskedConfig, "maskedConfig");
function judgeTexts({ config }, notSecret, runs) {
  const allowed = /* @__PURE__ */ __name((name) => notSecret.some((entry) => entry.variable === name), "allowed");
  const variables = (config.Env ?? []).map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]).filter(([name, value]) => variableIsSecret(name, value) && !allowed(name));
  const inEnvironment = new Set(config.Env ?? []);
  const judged = /* @__PURE__ */ __name((line2) => {
    const [, keyword, assignment = ""] = /^(?:stage \S+: )?(ENV|ARG) (.*)$/s.exec(line2) ?? [];
    if (keyword === void 0) return false;
    return keyword === "ENV" && inEnvironment.has(assignment) || allowed(assignment.split("=")[0] ?? "");
  }, "judged");
  const lines = linesWithSecrets(
    configTexts(config),
    runs.filter((line2) => !judged(line2))
  );
  return [
    ...variables.length === 0 ? [] : [
      {
        code: "secret-in-environment",
        message: `${count(variables.length, "environment variable")} ${variables.length === 1 ? "looks" : "look"} like a secret`,
        next: "Remove the ENV and set the variable when a container starts. A build argument copied into ENV is in the image, too.",
        details: variables.map(([name]) => `${name}=***`),
        output: false
      }
    ],
    ...lines.length === 0 ? [] : [
      {
        code: "secret-in-history",
        message: "the image's history, its configuration or a stage that it copies from contains a secret",
        next: "Pass it to a build with RUN --mount=type=secret. Let the command and the health check read it from an environment variable or a file at run time. Then rotate the secret.",
        details: lines,
        output: false
      }
    ]
  ];
}
__name(judgeTexts, "judgeTexts");

// core/image/judge-content.ts
function judgeContent(inspected, rules, runs) {
  const several = inspected.images.length > 1;
  const problems = inspected.images.flatMap(
    (image) => judgePlatform(image, rules, runs).map(
      (problem) => several ? { ...problem, message: `${image.platform}: ${problem.message}` } : problem
    )
  );
  return problems;
}
__name(judgeContent, "judgeContent");
function judgePlatform(image, rules, runs) {
  return [
    ...judgePrograms(image),
    ...judgeUser(image),
    ...judgeHealthcheck(image, rules),
    ...judgeSize(image, rules.maxSize),
    ...judgeFiles(image, rules.notSecret),
    ...judgeTexts(image, rules.notSecret, runs)
  ];
}
__name(judgePlatform, "judgePlatform");
function judgePrograms({ platform, programs }) {
  const own = platform.split("/")[1] ?? "";
  const others = Object.entries(programs).filter(([machine]) => machine !== own);
  if (others.length === 0 || programs[own] !== void 0) return [];
  return [
    {
      code: "wrong-platform",
      message: `the image is labelled ${platform}, but has no programs for that processor`,
      next: "Use base images that are available for this platform, or remove it from image.platforms.",
      details: others.map(([machine, number]) => `${count(number, "program")} for ${machine}`),
      output: false
    }
  ];
}
__name(judgePrograms, "judgePrograms");
function judgeUser({ config, users }) {
  const written = config.User ?? "";
  const name = written.split(":", 1)[0] ?? "";
  const next = "Create an unprivileged user in the Dockerfile and end with `USER 10001:10001`.";
  if (name === "" || name === "root")
    return [
      {
        code: "runs-as-root",
        message: `the image runs as root: ${written === "" ? "USER is not set" : `USER is ${written}`}`,
        next,
        details: [],
        output: false
      }
    ];
  if (/^[+-]?\d+$/.test(name))
    return Number(name) === 0 ? [
      {
        code: "runs-as-root",
        message: `the image runs as root: USER is ${written}`,
        next,
        details: [],
        output: false
      }
    ] : [];
  const entry = users.find((user) => user.name === name);
  if (entry === void 0)
    return [
      {
        code: "user-unknown",
        message: `USER is ${written}, but the image's /etc/passwd has no ${name}: no container can start`,
        next: "Create the user in the same stage, or use its numeric id.",
        details: [],
        output: false
      }
    ];
  return entry.uid === 0 ? [
    {
      code: "runs-as-root",
      message: `the image runs as root: USER is ${written}, which is user 0 in the image's /etc/passwd`,
      next,
      details: [],
      output: false
    }
  ] : [];
}
__name(judgeUser, "judgeUser");
function hasHealthcheck({ config }) {
  const test = config.Healthcheck?.Test ?? [];
  return test.length > 0 && test[0] !== "NONE" && test[0] !== "";
}
__name(hasHealthcheck, "hasHealthcheck");
function judgeHealthcheck(image, { port, health }) {
  if (hasHealthcheck(image)) return [];
  const none = image.config.Healthcheck?.Test?.[0] === "NONE";
  return [
    {
      code: "no-health-check",
      message: none ? "the health check is disabled (HEALTHCHECK NONE)" : "the image has no HEALTHCHECK",
      next: "Add one to the Dockerfile, so that a failing container is noticed. If the image has Python, no curl is needed:",
      details: [
        "HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \\",
        `CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:${port}${health}')"`
      ],
      output: false
    }
  ];
}
__name(judgeHealthcheck, "judgeHealthcheck");
function sizeOf({ layers }) {
  return layers.reduce((sum, layer2) => sum + layer2.size, 0);
}
__name(sizeOf, "sizeOf");
function pullSizeOf({ layers }) {
  return layers.reduce((sum, layer2) => sum + layer2.compressed, 0);
}
__name(pullSizeOf, "pullSizeOf");
function judgeSize(image, maxSize) {
  const size = sizeOf(image);
  if (size <= maxSize) return [];
  const layers = image.layers.map((layer2, index) => ({ ...layer2, index })).sort((one, other) => other.size - one.size);
  const gone = /* @__PURE__ */ __name((at) => at === null ? "" : `, deleted or replaced in layer ${at + 1}`, "gone");
  return [
    {
      code: "too-large",
      message: `the image has ${bytes(size)} (all layers, uncompressed); image.maxSize is ${bytes(maxSize)}`,
      next: "Keep build tools and caches in an earlier stage, or raise image.maxSize in tollgate.yaml.",
      details: [
        ...layers.slice(0, 4).map(
          (layer2) => `layer ${layer2.index + 1} of ${layers.length}: ${bytes(layer2.size)}, ${count(layer2.files, "file")}, by ${madeBy(layer2.origin)}`
        ),
        ...image.biggest.slice(0, 4).map((file) => `/${file.path}: ${bytes(file.size)} in layer ${file.layer + 1}${gone(file.goneIn)}`),
        ...image.wasted > 1e6 ? [
          `${bytes(image.wasted)} are in files that a later layer deletes or replaces; they are downloaded nevertheless`
        ] : []
      ],
      output: false
    }
  ];
}
__name(judgeSize, "judgeSize");
function madeBy(origin) {
  if (origin.kind === "base") return "the base image";
  if (origin.kind === "forgotten") return "a step of an earlier build";
  const { words } = origin;
  const run = /^mount .*? from exec (?:(?:\S*\/)?sh -c )?([^]*)$/.exec(words)?.[1];
  if (run !== void 0) return `RUN ${run.replace(/\s+/g, " ")}`;
  return /with_?(directory|file|newdirectory)/i.test(words.replaceAll(".", "")) ? "COPY" : words;
}
__name(madeBy, "madeBy");

// core/image/screen.ts
function imageScreen(result, where) {
  const head = [
    ...header(result),
    "",
    ...alignColumns(checkRows(result), ["left", "left", "left"]).map((row) => fit(row, screenColumns))
  ];
  const foot = ["", ...remarks(result), `Full report: ${where.report}`, "", line(verdictLine(result))];
  return `${[...head, ...why(result.problems, screenLines - head.length - foot.length), ...foot].join("\n")}
`;
}
__name(imageScreen, "imageScreen");
function verdictLine(result) {
  const { digest } = result.inspected;
  if (!imagePassed(result))
    return `FAILED: ${count(result.problems.length, "problem")}: ${[...new Set(result.problems.map(({ code }) => code))].join(", ")}`;
  return `PASSED: image ${shortDigest(digest)}, ${result.inspected.images.map((image) => `${image.platform} ${bytes(sizeOf(image))}`).join(", ")}`;
}
__name(verdictLine, "verdictLine");
function header(result) {
  const { recipe, stamp, inspected } = result;
  const made = recipe.kind === "dockerfile" ? recipe.path : "Tollgate's own build";
  const revision = stamp.revision === "" ? "" : ` \xB7 revision ${stamp.revision.slice(0, 12)}${stamp.revision.endsWith("-dirty") ? "-dirty" : ""}`;
  return [
    line(`Tollgate ${result.tollgateVersion} \xB7 ${result.app} \xB7 source ${shortDigest(result.source)}`),
    line(`image ${inspected.digest}`),
    line(`built by ${made}${revision}${stamp.created === "" ? "" : ` \xB7 committed ${moment(stamp.created)}`}`)
  ];
}
__name(header, "header");
function checkRows(result) {
  const image = shownPlatform(result);
  const verdict = /* @__PURE__ */ __name((...codes) => result.problems.some(({ code }) => codes.includes(code)) ? "failed" : "passed", "verdict");
  return [
    ["check", "verdict", "result"],
    ["user", verdict("runs-as-root", "user-unknown"), safe(image.config.User ?? "") || "not set: root"],
    [
      "size",
      verdict("too-large"),
      `${bytes(sizeOf(image))} of at most ${bytes(result.rules.maxSize)}; ${bytes(pullSizeOf(image))} to download, ${count(image.layers.length, "layer")}`
    ],
    ["secrets", verdict("secret-file", "secret-in-environment", "secret-in-history"), secretsSeen(image, result)],
    [
      "health check",
      healthcheckVerdict(result, verdict("no-health-check", "health-check-failing")),
      healthcheckSeen(image, result)
    ],
    [
      "service",
      verdict(
        "not-started",
        "before-failed",
        "crashed",
        "not-listening",
        "wrong-port",
        "loopback-only",
        "not-answering",
        "unhealthy",
        "crashed-later",
        "unhealthy-later"
      ),
      serviceSeen(result)
    ],
    ["reproducible", reproducibleVerdict(result), reproducibleSeen(result)]
  ];
}
__name(checkRows, "checkRows");
function secretsSeen(image, { rules }) {
  const found = secretFiles(image, rules.notSecret).length;
  const looked = `${count(
    image.layers.reduce((sum, layer2) => sum + layer2.files, 0),
    "file"
  )} in all layers`;
  return found === 0 ? `none in ${looked}` : `${found} of ${looked}`;
}
__name(secretsSeen, "secretsSeen");
function healthcheckVerdict({ started }, verdict) {
  const passed = started.kind === "seen" && started.seen.healthcheck?.code === 0;
  return verdict === "failed" || passed ? verdict : "inconclusive";
}
__name(healthcheckVerdict, "healthcheckVerdict");
function healthcheckSeen(image, { started }) {
  if (!hasHealthcheck(image)) return "none";
  if (started.kind === "not-started" || started.seen.healthcheck === null) return "not run";
  return started.seen.healthcheck.code === 0 ? "passes inside the container" : `fails with exit code ${started.seen.healthcheck.code}`;
}
__name(healthcheckSeen, "healthcheckSeen");
function serviceSeen({ started, rules }) {
  if (started.kind === "not-started") return "not started";
  const { seen } = started;
  if (seen.healthyAfter === null)
    return seen.exit === null ? `not healthy within ${duration(rules.startTimeout)}` : "exited";
  if (seen.exit !== null) return "healthy, then exited";
  return safe(
    `${rules.health} healthy ${duration(seen.healthyAfter)} after the start, observed for another ${duration(seen.settled)}`
  );
}
__name(serviceSeen, "serviceSeen");
function reproducibleVerdict({ reproducible }) {
  if (reproducible.kind === "not-checked") return "skipped";
  return reproducible.kind === "yes" ? "yes" : "no";
}
__name(reproducibleVerdict, "reproducibleVerdict");
function reproducibleSeen({ reproducible }) {
  switch (reproducible.kind) {
    case "not-checked":
      return "pass --twice to build again without cache and compare";
    case "yes":
      return "a second build without cache has the same digest";
    case "times":
      return "identical except for the times of folders from COPY; see image.timestamps";
    case "no":
      return `a second build without cache has the digest ${shortDigest(reproducible.digest)}: ${safe(reproducible.differences.find((text) => text.startsWith("  "))?.trim() ?? "")}`;
  }
}
__name(reproducibleSeen, "reproducibleSeen");
function why(problems, room) {
  if (problems.length === 0) return [];
  const title = ["", "Why it failed"];
  for (let details = 12; details >= 0; details -= 1) {
    const lines = [
      ...title,
      ...problems.flatMap((problem) => [
        ...messageLines(problem),
        ...nextLines(problem),
        ...evidenceLines(problem, details)
      ])
    ];
    if (lines.length <= room) return lines;
  }
  return [
    ...title,
    ...problems.map((problem) => `  ${problem.code}  ${line(problem.message, screenColumns - problem.code.length - 4)}`),
    "  The report says how to fix each."
  ];
}
__name(why, "why");
function messageLines({ code, message }) {
  return wrapWords(safe(message), screenColumns - code.length - 4, 3).map(
    (text, index) => index === 0 ? `  ${code}  ${text}` : `    ${text}`
  );
}
__name(messageLines, "messageLines");
function nextLines({ next }) {
  return wrapWords(safe(next), screenColumns - 4, 3).map((text) => `    ${text}`);
}
__name(nextLines, "nextLines");
function evidenceLines({ details, output }, most) {
  const shown = most === 0 ? [] : output ? details.slice(-most) : details.slice(0, most);
  return shown.map((text) => `      | ${line(text, screenColumns - 8)}`);
}
__name(evidenceLines, "evidenceLines");
function remarks({ inspected, started, rules }) {
  const others = inspected.images.filter((image) => started.kind !== "seen" || image.platform !== started.platform);
  return [
    ...started.kind === "seen" && started.cached ? [`Service started by an earlier run of the same image, ${moment(started.seen.at)}; --fresh starts it again`] : [],
    ...started.kind === "seen" && others.length > 0 ? [
      line(
        `Not started: ${others.map(({ platform }) => platform).join(", ")}; this engine only runs ${started.platform}`
      )
    ] : [],
    ...rules.notSecret.length > 0 ? [
      line(
        `Allowed by image.notSecret: ${rules.notSecret.map(({ path, variable, reason }) => `${path ?? variable} (${reason})`).join(", ")}`
      )
    ] : []
  ];
}
__name(remarks, "remarks");

// core/image/run.ts
import { createHash } from "node:crypto";
import { dag } from "../sdk/index.ts";

// core/image/inspected.ts
var findingKinds = [
  "dotenv",
  "private-key",
  "ssh-key",
  "keystore",
  "terraform-state",
  "credentials",
  "git-folder",
  "package-registry-token",
  "login",
  "cloud-credentials",
  "cluster-credentials",
  "registry-login",
  "package-test-key"
];
var finding = external_exports.object({
  kind: external_exports.enum(findingKinds),
  /** In the image, without the leading slash. */
  path: external_exports.string(),
  layer: external_exports.number().int(),
  /** The later layer that deletes or replaces it; it can be read nevertheless. */
  goneIn: external_exports.number().int().nullable()
});
var layerOrigin = external_exports.discriminatedUnion("kind", [
  external_exports.object({ kind: external_exports.literal("base") }),
  /** The engine's description, for people. Secrets in it are masked here. */
  external_exports.object({ kind: external_exports.literal("step"), words: external_exports.string().transform((words) => maskedSecrets(words) ?? words) }),
  /** The engine no longer knows it, and no earlier build recorded it. */
  external_exports.object({ kind: external_exports.literal("forgotten") })
]);
var layer = external_exports.object({
  origin: layerOrigin,
  /** Bytes of the layer's tar archive, uncompressed and compressed. */
  size: external_exports.number(),
  compressed: external_exports.number(),
  files: external_exports.number().int()
});
var platformImage = external_exports.object({
  platform: external_exports.string(),
  /** Digest of the manifest. */
  digest: external_exports.string(),
  config: external_exports.object({
    User: external_exports.string().nullable(),
    Env: external_exports.array(external_exports.string()).nullable(),
    Entrypoint: external_exports.array(external_exports.string()).nullable(),
    Cmd: external_exports.array(external_exports.string()).nullable(),
    Healthcheck: external_exports.object({ Test: external_exports.array(external_exports.string()).optional() }).nullable(),
    Shell: external_exports.array(external_exports.string()).nullish(),
    OnBuild: external_exports.array(external_exports.string()).nullish(),
    Labels: external_exports.record(external_exports.string(), external_exports.string()).nullable()
  }),
  layers: external_exports.array(layer),
  biggest: external_exports.array(
    external_exports.object({ path: external_exports.string(), size: external_exports.number(), layer: external_exports.number().int(), goneIn: external_exports.number().int().nullable() })
  ),
  /** Bytes of files that a later layer deletes or replaces. */
  wasted: external_exports.number(),
  /** /etc/passwd of the image. */
  users: external_exports.array(external_exports.object({ name: external_exports.string(), uid: external_exports.number().int() })),
  /** Number of programs and libraries per processor. */
  programs: external_exports.record(external_exports.string(), external_exports.number().int()),
  findings: external_exports.array(finding)
});
var inspectedImage = external_exports.object({
  /** Digest of the image, or of the index for several platforms: what a tag points to. */
  digest: external_exports.string(),
  images: external_exports.array(platformImage).min(1)
});

// core/image/inspect.ts
async function inspectLayout({ layout, origins }) {
  const inspected = pythonTool("inspect_image.py", "secret_files.py").withMountedDirectory("/layout", layout).withMountedFile("/origins.json", origins).withExec(["python3", `${TOOLS}/inspect_image.py`, "/layout", "/origins.json"]);
  return inspectedImage.parse(JSON.parse(await inspected.stdout()));
}
__name(inspectLayout, "inspectLayout");

// core/image/judge-service.ts
var LAST_LINES = 12;
function judgeStarted(started, rules) {
  if (started.kind === "seen") return judgeService(started.seen, rules);
  return [
    {
      code: "not-started",
      message: `the service was not started: ${started.why}`,
      next: started.next,
      details: [],
      output: false
    }
  ];
}
__name(judgeStarted, "judgeStarted");
function judgeService(seen, rules) {
  const { port, health, startTimeout } = rules;
  const problem = /* @__PURE__ */ __name((code, message, next, details = lastLines(seen.output)) => [
    { code, message, next, details, output: true }
  ], "problem");
  const within = duration(startTimeout);
  if (seen.beforeFailed !== null) {
    const command = rules.before[seen.beforeFailed.index] ?? "";
    return problem(
      "before-failed",
      `\`${command}\` (image.before) failed with ${endOf(seen.beforeFailed.code)}`,
      "Correct the command. It runs in the image, as the image's user, with the services and image.env. The end of its output:"
    );
  }
  if (seen.beforeTimedOut)
    return problem(
      "before-failed",
      `the commands of image.before did not finish within ${duration(rules.beforeTimeout)}`,
      "Make them faster or remove them. The end of their output:"
    );
  if (seen.exit !== null) {
    const end = endOf(seen.exit.code);
    return seen.healthyAfter === null ? problem(
      "crashed",
      `the service exited ${duration(seen.exit.after)} after its start with ${end}`,
      "Fix the error in its output below. Its environment variables are in image.env of tollgate.yaml."
    ) : problem(
      "crashed-later",
      `the service was healthy, then exited ${duration(seen.exit.after)} after its start with ${end}`,
      "A service must keep running. The end of its output:"
    );
  }
  const address = `port ${port}`;
  const { answer } = seen;
  if (seen.healthyAfter !== null) {
    if (answer === null || isHealthy(answer)) return [];
    return problem(
      "unhealthy-later",
      `${health} was healthy, but ${duration(seen.settled)} later ${described(answer)}`,
      "The service must stay healthy. The end of its output:"
    );
  }
  if (answer === null || answer.kind === "refused") {
    const listening = seen.listening.map(socket);
    const same = listening.filter((one) => one.port === port);
    if (same.length > 0)
      return problem(
        "loopback-only",
        `the service only listens on ${same.map(printed).join(" and ")}, which cannot be reached from outside its container`,
        `Let it listen on 0.0.0.0, port ${port}.`
      );
    if (listening.length > 0)
      return problem(
        "wrong-port",
        `nothing listens on ${address} ${within} after the start; the service listens on ${listening.map(printed).join(", ")}`,
        "Correct image.port in tollgate.yaml, or let the service listen on that port."
      );
    return problem(
      "not-listening",
      `the service listens on no port ${within} after its start`,
      "Raise image.startTimeout, or find out what the service waits for. The end of its output:"
    );
  }
  if (!isHealthy(answer)) {
    const code = answer.kind === "answered" ? "unhealthy" : "not-answering";
    const body = answer.kind === "answered" && answer.body.trim() !== "" ? [`response: ${answer.body.trim().slice(0, 300)}`] : [];
    return problem(
      code,
      `${health} ${described(answer)} until ${within} after the start; only 2xx is healthy`,
      nextOf(answer, health),
      [...body, ...lastLines(seen.output)]
    );
  }
  if (seen.healthcheck === null)
    return problem(
      "health-check-failing",
      `the image's HEALTHCHECK did not finish within ${within}`,
      "Make the check faster, or raise image.startTimeout. It runs inside the container, as the image's user."
    );
  return problem(
    "health-check-failing",
    `${health} is healthy, but the image's HEALTHCHECK still fails with ${endOf(seen.healthcheck.code)} ${within} after the start`,
    "Correct the program and the port in HEALTHCHECK. It runs inside the container, as the image's user. Its output:",
    lastLines(seen.healthcheck.output)
  );
}
__name(judgeService, "judgeService");
function nextOf(answer, health) {
  const { status, location } = answer.kind === "answered" ? answer : { status: 0, location: void 0 };
  if (location !== void 0 && status >= 300 && status < 400) {
    const path = URL.canParse(location, "http://app") ? new URL(location, "http://app").pathname : location;
    if (/log-?in|sign-?in|auth|sso/i.test(location))
      return "Exempt this path from the login, or set image.health to a path that needs none.";
    if (path !== health && path.replace(/\/$/, "") === health.replace(/\/$/, "")) return `Set image.health to ${path}.`;
    if (location.startsWith("https:"))
      return "Exempt this path from the redirect to HTTPS (Django: SECURE_REDIRECT_EXEMPT): the health check asks over HTTP.";
    return `Set image.health to a path that answers 2xx itself, such as ${path}.`;
  }
  if (status === 401 || status === 403 || status === 407)
    return "Exempt this path from the login, or set image.health to a path that needs none. If hosts are restricted (Django: ALLOWED_HOSTS), allow `app` in image.env.";
  if (status === 400)
    return "If the service restricts the hosts that it answers for (Django: ALLOWED_HOSTS), allow `app` in image.env. Otherwise correct image.health.";
  return "Correct image.health if it is the wrong path. If the service needs preparation, such as migrations, add it to image.before.";
}
__name(nextOf, "nextOf");
function isHealthy(answer) {
  return answer.kind === "answered" && answer.status >= 200 && answer.status < 300;
}
__name(isHealthy, "isHealthy");
function described(answer) {
  switch (answer.kind) {
    case "answered":
      return `answered ${answer.status}${answer.location === void 0 ? "" : `, a redirect to ${answer.location}`}`;
    case "refused":
      return "refused the connection";
    case "timed-out":
      return "did not respond within 5 s";
    case "broken":
      return `gave no valid HTTP response (${answer.why})`;
  }
}
__name(described, "described");
var SIGNALS = {
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM"
};
function endOf(code) {
  if (code === 127) return "exit code 127: the program is not in the image";
  if (code === 126) return "exit code 126: the program cannot be executed";
  const signal = SIGNALS[code - 128];
  if (signal === void 0) return `exit code ${code}`;
  return `${signal}${signal === "SIGKILL" ? " (out of memory?)" : ""}`;
}
__name(endOf, "endOf");
function socket(text) {
  const [address = "", port = ""] = text.split(":");
  const words = address.match(/.{8}/g) ?? [];
  const octets = words.flatMap((word) => (word.match(/../g) ?? []).reverse()).map((octet) => Number.parseInt(octet, 16));
  const zero = octets.every((octet) => octet === 0);
  if (octets.length === 4) return { host: octets.join("."), port: Number.parseInt(port, 16) };
  const loopback = octets.slice(0, 15).every((octet) => octet === 0) && octets[15] === 1;
  return { host: zero ? "[::]" : loopback ? "[::1]" : "an IPv6 address", port: Number.parseInt(port, 16) };
}
__name(socket, "socket");
function printed({ host, port }) {
  return `${host}:${port}`;
}
__name(printed, "printed");
function lastLines(output) {
  const lines = output.split("\n").filter((line2) => line2.trim() !== "");
  if (lines.length === 0) return ["no output"];
  const left = lines.length - LAST_LINES;
  return [...left > 0 ? [`(${count(left, "earlier line")})`] : [], ...lines.slice(-LAST_LINES)];
}
__name(lastLines, "lastLines");

// core/image/observed.ts
var observedService = external_exports.object({
  /** Time of the observation, ISO 8601. */
  at: external_exports.string(),
  beforeFailed: external_exports.object({ index: external_exports.number().int(), code: external_exports.number().int() }).nullable(),
  beforeTimedOut: external_exports.boolean(),
  exit: external_exports.object({ code: external_exports.number().int(), after: external_exports.number() }).nullable(),
  /** The last response of the health path, requested from outside the container. */
  answer: external_exports.discriminatedUnion("kind", [
    external_exports.object({
      kind: external_exports.literal("answered"),
      status: external_exports.number().int(),
      body: external_exports.string(),
      /** Where a redirect leads to, without its query. */
      location: external_exports.string().optional()
    }),
    external_exports.object({ kind: external_exports.literal("refused") }),
    external_exports.object({ kind: external_exports.literal("timed-out") }),
    external_exports.object({ kind: external_exports.literal("broken"), why: external_exports.string() })
  ]).nullable(),
  answeredAfter: external_exports.number().nullable(),
  /** The last run of the image's own HEALTHCHECK. */
  healthcheck: external_exports.object({ code: external_exports.number().int(), output: external_exports.string() }).nullable(),
  /** When it responded and its HEALTHCHECK passed. */
  healthyAfter: external_exports.number().nullable(),
  /** Addresses that it listens on, in the form of /proc/net/tcp: 0100007F:1F40. */
  listening: external_exports.array(external_exports.string()),
  /** How long it stayed healthy while it was observed. */
  settled: external_exports.number(),
  /** The end of its output. */
  output: external_exports.string()
});

// core/image/watch.ts
var SETTLE = 3;
var BEFORE_TIMEOUT = 600;
async function watchApp(app, settings, run) {
  const { port, health, startTimeout } = settings.image;
  const watched = app.client(pythonTool("watch.py")).withEnvVariable("TOLLGATE_RUN", run).withExec(
    [
      "python3",
      `${TOOLS}/watch.py`,
      APP_HOST,
      port,
      health,
      startTimeout,
      SETTLE,
      BEFORE_TIMEOUT,
      STATE_PORT,
      app.hasHealthcheck ? "yes" : "no"
    ].map(String)
  );
  const { services } = settings.image;
  const seen = await namingServices(
    services === void 0 ? "qa.services" : "image.services",
    services ?? settings.qa.services,
    () => watched.stdout()
  );
  return observedService.parse(JSON.parse(seen));
}
__name(watchApp, "watchApp");

// core/image/rules.ts
function contentRules({ image }) {
  const { maxSize, port, health, notSecret } = image;
  return { maxSize, port, health, notSecret };
}
__name(contentRules, "contentRules");
function serviceRules({ image }) {
  const { port, health, startTimeout, before } = image;
  return { port, health, startTimeout, before, beforeTimeout: BEFORE_TIMEOUT };
}
__name(serviceRules, "serviceRules");

// core/image/twice.ts
var comparison = external_exports.object({
  differences: external_exports.array(external_exports.string().transform((line2) => maskedSecrets(line2) ?? line2)),
  copied: external_exports.array(external_exports.string())
});
async function compareBuilds(first, second, timesMatter) {
  const [digest, other] = await Promise.all([layoutDigest(first.layout), layoutDigest(second.layout)]);
  if (digest === other && !timesMatter) return { kind: "yes" };
  const compared = pythonTool("compare_images.py").withMountedDirectory("/one", first.layout).withMountedDirectory("/other", second.layout).withMountedFile("/origins.json", second.origins).withExec(["python3", `${TOOLS}/compare_images.py`, "/one", "/other", "/origins.json"]);
  const { differences, copied } = comparison.parse(JSON.parse(await compared.stdout()));
  if (digest !== other) return { kind: "no", digest: other, differences };
  return copied.length === 0 ? { kind: "yes" } : { kind: "times", folders: copied };
}
__name(compareBuilds, "compareBuilds");

// core/image/run.ts
async function runImage({ settings, source, stamp, secrets, fresh, twice }) {
  const [recipe, digest, own] = await Promise.all([
    chooseRecipe(settings, source),
    source.digest(),
    dag.defaultPlatform()
  ]);
  const make = /* @__PURE__ */ __name((fresh2) => buildAll(settings, source, recipe, { stamp, secrets, fresh: fresh2 }), "make");
  const images = await step("build image", () => make(""));
  const [first] = images;
  const finished = finishedImage(images, recipe, settings.image, stamp);
  const inspected = await step("read layers", () => inspectLayout(finished), outline);
  const runnable = images.find(({ platform }) => samePlatform(platform, own));
  const instance = createHash("sha256").update(inspected.digest).update(JSON.stringify([settings.image, settings.qa.services])).digest("hex");
  const started = await step(
    "start service",
    () => start(settings, inspected, runnable, instance, fresh ? runId(/* @__PURE__ */ new Date()) : ""),
    startOutline
  );
  const reproducible = twice ? await step(
    "build again without cache",
    async () => {
      const second = finishedImage(await make(runId(/* @__PURE__ */ new Date())), recipe, settings.image, stamp);
      return await compareBuilds(
        finished,
        second,
        recipe.kind === "dockerfile" && settings.image.timestamps === "kept"
      );
    },
    ({ kind }) => kind === "yes" ? "identical" : kind === "times" ? "identical except for times" : "different"
  ) : { kind: "not-checked" };
  if (first === void 0) throw new RangeError("no image was built");
  const rules = { ...contentRules(settings), ...serviceRules(settings) };
  return {
    settings,
    layout: finished.layout,
    image: (runnable ?? first).container,
    result: {
      app: settings.app.path,
      source: digest,
      tollgateVersion: version,
      recipe,
      stamp,
      rules,
      inspected,
      started,
      reproducible,
      problems: [
        ...judgeContent(inspected, rules, [...new Set(images.flatMap(({ runs }) => runs))]),
        ...judgeStarted(started, rules)
      ]
    }
  };
}
__name(runImage, "runImage");
async function start(settings, inspected, build, instance, run) {
  const image = inspected.images.find(({ platform }) => build !== void 0 && samePlatform(platform, build.platform));
  if (build === void 0 || image === void 0)
    return {
      kind: "not-started",
      why: `image.platforms (${settings.image.platforms.join(", ")}) does not include this engine's platform`,
      next: "Add the engine's platform to image.platforms, or use an engine of one of these platforms."
    };
  const { User, Entrypoint, Cmd } = image.config;
  if ((Entrypoint ?? []).length + (Cmd ?? []).length === 0)
    return {
      kind: "not-started",
      why: "the image has neither ENTRYPOINT nor CMD",
      next: "Add a CMD to the Dockerfile that starts the service."
    };
  const user = (User ?? "").split(":", 1)[0] ?? "";
  if (user !== "" && !/^\d+$/.test(user) && !image.users.some(({ name }) => name === user))
    return {
      kind: "not-started",
      why: `USER ${user} does not exist in the image`,
      next: "Create the user in the same stage, or use its numeric id."
    };
  const began = Date.now();
  const seen = await watchApp(
    await runningApp(build.container, settings, `${instance} ${run}`, image.config.Shell ?? void 0),
    settings,
    run
  );
  return { kind: "seen", platform: image.platform, seen, cached: Date.parse(seen.at) < began };
}
__name(start, "start");
function outline({ images }) {
  return images.map((image) => `${image.platform} ${bytes(sizeOf(image))}, ${bytes(pullSizeOf(image))} to download`).join("; ");
}
__name(outline, "outline");
function startOutline(started) {
  if (started.kind === "not-started") return `not started: ${started.why}`;
  const { seen, cached } = started;
  const outcome = seen.healthyAfter !== null && seen.exit === null ? `healthy after ${duration(seen.healthyAfter)}` : "failed";
  return cached ? `${outcome} (cached from an earlier run)` : outcome;
}
__name(startOutline, "startOutline");

// core/image/prove.ts
async function proveImage(source, request) {
  const settings = await readSettings(source);
  const [app, secrets] = await Promise.all([
    appFolder(source, settings),
    readBuildSecrets(request.secrets, settings.image.buildSecrets)
  ]);
  return await namingNoSpace("the engine's disk", () => runImage({ ...request, settings, source: app, secrets }));
}
__name(proveImage, "proveImage");

export {
  describeFinding,
  maskedConfig,
  imagePassed,
  shownPlatform,
  sizeOf,
  pullSizeOf,
  madeBy,
  imageScreen,
  verdictLine,
  checkRows,
  proveImage
};
