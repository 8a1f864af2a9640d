import { execFileSync, spawn } from "node:child_process"
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { base } from "../../core/release/target/sandbox/machine.js"
import { capture, run } from "../../dagger/engine/command.js"
import { roomPart } from "../../dagger/engine/debian.js"
import { enginePart } from "../../dagger/engine/go-build.js"
import { type Home, layout } from "../../dagger/engine/home.js"
import {
  choosePlan,
  connectRoom,
  disconnectRoom,
  recordedPlan,
  writeResolvConf,
  writeRoomNetwork,
} from "../../dagger/engine/network.js"
import { partFolder } from "../../dagger/engine/part.js"
import { registryAddress } from "../../dagger/engine/registry.js"
import { sdkDigest, sdkPart } from "../../dagger/engine/sdk-content.js"
import { engineFolder, engineVersion } from "../../dagger/engine/version.js"

const scripts = join(import.meta.dirname, "dockerd")
const certificates = "/usr/local/share/ca-certificates"

/** A machine that has Docker and nothing else: a real dockerd in namespaces of its own. */
export interface DockerMachine {
  folder: string
  /** For a command that uses it: its Docker on PATH, no dagger CLI, a home of its own. */
  env: NodeJS.ProcessEnv
  docker: (...args: string[]) => string
  /** What its parts on the machine are named by. */
  marks: readonly string[]
  /** Ends everything and leaves nothing. */
  remove: () => Promise<void>
}

export async function dockerMachine(main: Home): Promise<DockerMachine> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-dockerd-"))
  const home = layout(join(folder, "machine"))
  for (const name of ["docker", "run", "bin", "home", "machine", "config/dagger/ca-certificates"])
    mkdirSync(join(folder, name), { recursive: true })
  const cgroup = `/${basename(folder)}`
  await base().rootfs().export(join(folder, "rootfs"))

  const plan = await choosePlan(home)
  const registry = registryAddress((await recordedPlan(main)) ?? plan)
  await writeRoomNetwork(plan, join(folder, "network"))
  await writeResolvConf(join(folder, "resolv.conf"))
  for (const script of ["enter.sh", "serve.sh"]) copyFileSync(join(scripts, script), join(folder, script))
  writeFileSync(
    join(folder, "registry.yml"),
    `version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: /srv/registry}, maintenance: {readonly: {enabled: true}}}\nhttp: {addr: "0.0.0.0:${registry.split(":")[1]}"}\n`,
  )
  writeFileSync(
    join(folder, "config/dagger/engine.json"),
    JSON.stringify({ registries: { "docker.io": { mirrors: [registry] }, [registry]: { http: true } } }),
  )
  if (existsSync(certificates)) cpSync(certificates, join(folder, "config/dagger/ca-certificates"), { recursive: true })
  symlinkSync(join(folder, "rootfs/usr/bin/docker"), join(folder, "bin/docker"))
  copyFileSync(join(scripts, "runc"), join(folder, "rootfs/usr/local/sbin/runc"))
  chmodSync(join(folder, "rootfs/usr/local/sbin/runc"), 0o755)

  const log = openSync(join(folder, "dockerd.log"), "w")
  const machine = spawn(
    "setpriv",
    [
      "--pdeathsig",
      "KILL",
      "unshare",
      "--mount",
      "--propagation",
      "private",
      "--pid",
      "--net",
      "--ipc",
      "--uts",
      "--fork",
      "--kill-child",
      "--",
      "sh",
      join(folder, "enter.sh"),
      folder,
      main.registry,
    ],
    {
      stdio: ["ignore", log, log],
      env: { PATH: systemPath, REGISTRY_ADDRESS: registry.split(":")[0], CGROUP: cgroup },
    },
  )
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/DAGGER|TOLLGATE|^VITEST/.test(name))),
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    DOCKER_HOST: `unix://${join(folder, "run/docker.sock")}`,
    TOLLGATE_HOME: join(folder, "home"),
    XDG_CONFIG_HOME: join(folder, "config"),
  }
  let removed = false
  const remove = async () => {
    if (removed) return
    removed = true
    machine.kill("SIGKILL")
    await new Promise((resolve) =>
      machine.exitCode === null && machine.signalCode === null ? machine.once("close", resolve) : resolve(undefined),
    )
    await disconnectRoom(plan)
    await removeGroups(cgroup)
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  try {
    await connectRoom(plan, await childOf(machine.pid ?? 0), join(folder, "network.log"))
    const docker = (...args: string[]) =>
      execFileSync("docker", args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
    await untilDockerAnswers(docker, join(folder, "dockerd.log"))
    return { folder, env, docker, remove, marks: [folder, plan.device, plan.comment, plan.gateway, cgroup] }
  } catch (error) {
    await remove()
    throw error
  }
}

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** The engine built here as the image that everybody pulls. */
export async function loadEngineImage({ folder, env }: DockerMachine, main: Home): Promise<void> {
  const files = join(folder, "image")
  const log = join(folder, "image.log")
  mkdirSync(files)
  await run(["cp", "-a", `${partFolder(main, roomPart())}/.`, files], { log })
  for (const path of ["opt/dagger", "usr/local/bin", "opt/cni/bin", "usr/bin", "etc/dagger", "usr/local/share/dagger"])
    mkdirSync(join(files, path), { recursive: true })
  const engine = partFolder(main, enginePart())
  for (const name of ["engine", "dnsname", "init"]) copyFileSync(join(engine, name), join(files, "opt/dagger", name))
  await run(
    [
      "go",
      "build",
      "-o",
      join(files, "usr/bin/buildctl"),
      "-ldflags",
      "-s -w",
      "github.com/dagger/dagger/cmd/dialstdio",
    ],
    { log, cwd: join(engineFolder, "go"), env: { ...process.env, CGO_ENABLED: "0" } },
  )
  cpSync(partFolder(main, sdkPart()), join(files, "usr/local/share/dagger/content"), { recursive: true })
  copyFileSync(join(scripts, "entrypoint.sh"), join(files, "usr/local/bin/dagger-entrypoint.sh"))
  chmodSync(join(files, "usr/local/bin/dagger-entrypoint.sh"), 0o755)
  // where the engine looks for its helpers
  const links = {
    "opt/cni/bin/dnsname": "/opt/dagger/dnsname",
    "usr/local/bin/dagger-init": "/opt/dagger/init",
    "usr/local/bin/runc": "/usr/sbin/runc",
    "usr/local/bin/tini": "/usr/bin/tini",
    "usr/bin/xtables-legacy-multi": "/usr/sbin/xtables-legacy-multi",
    "usr/bin/xtables-nft-multi": "/usr/sbin/xtables-nft-multi",
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(files, name))
  for (const plugin of readdirSync(join(partFolder(main, roomPart()), "usr/lib/cni")))
    symlinkSync(`/usr/lib/cni/${plugin}`, join(files, "opt/cni/bin", plugin))
  const image = `registry.dagger.io/engine:${engineVersion()}`
  const script = `tar --create --directory "$1" . | docker import --change 'ENTRYPOINT ["dagger-entrypoint.sh"]' --change "ENV PATH=${systemPath} DAGGER_TYPESCRIPT_SDK_MANIFEST_DIGEST=$2" - ${image}`
  execFileSync("sh", ["-c", script, "sh", files, await sdkDigest(main)], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  })
  rmSync(files, { recursive: true })
}

