import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  boundSettings
} from "./shared.core.environment.digest.mjs";
import {
  runCommands
} from "./shared.core.release.migrations.release-migrations.mjs";
import {
  imagePassed,
  imageScreen,
  proveImage,
  sizeOf
} from "./shared.core.image.inspect.mjs";
import {
  configScreen
} from "./shared.core.environment.screen.mjs";
import {
  migrationTool
} from "./shared.core.database.alembic.migration-tool.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import {
  digestsOf
} from "./shared.core.release.plan.plan-id.mjs";
import {
  traitsOf
} from "./shared.core.targets.compose.kind.mjs";
import {
  EXAMPLE_FILE,
  checkConfig,
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  appFolder
} from "./shared.core.config.app.mjs";
import {
  publishLayout,
  publisher,
  requireTarget
} from "./shared.core.image.publish-failure.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  bytes,
  count,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/migrations/migrations.ts
function commandsOnly(target, settings) {
  return {
    checks: [],
    known: false,
    pending: /* @__PURE__ */ __name(() => Promise.resolve([]), "pending"),
    judge: /* @__PURE__ */ __name(() => Promise.resolve({ kind: "skipped", note: 'environments.NAME.migrations is "commands"' }), "judge"),
    backup: /* @__PURE__ */ __name(() => Promise.resolve({ kind: "skipped", note: 'environments.NAME.migrations is "commands": no backup' }), "backup"),
    migrate: /* @__PURE__ */ __name(async (release) => {
      const ran = await runCommands(target, settings, release);
      return ran === null ? { kind: "skipped", note: "release.before lists no command" } : { kind: "done", note: ran };
    }, "migrate"),
    close: /* @__PURE__ */ __name(() => Promise.resolve(), "close")
  };
}
__name(commandsOnly, "commandsOnly");
async function migrationWay(written, usual, hasTool2) {
  if (written !== null) return written;
  return usual === "database" && await hasTool2() ? "database" : "commands";
}
__name(migrationWay, "migrationWay");
async function openMigrations(settings, request, place, entryPoint) {
  const { migrations, target } = environmentSettings(settings, request.environment);
  if (await migrationWay(migrations, traitsOf(target).migrates, () => hasTool(settings, request)) === "commands")
    return commandsOnly(place.target, settings);
  const { databaseMigrations } = await import("./core.release.migrations.migrate-database.mjs");
  return databaseMigrations(settings, request, place, entryPoint);
}
__name(openMigrations, "openMigrations");
async function hasTool(settings, { source }) {
  return await migrationTool(settings, await appFolder(source, settings)) !== null;
}
__name(hasTool, "hasTool");

// core/release/plan/identity.ts
async function foundationOf(settings, { source, environment, version }) {
  return {
    service: settings.ledger.service,
    environment,
    releaseVersion: version,
    source: await (await appFolder(source, settings)).digest(),
    commands: settings.release.before,
    settings: digestsOf(boundSettings(settings, environment))
  };
}
__name(foundationOf, "foundationOf");

