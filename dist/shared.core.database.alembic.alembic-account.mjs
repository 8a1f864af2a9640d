import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  appEnvironment
} from "./shared.core.qa.environment.mjs";
import {
  migrationTool
} from "./shared.core.database.alembic.migration-tool.mjs";
import {
  SERVICE_HEALTH
} from "./shared.core.shared.service-health.mjs";
import {
  APP,
  quotedTail
} from "./shared.core.app.installation-advice.mjs";
import {
  codeOf,
  identifier,
  literal,
  withReadOnlySession
} from "./shared.core.database.connect.connection-problem.mjs";
import {
  SETTINGS_FILE,
  appFolder,
  readSettings
} from "./shared.core.config.app.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  runProgram
} from "./shared.core.shared.run-program.mjs";
import {
  forTools,
  namingNoSpace,
  noSpace
} from "./shared.core.app.python.caches.mjs";
import {
  copyUrl,
  isLoopback,
  likePassword,
  parseAddress,
  rewriteUrl,
  withHostInPlace,
  withoutPassword
} from "./shared.core.database.connect.address.mjs";
import {
  require_main
} from "./shared.core.secrets.parse.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  fillTemplate
} from "./shared.core.config.port.mjs";
import {
  alignColumns,
  clip,
  fit,
  line,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  duration,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name,
  __toESM
} from "./shared.runtime.mjs";

// core/database/connect/reach.ts
var import_dotenv = __toESM(require_main(), 1);
import { randomUUID as randomUUID2 } from "node:crypto";
import { dag as dag2 } from "../sdk/index.ts";

// core/database/alembic/app-variables.ts
import { randomUUID } from "node:crypto";
import { dag } from "../sdk/index.ts";
var ARGUMENT = "TOLLGATE_X_";
function databaseVariables({ variable, env, x = {} }, url, address) {
  const filling = { ...address, port: String(address.port), url };
  const named = Object.entries(env).map(([name, template]) => [name, fillTemplate(template, filling)]);
  const given = Object.entries(x).map(([name, template], index) => {
    const value2 = fillTemplate(template, filling);
    return [`${ARGUMENT}${String(index).padStart(3, "0")}`, value2 === "" ? name : `${name}=${value2}`];
  });
  return { [variable]: url, ...Object.fromEntries(named), ...Object.fromEntries(given) };
}
__name(databaseVariables, "databaseVariables");
function withAppVariables(container, { variable, env, x, others }, url, address) {
  const given = Object.entries(
    databaseVariables({ variable, env, ...x === void 0 ? {} : { x } }, url, address)
  ).reduce(
    (with_, [name, value2]) => name === variable || holdsPassword(value2, address.password) ? with_.withSecretVariable(name, secretValue(value2)) : with_.withEnvVariable(name, value2),
    container
  );
  return others.reduce((with_, [name, value2]) => with_.withSecretVariable(name, secretValue(value2)), given);
}
__name(withAppVariables, "withAppVariables");
function holdsPassword(value2, password) {
  return password !== "" && [password, encodeURIComponent(password), encodeURI(password)].some((form) => value2.includes(form));
}
__name(holdsPassword, "holdsPassword");
function secretValue(value2) {
  return dag.setSecret(`tollgate-database-${randomUUID()}`, value2);
}
__name(secretValue, "secretValue");

// core/database/connect/secrets-of-database.ts
var SHORTEST = 6;
function requireNoAddress(others, address) {
  const found = others.flatMap(([name, value2]) => {
    const part = partOf(value2, address);
    return part === null ? [] : [{ name, part }];
  });
  if (found.length === 0) return;
  throw new TollgateError(
    "secrets-name-the-database",
    [
      "database.secrets lists values that lead to the real database; env.py would get them on a copy, too.",
      ...found.map(({ name, part }) => `  ${name} holds the database's ${part}`)
    ].join("\n"),
    [
      "Remove them from database.secrets, and set them in database.env, where they are filled in for the database that env.py runs on:",
      "",
      "database:",
      "  env:",
      ...found.map(({ name, part }) => `    ${name}: "{${part}}"`),
      "",
      "Nothing was changed."
    ].join("\n")
  );
}
__name(requireNoAddress, "requireNoAddress");
function partOf(value2, address) {
  const { host, password } = address;
  const url = /^postgres[a-z0-9_+]*:\/\//i.test(value2.trim());
  if (password !== "" && value2 === password) return "password";
  if (sameHost(value2.trim(), address)) return "host";
  const withPassword = password.length >= SHORTEST && [password, encodeURIComponent(password)].some((form) => value2.includes(form));
  if (url) return withPassword || names(value2, host) ? "url" : null;
  const otherService = /^[a-z][a-z0-9+.-]*:\/\//i.test(value2.trim());
  if (withPassword) return "password";
  return !otherService && !isLoopback(host) && host.includes(".") && names(value2, host) ? "host" : null;
}
__name(partOf, "partOf");
function sameHost(value2, { host, port }) {
  const plain = value2.toLowerCase();
  return plain === host.toLowerCase() || plain === `${host.toLowerCase()}:${port}`;
}
__name(sameHost, "sameHost");
function names(value2, host) {
  const escaped = host.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[^A-Za-z0-9.-])${escaped}($|[^A-Za-z0-9.-])`, "i").test(value2);
}
__name(names, "names");
function namesDatabase(name) {
  return /(?:^|_)(?:PG|POSTGRES|POSTGRESQL|DB|DATABASE|SQLALCHEMY|DSN)(?:_|$)|^PG[A-Z]/i.test(name);
}
__name(namesDatabase, "namesDatabase");

// core/database/connect/reach.ts
var LOOPBACK_ALIAS = "database.tollgate";
async function reachDatabase(settings, bundle, entryPoint) {
  const values = bundle === void 0 ? {} : (0, import_dotenv.parse)(await bundle.plaintext());
  const names3 = [settings.url, ...settings.secrets];
  const missing = names3.filter((name) => !values[name]);
  if (missing.length > 0)
    throw new TollgateError(
      "secrets-missing",
      `--secrets does not hold ${missing.join(", ")}.`,
      "database.url and database.secrets of tollgate.yaml name them. Pass them in dotenv form, for example --secrets=env:PRODUCTION_ENV or --secrets=file:production.env."
    );
  const url = values[settings.url] ?? "";
  const others = settings.secrets.map((name) => [name, values[name] ?? ""]);
  const reach = reachUrl(url, { variable: settings.url, env: settings.env, x: settings.x, others, entryPoint });
  requireNoAddress(others, reach.inProcess);
  return reach;
}
__name(reachDatabase, "reachDatabase");
function reachUrl(written, given) {
  const address = parseAddress(written, given.variable);
  const url = withHostInPlace(written) ?? written;
  const loopback = isLoopback(address.host);
  if (loopback && given.entryPoint === "module")
    throw new TollgateError(
      "database-loopback",
      `${given.variable} names the host ${address.host}: from inside the engine that is not your machine.`,
      "Use the database's name or address in the network, or the command line (npx tollgate \u2026), which can reach your machine's own ports."
    );
  const containerUrl = loopback ? rewriteUrl(url, { host: LOOPBACK_ALIAS }) : url;
  const containerAddress = loopback ? { ...address, host: LOOPBACK_ALIAS } : address;
  const bind = /* @__PURE__ */ __name((container) => loopback ? container.withServiceBinding(
    LOOPBACK_ALIAS,
    dag2.host().service([{ backend: address.port, frontend: address.port }], {
      host: address.host === "localhost" ? "127.0.0.1" : address.host
    })
  ) : container, "bind");
  const { port, database } = address;
  const named = { host: containerAddress.host, port, database };
  return {
    inProcess: address,
    inContainer: /* @__PURE__ */ __name((container) => withAddress(bind(container), containerAddress), "inContainer"),
    forApp: /* @__PURE__ */ __name((container) => withAppVariables(
      withAddress(bind(container), containerAddress),
      given,
      containerUrl,
      containerAddress
    ).withEnvVariable(NAMED, JSON.stringify(named)), "forApp"),
    bridge: { host: containerAddress.host, port, to: { host: containerAddress.host, port } },
    withheld: [],
    withDatabase: /* @__PURE__ */ __name((name) => reachUrl(rewriteUrl(url, { database: name }), given), "withDatabase"),
    passwordOfCopy: /* @__PURE__ */ __name(() => `${randomUUID2()}${likePassword(written, address)}`, "passwordOfCopy"),
    onCopy: /* @__PURE__ */ __name((server, login) => reachCopy(server, login, given, url), "onCopy"),
    redact: /* @__PURE__ */ __name((text) => withoutPassword(text, address, written), "redact")
  };
}
__name(reachUrl, "reachUrl");
var NAMED = "TOLLGATE_DATABASE";
var COPY_HOST = "copy.tollgate";
var PORT = 5432;
function reachCopy(server, login, given, realUrl) {
  const address = {
    host: COPY_HOST,
    port: PORT,
    ...login,
    tls: "disable",
    options: parseAddress(realUrl, given.variable).options
  };
  const url = copyUrl(realUrl, address);
  const named = { host: COPY_HOST, port: PORT, database: login.database };
  const withheld = given.others.map(([name]) => name).filter(namesDatabase);
  return {
    forApp: /* @__PURE__ */ __name((container) => withAppVariables(
      withAddress(server.mounted(container), address),
      { ...given, others: given.others.filter(([name]) => !withheld.includes(name)) },
      url,
      address
    ).withEnvVariable(NAMED, JSON.stringify(named)), "forApp"),
    variables: {
      ...databaseVariables(given, url, address),
      PGDATABASE: login.database,
      [NAMED]: JSON.stringify(named)
    },
    bridge: { host: COPY_HOST, port: PORT, to: { socket: server.socket } },
    withheld,
    redact: /* @__PURE__ */ __name((text) => withoutPassword(text, address), "redact")
  };
}
__name(reachCopy, "reachCopy");
function withAddress(container, address) {
  const client = container.withSecretVariable("PGPASSWORD", secretValue(address.password)).withEnvVariable("PGHOST", address.host).withEnvVariable("PGPORT", String(address.port)).withEnvVariable("PGUSER", address.user).withEnvVariable("PGDATABASE", address.database).withEnvVariable("PGSSLMODE", address.tls).withEnvVariable("PGCONNECT_TIMEOUT", "10");
  return address.options === "" ? client : client.withEnvVariable("PGOPTIONS", address.options);
}
__name(withAddress, "withAddress");

// core/database/plan/make-plan.ts
import { randomUUID as randomUUID8 } from "node:crypto";

// core/database/alembic/app-alembic.ts
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path/posix";
var SCRIPTS = "/opt/tollgate";
var FILES = [
  ...[
    "alembic",
    "alone",
    "commit",
    "config",
    "connections",
    "describe",
    "environment",
    "failure",
    "loaded",
    "models",
    "once",
    "serve",
    "start",
    "steps"
  ].map((name) => `python/tollgate_${name}.py`),
  "plan/python/tollgate_plan.py",
  "plan/python/tollgate_replay.py"
];
async function appWithAlembic(settings, source) {
  await requireConfiguration(settings, source);
  let container = await appEnvironment(settings.app, settings.qa, source);
  for (const file of FILES)
    container = container.withNewFile(
      `${SCRIPTS}/${file.split("/").at(-1) ?? ""}`,
      await readFile(new URL(`../${file}`, new URL("../core/database/alembic/app-alembic.ts", import.meta.url).href), "utf8")
    );
  return container;
}
__name(appWithAlembic, "appWithAlembic");
async function requireConfiguration({ app, database }, source) {
  const configuration = database.alembic;
  if (await source.exists(configuration)) return;
  const pyproject = join(dirname(configuration), "pyproject.toml");
  if (await source.exists(pyproject) && /^\s*\[tool\.alembic[\].]/m.test(await source.file(pyproject).contents()))
    return;
  const found = (await source.glob("**/alembic.ini")).filter(
    (path) => !/(^|\/)(node_modules|\.venv|venv|site-packages)\//.test(path)
  );
  throw new TollgateError(
    "alembic-missing",
    `There is no ${configuration} in the app's folder (${app.path}), and no [tool.alembic] in ${pyproject}.`,
    found.length === 0 ? "Set database.alembic of tollgate.yaml to the path of alembic's configuration, relative to app.path. For another migration tool set database.commands." : `There is ${found.slice(0, 5).join(", ")}. Set database.alembic of tollgate.yaml to the right one.`
  );
}
__name(requireConfiguration, "requireConfiguration");
function envFailed(cause) {
  return new TollgateError(
    "alembic-failed",
    ["alembic's env.py failed.", "", ...cause.split("\n").map((line3) => `  ${line3}`)].join("\n"),
    "env.py gets the variables of database.url, database.env and database.secrets and the -x arguments of database.x, and nothing else from your environment. Nothing was changed."
  );
}
__name(envFailed, "envFailed");
function alembicFailed(what, output) {
  const tail = quotedTail(output, 12);
  return new TollgateError(
    "alembic-failed",
    [`The app's alembic ${what}.`, "", ...tail].join("\n"),
    "alembic must be among the app's dependencies, and env.py must load with the variables of database.url, database.env and database.secrets. Nothing was changed."
  );
}
__name(alembicFailed, "alembicFailed");

// core/database/alembic/pending.ts
import { dirname as dirname2 } from "node:path/posix";
function planPending(revisions, heads, current, each = [current]) {
  const [head] = heads;
  if (unknownRevisions(revisions, current).length > 0) return { kind: "no-way", reason: "unknown-current" };
  if (head === void 0) return { kind: "no-way", reason: "no-revision" };
  const target = upgradeTarget(revisions, heads);
  if (target === null) return { kind: "no-way", reason: "several-heads" };
  const pending = pendingAnywhere(revisions, each);
  return pending.length === 0 ? { kind: "nothing" } : {
    kind: "pending",
    from: current.length === 0 ? "base" : current.join(","),
    to: heads.join(","),
    target,
    revisions: pending
  };
}
__name(planPending, "planPending");
function upgradeTarget(revisions, heads) {
  if (heads.length <= 1) return "head";
  return headsNotApart(revisions, heads).length === 0 ? "heads" : null;
}
__name(upgradeTarget, "upgradeTarget");
function headsNotApart(revisions, heads) {
  const branches = heads.map((head) => branchOf(revisions, head));
  return branches.filter((one) => branches.some((other) => other !== one && !apart(one, other))).map(({ head }) => head);
}
__name(headsNotApart, "headsNotApart");
function howToMerge(heads) {
  return `merge them: alembic merge ${heads.join(" ")}. Branches that stay separate need a label each (branch_labels), or a first revision and a folder of their own (version_locations)`;
}
__name(howToMerge, "howToMerge");
function branchOf(source, head) {
  const revisions = behind([head], new Map(source.map(({ revision: revision2, down }) => [revision2, down])));
  const own = source.filter(({ revision: revision2 }) => revisions.has(revision2));
  return {
    head,
    labels: own.find(({ revision: revision2 }) => revision2 === head)?.labels ?? [],
    folders: new Set(own.map(({ file }) => dirname2(file)))
  };
}
__name(branchOf, "branchOf");
function apart(one, other) {
  const labelled = one.labels.some((label) => !other.labels.includes(label)) && other.labels.some((label) => !one.labels.includes(label));
  return labelled || [...one.folders].every((folder) => !other.folders.has(folder));
}
__name(apart, "apart");
function behind(revisions, below) {
  const found = /* @__PURE__ */ new Set();
  const left = [...revisions];
  for (let next = left.pop(); next !== void 0; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...below.get(next) ?? []);
  }
  return found;
}
__name(behind, "behind");
function pendingRevisions(source, current) {
  const applied = behind(
    current,
    new Map(source.map(({ revision: revision2, down, dependsOn }) => [revision2, [...down, ...dependsOn]]))
  );
  return source.filter(({ revision: revision2 }) => !applied.has(revision2));
}
__name(pendingRevisions, "pendingRevisions");
function pendingAnywhere(source, each) {
  const pending = new Set(each.flatMap((current) => pendingRevisions(source, current)));
  return source.filter((revision2) => pending.has(revision2));
}
__name(pendingAnywhere, "pendingAnywhere");
function unknownRevisions(source, current) {
  const known = new Set(source.map(({ revision: revision2 }) => revision2));
  return current.filter((revision2) => !known.has(revision2));
}
__name(unknownRevisions, "unknownRevisions");

// core/database/backup/programs.ts
import { dag as dag3 } from "../sdk/index.ts";
async function clientPrograms(settings) {
  const container = await hadImage(settings.image);
  return settings.backup.encryptTo.length === 0 ? container : withAge(container);
}
__name(clientPrograms, "clientPrograms");
async function clientFacts(client, folder, nonce) {
  const { out } = await runScript(
    client,
    `mkdir -p ${folder}; df --output=avail -B1 ${folder} | tail -1; pg_dump --version`,
    nonce
  );
  const [free = "", version2 = ""] = out.split("\n");
  const major = /\(PostgreSQL\) (\d+)/.exec(version2)?.[1];
  if (major === void 0)
    throw new TollgateError(
      "client-programs",
      "There is no pg_dump in database.image.",
      "Name a Postgres image. Nothing was changed."
    );
  if (!/^\s*\d+\s*$/.test(free))
    throw new TollgateError(
      "client-programs",
      "df of database.image does not report free space.",
      "Name an image with GNU's df, such as postgres:17. Nothing was changed."
    );
  return { major: Number(major), freeBytes: Number(free.trim()) };
}
__name(clientFacts, "clientFacts");
async function hadImage(image) {
  try {
    return await dag3.container().from(image).sync();
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? "";
    const major = /^postgres:(\d+)/.exec(image)?.[1] ?? "17";
    throw new TollgateError(
      "image-missing",
      `Could not pull ${image} (database.image): ${said}`,
      `Correct the name, or give the engine access to the image's registry; the engine without Docker has postgres:15, and \`npx tollgate engine up --with=postgres-${major}\` builds 13 or 17. Nothing was changed.`
    );
  }
}
__name(hadImage, "hadImage");
function withAge(container) {
  return container.withExec([
    "sh",
    "-c",
    "command -v age >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends age)"
  ]);
}
__name(withAge, "withAge");
var ENDING = `ending() {
  : > /tmp/said; "$@" 2> >(tee -a /tmp/said >&2) & local program=$! code=0
  while sleep 0.5; do
    if grep -qE '^pg_[a-z]+: (error|fatal)' /tmp/said; then sleep 5; kill -KILL $program 2>/dev/null; break; fi
  done >/dev/null 2>&1 & local watcher=$!
  wait $program || code=1
  kill $watcher 2>/dev/null || true
  return $code
}`;
async function runScript(container, script, nonce) {
  const ran = await runProgram(container.withEnvVariable("TOLLGATE_NONCE", nonce), [
    "bash",
    "-euo",
    "pipefail",
    "-c",
    script
  ]);
  if (ran.code !== 0 && /no space left on device/i.test(ran.err))
    throw noSpace("the disk of the backups, or of the database");
  return ran;
}
__name(runScript, "runScript");

// core/database/commands/command-migrations.ts
import { randomUUID as randomUUID5 } from "node:crypto";

// core/database/alembic/elsewhere.ts
var elsewhere = external_exports.object({
  host: external_exports.string(),
  port: external_exports.union([external_exports.number(), external_exports.string()]).nullable(),
  /** null: it is no connection of a Postgres driver, or the driver was not told. */
  database: external_exports.string().nullable(),
  /** The last line in the app's own code. */
  file: external_exports.string().nullable(),
  line: external_exports.number().nullable()
});
function elsewhereProblem(tried2) {
  return tried2.map(({ host, port, database, file, line: line3 }) => {
    const where = `${host}${port === null ? "" : `:${port}`}${database === null ? "" : `, database ${database}`}`;
    return `${file === null ? "env.py" : `${file}${line3 === null ? "" : `:${line3}`}`} connects to ${where}; only the database of this run can be reached`;
  });
}
__name(elsewhereProblem, "elsewhereProblem");
var USE_ENV = [
  "Let env.py take the whole address from the variable that database.url names, or from variables that database.env fills in for each database, such as:",
  "",
  "database:",
  "  env:",
  ...[
    ["DB_HOST", "host"],
    ["DB_PORT", "port"],
    ["DB_USER", "user"],
    ["DB_PASSWORD", "password"],
    ["DB_NAME", "database"]
  ].map(([name, part]) => `    ${name}: "{${part}}"`)
].join("\n");
function missesWithheld(withheld, said) {
  const words = new Set(said.split(/\W+/));
  if (!withheld.some((name) => words.has(name) || words.has(name.toLowerCase()))) return null;
  return new TollgateError(
    "env-withheld",
    `env.py asks for ${withheld.join(", ")}. They are listed under database.secrets, and their names say that they lead to the real database: on a copy they are not set.`,
    `${USE_ENV}

Nothing was changed.`
  );
}
__name(missesWithheld, "missesWithheld");
function reachedElsewhere(tried2) {
  return new TollgateError("env-elsewhere", elsewhereProblem(tried2).join("\n"), `${USE_ENV}

Nothing was changed.`);
}
__name(reachedElsewhere, "reachedElsewhere");

