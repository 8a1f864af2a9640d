import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  always,
  command,
  containerImage,
  distinct,
  duration,
  entryOf,
  environment,
  environmentName,
  expected,
  filePath,
  folder,
  hostProblem,
  isHost,
  isMapping,
  keysOf,
  mapping,
  named,
  pathGlob,
  plainName,
  plainNameProblem,
  pythonFile,
  quoted,
  scan,
  sequence,
  some,
  soundsSecret,
  text,
  textsIn,
  variables,
  withHint
} from "./shared.core.config.fields.mjs";
import {
  LONGEST_SERVICE,
  SERVICE_NAME
} from "./shared.core.config.service-name.mjs";
import {
  external_exports
} from "./shared.core.errors.mjs";
import {
  isProduction
} from "./shared.core.config.ecpay-endpoint.mjs";
import {
  count,
  duration as duration2
} from "./shared.core.report.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/config/ecpay-test-merchants.ts
var TEST_MERCHANTS = [
  { merchantId: "3002607", hashKey: "pwFHCqoQZGmho4w6", hashIv: "EkRm7iFT261dpevs" },
  { merchantId: "3002599", hashKey: "spPjZn66i0OhqJsQ", hashIv: "hT5OJckN45isQTTs" },
  { merchantId: "3003008", hashKey: "FCnGLNS7P3xQ2q3E", hashIv: "awL5GRWRhyaybq13" },
  { merchantId: "2000132", hashKey: "5294y06JbISpM5x9", hashIv: "v77hoKGq4kWxNNIS" },
  { merchantId: "2000214", hashKey: "5294y06JbISpM5x9", hashIv: "v77hoKGq4kWxNNIS" },
  { merchantId: "2000933", hashKey: "XBERn1YOvpM9nfZc", hashIv: "h1ONHk4P4yqbl5LK" },
  { merchantId: "2000132", hashKey: "ejCk326UnaZWKisg", hashIv: "q9jcZX8Ib9LM8wYk" },
  { merchantId: "3085340", hashKey: "HwiqPsywG1hLQNuN", hashIv: "YqITWD4TyKacYXpn" },
  { merchantId: "3085672", hashKey: "b15bd8514fed472c", hashIv: "9c8458263def47cd" },
  { merchantId: "3085676", hashKey: "7b53896b742849d3", hashIv: "37a0ad3c6ffa428b" },
  { merchantId: "3362787", hashKey: "c539115ea7674f20", hashIv: "86f625e60cb1473a" },
  { merchantId: "3361934", hashKey: "1069c84afab54f16", hashIv: "795c968d90c14971" }
];
var KEYS = TEST_MERCHANTS.flatMap(({ hashKey, hashIv }) => [hashKey, hashIv]);
var TEST_MERCHANT_IDS = [...new Set(TEST_MERCHANTS.map(({ merchantId: merchantId2 }) => merchantId2))];
function isTestMerchant(merchantId2) {
  return TEST_MERCHANT_IDS.includes(merchantId2);
}
__name(isTestMerchant, "isTestMerchant");
function isPublishedKey(key) {
  return KEYS.includes(key);
}
__name(isPublishedKey, "isPublishedKey");
function holdsPublishedKey(value) {
  const texts2 = [value, ...decodings(value)];
  return KEYS.some((key) => texts2.some((text2) => text2.includes(key)));
}
__name(holdsPublishedKey, "holdsPublishedKey");
function holdsTestMerchant(value) {
  const texts2 = [value, ...decodings(value)];
  return texts2.some((text2) => (text2.match(/\d+/g) ?? []).some(isTestMerchant));
}
__name(holdsTestMerchant, "holdsTestMerchant");
function decodings(value) {
  const trimmed = value.trim();
  return [
    .../^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(trimmed) ? [Buffer.from(trimmed, "base64").toString("latin1")] : [],
    .../^([0-9a-f]{2}){7,}$/i.test(trimmed) ? [Buffer.from(trimmed, "hex").toString("latin1")] : [],
    .../%[0-9a-f]{2}/i.test(trimmed) ? [trimmed.replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))] : []
  ];
}
__name(decodings, "decodings");

// core/config/day.ts
function isDay(written) {
  const time2 = Date.parse(`${written}T00:00:00Z`);
  return !Number.isNaN(time2) && new Date(time2).toISOString().startsWith(written);
}
__name(isDay, "isDay");

// core/config/freeze.ts
var WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
function isZone(name) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
__name(isZone, "isZone");
var zone = text("a time zone such as Asia/Taipei or UTC").refine((name) => name.trim() === "" || isZone(name), {
  error: expected("a time zone of the IANA database such as Asia/Taipei or UTC")
});
var TIME = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
var LOCAL = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}$/;
var local = text("a day and time such as 2026-12-24 18:00, in the time zone of freeze.zone", LOCAL).refine((written) => !LOCAL.test(written) || isDay(written.slice(0, 10)) && TIME.test(written.slice(11)), { error: expected("a day and time that there is") }).transform((written) => written.replace(" ", "T"));
var time = text("a time of day such as 17:00", TIME);
var weekday = external_exports.enum(WEEKDAYS, {
  error: expected(`one of ${WEEKDAYS.join(", ")}`, (input) => {
    const meant = WEEKDAYS.find((day2) => typeof input === "string" && input.length >= 3 && day2.startsWith(input.toLowerCase().slice(0, 3)));
    return meant === void 0 ? null : `write ${meant}`;
  })
});
var reason = text("a reason").describe("Why nothing is deployed then: shown to whoever is refused.");
var once = mapping("a mapping with reason, from and until", {
  reason,
  from: local.describe("When it begins: 2026-12-24 18:00."),
  until: local.describe("When it ends: 2027-01-04 09:00. At that time deployments are allowed again.")
}).superRefine((window, context) => {
  const [from, until] = [entryOf(window, "from"), entryOf(window, "until")];
  if (typeof from === "string" && typeof until === "string" && LOCAL.test(from) && LOCAL.test(until) && until.replace(" ", "T") <= from.replace(" ", "T"))
    context.addIssue({ code: "custom", path: ["until"], message: "is not after `from`" });
});
var weekly = mapping("a mapping with reason, days, from and until", {
  reason,
  days: some("a list of days of the week", weekday, "lists no day: leave the window out").describe("Days of the week on which it begins."),
  from: time.prefault("00:00").describe("Time of day at which it begins: 17:00."),
  until: time.prefault("24:00").describe("Time of day at which it ends. One that is not after `from` is of the next day.")
}).superRefine((window, context) => {
  if (entryOf(window, "from") === "24:00")
    context.addIssue({ code: "custom", path: ["from"], message: withHint("is the end of a day", "write 00:00, and the next day") });
});
var freeze = mapping("a mapping with zone, once and weekly", {
  zone: zone.prefault("UTC").describe("Time zone of all times here, and of --at without one of its own: Asia/Taipei."),
  once: sequence("a list of windows", once).prefault([]).describe("Times in which nothing is deployed: holidays, audits."),
  weekly: sequence("a list of windows", weekly).prefault([]).describe("Times of each week in which nothing is deployed.")
});

