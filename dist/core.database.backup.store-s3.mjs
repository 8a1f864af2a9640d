import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  contentsOf,
  damaged,
  descriptionName,
  differs,
  volume
} from "./shared.core.database.backup.backup-file.mjs";
import {
  readSecrets
} from "./shared.core.secrets.dotenv.mjs";
import {
  runProgram
} from "./shared.core.shared.run-program.mjs";
import {
  asExecError,
  forTools,
  noSpace
} from "./shared.core.app.python.caches.mjs";
import {
  isLoopback
} from "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/backup/store-s3.ts
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

// core/database/backup/s3-endpoint.ts
import { dag } from "../sdk/index.ts";
var LOOPBACK_ALIAS = "storage.tollgate";
function s3Endpoint(given, entryPoint) {
  if (given === void 0) return { endpoint: null, bind: /* @__PURE__ */ __name((container) => container, "bind") };
  const url = new URL(given);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (!isLoopback(host)) return { endpoint: given, bind: /* @__PURE__ */ __name((container) => container, "bind") };
  if (entryPoint === "module")
    throw new TollgateError(
      "backup-loopback",
      `database.backup.s3.endpoint names the host ${host}: from inside the engine that is not your machine.`,
      "Use the storage's name or address in the network, or the command line (npx tollgate \u2026), which can reach your machine's own ports."
    );
  const port = url.port === "" ? url.protocol === "https:" ? 443 : 80 : Number(url.port);
  const service = dag.host().service([{ backend: port, frontend: port }], { host: host === "localhost" ? "127.0.0.1" : host });
  return {
    endpoint: `${url.protocol}//${LOOPBACK_ALIAS}:${port}`,
    bind: /* @__PURE__ */ __name((container) => container.withServiceBinding(LOOPBACK_ALIAS, service), "bind")
  };
}
__name(s3Endpoint, "s3Endpoint");

// core/database/backup/s3-problem.ts
var problem = external_exports.object({ code: external_exports.string(), message: external_exports.string(), operation: external_exports.string() });
var said = external_exports.union([external_exports.object({ answer: external_exports.unknown() }).required(), external_exports.object({ error: problem })]);
function s3Problem({ code, message, operation }, bucket, s3) {
  const where = s3.endpoint ?? `Amazon S3 in ${s3.region}`;
  const error = /* @__PURE__ */ __name((name, what, next) => new TollgateError(name, what, `${next} An unfinished file is not used as a backup.`), "error");
  switch (code) {
    case "SignatureDoesNotMatch":
    case "InvalidAccessKeyId":
    case "ExpiredToken":
    case "InvalidToken":
    case "InvalidAccessKey":
      return error(
        "backup-login",
        `The storage at ${where} refuses the credentials (${code}).`,
        `Correct ${s3.accessKeyId} and ${s3.secretAccessKey} in --secrets.`
      );
    case "RequestTimeTooSkewed":
      return error(
        "backup-login",
        `The storage at ${where} refuses the credentials: its clock and the engine's differ too much.`,
        "Set the clock of the engine's machine."
      );
    case "AccessDenied":
    case "403":
      return error(
        "backup-denied",
        `The storage at ${where} denies this key ${operation} in the bucket ${bucket}.`,
        "Allow it to list the bucket, and to get, put and delete objects under the prefix."
      );
    case "NoSuchBucket":
      return error(
        "backup-bucket",
        `There is no bucket ${bucket} at ${where}.`,
        "Correct database.backup.to, or create the bucket: Tollgate does not."
      );
    case "PermanentRedirect":
    case "AuthorizationHeaderMalformed":
    case "IllegalLocationConstraintException":
      return error(
        "backup-region",
        `The bucket ${bucket} is not in the region ${s3.region}.`,
        "Correct database.backup.s3.region."
      );
    case "Connection":
      return error(
        "backup-unreachable",
        `The storage at ${where} cannot be reached, or broke the connection: ${message}.`,
        "Check that it is running and that the engine may connect to it, and run the same command again."
      );
    default:
      return error(
        "backup-store",
        `The storage at ${where} failed${operation === "" ? "" : ` at ${operation}`}: ${code}${message === "" ? "" : `, ${message}`}.`,
        "Run the same command again when the storage works."
      );
  }
}
__name(s3Problem, "s3Problem");

