import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  migrationTool
} from "./shared.core.database.migration-tool.mjs";
import {
  appFolder
} from "./shared.core.config.app.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  TollgateError
} from "./shared.core.errors.mjs";
import {
  count
} from "./shared.core.report.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/migrations.ts
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
async function runCommands(target, settings, release) {
  const { before, beforeTimeout } = settings.release;
  for (const [index, command] of before.entries()) {
    const result = await target.runJob(release, { name: `before-${index + 1}`, command, seconds: beforeTimeout });
    if (result.kind === "done") continue;
    const why = result.kind === "too-long" ? `did not finish within ${beforeTimeout} s` : `ended with exit code ${result.code}`;
    const printed = result.printed.slice(-12).map((line) => `  ${line}`);
    throw new TollgateError(
      "before-failed",
      [`\`${command}\` ${why}:`, ...printed].join("\n"),
      "Fix the command (release.before), or what it runs, and deploy again. The previous release is still serving."
    );
  }
  return before.length === 0 ? null : `${count(before.length, "command")} of release.before ran`;
}
__name(runCommands, "runCommands");
async function migrationWay(written, target, hasTool2) {
  if (written !== null) return written;
  return target === "sandbox" || !await hasTool2() ? "commands" : "database";
}
__name(migrationWay, "migrationWay");
async function openMigrations(settings, request, place, entryPoint) {
  const { migrations, target } = environmentSettings(settings, request.environment);
  if (await migrationWay(migrations, target.kind, () => hasTool(settings, request)) === "commands")
    return commandsOnly(place.target, settings);
  const { databaseMigrations } = await import("./core.release.migrate-database.mjs");
  return databaseMigrations(settings, request, place, entryPoint);
}
__name(openMigrations, "openMigrations");
async function hasTool(settings, { source }) {
  return await migrationTool(settings, await appFolder(source, settings)) !== null;
}
__name(hasTool, "hasTool");

export {
  runCommands,
  openMigrations
};
