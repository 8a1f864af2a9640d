import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { lock, type Owner } from "../../../bin/lock.mjs"
import { TollgateError } from "../../../core/shared/errors.js"
import { run } from "../command.js"
import type { Home } from "../home.js"
import type { Steps } from "../steps.js"
import { engineVersion } from "../version.js"
import { findCli } from "./find.js"
import { archiveName, checksumOf, cliPath, downloadFolder, installCommand } from "./place.js"

// no byte for so long: the server does not answer any more
const silenceMs = 20_000

/**
 * The dagger CLI of the engine's version, downloaded when this machine has none. The SDK would download it by itself, but at every
 * connection anew, and without an end when the server is silent.
 */
export async function ensureCli(
  home: Home,
  env: NodeJS.ProcessEnv,
  steps: Steps,
  onWait: (owner: Owner) => void,
): Promise<string> {
  const found = await findCli(home, env)
  if (found !== undefined) return found
  const unlock = await lock(`cli:${home.root}`, "download of the dagger CLI", onWait)
  try {
    const meanwhile = await findCli(home, env)
    if (meanwhile !== undefined) return meanwhile
    return await steps.run(
      `dagger CLI ${engineVersion()}, from ${new URL(downloadFolder(engineVersion(), env)).host}`,
      () => download(home, env),
    )
  } finally {
    await unlock()
  }
}

async function download(home: Home, env: NodeJS.ProcessEnv): Promise<string> {
  const version = engineVersion()
  const target = cliPath(home, version)
  await mkdir(dirname(target), { recursive: true })
  await mkdir(home.log, { recursive: true })
  const work = await mkdtemp(`${dirname(target)}.`)
  const name = archiveName(version, process.platform, process.arch)
  const archive = join(work, name)
  try {
    const checksums = await fetched(`${downloadFolder(version, env)}/checksums.txt`, async (body) => {
      const chunks: Buffer[] = []
      for await (const chunk of body) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks).toString("utf8")
    })
    await fetched(`${downloadFolder(version, env)}/${name}`, (body) => pipeline(body, createWriteStream(archive)))
    const expected = checksumOf(checksums, name)
    const actual = createHash("sha256")
      .update(await readFile(archive))
      .digest("hex")
    if (expected !== actual)
      throw new Error(`its SHA-256 is ${actual}, but checksums.txt says ${expected ?? "nothing of it"}`)
    await run(["tar", "-xf", archive, "-C", work], { log: join(home.log, "dagger-cli.log") })
    await chmod(join(work, "dagger"), 0o755)
    await rename(join(work, "dagger"), target)
    return target
  } catch (error) {
    throw new TollgateError(
      "engine.cli-download",
      `The dagger CLI ${version} could not be downloaded from ${downloadFolder(version, env)}/${name}: ${reason(error)}.`,
      `Install it with one command, then run this one again:\n\n  ${installCommand(home, version)}`,
    )
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fetched<T>(url: string, read: (body: Readable) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const giveUp = () => controller.abort(new Error(`no answer for ${silenceMs / 1000} s`))
  let timer = setTimeout(giveUp, silenceMs)
  try {
    const answer = await fetch(url, { signal: controller.signal })
    if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`)
    const onChunk = () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, silenceMs)
    }
    return await read(Readable.from(chunksOf(answer.body.getReader(), onChunk)))
  } finally {
    clearTimeout(timer)
  }
}

async function* chunksOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  onChunk: () => void,
): AsyncGenerator<Uint8Array> {
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    onChunk()
    if (value !== undefined) yield value
  }
}

/** fetch hides why behind "fetch failed". */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof AggregateError) return error.cause.errors.map((each) => reason(each)).join("; ")
  return error.cause instanceof Error ? error.cause.message : error.message
}