// core/release/deploy/gates.ts
async function configGate({ source, environment, secrets }, settings) {
  const { variables } = environmentSettings(settings, environment);
  if (secrets === null) {
    const required = variables.filter(({ need, default: value }) => need === "required" && value === null);
    if (required.length === 0)
      return { kind: "skipped", note: "this environment requires no variable, and --secrets is not set" };
    throw new TollgateError(
      "config-missing",
      `${environment} needs ${count(required.length, "variable")}, but --secrets is not set.`,
      "Pass its configuration with --secrets=env:NAME or file:PATH. Nothing was changed."
    );
  }
  const { path } = settings.app;
  const example = path === "." ? EXAMPLE_FILE : `${path}/${EXAMPLE_FILE}`;
  const text = await source.exists(example) ? await source.file(example).contents() : null;
  const result = checkConfig(settings, environment, { given: await secrets(), against: null, example: text });
  if (result.verdict.kind === "failed")
    throw new GateFailed(
      "config",
      configScreen(result, { report: "`tollgate check-config --report=FILE` writes the full report" })
    );
  return { kind: "done", note: `${count(result.variables.length, "variable")} passed` };
}
__name(configGate, "configGate");
async function ecpayGate({ environment, secrets }, settings) {
  const { gates, variables } = environmentSettings(settings, environment);
  if (!gates.includes("ecpay")) return { kind: "skipped", note: `environments.${environment}.gates does not list it` };
  if (secrets === null || !variables.some(({ name }) => name === "ECPAY_HASH_KEY"))
    return { kind: "skipped", note: "this environment has no ECPay credentials of its own" };
  const [{ checkEcpay }, { ecpayScreen }] = await Promise.all([
    import("./core.ecpay.check.mjs"),
    import("./core.ecpay.screen.mjs")
  ]);
  const result = await checkEcpay(settings, environment, await secrets());
  if (result.verdict.kind === "failed") throw new GateFailed("ecpay", ecpayScreen(result));
  return { kind: "done", note: `${result.endpoint} answered, signed with the same key` };
}
__name(ecpayGate, "ecpayGate");
async function qaGate({ source, environment, gateSecrets }, settings) {
  if (!environmentSettings(settings, environment).gates.includes("qa"))
    return { kind: "skipped", note: `environments.${environment}.gates does not list it`, source: null };
  const [{ proveSource }, { isProven }, { summary }] = await Promise.all([
    import("./core.qa.prove.mjs"),
    import("./core.qa.result.mjs"),
    import("./core.report.summary.mjs")
  ]);
  const { result } = await proveSource(source, { suites: [], run: "", secrets: gateSecrets });
  if (!isProven(result))
    throw new GateFailed("qa", summary(result, { report: "`tollgate test` writes the full report" }));
  const tests = result.suites.reduce((sum, { counts }) => sum + counts.tests, 0);
  const earlier = result.suites.every(({ cached }) => cached) ? ", evidence of an earlier run of the same source" : "";
  return {
    kind: "done",
    note: `${count(result.suites.length, "suite")} passed, ${count(tests, "test")}${earlier}`,
    detail: { source: result.source },
    source: result.source
  };
}
__name(qaGate, "qaGate");
async function scanGate({ source, environment, gateSecrets, stamp }, settings) {
  if (!environmentSettings(settings, environment).gates.includes("scan"))
    return { kind: "skipped", note: `environments.${environment}.gates does not list it`, image: null };
  const [{ scanSource }, { scanPassed }, { scanScreen }] = await Promise.all([
    import("./core.scan.prove.mjs"),
    import("./core.scan.result.mjs"),
    import("./core.scan.screen.mjs")
  ]);
  const { result } = await scanSource(source, { run: "", baseline: null, stamp, secrets: gateSecrets, now: /* @__PURE__ */ new Date() });
  if (!scanPassed(result))
    throw new GateFailed("scan", scanScreen(result, { report: "`tollgate scan` writes the full report" }));
  return { kind: "done", note: "passed", image: result.image };
}
__name(scanGate, "scanGate");
async function imageGate(request, settings, place, service) {
  const { source, version, stamp, gateSecrets: secrets } = request;
  const publish = publisherFor(request, settings, place);
  const run = await proveImage(source, { stamp, fresh: false, twice: false, secrets });
  if (!imagePassed(run.result))
    throw new GateFailed("image", imageScreen(run.result, { report: "`tollgate build` writes the full report" }));
  const { inspected } = run.result;
  const written = await publish(run, `${service}:${version}`);
  const reference = written.replace(/:[^:/@]+@/, "@");
  const image = {
    reference,
    digest: reference.slice(reference.indexOf("@") + 1),
    bytes: Math.max(0, ...inspected.images.map(sizeOf)),
    judged: [inspected.digest, ...inspected.images.map(({ digest }) => digest)],
    source: run.result.source
  };
  return {
    kind: "done",
    note: `${shortDigest(image.digest)}, ${bytes(image.bytes)}, published as ${version}`,
    detail: { reference },
    image
  };
}
__name(imageGate, "imageGate");
function publisherFor({ source, version, registry }, settings, { publish }) {
  if (publish !== null) return ({ layout }, name) => publish(layout, name);
  const destination = { tag: version, user: registry.user, password: registry.password, service: registry.service };
  const target = requireTarget(settings, destination);
  return async ({ layout, result }) => publishLayout(
    await publisher(source, settings.image.registry.ca),
    settings,
    layout,
    result.inspected.digest,
    target,
    destination
  );
}
__name(publisherFor, "publisherFor");

// core/release/deploy/same-bytes.ts
function requireSameBytes({ tested, built, scanned, judged, published }) {
  const [whole = ""] = judged;
  const problems = [
    ...tested === null || tested === built ? [] : [`The tests ran on the source ${tested}, and the image was built from ${built}.`],
    ...published === whole ? [] : [`The registry has ${published}, and the image that passed is ${whole}.`],
    ...scanned === null || judged.includes(scanned) ? [] : [`The scan read the image ${scanned}, and the image that passed is ${whole}.`]
  ];
  if (problems.length > 0)
    throw new TollgateError(
      "digest-differs",
      problems.join("\n"),
      "Deploy again. If the image differs each time, `tollgate check-image --twice` shows what its build changes."
    );
}
__name(requireSameBytes, "requireSameBytes");
function requireStarted(running, published) {
  if (running !== published)
    throw new TollgateError(
      "digest-differs",
      `The target started the image ${running === "" ? "without a digest" : running}, and not the published ${published}.`,
      "Check who else changes containers on the hosts, and deploy again. No cleanup is needed."
    );
}
__name(requireStarted, "requireStarted");

export {
  openMigrations,
  foundationOf,
  configGate,
  ecpayGate,
  qaGate,
  scanGate,
  imageGate,
  requireSameBytes,
  requireStarted
};