// core/database/copy/observe.ts
var observation = external_exports.object({
  /** Revisions that it is at. */
  revision: external_exports.array(external_exports.string()),
  /** Digest of the schema: tables, columns, constraints, indexes, functions, triggers, types, sequences, comments: whatever alembic compares with the models. */
  schema: external_exports.string(),
  /** Rows of each protected table. */
  rows: external_exports.record(external_exports.string(), external_exports.number()),
  /** Rows that break each invariant; a text says why it could not be asked. */
  broken: external_exports.record(external_exports.string(), external_exports.union([external_exports.number(), external_exports.string()])),
  /** What each query of `unchanged` answered; null when it could not be asked. */
  unchanged: external_exports.record(external_exports.string(), external_exports.string().nullable())
});
function tablesIn({ also = [] }) {
  return 1 + also.length;
}
__name(tablesIn, "tablesIn");
var OWN = "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tollgate')";
var schemaExcept = /* @__PURE__ */ __name((version2) => `SELECT to_json(md5(coalesce(string_agg(part, E'\\n' ORDER BY part COLLATE "C"), ''))) FROM (
  SELECT concat_ws(' ', 'column', n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, coll.collname) AS part
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation coll ON coll.oid = a.attcollation
  WHERE ${OWN} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL SELECT concat_ws(' ', 'table', n.nspname, c.relname, c.relkind, c.relrowsecurity) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OWN} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT concat_ws(' ', 'view', n.nspname, c.relname, pg_get_viewdef(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OWN} AND c.relkind IN ('v', 'm')
  UNION ALL SELECT concat_ws(' ', 'constraint', n.nspname, c.relname, k.conname, k.convalidated, pg_get_constraintdef(k.oid)) FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN}
  UNION ALL SELECT concat_ws(' ', 'index', n.nspname, i.indisvalid, pg_get_indexdef(i.indexrelid)) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN} AND c.relkind IN ('r', 'p', 'm')
  UNION ALL SELECT concat_ws(' ', 'function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), md5(p.prosrc)) FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
  UNION ALL SELECT concat_ws(' ', 'trigger', n.nspname, c.relname, pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN} AND NOT t.tgisinternal
  UNION ALL SELECT concat_ws(' ', 'label', n.nspname, y.typname, e.enumlabel) FROM pg_enum e JOIN pg_type y ON y.oid = e.enumtypid
  JOIN pg_namespace n ON n.oid = y.typnamespace WHERE ${OWN}
  UNION ALL SELECT concat_ws(' ', 'comment', n.nspname, c.relname, a.attname, md5(m.description)) FROM pg_description m JOIN pg_class c ON c.oid = m.objoid
  JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = m.objsubid AND m.objsubid > 0
  WHERE ${OWN} AND m.classoid = 'pg_class'::regclass
) AS parts WHERE part NOT LIKE '%' || ${literal(version2)} || '%'`, "schemaExcept");
var OF_TABLES = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN} AND c.relkind IN ('r', 'p') AND NOT c.relispartition`;
var names2 = external_exports.array(external_exports.tuple([external_exports.string(), external_exports.string()]));
async function tablesOf(ask) {
  return value(
    names2,
    (await ask([`SELECT coalesce(json_agg(json_build_array(n.nspname, c.relname) ORDER BY 1), '[]') ${OF_TABLES}`]))[0]
  );
}
__name(tablesOf, "tablesOf");
function ofEachTable(asked, condition = "") {
  const name = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END";
  const each = `format(${literal(`SELECT %L AS name, ${asked.replaceAll("%", "%%")} AS value FROM %I.%I AS t`)}, ${name}, n.nspname, c.relname)`;
  return {
    derived: `SELECT coalesce('SELECT json_object_agg(name, value) FROM (' || string_agg(${each}, ' UNION ALL ') || ') AS tables', 'SELECT ''{}''::json') ${OF_TABLES} ${condition}`
  };
}
__name(ofEachTable, "ofEachTable");
var counts = external_exports.record(external_exports.string(), external_exports.number());
async function countRows(ask) {
  return value(counts, (await ask([ofEachTable("count(*)")]))[0]);
}
__name(countRows, "countRows");
function protectedExpression(patterns) {
  return `^(?:${patterns.map((pattern) => pattern.replace(/[$.]/g, "\\$&").replaceAll("*", ".*")).join("|")})$`;
}
__name(protectedExpression, "protectedExpression");
function tableName(schema, name) {
  return schema === "public" ? name : `${schema}.${name}`;
}
__name(tableName, "tableName");
async function observe(ask, settings, version2) {
  return read(settings, await ask(questions(settings, version2)));
}
__name(observe, "observe");
async function observeContents(ask, settings, version2, digests = true) {
  const ofRows = ofEachTable(
    digests ? "count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0)::text" : "count(*)::text"
  );
  const [answer2, ...rest] = await ask([ofRows, ...questions(settings, version2)]);
  const contents = value(external_exports.record(external_exports.string(), external_exports.string()), answer2);
  const rows = Object.fromEntries(
    Object.entries(contents).map(([table, digest]) => [table, Number.parseInt(digest, 10)])
  );
  return { observed: read(settings, rest), contents, rows };
}
__name(observeContents, "observeContents");
function schemaQuestion(version2) {
  return schemaExcept(version2.name);
}
__name(schemaQuestion, "schemaQuestion");
function invariantQuestions({ invariants }) {
  return Object.entries(invariants).map(([name, sql]) => ({
    name,
    sql: `SELECT to_json(count(*)) FROM (${inner(sql)}
) AS broken`
  }));
}
__name(invariantQuestions, "invariantQuestions");
function unchangedQuestions({ unchanged }) {
  return Object.entries(unchanged).map(([name, sql]) => ({
    name,
    sql: `SELECT to_json(coalesce(string_agg(answer::text, E'\\n' ORDER BY answer::text COLLATE "C"), '')) FROM (${inner(sql)}
) AS answer`
  }));
}
__name(unchangedQuestions, "unchangedQuestions");
function protectedTables(tables, names3) {
  return tables.filter(({ name }) => names3.includes(name));
}
__name(protectedTables, "protectedTables");
function questions(settings, version2) {
  const protects = literal(protectedExpression(settings.protect));
  return [
    revisionsIn(version2),
    schemaQuestion(version2),
    ofEachTable(
      "count(*)",
      settings.protect.length === 0 ? "AND false" : `AND (c.relname ~ ${protects} OR n.nspname || '.' || c.relname ~ ${protects})`
    ),
    ...invariantQuestions(settings).map(({ sql }) => sql),
    ...unchangedQuestions(settings).map(({ sql }) => sql)
  ];
}
__name(questions, "questions");
function revisionsIn({ name, schema, also = [], foreign = false }) {
  if (foreign) return "SELECT '[]'::json";
  if (schema === null || also.length === 0)
    return `SELECT coalesce(json_agg(version_num ORDER BY version_num COLLATE "C"), '[]') FROM ${schema === null ? "" : `${identifier(schema)}.`}${identifier(name)}`;
  const schemas = [schema, ...also].map(literal).join(", ");
  return {
    derived: `SELECT coalesce('SELECT coalesce(json_agg(one ORDER BY one COLLATE "C"), ''[]'') FROM (' || string_agg(format('SELECT version_num AS one FROM %I.%I', n.nspname, c.relname), ' UNION ') || ') AS tables', 'SELECT ''[]''::json')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = ${literal(name)} AND c.relkind = 'r' AND n.nspname IN (${schemas})`
  };
}
__name(revisionsIn, "revisionsIn");
function read(settings, [revision2, schema, rows, ...rest]) {
  const invariants = Object.keys(settings.invariants);
  const same = rest.slice(invariants.length);
  return {
    // without its table alembic has never been here
    revision: revision2?.kind === "error" && revision2.sqlstate === "42P01" ? [] : value(external_exports.array(external_exports.string()), revision2),
    schema: value(external_exports.string(), schema),
    rows: value(counts, rows),
    broken: Object.fromEntries(invariants.map((name, index) => [name, countOrWhy(rest[index])])),
    unchanged: Object.fromEntries(
      Object.keys(settings.unchanged).map((name, index) => [name, textOrNull(same[index])])
    )
  };
}
__name(read, "read");
function inner(sql) {
  return sql.trim().replace(/;+$/, "");
}
__name(inner, "inner");
function value(schema, answer2) {
  if (answer2 === void 0) throw new RangeError("no answer");
  if (answer2.kind === "error") throw new Error(`${answer2.message} (${answer2.sqlstate})`);
  return schema.parse(answer2.value);
}
__name(value, "value");
function countOrWhy(answer2) {
  return answer2?.kind === "error" ? answer2.message : value(external_exports.number(), answer2);
}
__name(countOrWhy, "countOrWhy");
function textOrNull(answer2) {
  return answer2?.kind === "error" ? null : value(external_exports.string(), answer2);
}
__name(textOrNull, "textOrNull");

// core/database/commands/app-commands.ts
import { randomUUID as randomUUID3 } from "node:crypto";
import { readFile as readFile2 } from "node:fs/promises";
import { join as join2 } from "node:path/posix";
import { dag as dag4, ReturnType } from "../sdk/index.ts";

// core/database/alembic/alone.ts
var ALONE = { insecureRootCapabilities: true };
function aloneCommand(interpreter, bridge, program) {
  return [interpreter, `${SCRIPTS}/tollgate_alone.py`, JSON.stringify(bridge), interpreter, ...program];
}
__name(aloneCommand, "aloneCommand");

// core/database/commands/app-commands.ts
var FILES2 = ["alone", "command", "django", "once"].map((name) => `tollgate_${name}.py`);
var LAUNCHER = "python:3.11-slim";
var ROOT = "/image";
var answer = external_exports.object({ steps: external_exports.array(external_exports.object({ code: external_exports.number(), out: external_exports.string(), err: external_exports.string() })).nullable() });
var AppCommands = class _AppCommands {
  static {
    __name(this, "AppCommands");
  }
  #container;
  #interpreter;
  #files;
  #environment;
  #without;
  constructor(container, interpreter, files, environment2, without) {
    this.#container = container;
    this.#interpreter = interpreter;
    this.#files = files;
    this.#environment = environment2;
    this.#without = without;
  }
  static async of(settings, source, { commands, folder }) {
    const place = join2(APP, folder);
    if (commands.image === void 0) {
      const container2 = (await environmentWithPython(settings, source)).withDirectory(APP, source).withWorkdir(place);
      return new _AppCommands(await withScripts(container2), settings.qa.interpreter, null, {}, []);
    }
    const image = await pulled(commands.image);
    const launcher = dag4.container().from(LAUNCHER);
    const [own, theirs] = await Promise.all([variablesOf(launcher), variablesOf(image)]);
    const container = (await withScripts(launcher)).withMountedDirectory(
      ROOT,
      image.withDirectory(APP, source).rootfs()
    );
    return new _AppCommands(container, "python", { root: ROOT, folder: place }, theirs, [...Object.keys(own), "HOME"]);
  }
  /** Runs commands one after the other, where the database of `reach` can be reached and nothing else. null: it left no account. */
  async run(reach, steps, { variables = {}, session, once = false } = {}) {
    let container = reach.forApp(this.#container);
    for (const [name, value2] of Object.entries(variables)) container = container.withEnvVariable(name, value2);
    if (session !== void 0) {
      const given = await container.envVariable("PGOPTIONS") ?? "";
      container = container.withEnvVariable("PGOPTIONS", `${given} ${session.options}`.trim()).withEnvVariable("PGAPPNAME", session.name);
    }
    const question = {
      bridge: { ...reach.bridge, ...this.#files ?? {} },
      claim: once ? randomUUID3() : null,
      environment: this.#environment,
      without: this.#without,
      steps
    };
    const asked = container.withMountedCache("/var/lib/tollgate/claims", dag4.cacheVolume("tollgate-claims")).withEnvVariable("TOLLGATE_NONCE", randomUUID3());
    const ran = await runProgram(
      asked,
      [this.#interpreter, `${SCRIPTS}/tollgate_command.py`, JSON.stringify(question)],
      ALONE
    );
    if (ran.code !== 0) return null;
    const clean = /* @__PURE__ */ __name((text) => reach.redact(text), "clean");
    return answer.parse(JSON.parse(ran.out)).steps?.map(({ code, out, err }) => ({ code, out: clean(out), err: clean(err) })) ?? null;
  }
};
async function variablesOf(container) {
  const found = await container.envVariables();
  return Object.fromEntries(await Promise.all(found.map(async (one) => [await one.name(), await one.value()])));
}
__name(variablesOf, "variablesOf");
async function pulled(image) {
  try {
    return await dag4.container().from(image).sync();
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? "";
    throw new TollgateError(
      "image-missing",
      `Could not pull ${image} (database.commands.image): ${said}`,
      "Correct the name, or give the engine access to the image's registry. Nothing was changed."
    );
  }
}
__name(pulled, "pulled");
async function environmentWithPython(settings, source) {
  try {
    return await appEnvironment(settings.app, settings.qa, source);
  } catch (error) {
    const { image } = settings.app;
    const has = await dag4.container().from(image).withExec(["sh", "-c", `command -v ${settings.qa.interpreter}`], { expect: ReturnType.Any }).exitCode().catch(() => 0);
    if (has === 0) throw error;
    throw new TollgateError(
      "commands-without-python",
      `app.image (${image}) has no ${settings.qa.interpreter}: Tollgate runs database.commands through Python, so that they reach one database only.`,
      "Set database.commands.image to the image that the commands run in, such as the service's own: it needs no Python. Nothing was changed."
    );
  }
}
__name(environmentWithPython, "environmentWithPython");
async function withScripts(container) {
  let with_ = container;
  for (const file of FILES2)
    with_ = with_.withNewFile(
      `${SCRIPTS}/${file}`,
      await readFile2(new URL(`../python/${file}`, new URL("../core/database/commands/app-commands.ts", import.meta.url).href), "utf8")
    );
  return with_;
}
__name(withScripts, "withScripts");

// core/database/backup/schema-dump.ts
import { ReturnType as ReturnType2 } from "../sdk/index.ts";
function dumpSchema(client, reach, nonce) {
  return dump(
    client,
    reach,
    ["--schema-only", "--exclude-schema=tollgate", "--no-tablespaces", "--no-publications", "--no-subscriptions"],
    nonce
  );
}
__name(dumpSchema, "dumpSchema");
function dumpRows(client, reach, tables, nonce) {
  return dump(
    client,
    reach,
    [
      "--data-only",
      "--disable-triggers",
      ...tables.map(([schema, name]) => `--table=${identifier(schema)}.${identifier(name)}`)
    ],
    nonce
  );
}
__name(dumpRows, "dumpRows");
async function dump(client, reach, what, nonce) {
  const options = [reach.inProcess.options, "-c default_transaction_read_only=on -c statement_timeout=120s"].join(" ").trim();
  const dumped = reach.inContainer(client).withEnvVariable("PGOPTIONS", options).withEnvVariable("TOLLGATE_NONCE", nonce).withExec(["pg_dump", ...what, "--lock-wait-timeout=10s", "--file=/tmp/schema.sql"], { expect: ReturnType2.Any });
  if (await dumped.exitCode() === 0) return dumped.file("/tmp/schema.sql");
  const said = reach.redact(await dumped.stderr()).trim();
  const tail = clip(said, 2e3).split("\n").map((line3) => `  | ${line3}`);
  throw new TollgateError(
    "schema-unread",
    ["pg_dump could not read the database's schema.", "", ...tail].join("\n"),
    /server version mismatch/.test(said) ? "Set database.image of tollgate.yaml to the server's major version or a newer one. Nothing was changed." : "Grant the user SELECT on every table and sequence: pg_dump locks each for a moment in ACCESS SHARE mode, as any query does. Nothing was changed."
  );
}
__name(dump, "dump");

// core/database/connect/ask.ts
function askSession(session, inTransaction = false) {
  const [begin, end] = inTransaction ? ["SAVEPOINT ask", "ROLLBACK TO SAVEPOINT ask"] : ["BEGIN READ ONLY", "ROLLBACK"];
  return async (questions2) => {
    const answers = [];
    for (const question of questions2) {
      await session.run(begin);
      try {
        const expression = typeof question === "string" ? question : (await session.row(external_exports.object({ next: external_exports.string() }), `SELECT (${question.derived}) AS next`, [])).next;
        const { answer: answer2 } = await session.row(
          external_exports.object({ answer: external_exports.string().nullable() }),
          `SELECT (${expression})::text AS answer`,
          []
        );
        answers.push({ kind: "value", value: answer2 === null ? null : JSON.parse(answer2) });
      } catch (error) {
        const sqlstate = codeOf(error);
        if (sqlstate === null || !/^[0-9A-Z]{5}$/.test(sqlstate) || session.broken) throw error;
        answers.push({ kind: "error", sqlstate, message: error instanceof Error ? error.message : String(error) });
      }
      await session.run(end);
    }
    return answers;
  };
}
__name(askSession, "askSession");
function askContainer(client, nonce) {
  return async (questions2) => {
    const script = [
      "SET default_transaction_read_only = on;",
      ...questions2.flatMap((question, index) => [
        `\\echo @@${index}`,
        ...typeof question === "string" ? [`SELECT (${question})::text;`] : [
          `SELECT (${question.derived}) AS next \\gset`,
          "\\if :ERROR",
          "\\else",
          "SELECT (:next)::text;",
          "\\endif"
        ],
        "\\if :ERROR",
        "\\echo @@error :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE",
        "\\endif"
      ])
    ].join("\n");
    const container = client.withEnvVariable("TOLLGATE_NONCE", nonce());
    const { code, out, err } = await runProgram(
      container,
      ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--file=-"],
      { stdin: script }
    );
    if (code !== 0) throw new Error(`psql ended with ${code}: ${err.trim()}`);
    const parts = out.split(/^@@\d+$/m).slice(1);
    return questions2.map((_, index) => answerOf((parts[index] ?? "").trim()));
  };
}
__name(askContainer, "askContainer");
function answerOf(text) {
  const [, sqlstate, message] = /^@@error (\S+) (.*)$/s.exec(text) ?? [];
  if (sqlstate !== void 0) return { kind: "error", sqlstate, message: message ?? "" };
  return { kind: "value", value: text === "" ? null : JSON.parse(text) };
}
__name(answerOf, "answerOf");

// core/database/copy/copy-server.ts
import { randomUUID as randomUUID4 } from "node:crypto";
import { dag as dag5 } from "../sdk/index.ts";
var DATA = "/scratch/data";
var COPIES = "/var/lib/tollgate/copies";
var COPY_SUPERUSER = "tollgate_copy";
var COPY_CLUSTER = "tollgate-copy";
var HASTE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
var CopyServer = class {
  static {
    __name(this, "CopyServer");
  }
  /** Of the socket: libpq takes it as a host. */
  folder = `${COPIES}/${randomUUID4()}`;
  #service;
  /** @param settings of Postgres, such as autovacuum=off */
  constructor(image, settings, nonce) {
    const own = [
      "listen_addresses=",
      `unix_socket_directories=${this.folder}`,
      `cluster_name=${COPY_CLUSTER}`,
      ...HASTE,
      ...settings
    ];
    const postgres = ["postgres", "-D", DATA, ...own.flatMap((one) => ["-c", one])];
    const serve = `find ${COPIES} -mindepth 1 -maxdepth 1 -mtime +6 -exec rm -rf {} + || true
      install -d -o postgres -g postgres "$0"
      exec unshare --net setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all --ambient-caps=-all --bounding-set=-all --no-new-privs "$@"`;
    this.#service = this.mounted(emptyCluster(image)).withEnvVariable("TOLLGATE_NONCE", nonce).withDockerHealthcheck(
      ["pg_isready", "-q", "-h", this.folder, "-U", COPY_SUPERUSER, "-d", "postgres"],
      SERVICE_HEALTH
    ).asService({ args: ["bash", "-euc", serve, this.folder, ...postgres], insecureRootCapabilities: true });
  }
  get socket() {
    return `${this.folder}/.s.PGSQL.5432`;
  }
  /** Returns when it takes connections. It stays up until `stop`. */
  async start() {
    try {
      await this.#service.start();
    } catch (error) {
      throw notAllowed(error) ?? error;
    }
    return this;
  }
  async stop() {
    await this.#service.stop({ kill: true });
  }
  /** A container that can reach it. */
  mounted(container) {
    return container.withMountedCache(COPIES, dag5.cacheVolume("tollgate-copies"));
  }
  /** Postgres's own programs as the copy's superuser. */
  asSuperuser(container, database = "postgres") {
    return this.mounted(container).withEnvVariable("PGHOST", this.folder).withEnvVariable("PGUSER", COPY_SUPERUSER).withEnvVariable("PGDATABASE", database);
  }
};
function notAllowed(error) {
  if (!(error instanceof Error) || !/security\.insecure|insecure ?root ?capabilities/i.test(error.message)) return null;
  return new TollgateError(
    "engine-security",
    "The engine does not allow insecureRootCapabilities: Tollgate cannot confine the app's code to a copy of the database.",
    "Remove `security.insecureRootCapabilities: false` from the engine's engine.json, or use an engine of your own for migrations. Nothing was changed."
  );
}
__name(notAllowed, "notAllowed");
function emptyCluster(image) {
  const initdb = [
    "initdb",
    `--pgdata=${DATA}`,
    `--username=${COPY_SUPERUSER}`,
    "--encoding=UTF8",
    "--auth-local=trust",
    "--no-sync"
  ];
  const login = `printf 'local all ${COPY_SUPERUSER} trust\\nlocal all all scram-sha-256\\n' >${DATA}/pg_hba.conf`;
  return dag5.container().from(image).withExec(["install", "-d", "-o", "postgres", "-g", "postgres", "/scratch"]).withUser("postgres").withExec(["sh", "-ec", `${initdb.join(" ")}