// core/config/dependencies.ts
var packageName = text(
  "a name of a Debian package such as chromium or libpq5",
  /^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/
);
var REQUIREMENTS = /\.(txt|in)$/;
var REFERENCE = /(?:^|\s)(?:-r|-c|--requirement|--constraint)(?:\s+|=)(["']?)([^\s"';&|]+)\1/g;
function installCanWork(place2, dependencies2, context) {
  const files = textsIn(entryOf(dependencies2, "files"));
  const install = entryOf(dependencies2, "install");
  if (install === void 0) {
    for (const [index, file] of files) {
      if (REQUIREMENTS.test(file)) continue;
      const message = withHint(
        `is not a requirements file, and ${place2}.install does not say how to install it`,
        'for example  install: ["pip install ."]'
      );
      context.addIssue({ code: "custom", path: ["files", index], message });
    }
    return;
  }
  const listed = new Set(files.map(([, file]) => file));
  for (const [index, line] of textsIn(install)) {
    for (const [, , file = ""] of line.matchAll(REFERENCE)) {
      if (listed.has(file.replace(/^(\.\/)+/, "")) || /^(\/|\$|[a-z+]+:)/.test(file)) continue;
      const message = withHint(
        `reads ${quoted(file)}, which is not there when dependencies are installed`,
        `add ${quoted(file)} to ${place2}.files`
      );
      context.addIssue({ code: "custom", path: ["install", index], message });
    }
  }
}
__name(installCanWork, "installCanWork");
var dependencies = /* @__PURE__ */ __name((place2) => mapping("a mapping with files and install", {
  files: distinct("a list of files", filePath("a path of a file, relative to app.path")).prefault(["requirements.txt"]).describe("Every file that the installation reads, relative to app.path. Dependencies are installed again only when one of these, or a command, changes."),
  install: sequence("a list of shell commands", command).optional().describe("Shell commands that install the dependencies. When left out: one `pip install -r` for each of the files.")
}).superRefine((given, context) => installCanWork(place2, given, context), always).transform(({ files, install }) => ({ files, install: install ?? files.map((file) => `pip install -r ${file}`) })), "dependencies");

// core/config/app.ts
var app = mapping("a mapping that says where the service is", {
  path: folder("a path of a folder inside the source").prefault(".").describe("Folder of the service, relative to the source."),
  image: containerImage.prefault("python:3.11-slim").describe("Container image that the suites run in: any Debian image with Python."),
  packages: distinct("a list of Debian packages", packageName).prefault([]).describe("Debian packages that the service or its tests need."),
  dependencies: dependencies("app.dependencies").prefault({}).describe("What is installed once and cached."),
  setup: sequence("a list of shell commands", command).prefault([]).describe("Shell commands run once after the dependencies, without the service's source, and cached with them: for what no package manager lists.")
});

// core/config/backup.ts
var wholeNumber = /* @__PURE__ */ __name((what, least2, most) => {
  const error = expected(what);
  return external_exports.number({ error }).int({ error }).min(least2, { error }).max(most, { error });
}, "wholeNumber");
var DESTINATION = /^(?:directory:[a-z0-9][a-z0-9-]*|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*)$/;
var LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
var s3 = mapping("a mapping that says how the storage is reached", {
  endpoint: text("https://HOST or https://HOST:PORT", /^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/).optional().describe("Address of S3-compatible storage. When left out: Amazon's own for the region."),
  region: text("a region such as eu-central-1", /^[a-z0-9-]+$/).prefault("us-east-1").describe("Region that the bucket is in."),
  accessKeyId: environmentName.prefault("BACKUP_ACCESS_KEY_ID").describe("Name in --secrets whose value is the access key's id."),
  secretAccessKey: environmentName.prefault("BACKUP_SECRET_ACCESS_KEY").describe("Name in --secrets whose value is the secret access key."),
  sessionToken: environmentName.optional().describe("Name in --secrets of the session token that belongs to a key for a short time. When left out: none.")
});
var backup = mapping("a mapping that says where backups go", {
  to: text(
    "directory:NAME or s3://BUCKET/PREFIX",
    DESTINATION,
    (input) => typeof input === "string" && /^[./~]/.test(input) ? "a folder of a machine cannot be reached from the engine: directory:NAME is a volume that the engine keeps" : null
  ).prefault("directory:backups").describe("Where backups are kept: directory:NAME is a volume of the engine, s3://BUCKET/PREFIX is S3-compatible storage."),
  s3: s3.prefault({}).describe("How the storage of s3://\u2026 is reached."),
  encryptTo: distinct("a list of age recipients", text("an age recipient: age1\u2026", /^age1[0-9a-z]{58}$/)).prefault([]).describe("Public keys of age that backups are encrypted to. Empty: backups are not encrypted."),
  keep: wholeNumber("a whole number of backups, 1 to 1000", 1, 1e3).prefault(14).describe("How many backups are kept at least."),
  days: wholeNumber("a whole number of days, 1 to 3650", 1, 3650).prefault(30).describe("Days that a backup is kept at least. One that is older, and not among the newest that `keep` counts, is removed.")
}).superRefine(nothingInTheClear, always);
function nothingInTheClear(settings2, context) {
  const to = entryOf(settings2, "to");
  const endpoint = entryOf(entryOf(settings2, "s3"), "endpoint");
  const recipients = entryOf(settings2, "encryptTo");
  if (typeof to !== "string" || !to.startsWith("s3:") || typeof endpoint !== "string" || !endpoint.startsWith("http:")) return;
  if (Array.isArray(recipients) && recipients.length > 0) return;
  const host2 = /^http:\/\/(\[[^\]]*\]|[^/:]*)/.exec(endpoint)?.[1] ?? "";
  if (!LOOPBACK.test(host2))
    context.addIssue({ code: "custom", path: ["s3", "endpoint"], message: withHint("would send backups through the network unencrypted", "use https://, or give encryptTo") });
}
__name(nothingInTheClear, "nothingInTheClear");

// core/config/lint.ts
var RULE = /^(squawk\/)?[a-z][a-z-]+[a-z]$/;
var entry = mapping("a mapping with rule and reason", {
  rule: text("a rule such as squawk/require-concurrent-index-creation or rows-removed", RULE).describe("Code of the findings, as `migration-plan` prints it."),
  revisions: some("a list of revisions", text("a revision of alembic", /^[A-Za-z0-9_.-]+$/), "lists no revision: remove the key").optional().describe("Revisions in which they are accepted. When left out: in every one, which only Squawk's rules can be."),
  reason: text("a reason: a few words at least", /\S+\s+\S+/).describe("Why. It stands beside the finding in every report.")
}).superRefine((value, context) => {
  const rule2 = entryOf(value, "rule");
  if (typeof rule2 !== "string" || rule2.startsWith("squawk/") || entryOf(value, "revisions") !== void 0) return;
  context.addIssue({ code: "custom", path: ["rule"], message: withHint("is accepted for single revisions only", "list them:  revisions: [0009]") });
}, { when: /* @__PURE__ */ __name(() => true, "when") }).transform(({ revisions, ...rest }) => ({ ...rest, revisions: revisions ?? null }));
var rows = expected("a whole number of rows, 0 or more");
var lint = mapping("a mapping with bigTable and accept", {
  bigTable: external_exports.number({ error: rows }).int({ error: rows }).min(0, { error: rows }).prefault(1e5).describe("Rows from which a statement that keeps the app from a table while it works through it is an error; below, a warning."),
  accept: sequence("a list of accepted findings", entry).prefault([]).describe("Findings that do not count, each with its reason.")
});

// core/config/template.ts
var PLACEHOLDERS = ["host", "port", "user", "password", "database", "url"];
var PLACEHOLDER = /\{\{([A-Za-z_]\w*)\}\}|\{([A-Za-z_]\w*)\}/g;
function namesIn(template) {
  return [...template.matchAll(PLACEHOLDER)].flatMap(([, , name]) => name === void 0 ? [] : [name]);
}
__name(namesIn, "namesIn");
function fillTemplate(template, filling) {
  const inUrl = /:\/\//.test(template);
  return template.replace(PLACEHOLDER, (written, text2, name) => {
    const placeholder = PLACEHOLDERS.find((known) => known === name);
    if (placeholder === void 0) return text2 === void 0 ? written : `{${text2}}`;
    const value = filling[placeholder];
    if (!inUrl || placeholder === "url") return value;
    if (placeholder === "host") return value.includes(":") ? `[${value}]` : value;
    return encodeURIComponent(value);
  });
}
__name(fillTemplate, "fillTemplate");
function placeholdersAreKnown(value, path2, missing, context) {
  for (const name of keysOf(value)) {
    const written = entryOf(value, name);
    if (typeof written !== "string") continue;
    for (const placeholder of new Set(namesIn(written))) {
      const message = problemOf(placeholder, missing);
      if (message !== null) context.addIssue({ code: "custom", path: [...path2, name], message });
    }
  }
}
__name(placeholdersAreKnown, "placeholdersAreKnown");
function problemOf(placeholder, missing) {
  const asText = `write {{${placeholder}}} for the text {${placeholder}}`;
  if (PLACEHOLDERS.some((known2) => known2 === placeholder)) return missing === null ? null : withHint(`has the placeholder {${placeholder}}, but ${missing}`, asText);
  const meant = nearest(placeholder, PLACEHOLDERS);
  const known = PLACEHOLDERS.map((name) => `{${name}}`).join(" ");
  return withHint(`has the unknown placeholder {${placeholder}}`, `${meant === null ? `known here: ${known}` : `did you mean {${meant}}?`}; ${asText}`);
}
__name(problemOf, "problemOf");

// core/config/database.ts
var tableName = text(
  "a table's name, or a pattern such as *payment*: lower-case letters, digits, _ and *, with a schema before it or without",
  /^(?:[a-z_*][a-z0-9_$*]*\.)?[a-z_*][a-z0-9_$*]*$/
);
var PAYMENT_TABLES = [
  "*payment*",
  "*order*",
  "*refund*",
  "*invoice*",
  "*receipt*",
  "*ledger*",
  "*transaction*",
  "*subscription*",
  "*charge*",
  "*payout*"
];
var checkName = /^[a-z][a-z0-9-]*$/;
function checks(what) {
  return named(
    what,
    checkName,
    text("a SQL query", /^\s*(?:SELECT|WITH|select|with)\s/, () => "one query that begins with SELECT or WITH"),
    (name) => checkName.test(name) ? null : withHint("is not a name for a check: expected lower-case letters, digits and -, beginning with a letter", null)
  );
}
__name(checks, "checks");
var wholeNumber2 = /* @__PURE__ */ __name((what, least2, most) => {
  const error = expected(what);
  return external_exports.number({ error }).int({ error }).min(least2, { error }).max(most, { error });
}, "wholeNumber");
function variablesHaveOneSource(value, context) {
  const env = entryOf(value, "env");
  const url2 = entryOf(value, "url") ?? "DATABASE_URL";
  const secrets = textsIn(entryOf(value, "secrets"));
  placeholdersAreKnown(env, ["env"], null, context);
  for (const name of keysOf(env)) {
    if (name === url2) {
      const message2 = withHint("is set by database.url", "leave it out, or give database.url another name in --secrets");
      context.addIssue({ code: "custom", path: ["env", name], message: message2, params: { at: "key" } });
    }
    if (name === url2 || !secrets.some(([, secret]) => secret === name)) continue;
    const message = withHint("is in database.secrets as well", "remove it from one of them: a secret's value must not stand in a file");
    context.addIssue({ code: "custom", path: ["env", name], message, params: { at: "key" } });
  }
  for (const [index, secret] of secrets) {
    if (secret === url2) context.addIssue({ code: "custom", path: ["secrets", index], message: withHint("is set by database.url", "leave it out here") });
  }
}
__name(variablesHaveOneSource, "variablesHaveOneSource");
var database = mapping("a mapping of settings for the database", {
  url: environmentName.prefault("DATABASE_URL").describe("Name in --secrets whose value is the database's URL; alembic finds it under the same name."),
  secrets: distinct("a list of names of environment variables", environmentName).prefault([]).describe("Further names in --secrets that alembic's env.py needs. Not for the database's own host or password: those are database.env's."),
  env: variables.prefault({}).describe("Environment variables for alembic's env.py. Filled in for whichever database it runs on: {host} {port} {user} {password} {database} {url}."),
  alembic: filePath("a path of alembic's configuration, relative to app.path").prefault("alembic.ini").describe("Alembic's configuration, relative to app.path."),
  image: containerImage.prefault("postgres:15").describe("Image with the client programs and the throw-away server of the rehearsal: the server's major version, or a newer one."),
  protect: distinct("a list of tables", tableName).prefault(PAYMENT_TABLES).describe("Tables, by name or pattern, in which a migration must not lose a row."),
  invariants: checks("a mapping of SQL queries").prefault({}).describe("Queries that must return no row, before and after a migration. A row that comes back is a broken rule."),
  unchanged: checks("a mapping of SQL queries").prefault({}).describe("Queries whose answer must be the same before and after a migration, such as the sums of a ledger."),
  contract: distinct("a list of revisions", text("a revision of alembic", /^[A-Za-z0-9_.-]+$/)).prefault([]).describe("Revisions that may drop, rename or narrow: the running version no longer uses what they change."),
  lint: lint.prefault({}).describe("How findings of `migration-plan` are weighed."),
  rehearse: external_exports.boolean({ error: expected("true or false") }).prefault(true).describe("Whether the upgrade is first run on a restored copy of the database. Without it no downgrade is ever used to undo."),
  lockWait: duration.prefault("2m").describe("Longest time to wait for another run of Tollgate on the same database."),
  lease: duration.prefault("30s").describe("After so long without a sign of life a run has lost its lock."),
  lockTimeout: duration.prefault("3s").describe("Longest time that a statement of a migration waits for a lock of the database. The application waits behind it."),
  statementTimeout: duration.prefault("15m").describe("Longest time for one statement of a migration."),
  attempts: wholeNumber2("a whole number of attempts, 1 to 20", 1, 20).prefault(5).describe("How often a migration is tried that did not get its lock."),
  longTransaction: duration.prefault("1m").describe("A transaction that is open for longer than this keeps a migration from starting."),
  serverWait: duration.prefault("2m").describe("Longest time to wait for a server that went away to come back."),
  backup: backup.prefault({}).describe("Where backups go, and for how long.")
}).superRefine(variablesHaveOneSource, always);

// core/config/approvals.ts
var KEY = /^ed25519:[A-Za-z0-9+/]{43}=$/;
var SMALL_ORDER = /* @__PURE__ */ new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
]);
function proves(key) {
  const bytes = Buffer.from(key.slice("ed25519:".length), "base64");
  if (bytes.length !== 32) return false;
  bytes[31] = (bytes[31] ?? 0) & 127;
  return !SMALL_ORDER.has(bytes.toString("hex"));
}
__name(proves, "proves");
var publicKey = text(
  "an approver's public key such as ed25519:\u2026, as `tollgate approval-key` prints it",
  KEY,
  (input) => typeof input === "string" && input.includes("PRIVATE") ? "that is the private key: it must not stand in a file; make a new one" : null
).refine((key) => !KEY.test(key) || proves(key), { error: "is a key that any signature fits" });
var DAY = /^\d{4}-\d{2}-\d{2}$/;
var day = text("a date such as 2027-05-31", DAY).refine((written) => !DAY.test(written) || isDay(written), { error: expected("a day that there is") });
var approver = mapping("a mapping with name and key", {
  name: text("an approver's name").describe("Who holds the private key: a person. Two keys of one person count once."),
  key: publicKey.describe("The public key, as `tollgate approval-key` prints it."),
  revoked: day.optional().describe("Day from which on the key proves nothing, whenever it signed. When left out: it is not revoked.")
});
var least = expected("a whole number of approvals, 0 to 20");
function enoughPeople(value, context) {
  const list = entryOf(value, "keys");
  const keys = Array.isArray(list) ? list : [];
  const seen = /* @__PURE__ */ new Map();
  keys.forEach((one, index) => {
    const key = entryOf(one, "key");
    const before = seen.get(key);
    if (before === void 0) seen.set(key, index);
    else if (typeof key === "string") context.addIssue({ code: "custom", path: ["keys", index, "key"], message: withHint(`is the key of [${before}] as well`, "one key belongs to one person") });
  });
  const required = entryOf(value, "required");
  const people = new Set(keys.filter((one) => entryOf(one, "revoked") === void 0).map((one) => entryOf(one, "name")));
  if (typeof required === "number" && required > people.size)
    context.addIssue({
      code: "custom",
      path: ["required"],
      message: withHint(`asks for more approvals than there are approvers: ${people.size}`, "list a key for each approver under keys")
    });
}
__name(enoughPeople, "enoughPeople");
var approvals = mapping("a mapping that says who must approve", {
  required: external_exports.number({ error: least }).int({ error: least }).min(0, { error: least }).max(20, { error: least }).prefault(0).describe("How many people must approve a deployment. 0: none."),
  keys: sequence("a list of approvers", approver).prefault([]).describe("Who may approve, each with a public key."),
  longest: duration.prefault("24h").describe("Longest time that an approval may hold: 4h, 24h."),
  clockSkew: duration.prefault("2m").describe("How far an approver's clock may be ahead."),
  breakGlass: external_exports.boolean({ error: expected("true or false") }).prefault(true).describe('Whether --break-glass="reason" may go past missing approvals and a freeze. It is recorded and told.')
}).superRefine(enoughPeople, always);

