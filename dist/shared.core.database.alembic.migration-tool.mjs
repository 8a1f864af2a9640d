import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/database/alembic/migration-tool.ts
import { dirname, join } from "node:path/posix";
async function migrationTool({ database, qa }, app) {
  if (database.commands !== void 0) return { kind: "commands", commands: database.commands, folder: ".", rows: [] };
  if (await hasAlembic(database.alembic, app)) return { kind: "alembic" };
  const folder = await djangoFolder(app);
  return folder === null ? null : { kind: "commands", commands: djangoCommands(qa.interpreter), folder, rows: DJANGO_ROWS };
}
__name(migrationTool, "migrationTool");
async function hasAlembic(configuration, app) {
  if (await app.exists(configuration)) return true;
  const pyproject = join(dirname(configuration), "pyproject.toml");
  return await app.exists(pyproject) && /^\s*\[tool\.alembic[\].]/m.test(await app.file(pyproject).contents());
}
__name(hasAlembic, "hasAlembic");
async function djangoFolder(app) {
  for (const path of [...await app.glob("manage.py"), ...await app.glob("*/manage.py")])
    if (isDjango(await app.file(path).contents())) return dirname(path);
  return null;
}
__name(djangoFolder, "djangoFolder");
var DJANGO_ROWS = ["django_content_type", "auth_permission"];
function isDjango(manage) {
  return /\bDJANGO_SETTINGS_MODULE\b/.test(manage);
}
__name(isDjango, "isDjango");
function djangoCommands(interpreter) {
  const own = `${interpreter} /opt/tollgate/tollgate_django.py`;
  return {
    migrate: `${interpreter} manage.py migrate --noinput`,
    revision: `${own} revision`,
    rollback: `${own} rollback`
  };
}
__name(djangoCommands, "djangoCommands");

export {
  migrationTool
};