${login}`]).withUser("root");
}
__name(emptyCluster, "emptyCluster");

// core/database/copy/likeness.ts
var likeness = external_exports.object({
  /** Who logged in. */
  user: external_exports.string(),
  roles: external_exports.array(
    external_exports.object({
      name: external_exports.string(),
      superuser: external_exports.boolean(),
      inherit: external_exports.boolean(),
      createRole: external_exports.boolean(),
      createDatabase: external_exports.boolean(),
      login: external_exports.boolean(),
      bypassRls: external_exports.boolean()
    })
  ),
  members: external_exports.array(
    external_exports.object({
      role: external_exports.string(),
      member: external_exports.string(),
      admin: external_exports.boolean(),
      inherit: external_exports.boolean().nullable(),
      set: external_exports.boolean().nullable()
    })
  ),
  /** ALTER ROLE … SET, ALTER DATABASE … SET, and both; as Postgres keeps them. */
  settings: external_exports.array(external_exports.object({ role: external_exports.string().nullable(), ofDatabase: external_exports.boolean(), values: external_exports.array(external_exports.string()) })),
  /** From the server's own configuration, where statements mean something else with them. */
  server: external_exports.record(external_exports.string(), external_exports.string()),
  database: external_exports.object({
    name: external_exports.string(),
    owner: external_exports.string(),
    encoding: external_exports.string(),
    collate: external_exports.string(),
    type: external_exports.string(),
    icuLocale: external_exports.string().nullable(),
    privileges: external_exports.string().nullable()
  }),
  extensions: external_exports.array(external_exports.object({ name: external_exports.string(), version: external_exports.string(), schema: external_exports.string() }))
});
var MEANINGFUL = [
  "TimeZone",
  "DateStyle",
  "IntervalStyle",
  "search_path",
  "bytea_output",
  "default_text_search_config",
  "standard_conforming_strings",
  "array_nulls",
  "transform_null_equals",
  "default_transaction_isolation",
  "lc_monetary",
  "lc_numeric",
  "lc_time",
  "xmloption",
  "quote_all_identifiers",
  "createrole_self_grant"
];
var ASKED = `SELECT json_build_object(
  'user', session_user::text,
  'roles', (SELECT coalesce(json_agg(json_build_object('name', rolname, 'superuser', rolsuper, 'inherit', rolinherit, 'createRole', rolcreaterole,
      'createDatabase', rolcreatedb, 'login', rolcanlogin, 'bypassRls', rolbypassrls) ORDER BY rolname), '[]') FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'),
  'members', (SELECT coalesce(json_agg(json_build_object('role', r.rolname, 'member', u.rolname, 'admin', m.admin_option,
      'inherit', (to_jsonb(m)->>'inherit_option')::boolean, 'set', (to_jsonb(m)->>'set_option')::boolean)), '[]')
    FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles u ON u.oid = m.member WHERE u.rolname !~ '^pg_'),
  'settings', (SELECT coalesce(json_agg(json_build_object('role', r.rolname, 'ofDatabase', s.setdatabase <> 0, 'values', s.setconfig)), '[]')
    FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))),
  'server', (SELECT coalesce(json_object_agg(name, setting), '{}') FROM pg_catalog.pg_settings
    WHERE name IN (${MEANINGFUL.map((name) => `'${name}'`).join(", ")}) AND source IN ('configuration file', 'command line', 'environment variable')),
  'database', (SELECT json_build_object('name', datname, 'owner', pg_catalog.pg_get_userbyid(datdba), 'encoding', pg_catalog.pg_encoding_to_char(encoding), 'collate', datcollate,
      'type', datctype, 'icuLocale', coalesce(to_jsonb(d)->>'daticulocale', to_jsonb(d)->>'datlocale'), 'privileges', datacl::text)
    FROM pg_catalog.pg_database d WHERE datname = current_database()),
  'extensions', (SELECT coalesce(json_agg(json_build_object('name', extname, 'version', extversion, 'schema', nspname)), '[]')
    FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace)
) AS likeness`;
async function readLikeness(session) {
  return (await session.row(external_exports.object({ likeness }), ASKED)).likeness;
}
__name(readLikeness, "readLikeness");

// core/database/copy/likeness-script.ts
var ALMOST_SUPERUSER = ["rds_superuser", "cloudsqlsuperuser", "azure_pg_admin", "alloydbsuperuser", "neon_superuser"];
var NOT_COPIED = /^(?:\w+_preload_libraries|temp_tablespaces|default_tablespace|log_\w+|default_transaction_read_only)=/;
function rolesScript({ user, roles, members, settings, server }, password, mayAll) {
  const powerful = /* @__PURE__ */ new Set([
    ...members.filter(({ role }) => ALMOST_SUPERUSER.includes(role)).map(({ member }) => member),
    ...mayAll ? [user] : []
  ]);
  const known = new Set(roles.map(({ name }) => name));
  const attribute = /* @__PURE__ */ __name((has, name) => `${has ? "" : "NO"}${name}`, "attribute");
  return lines([
    ...roles.filter(({ name }) => name !== COPY_SUPERUSER).map(
      (role) => [
        `CREATE ROLE ${identifier(role.name)}`,
        attribute(role.superuser || powerful.has(role.name), "SUPERUSER"),
        attribute(role.inherit, "INHERIT"),
        attribute(role.createRole, "CREATEROLE"),
        attribute(role.createDatabase, "CREATEDB"),
        attribute(role.login, "LOGIN"),
        attribute(role.bypassRls, "BYPASSRLS")
      ].join(" ")
    ),
    ...known.has(user) ? [] : [`CREATE ROLE ${identifier(user)} LOGIN`],
    `ALTER ROLE ${identifier(user)} PASSWORD ${literal(password)}`,
    ...members.map(({ role, member, admin, inherit, set }) => {
      const options = [
        ...admin ? ["ADMIN true"] : [],
        ...inherit === null ? [] : [`INHERIT ${inherit}`],
        ...set === null ? [] : [`SET ${set}`]
      ];
      const written = inherit === null ? admin ? " WITH ADMIN OPTION" : "" : ` WITH ${options.join(", ")}`;
      return `GRANT ${identifier(role)} TO ${identifier(member)}${written}`;
    }),
    ...settings.filter(({ ofDatabase }) => !ofDatabase).map(({ role, values }) => settingsRow("0", role, values)),
    ...Object.entries(server).map(
      ([name, value2]) => `ALTER SYSTEM SET ${identifier(name)} = ${name === "search_path" ? value2 : literal(value2)}`
    ),
    "SELECT pg_catalog.pg_reload_conf()"
  ]);
}
__name(rolesScript, "rolesScript");
function databaseScript(likeness2, name = likeness2.database.name) {
  const { owner, encoding, collate, type, icuLocale } = likeness2.database;
  const create = /* @__PURE__ */ __name((locale) => `CREATE DATABASE ${identifier(name)} OWNER ${identifier(owner)} TEMPLATE template0 ENCODING ${literal(encoding)} ${locale}`, "create");
  const icu = icuLocale === null ? "" : ` LOCALE_PROVIDER icu ICU_LOCALE ${literal(icuLocale)}`;
  return [
    "\\set ON_ERROR_STOP off",
    `${create(`LC_COLLATE ${literal(collate)} LC_CTYPE ${literal(type)}${icu}`)};`,
    "\\if :ERROR",
    `\\echo @@warning the copy sorts text by bytes: database.image lacks the locale of the database (:LAST_ERROR_MESSAGE)`,
    "\\set ON_ERROR_STOP on",
    `${create("LC_COLLATE 'C' LC_CTYPE 'C'")};`,
    "\\endif",
    "\\set ON_ERROR_STOP on",
    databaseSettingsScript(likeness2, name)
  ].join("\n");
}
__name(databaseScript, "databaseScript");
function databaseSettingsScript({ settings, database, user }, name, asSuperuser = false) {
  const oid = `(SELECT oid FROM pg_catalog.pg_database WHERE datname = ${literal(name)})`;
  const own = settings.filter(({ ofDatabase }) => ofDatabase);
  const asUser = asSuperuser ? settings.filter(({ role }) => role === user).sort((one, other) => Number(one.ofDatabase) - Number(other.ofDatabase)) : [];
  return lines([
    ...own.map(({ role, values }) => settingsRow(oid, role, values)),
    ...asUser.length === 0 ? [] : [
      settingsRow(oid, COPY_SUPERUSER, [
        ...new Map(asUser.flatMap(({ values }) => values).map((value2) => [value2.split("=")[0], value2])).values()
      ])
    ],
    ...database.privileges === null ? [] : [
      `UPDATE pg_catalog.pg_database SET datacl = ${literal(database.privileges)}::aclitem[] WHERE datname = ${literal(name)}`
    ]
  ]);
}
__name(databaseSettingsScript, "databaseSettingsScript");
function extensionsScript({ extensions }) {
  return extensions.filter(({ schema }) => schema === "public" || schema === "pg_catalog").filter(({ name }) => name !== "plpgsql").flatMap(({ name, version: version2, schema }) => [
    "\\set ON_ERROR_STOP off",
    `CREATE EXTENSION IF NOT EXISTS ${identifier(name)} SCHEMA ${identifier(schema)} VERSION ${literal(version2)};`,
    "\\if :ERROR",
    `\\echo @@warning the copy has another version of the extension ${name.replaceAll(/[^\w-]/g, "?")} than ${version2.replaceAll(/[^\w.-]/g, "?")}: database.image lacks that one`,
    "\\endif",
    "\\set ON_ERROR_STOP on"
  ]).join("\n");
}
__name(extensionsScript, "extensionsScript");
function settingsRow(database, role, values) {
  const kept = values.filter((value2) => !NOT_COPIED.test(value2));
  const roleOid = role === null ? "0" : `(SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ${literal(role)})`;
  return kept.length === 0 ? "" : `INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig) VALUES (${database}, ${roleOid}, ARRAY[${kept.map(literal).join(", ")}])`;
}
__name(settingsRow, "settingsRow");
function lines(statements) {
  return statements.filter((statement2) => statement2 !== "").map((statement2) => `${statement2};`).join("\n");
}
__name(lines, "lines");

// core/database/copy/scratch.ts
function placeOfScratch(settings, original, nonce, own = REHEARSAL) {
  const server = new CopyServer(settings.image, own.server, nonce());
  const { user, database } = original.inProcess;
  const login = { user, password: original.passwordOfCopy(), database };
  return { server, login, reach: original.onCopy(server, login) };
}
__name(placeOfScratch, "placeOfScratch");
var READER = "tollgate read";
var REHEARSAL = {
  server: ["max_wal_size=4GB", "wal_level=minimal", "max_wal_senders=0"],
  mayAll: false
};
async function startScratch({ server, login: planned, reach: early }, original, client, nonce, own = REHEARSAL) {
  const [likeness2, schema] = await Promise.all([
    withReadOnlySession(original.inProcess, "tollgate read", readLikeness),
    dumpSchema(client, original, nonce()),
    server.start()
  ]);
  const { name } = likeness2.database;
  const login = { ...planned, database: name };
  const reach = name === planned.database ? early : original.onCopy(server, login);
  const asUser = server.mounted(client).withEnvVariable("PGHOST", server.folder).withEnvVariable("PGUSER", login.user).withEnvVariable("PGPASSWORD", login.password).withEnvVariable("PGDATABASE", name).withEnvVariable("PGAPPNAME", READER);
  const { options } = original.inProcess;
  const warnings = /* @__PURE__ */ new Set();
  const make = /* @__PURE__ */ __name(async (before, given) => {
    const found = await runSetup(server.asSuperuser(client), { likeness: likeness2, before, schema: given, nonce: nonce() });
    for (const one of found) warnings.add(one);
  }, "make");
  const again = `DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE);`;
  await make([rolesScript(likeness2, login.password, own.mayAll), ...name === "postgres" ? [again] : []], schema);
  return {
    reach,
    likeness: likeness2,
    server,
    options,
    named: /* @__PURE__ */ __name((database) => original.onCopy(server, { ...login, database }), "named"),
    ask: askContainer(options === "" ? asUser : asUser.withEnvVariable("PGOPTIONS", options), nonce),
    get warnings() {
      return [...warnings];
    },
    empty: /* @__PURE__ */ __name(() => make([again], null), "empty"),
    takeSchema: /* @__PURE__ */ __name(async ({ schema: of, name: table }, revisions) => {
      await make([again], await dumpSchema(client, original, nonce()));
      const qualified = of === null ? identifier(table) : `${identifier(of)}.${identifier(table)}`;
      const insert = revisions.map((revision2) => `INSERT INTO ${qualified} VALUES (${literal(revision2)});`).join("\n");
      await runScript(
        asUser.withNewFile("/copy/version.sql", insert),
        "psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=/copy/version.sql",
        nonce()
      );
    }, "takeSchema"),
    takeRows: /* @__PURE__ */ __name(async (tables) => {
      const rows = await dumpRows(client, original, tables, nonce());
      const ran = await runScript(
        server.asSuperuser(client, name).withFile("/copy/rows.sql", rows),
        "psql --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 --file=/copy/rows.sql",
        nonce()
      );
      if (ran.code !== 0) throw copyFailed(ran.err);
    }, "takeRows"),
    run: /* @__PURE__ */ __name((sql, database = name) => runSql(server.asSuperuser(client, database), sql, nonce()), "run"),
    asSuperuser: /* @__PURE__ */ __name((container) => server.asSuperuser(container, name), "asSuperuser"),
    stop: /* @__PURE__ */ __name(() => server.stop(), "stop")
  };
}
__name(startScratch, "startScratch");
async function runSql(superuser, sql, nonce) {
  const ran = await runScript(
    superuser.withNewFile("/copy/run.sql", sql),
    "psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --file=/copy/run.sql",
    nonce
  );
  if (ran.code !== 0) throw copyFailed(ran.err);
  return ran.out;
}
__name(runSql, "runSql");
async function runSetup(superuser, { likeness: likeness2, before, schema, nonce }) {
  const database = likeness2.database.name;
  const container = superuser.withNewFile("/copy/server.sql", `\\set ON_ERROR_STOP on
${[...before, databaseScript(likeness2)].join("\n")}
`).withNewFile("/copy/database.sql", `\\set ON_ERROR_STOP on
${extensionsScript(likeness2)}
`);
  const run = /* @__PURE__ */ __name((file, name) => `psql --no-psqlrc --quiet --output=/dev/null --dbname="${name}" --file=${file}`, "run");
  const steps = [
    run("/copy/server.sql", "template1"),
    run("/copy/database.sql", "$COPY"),
    ...schema === null ? [] : [`psql --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 --dbname="$COPY" --file=/copy/schema.sql`]
  ];
  const ran = await runScript(
    (schema === null ? container : container.withFile("/copy/schema.sql", schema)).withEnvVariable("COPY", database),
    steps.join("\n"),
    nonce
  );
  if (ran.code !== 0) throw copyFailed(ran.err);
  return ran.out.split("\n").flatMap((line3) => line3.startsWith("@@warning ") ? [line3.slice("@@warning ".length)] : []);
}
__name(runSetup, "runSetup");
function copyFailed(said) {
  return new TollgateError(
    "copy-failed",
    ["Could not make a copy of the database:", "", ...quotedTail(said, 8)].join("\n"),
    "database.image of tollgate.yaml must have the extensions that the database uses. Nothing was changed."
  );
}
__name(copyFailed, "copyFailed");

// core/database/commands/copy-log.ts
var LOGGED = [
  "logging_collector=on",
  "log_destination=csvlog",
  "log_directory=log",
  "log_filename=tollgate",
  "log_rotation_size=0",
  "log_statement=all"
];
var REHEARSED_AND_LOGGED = { ...REHEARSAL, server: [...REHEARSAL.server, ...LOGGED] };
var TURNS = 400;
var line2 = external_exports.object({
  session: external_exports.string(),
  transaction: external_exports.string(),
  severity: external_exports.string(),
  sqlstate: external_exports.string(),
  message: external_exports.string(),
  detail: external_exports.string().nullable(),
  hint: external_exports.string().nullable(),
  query: external_exports.string().nullable()
});
var COLUMNS = [
  "log_time",
  "user_name",
  "database_name",
  "process_id",
  "connection_from",
  "session_id",
  "session_line_num",
  "command_tag",
  "session_start_time",
  "virtual_transaction_id",
  "transaction_id",
  "error_severity",
  "sql_state_code",
  "message",
  "detail",
  "hint",
  "internal_query",
  "internal_query_pos",
  "context",
  "query",
  "query_pos",
  "location",
  "application_name"
];
var LATER = [
  [13, ["backend_type"]],
  [14, ["leader_pid", "query_id"]]
];
var read2 = external_exports.object({ lines: external_exports.array(line2), tables: external_exports.array(external_exports.tuple([external_exports.string(), external_exports.string()])) });
async function readLog({ run, likeness: likeness2 }, { mark, next }, database = likeness2.database.name, more = "") {
  const text = /* @__PURE__ */ __name((names3) => names3.map((name) => `${name} text`).join(", "), "text");
  const added = LATER.map(
    ([from, names3]) => `IF current_setting('server_version_num')::int >= ${from}0000 THEN ALTER TABLE pg_temp.lines ${names3.map((name) => `ADD COLUMN ${name} text`).join(", ")}; END IF;`
  ).join(" ");
  const placeOf2 = /* @__PURE__ */ __name((one) => `(SELECT min(place) FROM pg_temp.lines WHERE message LIKE ${literal(`%${one}%`)})`, "placeOf");
  const out = await run(
    `SET log_statement = 'all';
DO $wait$ BEGIN
  FOR turn IN 1..${TURNS} LOOP
    EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = ${literal(database)} AND backend_type = 'client backend' AND pid <> pg_backend_pid());
    PERFORM pg_sleep(0.05);
    PERFORM pg_stat_clear_snapshot();
  END LOOP;
END $wait$;
SELECT ${literal(next)} WHERE false;
SET log_statement = 'none';
${more}
CREATE TEMPORARY TABLE lines (${text(COLUMNS)});
DO $read$ BEGIN ${added}
  FOR turn IN 1..${TURNS} LOOP
    EXIT WHEN position(${literal(next)} IN convert_from(pg_read_binary_file('log/tollgate.csv'), 'SQL_ASCII')) > 0;
    PERFORM pg_sleep(0.05);
  END LOOP;
  EXECUTE format('COPY pg_temp.lines FROM %L WITH (FORMAT csv)', current_setting('data_directory') || '/log/tollgate.csv');
  ALTER TABLE pg_temp.lines ADD COLUMN place bigserial;
END $read$;
SELECT json_build_object(
  'lines', (SELECT coalesce(json_agg(json_build_object('session', session_id, 'transaction', coalesce(virtual_transaction_id, ''), 'severity', error_severity, 'sqlstate', coalesce(sql_state_code, ''), 'message', message, 'detail', detail, 'hint', hint, 'query', query) ORDER BY place), '[]')
    FROM pg_temp.lines WHERE database_name = ${literal(database)} AND user_name = ${literal(likeness2.user)} AND application_name IS DISTINCT FROM ${literal(READER)}
      AND place < ${placeOf2(next)}${mark === null ? "" : ` AND place > ${placeOf2(mark)}`}),
  'tables', (SELECT coalesce(json_agg(json_build_array(n.nspname, c.relname)), '[]') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tollgate', 'tollgate_watch')));
`,
    database
  );
  return read2.parse(JSON.parse(out));
}
__name(readLog, "readLog");

// core/database/commands/logged-statements.ts
var ASKED2 = /^(?:statement|execute [^:]*): (.*)$/s;
var BEGINS = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/i;
var COMMITS = /^\s*(?:COMMIT|END)\b/i;
var ENDS = /^\s*(?:ROLLBACK|ABORT)\b(?!\s+(?:WORK\s+|TRANSACTION\s+)?TO\b)/i;
function lastingStatements(lines2) {
  const kept = /* @__PURE__ */ new Set();
  const statements = [];
  const open = /* @__PURE__ */ new Map();
  for (const { session, transaction, severity, message, detail } of lines2) {
    const current = open.get(session);
    if (severity === "ERROR" || severity === "FATAL") {
      if (current !== void 0) current.failed = true;
      else {
        const last = statements.findLastIndex((one) => one.session === session);
        if (last !== -1 && statements[last]?.transaction === transaction) kept.delete(last);
      }
      continue;
    }
    const asked = ASKED2.exec(message)?.[1];
    if (asked === void 0) continue;
    if (BEGINS.test(asked) && isOne(asked)) open.set(session, { numbers: [], failed: false });
    else if (current !== void 0 && COMMITS.test(asked)) {
      if (!current.failed) for (const number of current.numbers) kept.add(number);
      open.delete(session);
    } else if (current !== void 0 && ENDS.test(asked)) open.delete(session);
    else {
      const number = statements.push({
        session,
        text: withParameters(asked, detail).trim(),
        transaction,
        explicit: current !== void 0
      }) - 1;
      if (current === void 0) kept.add(number);
      else current.numbers.push(number);
    }
  }
  return statements.filter((_, number) => kept.has(number)).map(({ text, transaction, explicit }) => ({ text, transaction, explicit }));
}
__name(lastingStatements, "lastingStatements");
function isOne(text) {
  return !/;\s*\S/.test(text);
}
__name(isOne, "isOne");
function withParameters(text, detail) {
  const [, list] = /^parameters: (.*)$/is.exec(detail ?? "") ?? [];
  if (list === void 0) return text;
  const values = new Map(
    [...list.matchAll(/\$(\d+) = ('(?:[^']|'')*'|NULL)/g)].map(([, number = "", value2 = ""]) => [number, value2])
  );
  return text.replace(/\$(\d+)/g, (written, number) => values.get(number) ?? written);
}
__name(withParameters, "withParameters");
function lastError(lines2) {
  const error = lines2.findLast(
    ({ severity, sqlstate: sqlstate2 }) => (severity === "ERROR" || severity === "FATAL") && sqlstate2 !== "25P02"
  );
  if (error === void 0) return null;
  const { message, detail, hint, query, sqlstate } = error;
  const statement2 = query === null ? [] : [`in ${query.replace(/\s+/g, " ").trim().slice(0, 300)}`];
  return {
    sqlstate,
    message: [
      message,
      ...detail === null || detail === "" ? [] : [`DETAIL: ${detail}`],
      ...hint === null || hint === "" ? [] : [`HINT: ${hint}`],
      ...statement2
    ].join("\n")
  };
}
__name(lastError, "lastError");
function tablesNamed(lines2, tables) {
  const asked = lines2.flatMap(({ message, detail }) => [ASKED2.exec(message)?.[1] ?? "", detail ?? ""]).join("\n");
  return tables.filter(
    ([, name]) => new RegExp(`(?<![\\w$])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w$])`, "i").test(asked)
  ).map(([schema, name]) => [schema, name]);
}
__name(tablesNamed, "tablesNamed");
var QUIET = /^\s*(?:SHOW|SET|RESET|SAVEPOINT|RELEASE|ROLLBACK\s+TO|DISCARD|DEALLOCATE|LOCK|DECLARE|FETCH|CLOSE|LISTEN|UNLISTEN|EXPLAIN|VALUES|PREPARE)\b/i;
var HARMLESS = /* @__PURE__ */ new Set([
  "exists",
  "in",
  "any",
  "all",
  "array",
  "coalesce",
  "count",
  "max",
  "min",
  "sum",
  "now",
  "version",
  "current_setting",
  "current_schema",
  "current_database",
  "to_regclass",
  "to_regtype",
  "set_config",
  "values",
  "as",
  "and",
  "or",
  "not",
  "on",
  "where",
  "from",
  "select",
  "over",
  "format_type",
  "obj_description",
  "col_description",
  "unnest",
  "lower",
  "upper",
  "array_agg",
  "string_agg",
  "json_agg",
  "generate_subscripts",
  "has_schema_privilege",
  "has_table_privilege",
  "row_number",
  "case",
  "when",
  "then",
  "else",
  "nullif",
  "cast",
  "varchar",
  "numeric"
]);
function onlyAsks(text) {
  if (QUIET.test(text)) return true;
  if (!/^\s*(?:SELECT|WITH|TABLE)\b/i.test(text) || !isOne(text) || /\b(?:INSERT|UPDATE|DELETE|INTO)\b/i.test(text))
    return false;
  return [...text.matchAll(/([a-z_][\w.]*)\s*\(/gi)].every(
    ([, name = ""]) => HARMLESS.has(name.toLowerCase().replace(/^pg_catalog\./, "")) || /^(?:pg_catalog\.)?pg_(?!sleep|terminate|cancel|notify|read|write|logical|replication|create|drop|export|import|promote|switch|reload|rotate)/i.test(
      name
    )
  );
}
__name(onlyAsks, "onlyAsks");
function keepsBooks(text, tables) {
  const [, name] = /^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?|LOCK\s+TABLE)\s+(?:"?[\w$]+"?\.)?"?([\w$]+)"?/i.exec(
    text
  ) ?? [];
  return name !== void 0 && isOne(text) && tables.includes(name);
}
__name(keepsBooks, "keepsBooks");
var OUTSIDE = /\bCONCURRENTLY\b|^\s*VACUUM\b|^\s*CALL\b|^\s*DO\b[\s\S]*\bCOMMIT\b/i;
var SEEN = /(?:^|;)\s*(?:CREATE|ALTER|DROP)\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|VIEW|SEQUENCE)\s+(?!IF\b|CONCURRENTLY\b)/i;
function effectsOf(statements, books) {
  const writing = statements.filter(
    ({ text }) => !onlyAsks(text) && !(keepsBooks(text, books) && /^\s*(?:CREATE|LOCK)\b/i.test(text))
  );
  const transactions = [...new Set(writing.map(({ transaction }) => transaction))];
  const first = writing.filter(({ transaction }) => transaction === transactions[0]);
  const insertsBook = /* @__PURE__ */ __name((text) => /^\s*INSERT\b/i.test(text) && keepsBooks(text, books), "insertsBook");
  return {
    transactions,
    outside: writing.flatMap(({ text }) => OUTSIDE.test(text) ? [text] : []),
    statements: writing.length,
    firstIsSeen: first.some(({ text }) => !OUTSIDE.test(text) && (SEEN.test(text) || insertsBook(text)))
  };
}
__name(effectsOf, "effectsOf");

// core/database/commands/pending-commands.ts
import { createHash } from "node:crypto";
function revisionLines(output) {
  const text = output.trim();
  return text === "" ? [] : text.split("\n").map((line3) => line3.trimEnd());
}
__name(revisionLines, "revisionLines");
function stepName(from, to) {
  const added = to.filter((line3) => !from.includes(line3));
  return (added.length === 0 ? to : added).join(", ") || "next";
}
__name(stepName, "stepName");
var VARIES = /'\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}[^']*'|'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'/gi;
function scriptOf(statements, books) {
  const pieces = [];
  let open = "";
  const end = /* @__PURE__ */ __name(() => {
    if (open !== "") pieces.push("COMMIT;\n");
    open = "";
  }, "end");
  for (const { text, transaction, explicit } of statements) {
    if (onlyAsks(text) || keepsBooks(text, books)) continue;
    const several = /;\s*\S/.test(text) && !/(?:^|;)\s*(?:BEGIN|COMMIT)\b/i.test(text);
    const within = explicit || several ? transaction : "";
    if (within !== open) {
      end();
      if (within !== "") pieces.push("BEGIN;\n");
      open = within;
    }
    pieces.push(`${text.replace(/;\s*$/, "")};
