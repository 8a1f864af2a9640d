import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  imageReport
} from "./part-XEJRDEQH.mjs";
import {
  imagePassed,
  imageScreen,
  proveImage
} from "./part-TCZELM4W.mjs";
import "./part-TG2ENZAX.mjs";
import "./part-QXXAF6ZV.mjs";
import "./part-FIMT3D3V.mjs";
import "./part-3UO4U4J4.mjs";
import "./part-VSPVQXQA.mjs";
import "./part-WD3FKK6G.mjs";
import {
  stampOf
} from "./part-OCVOWVFA.mjs";
import "./part-KKZHOICC.mjs";
import "./part-WCGJA2CV.mjs";
import "./part-5WQNLSDM.mjs";
import "./part-LXYHK73Q.mjs";
import {
  requirePassed
} from "./part-GGRBBHK5.mjs";
import {
  readSettings
} from "./part-HGH33Z2U.mjs";
import "./part-P4AOQKWM.mjs";
import "./part-V4KHYDLR.mjs";
import "./part-CDOJMAX2.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-5EFQ6LDO.mjs";
import "./part-MWG2RB6J.mjs";
import "./part-ZBLX4TU7.mjs";
import {
  publishLayout,
  publisher,
  requireTarget
} from "./part-Q5M5SHQF.mjs";
import "./part-VN46M4JG.mjs";
import "./part-ON7WC4SY.mjs";
import "./part-IXMV6XYW.mjs";
import "./part-44RGVNPP.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import "./part-BLKE3M3L.mjs";
import "./part-D2FKOHA5.mjs";
import "./part-6OJ4LJWQ.mjs";
import "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
