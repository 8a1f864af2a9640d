import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  imageReport
} from "./shared.core.image.document.mjs";
import {
  imagePassed,
  imageScreen,
  proveImage
} from "./shared.core.image.inspect.mjs";
import "./shared.core.qa.service-failure.mjs";
import "./shared.core.image.build-platforms.mjs";
import "./shared.core.image.secret-text.mjs";
import "./shared.core.image.service.mjs";
import "./shared.core.app.busybox.mjs";
import "./shared.core.image.build-secrets.mjs";
import {
  stampOf
} from "./shared.core.image.stamp.mjs";
import "./shared.core.presentation.html-markup.mjs";
import "./shared.core.shared.service-health.mjs";
import "./shared.core.app.installation-advice.mjs";
import "./shared.core.shared.engine-cause.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.secrets.dotenv.mjs";
import "./shared.core.app.python.caches.mjs";
import "./shared.core.secrets.parse.mjs";
import {
  publishLayout,
  publisher,
  requireTarget
} from "./shared.core.image.publish-failure.mjs";
import "./shared.core.config.service-variables.mjs";
import "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/publish-source.ts
async function publishImage(source, request, destination, report, judged = async () => {
}) {
  const settings = await readSettings(source);
  const target = requireTarget(settings, destination);
  const container = await publisher(source, settings.image.registry.ca);
  const run = await proveImage(source, request);
  await judged(run);
  requirePassed("image", imagePassed(run.result), imageScreen(run.result, { report }));
  return await publishLayout(container, settings, run.layout, run.result.inspected.digest, target, destination);
}
__name(publishImage, "publishImage");

// core/module/image.ts
var REPORT = "dagger call build-report export --path=tollgate-report/image";
async function build(source, built) {
  const { result, image } = await proveImage(source, { ...requestOf(built), fresh: false, twice: false });
  requirePassed("image", imagePassed(result), imageScreen(result, { report: REPORT }));
  return image;
}
__name(build, "build");
async function checkImage(source, { fresh, twice, ...built }) {
  const { result } = await proveImage(source, { ...requestOf(built), fresh, twice });
  return requirePassed("image", imagePassed(result), imageScreen(result, { report: REPORT }));
}
__name(checkImage, "checkImage");
async function buildReport(source, { twice, ...built }) {
  const { result } = await proveImage(source, { ...requestOf(built), fresh: false, twice });
  return imageReport(result);
}
__name(buildReport, "buildReport");
async function publish(source, { tag, registryUser, registryPassword, registryService, ...built }) {
  const destination = { tag, user: registryUser, password: registryPassword, service: registryService };
  return publishImage(source, { ...requestOf(built), fresh: false, twice: false }, destination, REPORT);
}
__name(publish, "publish");
function requestOf({ revision, created, sourceUrl, secrets }) {
  return { stamp: stampOf(revision, created, sourceUrl), secrets };
}
__name(requestOf, "requestOf");
export {
  build,
  buildReport,
  checkImage,
  publish
};
