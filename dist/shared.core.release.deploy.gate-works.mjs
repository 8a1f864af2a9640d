import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  boundSettings
} from "./shared.core.environment.digest.mjs";
import {
  runCommands
} from "./shared.core.release.migrations.release-migrations.mjs";
import {
  digestsOf
} from "./shared.core.release.plan.plan-id.mjs";
import {
  traitsOf
} from "./shared.core.targets.compose.kind.mjs";
import {
  imagePassed,
  imageScreen,
  proveImage,
  sizeOf
} from "./shared.core.image.inspect.mjs";
import {
  migrationTool
} from "./shared.core.database.alembic.migration-tool.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import {
  appFolder
} from "./shared.core.config.app.mjs";
import {
  isRequired
} from "./shared.core.config.gates.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  publishLayout,
  publisher,
  requireTarget
} from "./shared.core.image.publish-failure.mjs";
import {
  bytes,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/migrations/migrations.ts
function commandsOnly(target, settings, environment) {
  const why = `environments.${environment}.migrations is "commands"`;
  return {
    checks: [],
    known: false,
    pending: /* @__PURE__ */ __name(() => Promise.resolve([]), "pending"),
    judge: /* @__PURE__ */ __name(() => Promise.resolve({ kind: "skipped", note: why }), "judge"),
    backup: /* @__PURE__ */ __name(() => Promise.resolve({ kind: "skipped", note: `${why}: no backup` }), "backup"),
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
    return commandsOnly(place.target, settings, request.environment);
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

// core/release/deploy/gate-works.ts
var works = {
  config: /* @__PURE__ */ __name(() => import("./core.environment.deploy.mjs"), "config"),
  test: /* @__PURE__ */ __name(() => import("./core.report.deploy.mjs"), "test"),
  scan: /* @__PURE__ */ __name(() => import("./core.scan.deploy.mjs"), "scan"),
  ecpay: /* @__PURE__ */ __name(() => import("./core.ecpay.deploy.mjs"), "ecpay")
};

// core/release/deploy/gates.ts
async function runGate(gate, request, settings) {
  const { gates: required } = environmentSettings(settings, request.environment);
  if (!isRequired(gate, required))
    return { kind: "skipped", note: `environments.${request.environment}.gates does not list it` };
  const { deployWork } = await works[gate]();
  return await deployWork(request, settings);
}
__name(runGate, "runGate");
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
function requireSameBytes({ gates, built, judged, published }) {
  const [whole = ""] = judged;
  const problems = [
    ...gates.filter(({ what, digest }) => what === "source" && digest !== built).map(({ words, digest }) => `${words} the source ${digest}, and the image was built from ${built}.`),
    ...published === whole ? [] : [`The registry has ${published}, and the image that passed is ${whole}.`],
    ...gates.filter(({ what, digest }) => what === "image" && !judged.includes(digest)).map(({ words, digest }) => `${words} the image ${digest}, and the image that passed is ${whole}.`)
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
  runGate,
  imageGate,
  requireSameBytes,
  requireStarted
};
