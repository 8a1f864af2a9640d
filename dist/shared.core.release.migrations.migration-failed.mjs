import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  revisionName,
  verdict
} from "./shared.core.database.migrate.screen.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/migrations/migration-failed.ts
var LEFT_OPEN = "migration-left-open";
function migrationFailed(result) {
  const { outcome, from } = result;
  const said = /* @__PURE__ */ __name((title, causes) => [title, ...causes.map((cause) => `  ${cause}`)].join("\n"), "said");
  const runbook = "Follow docs/runbook-migration-failed.md before you deploy again.";
  switch (outcome.kind) {
    case "refused":
      return new TollgateError(
        "migration-refused",
        said(`The migration failed at ${outcome.step}. The database was not changed:`, outcome.causes),
        "Fix the cause and deploy again. No cleanup is needed."
      );
    case "undone":
      return new TollgateError(
        "migration-undone",
        said(
          `The migration failed at ${outcome.step} and was undone (${outcome.way}). The database is at ${revisionName(from)} and valid:`,
          outcome.causes
        ),
        "Fix the cause and deploy again. No cleanup is needed."
      );
    case "asks":
      return new TollgateError(LEFT_OPEN, said(`${verdict(result)}:`, [...outcome.causes, outcome.question]), runbook);
    case "not-undone":
      return new TollgateError(
        LEFT_OPEN,
        said(`${verdict(result)}:`, [...outcome.causes, ...outcome.undoCauses]),
        runbook
      );
    case "migrated":
    case "up-to-date":
      throw new RangeError("a migration that went well has not failed");
  }
}
__name(migrationFailed, "migrationFailed");

export {
  LEFT_OPEN,
  migrationFailed
};
