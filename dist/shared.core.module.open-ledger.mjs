import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  moduleEntryPoint
} from "./shared.core.ledger.journal-volume.mjs";
import {
  journalId,
  openLedger,
  openReleaseLedger
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace,
  traitsOf
} from "./shared.core.targets.compose.kind.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/ledger/environment-ledger.ts
async function withEnvironmentLedger(settings, environment, url, entryPoint, work) {
  const traits = environment === null ? null : traitsOf(environmentSettings(settings, environment).target);
  if (url !== null) {
    const { service, patience } = settings.ledger;
    const ledger = await openLedger({
      url,
      service,
      patience,
      journal: entryPoint.journal(journalId(url)),
      need: "required",
      entryPoint: entryPoint.kind
    });
    try {
      return await work(ledger, url);
    } finally {
      await ledger.close();
    }
  }
  if (environment === null || traits?.keepsLedger !== true)
    throw new TollgateError(
      "ledger-missing",
      "No ledger. Only the sandbox has one of its own.",
      "Pass the URL of its Postgres with --ledger=env:NAME. Nothing was changed."
    );
  const place = await openPlace(settings, environment, entryPoint, { ssh: null, registry: null });
  try {
    const opened = await openReleaseLedger(settings, place, entryPoint, null, "required", (text) => text);
    if (opened === null) throw new RangeError("a ledger that is required is there");
    try {
      return await work(opened.ledger, opened.url);
    } finally {
      await opened.close();
    }
  } finally {
    await place.target.close();
  }
}
__name(withEnvironmentLedger, "withEnvironmentLedger");

// core/module/open-ledger.ts
async function withModuleLedger(source, secret, environment, work) {
  const settings = await readSettings(source);
  const url = secret === void 0 ? null : await secret.plaintext();
  return await withEnvironmentLedger(settings, environment, url, moduleEntryPoint, (ledger) => work(ledger, settings));
}
__name(withModuleLedger, "withModuleLedger");

export {
  withModuleLedger
};
