import { createHash, randomUUID } from "node:crypto"
import { readFile } from "node:fs/promises"
import type { Container, Secret } from "@dagger.io/dagger"
import { z } from "zod"
import { forTools } from "../../app/python/caches.js"
import type { BackupSettings } from "../../config/database.js"
import { readSecrets } from "../../secrets/dotenv.js"
import { TollgateError } from "../../shared/errors.js"
import { asExecError } from "../../shared/exec-error.js"
import { noSpace } from "../../shared/no-space.js"
import { runProgram } from "../../shared/run-program.js"
import type { EntryPoint } from "../connect/reach.js"
import { damaged, differs } from "./backup-problem.js"
import { s3Endpoint } from "./s3-endpoint.js"
import { type Said, s3Problem, said } from "./s3-problem.js"
import { contentsOf, descriptionName } from "./store-contents.js"
import { type Store, volume, type Workplace } from "./store-places.js"

/** The image that Amazon's client library runs in: where the dump is, beside the database and not in this process. */
const IMAGE = "python:3.11-slim"
const FOLDER = "/opt/tollgate"

const listed = z.object({
  objects: z.array(z.object({ name: z.string(), bytes: z.number() })),
  descriptions: z.array(z.object({ name: z.string(), text: z.string() })),
})
const digests = z.object({ digests: z.array(z.string().nullable()) })
const removed = z.object({ failed: z.array(z.object({ name: z.string(), why: z.string() })) })
const nothing = z.object({})

/** A bucket. Amazon's own client library for Python (boto3) does the work, streaming, in a container that nothing else pays for. */
export async function s3Store(
  settings: BackupSettings,
  bundle: Secret | undefined,
  entryPoint: EntryPoint,
  place: string,
): Promise<Store> {
  const [bucket = "", ...folders] = settings.to.replace(/^s3:\/\//, "").split("/")
  const { region } = settings.s3
  const prefix = `${[...folders, place].join("/")}/`
  const { endpoint, bind } = s3Endpoint(settings.s3.endpoint, entryPoint)
  const described = `${settings.to}, folder ${place}`
  // a dump of one service must never lie where another's does
  const scope = createHash("sha256")
    .update(`${settings.s3.endpoint ?? ""} ${settings.to}`)
    .digest("hex")
    .slice(0, 12)
  const work: Workplace = volume(`work-${scope}`, place)
  const client = await withCredentials(work.attach(bind(await clientLibrary())), settings, bundle)

  const ask = async <T>(
    schema: z.ZodType<T>,
    request: { do: string; [field: string]: unknown },
    nonce: string,
    onDifferent?: () => Error,
  ): Promise<T> => {
    const stdin = JSON.stringify({ bucket, prefix, region, endpoint, ...request })
    const { code, out, err } = await runProgram(
      client.withEnvVariable("TOLLGATE_NONCE", nonce),
      ["python", `${FOLDER}/tollgate_s3.py`],
      { stdin },
    )
    const answer: Said =
      code === 0
        ? said.parse(JSON.parse(out))
        : { error: { code: "Ended", message: err.trim().split("\n").at(-1) ?? "", operation: "" } }
    if (!("error" in answer)) return schema.parse(answer.answer)
    if (onDifferent !== undefined && /^(?:Different|NoSuchKey|404)$/.test(answer.error.code)) throw onDifferent()
    if (answer.error.code === "Disk" && /no space left/i.test(answer.error.message))
      throw noSpace("the engine's disk, on which backups are made")
    throw s3Problem(answer.error, bucket, settings.s3)
  }
  return {
    described,
    work,
    contents: async (nonce) => {
      const { objects, descriptions } = await ask(listed, { do: "list" }, nonce)
      return contentsOf(objects, descriptions)
    },
    digests: async (names, nonce) => (await ask(digests, { do: "digests", names }, nonce)).digests,
    put: async (path, file, nonce) => {
      const request = {
        do: "put",
        path,
        name: file.file,
        sha256: file.sha256,
        description: JSON.stringify(file),
        describedIn: descriptionName(file),
      }
      await ask(nothing, request, nonce, () => differs(file, described))
    },
    bring: async (file, nonce) => {
      const path = `${work.folder}/${file.name}/${file.file}`
      await ask(nothing, { do: "fetch", path, name: file.file, sha256: file.sha256 }, nonce, () =>
        damaged(file, described),
      )
      return path
    },
    remove: async (names, nonce) =>
      (await ask(removed, { do: "remove", names }, nonce)).failed.map(({ name, why }) => `${name} (${why})`),
  }
}

/** Pinned with everything that it needs, each file by its hash. */
async function clientLibrary(): Promise<Container> {
  const [script, requirements] = await Promise.all(
    ["tollgate_s3.py", "s3-requirements.txt"].map((name) =>
      readFile(new URL(`../python/${name}`, import.meta.url), "utf8"),
    ),
  )
  const container = forTools(IMAGE)
    .withNewFile(`${FOLDER}/s3-requirements.txt`, requirements ?? "")
    .withExec([
      "python",
      "-m",
      "pip",
      "install",
      "--quiet",
      "--require-hashes",
      "--only-binary=:all:",
      "-r",
      `${FOLDER}/s3-requirements.txt`,
    ])
  try {
    await container.sync()
  } catch (error) {
    const said = asExecError(error)?.stderr ?? (error instanceof Error ? error.message : String(error))
    throw new TollgateError(
      "backup-client",
      `Could not install the client library for S3 (boto3): ${said.trim().split("\n").at(-1) ?? ""}`,
      `Give the engine access to PyPI and to the image ${IMAGE}. Nothing was changed.`,
    )
  }
  return container.withNewFile(`${FOLDER}/tollgate_s3.py`, script ?? "")
}

async function withCredentials(
  container: Container,
  { s3 }: BackupSettings,
  bundle: Secret | undefined,
): Promise<Container> {
  const names = [s3.accessKeyId, s3.secretAccessKey, ...(s3.sessionToken === undefined ? [] : [s3.sessionToken])]
  const values = await readSecrets(
    bundle,
    names,
    "database.backup.s3",
    (name) => `tollgate-storage-${name}-${randomUUID()}`,
  )
  return ["STORAGE_ACCESS_KEY_ID", "STORAGE_SECRET_ACCESS_KEY", "STORAGE_SESSION_TOKEN"].reduce(
    (with_, variable, index) => {
      const value = values.get(names[index] ?? "")
      return value === undefined ? with_ : with_.withSecretVariable(variable, value)
    },
    container,
  )
}
