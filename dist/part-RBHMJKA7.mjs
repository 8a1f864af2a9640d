import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  firstLine
} from "./part-GXS5R6UE.mjs";
import "./part-4BNPIVHQ.mjs";
import {
  readOpenReviews,
  reviewLine
} from "./part-B2KJ4KQY.mjs";
import "./part-4SRWWEF5.mjs";
import "./part-G2J5VKVI.mjs";
import "./part-VL2EDQXL.mjs";
import "./part-5VAK26KR.mjs";
import {
  wrongSignatures
} from "./part-FWRIT2YD.mjs";
import "./part-PSMPSE63.mjs";
import "./part-SFJZVIKK.mjs";
import "./part-UAHOPHDN.mjs";
import "./part-3GAKWV5B.mjs";
import {
  openReleaseLedger
} from "./part-NRNBA6MD.mjs";
import {
  openPlace
} from "./part-CSTEAKS5.mjs";
import "./part-CDBOZJWY.mjs";
import "./part-LXYHK73Q.mjs";
import "./part-UKQXAI4R.mjs";
import "./part-GGRBBHK5.mjs";
import "./part-P4AOQKWM.mjs";
import "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-UPUSMKYT.mjs";
import "./part-TRWHWWHX.mjs";
import "./part-43SSZ4HE.mjs";
import "./part-ZBLX4TU7.mjs";
import "./part-ON7WC4SY.mjs";
import "./part-IXMV6XYW.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import {
  serviceName
} from "./part-BLKE3M3L.mjs";
import "./part-4YOCKKVQ.mjs";
import "./part-YHTQYKPH.mjs";
import "./part-2D3WVQEM.mjs";
import "./part-6OJ4LJWQ.mjs";
import {
  TollgateError
} from "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

// core/release/status/status.ts
var LOOKS_BACK = 8;
async function readStatus(settings, { environment, access, ledger: url, sandbox }, entryPoint) {
  const place = await openPlace(settings, environment, entryPoint, access, sandbox);
  try {
    const running = await place.target.running();
    const service = serviceName(settings.release.name, settings.image.name);
    const status = { service, environment, target: place.target.name, running };
    try {
      const opened = await openReleaseLedger(settings, place, entryPoint, url, "wanted", (text) => text);
      if (opened === null) return { ...status, history: null, ledgerProblem: "--ledger is not set", reviews: [] };
      try {
        const history = await opened.ledger.releases(environment, LOOKS_BACK);
        const [wrong = ""] = await wrongSignatures(opened.ledger, settings, [environment]);
        const reviews = await readOpenReviews(opened.ledger, settings, environment);
        return { ...status, history, ledgerProblem: wrong, reviews: reviews.map(reviewLine) };
      } finally {
        await opened.close();
      }
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error;
      return { ...status, history: null, ledgerProblem: firstLine(error), reviews: [] };
    }
  } finally {
    await place.target.close();
  }
}
__name(readStatus, "readStatus");
export {
  readStatus
};