// core/database/backup/store-s3.ts
var IMAGE = "python:3.11-slim";
var FOLDER = "/opt/tollgate";
var listed = external_exports.object({
  objects: external_exports.array(external_exports.object({ name: external_exports.string(), bytes: external_exports.number() })),
  descriptions: external_exports.array(external_exports.object({ name: external_exports.string(), text: external_exports.string() }))
});
var digests = external_exports.object({ digests: external_exports.array(external_exports.string().nullable()) });
var removed = external_exports.object({ failed: external_exports.array(external_exports.object({ name: external_exports.string(), why: external_exports.string() })) });
var nothing = external_exports.object({});
async function s3Store(settings, bundle, entryPoint, place) {
  const [bucket = "", ...folders] = settings.to.replace(/^s3:\/\//, "").split("/");
  const { region } = settings.s3;
  const prefix = `${[...folders, place].join("/")}/`;
  const { endpoint, bind } = s3Endpoint(settings.s3.endpoint, entryPoint);
  const described = `${settings.to}, folder ${place}`;
  const scope = createHash("sha256").update(`${settings.s3.endpoint ?? ""} ${settings.to}`).digest("hex").slice(0, 12);
  const work = volume(`work-${scope}`, place);
  const client = await withCredentials(work.attach(bind(await clientLibrary())), settings, bundle);
  const ask = /* @__PURE__ */ __name(async (schema, request, nonce, onDifferent) => {
    const stdin = JSON.stringify({ bucket, prefix, region, endpoint, ...request });
    const { code, out, err } = await runProgram(
      client.withEnvVariable("TOLLGATE_NONCE", nonce),
      ["python", `${FOLDER}/tollgate_s3.py`],
      { stdin }
    );
    const answer = code === 0 ? said.parse(JSON.parse(out)) : { error: { code: "Ended", message: err.trim().split("\n").at(-1) ?? "", operation: "" } };
    if (!("error" in answer)) return schema.parse(answer.answer);
    if (onDifferent !== void 0 && /^(?:Different|NoSuchKey|404)$/.test(answer.error.code)) throw onDifferent();
    if (answer.error.code === "Disk" && /no space left/i.test(answer.error.message))
      throw noSpace("the engine's disk, on which backups are made");
    throw s3Problem(answer.error, bucket, settings.s3);
  }, "ask");
  return {
    described,
    work,
    contents: /* @__PURE__ */ __name(async (nonce) => {
      const { objects, descriptions } = await ask(listed, { do: "list" }, nonce);
      return contentsOf(objects, descriptions);
    }, "contents"),
    digests: /* @__PURE__ */ __name(async (names, nonce) => (await ask(digests, { do: "digests", names }, nonce)).digests, "digests"),
    put: /* @__PURE__ */ __name(async (path, file, nonce) => {
      const request = {
        do: "put",
        path,
        name: file.file,
        sha256: file.sha256,
        description: JSON.stringify(file),
        describedIn: descriptionName(file)
      };
      await ask(nothing, request, nonce, () => differs(file, described));
    }, "put"),
    bring: /* @__PURE__ */ __name(async (file, nonce) => {
      const path = `${work.folder}/${file.name}/${file.file}`;
      await ask(
        nothing,
        { do: "fetch", path, name: file.file, sha256: file.sha256 },
        nonce,
        () => damaged(file, described)
      );
      return path;
    }, "bring"),
    remove: /* @__PURE__ */ __name(async (names, nonce) => (await ask(removed, { do: "remove", names }, nonce)).failed.map(({ name, why }) => `${name} (${why})`), "remove")
  };
}
__name(s3Store, "s3Store");
async function clientLibrary() {
  const [script, requirements] = await Promise.all(
    ["tollgate_s3.py", "s3-requirements.txt"].map(
      (name) => readFile(new URL(`../python/${name}`, new URL("../core/database/backup/store-s3.ts", import.meta.url).href), "utf8")
    )
  );
  const container = forTools(IMAGE).withNewFile(`${FOLDER}/s3-requirements.txt`, requirements ?? "").withExec([
    "python",
    "-m",
    "pip",
    "install",
    "--quiet",
    "--require-hashes",
    "--only-binary=:all:",
    "-r",
    `${FOLDER}/s3-requirements.txt`
  ]);
  try {
    await container.sync();
  } catch (error) {
    const said2 = asExecError(error)?.stderr ?? (error instanceof Error ? error.message : String(error));
    throw new TollgateError(
      "backup-client",
      `Could not install the client library for S3 (boto3): ${said2.trim().split("\n").at(-1) ?? ""}`,
      `Give the engine access to PyPI and to the image ${IMAGE}. Nothing was changed.`
    );
  }
  return container.withNewFile(`${FOLDER}/tollgate_s3.py`, script ?? "");
}
__name(clientLibrary, "clientLibrary");
async function withCredentials(container, { s3 }, bundle) {
  const names = [s3.accessKeyId, s3.secretAccessKey, ...s3.sessionToken === void 0 ? [] : [s3.sessionToken]];
  const values = await readSecrets(
    bundle,
    names,
    "database.backup.s3",
    (name) => `tollgate-storage-${name}-${randomUUID()}`
  );
  return ["STORAGE_ACCESS_KEY_ID", "STORAGE_SECRET_ACCESS_KEY", "STORAGE_SESSION_TOKEN"].reduce(
    (with_, variable, index) => {
      const value = values.get(names[index] ?? "");
      return value === void 0 ? with_ : with_.withSecretVariable(variable, value);
    },
    container
  );
}
__name(withCredentials, "withCredentials");
export {
  s3Store
};