// core/config/environment-defaults.ts
var merchantId = { pattern: "[0-9]{7,10}", expected: "ECPay's merchant id: 7 to 10 digits" };
var ecpayKey = { pattern: "[A-Za-z0-9]{16}", minEntropy: 24, expected: "16 letters and digits, as ECPay issues them" };
var TOKEN_BITS = 64;
var commonRules = {
  DATABASE_URL: { url: ["postgres", "postgresql"] },
  REDIS_URL: { url: ["redis", "rediss", "unix"] },
  ECPAY_MERCHANT_ID: merchantId,
  ECPAY_HASH_KEY: ecpayKey,
  ECPAY_HASH_IV: ecpayKey,
  ADMIN_WEBHOOK_TOKEN: { minEntropy: TOKEN_BITS, expected: "a random token, for example of `openssl rand -hex 32`" },
  SENTRY_DSN: { url: ["https", "http"] },
  ALERT_WEBHOOK_URL: { url: ["https"] },
  BACKUP_SCHEDULE: {
    pattern: String.raw`@(hourly|daily|midnight|weekly|monthly|yearly|annually)|[\d*/,-]+\s+[\d*/,-]+(\s+[\w*/,#?-]+){3}`,
    expected: "a cron expression such as 0 3 * * *",
    shared: true
  },
  LOG_LEVEL: { oneOf: ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], shared: true, example: true },
  DEBUG: { oneOf: ["true", "false", "1", "0"], shared: true, example: true }
};
var needed = ["DATABASE_URL", "REDIS_URL", "ECPAY_MERCHANT_ID", "ECPAY_HASH_KEY", "ADMIN_WEBHOOK_TOKEN"];
var niceToHave = ["LOG_LEVEL", "DEBUG", "BACKUP_SCHEDULE", "ALERT_WEBHOOK_URL"];
var ofEcpaysTestEnvironment = { example: true };
var staging = {
  required: needed,
  optional: ["ECPAY_HASH_IV", "SENTRY_DSN", ...niceToHave],
  defaults: { LOG_LEVEL: "DEBUG", DEBUG: "true" },
  rules: {
    ECPAY_MERCHANT_ID: { ...ofEcpaysTestEnvironment, startsWith: ["3002", ...TEST_MERCHANT_IDS.filter((id) => !id.startsWith("3002"))] },
    ECPAY_HASH_KEY: ofEcpaysTestEnvironment,
    ECPAY_HASH_IV: ofEcpaysTestEnvironment,
    DATABASE_URL: { contains: ["staging"] }
  }
};
var production = {
  required: [...needed, "ECPAY_HASH_IV", "SENTRY_DSN"],
  optional: niceToHave,
  defaults: { LOG_LEVEL: "INFO", DEBUG: "false" },
  rules: {
    ECPAY_MERCHANT_ID: { notStartsWith: ["3002"] },
    DATABASE_URL: { contains: ["production", "render.com"] },
    DEBUG: { oneOf: ["false", "0"] }
  }
};
var presetNames = ["staging", "production", "none"];
var presets = {
  staging,
  production,
  none: { required: [], optional: [], defaults: {}, rules: {} }
};
function presetOf(environment3) {
  return environment3 === "staging" || environment3 === "production" ? environment3 : "none";
}
__name(presetOf, "presetOf");

// core/config/environment-rules.ts
var texts = /* @__PURE__ */ __name((one, many) => sequence(`a list of ${many}`, text(one)), "texts");
function compiles(pattern3) {
  try {
    new RegExp(pattern3, "u");
    return true;
  } catch {
    return false;
  }
}
__name(compiles, "compiles");
var pattern = text("a regular expression").superRefine((written, context) => {
  if (!compiles(written))
    context.addIssue({
      code: "custom",
      message: withHint(
        "is not a regular expression that JavaScript knows",
        "put it in single quotes, so that YAML leaves backslashes alone"
      )
    });
});
var scheme = text(
  "a URL's scheme such as https",
  /^[a-z][a-z0-9.-]*$/,
  (input) => typeof input === "string" && /[:/+]/.test(input) ? "write the scheme alone, without :// and without a driver after +" : null
);
var wholeNumber3 = /* @__PURE__ */ __name((what) => {
  const error = expected(what);
  return external_exports.number({ error }).int({ error }).min(0, { error });
}, "wholeNumber");
var rule = mapping("a mapping of rules for this variable", {
  expected: text("a few words that say what the value is").optional().describe("What the value is, in a few words, for whoever has to correct it."),
  startsWith: texts("a beginning", "beginnings").optional().describe("The value must begin with one of these. [] for no such rule."),
  notStartsWith: texts("a beginning", "beginnings").optional().describe("The value must begin with none of these. [] for no such rule."),
  contains: texts("a part", "parts").optional().describe(
    "The value must contain one of these, in any case. Of a URL only host and database name are looked at. [] for no such rule."
  ),
  oneOf: texts("a value", "values").optional().describe("The value must be one of these, in any case. [] for no such rule."),
  pattern: pattern.optional().describe("Regular expression that the whole value must match."),
  url: sequence("a list of URL schemes", scheme).optional().describe(
    "The value must be a URL with a host and one of these schemes; a driver after + is allowed (postgresql+psycopg). [] for no such rule."
  ),
  minLength: wholeNumber3("a number of characters").optional().describe("Fewest characters."),
  minEntropy: wholeNumber3("a number of bits").optional().describe("Fewest bits of entropy, as estimated from the value's characters."),
  shared: external_exports.boolean({ error: expected("true or false") }).optional().describe("Whether the value may be the same in the other environment."),
  example: external_exports.boolean({ error: expected("true or false") }).optional().describe("Whether the value may be the one in the app's .env.example.")
});