`);
  }
  end();
  return pieces;
}
__name(scriptOf, "scriptOf");
function steadyScript(pieces) {
  return pieces.join("").replace(VARIES, "'\u2026'");
}
__name(steadyScript, "steadyScript");
function pendingRevision(commands, from, to, pieces) {
  const { migrate, revision: revision2, rollback = null } = commands;
  const sha256 = createHash("sha256").update(JSON.stringify({ migrate, revision: revision2, rollback, script: steadyScript(pieces) })).digest("hex");
  const name = to === null ? "next" : stepName(from, to);
  return {
    revision: name,
    down: [...from],
    dependsOn: [],
    labels: [],
    message: migrate,
    file: "tollgate.yaml",
    sha256,
    upgrade: "work",
    downgrade: rollback === null ? "missing" : "work",
    downgradeLine: null,
    live: []
  };
}
__name(pendingRevision, "pendingRevision");

// core/database/commands/command-migrations.ts
var NO_TABLE = "42P01";
var NOWHERE = "tollgate has seen none";
var MOST_ROUNDS = 6;
var CommandMigrations = class _CommandMigrations {
  static {
    __name(this, "CommandMigrations");
  }
  copyOptions = REHEARSED_AND_LOGGED;
  comparesBeforeCommit = false;
  #app;
  #settings;
  tool;
  /** Tables in which the tool keeps its books: those that `revision` reads. */
  #books = [];
  /** Of the run; its server's log says what was asked. */
  #scratch = null;
  #ahead = false;
  #mark = null;
  constructor(app, settings, tool) {
    this.#app = app;
    this.#settings = settings;
    this.tool = tool;
  }
  static async of(settings, source, tool) {
    return new _CommandMigrations(await AppCommands.of(settings, source, tool), settings, tool);
  }
  get books() {
    return this.#books.map(([, name]) => name);
  }
  get version() {
    const [book] = this.#books;
    return book === void 0 ? { schema: null, name: NOWHERE, foreign: true } : { schema: book[0], name: book[1], foreign: true };
  }
  load() {
  }
  async lookAhead(scratch) {
    if (this.#ahead) await scratch.takeSchema(this.version, []);
    this.#ahead = true;
    const from = await this.revisionWithRows(scratch);
    const { ran, log } = await this.on(scratch, this.tool.commands.migrate);
    const lasting = lastingStatements(log.lines);
    const failed = ran === null || ran.code !== 0;
    if (failed && log.lines.length === 0) throw nothingReached("migrate", ran, scratch.reach);
    if (failed && this.#settings.database.rehearse === false) throw this.#failed("migrate", ran, log);
    const to = failed ? null : await this.revision(scratch);
    const same = to !== null && to.join("\n") === from.join("\n") && effectsOf(lasting, this.books).statements === 0;
    const pending = same ? [] : [pendingRevision(this.tool.commands, from, to, scriptOf(lasting, this.books))];
    return { heads: to ?? [], ends: to ?? [], revisions: pending, pending, current: from, version: this.version };
  }
  check() {
    return Promise.resolve({ notCompared: null, differences: [] });
  }
  async upgrade(reach, from, _target, limits) {
    const { migrate, revision: revision2 } = this.tool.commands;
    return this.#move(
      reach,
      [
        { command: revision2, expect: from.join("\n") },
        { command: migrate, expect: null }
      ],
      "migrate",
      limits,
      {}
    );
  }
  async goBack(reach, to, limits) {
    const { rollback } = this.tool.commands;
    if (rollback === void 0) throw new RangeError("no rollback without a command for it");
    return this.#move(reach, [{ command: rollback, expect: null }], "rollback", limits, {
      TOLLGATE_REVISION: to.join("\n")
    });
  }
  noWayBack(_from, pending) {
    return pending.some(({ downgrade }) => downgrade !== "work") ? "database.commands has no rollback" : null;
  }
  async seenOnCopy(observed, scratch) {
    return { ...observed, revision: await this.revision(scratch) };
  }
  async seenOnReal(observed, scratch) {
    await scratch.takeSchema(this.version, []);
    return { ...observed, revision: await this.revisionWithRows(scratch) };
  }
  unload() {
  }
  end() {
    return Promise.resolve();
  }
  /** What a copy is at, by what the command prints there. */
  async revision(scratch, database) {
    if (this.#books.length > 0) {
      const [ran = null] = await this.#app.run(reachOf(scratch, database), [{ command: this.tool.commands.revision, expect: null }]) ?? [];
      if (ran?.code === 0) return revisionLines(ran.out);
    }
    return (await this.#revision(scratch, database)).revision;
  }
  /** The same on a copy without rows: it gets those of the tables that the command reads. */
  async revisionWithRows(scratch) {
    if (this.#books.length > 0) {
      const there = (await tablesOf(scratch.ask)).filter(
        ([schema, name]) => this.#isBook(schema, name) || this.tool.rows.includes(name)
      );
      if (there.length > 0) await scratch.takeRows(there);
      return this.revision(scratch);
    }
    const filled = /* @__PURE__ */ new Set();
    for (let round = 1; ; round += 1) {
      const { revision: revision2, read: read3 } = await this.#revision(scratch);
      const missing = read3.filter(([schema, name]) => !filled.has(`${schema}.${name}`));
      if (missing.length === 0 || round === MOST_ROUNDS) return revision2;
      await scratch.takeRows(missing);
      for (const [schema, name] of missing) filled.add(`${schema}.${name}`);
    }
  }
  /** Runs one command on a copy. @param more SQL to run there after it */
  async on(scratch, command, { database, more, ...options } = {}) {
    const [ran = null] = await this.#app.run(reachOf(scratch, database), [{ command, expect: null }], options) ?? [];
    return { ran, log: await this.#log(scratch, database, more) };
  }
  /** What was asked since the log was read last. */
  #log(scratch, database, more) {
    this.#scratch = scratch;
    const [mark, next] = [this.#mark, randomUUID5()];
    this.#mark = next;
    return readLog(scratch, { mark, next }, database, more);
  }
  async #revision(scratch, database) {
    const { ran, log } = await this.on(scratch, this.tool.commands.revision, database === void 0 ? {} : { database });
    const read3 = tablesNamed(log.lines, log.tables);
    for (const table of read3) if (!this.#isBook(...table)) this.#books.push(table);
    if (ran?.code === 0)
      return {
        revision: revisionLines(ran.out),
        read: [...read3, ...log.tables.filter(([, name]) => this.tool.rows.includes(name))]
      };
    if (ran !== null && lastError(log.lines)?.sqlstate === NO_TABLE) return { revision: [], read: read3 };
    throw log.lines.length === 0 ? nothingReached("revision", ran, scratch.reach) : this.#failed("revision", ran, log);
  }
  #isBook(schema, name) {
    return this.#books.some((book) => book[0] === schema && book[1] === name);
  }
  async #move(reach, steps, name, limits, variables) {
    const scratch = this.#scratch;
    const onCopy = scratch !== null && reach === scratch.reach;
    const ran = await this.#app.run(reach, steps, {
      variables,
      session: {
        options: `-c lock_timeout=${limits.lockTimeout * 1e3} -c statement_timeout=${limits.statementTimeout * 1e3}`,
        name: limits.applicationName
      },
      once: true
    });
    const log = onCopy ? (await this.#log(scratch)).lines : null;
    const last = ran?.at(-1) ?? null;
    const ok = ran !== null && ran.length === steps.length && last?.code === 0;
    const effects = log === null ? null : effectsOf(lastingStatements(log), this.books);
    const output = last === null ? "" : `${last.out}${last.err}`;
    const said = log === null ? null : lastError(log);
    return {
      ok,
      error: ok ? null : wrongStart(ran, steps) ?? problemOf(name, last, said),
      sqlstate: ok ? null : said?.sqlstate ?? (/canceling statement due to lock timeout|\b55P03\b/.test(output) ? "55P03" : null),
      journal: effects === null ? null : { transactions: effects.transactions, outside: effects.outside, statements: effects.statements },
      output,
      commits: [],
      elsewhere: [],
      firstIsSeen: effects?.firstIsSeen ?? false
    };
  }
  #failed(name, ran, log) {
    const reach = this.#scratch?.reach;
    const output = ran === null ? "" : `${ran.out}${ran.err}`;
    const withheld = reach === void 0 ? null : missesWithheld(reach.withheld, output);
    return withheld ?? new TollgateError(
      "command-failed",
      problemOf(name, ran, lastError(log.lines)),
      `Correct ${this.#where(name)}, or what it runs. It ran on a copy of the database; nothing was changed.`
    );
  }
  #where(name) {
    return this.#settings.database.commands === void 0 ? "the Django service" : `database.commands.${name}`;
  }
};
function reachOf(scratch, database) {
  return database === void 0 ? scratch.reach : scratch.named(database);
}
__name(reachOf, "reachOf");
function wrongStart(ran, steps) {
  const [first] = ran ?? [];
  if (ran === null || first === void 0 || ran.length === steps.length || first.code !== 0) return null;
  return `\`revision\` printed ${JSON.stringify(first.out.trim())} before \`migrate\`, expected ${JSON.stringify(steps[0]?.expect ?? "")}: \`migrate\` was not run`;
}
__name(wrongStart, "wrongStart");
function problemOf(name, ran, said) {
  if (ran === null) return `\`${name}\` was killed before it reported a result`;
  const tail = quotedTail(`${ran.out}
${ran.err}`, 8);
  return [...said === null ? [] : [said.message], `\`${name}\` ended with exit code ${ran.code}`, ...tail].join("\n");
}
__name(problemOf, "problemOf");
function nothingReached(name, ran, reach) {
  const output = ran === null ? "" : `${ran.out}
${ran.err}`;
  return missesWithheld(reach.withheld, output) ?? new TollgateError(
    "command-elsewhere",
    [
      `\`${name}\` failed and did not connect to the database of this run; nothing else can be reached.`,
      "",
      ...quotedTail(output, 8)
    ].join("\n"),
    `${USE_ENV.replaceAll("env.py", "the command")}

Nothing was changed.`
  );
}
__name(nothingReached, "nothingReached");

// core/database/plan/ask-alembic.ts
import { dag as dag7 } from "../sdk/index.ts";