async function childOf(pid: number): Promise<number> {
  for (;;) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim()
    if (children !== "") return Number(children.split(" ")[0])
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function untilDockerAnswers(docker: (...args: string[]) => string, log: string): Promise<void> {
  const deadline = Date.now() + 120_000
  for (;;) {
    try {
      docker("version")
      return
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`dockerd does not answer; its log:\n${readFileSync(log, "utf8").slice(-3000)}`, {
          cause: error,
        })
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** What of it the machine has: processes, mounts, network devices, routes, firewall rules, control groups. */
export async function tracesOf({ marks }: DockerMachine): Promise<string[]> {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
      } catch {
        return ""
      }
    })
  const texts = await Promise.all(
    [
      ["ip", "-o", "link"],
      ["ip", "route", "show", "table", "all"],
      ["iptables-save"],
      ["find", "/sys/fs/cgroup", "-maxdepth", "2", "-type", "d"],
    ].map((argv) => capture(argv)),
  )
  return [...processes, readFileSync("/proc/mounts", "utf8"), ...texts.map((text) => text ?? "")]
    .join("\n")
    .split("\n")
    .filter((line) => marks.some((mark) => line.includes(mark)))
}

/** The control groups of the containers, which outlive their processes by moments. */
async function removeGroups(name: string): Promise<void> {
  const roots = [
    "/sys/fs/cgroup",
    ...readdirSync("/sys/fs/cgroup", { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join("/sys/fs/cgroup", entry.name)),
  ]
  for (const top of roots.map((root) => join(root, name))) {
    for (let tries = 0; existsSync(top); tries += 1) {
      // the deepest first; those that are busy are looked at again
      for (const folder of [...foldersBelow(top).sort((one, other) => other.length - one.length), top]) {
        try {
          rmdirSync(folder)
        } catch (error) {
          if (tries === 100) throw error
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function foldersBelow(top: string): string[] {
  return readdirSync(top, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [join(top, name), ...foldersBelow(join(top, name))])
}
