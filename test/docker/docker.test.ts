import { execFileSync, spawn } from "node:child_process"
import { createHash } from "node:crypto"
import {
  chmodSync,
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { createServer, type Server } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import { archiveName } from "../../dagger/engine/cli/place.js"
import { containerName, imageOf, volumeName } from "../../dagger/engine/container/commands.js"
import { enginePart } from "../../dagger/engine/go-build.js"
import { partFolder } from "../../dagger/engine/part.js"
import { inSession } from "../../dagger/engine/session.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { serviceFolder } from "../engine/service.js"
import { onLoopback } from "../loopback.js"
import { answerAsEcpay, stageSecrets } from "../unit/ecpay-server.js"
import { type DockerMachine, dockerMachine, loadEngineImage, tracesOf } from "./dockerd.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const main = currentHome()
const version = engineVersion()
const container = containerName(version)

interface Ran {
  code: number | null
  out: string
  err: string
}

/** What most people have: Docker, and nothing of Dagger. The dockerd is real; dl.dagger.io and the engine's image are stood in for. */
describe.runIf(process.getuid?.() === 0 && process.env._EXPERIMENTAL_DAGGER_RUNNER_HOST === `unix://${main.socket}`)(
  "a machine with Docker and nothing of Dagger",
  () => {
    let machine: DockerMachine
    const servers: Server[] = []
    const downloads: string[] = []
    beforeAll(async () => {
      machine = await inSession(createWriteStream("/dev/null"), "/dev/null", () => dockerMachine(main))
      await loadEngineImage(machine, main)
      machine.env.TOLLGATE_DAGGER_MIRROR = await daggerDownloads()
    })
    afterAll(async () => {
      for (const server of servers) server.close()
      await machine?.remove()
    })

    async function serve(server: Server): Promise<string> {
      servers.push(server)
      return `http://127.0.0.1:${await onLoopback(server)}`
    }

    /** In place of dl.dagger.io: the CLI that was built here, as it would come from there. */
    async function daggerDownloads(): Promise<string> {
      const name = archiveName(version, "linux", process.arch)
      const archive = join(machine.folder, name)
      execFileSync("tar", [
        "--create",
        "--use-compress-program",
        "gzip -1",
        "--file",
        archive,
        "--directory",
        partFolder(main, enginePart()),
        "dagger",
      ])
      const bytes = readFileSync(archive)
      rmSync(archive)
      const files: Record<string, Buffer | string> = {
        [name]: bytes,
        "checksums.txt": `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`,
      }
      return await serve(
        createServer((request, response) => {
          downloads.push(request.url ?? "")
          response.end(files[request.url?.split("/").at(-1) ?? ""])
        }),
      )
    }

    function tollgate(
      cwd: string,
      args: string[],
      more: { env?: NodeJS.ProcessEnv; uid?: number; clone?: string } = {},
    ): Promise<Ran> {
      return new Promise((resolve) => {
        const child = spawn(process.execPath, [join(more.clone ?? root, "bin/tollgate.mjs"), ...args], {
          cwd,
          env: { ...machine.env, ...more.env },
          ...(more.uid === undefined ? {} : { uid: more.uid, gid: more.uid }),
        })
        const ran: Ran = { code: null, out: "", err: "" }
        child.stdout.on("data", (text) => (ran.out += text))
        child.stderr.on("data", (text) => (ran.err += text))
        child.on("close", (code) => resolve({ ...ran, code }))
      })
    }

    /** Tollgate with its packages, as a user's own: this repository may be where only root can read. */
    function cloneOf(uid: number): string {
      const clone = join(machine.folder, "tollgate")
      mkdirSync(clone)
      const parts = [
        "bin",
        "cli",
        "core",
        "dagger",
        "dagger.json",
        "node_modules",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "tsconfig.host.json",
      ]
      execFileSync("cp", ["--archive", ...parts.map((name) => join(root, name)), clone])
      execFileSync("chown", ["--recursive", `${uid}:${uid}`, clone])
      return clone
    }

    /** The example service as a clone has it. */
    function example(): string {
      const folder = join(machine.folder, "example")
      if (existsSync(folder)) return folder
      mkdirSync(folder)
      for (const name of ["examples", "tollgate.yaml"])
        cpSync(join(root, name), join(folder, name), {
          recursive: true,
          filter: (path) => !/__pycache__|tollgate-report|\.pytest_cache/.test(path),
        })
      return folder
    }

    test("its first command downloads the CLI, starts the engine in a container of its own, and proves a suite", async () => {
      const ran = await tollgate(example(), ["test", "--suites=regression"])
      expect(ran.err).toMatch(
        /✓ dagger CLI v[\d.]+, from 127\.0\.0\.1[^]*✓ engine start \(docker container tollgate-engine-v[\d.]+\)/,
      )
      expect(ran.out).toContain("PASSED: 1 of 5 suites, 128 tests")
      expect(ran.code).toBe(0)
      expect(machine.docker("volume", "ls", "--format", "{{.Name}}").trim()).toBe(volumeName(version))
    })

    test("the next one downloads nothing, and says nothing of the engine", async () => {
      const before = downloads.length
      const ran = await tollgate(example(), ["test", "--suites=regression"])
      expect(ran.out).toContain("PASSED: 1 of 5 suites")
      expect(ran.err).not.toMatch(/dagger CLI|engine/)
      expect(downloads).toHaveLength(before)
    })

    test("an ordinary user who may use Docker needs nothing else", async () => {
      const uid = 65_534
      const home = join(machine.folder, "ordinary")
      mkdirSync(home)
      execFileSync("chown", [`${uid}:${uid}`, home])
      chmodSync(machine.folder, 0o755)
      chmodSync(join(machine.folder, "run"), 0o755)
      chmodSync(join(machine.folder, "run/docker.sock"), 0o666)
      const service = serviceFolder(join(machine.folder, "service"))
      const ran = await tollgate(service, ["test", "--suites=e2e", `--report=${home}/report`], {
        uid,
        clone: cloneOf(uid),
        env: { TOLLGATE_HOME: join(home, "tollgate"), HOME: home },
      })
      expect(ran.err).toContain("✓ dagger CLI")
      expect(ran.out).toContain("PASSED: 1 of 2 suites")
      expect(ran.code).toBe(0)
    })

    describe("a deployment to the sandbox", () => {
      const values = `SHOP_KEY=value-that-nobody-may-see\n${stageSecrets}`

      /** A service with suites and a Dockerfile, for which every gate of a deployment has something to ask. */
      async function shop(): Promise<string> {
        const folder = join(machine.folder, "shop")
        if (existsSync(folder)) return folder
        const ecpay = await serve(createServer((request, response) => void answerAsEcpay(request, response)))
        const deployed = join(root, "test/release/fixtures/deploy")
        cpSync(deployed, folder, { recursive: true })
        const released = readFileSync(join(deployed, "tollgate.yaml"), "utf8")
          .replace(/^qa:[\s\S]*?^release:/m, "release:")
          .replace(/^environments:[\s\S]*$/m, "")
        serviceFolder(folder)
        const gated = readFileSync(join(folder, "tollgate.yaml"), "utf8")
        const more = `environments:\n  sandbox:\n    config: { required: [SHOP_KEY, ECPAY_MERCHANT_ID, ECPAY_HASH_KEY, ECPAY_HASH_IV], optional: [MODE] }\n    ecpay: { endpoint: "${ecpay}" }\nimage: { services: { redis: false } }\nscan: { scanners: [vulnerabilities, secrets], ignoreUnfixed: true }\n`
        writeFileSync(join(folder, "tollgate.yaml"), `${gated}${released}${more}`)
        return folder
      }

      const deploy = async (release: string) =>
        tollgate(await shop(), ["deploy", "--env=sandbox", `--version=${release}`, "--secrets=env:VALUES"], {
          env: { VALUES: values },
        })

      test("passes every gate and goes live", async () => {
        const ran = await deploy("1")
        expect(ran.code, ran.err + ran.out).toBe(0)
        for (const gate of ["config", "ecpay", "evidence", "scan", "image"])
          expect(ran.err, gate).toMatch(new RegExp(`^${gate}: (?!skipped|failed).*, [\\d.]+ s$`, "m"))
        expect(ran.out).toMatch(/LIVE: .*1/)
      })

      test("of the next version can be rolled back", async () => {
        expect((await deploy("2")).code).toBe(0)
        const ran = await tollgate(await shop(), ["rollback", "--env=sandbox"])
        expect(ran.code, ran.err + ran.out).toBe(0)
        const status = await tollgate(await shop(), ["status", "--env=sandbox", "--json"])
        expect(status.out).toMatch(/"version": ?"1"/)
      })
    })

    test("a dagger CLI of another version removes its own old engines, and neither this container nor its volume", async () => {
      const id = machine.docker("inspect", "--format", "{{.Id}}", container)
      const other = imageOf("v0.20.8")
      machine.docker("tag", imageOf(version), other)
      machine.docker("create", "--name", "dagger-engine-v0.19.0", "--volume", "/var/lib/dagger", other)
      const cli = spawn(join(partFolder(main, enginePart()), "dagger"), ["session"], {
        env: { ...machine.env, _EXPERIMENTAL_DAGGER_RUNNER_HOST: `image://${other}` },
        stdio: ["pipe", "pipe", "ignore"],
      })
      await new Promise((resolve) => cli.stdout.once("data", resolve))
      cli.stdin.end()
      await new Promise((resolve) => cli.once("close", resolve))
      const names = machine.docker("ps", "--all", "--format", "{{.Names}}").trim().split("\n")
      expect(names.sort()).toEqual(["dagger-engine-v0.20.8", container].sort())
      expect(machine.docker("inspect", "--format", "{{.Id}}", container)).toBe(id)
      expect(machine.docker("volume", "ls", "--format", "{{.Name}}").split("\n")).toContain(volumeName(version))
    })

    test("leaves no process, mount, network device, firewall rule, control group or file behind", async () => {
      expect((await tracesOf(machine)).length).toBeGreaterThan(3)
      await machine.remove()
      expect(await tracesOf(machine)).toEqual([])
      expect(readdirSync(join(machine.folder, "..")).filter((name) => machine.folder.endsWith(name))).toEqual([])
    })
  },
)