// core/database/alembic/alembic-server.ts
import { randomUUID as randomUUID6 } from "node:crypto";
import { dag as dag6 } from "../sdk/index.ts";
var CLAIMS = "/var/lib/tollgate/claims";
var QUESTIONS = "/var/lib/tollgate/questions";
var GONE = 90;
var ASK = `umask 077; mkdir -p "$0"; cd "$0"
cat > "$1.draft"; mv "$1.draft" "$1.ask"
gone() {
  { flock --shared --nonblock 9 && return 0 || return 1; } 9<"$0/alive" 2>/dev/null
  [ ! -d "$0" ]
}
exec 8<> <(:)
for (( turn = 1; ; turn += 1 )); do
  [ ! -e "$0/$1.answered" ] || break
  if (( turn % 10 == 0 )) && gone "$0" && [ ! -e "$0/$1.answered" ]; then exit ${GONE}; fi
  read -t 0.02 -u 8 || true
done
cat "$0/$1.answered"`;
var STOP = `umask 077; mkdir -p "$0"; : > "$0/stop"
find "\${0%/*}" -mindepth 1 -maxdepth 1 -mtime +0 -exec rm -rf {} + 2>/dev/null || true`;
var answered = external_exports.object({ code: external_exports.number(), answer: external_exports.unknown(), output: external_exports.string() });
var AlembicServer = class {
  static {
    __name(this, "AlembicServer");
  }
  #asker;
  /** Of the questions. */
  folder = `${QUESTIONS}/${randomUUID6()}`;
  #ended;
  #over = false;
  /**
   * @param app the app's container, with a way to the database
   * @param asker a container with bash and no way to it. Not the app's: one that knows certificate authorities takes several times as
   *   long to start, where the engine has to add some of its own
   * @param bridge to the database that the app's code reaches, and nothing else
   * @param program what answers: one of our scripts, called with alembic's configuration and the folder of the questions
   * @param longest seconds after which it is ended, whatever it does; null: its statements have limits of their own
   */
  constructor(app, asker, bridge, interpreter, configuration, program = "tollgate_alembic.py", longest = null) {
    this.#asker = this.withFolder(asker);
    this.#ended = runProgram(
      this.withFolder(app).withMountedCache(CLAIMS, dag6.cacheVolume("tollgate-claims")),
      [
        ...longest === null ? [] : ["timeout", String(longest)],
        ...aloneCommand(interpreter, bridge, [`${SCRIPTS}/${program}`, configuration, this.folder])
      ],
      ALONE
    );
    const over = /* @__PURE__ */ __name(() => void (this.#over = true), "over");
    this.#ended.then(over, over);
  }
  /** It ended, and answers nothing any more. */
  get over() {
    return this.#over;
  }
  async ask({ once, ...question }) {
    const name = randomUUID6();
    const stdin = JSON.stringify({ ...question, claim: once ? name : null });
    const asking = this.#run(ASK, [name], stdin);
    asking.catch(() => void 0);
    const first = await Promise.race([asking.then(answerOf2), this.#ended.then(() => null)]);
    if (first !== null) return first;
    return this.lastWords();
  }
  /** A container in which a program can put questions by itself, and which is never answered from the engine's cache. */
  withFolder(container) {
    return container.withMountedCache(QUESTIONS, dag6.cacheVolume("tollgate-alembic-questions")).withEnvVariable("TOLLGATE_NONCE", randomUUID6());
  }
  /** Why an answer is missing: how it ended. */
  async lastWords() {
    const { code, out, err } = await this.#ended;
    return { code, answer: null, output: out + err };
  }
  /** Tells it to end, which it then does by itself. */
  async stop() {
    if (!this.#over) await this.#run(STOP, [], "").catch(() => void 0);
  }
  #run(script, parameters, stdin) {
    return runProgram(this.#asker, ["bash", "-euc", script, this.folder, ...parameters], { stdin });
  }
};
function answerOf2({ code, out, err }) {
  if (code === GONE) return null;
  return code === 0 ? answered.parse(JSON.parse(out)) : { code, answer: null, output: err };
}
__name(answerOf2, "answerOf");

// core/database/alembic/failure.ts
var failure = external_exports.object({
  /** In the words of what refused: the database, the settings class or the app. */
  message: external_exports.string(),
  revision: external_exports.string().nullable(),
  /** The last line of the app's own code, relative to its folder; null: none of it was at work. */
  file: external_exports.string().nullable(),
  line: external_exports.number().int().nullable()
});
function failureWords({ message, revision: revision2, file, line: line3 }) {
  const place = file === null ? null : line3 === null ? file : `${file}:${line3}`;
  const where = [revision2 === null ? null : `revision ${revision2}`, place].filter((part) => part !== null);
  return where.length === 0 ? message : `${message}
in ${where.join(", ")}`;
}
__name(failureWords, "failureWords");
function grouped(reasons) {
  const groups = /* @__PURE__ */ new Map();
  for (const reason of reasons) {
    const form = formOf(reason);
    const group = groups.get(form);
    if (group === void 0) groups.set(form, { first: reason, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()].flatMap(({ first, count: count2 }) => {
    if (count2 <= FEW) return reasons.filter((reason) => formOf(reason) === formOf(first));
    return [`${first}
and ${count2 - 1} more of the same kind`];
  });
}
__name(grouped, "grouped");
var FEW = 3;
function formOf(reason) {
  return reason.replace(/"[^"]*"|'[^']*'/g, "\u2026").replace(
    /\b(table|column|index|constraint|foreign key|invariant|relation|type|nullable|default|comment)( of)? \S+/g,
    "$1 \u2026"
  ).replace(/\b\w*[\d._]\w*\b/g, "\u2026");
}
__name(formOf, "formOf");

// core/database/alembic/revision.ts
var body = external_exports.enum(["missing", "empty", "raises", "work"]);
var revision = external_exports.object({
  revision: external_exports.string(),
  down: external_exports.array(external_exports.string()),
  dependsOn: external_exports.array(external_exports.string()),
  /** Of the branch that it is on. */
  labels: external_exports.array(external_exports.string()),
  message: external_exports.string(),
  /** Relative to the app's folder. */
  file: external_exports.string(),
  /** Of the revision's file. */
  sha256: external_exports.string(),
  upgrade: body,
  downgrade: body,
  downgradeLine: external_exports.number().int().nullable(),
  /** Lines of `upgrade` that ask for a live connection, as far as they can be told without running them. */
  live: external_exports.array(external_exports.number().int())
});
function whyNoDowngrade(from, pending) {
  const oneWay = pending.filter(({ downgrade }) => downgrade !== "work").map(({ revision: revision2 }) => revision2);
  if (oneWay.length > 0) return `${oneWay.join(", ")} has no downgrade`;
  return from.length > 1 ? "the database is at several heads" : null;
}
__name(whyNoDowngrade, "whyNoDowngrade");

// core/database/plan/answers.ts
var environment = external_exports.object({
  error: failure.nullable(),
  schema: external_exports.string().nullable(),
  table: external_exports.string(),
  /** Further schemas with a version table of that name. */
  also: external_exports.array(external_exports.string()),
  /** null: env.py has no target_metadata. */
  columns: external_exports.array(external_exports.object({ schema: external_exports.string().nullable(), table: external_exports.string(), columns: external_exports.array(external_exports.string()) })).nullable()
});
var description = external_exports.object({
  error: failure.nullable(),
  /** From the oldest to the newest. */
  revisions: external_exports.array(revision),
  heads: external_exports.array(external_exports.string()),
  /** Rows of the version table at the heads. */
  ends: external_exports.array(external_exports.string()),
  /** Where alembic's env.py is, relative to the app's folder. */
  folder: external_exports.string().nullable(),
  warnings: external_exports.array(external_exports.string()),
  environment: environment.nullable(),
  /** What env.py tried to reach besides its database; left out: nothing. */
  elsewhere: external_exports.array(elsewhere).optional()
});
var printed = external_exports.object({
  pieces: external_exports.array(external_exports.object({ text: external_exports.string(), revision: external_exports.string().nullable(), line: external_exports.number().int().nullable() })),
  errors: external_exports.array(failure)
});
var idle = external_exports.object({
  error: failure.nullable(),
  /** That env.py is at other revisions than the database; null: it is at the same. */
  wrongStart: external_exports.string().nullable()
});
var failureAt = failure.extend({ at: external_exports.string() });
var replayed = external_exports.object({
  upgraded: external_exports.array(external_exports.string()),
  downgraded: external_exports.array(external_exports.string()),
  upgradeError: failureAt.nullable(),
  downgradeError: failureAt.nullable(),
  elsewhere: external_exports.array(elsewhere).optional()
});
var lockMode = external_exports.enum([
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock"
]);
var lock = external_exports.object({ schema: external_exports.string(), table: external_exports.string(), mode: lockMode });
var change = external_exports.object({
  kind: external_exports.enum([
    "relation-created",
    "relation-dropped",
    "relation-renamed",
    "rewritten",
    "column-dropped",
    "column-renamed",
    "column-type",
    "column-required",
    "function-dropped"
  ]),
  schema: external_exports.string(),
  table: external_exports.string(),
  column: external_exports.string().nullable(),
  from: external_exports.string().nullable(),
  to: external_exports.string().nullable()
});
var statement = external_exports.object({
  revision: external_exports.string().nullable(),
  /** Line of the revision's file that printed it. */
  sourceLine: external_exports.number().int().nullable(),
  /** Line of the script, counted from 0. */
  line: external_exports.number().int(),
  lineEnd: external_exports.number().int(),
  text: external_exports.string(),
  /** Postgres's own name of the kind of statement. */
  kind: external_exports.string(),
  parseError: external_exports.string().nullable(),
  transaction: external_exports.boolean(),
  bookkeeping: external_exports.boolean(),
  /** It can do anything: DO, CALL, a function that is not known. */
  opaque: external_exports.boolean(),
  /** A query whose answer nobody reads but the revision itself. */
  reads: external_exports.boolean(),
  removesRows: external_exports.array(external_exports.string()),
  /** Postgres refuses it inside a transaction. */
  outside: external_exports.object({ way: external_exports.string(), schema: external_exports.string().nullable(), name: external_exports.string().nullable() }).nullable(),
  timeout: external_exports.object({ name: external_exports.string(), value: external_exports.string(), local: external_exports.boolean() }).nullable(),
  locks: external_exports.array(lock),
  /** Where `locks` is from; unknown: nothing could be seen. */
  evidence: external_exports.enum(["observed", "unknown", "none"]),
  changes: external_exports.array(change),
  error: external_exports.string().nullable()
});
var examination = external_exports.object({
  /** Of the copy. */
  serverVersion: external_exports.string(),
  /** All that alembic printed. */
  script: external_exports.string(),
  statements: external_exports.array(statement),
  /** The schema in words after the printed statements. */
  printedSchema: external_exports.array(external_exports.string()),
  upgraded: external_exports.array(
    external_exports.object({
      revision: external_exports.string(),
      changes: external_exports.array(change),
      locks: external_exports.array(lock),
      schemaChanged: external_exports.boolean(),
      schema: external_exports.array(external_exports.string())
    })
  ),
  downgraded: external_exports.array(
    external_exports.object({ revision: external_exports.string(), lost: external_exports.array(external_exports.string()), left: external_exports.array(external_exports.string()), didNothing: external_exports.boolean() })
  ),
  comparison: external_exports.object({
    revisions: external_exports.array(
      external_exports.object({ revision: external_exports.string(), notPrinted: external_exports.array(external_exports.string()), notRun: external_exports.array(external_exports.string()) })
    ),
    whilePrinting: external_exports.array(external_exports.string())
  }),
  lint: external_exports.array(
    external_exports.object({
      rule: external_exports.string(),
      level: external_exports.string(),
      message: external_exports.string(),
      help: external_exports.string().nullable(),
      line: external_exports.number().int()
    })
  )
});

// core/database/plan/ask-alembic.ts
var LONGEST = 900;
var tried = external_exports.object({ elsewhere: external_exports.array(elsewhere) });
var envAnswer = external_exports.object({ environment: external_exports.object({ error: external_exports.object({ message: external_exports.string() }).nullable() }).nullish() });
var PlanAlembic = class {
  static {
    __name(this, "PlanAlembic");
  }
  #server;
  #reach;
  #stopped = null;
  constructor({ app, reach, settings }) {
    this.#reach = reach;
    this.#server = new AlembicServer(
      reach.forApp(app),
      dag7.container().from(settings.database.image),
      reach.bridge,
      settings.qa.interpreter,
      settings.database.alembic,
      "tollgate_plan.py",
      LONGEST
    );
  }
  /** The revisions of the source. env.py is run as for `alembic upgrade head`, and runs none of them. */
  async describe({ variables }) {
    return this.checked(
      await this.#server.ask({ action: "describe", arguments: [], session: {}, environment: variables, once: false }),
      description
    );
  }
  /** A container in which a program can put questions by itself. */
  withFolder(container) {
    return this.#server.withFolder(container);
  }
  /** Where it puts them. */
  get folder() {
    return this.#server.folder;
  }
  /** An answer of tollgate_replay.py. */
  checked({ code, answer: answer2, output }, schema) {
    if (answer2 === null)
      throw alembicFailed(
        code === 124 ? `was stopped after ${LONGEST} s` : `ended with exit code ${code}`,
        this.#reach.redact(clip(output, 3e3))
      );
    const others = tried.parse(answer2).elsewhere.filter(({ database }) => database !== null);
    if (others.length > 0) throw reachedElsewhere(others);
    const { environment: environment2 } = envAnswer.parse(answer2);
    const withheld = environment2?.error == null ? null : missesWithheld(this.#reach.withheld, environment2.error.message);
    if (withheld !== null) throw withheld;
    return schema.parse(answer2);
  }
  /** Why it gave no answer. */
  async failed() {
    return this.checked(await this.#server.lastWords(), external_exports.never());
  }
  /** It was asked the last time: it begins to end. */
  stop() {
    return this.#stopped ??= this.#server.stop();
  }
};

// core/database/plan/copy.ts
import { readFile as readFile3 } from "node:fs/promises";
var LOGGING = [
  "autovacuum=off",
  "logging_collector=on",
  "log_destination=csvlog",
  "log_directory=log",
  "log_filename=tollgate",
  "log_rotation_size=0"
];
var SCRIPTS2 = "/opt/tollgate";
var PYTHON_FILES = [
  "tollgate_copy.py",
  "tollgate_ask.py",
  "tollgate_statements.py",
  "tollgate_observe.py",
  "tollgate_compare.py",
  "tollgate_lint.py",
  "tollgate_mentions.py",
  "tollgate_snapshot.sql"
];
var PACKAGES = [
  "pglast==8.8",
  "squawk-cli==2.70.0",
  "psycopg==3.3.9",
  "psycopg-binary==3.3.9",
  "typing-extensions==4.16.0"
];
async function planTools() {
  let container = forTools("python:3.11-slim").withExec(["pip", "install", "--quiet", "--no-deps", ...PACKAGES]);
  for (const name of PYTHON_FILES) container = container.withNewFile(`${SCRIPTS2}/${name}`, await planScript(name));
  return container;
}
__name(planTools, "planTools");
function planScript(name) {
  return readFile3(new URL(`python/${name}`, new URL("../core/database/plan/copy.ts", import.meta.url).href), "utf8");
}
__name(planScript, "planScript");
var COPY_SCRIPT = { noCopy: 3, noAlembic: 90 };
function copyScript(step2, ...files) {
  return ["python", `${SCRIPTS2}/tollgate_copy.py`, step2, ...files];
}
__name(copyScript, "copyScript");

// core/database/plan/digest.ts
import { createHash as createHash2 } from "node:crypto";
function planDigest(from, to, revisions, script) {
  const text = JSON.stringify({
    format: 1,
    from,
    to,
    revisions: revisions.map(({ revision: revision2, sha256 }) => [revision2, sha256]),
    // alembic writes no time and no path; the ends of lines are all that may differ between machines
    sql: script.replaceAll("\r\n", "\n")
  });
  return `sha256:${createHash2("sha256").update(text).digest("hex")}`;
}
__name(planDigest, "planDigest");

// core/database/alembic/current-revisions.ts
async function currentRevisions(session, { schema, name }) {
  const table = schema === null ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
  const { there } = await session.row(external_exports.object({ there: external_exports.boolean() }), "SELECT to_regclass($1) IS NOT NULL AS there", [
    table
  ]);
  if (!there) return [];
  const rows = await session.rows(
    external_exports.object({ revision: external_exports.string() }),
    `SELECT version_num AS revision FROM ${table} ORDER BY version_num COLLATE "C"`
  );
  return rows.map(({ revision: revision2 }) => revision2);
}
__name(currentRevisions, "currentRevisions");
async function currentOfEach(session, version2) {
  const each = [];
  for (const schema of [version2.schema, ...version2.also ?? []])
    each.push(await currentRevisions(session, { name: version2.name, schema }));
  return { each, all: [...new Set(each.flat())].sort() };
}
__name(currentOfEach, "currentOfEach");
async function locateVersionTable(session, version2) {
  if (version2.schema !== null) return version2;
  const { schema } = await session.row(
    external_exports.object({ schema: external_exports.string().nullable() }),
    `WITH tables AS (SELECT c.oid, n.nspname::text AS schema FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND c.relkind = 'r')
     SELECT coalesce((SELECT schema FROM tables WHERE oid = to_regclass($2)), (SELECT min(schema) FROM tables HAVING count(*) = 1), current_schema()::text) AS schema`,
    [version2.name, identifier(version2.name)]
  );
  return { ...version2, schema };
}
__name(locateVersionTable, "locateVersionTable");
function oneVersionTable(tables) {
  const [first, ...others] = tables;
  if (first === void 0)
    throw new TollgateError(
      "env-unreadable",
      "env.py never called context.run_migrations().",
      "env.py must call it, as the one that `alembic init` writes does. Nothing was changed."
    );
  const also = others.flatMap(({ name, schema }) => name === first.name && schema !== null ? [schema] : []);
  if (also.length === others.length) return also.length === 0 ? first : { ...first, also };
  throw new TollgateError(
    "several-version-tables",
    `env.py uses version tables of several names: ${tables.map(({ schema, name }) => `${schema ?? "?"}.${name}`).join(", ")}.`,
    "Give the version table the same name in every schema, or each its own alembic configuration and tollgate.yaml. Nothing was changed."
  );
}
__name(oneVersionTable, "oneVersionTable");

// core/database/migrate/records.ts
import { createHash as createHash4 } from "node:crypto";

// core/database/copy/hash-chain.ts
import { createHash as createHash3 } from "node:crypto";
function chainAfter(before, revision2, sha256) {
  return createHash3("sha256").update(`${before}
${revision2}
${sha256}`).digest("hex");
}
__name(chainAfter, "chainAfter");
function readChain(rows) {
  if (rows.length === 0) return { kind: "none" };
  let before = "";
  let broken = null;
  for (const { number, revision: revision2, sha256, chain } of rows) {
    if (chain !== chainAfter(before, revision2, sha256))
      broken ??= `row ${number} (revision ${revision2}) does not match the hash of the rows before it`;
    before = chain;
  }
  return {
    kind: "chain",
    revisions: rows.map(({ revision: revision2, sha256, at }) => ({ revision: revision2, sha256, appliedAt: at })),
    broken
  };
}
__name(readChain, "readChain");
function changedRevisions(record, source) {
  if (record.kind === "none") return [];
  const last = new Map(record.revisions.map((applied) => [applied.revision, applied]));
  return source.flatMap((now) => {
    const applied = last.get(now.revision);
    return applied === void 0 || applied.sha256 === now.sha256 ? [] : [{ applied, now }];
  });
}
__name(changedRevisions, "changedRevisions");

// core/database/migrate/records.ts
var TABLES = `
CREATE SCHEMA IF NOT EXISTS tollgate;
CREATE TABLE IF NOT EXISTS tollgate.runs (
  id text PRIMARY KEY, kind text NOT NULL, environment text NOT NULL, tollgate_version text NOT NULL, started_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE IF NOT EXISTS tollgate.events (
  number bigserial PRIMARY KEY, run text NOT NULL REFERENCES tollgate.runs, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  step text NOT NULL, status text NOT NULL, detail jsonb NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS tollgate.revisions (
  number bigserial PRIMARY KEY, revision text NOT NULL, sha256 text NOT NULL, chain text NOT NULL, run text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE IF NOT EXISTS tollgate.lease (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), owner text NOT NULL, run text NOT NULL, pid integer NOT NULL, expires_at timestamptz NOT NULL);
CREATE OR REPLACE FUNCTION tollgate.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'tollgate.% is only ever added to', TG_TABLE_NAME; END $$;
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON tollgate.runs FOR EACH STATEMENT EXECUTE FUNCTION tollgate.refuse();
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON tollgate.events FOR EACH STATEMENT EXECUTE FUNCTION tollgate.refuse();
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON tollgate.revisions FOR EACH STATEMENT EXECUTE FUNCTION tollgate.refuse();
`;
async function prepareRecords(session) {
  await session.run(`BEGIN; ${TABLES} COMMIT;`);
}
__name(prepareRecords, "prepareRecords");
var chained = external_exports.object({
  number: external_exports.coerce.number(),
  revision: external_exports.string(),
  sha256: external_exports.string(),
  chain: external_exports.string(),
  at: external_exports.string()
});
var CHAINED = `SELECT number, revision, sha256, chain, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') AS at FROM tollgate.revisions ORDER BY number`;
async function appliedRecord(session) {
  return await hasTable(session, "revisions") ? readChain(await session.rows(chained, CHAINED)) : { kind: "none" };
}
__name(appliedRecord, "appliedRecord");
async function hasTable(session, name) {
  const { there } = await session.row(external_exports.object({ there: external_exports.boolean() }), "SELECT to_regclass($1) IS NOT NULL AS there", [
    `tollgate.${name}`
  ]);
  return there;
}
__name(hasTable, "hasTable");
async function recordRevisions(session, run, applied) {
  const before = await session.rows(chained, CHAINED);
  const last = new Map(before.map(({ revision: revision2, sha256 }) => [revision2, sha256]));
  let chain = before.at(-1)?.chain ?? "";
  for (const { revision: revision2, sha256 } of applied) {
    if (last.get(revision2) === sha256) continue;
    chain = chainAfter(chain, revision2, sha256);
    await session.run("INSERT INTO tollgate.revisions (revision, sha256, chain, run) VALUES ($1, $2, $3, $4)", [
      revision2,
      sha256,
      chain,
      run
    ]);
  }
}
__name(recordRevisions, "recordRevisions");
async function recordRun(session, run, kind, environment2, version2) {
  await session.run(
    "INSERT INTO tollgate.runs (id, kind, environment, tollgate_version) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    [run, kind, environment2, version2]
  );
}
__name(recordRun, "recordRun");
async function recordEvent(session, run, event) {
  await session.run("INSERT INTO tollgate.events (run, step, status, detail) VALUES ($1, $2, $3, $4)", [
    run,
    event.step,
    event.status,
    JSON.stringify(event.detail ?? {})
  ]);
}
__name(recordEvent, "recordEvent");
var measured = external_exports.object({ at: external_exports.string(), what: external_exports.enum(["rehearsal", "migration"]), seconds: external_exports.number() });
var MEASURED = "measured";
function upgradeDigest(from, revisions) {
  return createHash4("sha256").update(JSON.stringify([from, revisions.map(({ revision: revision2, sha256 }) => [revision2, sha256])])).digest("hex");
}
__name(upgradeDigest, "upgradeDigest");
async function recordMeasured(session, run, what, upgrade, seconds) {
  await recordEvent(session, run, { step: MEASURED, status: "done", detail: { what, upgrade, seconds } });
}
__name(recordMeasured, "recordMeasured");
async function newestMeasured(session, upgrade) {
  if (!await hasTable(session, "events")) return null;
  const [found] = await session.rows(
    measured,
    `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') AS at, detail->>'what' AS what, (detail->>'seconds')::float8 AS seconds
     FROM tollgate.events WHERE step = $1 AND detail->>'upgrade' = $2 ORDER BY number DESC LIMIT 1`,
    [MEASURED, upgrade]
  );
  return found ?? null;
}
__name(newestMeasured, "newestMeasured");
async function recordedReport(session, run) {
  if (!await hasTable(session, "events")) return null;
  const [found] = await session.rows(
    external_exports.object({ report: external_exports.unknown() }),
    "SELECT detail->'report' AS report FROM tollgate.events WHERE step = 'end' AND detail ? 'report' AND ($1 = '' OR run = $1) ORDER BY number DESC LIMIT 1",
    [run]
  );
  return found?.report ?? null;
}
__name(recordedReport, "recordedReport");
var unfinished = external_exports.object({ run: external_exports.string(), detail: external_exports.unknown() });
async function unfinishedRun(session) {
  const [found] = await session.rows(
    unfinished,
    `SELECT e.run, e.detail FROM tollgate.events e WHERE e.step = 'upgrade' AND e.status = 'started'
     AND NOT EXISTS (SELECT FROM tollgate.events l WHERE l.step = 'end' AND l.number > e.number) ORDER BY e.number DESC LIMIT 1`
  );
  return found ?? null;
}
__name(unfinishedRun, "unfinishedRun");

// core/database/plan/facts.ts
var COUNTED_BYTES = 64 * 1024 * 1024;
var userTables = `
  SELECT n.nspname AS schema, c.relname AS "table", c.reltuples::float8 AS estimate, pg_catalog.pg_total_relation_size(c.oid)::float8 AS bytes,
         pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'tollgate') AND n.nspname !~ '^pg_(toast|temp)'
  ORDER BY 1, 2`;
var tableRow = external_exports.object({
  schema: external_exports.string(),
  table: external_exports.string(),
  estimate: external_exports.number(),
  bytes: external_exports.number(),
  readable: external_exports.boolean()
});
async function readFacts(address, version2) {
  return withReadOnlySession(address, "tollgate migration-plan", async (session) => {
    const server = await session.row(
      external_exports.object({ version: external_exports.string(), database: external_exports.string(), user: external_exports.string() }),
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_database()::text AS database, current_user::text AS "user"`
    );
    const versionTable = await locateVersionTable(session, version2);
    const { each, all } = await currentOfEach(session, versionTable);
    const record = await appliedRecord(session);
    const tables = [];
    for (const { schema, table, estimate, bytes, readable } of await session.rows(tableRow, userTables)) {
      const counted2 = readable && bytes <= COUNTED_BYTES;
      const rows = counted2 ? await countRows2(session, schema, table) : Math.max(0, Math.round(estimate));
      tables.push({ schema, table, rows, exact: counted2, bytes });
    }
    return {
      serverVersion: server.version,
      database: server.database,
      user: server.user,
      versionTable,
      current: all,
      currentOfEach: each,
      tables,
      record
    };
  });
}
__name(readFacts, "readFacts");
async function readMeasured(address, current, pending) {
  return withReadOnlySession(
    address,
    "tollgate migration-plan",
    (session) => newestMeasured(session, upgradeDigest(current, pending))
  );
}
__name(readMeasured, "readMeasured");
async function countRows2(session, schema, table) {
  const { rows } = await session.row(
    external_exports.object({ rows: external_exports.coerce.number() }),
    `SELECT count(*) AS rows FROM ONLY ${identifier(schema)}.${identifier(table)}`
  );
  return rows;
}
__name(countRows2, "countRows");

// core/database/plan/gather.ts
var gathered = external_exports.object({
  answers: external_exports.object({ print: answered, idle: answered, replay: answered, steps: answered.optional() }),
  /** null: the answers say why. */
  examined: examination.nullable(),
  seconds: external_exports.object({ copied: external_exports.number(), ran: external_exports.number(), examined: external_exports.number() })
});
async function gatherEvidence(gathering) {
  const { alembic, pending, facts } = gathering;
  const { answers, examined } = await step(
    "run and examine the revisions on copies",
    () => gather(gathering),
    ({ seconds: { copied, ran, examined: last } }) => `copies ${copied.toFixed(1)} s, alembic ${ran.toFixed(1)} s, statements ${last.toFixed(1)} s`
  );
  const print = alembic.checked(answers.print, printed);
  const { wrongStart: wrongStart2 } = alembic.checked(answers.idle, idle);
  const judged = oneByOne(
    alembic.checked(answers.replay, replayed),
    answers.steps === void 0 ? null : alembic.checked(answers.steps, replayed)
  );
  if (wrongStart2 !== null) throw beginsElsewhere(wrongStart2);
  if (examined === null)
    throw copyFailed2("examined", "", "This is a bug in Tollgate: please open an issue with the log.");
  return {
    pending: pending.revisions,
    tables: tablesIn(facts.versionTable),
    printed: print,
    replayed: judged,
    examined
  };
}
__name(gatherEvidence, "gatherEvidence");
var QUESTION = "/plan/question.json";
var ANSWER = "/plan/answer.json";
async function gather(gathering) {
  const { settings, alembic, scratch, facts } = gathering;
  const steps = JSON.stringify(replaySteps(gathering));
  const asked = /* @__PURE__ */ __name((name, action, parameters) => ({
    action,
    arguments: parameters,
    environment: scratch.named(name).variables
  }), "asked");
  const question = {
    facts: factsOfCopies(scratch, noted(gathering)),
    folder: alembic.folder,
    questions: {
      print: asked("tollgate_print", "print", [steps]),
      idle: asked("tollgate_idle", "idle", [JSON.stringify(facts.current), String(tablesIn(facts.versionTable))]),
      replay: asked("tollgate_replay", "replay", [steps]),
      steps: asked("tollgate_steps", "steps", [steps])
    },
    versionTable: facts.versionTable.name,
    serverVersion: lintVersion(facts.serverVersion),
    preamble: preamble(settings)
  };
  const tools = alembic.withFolder(scratch.server.asSuperuser(await planTools())).withNewFile(QUESTION, JSON.stringify(question));
  const { code, err, after } = await runProgram(withOptions(tools, scratch), copyScript("plan", QUESTION, ANSWER));
  alembic.stop().catch(() => void 0);
  if (code === COPY_SCRIPT.noCopy)
    throw copyFailed2(
      "made",
      err,
      `database.image of tollgate.yaml (${settings.database.image}) must have the extensions that the database uses.`
    );
  if (code === COPY_SCRIPT.noAlembic) return alembic.failed();
  if (code !== 0 || after === null)
    throw copyFailed2("examined", err, "This is a bug in Tollgate: please open an issue with the log.");
  return gathered.parse(JSON.parse(await after.file(ANSWER).contents()));
}
__name(gather, "gather");
function beginsElsewhere(why) {
  return new TollgateError(
    "copy-differs",
    `On a copy of the database ${why}.`,
    "env.py must find its version table in the database that it is given: set version_table_schema in context.configure, or the search_path of the role (ALTER ROLE \u2026 SET search_path). Nothing was changed."
  );
}
__name(beginsElsewhere, "beginsElsewhere");
function preamble({ database }) {
  return `SET lock_timeout = '${database.lockTimeout}s';
SET statement_timeout = '${database.statementTimeout}s';
`;
}
__name(preamble, "preamble");
function lintVersion(version2) {
  const [major = "15", minor = "0"] = version2.split(".");
  return `${Number.parseInt(major, 10)}.${Number.parseInt(minor, 10) || 0}`;
}
__name(lintVersion, "lintVersion");
function oneByOne(whole2, again) {
  if (whole2.upgradeError === null || again === null) return whole2;
  if (again.upgradeError !== null) return again;
  const message = `${whole2.upgradeError.message}
Each revision works in a transaction of its own; env.py runs them all in one.`;
  return { ...again, upgradeError: { ...whole2.upgradeError, message } };
}
__name(oneByOne, "oneByOne");
function replaySteps({ pending, facts }) {
  const linear = pending.target === "head" && tablesIn(facts.versionTable) === 1 && facts.current.length <= 1 && pending.revisions.every(({ down, dependsOn }) => down.length <= 1 && dependsOn.length === 0);
  const from = facts.currentOfEach.find((current) => !pending.revisions.some(({ revision: revision2 }) => current.includes(revision2))) ?? facts.current;
  return {
    from,
    target: pending.target,
    steps: pending.revisions.map(({ revision: revision2, down }) => ({ revision: revision2, down: linear ? down[0] ?? "base" : null }))
  };
}
__name(replaySteps, "replaySteps");
function withOptions(tools, { options }) {
  return options === "" ? tools : tools.withEnvVariable("PGOPTIONS", options);
}
__name(withOptions, "withOptions");
var COPIES2 = ["tollgate_print", "tollgate_idle", "tollgate_replay", "tollgate_steps", "tollgate_observe"];
function noted({ facts, versionsThere }) {
  if (versionsThere) return { versionTable: facts.versionTable.name, current: [] };
  const current = [facts.versionTable.schema, ...facts.versionTable.also ?? []].map((schema, index) => ({
    schema,
    revisions: facts.currentOfEach[index] ?? []
  }));
  return { versionTable: facts.versionTable.name, current };
}
__name(noted, "noted");
function factsOfCopies({ likeness: likeness2 }, { versionTable, current }) {
  return {
    database: likeness2.database.name,
    owner: likeness2.database.owner,
    // printed statements are run by the superuser, under the settings of the app's user
    copies: Object.fromEntries(
      COPIES2.map((name) => [name, databaseSettingsScript(likeness2, name, name === "tollgate_observe")])
    ),
    versionTable,
    current
  };
}
__name(factsOfCopies, "factsOfCopies");
function copyFailed2(what, output, next) {
  const tail = quotedTail(clip(output, 3e3), 8);
  return new TollgateError(
    "copy-failed",
    [`The empty copy of the database could not be ${what}.`, "", ...tail].join("\n"),
    `Nothing was changed. ${next}`
  );
}
__name(copyFailed2, "copyFailed");

// core/database/plan/rules/accept.ts
var NEVER = /* @__PURE__ */ new Set([
  "revisions-unreadable",
  "revision-twice",
  "env-unreadable",
  "no-revision",
  "several-heads",
  "unknown-current",
  "record-broken",
  "sql-unprintable",
  "upgrade-fails"
]);
function accept(findings, accepted) {
  return findings.map((finding2) => {
    const found = NEVER.has(finding2.code) ? void 0 : accepted.find(
      ({ rule, revisions }) => rule === finding2.code && (revisions === null || finding2.revision !== null && revisions.includes(finding2.revision))
    );
    return found === void 0 ? finding2 : { ...finding2, accepted: found.reason };
  });
}
__name(accept, "accept");

// core/database/plan/rules/finding.ts
function finding(code, severity, message, about = {}) {
  return {
    code,
    severity,
    revision: about.revision?.revision ?? null,
    file: about.file ?? about.revision?.file ?? null,
    line: about.line ?? null,
    statement: about.statement ?? null,
    message,
    help: about.help ?? null,
    accepted: null
  };
}
__name(finding, "finding");
function brief(text, longest = 120) {
  const plain = text.replace(/\s+/g, " ").trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1)}\u2026`;
}
__name(brief, "brief");
function whole(text) {
  return text.replace(/\s+/g, " ").trim();
}
__name(whole, "whole");

// core/database/plan/rules/complete.ts
function notPrinted({ pending, printed: printed2, examined }) {
  const found = /* @__PURE__ */ new Map();
  for (const revision2 of pending) {
    const failed = printed2.errors.find((error) => error.revision === revision2.revision);
    const seen = examined.comparison.revisions.find((one) => one.revision === revision2.revision);
    const statements = seen?.notPrinted ?? [];
    const query = examined.statements.find(
      (statement2) => statement2.revision === revision2.revision && statement2.reads && !statement2.opaque && statement2.removesRows.length === 0
    );
    if (failed === void 0 && statements.length === 0 && query === void 0) continue;
    found.set(revision2.revision, {
      statements,
      query: query?.text ?? null,
      why: failed?.message ?? null,
      line: failed?.line ?? query?.sourceLine ?? revision2.live[0] ?? null
    });
  }
  return found;
}
__name(notPrinted, "notPrinted");
function judgeCompleteness(evidence) {
  const { pending, printed: printed2, replayed: replayed2, examined } = evidence;
  const missing = notPrinted(evidence);
  const findings = pending.flatMap((revision2) => {
    const hidden = missing.get(revision2.revision);
    return [...hidden === void 0 ? [] : [incomplete(revision2, hidden)], ...notRun(revision2, evidence)];
  });
  for (const error of printed2.errors) {
    if (error.revision === null)
      findings.push(
        finding("sql-unprintable", "warning", `alembic upgrade --sql fails: ${whole(error.message)}`, {
          file: error.file,
          line: error.line,
          help: "The plan shows what the revisions did when they ran on the copy; their SQL is not shown."
        })
      );
  }
  if (examined.comparison.whilePrinting.length > 0)
    findings.push(
      finding(
        "database-asked-while-printing",
        "warning",
        `env.py or a revision asks the database even when alembic only prints: ${brief(examined.comparison.whilePrinting[0] ?? "")}`,
        {
          help: "What is printed then depends on the database that it is printed beside."
        }
      )
    );
  if (replayed2.upgradeError !== null) {
    const { at, message, file, line: line3 } = replayed2.upgradeError;
    findings.push(
      finding("upgrade-fails", "error", `${at} fails on an empty copy of the schema: ${whole(message)}`, {
        revision: pending.find(({ revision: revision2 }) => revision2 === at),
        file,
        line: line3
      })
    );
  }
  const last = examined.upgraded.at(-1);
  const unprinted = printed2.errors.some(({ revision: revision2 }) => revision2 === null);
  if (evidence.tables === 1 && missing.size === 0 && !unprinted && replayed2.upgradeError === null && last !== void 0) {
    const differences = [
      ...onlyIn(last.schema, examined.printedSchema).map((line3) => `only alembic makes: ${line3}`),
      ...onlyIn(examined.printedSchema, last.schema).map((line3) => `only the SQL makes: ${line3}`)
    ];
    if (differences.length > 0)
      findings.push(
        finding(
          "sql-differs",
          "error",
          `The printed SQL leads to another schema than alembic does: ${differences.slice(0, 3).map((line3) => brief(line3, 160)).join("; ")}.`,
          {
            help: "A revision that asks whether it is being printed (context.is_offline_mode) shows one thing and does another."
          }
        )
      );
  }
  return findings;
}
__name(judgeCompleteness, "judgeCompleteness");
function incomplete(revision2, hidden) {
  const [first] = hidden.statements;
  const example = first === void 0 ? "" : ` On the empty copy it also sent: ${brief(first)}${hidden.statements.length > 1 ? ` and ${hidden.statements.length - 1} more` : ""}.`;
  const reads = hidden.query === null ? "It runs Python against the database." : `It reads rows and goes on by what it finds: ${brief(hidden.query)}.`;
  const why = hidden.why === null ? reads : `Printing it stops with: ${brief(hidden.why, 200)}.`;
  return finding(
    "sql-incomplete",
    "warning",
    `The SQL shown for ${revision2.revision} is not everything. ${why}${example}`,
    {
      revision: revision2,
      line: hidden.line,
      help: "What it does to rows is only seen when it runs on a copy that has them: the rehearsal of migrate."
    }
  );
}
__name(incomplete, "incomplete");
function notRun(revision2, { examined, replayed: replayed2 }) {
  if (replayed2.upgradeError?.at === revision2.revision) return [];
  const statements = examined.comparison.revisions.find((one) => one.revision === revision2.revision)?.notRun ?? [];
  const [first] = statements;
  if (first === void 0) return [];
  return [
    finding("sql-not-run", "warning", `${revision2.revision} prints a statement that it does not run: ${brief(first)}`, {
      revision: revision2,
      statement: first
    })
  ];
}
__name(notRun, "notRun");
function onlyIn(some, others) {
  return some.filter((line3) => !others.includes(line3) && !line3.includes("alembic_version"));
}
__name(onlyIn, "onlyIn");

// core/database/plan/lineage.ts
var Lineage = class {
  static {
    __name(this, "Lineage");
  }
  #tables = /* @__PURE__ */ new Map();
  #columns = /* @__PURE__ */ new Map();
  /** The name that the running version knows the table by. */
  table(schema, table) {
    const key = `${schema}.${table}`;
    const known = this.#tables.get(key);
    return known === void 0 ? key : known;
  }
  column(schema, table, column) {
    return this.#columns.get(`${this.table(schema, table)} ${column}`) ?? column;
  }
  follow(change2) {
    const { schema, table, column, to } = change2;
    const key = `${schema}.${table}`;
    if (change2.kind === "relation-created") this.#tables.set(key, null);
    if (change2.kind === "relation-renamed" && to !== null) {
      this.#tables.set(to.includes(".") ? to : `${schema}.${to}`, this.table(schema, table));
      this.#tables.delete(key);
    }
    if (change2.kind === "column-renamed" && column !== null && to !== null)
      this.#columns.set(`${this.table(schema, table)} ${to}`, this.column(schema, table, column));
  }
};

// core/database/plan/rules/narrowing.ts
var WIDER = [
  ["smallint", "integer", "bigint", "numeric"],
  ["real", "double precision"],
  ["character varying", "text"],
  ["character", "character varying", "text"],
  ["date", "timestamp without time zone"],
  ["json", "text"]
];
function parseType(type) {
  const found = /^([^(]+?)\s*(?:\(([\d,\s]+)\))?(\s+with(?:out)? time zone)?(\[\])*$/.exec(type);
  if (found === null) return { name: type, arguments: [] };
  const [, name = "", given = "", zone = ""] = found;
  return { name: `${name}${zone}`, arguments: given === "" ? [] : given.split(",").map(Number) };
}
__name(parseType, "parseType");
function narrows(from, to) {
  if (from === to) return false;
  if (from.endsWith("[]") || to.endsWith("[]")) return true;
  const [old, now] = [parseType(from), parseType(to)];
  if (old.name === now.name) return argumentsNarrow(old, now);
  const wider = WIDER.some((list) => list.includes(old.name) && list.indexOf(now.name) > list.indexOf(old.name));
  if (!wider) return true;
  if (now.name === "numeric") return now.arguments.length > 0;
  const [length] = now.arguments;
  return length !== void 0 && (old.arguments[0] === void 0 || old.arguments[0] > length);
}
__name(narrows, "narrows");
function argumentsNarrow(old, now) {
  if (now.arguments.length === 0) return false;
  if (old.arguments.length === 0) return true;
  if (old.name === "numeric") {
    const [oldDigits = 0, oldScale = 0] = old.arguments;
    const [digits = 0, scale = 0] = now.arguments;
    return scale < oldScale || digits - scale < oldDigits - oldScale;
  }
  return (now.arguments[0] ?? 0) < (old.arguments[0] ?? 0);
}
__name(argumentsNarrow, "argumentsNarrow");

// core/database/plan/rules/destructive.ts
function judgeDestructive(revisions, contract, running) {
  const lineage = new Lineage();
  return revisions.flatMap(
    ({ revision: revision2, changes }) => changes.flatMap(({ change: change2, line: line3, statement: statement2 }) => {
      const destructive = destructiveOf(change2, lineage);
      lineage.follow(change2);
      return destructive === null ? [] : [judge(destructive, { revision: revision2, line: line3, statement: statement2 }, contract.includes(revision2.revision), running)];
    })
  );
}
__name(judgeDestructive, "judgeDestructive");
function destructiveOf(change2, lineage) {
  if (change2.kind === "function-dropped")
    return {
      code: "function-dropped",
      what: `drops the function ${change2.table}`,
      help: "Drop it in a later release, when nothing calls it.",
      table: change2.table,
      column: null
    };
  const table = lineage.table(change2.schema, change2.table);
  if (table === null) return null;
  const column = change2.column === null ? null : lineage.column(change2.schema, change2.table, change2.column);
  const shown = display(table);
  const place = { table, column };
  switch (change2.kind) {
    case "relation-dropped":
      return {
        ...place,
        code: "table-dropped",
        what: `drops ${shown}`,
        help: "Drop it in a later release, when the running version no longer uses it, and mark that revision in database.contract."
      };
    case "relation-renamed":
      return {
        ...place,
        code: "table-renamed",
        what: `renames ${shown} to ${change2.to ?? "?"}`,
        help: "Rename in steps: make the new one, write to both, switch, and drop the old one in a later release."
      };
    case "column-dropped":
      return {
        ...place,
        code: "column-dropped",
        what: `drops ${shown}.${column}`,
        help: "Drop it in a later release, when the running version no longer uses it, and mark that revision in database.contract."
      };
    case "column-renamed":
      return {
        ...place,
        code: "column-renamed",
        what: `renames ${shown}.${column} to ${change2.to ?? "?"}`,
        help: "Add the new column, write to both, copy, switch, and drop the old one in a later release."
      };
    case "column-type": {
      const { from, to } = change2;
      if (from === null || to === null || !narrows(from, to)) return null;
      return {
        ...place,
        code: "type-narrowed",
        what: `changes ${shown}.${column} from ${from} to ${to}, which not every value fits`,
        help: "Add a column of the new type, write to both, copy, switch, and drop the old one in a later release."
      };
    }
    case "column-required":
      return change2.to === "new" ? {
        table,
        column: null,
        code: "column-required",
        what: `adds ${shown}.${column}, which must have a value and has no default`,
        help: "Give it a default, or let it be null until every running version writes it."
      } : {
        ...place,
        code: "column-required",
        what: `makes ${shown}.${column} NOT NULL without a default`,
        help: "First release the version that always writes it, then require it."
      };
    default:
      return null;
  }
}
__name(destructiveOf, "destructiveOf");
function judge(destructive, at, contract, running) {
  const { code, what } = destructive;
  const about = { ...at, help: destructive.help };
  if (running.kind === "unknown") {
    if (contract)
      return finding(code, "note", `${at.revision.revision} ${what}. It is marked as contract phase.`, {
        ...about,
        help: null
      });
    return finding(
      code,
      "error",
      `${at.revision.revision} ${what}, and the running version may use it: ${running.why}.`,
      about
    );
  }
  const used = usesOf(destructive, running);
  const where = places(used.mentions);
  if (used.mapped) {
    if (!contract)
      return finding(
        code,
        "error",
        `${at.revision.revision} ${what}, which the running version's models map${where}.`,
        about
      );
    return finding(
      "contract-too-early",
      "error",
      `${at.revision.revision} ${what}. It is marked as contract phase, but the running version's models still map it${where}.`,
      {
        ...about,
        help: "First release a version whose models do not have it."
      }
    );
  }
  if (used.mentions.length > 0)
    return finding(
      code,
      contract ? "warning" : "error",
      `${at.revision.revision} ${what}. The running version's models do not map it, but the name stands in its source${where}.`,
      about
    );
  return finding(
    code,
    contract ? "note" : "warning",
    `${at.revision.revision} ${what}. Neither the running version's models nor its source name it.`,
    { ...about, help: null }
  );
}
__name(judge, "judge");
function usesOf({ table, column }, running) {
  const [schema, name] = splitName(table);
  const mapped = running.tables.filter((one) => one.table === name && (one.schema === null || one.schema === schema));
  return {
    mapped: mapped.some(({ columns }) => column === null || columns.includes(column)),
    mentions: running.mentions.get(column ?? name) ?? []
  };
}
__name(usesOf, "usesOf");
function splitName(table) {
  const name = table.replace(/\(.*$/, "");
  const dot = name.indexOf(".");
  return dot === -1 ? ["public", name] : [name.slice(0, dot), name.slice(dot + 1)];
}
__name(splitName, "splitName");
function display(table) {
  return table.startsWith("public.") ? table.slice("public.".length) : table;
}
__name(display, "display");
function places(mentions2) {
  const shown = mentions2.slice(0, 3).map(({ file, line: line3 }) => `${file}:${line3}`);
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`;
}
__name(places, "places");

// core/database/plan/rules/downgrade.ts
function judgeDowngrades({ pending, replayed: replayed2, examined }) {
  const changed = new Map(examined.upgraded.map(({ revision: revision2, schemaChanged }) => [revision2, schemaChanged]));
  const ran = new Map(examined.downgraded.map((downgrade) => [downgrade.revision, downgrade]));
  return pending.flatMap((revision2) => {
    const at = { revision: revision2, line: revision2.downgradeLine };
    const undoes = revision2.upgrade === "work" || changed.get(revision2.revision) === true;
    if (!undoes) return [];
    if (revision2.downgrade === "missing" || revision2.downgrade === "empty")
      return [
        finding(
          "downgrade-empty",
          "error",
          `The downgrade of ${revision2.revision} does nothing: alembic would call it undone while all of it is still there.`,
          {
            ...at,
            help: "Write what undoes it, or raise an error that says why it cannot be undone."
          }
        )
      ];
    if (revision2.downgrade === "raises")
      return [
        finding(
          "downgrade-refused",
          "warning",
          `The downgrade of ${revision2.revision} raises an error: only a restore undoes it.`,
          at
        )
      ];
    if (replayed2.downgradeError?.at === revision2.revision)
      return [
        finding(
          "downgrade-fails",
          "error",
          `The downgrade of ${revision2.revision} fails on the empty copy: ${whole(replayed2.downgradeError.message)}`,
          { revision: revision2, file: replayed2.downgradeError.file, line: replayed2.downgradeError.line ?? at.line }
        )
      ];
    const downgrade = ran.get(revision2.revision);
    if (downgrade === void 0)
      return replayed2.upgradeError === null ? [
        finding(
          "downgrade-unseen",
          "note",
          `The downgrade of ${revision2.revision} was not tried: ${unseenWhy(replayed2)}.`,
          at
        )
      ] : [];
    if (downgrade.didNothing && changed.get(revision2.revision) === true)
      return [
        finding(
          "downgrade-empty",
          "error",
          `The downgrade of ${revision2.revision} ran and left the schema as it was: it undoes nothing.`,
          {
            ...at,
            help: "Write what undoes it, or raise an error that says why it cannot be undone."
          }
        )
      ];
    const differences = [
      ...downgrade.left.map((line3) => `still there: ${line3}`),
      ...downgrade.lost.map((line3) => `not back: ${line3}`)
    ];
    if (differences.length === 0) return [];
    const shown = differences.slice(0, 3).map((line3) => brief(line3, 160)).join("; ");
    const more = differences.length > 3 ? ` and ${differences.length - 3} more` : "";
    return [
      finding(
        "downgrade-differs",
        "warning",
        `After the downgrade of ${revision2.revision} the schema is not what it was before: ${shown}${more}.`,
        at
      )
    ];
  });
}
__name(judgeDowngrades, "judgeDowngrades");
function unseenWhy({ downgradeError }) {
  return downgradeError === null ? "after a merge there is more than one way down" : `the one of ${downgradeError.at}, which runs before it, fails`;
}
__name(unseenWhy, "unseenWhy");

// core/database/plan/rules/outside.ts
function judgeOutside({ pending, examined }) {
  const revisions = new Map(pending.map((revision2) => [revision2.revision, revision2]));
  return outsideTransactions(examined.statements).flatMap((statement2) => {
    const revision2 = statement2.revision === null ? void 0 : revisions.get(statement2.revision);
    if (revision2 === void 0) return [];
    const about = { revision: revision2, line: statement2.sourceLine, statement: statement2.text, help: meaning(statement2) };
    return [
      finding(
        "outside-transaction",
        statement2.outside === null ? "warning" : "note",
        `${revision2.revision} runs outside of a transaction: ${brief(statement2.text, 80)}. It lasts whatever fails after it.`,
        about
      )
    ];
  });
}
__name(judgeOutside, "judgeOutside");
function outsideTransactions(statements) {
  let inside = false;
  return statements.filter(({ transaction, bookkeeping, reads, timeout, text, outside }) => {
    if (transaction) {
      inside = /^\s*(?:BEGIN|START)\b/i.test(text);
      return false;
    }
    return outside !== null || !inside && !bookkeeping && !reads && timeout === null;
  });
}
__name(outsideTransactions, "outsideTransactions");
function meaning({ outside }) {
  switch (outside?.way) {
    case "create-index-concurrently":
    case "reindex-concurrently":
      return "When it fails itself it leaves an index that is INVALID: drop it (DROP INDEX CONCURRENTLY \u2026) and migrate again. When a later statement fails, the index stays; migrate undoes it by the rehearsed downgrade, or asks. In a revision of its own nothing comes after it.";
    case "drop-index-concurrently":
      return "When it fails itself the index may be left INVALID: run it again. When a later statement fails, the index is gone; migrate undoes it by the rehearsed downgrade, or asks. In a revision of its own nothing comes after it.";
    case "vacuum":
    case "vacuum-full":
      return "Nothing needs to be undone after it: it changes no row.";
    default:
      return "When a later statement of the revision fails, this one stays, and no downgrade begins in the middle of a revision: migrate restores the backup if nothing was written since, or asks. Put it into a revision of its own.";
  }
}
__name(meaning, "meaning");

// core/database/plan/rules/revisions.ts
function judgeRevisions(description2, current, pending) {
  const findings = [];
  if (description2.error !== null)
    findings.push(
      finding(
        "revisions-unreadable",
        "error",
        `alembic cannot load the revisions: ${whole(description2.error.message)}`,
        description2.error.file === null ? {} : { file: description2.error.file, line: description2.error.line }
      )
    );
  for (const warning of description2.warnings)
    findings.push(finding("revision-twice", "error", warning, { help: "Give each revision an id of its own." }));
  if (description2.environment?.error)
    findings.push(
      finding("env-unreadable", "error", `alembic's env.py fails: ${whole(description2.environment.error.message)}`, {
        file: description2.environment.error.file,
        line: description2.environment.error.line,
        help: "Set what it needs in database.env (-x arguments: database.x), or list it in database.secrets: nothing else of your environment is there."
      })
    );
  if (pending.kind === "no-way" && description2.error === null)
    findings.push(...noWay(pending.reason, description2, current));
  return findings;
}
__name(judgeRevisions, "judgeRevisions");
function noWay(reason, { heads, revisions }, current) {
  switch (reason) {
    case "no-revision":
      return [finding("no-revision", "error", "alembic finds no revision in the source.")];
    case "several-heads": {
      const unmerged = headsNotApart(revisions, heads);
      const files = unmerged.map(
        (head) => `${head} (${revisions.find(({ revision: revision2 }) => revision2 === head)?.file ?? "?"})`
      );
      return [
        finding(
          "several-heads",
          "error",
          `There are ${unmerged.length} heads: ${files.join(", ")}. None of them is the newest.`,
          {
            help: `Put one after the other (down_revision), or ${howToMerge(unmerged)}.`
          }
        )
      ];
    }
    case "unknown-current": {
      const unknown = unknownRevisions(revisions, current);
      return [
        finding(
          "unknown-current",
          "error",
          `The database is at revision ${unknown.join(", ")}, which this source does not have: the database is newer than the code, or of another service.`,
          {
            help: "Plan from the source that the database was migrated with, or a newer one."
          }
        )
      ];
    }
  }
}
__name(noWay, "noWay");
function judgeElsewhere(tried2) {
  const said = new Map(tried2.map((one) => [elsewhereProblem([one]).join(""), one]));
  return [...said].map(
    ([message, { file, line: line3 }]) => finding("env-elsewhere", "warning", `${message}.`, {
      file,
      line: line3,
      help: "If that is the database, take its address from the variables of database.url or database.env. Nothing else is reachable while revisions run, neither here nor in `migrate`."
    })
  );
}
__name(judgeElsewhere, "judgeElsewhere");
function judgeCopy(differences) {
  return differences.map(
    (one) => finding("copy-differs", "warning", `${one}.`, {
      help: "Set database.image of tollgate.yaml to an image that has it."
    })
  );
}
__name(judgeCopy, "judgeCopy");
function judgeApplied(description2, record) {
  if (record.kind === "none") return [];
  const findings = [];
  if (record.broken !== null)
    findings.push(
      finding("record-broken", "error", `The hash chain of applied revisions is broken: ${record.broken}.`, {
        help: "The schema tollgate was edited by hand. Compare it with a backup before you migrate."
      })
    );
  for (const { applied, now } of changedRevisions(record, description2.revisions)) {
    findings.push(
      finding(
        "applied-revision-changed",
        "error",
        `Revision ${now.revision} was applied at ${applied.appliedAt} with other content than ${now.file} has now (sha256 ${applied.sha256.slice(0, 12)}\u2026 then, ${now.sha256.slice(0, 12)}\u2026 now).`,
        {
          revision: now,
          help: "Restore the file, and write the change as a new revision."
        }
      )
    );
  }
  return findings;
}
__name(judgeApplied, "judgeApplied");

// core/database/plan/rules/squawk.ts
var OURS = /* @__PURE__ */ new Set([
  "ban-drop-column",
  "ban-drop-table",
  "ban-drop-view",
  "ban-drop-function",
  "renaming-column",
  "renaming-table",
  "adding-required-field",
  "changing-column-type"
]);
var HEAVY = /* @__PURE__ */ new Set([
  "require-concurrent-index-creation",
  "require-concurrent-index-deletion",
  "require-concurrent-partition-detach",
  "require-concurrent-reindex",
  "constraint-missing-not-valid",
  "adding-field-with-default",
  "adding-foreign-key-constraint",
  "adding-not-nullable-field",
  "adding-required-field",
  "adding-serial-primary-key-field",
  "changing-column-type",
  "disallowed-unique-constraint"
]);
var TASTE = /^(prefer-|ban-char-field|identifier-too-long|require-table-schema)/;
var BROKEN = /* @__PURE__ */ new Set([
  "ban-concurrent-index-creation-in-transaction",
  "require-lock-timeout",
  "require-statement-timeout",
  "require-timeout-settings",
  "ban-drop-database",
  "ban-truncate-cascade"
]);
function judgeLint(lint, statements, revisions, tables, bigTable, own) {
  return lint.flatMap((one) => {
    const statement2 = statements.find(({ line: line3, lineEnd }) => line3 <= one.line && one.line <= lineEnd);
    const revision2 = revisions.find(({ revision: revision3 }) => revision3 === statement2?.revision);
    if (statement2 === void 0 || revision2 === void 0) return [];
    const touched = touchedTables(statement2, tables);
    if (OURS.has(one.rule) && own.some((ours) => ours.statement === statement2.text && ours.revision === revision2.revision))
      return [];
    const [severity, size] = one.level === "Error" ? ["error", ""] : onlyNew(statement2, tables) ? ["note", " The same plan creates the table, so nothing uses it yet."] : severityOf(one.rule, touched, bigTable);
    return [
      finding(`squawk/${one.rule}`, severity, `${one.message}${size}`, {
        revision: revision2,
        line: statement2.sourceLine,
        statement: statement2.text,
        help: one.help
      })
    ];
  });
}
__name(judgeLint, "judgeLint");
function touchedTables(statement2, tables) {
  return statement2.locks.filter(({ mode }) => mode !== "AccessShareLock" && mode !== "RowShareLock" && mode !== "RowExclusiveLock").flatMap((lock2) => tables.filter(({ schema, table }) => schema === lock2.schema && table === lock2.table));
}
__name(touchedTables, "touchedTables");
function onlyNew(statement2, tables) {
  return statement2.locks.length > 0 && statement2.locks.every((lock2) => !tables.some(({ schema, table }) => schema === lock2.schema && table === lock2.table));
}
__name(onlyNew, "onlyNew");
function severityOf(rule, touched, bigTable) {
  if (BROKEN.has(rule)) return ["error", ""];
  if (TASTE.test(rule)) return ["note", ""];
  if (!HEAVY.has(rule)) return ["warning", ""];
  const [largest] = [...touched].sort((one, other) => (other.rows ?? 0) - (one.rows ?? 0));
  if (largest === void 0) return ["warning", ""];
  if (largest.rows === null)
    return ["warning", ` From ${bigTable} rows of ${largest.table} this is an error: migration-plan counts them.`];
  const rows = `${largest.exact ? "" : "about "}${largest.rows}`;
  const big = largest.rows >= bigTable;
  return [
    big ? "error" : "warning",
    ` ${largest.table} has ${rows} rows${big ? "" : `, less than the ${bigTable} from which this is an error`}.`
  ];
}
__name(severityOf, "severityOf");

// core/database/plan/rules/statements.ts
function judgeStatements({ pending, examined, replayed: replayed2 }) {
  const revisions = new Map(pending.map((revision2) => [revision2.revision, revision2]));
  return examined.statements.flatMap((statement2) => {
    if (statement2.revision === null) return [];
    const about = { revision: revisions.get(statement2.revision), line: statement2.sourceLine, statement: statement2.text };
    const findings = [];
    if (statement2.parseError !== null)
      findings.push(
        finding(
          "sql-unparsed",
          "warning",
          `Postgres's parser does not understand a statement of ${statement2.revision}: ${brief(statement2.parseError)}`,
          about
        )
      );
    else if (statement2.opaque)
      findings.push(
        finding(
          "effect-unseen",
          "warning",
          `What ${brief(statement2.text, 60)} does may depend on rows: on the empty copy only its effect without any was seen.`,
          {
            ...about,
            help: "Write it as plain statements, or rely on the rehearsal of migrate."
          }
        )
      );
    for (const table of statement2.removesRows)
      findings.push(
        finding(
          "rows-removed",
          "warning",
          `${statement2.revision} removes rows of ${table}: no downgrade brings them back.`,
          about
        )
      );
    const { timeout } = statement2;
    if (timeout !== null && isOff(timeout.value))
      findings.push(
        finding(
          "timeout-removed",
          "error",
          `${statement2.revision} removes ${timeout.name}: a statement that waits for a lock would block the app for as long as it waits.`,
          { ...about, help: "Set a timeout that is long enough instead." }
        )
      );
    if (statement2.error !== null && replayed2.upgradeError === null)
      findings.push(
        finding(
          "statement-unseen",
          "warning",
          `A statement of ${statement2.revision} could not be examined by itself: ${brief(statement2.error, 200)}`,
          about
        )
      );
    return findings;
  });
}
__name(judgeStatements, "judgeStatements");
function isOff(value2) {
  return value2 === "default" || /^0\s*[a-z]*$/.test(value2);
}
__name(isOff, "isOff");

// core/database/plan/judge.ts
var ORDER = ["error", "warning", "note"];
function judge2(given, more = []) {
  const { settings, description: description2, evidence } = given;
  const found = [
    ...judgeRevisions(description2, given.current, given.pending),
    ...judgeApplied(description2, given.record),
    ...judgeElsewhere([...description2.elsewhere ?? [], ...evidence?.replayed.elsewhere ?? []]),
    ...judgeCopy(given.copyDiffers ?? []),
    ...evidence === null ? [] : judgeEvidence(given, evidence),
    ...more
  ];
  const findings = accept(found, settings.lint.accept).sort(
    (one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity)
  );
  return { findings, verdict: verdictOf(findings, given.pending, evidence) };
}
__name(judge2, "judge");
function judgeEvidence({ settings, tables, running }, evidence) {
  const own = judgeDestructive(revisionChanges(evidence), settings.contract, running);
  return [
    ...judgeCompleteness(evidence),
    ...own,
    ...judgeDowngrades(evidence),
    ...judgeStatements(evidence),
    ...judgeOutside(evidence),
    ...judgeLint(
      evidence.examined.lint,
      evidence.examined.statements,
      evidence.pending,
      tables,
      settings.lint.bigTable,
      own
    )
  ];
}
__name(judgeEvidence, "judgeEvidence");
function revisionChanges({ pending, examined }) {
  return pending.map((revision2) => {
    const printed2 = examined.statements.filter((statement2) => statement2.revision === revision2.revision).flatMap(
      ({ changes, sourceLine, text }) => changes.map((change2) => ({ change: change2, line: sourceLine, statement: text }))
    );
    const known = new Set(printed2.map(({ change: change2 }) => sameness(change2)));
    const ran = examined.upgraded.find((one) => one.revision === revision2.revision)?.changes ?? [];
    const hidden = ran.filter((change2) => !known.has(sameness(change2)));
    return {
      revision: revision2,
      changes: [...printed2, ...hidden.map((change2) => ({ change: change2, line: revision2.live[0] ?? null, statement: null }))]
    };
  });
}
__name(revisionChanges, "revisionChanges");
function sameness(change2) {
  return JSON.stringify(change2.kind === "column-required" ? { ...change2, to: null } : change2);
}
__name(sameness, "sameness");
function verdictOf(findings, pending, evidence) {
  const [first, ...others] = findings.filter(({ severity, accepted }) => severity === "error" && accepted === null);
  if (first !== void 0) return { kind: "red", errors: [first, ...others] };
  if (pending.kind === "nothing" || evidence === null) return { kind: "nothing-to-do" };
  return { kind: "ready", complete: notPrinted(evidence).size === 0 };
}
__name(verdictOf, "verdictOf");

// core/database/plan/plan-commands.ts
import { randomUUID as randomUUID7 } from "node:crypto";
import { ReturnType as ReturnType3 } from "../sdk/index.ts";

// core/database/plan/locks.ts
var DOCUMENTED = {
  "create-index-concurrently": "ShareUpdateExclusiveLock",
  "drop-index-concurrently": "ShareUpdateExclusiveLock",
  "reindex-concurrently": "ShareUpdateExclusiveLock",
  "detach-partition-concurrently": "ShareUpdateExclusiveLock",
  vacuum: "ShareUpdateExclusiveLock",
  "vacuum-full": "AccessExclusiveLock"
};
var KEEPS_OUT = {
  AccessShareLock: "nothing but ACCESS EXCLUSIVE",
  RowShareLock: "schema changes",
  RowExclusiveLock: "schema changes, SHARE locks",
  ShareUpdateExclusiveLock: "schema changes, VACUUM",
  ShareLock: "writes",
  ShareRowExclusiveLock: "writes",
  ExclusiveLock: "writes, SELECT FOR UPDATE",
  AccessExclusiveLock: "reads and writes"
};
var MODES = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock"
];
function modeName(mode) {
  return mode.replace(/Lock$/, "").replace(/(?<=[a-z])(?=[A-Z])/g, " ").toUpperCase();
}
__name(modeName, "modeName");
function keepsOut(mode) {
  return KEEPS_OUT[mode];
}
__name(keepsOut, "keepsOut");
function blocksApp(mode) {
  return MODES.indexOf(mode) >= MODES.indexOf("ShareLock");
}
__name(blocksApp, "blocksApp");
function plannedLocks(statement2, tables) {
  if (statement2.locks.length > 0 || statement2.outside === null)
    return statement2.locks.map((lock2) => withFacts(lock2, tables, "observed"));
  const { way: way2, name, schema } = statement2.outside;
  const mode = DOCUMENTED[way2];
  const found = tables.find((one) => one.table === name && (schema === null || one.schema === schema));
  return mode === void 0 || name === null ? [] : [withFacts({ schema: found?.schema ?? schema ?? "public", table: name, mode }, tables, "documented")];
}
__name(plannedLocks, "plannedLocks");
function withFacts(lock2, tables, evidence) {
  return {
    ...lock2,
    evidence,
    facts: tables.find(({ schema, table }) => schema === lock2.schema && table === lock2.table) ?? null
  };
}
__name(withFacts, "withFacts");
function strongestLocks(locks) {
  const byTable = /* @__PURE__ */ new Map();
  for (const lock2 of locks) {
    const key = `${lock2.schema}.${lock2.table}`;
    const before = byTable.get(key);
    if (before === void 0 || MODES.indexOf(lock2.mode) > MODES.indexOf(before.mode)) byTable.set(key, lock2);
  }
  return [...byTable.values()].sort(
    (one, other) => MODES.indexOf(other.mode) - MODES.indexOf(one.mode) || (other.facts?.rows ?? -1) - (one.facts?.rows ?? -1) || one.table.localeCompare(other.table)
  );
}
__name(strongestLocks, "strongestLocks");

// core/database/plan/planned-revision.ts
function plannedRevision(revision2, evidence, facts, settings) {
  const statements = (evidence?.examined.statements ?? []).filter(
    (one) => one.revision === revision2.revision && !one.transaction
  );
  const upgraded = evidence?.examined.upgraded.find((one) => one.revision === revision2.revision);
  return {
    revision: revision2.revision,
    down: revision2.down,
    message: revision2.message,
    file: revision2.file,
    sha256: revision2.sha256,
    statements: statements.map((statement2) => {
      const locks = plannedLocks(statement2, facts.tables);
      return {
        text: statement2.text,
        line: statement2.line + 1,
        sourceLine: statement2.sourceLine,
        locks,
        locksUnknown: statement2.error !== null || locks.length === 0 && statement2.evidence === "unknown",
        changes: statement2.changes
      };
    }),
    held: upgraded === void 0 ? null : upgraded.locks.map((lock2) => withFacts(lock2, facts.tables, "observed")),
    notPrinted: evidence === null ? [] : notPrinted(evidence).get(revision2.revision)?.statements ?? [],
    contract: settings.database.contract.includes(revision2.revision)
  };
}
__name(plannedRevision, "plannedRevision");

// core/database/plan/rules/commands.ts
function judgeCommands(revision2, table) {
  const restore = revision2.downgrade === "work" ? "the rollback, if the rehearsal ran it and found every table as before, or a restore" : "a restore: database.commands has no rollback";
  return [
    finding(
      "statements-from-log",
      "note",
      "The statements are from the log of the copy's server, where `migrate` ran without rows: what depends on rows is only seen in the rehearsal. Queries, and what the tool writes to its own tables, are left out.",
      {
        revision: revision2,
        help: `Its own tables are those that \`revision\` reads, such as ${table}.`
      }
    ),
    finding(
      "compared-after-commit",
      "note",
      "`migrate` commits by itself: rows, invariants, schema and revision are compared with the rehearsal right after it, not before its commits.",
      {
        revision: revision2,
        help: `When the comparison fails, the application has had the new schema for that long. It is undone by ${restore}.`
      }
    )
  ];
}
__name(judgeCommands, "judgeCommands");

// core/database/plan/plan-commands.ts
var RUN = "tollgate_replay";
var DONE = "migrate";
var NO_TABLE2 = { schema: null, name: "tollgate reads none" };
var RUNNING = { kind: "unknown", why: "models are only read from a service with alembic" };
async function planCommands(scratch, migrations, { settings, reach, environment: environment2, digest }) {
  const current = await step("read the revision", () => migrations.revisionWithRows(scratch));
  const [books, facts] = [
    migrations.version,
    await step("read the database", () => readFacts(reach.inProcess, NO_TABLE2))
  ];
  const gathered2 = await step(
    "run migrate on the copy",
    () => gather2(scratch, migrations, settings, current, facts.serverVersion)
  );
  const { heads, evidence, revision: revision2 } = gathered2;
  const pending = revision2 === null ? { kind: "nothing" } : {
    kind: "pending",
    from: current.join("\n") || "base",
    to: heads.join("\n"),
    target: "head",
    revisions: [revision2]
  };
  const description2 = {
    error: null,
    revisions: [],
    heads,
    ends: heads,
    folder: null,
    warnings: [],
    environment: null
  };
  const contract = revision2?.revision.split(", ").every((one) => settings.database.contract.includes(one)) ? [...settings.database.contract, revision2.revision] : settings.database.contract;
  const weighed = { ...settings, database: { ...settings.database, contract } };
  const { findings, verdict } = judge2(
    {
      settings: weighed.database,
      description: description2,
      current,
      pending,
      record: facts.record,
      evidence,
      tables: facts.tables,
      running: RUNNING
    },
    revision2 === null ? [] : judgeCommands(revision2, books.name)
  );
  return {
    tollgateVersion: version,
    app: settings.app.path,
    source: digest,
    environment: environment2,
    database: {
      name: facts.database,
      serverVersion: facts.serverVersion,
      copyVersion: evidence?.examined.serverVersion ?? null
    },
    current,
    heads,
    revisions: revision2 === null ? [] : [plannedRevision(revision2, evidence, facts, weighed)],
    script: evidence?.examined.script ?? null,
    sqlIsComplete: evidence === null ? null : true,
    findings,
    verdict,
    digest: revision2 === null || evidence === null ? null : planDigest(current.join("\n"), heads.join("\n"), [revision2], steadyScript([evidence.examined.script])),
    estimate: revision2 === null ? null : await readMeasured(reach.inProcess, current, [revision2]),
    running: RUNNING,
    madeAt: (/* @__PURE__ */ new Date()).toISOString()
  };
}
__name(planCommands, "planCommands");
async function gather2(scratch, migrations, settings, current, serverVersion) {
  const { commands } = migrations.tool;
  const tools = await (await planTools()).sync();
  const connected = scratch.server.asSuperuser(tools).withEnvVariable("TOLLGATE_NONCE", randomUUID7());
  await setUpCopies(connected, scratch, settings);
  const note = /* @__PURE__ */ __name((revision3) => `INSERT INTO tollgate_watch.notes (version, catalog, lines, locks) VALUES (${literal(revision3)}, tollgate_watch.catalog(), tollgate_watch.schema_lines(), '[]');`, "note");
  const { ran, log } = await migrations.on(scratch, commands.migrate, { database: RUN, more: note(DONE) });
  const ok = ran?.code === 0;
  const heads = ok ? await migrations.revision(scratch, RUN) : [];
  const lasting = lastingStatements(log.lines);
  if (ok && heads.join("\n") === current.join("\n") && effectsOf(lasting, migrations.books).statements === 0)
    return { heads, revision: null, evidence: null };
  const pieces = scriptOf(lasting, migrations.books);
  const revision2 = pendingRevision(commands, current, ok ? heads : null, pieces);
  const replayed2 = { upgraded: ok ? [DONE] : [], downgraded: [], upgradeError: null, downgradeError: null };
  if (!ok)
    replayed2.upgradeError = {
      at: revision2.revision,
      message: problemOf("migrate", ran, lastError(log.lines)),
      revision: null,
      file: null,
      line: null
    };
  else if (commands.rollback !== void 0) {
    const back = await migrations.on(scratch, commands.rollback, {
      database: RUN,
      variables: { TOLLGATE_REVISION: current.join("\n") },
      more: note("back")
    });
    if (back.ran?.code === 0) replayed2.downgraded.push(DONE);
    else
      replayed2.downgradeError = {
        at: revision2.revision,
        message: problemOf("rollback", back.ran, lastError(back.log.lines)),
        revision: null,
        file: null,
        line: null
      };
  }
  const printed2 = { pieces: pieces.map((text) => ({ text, revision: revision2.revision, line: null })), errors: [] };
  const replay = { ...replayed2, upgradeError: null };
  const question = {
    printed: printed2,
    replay,
    ranIn: RUN,
    versionTable: migrations.version.name,
    serverVersion: lintVersion(serverVersion),
    preamble: preamble(settings)
  };
  const asked = withOptions(connected, scratch).withNewFile("/plan/question.json", JSON.stringify(question)).withExec(copyScript("examine", "/plan/question.json", "/plan/answer.json"), { expect: ReturnType3.Any });
  if (await asked.exitCode() !== 0)
    throw copyFailed2("examined", await asked.stderr(), "This is a bug in Tollgate: please open an issue with the log.");
  const examined = examination.parse(JSON.parse(await asked.file("/plan/answer.json").contents()));
  const named = /* @__PURE__ */ __name((all) => all.map((one) => ({ ...one, revision: revision2.revision })), "named");
  const seen = {
    ...examined,
    upgraded: named(examined.upgraded),
    downgraded: named(examined.downgraded),
    comparison: { revisions: [], whilePrinting: [] }
  };
  return { heads, revision: revision2, evidence: { pending: [revision2], tables: 0, printed: printed2, replayed: replayed2, examined: seen } };
}
__name(gather2, "gather");
async function setUpCopies(tools, scratch, settings) {
  const facts = factsOfCopies(scratch, { versionTable: NO_TABLE2.name, current: [] });
  const ran = withOptions(tools, scratch).withNewFile("/plan/facts.json", JSON.stringify(facts)).withExec(copyScript("setup", "/plan/facts.json"), { expect: ReturnType3.Any });
  if (await ran.exitCode() !== 0)
    throw copyFailed2(
      "made",
      await ran.stderr(),
      `database.image of tollgate.yaml (${settings.database.image}) must have the extensions that the database uses.`
    );
}
__name(setUpCopies, "setUpCopies");

// core/database/plan/running.ts
var NOT_GIVEN = "no source of the running version was given (--running-source)";
var mentions = external_exports.record(external_exports.string(), external_exports.array(external_exports.object({ file: external_exports.string(), line: external_exports.number().int() })));
async function runningUse(source, reach, today, changes) {
  if (source === void 0) return { kind: "unknown", why: NOT_GIVEN };
  const settings = await settingsOf(source, today);
  const app = await appFolder(source, settings);
  const alembic = new PlanAlembic({ app: await appWithAlembic(settings, app), reach, settings });
  const { environment: environment2, error, folder } = await alembic.describe(reach);
  await alembic.stop();
  if (error !== null)
    return { kind: "unknown", why: `the running version's revisions cannot be loaded: ${error.message}` };
  if (environment2 === null || environment2.error !== null)
    return {
      kind: "unknown",
      why: `the running version's env.py cannot be loaded: ${environment2?.error?.message ?? "no message"}`
    };
  if (environment2.columns === null || environment2.columns.length === 0)
    return {
      kind: "unknown",
      why: "the running version's env.py has no target_metadata: which columns it maps is not known"
    };
  const names3 = [
    ...new Set(
      changes.flatMap(({ table, column }) => [
        table.replace(/\(.*$/, "").replace(/^.*\./, ""),
        ...column === null ? [] : [column]
      ])
    )
  ];
  const found = names3.length === 0 ? {} : await findMentions(await planTools(), app, names3, folder === null ? [] : [folder]);
  return { kind: "known", tables: environment2.columns, mentions: new Map(Object.entries(found)) };
}
__name(runningUse, "runningUse");
async function settingsOf(source, today) {
  if (!await source.exists(SETTINGS_FILE)) return today;
  const own = await readSettings(source);
  return { ...own, database: { ...own.database, env: { ...today.database.env, ...own.database.env } } };
}
__name(settingsOf, "settingsOf");
async function findMentions(tools, app, names3, excluded) {
  const ran = tools.withMountedDirectory("/running", app).withExec([
    "python",
    "/opt/tollgate/tollgate_mentions.py",
    "/running",
    JSON.stringify(names3),
    JSON.stringify(excluded),
    "/tmp/mentions.json"
  ]);
  return mentions.parse(JSON.parse(await ran.file("/tmp/mentions.json").contents()));
}
__name(findMentions, "findMentions");

// core/database/plan/make-plan.ts
async function makePlan(source, request) {
  return namingNoSpace("the engine's disk", () => plan(source, request));
}
__name(makePlan, "makePlan");
async function plan(source, request) {
  const settings = await readSettings(source);
  environmentSettings(settings, request.environment);
  const [app, reach] = await Promise.all([
    appFolder(source, settings),
    reachDatabase(settings.database, request.secrets, request.entryPoint)
  ]);
  const [client, tool] = await Promise.all([clientPrograms(settings.database), migrationTool(settings, app)]);
  if (tool?.kind === "commands")
    return planWithoutAlembic(tool, { settings, app, reach, client, environment: request.environment });
  const own = { server: LOGGING, mayAll: true };
  const place = placeOfScratch(settings.database, reach, randomUUID8, own);
  const starting = step("copy the schema without rows", () => startScratch(place, reach, client, randomUUID8, own));
  const loading = step("install dependencies", () => appWithAlembic(settings, app)).then(
    (container) => new PlanAlembic({ app: container, reach: place.reach, settings })
  );
  try {
    const [scratch, digest, alembic] = await Promise.all([starting, app.digest(), loading]);
    const database = {
      facts: /* @__PURE__ */ __name((version2) => readFacts(reach.inProcess, version2), "facts"),
      measured: /* @__PURE__ */ __name((current, pending) => readMeasured(reach.inProcess, current, pending), "measured"),
      versionsThere: false
    };
    const { environment: environment2, runningSource } = request;
    return await planOn(scratch, { settings, database, environment: environment2, runningSource, digest, alembic });
  } finally {
    await Promise.allSettled([loading.then((alembic) => alembic.stop()), starting.then((scratch) => scratch.stop())]);
  }
}
__name(plan, "plan");
async function planWithoutAlembic(tool, { settings, app, reach, client, environment: environment2 }) {
  const own = { server: [...LOGGING, "log_statement=all"], mayAll: true };
  const starting = step(
    "copy the schema without rows",
    () => startScratch(placeOfScratch(settings.database, reach, randomUUID8, own), reach, client, randomUUID8, own)
  );
  try {
    const [scratch, digest, commands] = await Promise.all([
      starting,
      app.digest(),
      step("install dependencies", () => CommandMigrations.of(settings, app, tool))
    ]);
    return await planCommands(scratch, commands, { settings, reach, environment: environment2, digest });
  } finally {
    await starting.then((scratch) => scratch.stop()).catch(() => void 0);
  }
}
__name(planWithoutAlembic, "planWithoutAlembic");
async function planOn(scratch, { settings, database, environment: environment2, runningSource, digest, alembic }) {
  const description2 = await step("read the revisions", () => alembic.describe(scratch.reach));
  const versionTable = {
    schema: description2.environment?.schema ?? null,
    name: description2.environment?.table ?? "alembic_version",
    also: description2.environment?.also ?? []
  };
  const facts = await step("read the database", () => database.facts(versionTable));
  const pending = planPending(description2.revisions, description2.heads, facts.current, facts.currentOfEach);
  const usable = description2.error === null && description2.environment?.error === null && description2.warnings.length === 0;
  const evidence = pending.kind === "pending" && usable ? await gatherEvidence({ settings, alembic, scratch, facts, pending, versionsThere: database.versionsThere }) : null;
  const estimate = pending.kind === "pending" ? await database.measured(facts.current, pending.revisions) : null;
  const running = evidence === null ? { kind: "unknown", why: NOT_GIVEN } : await runningUse(
    runningSource,
    scratch.reach,
    settings,
    revisionChanges(evidence).flatMap(({ changes }) => changes.map(({ change: change2 }) => change2))
  );
  const { findings, verdict } = judge2({
    settings: settings.database,
    description: description2,
    current: facts.current,
    pending,
    record: facts.record,
    evidence,
    tables: facts.tables,
    running,
    copyDiffers: scratch.warnings
  });
  return {
    tollgateVersion: version,
    app: settings.app.path,
    source: digest,
    environment: environment2,
    database: {
      name: facts.database,
      serverVersion: facts.serverVersion,
      copyVersion: evidence?.examined.serverVersion ?? null
    },
    current: facts.current,
    heads: description2.heads,
    revisions: pending.kind === "pending" ? pending.revisions.map((revision2) => plannedRevision(revision2, evidence, facts, settings)) : [],
    script: evidence?.examined.script ?? null,
    sqlIsComplete: evidence === null ? null : notPrinted(evidence).size === 0,
    findings,
    verdict,
    digest: pending.kind === "pending" && evidence !== null ? planDigest(pending.from, pending.to, pending.revisions, evidence.examined.script) : null,
    estimate,
    running: running.kind === "known" ? { kind: "known" } : running,
    madeAt: (/* @__PURE__ */ new Date()).toISOString()
  };
}
__name(planOn, "planOn");

// core/database/plan/words.ts
function verdictLine(plan2) {
  const { verdict } = plan2;
  switch (verdict.kind) {
    case "nothing-to-do":
      return `NOTHING TO DO: the database is at ${plan2.heads.join(", ")}, the newest revision`;
    case "ready": {
      const warnings = counted(plan2.findings, "warning");
      const parts = [amount(plan2), warnings === 0 ? "no error, no warning" : `no error, ${count(warnings, "warning")}`];
      if (!verdict.complete) parts.push("the SQL shown is not everything");
      return `PASSED: ${parts.join("; ")}`;
    }
    case "red": {
      const codes = [
        ...new Set(verdict.errors.map(({ code, revision: revision2 }) => revision2 === null ? code : `${code} in ${revision2}`))
      ];
      const shown = codes.slice(0, 3).join(", ");
      return `FAILED: ${count(verdict.errors.length, "error")}: ${shown}${codes.length > 3 ? ` and ${codes.length - 3} more` : ""}`;
    }
  }
}
__name(verdictLine, "verdictLine");
function amount({ revisions }) {
  return `${count(revisions.length, "revision")}, ${count(
    revisions.reduce((sum, { statements }) => sum + statements.length, 0),
    "statement"
  )}`;
}
__name(amount, "amount");
function counted(findings, severity) {
  return findings.filter((finding2) => finding2.severity === severity && finding2.accepted === null).length;
}
__name(counted, "counted");
function way({ current, heads }) {
  return `from ${current.length === 0 ? "nothing" : current.join(", ")} to ${heads.length === 0 ? "nothing" : heads.join(", ")}`;
}
__name(way, "way");
function revisionLocks({ held, statements }) {
  return strongestLocks([...held ?? [], ...statements.flatMap(({ locks }) => locks)]).filter(
    ({ facts }) => facts !== null
  );
}
__name(revisionLocks, "revisionLocks");
function rowsOf(facts) {
  if (facts === null) return "new";
  if (facts.rows === null) return "size unknown";
  const grouped2 = String(facts.rows).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
  return `${facts.exact ? "" : "\u2248 "}${grouped2} ${facts.rows === 1 ? "row" : "rows"}`;
}
__name(rowsOf, "rowsOf");
function sizeOf(facts) {
  if (facts === null || facts.bytes === null) return "";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, facts.bytes === 0 ? 0 : Math.floor(Math.log2(facts.bytes) / 10));
  const value2 = facts.bytes / 1024 ** power;
  return `${power === 0 || value2 >= 100 ? Math.round(value2) : value2.toFixed(1)} ${units[power]}`;
}
__name(sizeOf, "sizeOf");
function tableName2({ schema, table }) {
  return schema === "public" ? table : `${schema}.${table}`;
}
__name(tableName2, "tableName");
function placeOf({ file, line: line3 }) {
  if (file === null) return "";
  return line3 === null ? file : `${file}:${line3}`;
}
__name(placeOf, "placeOf");
function estimateWords({ estimate }) {
  if (estimate === null)
    return "unknown: these revisions were never rehearsed for this database (`migrate` does that first)";
  const what = estimate.what === "rehearsal" ? "rehearsed on the restored backup" : "run on this database";
  return `${duration(estimate.seconds)}, as ${what} at ${estimate.at}`;
}
__name(estimateWords, "estimateWords");

// core/database/plan/screen.ts
var MOST_REVISIONS = 6;
var MOST_LOCKS = 5;
function screenOf(plan2, where) {
  const head = [...header(plan2), ...revisionTable(plan2), ...lockTable(plan2)];
  const foot = ["", fit(`Full report: ${safe(where.report)}`, screenColumns), "", line(verdictLine(plan2))];
  return `${[...head, ...findingLines(plan2, screenLines - head.length - foot.length), ...foot].join("\n")}
`;
}
__name(screenOf, "screenOf");
function header(plan2) {
  const { database } = plan2;
  const title = `Tollgate ${plan2.tollgateVersion} \xB7 ${plan2.app} \xB7 source ${shortDigest(plan2.source)}`;
  const lines2 = [
    line(title),
    line(`${plan2.environment}: database ${database.name}, Postgres ${database.serverVersion}, ${way(plan2)}`)
  ];
  if (plan2.digest !== null) lines2.push(line(`plan ${shortDigest(plan2.digest)}: ${amount(plan2)}; nothing was changed`));
  return lines2;
}
__name(header, "header");
function revisionTable(plan2) {
  const { revisions } = plan2;
  if (revisions.length === 0) return [];
  const shown = revisions.slice(0, MOST_REVISIONS);
  const rows = shown.map(({ revision: revision2, statements, contract, notPrinted: notPrinted2, message }) => [
    line(revision2, 14),
    notPrinted2.length > 0 ? `${statements.length}+` : String(statements.length),
    contract ? "contract" : "",
    line(message, 70)
  ]);
  const table = alignColumns(
    [["revision", "statements", "phase", "message"], ...rows],
    ["left", "right", "left", "left"]
  ).map((row) => fit(row, screenColumns));
  const hidden = revisions.length - shown.length;
  return [
    "",
    ...table,
    ...hidden > 0 ? [`and ${hidden} more in the report`] : [],
    line(`time: ${estimateWords(plan2)}`)
  ];
}
__name(revisionTable, "revisionTable");
function lockTable({ revisions }) {
  const locks = revisions.flatMap(
    (revision2) => revisionLocks(revision2).filter(({ mode }) => blocksApp(mode)).map((lock2) => ({ revision: revision2.revision, lock: lock2 }))
  );
  if (revisions.length === 0) return [];
  if (locks.length === 0) return ["", "No table that is there now is locked against the app's reads or writes."];
  const largest = [...locks].sort((one, other) => (other.lock.facts?.rows ?? 0) - (one.lock.facts?.rows ?? 0));
  const rows = largest.slice(0, MOST_LOCKS).map(({ revision: revision2, lock: lock2 }) => [
    line(revision2, 14),
    line(tableName2(lock2), 30),
    rowsOf(lock2.facts),
    sizeOf(lock2.facts),
    `${modeName(lock2.mode)}: ${keepsOut(lock2.mode)} wait`
  ]);
  const table = alignColumns(rows, ["left", "left", "right", "right", "left"]).map((row) => fit(`  ${row}`, screenColumns));
  const hidden = locks.length - rows.length;
  return [
    "",
    "Locks that the app would wait for, until the revision's end",
    ...table,
    ...hidden > 0 ? [`  and ${hidden} more in the report`] : []
  ];
}
__name(lockTable, "lockTable");
function findingLines({ findings }, room) {
  const notes = counted(findings, "note");
  const accepted = findings.filter((finding2) => finding2.accepted !== null).length;
  const asides = [
    ...notes > 0 ? [count(notes, "note")] : [],
    ...accepted > 0 ? [`${count(accepted, "finding")} accepted in tollgate.yaml`] : []
  ];
  const aside = asides.length === 0 ? [] : [`  and in the report: ${asides.join(", ")}`];
  const told = findings.filter((finding2) => finding2.severity !== "note" && finding2.accepted === null);
  if (told.length === 0) return aside.length === 0 ? [] : ["", "Findings", ...aside];
  const single = told.map((one) => [one]);
  const alike = groupsOf(told);
  const head = ["", "Findings"];
  for (const [groups, longest] of [
    [single, MOST_LINES],
    [alike, MOST_LINES],
    [alike, 2]
  ]) {
    const lines2 = [...head, ...groups.flatMap((group) => groupBlock(group, longest)), ...aside];
    if (lines2.length <= room) return lines2;
  }
  const least = Math.max(1, Math.min(4, alike.filter(([first]) => first?.severity === "error").length));
  const blocks = alike.map((group) => groupBlock(group, 2));
  for (let shown = blocks.length - 1; ; shown -= 1) {
    const hidden = alike.slice(shown).flat().length;
    const lines2 = [
      ...head,
      ...blocks.slice(0, shown).flat(),
      ...hidden > 0 ? [`  and ${hidden} more in the report`] : [],
      ...aside
    ];
    if (lines2.length <= room || shown <= least) return lines2;
  }
}
__name(findingLines, "findingLines");
function groupsOf(findings) {
  const groups = /* @__PURE__ */ new Map();
  for (const one of findings) {
    const key = `${one.severity} ${one.code}`;
    groups.set(key, [...groups.get(key) ?? [], one]);
  }
  return [...groups.values()].flatMap((group) => group.length > FEW2 ? [group] : group.map((one) => [one]));
}
__name(groupsOf, "groupsOf");
var FEW2 = 3;
var MOST_LINES = 12;
function groupBlock(alike, longest) {
  const [first, ...others] = alike;
  if (first === void 0) return [];
  const places2 = [...new Set(others.map(({ revision: revision2 }) => revision2 ?? ""))].filter((name) => name !== "");
  const where = places2.length === 0 ? "" : `: ${places2.slice(0, 4).join(", ")}${places2.length > 4 ? ` and ${places2.length - 4} more revisions` : ""}`;
  return [
    ...findingBlock(first, longest),
    ...others.length === 0 ? [] : [fit(`      and ${others.length} more ${first.code}${safe(where)}`, screenColumns)]
  ];
}
__name(groupBlock, "groupBlock");
function findingBlock(finding2, longest) {
  const title = [finding2.severity === "error" ? "ERROR" : "warning", finding2.code, placeOf(finding2)].filter((part) => part !== "").join("  ");
  const lines2 = finding2.severity === "error" ? longest : 2;
  return [
    fit(`  ${safe(title)}`, screenColumns),
    ...wrapWords(safe(finding2.message), screenColumns - 6, lines2).map((text) => `      ${text}`)
  ];
}
__name(findingBlock, "findingBlock");

// core/database/alembic/alembic.ts
import { dag as dag8 } from "../sdk/index.ts";

// core/database/alembic/before-commit.ts
var commit = external_exports.object({ revision: external_exports.array(external_exports.string()), schema: external_exports.string() });
function noteCommits(version2, target) {
  return {
    revision: revisionsIn(version2),
    schema: schemaQuestion(version2),
    target,
    expected: null,
    protect: [],
    invariants: [],
    unchanged: []
  };
}
__name(noteCommits, "noteCommits");
async function compareCommits(session, settings, version2, target, before, commits, at) {
  const done = commits?.findLastIndex(({ revision: revision2 }) => revision2.join() === at.join()) ?? -1;
  const names3 = Object.keys(before.rows);
  const tables = names3.length === 0 ? [] : await session.rows(
    external_exports.object({ name: external_exports.string(), schema: external_exports.string(), table: external_exports.string(), files: external_exports.array(external_exports.string()) }),
    FILES3
  );
  return {
    ...noteCommits(version2, target),
    expected: commits?.slice(done + 1) ?? null,
    protect: protectedTables(tables, names3).map(({ name, schema, table, files }) => ({
      name,
      table: `${identifier(schema)}.${identifier(table)}`,
      rows: before.rows[name] ?? 0,
      files
    })),
    invariants: invariantQuestions(settings),
    unchanged: unchangedQuestions(settings).map(({ name, sql }) => ({
      name,
      sql,
      was: before.unchanged[name] ?? null
    }))
  };
}
__name(compareCommits, "compareCommits");
var FILES3 = `SELECT CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS name, n.nspname::text AS schema, c.relname::text AS table,
    (SELECT coalesce(json_agg(f.relfilenode::text ORDER BY f.relfilenode), '[]') FROM pg_class f
      WHERE f.relkind = 'r' AND (f.oid = c.oid OR f.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf))) AS files
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

// core/database/alembic/alembic-account.ts
var journal = external_exports.object({
  /** Ids of the transactions that were committed. */
  transactions: external_exports.array(external_exports.string()),
  /** Statements that ran outside of a transaction, and last whatever comes after. */
  outside: external_exports.array(external_exports.string()),
  statements: external_exports.number()
});
var outcome = external_exports.object({
  ok: external_exports.boolean(),
  failure: failure.nullable(),
  sqlstate: external_exports.string().nullable(),
  journal,
  elsewhere: external_exports.array(elsewhere),
  commits: external_exports.array(commit)
});
var difference = external_exports.object({
  /** As alembic calls it, such as remove_table. */
  kind: external_exports.string(),
  what: external_exports.string(),
  /** The same as long as the difference is. */
  key: external_exports.string()
});
var comparison = external_exports.object({
  /** Why the models could not be compared; null: they were. */
  notCompared: external_exports.string().nullable(),
  differences: external_exports.array(difference)
});
var sourceInspection = external_exports.object({
  heads: external_exports.array(external_exports.string()),
  /** Rows of the version table at the heads: what a head depends on has none of its own. */
  ends: external_exports.array(external_exports.string()),
  /** From the first to the newest. */
  revisions: external_exports.array(revision),
  /** Where env.py keeps the revisions that the database is at. */
  versionTables: external_exports.array(external_exports.object({ name: external_exports.string(), schema: external_exports.string().nullable() }))
});

// core/database/alembic/alembic.ts
var Alembic = class _Alembic {
  static {
    __name(this, "Alembic");
  }
  copyOptions = void 0;
  comparesBeforeCommit = true;
  #container;
  #settings;
  #servers = /* @__PURE__ */ new Map();
  #stopping = [];
  constructor(container, settings) {
    this.#container = container;
    this.#settings = settings;
  }
  static async of(settings, source) {
    return new _Alembic(await appWithAlembic(settings, source), settings);
  }
  /** Loads it for a database that it will be asked about, unless it is loaded; nothing is connected to yet. */
  load(reach) {
    const { qa, database } = this.#settings;
    const loaded = this.#servers.get(reach);
    if (loaded !== void 0 && !loaded.over) return loaded;
    const server = new AlembicServer(
      reach.forApp(this.#container),
      dag8.container().from(database.image),
      reach.bridge,
      qa.interpreter,
      database.alembic
    );
    this.#servers.set(reach, server);
    return server;
  }
  /** The revisions of the source, and where env.py notes them. Asked on a copy. */
  async inspect(reach) {
    return this.#ask(reach, "inspect", sourceInspection);
  }
  /** The app's code says on a copy of the schema what its revisions are and where it notes them; the database itself is read without it. */
  async lookAhead(scratch, real) {
    const { heads, ends, revisions, versionTables } = await this.inspect(scratch.reach);
    const version2 = oneVersionTable(versionTables);
    const { each, all } = await withReadOnlySession(
      real.inProcess,
      "tollgate read",
      (session) => currentOfEach(session, version2)
    );
    return { heads, ends, revisions, current: all, pending: pendingAnywhere(revisions, each), version: version2 };
  }
  seenOnCopy(observed) {
    return Promise.resolve(observed);
  }
  seenOnReal(observed) {
    return Promise.resolve(observed);
  }
  noWayBack(from, pending) {
    return whyNoDowngrade(from, pending);
  }
  /** What differs between a copy and the models; nothing when `alembic check` would pass. */
  async check(reach) {
    return this.#ask(reach, "check", comparison);
  }
  /**
   * @param from where it must begin; elsewhere nothing is run
   * @param more tables: how many version tables env.py has, of which `from` is what they name together
   */
  async upgrade(reach, from, target, limits, { tables = 1, beforeCommit = null } = {}) {
    return this.#move(reach, "upgrade", [target, from.join(" "), String(tables)], limits, beforeCommit);
  }
  /** @param target a revision, or `base` */
  async downgrade(reach, target, limits) {
    return this.#move(reach, "downgrade", [target], limits);
  }
  goBack(reach, to, limits) {
    return this.downgrade(reach, to[0] ?? "base", limits);
  }
  /** Begins to end what was loaded for a database: it was asked the last time. */
  unload(reach) {
    const server = this.#servers.get(reach);
    this.#servers.delete(reach);
    if (server !== void 0) this.#stopping.push(server.stop());
  }
  /** Ends everything that was loaded. */
  async end() {
    for (const reach of this.#servers.keys()) this.unload(reach);
    await Promise.all(this.#stopping);
  }
  async #move(reach, action, parameters, limits, beforeCommit = null) {
    const session = {
      application_name: limits.applicationName,
      lock_timeout: `${limits.lockTimeout * 1e3}ms`,
      statement_timeout: `${limits.statementTimeout * 1e3}ms`,
      idle_in_transaction_session_timeout: `${limits.statementTimeout * 1e3}ms`,
      // a server that is told looks whether the migration's process is still there, and ends its statement when not
      client_connection_check_interval: "2s"
    };
    const { code, answer: answer2, output } = await this.#put(reach, {
      action,
      arguments: parameters,
      session,
      beforeCommit,
      once: true
    });
    const parsed = outcome.safeParse(answer2);
    if (!parsed.success)
      return {
        ok: false,
        error: `alembic ended with exit code ${code} before it reported a result`,
        sqlstate: null,
        journal: null,
        output,
        elsewhere: [],
        commits: []
      };
    const { failure: failed, elsewhere: tried2, ...rest } = parsed.data;
    const said = failed === null ? null : [reach.redact(failureWords(failed)), ...elsewhereProblem(tried2)].join("\n");
    return { ...rest, error: said, output, elsewhere: tried2 };
  }
  async #ask(reach, action, schema) {
    const { answer: answer2, output } = await this.#put(reach, { action, arguments: [], session: {}, once: false });
    const failed = outcome.safeParse(answer2);
    const tried2 = failed.success ? failed.data.elsewhere : [];
    if (tried2.some(({ database }) => database !== null)) throw reachedElsewhere(tried2);
    const parsed = schema.safeParse(answer2);
    if (parsed.success) return parsed.data;
    if (tried2.length > 0) throw reachedElsewhere(tried2);
    const said = failed.success && failed.data.failure !== null ? reach.redact(failureWords(failed.data.failure)) : null;
    throw missesWithheld(reach.withheld, said ?? output) ?? (said === null ? alembicFailed("gave no answer", output) : envFailed(said));
  }
  async #put(reach, question) {
    const { code, answer: answer2, output } = await this.load(reach).ask(question);
    return { code, answer: answer2, output: reach.redact(output) };
  }
};

export {
  observation,
  tablesIn,
  tablesOf,
  countRows,
  tableName,
  observe,
  observeContents,
  value,
  commit,
  noteCommits,
  compareCommits,
  elsewhereProblem,
  grouped,
  appWithAlembic,
  oneVersionTable,
  upgradeTarget,
  headsNotApart,
  howToMerge,
  pendingRevisions,
  unknownRevisions,
  Alembic,
  clientPrograms,
  clientFacts,
  withAge,
  ENDING,
  runScript,
  namesDatabase,
  reachDatabase,
  reachUrl,
  CopyServer,
  rolesScript,
  askSession,
  placeOfScratch,
  startScratch,
  runSql,
  runSetup,
  PlanAlembic,
  LOGGING,
  CommandMigrations,
  changedRevisions,
  prepareRecords,
  appliedRecord,
  recordRevisions,
  recordRun,
  recordEvent,
  upgradeDigest,
  recordMeasured,
  recordedReport,
  unfinishedRun,
  modeName,
  keepsOut,
  blocksApp,
  makePlan,
  planOn,
  verdictLine,
  amount,
  counted,
  way,
  revisionLocks,
  rowsOf,
  sizeOf,
  tableName2,
  placeOf,
  estimateWords,
  screenOf
};