// core/config/load-fields.ts
var UNITS = { s: 1, m: 60, h: 3600 };
var arrivalRate = text("an arrival rate such as 20/s or 300/m", /^[1-9]\d*\/[smh]$/, (input) => {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*(?:\/|per|p|rp)?\s*([a-z]*)\s*$/i.exec(String(input)) ?? [];
  if (amount === "") return null;
  if (Number(amount) === 0) return "a scenario without requests proves nothing";
  if (amount.includes(".")) return `use whole numbers: ${Math.max(1, Math.round(Number(amount) * 60))}/m`;
  if (unit === "") return `add a unit: ${amount}/s or ${amount}/m`;
  const short = unit.charAt(0).toLowerCase();
  return short in UNITS ? `write ${amount}/${short}` : null;
}).transform((written) => {
  const [count2 = "", unit = ""] = written.split("/");
  return { count: Number(count2), seconds: UNITS[unit] ?? 1 };
});
var responseTime = text("a time such as 500ms or 1s", /^(?=.*[1-9])\d+(?:\.\d+)?(?:ms|s)$/, (input) => {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input)) ?? [];
  if (amount === "") return null;
  if (Number(amount) === 0) return "no answer takes no time at all";
  if (unit === "") return `add a unit: ${amount}ms or ${amount}s`;
  const short = unit.toLowerCase();
  if (short.startsWith("ms") || short.startsWith("mil")) return `write ${amount}ms`;
  if (short.startsWith("s")) return `write ${amount}s`;
  return short.startsWith("m") ? "seconds are the largest unit" : null;
}).transform((written) => written.endsWith("ms") ? Number(written.slice(0, -2)) : Number(written.slice(0, -1)) * 1e3);
var share = text("a share such as 0.1%", /^\d+(?:\.\d+)?%$/, (input) => {
  const [, amount = ""] = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(String(input)) ?? [];
  return amount === "" ? null : `write ${amount}%`;
}).refine((written) => !(Number.parseFloat(written) > 100), { error: expected("a share of at most 100%") }).transform((written) => Number.parseFloat(written));
var origin = text("an address such as https://staging.shop.example", /^https?:\/\/[^\s/?#@]+\/?$/, (input) => {
  if (typeof input !== "string") return null;
  if (!/^[a-z]+:\/\//i.test(input)) return `write https://${input.replace(/^\/+/, "")}`;
  return /^https?:\/\/[^\s/?#@]+[/?#]/.test(input) ? "leave out what follows the host and port" : null;
}).transform((written) => URL.canParse(written) ? new URL(written).origin : written);
function wholeNumber4(least2, most) {
  const error = expected(`a whole number from ${least2} to ${most}`, (input) => typeof input === "string" && /^\d+$/.test(input) ? "leave the quotes out" : null);
  return external_exports.number({ error }).int({ error }).min(least2, { error }).max(most, { error });
}
__name(wholeNumber4, "wholeNumber");
var status = wholeNumber4(100, 599);
var headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
var GENERATED = /* @__PURE__ */ new Set(["host", "content-length", "connection", "transfer-encoding"]);
function headerNameProblem(name) {
  if (!headerName.test(name)) return "is not a name of a header";
  return GENERATED.has(name.toLowerCase()) ? withHint("is written by the load generator", "leave it out") : null;
}
__name(headerNameProblem, "headerNameProblem");

// core/config/target.ts
var host = text("a host such as app1.shop.example or app1.shop.example:2222", /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/, (input) => {
  if (typeof input !== "string") return null;
  if (input.includes("@")) return "leave the user out: it stands under `user`";
  return /^[a-z]+:\/\//i.test(input) ? "leave the scheme out" : null;
}).superRefine(isHost, always);
var jumpHost = text(
  "a host such as bastion.shop.example or deploy@bastion.shop.example:2222",
  /^(?:[a-z_][a-z0-9_-]*@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/,
  (input) => typeof input === "string" && /^[a-z]+:\/\//i.test(input) ? "leave the scheme out" : null
).superRefine(isHost, always);
var knownHostLine = /^(?:@cert-authority\s+|@revoked\s+)?\S+\s+(?:(?:sk-)?ssh-(?:ed25519|rsa|dss)|(?:sk-)?ecdsa-sha2-nistp(?:256|384|521))(?:@openssh\.com)?\s+[A-Za-z0-9+/]+={0,2}(?:\s.*)?$/;
var knownHosts = text("lines of a known_hosts file").superRefine((written, context) => {
  written.split("\n").forEach((line, index) => {
    if (line.trim() === "" || line.trim().startsWith("#") || knownHostLine.test(line.trim())) return;
    const message = withHint(`has a line ${index + 1} that is no entry of a known_hosts file`, "`ssh-keyscan -t ed25519 HOST` prints one; compare it with what the host itself says");
    context.addIssue({ code: "custom", message });
  });
}, always);
var proxy = mapping("a mapping with host, tls and ports", {
  host: text("a host name such as shop.example", /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])$/).superRefine(isHost, always).optional().describe("Host name that the service answers to. When left out: to every one."),
  tls: external_exports.boolean({ error: expected("true or false") }).prefault(false).describe("Whether the proxy gets a certificate from Let's Encrypt and answers HTTPS. Needs host."),
  httpPort: wholeNumber4(1, 65535).prefault(80).describe("Port of the host for HTTP."),
  httpsPort: wholeNumber4(1, 65535).prefault(443).describe("Port of the host for HTTPS."),
  image: containerImage.prefault("basecamp/kamal-proxy:v0.9.2").describe("Container image of the proxy.")
}).superRefine((value, context) => {
  if (entryOf(value, "tls") === true && entryOf(value, "host") === void 0)
    context.addIssue({ code: "custom", path: ["tls"], message: withHint("needs a host name", "add `host`: certificates are issued for a name") });
}, always);
var types = ["compose", "sandbox"];
var ofHosts = ["hosts", "user", "jump", "knownHosts", "order"];
var target = mapping("a mapping that says where releases run", {
  type: external_exports.enum(types, { error: expected("compose or sandbox") }).prefault("compose").describe("compose: hosts with Docker, reached over SSH. sandbox: such a host inside the engine."),
  hosts: distinct("a list of hosts", host).prefault([]).describe("Hosts, each with its port where it is not 22. Needed by compose."),
  user: text("a name of a user", /^[a-z_][a-z0-9_-]*$/).prefault("root").describe("User on the hosts: root, or one who may use sudo without a password."),
  jump: distinct("a list of hosts", jumpHost).prefault([]).describe("Hosts on the way, in their order, each with a user of its own where it is not `user`: as `ssh -J` takes them. knownHosts must have their keys too."),
  knownHosts: knownHosts.optional().describe("The hosts' public keys, as in a known_hosts file. When left out: every host is refused."),
  order: external_exports.enum(["in-turn", "at-once"], { error: expected("in-turn or at-once") }).prefault("in-turn").describe("Whether hosts switch one after the other or all at once. Images are fetched at once in either case."),
  network: text("a name of a Docker network", /^[A-Za-z0-9][A-Za-z0-9_.-]*$/).prefault("tollgate").describe("Docker network of proxy and service. Created when it is not there."),
  folder: text("an absolute path", /^\/[A-Za-z0-9_./-]+$/).prefault("/var/lib/tollgate").describe("Folder of the host that Tollgate keeps the releases' variables in, for root alone."),
  proxy: proxy.prefault({}).describe("The proxy in front of the service.")
}).superRefine((value, context) => {
  if (!isMapping(value)) return;
  const hosts = entryOf(value, "hosts");
  if (entryOf(value, "type") === "sandbox") {
    for (const key of keysOf(value).filter((one) => ofHosts.includes(one)))
      if (isGiven(key, entryOf(value, key))) context.addIssue({ code: "custom", path: [key], message: withHint("is not for the sandbox", "leave it out: Tollgate makes that host itself"), params: { at: "key" } });
  } else if (Array.isArray(hosts) && hosts.length === 0) context.addIssue({ code: "custom", path: ["hosts"], message: "lists no host: there is nowhere to run" });
}, always);
function isGiven(key, value) {
  return value !== void 0 && !(Array.isArray(value) && value.length === 0) && !(key === "user" && value === "root") && !(key === "order" && value === "in-turn");
}
__name(isGiven, "isGiven");
function targetOf(environment3, written) {
  const given = written ?? (environment3 === "sandbox" ? target.parse({ type: "sandbox" }) : void 0);
  if (given === void 0) return { kind: "none" };
  const { type, hosts, user, jump, knownHosts: knownHosts2, order, network, folder: folder2, proxy: proxy2 } = given;
  const common = { network, folder: folder2, proxy: { ...proxy2, host: proxy2.host ?? null } };
  if (type === "sandbox") return { kind: "sandbox", ...common };
  return { kind: "compose", hosts: hosts.map(addressOf), user, jump: jump.map((one) => jumpOf(one, user)), knownHosts: knownHosts2 ?? "", order, ...common };
}
__name(targetOf, "targetOf");
function addressOf(written) {
  const [host2 = "", port2 = "22"] = written.split(":");
  return { host: host2, port: Number(port2) };
}
__name(addressOf, "addressOf");
function jumpOf(written, user) {
  const [, own2 = user, address = ""] = /^(?:([^@]+)@)?(.*)$/.exec(written) ?? [];
  return { ...addressOf(address), user: own2 };
}
__name(jumpOf, "jumpOf");

// core/config/environments.ts
var variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
var variable = text("a name of an environment variable: letters, digits and _, not beginning with a digit", variablePattern);
var NOT_A_VARIABLE = "is not a name of an environment variable: expected letters, digits and _, not beginning with a digit";
var variables2 = /* @__PURE__ */ __name((what) => distinct(`a list of names of environment variables ${what}`, variable).prefault([]), "variables");
function variableProblem(name) {
  return variablePattern.test(name) ? null : NOT_A_VARIABLE;
}
__name(variableProblem, "variableProblem");
var defaultValue = external_exports.union([external_exports.string(), external_exports.number(), external_exports.boolean()], {
  error: expected("a text, a number or true/false", (input) => input === null ? 'write "" for an empty one' : null)
}).transform(String);
var config = mapping("a mapping that says what the environment's configuration must hold", {
  extends: external_exports.enum(presetNames, { error: expected("staging, production or none") }).optional().describe(
    "Built-in set of names and rules that this environment begins with. When left out: its own for staging and production, none for others."
  ),
  required: variables2("that must be given").describe("Names that must be given, besides the built-in ones."),
  optional: variables2("that may be given").describe(
    "Names that may be given, besides the built-in ones. A built-in required name that is listed here becomes optional."
  ),
  without: variables2("that this service does not have").describe("Built-in names that this service does not have."),
  defaults: named(
    "a mapping of default values",
    variablePattern,
    defaultValue,
    (name) => variableProblem(name) ?? (soundsSecret(name) ? withHint(
      "sounds like a secret: a secret's value must not stand in a file",
      "give it with --secrets, and list its name under required"
    ) : null)
  ).prefault({}).describe("Values of names that are not given. Not for secrets: they stand here for everybody to read."),
  rules: named("a mapping of rules by variable", variablePattern, rule, variableProblem).prefault({}).describe("Rules by variable. A rule that is given replaces the built-in one of its kind; the others stay.")
});
var ORIGIN = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/;
var ecpay = mapping("a mapping with endpoint and timeout", {
  endpoint: text("an address such as https://payment-stage.ecpay.com.tw, without a path", ORIGIN).refine((address) => !/^http:.*\becpay\.com\.tw\b/i.test(address), { error: "is ECPay's own without TLS: write https://" }).optional().describe(
    "Address of ECPay. When left out: https://payment.ecpay.com.tw for production, https://payment-stage.ecpay.com.tw for every other environment."
  ),
  timeout: duration.prefault("30s").describe("Longest time for ECPay's answer: 10s, 1m.")
});
var MIGRATIONS = ["database", "commands"];
var GATES = ["qa", "scan", "ecpay"];
var environment2 = mapping("a mapping of settings for one environment", {
  config: config.prefault({}).describe("What the environment's configuration must hold: check-config."),
  ecpay: ecpay.prefault({}).describe("How ECPay is asked from this environment: check-ecpay."),
  target: target.optional().describe("Where its releases run. When left out: the environment `sandbox` has the sandbox, others cannot be released to."),
  approvals: approvals.prefault({}).describe("Who must approve a deployment, and with which keys."),
  freeze: freeze.prefault({}).describe("When nothing is deployed."),
  gates: distinct("a list of gates", external_exports.enum(GATES, { error: expected(`one of ${GATES.join(", ")}`) })).prefault([...GATES]).describe("Gates that a deployment must pass, besides those of the image, the configuration and the target, which it always must."),
  migrations: external_exports.enum(MIGRATIONS, { error: expected("database or commands") }).optional().describe(
    "How a deployment migrates: database is the whole of `migration-plan` and `migrate`, commands is release.before alone. When left out: database on hosts, where the service has database.alembic; else commands."
  )
});
var environmentPattern = /^[a-z][a-z0-9-]{0,62}$/;
var environments = named(
  "a mapping of environments",
  environmentPattern,
  environment2,
  (name) => environmentPattern.test(name) ? null : withHint(
    `is not a name for an environment: expected lower-case letters, digits and -, beginning with a letter${name.length > 63 ? ", at most 63" : ""}`,
    name.length > 63 ? null : suggestedName(name)
  )
).superRefine((listed, context) => {
  for (const name of keysOf(listed))
    for (const { path: path2, message } of contradictions(name, entryOf(entryOf(listed, name), "config"))) {
      context.addIssue({
        code: "custom",
        path: [name, "config", ...path2],
        message,
        ...path2[0] === "rules" ? { params: { at: "key" } } : {}
      });
    }
}, always).transform((listed) => {
  const all2 = { staging: environment2.parse({}), production: environment2.parse({}), sandbox: environment2.parse({}), ...listed };
  return Object.fromEntries(Object.entries(all2).map(([name, settings2]) => [name, withPreset(name, settings2)]));
});
function suggestedName(name) {
  const better = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");
  return better === "" ? null : `write ${better}`;
}
__name(suggestedName, "suggestedName");
function contradictions(environment3, given) {
  const preset = presetNamed(environment3, entryOf(given, "extends"));
  const builtIn = /* @__PURE__ */ new Set([...preset.required, ...preset.optional]);
  const problems = [];
  const place2 = /* @__PURE__ */ new Map();
  for (const list of ["required", "optional", "without"]) {
    for (const [index, name] of textsIn(entryOf(given, list))) {
      const other = place2.get(name);
      if (other !== void 0 && other !== list) problems.push({ path: [list, index], message: `is under ${other} as well` });
      else place2.set(name, list);
      if (list === "without" && !builtIn.has(name))
        problems.push({
          path: [list, index],
          message: withHint("is not a built-in name of this environment", "leave it out: it is not asked for")
        });
    }
  }
  for (const name of keysOf(entryOf(given, "rules"))) {
    const known = place2.has(name) ? place2.get(name) !== "without" : builtIn.has(name) || keysOf(entryOf(given, "defaults")).includes(name);
    if (!known)
      problems.push({
        path: ["rules", name],
        message: withHint("is neither required nor optional here", "list it under required or optional")
      });
  }
  return problems;
}
__name(contradictions, "contradictions");
function presetNamed(environment3, given) {
  const name = presetNames.find((one) => one === given) ?? presetOf(environment3);
  return presets[name];
}
__name(presetNamed, "presetNamed");
function withPreset(name, { config: config2, ecpay: ecpay2, target: target2, approvals: approvals2, freeze: freeze2, gates, migrations }) {
  const preset = presetNamed(name, config2.extends);
  const endpoint = (ecpay2.endpoint ?? officialEndpoint(name)).replace(/\/$/, "");
  const defaults = { ...preset.defaults, ...config2.defaults };
  const without = new Set(config2.without);
  const optional = /* @__PURE__ */ new Set([...config2.optional, ...preset.optional.filter((one) => !config2.required.includes(one))]);
  const required = new Set([...preset.required, ...config2.required].filter((one) => !config2.optional.includes(one)));
  for (const one of Object.keys(config2.defaults)) if (!required.has(one)) optional.add(one);
  const variables3 = [...required, ...optional].filter((one) => !without.has(one)).map(
    (one) => ({
      name: one,
      need: required.has(one) ? "required" : "optional",
      default: own(defaults, one) ?? null,
      rule: { ...own(commonRules, one), ...own(preset.rules, one), ...own(config2.rules, one) }
    })
  );
  return {
    variables: variables3,
    /** Real money is paid here, whatever its name is: what everybody knows must not sign for it. */
    production: name === "production" || preset === presets.production || isProduction(endpoint),
    ecpay: { endpoint, timeout: ecpay2.timeout },
    target: targetOf(name, target2),
    approvals: approvals2,
    freeze: freeze2,
    gates,
    /** null: nobody said. */
    migrations: migrations ?? null
  };
}
__name(withPreset, "withPreset");
function own(record, name) {
  return Object.hasOwn(record, name) ? record[name] : void 0;
}
__name(own, "own");
function officialEndpoint(environment3) {
  return environment3 === "production" ? "https://payment.ecpay.com.tw" : "https://payment-stage.ecpay.com.tw";
}
__name(officialEndpoint, "officialEndpoint");

// core/config/qa.ts
var PLACEHOLDER2 = /\{([^{}]*)\}/g;
function serviceUrl(placeholders) {
  const known = placeholders.map((name) => `{${name}}`).join(" ");
  return text("a URL with {host} in it").superRefine((url2, context) => {
    if (url2.trim() === "") return;
    for (const [written, name = ""] of url2.matchAll(PLACEHOLDER2)) {
      if (placeholders.includes(name)) continue;
      context.addIssue({ code: "custom", message: withHint(`has the unknown placeholder ${written}`, `known here: ${known}`) });
    }
    if (!url2.includes("{host}")) {
      const message = withHint("has no {host}: each suite has a service of its own, at a host of its own", `known here: ${known}`);
      context.addIssue({ code: "custom", message });
    }
  });
}
__name(serviceUrl, "serviceUrl");
var variable2 = /* @__PURE__ */ __name((set) => environmentName.prefault(set).describe("Environment variable in which a suite finds the URL."), "variable");
var url = /* @__PURE__ */ __name((template, placeholders) => serviceUrl(placeholders).prefault(template).describe(`The URL a suite is given. Filled in: ${placeholders.map((name) => `{${name}}`).join(" ")}.`), "url");
var identifier = /* @__PURE__ */ __name((what) => text(`${what}: lower-case letters, digits and _`, /^[a-z_][a-z0-9_]*$/), "identifier");
var postgres = mapping("false or a mapping", {
  image: containerImage.prefault("postgres:15").describe("Image of the database."),
  user: identifier("a role's name").prefault("app").describe("Role that owns the database."),
  // stands unescaped in the URL, and guards nothing: the database lives as long as its suite
  password: text("a password of letters, digits and . _ ~ -", /^[A-Za-z0-9._~-]+$/).prefault("app").describe("The role's password. Not a secret: the database lives as long as its suite."),
  database: identifier("a database's name").prefault("app").describe("Name of the database, created empty."),
  env: variable2("DATABASE_URL"),
  url: url("postgresql://{user}:{password}@{host}:{port}/{database}", ["user", "password", "host", "port", "database"])
});
var redis = mapping("false or a mapping", {
  image: containerImage.prefault("redis:7").describe("Image of the Redis server."),
  env: variable2("REDIS_URL"),
  url: url("redis://{host}:{port}/0", ["host", "port"])
});
function orNone(service) {
  return external_exports.union([external_exports.literal(false), service], {
    error: expected(
      "false or a mapping",
      (input) => input === true || input === null ? "leave the key out: the service is there by default" : null
    )
  });
}
__name(orNone, "orNone");
var services = mapping("a mapping with postgres and redis", {
  postgres: orNone(postgres).prefault({}).describe("A Postgres of its own for each suite; false for none."),
  redis: orNone(redis).prefault({}).describe("A Redis of its own for each suite; false for none.")
});
var NO_SUITE = "lists no suite: nothing would be proven";
var NO_FILE = "lists no file: nothing would be proven";
var suite = mapping("a mapping with the suite's files", {
  files: some("a list of test files", pythonFile("a path of a Python file, relative to app.path"), NO_FILE).describe("Test files that must run in this suite, relative to app.path. Each must be collected and have a test that ran."),
  timeout: duration.optional().describe("Longest time for this suite. When left out: qa.timeout."),
  env: environment.prefault({}).describe("Environment variables for this suite alone, over those of qa.env."),
  mayDeselect: distinct("a list of patterns of test ids", text("a pattern of test ids such as tests/test_slow.py::*")).prefault([]).describe("Patterns of test ids that the service's own pytest configuration may deselect. Any other deselected test makes the suite red.")
});
var suites = named("a mapping of suites", plainName, suite, plainNameProblem("suite")).superRefine((listed, context) => {
  if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_SUITE });
}, always).meta({ minProperties: 1 });
var LIGHT = ["greenlet", "eventlet", "gevent"];
var concurrency = some(
  "a list of concurrency libraries",
  external_exports.enum(["thread", "greenlet", "eventlet", "gevent", "multiprocessing"], {
    error: expected("one of thread, greenlet, eventlet, gevent, multiprocessing")
  }),
  "lists nothing: expected thread at least"
).superRefine((listed, context) => {
  const light = textsIn(listed).filter(([, name]) => LIGHT.includes(name));
  for (const [index, name] of light.slice(1)) {
    context.addIssue({ code: "custom", path: [index], message: `${name} cannot be measured together with ${light[0]?.[1]}` });
  }
}, always);
var percent = expected("a percent from 0 to 100", (input) => {
  const number = Number(String(input).replace(/\s*%\s*$/, ""));
  if (!Number.isFinite(number) || number <= 0 || number > 100 || input === true) return null;
  if (number <= 1) return `percent: did you mean ${Math.round(number * 100)}?`;
  return typeof input === "string" ? `write ${number}` : null;
});
var coverage = mapping("a mapping with source and threshold", {
  source: some("a list of folders", folder("a path of a folder, relative to app.path"), "lists nothing: coverage of what?").describe("Folders whose Python code is measured, relative to app.path. A file that no test imports counts as uncovered."),
  threshold: external_exports.number({ error: percent }).min(0, { error: percent }).max(100, { error: percent }).refine((number) => number === 0 || number > 1, { error: percent }).meta({ anyOf: [{ const: 0 }, { exclusiveMinimum: 1 }] }).describe("Percent of the lines that all suites together must cover, 0 to 100."),
  branch: external_exports.boolean({ error: expected("true or false") }).prefault(false).describe("Whether both ways out of a condition must be covered."),
  omit: distinct("a list of patterns of files", pathGlob("a pattern of files such as app/generated/*")).prefault([]).describe("Patterns of files that do not count, relative to app.path."),
  exclude: distinct("a list of regular expressions", text("a regular expression")).prefault([]).describe("Regular expressions of lines that do not count, besides `pragma: no cover`."),
  concurrency: concurrency.prefault(["thread"]).describe("Concurrency libraries the service uses; SQLAlchemy's asyncio needs greenlet.")
});
function oneSourceForEachVariable(value, context) {
  const given = entryOf(value, "services");
  const provider = /* @__PURE__ */ new Map();
  for (const service of keysOf(given)) {
    const name = entryOf(entryOf(given, service), "env");
    if (typeof name !== "string") continue;
    const other = provider.get(name);
    if (other === void 0) provider.set(name, `qa.services.${service}`);
    else context.addIssue({ code: "custom", path: ["services", service, "env"], message: `is the variable of ${other} as well` });
  }
  const suites2 = entryOf(value, "suites");
  const environments2 = [
    [["env"], entryOf(value, "env")],
    ...keysOf(suites2).map((name) => [["suites", name, "env"], entryOf(entryOf(suites2, name), "env")])
  ];
  const missing = entryOf(given, "postgres") === false ? "there is no database: qa.services.postgres is false" : null;
  for (const [path2, variables3] of environments2) {
    placeholdersAreKnown(variables3, path2, missing, context);
    for (const name of keysOf(variables3)) {
      const service = provider.get(name);
      if (service === void 0) continue;
      const message = withHint(`is set by ${service}`, `leave it out, write \`${service.split(".").pop()}: false\`, or give ${service}.env another name`);
      context.addIssue({ code: "custom", path: [...path2, name], message, params: { at: "key" } });
    }
  }
  for (const [index, secret] of textsIn(entryOf(value, "secrets"))) {
    const service = provider.get(secret);
    if (service !== void 0)
      context.addIssue({ code: "custom", path: ["secrets", index], message: withHint(`is set by ${service}`, "leave it out here") });
    for (const [path2, variables3] of environments2) {
      if (!keysOf(variables3).includes(secret)) continue;
      const place2 = ["qa", ...path2].join(".");
      const message = withHint(`is in ${place2} as well: a secret's value must not stand in a file`, `remove it from ${place2}`);
      context.addIssue({ code: "custom", path: ["secrets", index], message });
    }
  }
}
__name(oneSourceForEachVariable, "oneSourceForEachVariable");
function suiteIsTollgatesToChoose(value, context) {
  const flag = entryOf(value, "suiteFlag");
  if (typeof flag !== "string") return;
  for (const [index, argument] of textsIn(entryOf(value, "arguments"))) {
    if (argument !== flag && !argument.startsWith(`${flag}=`)) continue;
    context.addIssue({ code: "custom", path: ["arguments", index], message: `${flag} is added by Tollgate, once for each suite` });
  }
}
__name(suiteIsTollgatesToChoose, "suiteIsTollgatesToChoose");
var qa = mapping("a mapping with runner and suites", {
  runner: filePath("a path of the QA runner, relative to app.path").describe("The service's QA runner, relative to app.path."),
  interpreter: text("a program that runs the runner", /^\S+$/).prefault("python").describe("Program that runs the runner."),
  arguments: sequence("a list of arguments", text("an argument for the runner")).prefault(["--verbose"]).describe("Arguments for the runner, after `--suite <name>`."),
  suiteFlag: text("an option such as --suite", /^--?[A-Za-z][A-Za-z0-9-]*$/).prefault("--suite").describe("Option by which the runner is told the suite."),
  timeout: duration.prefault("10m").describe("Longest time for one suite: 90s, 10m, 1h30m."),
  env: environment.prefault({}).describe("Environment variables for every suite. Filled in from its Postgres: {host} {port} {user} {password} {database} {url}."),
  secrets: distinct("a list of names of environment variables", environmentName).prefault([]).describe("Names that --secrets must hold; every suite gets them, no report shows them."),
  before: sequence("a list of shell commands", command).prefault([]).describe("Shell commands run in each suite's container before the runner, with source, environment and services."),
  services: services.prefault({}).describe("Services that each suite gets, fresh, for itself."),
  artifacts: distinct("a list of patterns of files", pathGlob("a pattern of files such as screenshots/**")).prefault([]).describe("Patterns of files to keep from each suite, relative to app.path."),
  suites: suites.describe("The suites, by the names that the runner knows. At least one."),
  coverage: coverage.optional().describe("Coverage that all suites together must reach. When left out: coverage is not measured.")
}).superRefine(oneSourceForEachVariable, always).superRefine(suiteIsTollgatesToChoose, always).transform(({ suites: suites2, coverage: coverage2, ...rest }) => ({
  ...rest,
  suites: Object.fromEntries(
    Object.entries(suites2).map(([name, { timeout, env, ...suite2 }]) => [
      name,
      { ...suite2, timeout: timeout ?? rest.timeout, env: { ...rest.env, ...env } }
    ])
  ),
  coverage: coverage2 ?? null
}));

