import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseSettings } from "../../../core/config/parse.js"
import { targetOf } from "../../../core/config/target.js"
import { Host } from "../../../core/targets/compose/host.js"
import { planOf } from "../../../core/targets/compose/plan.js"
import { ComposeTarget } from "../../../core/targets/compose/target.js"
import type { RunIdentity } from "../../../core/targets/fence.js"
import type { RemoteCommand, RemoteResult } from "../../../core/targets/ssh/command.js"
import { SshConnection } from "../../../core/targets/ssh/connection.js"

/** Hosts on this machine: Tollgate's own scripts, run by a real shell, with a `docker` that keeps the proxy's route in a file. */

const DOCKER = `#!/bin/sh
echo "$*" >>"$STATE/calls"
case "$*" in
  "exec tollgate-proxy kamal-proxy list")
    printf 'Service Host Path Target State TLS\\n'
    [ ! -f "$STATE/route" ] || printf '\\033[1;34mshop\\033[0m * / %s running no\\n' "$(cat "$STATE/route")" ;;
  "exec tollgate-proxy kamal-proxy deploy shop"*) echo "$7" >"$STATE/route" ;;
  "inspect --type container --format"*) cat "$STATE/containers" ;;
  "ps -aq"*tollgate.release=*) echo c0ffee ;;
  "image inspect --format"*) echo '{"Cmd":["serve"],"User":"0:0"}' ;;
esac
exit 0
`

const settings = parseSettings(
  "qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_a.py] } } }\nrelease: { name: shop }",
)
const given = targetOf("sandbox", undefined)
if (given.kind === "none") throw new Error("the sandbox has a target")
export const plan = planOf(settings, given)

export class LocalHost {
  readonly place: string
  readonly folder: string

  constructor(place: string) {
    this.place = place
    this.folder = mkdtempSync(join(tmpdir(), "tollgate-fence-"))
    mkdirSync(join(this.folder, "bin"))
    writeFileSync(join(this.folder, "bin/docker"), DOCKER, { mode: 0o755 })
    // macOS has none; these tests run one command at a time
    if (spawnSync("flock", ["--version"]).error !== undefined)
      writeFileSync(join(this.folder, "bin/flock"), "#!/bin/sh\n", { mode: 0o755 })
    const lines = [container("tollgate-proxy", {}), ...["r1", "r2", "r3"].map((id) => release(id))]
    writeFileSync(join(this.folder, "containers"), `${lines.join("\n")}\n`)
    for (const id of ["r1", "r2", "r3"]) mkdirSync(join(this.folder, "shop/releases", id), { recursive: true })
    this.serve("r1")
  }

  /** By hand, past Tollgate. */
  serve(id: string): void {
    writeFileSync(join(this.folder, "route"), `shop-web-${id}:8000\n`)
  }

  get serves(): string {
    return readFileSync(join(this.folder, "route"), "utf8").trim()
  }

  get fence(): string {
    const file = join(this.folder, "shop/fence")
    return existsSync(file) ? readFileSync(file, "utf8") : ""
  }

  set fence(text: string) {
    writeFileSync(join(this.folder, "shop/fence"), text)
  }

  /** Docker's commands since the last time. */
  calls(): string[] {
    const file = join(this.folder, "calls")
    const all = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : []
    rmSync(file, { force: true })
    return all
  }

  run({ script, input }: RemoteCommand): RemoteResult {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script.replaceAll(plan.folder, this.folder)], {
      encoding: "utf8",
      input: input ?? "",
      env: { ...process.env, STATE: this.folder, PATH: `${join(this.folder, "bin")}:${process.env["PATH"] ?? ""}` },
    })
    return { code: status ?? 1, stdout, stderr }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

/** One run's way to a host. `before` is called with each command, where the run may be asleep for a while. */
class LocalConnection extends SshConnection {
  readonly #host: LocalHost
  readonly #before: (command: RemoteCommand, place: string) => Promise<void>

  constructor(host: LocalHost, before: (command: RemoteCommand, place: string) => Promise<void>) {
    const identity = { kind: "agent" as const, socket: "" }
    super({ host: host.place, port: 22, user: "root", knownHosts: "", knownAs: null, identity }, host.place)
    this.#host = host
    this.#before = before
  }

  override async run(command: RemoteCommand): Promise<RemoteResult> {
    await this.#before(command, this.place)
    return this.#host.run(command)
  }
}

/** The target as one run has it: no two runs share anything but the hosts. */
export function targetAt(
  hosts: readonly LocalHost[],
  before: (command: RemoteCommand, place: string) => Promise<void> = () => Promise.resolve(),
): ComposeTarget {
  const own = hosts.map((host) => new Host(new LocalConnection(host, before), plan))
  return new ComposeTarget("app1, app2", own, plan, "in-turn")
}

export function runOf(run: string, who: string, command = "deploy"): RunIdentity {
  return { run, command, who, owner: `${who}'s laptop` }
}

function container(name: string, labels: Record<string, string>): string {
  return JSON.stringify({
    name: `/${name}`,
    labels: { "tollgate.service": "shop", ...labels },
    state: { Status: "running", ExitCode: 0, OOMKilled: false, StartedAt: "" },
    restarts: 0,
    created: "2026-11-29T10:00:00Z",
    networks: { [plan.network]: { IPAddress: "172.18.0.2" } },
    image: "proxy:1",
  })
}

function release(id: string): string {
  return container(`shop-web-${id}`, {
    "tollgate.release": id,
    "tollgate.process": "web",
    "tollgate.version": id,
    "tollgate.image": `r/shop@sha256:${id}`,
    "tollgate.config": "abc",
    "tollgate.colour": "blue",
  })
}
