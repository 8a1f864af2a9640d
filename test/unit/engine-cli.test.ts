import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest"
import { freePort } from "../../cli/engine/free-port.js"
import { TollgateError } from "../../core/shared/errors.js"
import { ensureCli } from "../../dagger/engine/cli/download.js"
import { archiveName, checksumOf, cliPath } from "../../dagger/engine/cli/place.js"
import { layout } from "../../dagger/engine/home.js"
import { createSteps } from "../../dagger/engine/steps.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { onLoopback } from "../loopback.js"

const version = engineVersion()
const name = archiveName(version, process.platform, process.arch)
const folder = mkdtempSync(join(tmpdir(), "tollgate-cli-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let box = ""
beforeEach(() => {
  box = mkdtempSync(join(folder, "box-"))
  mkdirSync(join(box, "bin"))
  onPath("v0.20.0")
  vi.stubEnv("PATH", `${join(box, "bin")}${delimiter}${process.env.PATH}`)
})
afterEach(() => vi.unstubAllEnvs())

function onPath(cliVersion: string): void {
  program(join(box, "bin", "dagger"), cliVersion)
}

function program(path: string, cliVersion: string): void {
  writeFileSync(path, `#!/bin/sh\necho "dagger ${cliVersion} (registry.dagger.io/engine:${cliVersion})"\n`)
  chmodSync(path, 0o755)
}

/** What dl.dagger.io has, on the loopback. */
async function downloads(files: Readonly<Record<string, Buffer | string>>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? "")
    const body = files[request.url?.split("/").at(-1) ?? ""]
    response.statusCode = body === undefined ? 404 : 200
    response.end(body)
  })
  const url = `http://127.0.0.1:${await onLoopback(server)}`
  return { url, asked, close: () => new Promise<void>((done) => void server.close(() => done()).closeAllConnections()) }
}

function archive(): Buffer {
  const work = mkdtempSync(join(box, "archive-"))
  program(join(work, "dagger"), version)
  execFileSync("tar", ["-czf", join(work, "archive.tar.gz"), "-C", work, "dagger"])
  return readFileSync(join(work, "archive.tar.gz"))
}

const home = () => layout(join(box, "home"))
const ensure = (env: NodeJS.ProcessEnv) =>
  ensureCli(home(), env, createSteps({ write: () => undefined, isTTY: false, columns: 80 }), () => undefined)

async function failure(env: NodeJS.ProcessEnv): Promise<TollgateError> {
  const error: unknown = await ensure(env).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof TollgateError)) throw new Error(`no TollgateError, but ${String(error)}`)
  return error
}

test("a CLI that the environment names is used as it is", async () => {
  expect(await ensure({ _EXPERIMENTAL_DAGGER_CLI_BIN: "/opt/dagger" })).toBe("/opt/dagger")
})

test("a CLI of the engine's version on PATH is used, and nothing is downloaded", async () => {
  onPath(version)
  expect(await ensure({ TOLLGATE_DAGGER_MIRROR: "http://127.0.0.1:1" })).toBe(join(box, "bin", "dagger"))
})

test("a CLI of another version on PATH is left alone: the right one is downloaded, checked, and kept", async () => {
  const bytes = archive()
  const server = await downloads({
    [name]: bytes,
    "checksums.txt": `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`,
  })
  const path = await ensure({ TOLLGATE_DAGGER_MIRROR: server.url })
  expect(path).toBe(cliPath(home(), version))
  expect(execFileSync(path, ["version"], { encoding: "utf8" })).toContain(version)
  expect(server.asked).toContain(`/dagger/releases/${version.slice(1)}/${name}`)
  await server.close()
  // no server any more
  expect(await ensure({ TOLLGATE_DAGGER_MIRROR: server.url })).toBe(path)
})

test("two commands at once download it once", async () => {
  const bytes = archive()
  const server = await downloads({
    [name]: bytes,
    "checksums.txt": `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`,
  })
  const env = { TOLLGATE_DAGGER_MIRROR: server.url }
  const [one, two] = await Promise.all([ensure(env), ensure(env)])
  expect(one).toBe(two)
  expect(server.asked.filter((url) => url.endsWith(name))).toHaveLength(1)
  await server.close()
})

test.each([
  [
    "has other bytes than its checksum says",
    { [name]: "not an archive", "checksums.txt": `${"0".repeat(64)}  ${name}\n` },
    "its SHA-256 is",
  ],
  [
    "is not in the list of checksums",
    { [name]: "not an archive", "checksums.txt": "" },
    "checksums.txt says nothing of it",
  ],
  ["is not there", { "checksums.txt": "" }, "answered 404"],
])("a download that %s is one error with the one command that helps, and leaves nothing", async (_, files, why) => {
  const server = await downloads(files)
  const error = await failure({ TOLLGATE_DAGGER_MIRROR: server.url })
  expect(error.code).toBe("engine.cli-download")
  expect(error.message).toContain(why)
  expect(error.next).toContain(
    `curl -fsSL https://dl.dagger.io/dagger/install.sh | DAGGER_VERSION=${version.slice(1)} BIN_DIR='${join(box, "home", "cli", version)}' sh`,
  )
  expect(readdirSync(join(box, "home", "cli"))).toEqual([version])
  expect(readdirSync(join(box, "home", "cli", version))).toEqual([])
  await server.close()
})

test("a server that cannot be reached is named with the system's reason", async () => {
  const error = await failure({ TOLLGATE_DAGGER_MIRROR: `http://127.0.0.1:${await freePort()}` })
  expect(error.message).toMatch(/http:\/\/127\.0\.0\.1:\d+\/dagger\/releases\/[^]*ECONNREFUSED/)
})

test("archives have Dagger's names on every system", () => {
  expect(archiveName("v0.21.8", "linux", "x64")).toBe("dagger_v0.21.8_linux_amd64.tar.gz")
  expect(archiveName("v0.21.8", "darwin", "arm64")).toBe("dagger_v0.21.8_darwin_arm64.tar.gz")
  expect(checksumOf("abc  other.tar.gz\ndef *dagger.tar.gz\n", "dagger.tar.gz")).toBe("def")
})