// core/config/image.ts
var UNITS2 = { kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
var sizePattern = /^(?=.*[1-9])\d+(?:\.\d+)?(?:[kMG]B|[KMG]iB)$/;
function toBytes(size2) {
  const [, amount = "0", unit = ""] = /^([\d.]+)(\D+)$/.exec(size2) ?? [];
  return Math.round(Number(amount) * (UNITS2[unit] ?? 0));
}
__name(toBytes, "toBytes");
var size = text("a size such as 500MB or 1.5GB", sizePattern, (input) => {
  const [, amount, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input)) ?? [];
  if (amount === void 0 || Number(amount) === 0) return null;
  const known = Object.keys(UNITS2).find((one) => [one, one.replace("B", "")].some((spelling) => spelling.toLowerCase() === unit.toLowerCase()));
  return `write ${amount}${known ?? "MB"}`;
}).transform(toBytes);
var namePattern = /^(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
var imageName = text("a name of an image, without a tag, such as ghcr.io/acme/payments", namePattern, (input) => {
  if (typeof input !== "string") return null;
  if (/^https?:\/\//.test(input)) return `leave the scheme out: ${quoted(input.replace(/^https?:\/\//, ""))}`;
  if (/@sha256:|:[\w.-]+$/.test(input)) return "leave the tag out: it is given when the image is published";
  if (/[A-Z]/.test(input)) return `write it in lower case: ${quoted(input.toLowerCase())}`;
  return null;
}).superRefine((written, context) => {
  if (typeof written !== "string" || !namePattern.test(written)) return;
  const [first = "", ...rest] = written.split("/");
  const registry2 = rest.length > 0 && /[.:]|^localhost$/.test(first) ? hostProblem(first) : null;
  if (registry2 !== null) context.addIssue({ code: "custom", message: `its registry ${registry2}` });
  if (written.length > 255) context.addIssue({ code: "custom", message: `has ${written.length} characters: a registry takes 255` });
}, always);
var platform = text("a platform such as linux/amd64", /^linux\/[a-z0-9]+(?:\/v\d+)?$/);
var healthPath = text(
  "a path such as /health",
  /^\/[^\s#]*$/,
  (input) => typeof input === "string" && /^https?:/.test(input) ? "give only the path: the host is the image's own container" : null
);
var port = external_exports.number({ error: expected("a port from 1 to 65535") }).int({ error: expected("a port from 1 to 65535") }).min(1, { error: expected("a port from 1 to 65535") }).max(65535, { error: expected("a port from 1 to 65535") });
var argumentName = /^[A-Za-z_][A-Za-z0-9_]*$/;
var SECRET_ARGUMENT = /pass|secret|token|credential|private|(^|_)key$|api_?key/i;
function buildArgsAreNoSecrets(value, context) {
  for (const name of keysOf(value)) {
    if (!SECRET_ARGUMENT.test(name)) continue;
    const message = withHint(
      "sounds like a secret: build arguments can be read in the image",
      "name it in image.buildSecrets, and read it in the Dockerfile with RUN --mount=type=secret"
    );
    context.addIssue({ code: "custom", path: [name], message, params: { at: "key" } });
  }
}
__name(buildArgsAreNoSecrets, "buildArgsAreNoSecrets");
var argumentProblem = /* @__PURE__ */ __name((name) => argumentName.test(name) ? null : "is not a name of a build argument: expected letters, digits and _, not beginning with a digit", "argumentProblem");
var buildArgs = named(
  "a mapping of build arguments",
  argumentName,
  external_exports.union([external_exports.string(), external_exports.number(), external_exports.boolean()], { error: expected("a text, a number or true/false") }).transform(String),
  argumentProblem
).superRefine(buildArgsAreNoSecrets, always);
function namesOneThing(value, context) {
  if (keysOf(value).filter((key) => key === "path" || key === "variable").length === 1) return;
  context.addIssue({ code: "custom", message: "names path or variable: one of the two" });
}
__name(namesOneThing, "namesOneThing");
var notSecret = mapping("a mapping with path or variable, and reason", {
  path: pathGlob("a path in the image, or a pattern, such as srv/tests/keys/*.pem").optional().describe("Path in the image, without the leading /; * and ** are patterns."),
  variable: text("a name of an environment variable", argumentName).optional().describe("Name of a variable of the image's environment."),
  reason: text("a reason").describe("Why this is no secret: shown in the report.")
}).superRefine(namesOneThing, always);
var registry = mapping("a mapping with user, ca and insecure", {
  user: text("a name of a user", /^\S+$/).optional().describe("User that pushes. --registry-user stands over it."),
  ca: filePath("a path of a file with certificates, relative to the source").optional().describe("Certificates (PEM) of the authority that the registry's own certificate is from, relative to the source."),
  insecure: external_exports.boolean({ error: expected("true or false") }).prefault(false).describe("Whether the registry may speak plain HTTP, or show a certificate that nobody vouches for. Whoever listens can read the password.")
});
var image = mapping("a mapping that says how the image is made and what it must do", {
  name: imageName.optional().describe("Name under which the image is published: registry and repository, without a tag."),
  dockerfile: filePath("a path of a Dockerfile, relative to app.path").optional().describe("The app's Dockerfile, relative to app.path. When left out: `Dockerfile` where there is one; otherwise Tollgate's own build for Python."),
  target: text("a name of a build stage", /^\S+$/).optional().describe("Stage of the Dockerfile to build. When left out: the last one."),
  buildArgs: buildArgs.prefault({}).describe("Arguments for the Dockerfile. Not for secrets: an image tells them."),
  buildSecrets: distinct("a list of names of secrets", text("a name of a secret", argumentName)).prefault([]).describe("Names that --secrets must hold; each is mounted at /run/secrets/NAME where the build asks for it."),
  command: sequence("a list: the program and its arguments", text("a program or an argument")).optional().describe("Program that serves, with its arguments: for Tollgate's own build. Refused beside a Dockerfile, which has its own CMD."),
  dependencies: dependencies("image.dependencies").prefault({}).describe("What Tollgate's own build installs: for running, not for testing."),
  packages: distinct("a list of Debian packages", packageName).prefault([]).describe("Debian packages that Tollgate's own build puts into the image, such as libpq5."),
  buildPackages: distinct("a list of Debian packages", packageName).prefault(["build-essential"]).describe("Debian packages that are there while Tollgate's own build installs dependencies, and not in the image."),
  exclude: distinct("a list of patterns of files", pathGlob("a pattern of files such as docs/**")).prefault([]).describe("Patterns of files that Tollgate's own build leaves out, besides tests, Git's files and dotenv files. Relative to app.path."),
  port: port.prefault(8e3).describe("Port that the service listens on inside the image."),
  health: healthPath.prefault("/health").describe("Path that answers 2xx when the service is healthy."),
  startTimeout: duration.prefault("60s").describe("Longest time from the start of the service until it is healthy."),
  env: variables.prefault({}).describe("Environment variables of the service while the gate runs it. They are not put into the image."),
  services: services.optional().describe("Services that the image is run with. When left out: those of qa.services."),
  before: sequence("a list of shell commands", command).prefault([]).describe("Shell commands run in the image before the service starts, with its services and environment."),
  maxSize: size.prefault("1GB").describe("Largest size of the image: all of its layers together, uncompressed."),
  notSecret: sequence("a list of what is no secret", notSecret).prefault([]).describe("Files and variables of the image that look like secrets and are none, each with its reason."),
  platforms: distinct("a list of platforms", platform).prefault([]).describe("Platforms to build for. When empty: the engine's own."),
  timestamps: external_exports.enum(["kept", "commit"], { error: expected("kept or commit") }).prefault("kept").describe("Times of the files that the Dockerfile puts into the image: `commit` gives all of them the commit's, so that two builds of it can be the same."),
  source: text("a URL of the source", /^https?:\/\/\S+$/).optional().describe("URL of the repository, for the image's label. When left out: what --source-url says."),
  registry: registry.prefault({}).describe("How the registry is reached.")
});
function imageVariablesHaveOneSource(value, context) {
  const own2 = entryOf(entryOf(value, "image"), "services");
  const place2 = own2 === void 0 ? "qa.services" : "image.services";
  const given = own2 ?? entryOf(entryOf(value, "qa"), "services");
  for (const [service, variable3] of [["postgres", "DATABASE_URL"], ["redis", "REDIS_URL"]]) {
    const settings2 = entryOf(given, service);
    if (settings2 === false) continue;
    const name = entryOf(settings2, "env") ?? variable3;
    if (typeof name !== "string" || !keysOf(entryOf(entryOf(value, "image"), "env")).includes(name)) continue;
    const message = withHint(`is set by ${place2}.${service}`, `leave it out, or write \`image: { services: { ${service}: false } }\``);
    context.addIssue({ code: "custom", path: ["image", "env", name], message, params: { at: "key" } });
  }
}
__name(imageVariablesHaveOneSource, "imageVariablesHaveOneSource");

// core/config/ledger.ts
var ledger = mapping("a mapping of settings for the ledger", {
  service: text("a name of the service: lower-case letters, digits and -", plainName).optional().describe("Name of the service in the ledger and in notifications: several services may share one ledger. Left out: release.name, else the last part of image.name."),
  lease: duration.prefault("30s").describe("After so long without a sign of life a run has lost its hold on an environment."),
  patience: duration.prefault("3s").describe("Longest time that a run waits for the ledger at once before it keeps an event for later.")
});

// core/load/json-place.ts
function parsePlace(written) {
  const steps = [];
  const step = /(?:^|(?<=.)\.)([^.[\]\s]+)|\[(\d+)\]/y;
  let end = 0;
  while (end < written.length) {
    step.lastIndex = end;
    const found = step.exec(written);
    if (found === null) return null;
    steps.push(found[2] === void 0 ? found[1] ?? "" : Number(found[2]));
    end = step.lastIndex;
  }
  return steps.length === 0 ? null : steps;
}
__name(parsePlace, "parsePlace");

// core/load/percentile.ts
function leastRequests(percent2) {
  return Math.ceil(Math.log(0.05) / Math.log(percent2 / 100));
}
__name(leastRequests, "leastRequests");

// core/load/placeholders.ts
var PLACEHOLDER3 = /\{\{\s*([^{}]*?)\s*\}\}/g;
var VALUES = ["uuid", "iteration", "run"];
var KNOWN = `{{${VALUES.join("}} {{")}}} {{secret.NAME}}`;
function placeholdersIn(text2) {
  return [...text2.matchAll(PLACEHOLDER3)].map(([written, name = ""]) => {
    const secret = /^secret\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(name)?.[1] ?? null;
    return { written, secret, known: secret !== null || VALUES.some((value) => value === name) };
  });
}
__name(placeholdersIn, "placeholdersIn");
function textsInJson(value) {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsInJson);
  if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([key, inner]) => [key, ...textsInJson(inner)]);
  return [];
}
__name(textsInJson, "textsInJson");

// core/load/volume.ts
function plannedRequests(rate, seconds) {
  return Math.floor(rate.count * seconds / rate.seconds);
}
__name(plannedRequests, "plannedRequests");
function mostRequests(rate, warmUp, duration3) {
  return plannedRequests(rate, warmUp) + 1 + plannedRequests(rate, duration3) + 1;
}
__name(mostRequests, "mostRequests");
function perSecond(rate) {
  return rate.count / rate.seconds;
}
__name(perSecond, "perSecond");
function plannedSeconds(durations, warmUp) {
  return warmUp + Math.max(0, ...durations);
}
__name(plannedSeconds, "plannedSeconds");

// core/config/load-rules.ts
function requestHasOneBody(scenario2, context) {
  const method2 = entryOf(scenario2, "method");
  const given = ["body", "json"].filter((key) => entryOf(scenario2, key) !== void 0);
  const [first] = given;
  if (first === void 0) return;
  if (given.length === 2) context.addIssue({ code: "custom", path: ["body"], message: withHint("is given beside json", "keep one of them"), params: { at: "key" } });
  else if (method2 === "GET" || method2 === "HEAD")
    context.addIssue({ code: "custom", path: [first], message: withHint(`does not go with ${method2}`, "add  method: POST"), params: { at: "key" } });
}
__name(requestHasOneBody, "requestHasOneBody");
function placeholdersAreKnown2(scenario2, context) {
  const headers = entryOf(scenario2, "headers");
  const parts = [
    [["path"], textsInJson(entryOf(scenario2, "path"))],
    ...keysOf(headers).map((name) => [["headers", name], textsInJson(entryOf(headers, name))]),
    [["body"], textsInJson(entryOf(scenario2, "body"))],
    [["json"], textsInJson(entryOf(scenario2, "json"))]
  ];
  for (const [path2, texts2] of parts) {
    for (const { written } of texts2.flatMap(placeholdersIn).filter(({ known }) => !known)) {
      context.addIssue({ code: "custom", path: path2, message: withHint(`has the unknown placeholder ${written}`, `known here: ${KNOWN}`) });
    }
  }
}
__name(placeholdersAreKnown2, "placeholdersAreKnown");
function pathHasNoSecret(path2, context) {
  if (typeof path2 !== "string" || placeholdersIn(path2).every(({ secret }) => secret === null)) return;
  context.addIssue({ code: "custom", message: withHint("has a secret in it: addresses end in the logs of servers and proxies", "send it in a header") });
}
__name(pathHasNoSecret, "pathHasNoSecret");
var CREDENTIAL = /^(?:proxy-)?authorization$|^cookie$|api-?key|token|secret|password/i;
function credentialsAreSecrets(headers, context) {
  for (const name of keysOf(headers)) {
    const value = entryOf(headers, name);
    if (typeof value !== "string" || !CREDENTIAL.test(name) || placeholdersIn(value).some(({ secret }) => secret !== null)) continue;
    const message = withHint("is a credential: its value must not stand in a file", "list a name for it in load.secrets, and write {{secret.NAME}} here");
    context.addIssue({ code: "custom", path: [name], message });
  }
}
__name(credentialsAreSecrets, "credentialsAreSecrets");
function secretsAreUsed(load2, context) {
  const scenarios2 = entryOf(load2, "scenarios");
  const listed = textsIn(entryOf(load2, "secrets"));
  const used = /* @__PURE__ */ new Set();
  for (const name of keysOf(scenarios2)) {
    const scenario2 = entryOf(scenarios2, name);
    for (const key of ["headers", "body", "json"]) {
      for (const { secret } of textsInJson(entryOf(scenario2, key)).flatMap(placeholdersIn)) {
        if (secret === null) continue;
        used.add(secret);
        if (listed.some(([, one]) => one === secret)) continue;
        context.addIssue({ code: "custom", path: ["scenarios", name, key], message: withHint(`uses the secret ${secret}, which load.secrets does not list`, `add ${secret} to load.secrets`) });
      }
    }
  }
  for (const [index, secret] of listed) {
    if (used.has(secret)) continue;
    context.addIssue({ code: "custom", path: ["secrets", index], message: withHint("is used by no scenario", `write {{secret.${secret}}} into a header or a body, or leave it out`) });
  }
}
__name(secretsAreUsed, "secretsAreUsed");
function thresholdsCanBeJudged(load2, context) {
  const timeout = entryOf(load2, "timeout");
  const scenarios2 = entryOf(load2, "scenarios");
  for (const name of keysOf(scenarios2)) {
    const scenario2 = entryOf(scenarios2, name);
    const thresholds3 = entryOf(scenario2, "thresholds");
    const path2 = /* @__PURE__ */ __name((key) => ["scenarios", name, "thresholds", key], "path");
    for (const key of ["p50", "p90", "p95", "p99", "max"]) {
      const asked = entryOf(thresholds3, key);
      if (typeof asked !== "number") continue;
      if (typeof timeout === "number" && asked >= timeout) {
        const message = withHint("is not below load.timeout, as which a request without a right answer counts", `ask for less than ${duration2(timeout / 1e3)}, or raise load.timeout`);
        context.addIssue({ code: "custom", path: path2(key), message });
      }
      const planned = measuredRequests(scenario2);
      const least2 = key === "max" ? 1 : leastRequests(Number(key.slice(1)));
      if (planned !== null && planned < least2) {
        const message = withHint(`cannot be judged by ${count(planned, "request")}: ${key} needs ${least2}`, "raise rate or duration, or ask for a lower percentile");
        context.addIssue({ code: "custom", path: path2(key), message });
      }
    }
    if (measuredRequests(scenario2) === 0)
      context.addIssue({ code: "custom", path: ["scenarios", name, "rate"], message: withHint("sends no request within the duration", "raise rate or duration") });
  }
}
__name(thresholdsCanBeJudged, "thresholdsCanBeJudged");
function planIsWithinLimits(load2, context) {
  const warmUp = entryOf(load2, "warmUp");
  const scenarios2 = entryOf(load2, "scenarios");
  if (typeof warmUp !== "number") return;
  const flows = keysOf(scenarios2).flatMap((name) => {
    const flow = flowOf(entryOf(scenarios2, name));
    return flow === null ? [] : [flow];
  });
  const requests = flows.reduce((sum, flow) => sum + mostRequests(flow.rate, warmUp, flow.duration), 0);
  const most = entryOf(load2, "maxRequests");
  if (typeof most === "number" && requests > most) {
    const message = withHint(`is ${most}, and the scenarios would send up to ${requests}`, "lower a rate or a duration, or raise maxRequests");
    context.addIssue({ code: "custom", path: ["maxRequests"], message });
  }
  const seconds = plannedSeconds(flows.map(({ duration: duration3 }) => duration3), warmUp);
  const longest2 = entryOf(load2, "maxTime");
  if (typeof longest2 === "number" && seconds > longest2) {
    const message = withHint(`is ${duration2(longest2)}, and the scenarios would take ${duration2(seconds)}`, "lower a duration, or raise maxTime");
    context.addIssue({ code: "custom", path: ["maxTime"], message });
  }
}
__name(planIsWithinLimits, "planIsWithinLimits");
function loadLeavesServicesAlone(settings2, context) {
  const [image2, qa2, load2] = [entryOf(settings2, "image"), entryOf(settings2, "qa"), entryOf(settings2, "load")];
  const place2 = entryOf(image2, "services") === void 0 ? "qa.services" : "image.services";
  const services2 = entryOf(image2, "services") ?? entryOf(qa2, "services");
  for (const service of ["postgres", "redis"]) {
    const name = entryOf(entryOf(services2, service), "env");
    if (typeof name !== "string" || !keysOf(entryOf(load2, "env")).includes(name)) continue;
    context.addIssue({ code: "custom", path: ["load", "env", name], message: withHint(`is set by ${place2}.${service}`, "leave it out"), params: { at: "key" } });
  }
}
__name(loadLeavesServicesAlone, "loadLeavesServicesAlone");
function measuredRequests(scenario2) {
  const flow = flowOf(scenario2);
  return flow === null ? null : plannedRequests(flow.rate, flow.duration);
}
__name(measuredRequests, "measuredRequests");
function flowOf(scenario2) {
  const rate = entryOf(scenario2, "rate");
  const duration3 = entryOf(scenario2, "duration");
  const [count2, seconds] = [entryOf(rate, "count"), entryOf(rate, "seconds")];
  if (!isMapping(rate) || typeof count2 !== "number" || typeof seconds !== "number" || typeof duration3 !== "number") return null;
  return { rate: { count: count2, seconds }, duration: duration3 };
}
__name(flowOf, "flowOf");

// core/config/load.ts
var slowest = /* @__PURE__ */ __name((what) => responseTime.optional().describe(`Longest response time of ${what}. When left out: not judged.`), "slowest");
var thresholds = mapping("a mapping of thresholds such as p95 and errors", {
  p50: slowest("50 % of the requests"),
  p90: slowest("90 % of the requests"),
  p95: slowest("95 % of the requests"),
  p99: slowest("99 % of the requests"),
  max: slowest("every single request"),
  errors: share.prefault("0%").describe("Largest share of the requests that may get no right answer."),
  rate: share.prefault("98%").describe("Smallest share of the arrival rate that must really be reached.")
});
var NO_PLACE = withHint("is not a place in a JSON document", "for example checks.postgres or items[0].id");
var place = text("a place in a JSON document such as checks.postgres or items[0].id").superRefine((written, context) => {
  if (written.trim() !== "" && parsePlace(written) === null) context.addIssue({ code: "custom", message: NO_PLACE });
});
var pattern2 = text("a regular expression", /[\s\S]/).superRefine((written, context) => {
  try {
    new RegExp(written);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    context.addIssue({ code: "custom", message: `is not a regular expression: ${why}` });
  }
});
var scalar = external_exports.union([external_exports.string(), external_exports.number(), external_exports.boolean(), external_exports.null()], { error: expected("a text, a number, true/false or null") });
var KINDS = ["equals", "contains", "matches"];
var check = mapping("a mapping such as { json: status, equals: ok }", {
  json: place.optional().describe("Place in a JSON answer: checks.postgres, items[0].id. When left out: the whole body, as text."),
  equals: scalar.optional().describe('The value there, of the same type: 200 is not the text "200".'),
  contains: text("a text", /[\s\S]/).optional().describe("A text that is part of it."),
  matches: pattern2.optional().describe("A regular expression that matches it.")
}).superRefine((value, context) => {
  const given = keysOf(value).filter((key) => KINDS.includes(key) && entryOf(value, key) !== void 0);
  if (!isMapping(value) || given.length === 1) return;
  const none = withHint("does not say what must be there", `add one of ${KINDS.join(", ")}`);
  context.addIssue({ code: "custom", message: given.length === 0 ? none : withHint(`has ${given.join(" and ")}`, "write a check for each") });
}, always);
var NO_CHECK = withHint("lists no check: an error page that comes with a right status would do", "for example  answer: { contains: order }");
var checks2 = named("a mapping of checks", plainName, check, plainNameProblem("check")).superRefine((listed, context) => {
  if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_CHECK });
}, always).meta({ minProperties: 1 });
var path = text("a path that begins with /", /^\/[^\s]*$/, (input) => {
  if (typeof input !== "string" || input === "") return null;
  if (/^[a-z]+:\/\//i.test(input)) return "write the path alone: the host is the built image's, or the one given with --url";
  return input.startsWith("/") ? "write a space as %20" : `write /${input}`;
});
var METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
var method = external_exports.enum(METHODS, {
  error: expected(
    `one of ${METHODS.join(", ")}`,
    (input) => typeof input === "string" && METHODS.includes(input.toUpperCase()) ? `write ${input.toUpperCase()}` : null
  )
});
var scenario = mapping("a mapping with path, rate, duration and checks", {
  method: method.prefault("GET").describe("HTTP method."),
  path: path.superRefine(pathHasNoSecret, always).describe("Path and query of each request."),
  headers: named("a mapping of headers", headerName, text("a text", /^[^\r\n]+$/), headerNameProblem).superRefine(credentialsAreSecrets, always).prefault({}).describe("Headers of each request."),
  body: text("a text", /[\s\S]/).optional().describe("Body of each request, as text. When left out, and json too: none."),
  json: external_exports.unknown().optional().describe("Body of each request, as JSON; its Content-Type is application/json. When left out: see body."),
  rate: arrivalRate.describe("Requests that begin in each second, minute or hour, whether earlier ones are answered or not: 20/s, 300/m."),
  duration: duration.describe("How long that goes on after the warm-up: 30s, 5m."),
  status: some("a list of statuses", status, "lists no status: no answer would be right").optional().describe("Statuses of a right answer; redirects are not followed. When left out: 200 to 299."),
  checks: checks2.describe("What the body of a right answer is like: every check must hold. At least one."),
  thresholds: thresholds.prefault({}).describe("What is asked of the figures.")
}).superRefine(requestHasOneBody, always).superRefine(placeholdersAreKnown2, always);
var NO_SCENARIO = "lists no scenario: nothing would be sent";
var scenarios = named("a mapping of scenarios", plainName, scenario, plainNameProblem("scenario")).superRefine((listed, context) => {
  if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_SCENARIO });
}, always).meta({ minProperties: 1 });
var load = mapping("a mapping with scenarios", {
  scenarios: scenarios.describe("What is sent, by names of your own; all scenarios run at the same time. At least one."),
  warmUp: duration.prefault("5s").describe("How long the same requests are sent before anything is measured: 5s, 1m."),
  timeout: responseTime.prefault("10s").describe("Longest wait for an answer: 500ms, 10s. A request without a right answer counts as one that took this long."),
  maxVirtualUsers: wholeNumber4(1, 1e3).prefault(50).describe("Most requests of one scenario that wait for an answer at the same time."),
  maxRequests: wholeNumber4(1, 1e6).prefault(5e4).describe("Most requests that one run may send, warm-up included: a guard against a slip."),
  maxTime: duration.prefault("10m").describe("Longest time that one run may send requests, warm-up included."),
  env: variables.prefault({}).describe("Environment variables of the built image while it is under load, over those that it always has."),
  before: sequence("a list of shell commands", command).prefault([]).describe("Shell commands run in a container of the built image before it is started, with its environment and services."),
  secrets: distinct("a list of names", environmentName).prefault([]).describe("Names that --secrets must hold, for {{secret.NAME}} in headers and bodies; no report shows their values."),
  staging: distinct("a list of addresses", origin).prefault([]).describe("Addresses of deployed services that --url may load without a confirmation.")
}).superRefine(thresholdsCanBeJudged, always).superRefine(planIsWithinLimits, always).superRefine(secretsAreUsed, always);

// core/config/notifications.ts
var NOTIFICATIONS = ["start", "success", "failure", "rollback", "approval-needed", "break-glass"];
var events = distinct(
  "a list of notifications",
  external_exports.enum(NOTIFICATIONS, {
    error: expected(`one of ${NOTIFICATIONS.join(", ")}`, (input) => {
      const meant = NOTIFICATIONS.find((name) => typeof input === "string" && input.length >= 3 && name.startsWith(input.toLowerCase().slice(0, 3)));
      return meant === void 0 ? null : `write ${meant}`;
    })
  })
);
var ADDRESS = /^[^\s@<>"]+@[^\s@<>"]+$/;
var mailAddress = text("an e-mail address such as releases@shop.example", ADDRESS);
var on = events.prefault([...NOTIFICATIONS]).describe(`What is told: ${NOTIFICATIONS.join(", ")}.`);
var slack = mapping("a mapping with url and on", {
  url: environmentName.prefault("SLACK_WEBHOOK_URL").describe("Name in --notify whose value is the address of the webhook: it is a secret."),
  on
});
var webhook = mapping("a mapping with url, secret and on", {
  url: environmentName.prefault("NOTIFY_WEBHOOK_URL").describe("Name in --notify whose value is the address of the webhook: it is a secret."),
  secret: environmentName.prefault("NOTIFY_WEBHOOK_SECRET").describe("Name in --notify whose value is what each request is signed with, 32 characters or more."),
  on
});
var email = mapping("a mapping with url, from, to and on", {
  url: environmentName.prefault("NOTIFY_SMTP_URL").describe("Name in --notify whose value is smtp://USER:PASSWORD@HOST:PORT, or smtps://."),
  from: mailAddress.describe("Sender."),
  to: some("a list of e-mail addresses", mailAddress, "lists nobody").describe("Receivers."),
  on
});
var longest = expected("a whole number of seconds from 1 to 10");
var notifications = mapping("a mapping of slack, webhook and email", {
  slack: slack.optional().describe("A webhook that takes Slack's messages: Slack, Mattermost, Discord with /slack. When left out: none."),
  webhook: webhook.optional().describe("A webhook that takes JSON, signed with HMAC-SHA256. When left out: none."),
  email: email.optional().describe("E-mail over SMTP. When left out: none."),
  wait: external_exports.number({ error: longest }).int({ error: longest }).min(1, { error: longest }).max(10, { error: longest }).prefault(4).describe("Longest time in seconds that a command waits for notifications, all of them together.")
}).superRefine((given, context) => {
  const webhookGiven = entryOf(given, "webhook");
  const [url2, secret] = [entryOf(webhookGiven, "url"), entryOf(webhookGiven, "secret")];
  if (typeof url2 === "string" && url2 === secret)
    context.addIssue({ code: "custom", path: ["webhook", "secret"], message: withHint("is the name of the address as well", "two values have two names") });
}, always);

// core/config/monitor.ts
var thresholds2 = mapping("a mapping with errors, p95, payments and connections", {
  errors: share.prefault("1%").describe("Largest share of answers with a status of 500 or more, as the proxy counts them."),
  p95: responseTime.optional().describe("Longest response time of 95 % of the requests, as the proxy measures it. When left out: not judged."),
  payments: share.prefault("95%").describe("Smallest share of payments that succeed. Judged where payments says how they are counted."),
  connections: share.prefault("80%").describe("Largest share of the database's connections that may be in use. Judged where database is given.")
});
var metric = text("a name of a metric such as payments_total", /^[A-Za-z_:][A-Za-z0-9_:]*$/);
var label = text("a name of a label", /^[A-Za-z_][A-Za-z0-9_]*$/);
var payments = mapping("a mapping with metric, label, good and bad", {
  path: text("a path such as /metrics", /^\/[^\s#]*$/).prefault("/metrics").describe("Path at which the service shows its metrics in Prometheus' text format."),
  metric: metric.describe("Counter of payments by what became of them."),
  label: label.describe("Label that says what became of one."),
  good: sequence("a list of values", text("a value")).min(1, { error: "lists no value: no payment could succeed" }).describe("Values of the label for payments that succeeded."),
  bad: sequence("a list of values", text("a value")).min(1, { error: "lists no value: no payment could fail" }).describe("Values of the label for payments that failed. Others count as neither.")
});
var monitor = mapping("a mapping with window and thresholds", {
  window: duration.prefault("5m").describe("How long a release is watched after it got the traffic: 60s, 5m."),
  requests: wholeNumber4(1, 1e6).prefault(20).describe("Fewest requests that a verdict may rest on."),
  inconclusive: external_exports.enum(["keep", "roll-back"], { error: expected("keep or roll-back") }).prefault("keep").describe("What becomes of a release when there was too little traffic for a verdict."),
  thresholds: thresholds2.prefault({}).describe("What the figures must be."),
  payments: payments.optional().describe("How the service counts payments. When left out: payments are not judged."),
  database: environmentName.optional().describe("Variable of the service with the URL of its Postgres, whose connections are counted. When left out: they are not judged.")
});

// core/config/release.ts
var process = mapping("a mapping with a command", {
  command: sequence("a list: the program and its arguments", text("a program or an argument")).min(1, { error: "names no program: there is nothing to start" }).describe("Program with its arguments.")
});
var processProblem = /* @__PURE__ */ __name((name) => plainNameProblem("process")(name) ?? (name.length > 30 ? withHint("is too long for a name of a process", "30 characters at most") : null), "processProblem");
function nameHint(input) {
  if (typeof input !== "string" || input.length <= LONGEST_SERVICE) return null;
  return `it has ${input.length} characters: with -web- and a release's id it is a container's host name, which may have 63`;
}
__name(nameHint, "nameHint");
var retain = mapping("a mapping with releases and running", {
  releases: wholeNumber4(1, 20).prefault(3).describe("Earlier releases that stay on the target, to go back to."),
  running: wholeNumber4(0, 5).prefault(1).describe("How many of those keep running without traffic: going back to them takes no start.")
});
var versionPlace = mapping("a mapping with variable and path", {
  variable: environmentName.describe("Variable by which the service learns its version: Tollgate sets it to --version."),
  path: text("a path such as /version", /^\/[^\s#]*$/).describe("Path that answers with that version.")
});
var METHODS2 = ["GET", "HEAD", "POST", "PUT", "DELETE"];
var smoke = mapping("a mapping with path and contains", {
  method: external_exports.enum(METHODS2, { error: expected(`one of ${METHODS2.join(", ")}`) }).prefault("GET").describe("HTTP method."),
  path: text("a path that begins with /", /^\/[^\s]*$/).describe("Path and query. {{release}} is the release's id, here, in headers and in json."),
  headers: named("a mapping of headers", headerName, text("a text", /^[^\r\n]+$/), headerNameProblem).prefault({}).describe("Headers of the request."),
  json: external_exports.unknown().optional().describe("Body of the request, as JSON. When left out: none."),
  status: some("a list of statuses", status, "lists no status: no answer would be right").optional().describe("Statuses of a right answer. When left out: 200 to 299."),
  contains: sequence("a list of texts", text("a text", /[\s\S]/)).prefault([]).describe("Texts that the body of a right answer has.")
});
var release = mapping("a mapping that says how the service runs where it is released", {
  name: text(`a name such as payments: lower-case letters, digits and -, at most ${LONGEST_SERVICE} characters, ending with a letter or digit`, SERVICE_NAME, nameHint).optional().describe("Name of the service on its target. When left out: the last part of image.name, or `service`."),
  processes: named("a mapping of processes", plainName, process, processProblem).prefault({}).describe("Processes by name: `web` has the traffic, every other one is a worker. When web is left out, it is the image's own command."),
  healthPath: text("a path such as /health", /^\/[^\s#]*$/).optional().describe("Path that answers 2xx when the service is healthy. When left out: what image.health says."),
  healthTimeout: duration.prefault("60s").describe("Longest time from the start of a release until it is healthy."),
  drain: duration.prefault("30s").describe("Longest time for requests and jobs under way to end when a release loses the traffic."),
  before: sequence("a list of shell commands", command).prefault([]).describe("Shell commands run as jobs of the new release before it starts, such as migrations. They must leave the running release able to work."),
  beforeTimeout: duration.prefault("5m").describe("Longest time of each of these commands."),
  version: versionPlace.optional().describe("How the service tells its version. When left out: the version is read from the target alone."),
  smoke: named("a mapping of smoke checks", plainName, smoke, plainNameProblem("smoke check")).prefault({}).describe("Requests to a new release before it gets traffic, by names of your own: each must have its right answer."),
  monitor: monitor.prefault({}).describe("How a release is watched, and when it is taken back."),
  retain: retain.prefault({}).describe("What stays on the target to go back to.")
});

// core/config/schema.ts
var settings = mapping("a mapping of settings, with `qa` at least", {
  version: external_exports.literal(1, { error: expected("1, the only version there is") }).prefault(1).describe("Version of this file's format."),
  app: app.prefault({}).describe("The service under test."),
  qa: qa.describe("What must be proven before anything goes on."),
  image: image.prefault({}).describe("The container image: how it is made, what it must do, where it goes."),
  scan: scan.prefault({}).describe("What is looked for in the image, the lockfiles and the repository, and what is refused."),
  environments: environments.prefault({}).describe("What each environment needs. staging, production and sandbox are there without being listed."),
  release: release.prefault({}).describe("How the service runs where it is released."),
  ledger: ledger.prefault({}).describe("Where and how releases are recorded."),
  notifications: notifications.prefault({}).describe("Who is told of releases. The addresses are secrets: they come with --notify."),
  database: database.prefault({}).describe("How the service's database is migrated, backed up and checked."),
  load: load.optional().describe("What the service must bear, and how fast it must answer then. When left out: there is no load test.")
}).superRefine(imageVariablesHaveOneSource, always).superRefine(loadLeavesServicesAlone, always).meta({ title: "tollgate.yaml", description: "Settings of Tollgate for one service." });
function settingsJsonSchema() {
  return external_exports.toJSONSchema(settings, {
    target: "draft-07",
    io: "input",
    override: /* @__PURE__ */ __name(({ jsonSchema }) => {
      if (JSON.stringify(jsonSchema.default) === "{}") delete jsonSchema.default;
    }, "override")
  });
}
__name(settingsJsonSchema, "settingsJsonSchema");

// core/config/keys.ts
var NONE = { known: /* @__PURE__ */ new Map(), chosen: null, entries: null };
var all;
function keysIn(schema) {
  if (typeof schema !== "object") return NONE;
  const branch = schema.anyOf?.find((option) => typeof option === "object" && option.properties !== void 0);
  if (branch !== void 0) return keysIn(branch);
  return {
    known: new Map(Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, keysIn(inner)])),
    chosen: typeof schema.additionalProperties === "object" ? keysIn(schema.additionalProperties) : null,
    entries: typeof schema.items === "object" && !Array.isArray(schema.items) ? keysIn(schema.items) : null
  };
}
__name(keysIn, "keysIn");
function adviseOnKey(path2, key) {
  const root = all ??= keysIn(settingsJsonSchema());
  const here = path2.reduce((keys, part) => keys.known.get(String(part)) ?? (typeof part === "number" ? keys.entries : keys.chosen) ?? NONE, root);
  const known = [...here.known.keys()];
  const respelled = known.find((candidate) => bare(candidate) === bare(key));
  const meant = respelled ?? (placesOf(key, root).length === 0 ? nearest(key, known) : null);
  if (meant !== null) return { meant, suggestion: `did you mean \`${meant}\`?` };
  const places = placesOf(key, root).slice(0, 3);
  if (places.length > 0) return { meant: null, suggestion: `\`${key}\` belongs under ${places.join(" or ")}` };
  return { meant: null, suggestion: `known here: ${known.join(", ")}` };
}
__name(adviseOnKey, "adviseOnKey");
function placesOf(key, keys, path2 = "") {
  const deeper = [...keys.known].flatMap(([name, inner]) => placesOf(key, inner, path2 === "" ? name : `${path2}.${name}`));
  const chosen = keys.chosen === null ? [] : placesOf(key, keys.chosen, `${path2}.<name>`);
  const entries = keys.entries === null ? [] : placesOf(key, keys.entries, `${path2}[]`);
  const here = keys.known.has(key) ? [path2 === "" ? "the top of the file" : path2] : [];
  return [...here, ...deeper, ...chosen, ...entries];
}
__name(placesOf, "placesOf");
function bare(key) {
  return key.toLowerCase().replace(/[-_\s]/g, "");
}
__name(bare, "bare");
function nearest(name, candidates) {
  const wanted = bare(name);
  const near = candidates.map((candidate) => ({ candidate, slips: slipsBetween(wanted, bare(candidate)) })).filter(({ candidate, slips }) => slips <= Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3))).sort((one, other) => one.slips - other.slips);
  return near[0]?.candidate ?? null;
}
__name(nearest, "nearest");
function slipsBetween(from, to) {
  let before = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (current[column - 1] ?? Infinity) + 1,
        (above[column] ?? Infinity) + 1,
        (above[column - 1] ?? Infinity) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? Infinity) + 1 : Infinity
      );
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? Infinity;
}
__name(slipsBetween, "slipsBetween");

export {
  fillTemplate,
  TEST_MERCHANTS,
  isTestMerchant,
  isPublishedKey,
  holdsPublishedKey,
  holdsTestMerchant,
  WEEKDAYS,
  parsePlace,
  leastRequests,
  plannedRequests,
  mostRequests,
  perSecond,
  plannedSeconds,
  settings,
  adviseOnKey,
  nearest
};
