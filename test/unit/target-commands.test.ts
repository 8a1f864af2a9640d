import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { target, targetOf } from "../../core/config/target.js"
import { quote, words } from "../../core/shared/shell-words.js"
import {
  askOwner,
  parseOwner,
  pullImage,
  readImage,
  registryOf,
  writeRelease,
} from "../../core/targets/compose/commands-image.js"
import { parseFacts, readAddress, readFacts } from "../../core/targets/compose/commands-look.js"
import { deployToProxy, maintenanceOn } from "../../core/targets/compose/commands-proxy.js"
import { changeWorkers, removeLeftovers, startJob, startRelease } from "../../core/targets/compose/commands-release.js"
import { environmentFile, START_SCRIPT } from "../../core/targets/compose/environment-file.js"
import { healthOptions, imageConfig, ownerOf, programOf } from "../../core/targets/compose/image-config.js"
import { requireReleaseId } from "../../core/targets/compose/names.js"
import { planOf, type ServicePlan } from "../../core/targets/compose/plan.js"
import { readContainer, readState } from "../../core/targets/compose/state.js"
import { newMark, ownOutput, ownWords } from "../../core/targets/ssh/answer.js"
import { lineOf } from "../../core/targets/ssh/command.js"

const NASTY = [
  "",
  "plain",
  "two words",
  "it's",
  "a\nb\n",
  "$HOME `id` $(id)",
  '"; rm -rf / #',
  "\\n\\",
  "-rf",
  "*",
  "~",
  "ünïcode ✓",
  "'",
  "a'b'c",
  "!!",
  "\ttab",
]
const folder = mkdtempSync(join(tmpdir(), "tollgate-commands-"))
afterAll(() => rmSync(folder, { recursive: true }))

function plan(more = ""): ServicePlan {
  const settings = parseSettings(
    `qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_a.py] } } }\nrelease: { name: shop, drain: 7s${more} }`,
  )
  const given = targetOf("sandbox", undefined)
  if (given.kind === "none") throw new Error("the sandbox has a target")
  return planOf(settings, given)
}

const release = {
  id: "r1",
  version: "1.0",
  image: "registry.example:5000/acme/shop@sha256:00",
  configDigest: "abc",
  colour: "blue" as const,
}

describe("a word for a shell", () => {
  it.each(NASTY)("is what it was when the shell has read it: %j", (word) => {
    expect(execFileSync("sh", ["-c", `printf '%s|' ${words(word, "end")}`], { encoding: "utf8" })).toBe(`${word}|end|`)
  })

  it("is refused with a NUL byte, which no shell could hold", () => {
    expect(() => quote("a\0b")).toThrow("NUL")
  })

  it("stays one word through the line that sshd's shell reads and the shell that it starts", () => {
    const script = `printf '%s|' ${words(...NASTY)}`
    const mark = newMark()
    const line = lineOf({ what: "", script, seconds: 60 }, "root", mark)
    expect(
      ownOutput(execFileSync("sh", ["-c", line], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }), mark),
    ).toBe(NASTY.map((word) => `${word}|`).join(""))
    expect(lineOf({ what: "", script: "true", seconds: 5 }, "deploy", mark)).toMatch(/^sudo -n timeout -k 5 5 sh -c /)
  })

  it("ends with the script's own exit code, and reads the script's own standard input", () => {
    const mark = newMark()
    const { status, stdout, stderr } = spawnSync(
      "sh",
      ["-c", lineOf({ what: "", script: "cat; echo oh >&2; exit 71", seconds: 60 }, "root", mark)],
      { encoding: "utf8", input: "no line end" },
    )
    expect([status, ownOutput(stdout, mark), ownWords(stderr, mark)]).toEqual([71, "no line end", "oh\n"])
  })
})

describe("a login shell that prints", () => {
  // bash reads its .bashrc in front of the line that sshd hands it
  const shell = (rc: string, script: string) => {
    const mark = newMark()
    const { stdout } = spawnSync("bash", ["-c", `${rc}\n${lineOf({ what: "", script, seconds: 60 }, "root", mark)}`], {
      encoding: "utf8",
    })
    return { stdout, own: ownOutput(stdout, mark) }
  }

  it.each([
    ["a line", "echo 'Ubuntu 24.04 - 3 updates'"],
    ["numbers", "printf '1764\\n9\\n'"],
    ["something without a line end", "printf 'load: 0.3 '"],
    ["something at its end too", "trap 'echo bye' EXIT"],
    ["marks that are not ours", "echo '@@tollgate containers'"],
  ])("is passed over when it prints %s", (_, rc) => {
    expect(shell(rc, "echo 42").own).toBe("42\n")
  })

  it("that swallows the command is not an answer", () => {
    expect(shell("echo maintenance; exit 0", "echo 42")).toEqual({ stdout: "maintenance\n", own: null })
  })

  it.each([
    ["a line before them", "Welcome\n1764000000.5\n26.1.3\n10240\n"],
    ["a number before them", "9\n1764000000.5\n26.1.3\n10240\n"],
    ["nothing for the disk", "1764000000.5\n26.1.3\n\n"],
    ["words for the disk", "1764000000.5\n26.1.3\nAvailable\n"],
    ["nothing", ""],
  ])("leaves no fact of a host that could be taken for one: %s", (_, printed) => {
    expect(parseFacts(printed)).toBeNull()
  })

  it("does not matter for facts and an image's user on a line of their own", () => {
    expect(parseFacts("1764000000.123456789\n26.1.3\n10240\n")).toEqual({
      time: Number("1764000000.123456789"),
      docker: "26.1.3",
      freeBytes: 10_485_760,
    })
    expect(parseFacts("1764000000.%N\n20.10.24+dfsg1\n7")).toEqual({
      time: 1764000000,
      docker: "20.10.24+dfsg1",
      freeBytes: 7168,
    })
    expect(parseOwner("10001\n10002\n")).toEqual({ user: 10001, group: 10002 })
    for (const printed of ["Welcome\n10001\n10002\n", "10001\n", "root\nroot\n", ""])
      expect(parseOwner(printed)).toBeNull()
  })
})

describe("the file with a release's variables", () => {
  it("gives a program exactly the values that it was made of, and the shell acts upon nothing in them", () => {
    const values = new Map(NASTY.map((value, index) => [`VALUE_${index}`, value]))
    const file = join(folder, "environment")
    writeFileSync(file, environmentFile(values))
    const start = join(folder, "start")
    writeFileSync(start, START_SCRIPT.replace("/run/tollgate/environment", file))
    const printed = execFileSync("sh", [start, process.execPath, "-e", "console.log(JSON.stringify(process.env))"], {
      encoding: "utf8",
      env: {},
    })
    expect(JSON.parse(printed)).toMatchObject(Object.fromEntries(values))
  })

  it("refuses a name that would be more than a name", () => {
    expect(() => environmentFile(new Map([["A; id", "x"]]))).toThrow("is not a valid name of an environment variable")
  })
})

describe("secrets", () => {
  const password = "hunter2-of-the-registry"

  it("are in no command: a registry's password and the release's values go by standard input", () => {
    const pull = pullImage(plan(), release.image, { user: "acme", password })
    expect(pull.input).toBe(password)
    expect(pull.script).not.toContain(password)
    expect(pull.script).toContain("--password-stdin registry.example:5000")
    const write = writeRelease(
      plan(),
      "r1",
      { user: 10001, group: 10001 },
      environmentFile(new Map([["KEY", password]])),
      START_SCRIPT,
    )
    expect(write.input).toContain(password)
    expect(write.script).not.toContain(password)
    expect(write.script).toContain("chown 10001:10001")
  })

  it("are not given to the container: no command that makes one has --env", () => {
    const config = { Entrypoint: ["python"], Cmd: ["-m", "app"] }
    for (const { script } of [
      startRelease(plan(), release, config, ["python", "-m", "app"], [{ name: "worker", program: ["w"] }]),
      startJob(plan(), release, "migrate", "alembic upgrade head", 60),
    ]) {
      expect(script).not.toMatch(/--env|-e /)
      expect(script).toContain(
        "type=bind,source=/var/lib/tollgate/shop/releases/r1/inside,target=/run/tollgate,readonly",
      )
    }
  })
})

describe("commands", () => {
  it.each([
    ["registry.example:5000/acme/shop@sha256:00", "registry.example:5000"],
    ["ghcr.io/acme/shop:1", "ghcr.io"],
    ["localhost/shop", "localhost"],
    ["acme/shop:1", "docker.io"],
    ["postgres:15", "docker.io"],
  ])("know the registry of %s", (image, registry) => {
    expect(registryOf(image)).toBe(registry)
  })

  it("give the proxy the health path and both times", () => {
    expect(deployToProxy(plan(", healthPath: /up, healthTimeout: 90s"), "shop-web-r1")).toBe(
      "docker exec tollgate-proxy kamal-proxy deploy shop --target shop-web-r1:8000 --health-check-path /up --deploy-timeout 90s --drain-timeout 7s",
    )
  })

  it("are alone on the host while they change something", () => {
    for (const { script } of [
      changeWorkers(plan(), "r1"),
      maintenanceOn(plan(), "Back at 9"),
      pullImage(plan(), release.image, null),
    ])
      expect(script).toContain("exec 9>/var/lib/tollgate/shop/lock\nflock -w 150 9 || exit 75")
  })

  it("let a job of a run that was killed come to its end before another of its name starts", () => {
    const { script } = startJob(plan(), release, "migrate", "alembic upgrade head", 60)
    expect(script.indexOf("docker wait $earlier")).toBeGreaterThan(0)
    expect(script.indexOf("docker wait $earlier")).toBeLessThan(script.indexOf("docker run"))
    expect(script).toContain("grep -Fxv shop-job-migrate-r1")
  })

  it.each(["..", "a/b", "A", "", "-a", "a b", "x".repeat(41)])("refuse %j as the id of a release", (id) => {
    expect(() => requireReleaseId(id)).toThrow("is not a release id")
  })

  it.each([
    [
      [
        readState(plan()),
        readFacts(),
        readContainer("shop-web-r1"),
        readImage(release.image),
        askOwner(release.image),
        startRelease(plan(), release, {}, ["w"], [{ name: "it", program: ["it's"] }]),
      ],
    ],
    [
      [
        pullImage(plan(), release.image, { user: "it's", password: "x" }),
        maintenanceOn(plan(), "it's $(id)"),
        changeWorkers(plan(), "r1"),
        startJob(plan(), release, "j", "echo 'a b' \"$X\"", 60),
        removeLeftovers(plan()),
      ],
    ],
  ])("are scripts that a shell can read", (commands) => {
    for (const { script } of commands) execFileSync("sh", ["-n", "-c", script])
  })
})

/** What a script does with Docker, where `docker` prints this for its first words; null: it fails. */
function ran(
  { script }: { script: string },
  answers: Record<string, string | null>,
): { code: number | null; out: string; calls: string[] } {
  const bin = mkdtempSync(join(folder, "bin-"))
  const cases = Object.entries(answers).map(([words, printed], index) => {
    if (printed === null) return `"${words}"*) exit 1 ;;`
    writeFileSync(join(bin, `answer-${index}`), printed)
    return `"${words}"*) cat ${join(bin, `answer-${index}`)} ;;`
  })
  writeFileSync(
    join(bin, "docker"),
    `#!/bin/sh\necho "$*" >>${join(bin, "calls")}\ncase "$*" in ${cases.join(" ")} esac\n`,
    { mode: 0o755 },
  )
  const { status, stdout } = spawnSync("sh", ["-c", script], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
  })
  return { code: status, out: stdout, calls: readFileSync(join(bin, "calls"), "utf8").trimEnd().split("\n") }
}

describe("the workers of a release", () => {
  const change = () => changeWorkers({ ...plan(), folder }, "r2")

  it("are started once those of all others have ended; what serves, what is a job and what has ended already is left alone", () => {
    const all = [
      "a running r1 worker ",
      "b exited r1 mailer ",
      "c restarting r0 worker ",
      "d running r1 web ",
      "e running r1 job before-1",
      "f created r2 worker ",
      "g running r2 web ",
      "h running r2 job before-1",
    ]
    const { code, calls } = ran(change(), { "ps -a": `${all.join("\n")}\n` })
    expect({ code, calls: calls.slice(1) }).toEqual({ code: 0, calls: ["stop -t 7 a c", "start f"] })
  })

  it.each([
    ["", []],
    ["d running r1 web \n", []],
    ["a running r1 worker \n", ["stop -t 7 a"]],
    ["f created r2 worker \n", ["start f"]],
  ])("are changed over as far as there are any: %j", (there, wanted) => {
    const { code, calls } = ran(change(), { "ps -a": there })
    expect({ code, calls: calls.slice(1) }).toEqual({ code: 0, calls: wanted })
  })
})

describe("the user of an image", () => {
  it("is read where it is two numbers, and no container is made for it", () => {
    const { out, calls } = ran(readImage(release.image), {
      "image inspect --format {{json": '{"Cmd":["serve"],"User":"10001:10002"}\n',
    })
    expect(ownerOf(imageConfig.parse(JSON.parse(out)))).toEqual({ user: 10001, group: 10002 })
    expect(calls.some((call) => call.startsWith("run"))).toBe(false)
  })

  it.each(["", "10001", "payments", "payments:payments", "10001:payments", "1:2:3", undefined])(
    "is asked of the image where it is written %j",
    (user) => {
      expect(ownerOf({ User: user })).toBeNull()
      const { out, calls } = ran(askOwner(release.image), { run: "7\n8\n" })
      expect(out).toBe("7\n8\n")
      expect(calls.filter((call) => call.startsWith("run --rm --network none --entrypoint /bin/sh"))).toHaveLength(1)
    },
  )
})

describe("a container that is looked for", () => {
  it.each([readContainer("shop-web-r1"), readAddress(plan(), "postgres")])(
    "is told as absent, unless Docker's daemon does not answer: $what",
    (command) => {
      expect(ran(command, { inspect: "what it says\n" })).toMatchObject({ code: 0, out: "what it says\n" })
      expect(ran(command, { inspect: null, version: "20.10.24\n" })).toMatchObject({ code: 0, out: "" })
      expect(ran(command, { inspect: null, version: null })).toMatchObject({ code: 1, out: "" })
    },
  )
})

describe("a host's facts", () => {
  it("are the time, Docker's version and the room where it keeps images", () => {
    const { code, out } = ran(readFacts(), { info: `20.10.24 ${folder}\n` })
    expect(code).toBe(0)
    expect(out).toMatch(/^\d+\.\d+\n20\.10\.24\n\d+\n$/)
  })

  it("are none when Docker's daemon does not answer", () => {
    const { code, calls } = ran(readFacts(), { info: " \n" })
    expect(code).toBe(1)
    expect(calls.at(-1)).toBe("version")
  })
})

describe("an image", () => {
  it("is started by its own program, or by another command in place of its own", () => {
    expect(programOf({ Entrypoint: ["/entry"], Cmd: ["serve"] }, null)).toEqual(["/entry", "serve"])
    expect(programOf({ Entrypoint: ["/entry"], Cmd: ["serve"] }, ["work"])).toEqual(["/entry", "work"])
    expect(programOf({ Entrypoint: null, Cmd: null }, null)).toBeNull()
  })

  it("keeps its health check, which gets the variables too", () => {
    expect(healthOptions({ Healthcheck: { Test: ["CMD", "curl", "-H", "it's"] } })).toEqual([
      "--health-cmd",
      `/bin/sh /run/tollgate/start curl -H 'it'\\''s'`,
    ])
    expect(healthOptions({ Healthcheck: { Test: ["CMD-SHELL", "curl a || exit 1"] } })).toEqual([
      "--health-cmd",
      "/bin/sh /run/tollgate/start /bin/sh -c 'curl a || exit 1'",
    ])
    expect(
      healthOptions({
        Shell: ["/bin/bash", "-o", "pipefail", "-c"],
        Healthcheck: { Test: ["CMD-SHELL", "[[ -e /up ]]"] },
      }),
    ).toEqual(["--health-cmd", "/bin/sh /run/tollgate/start /bin/bash -o pipefail -c '[[ -e /up ]]'"])
    expect(healthOptions({ Shell: ["/bin/bash", "-c"], Healthcheck: { Test: ["CMD", "up"] } })).toEqual([
      "--health-cmd",
      "/bin/sh /run/tollgate/start up",
    ])
    expect(healthOptions({ Healthcheck: { Test: ["NONE"] } })).toEqual([])
    expect(healthOptions({})).toEqual([])
  })
})

describe("a target in tollgate.yaml", () => {
  const problems = (written: unknown) => {
    const result = target.safeParse(written)
    return result.success
      ? []
      : result.error.issues.map(({ path, message }) => `${path.join(".")} ${message.split("\n")[0] ?? ""}`)
  }

  it.each([
    [{}, "hosts lists no host: there is nowhere to run"],
    [
      { hosts: ["root@a.example"] },
      'hosts.0 expected a host such as app1.shop.example or app1.shop.example:2222, got "root@a.example"',
    ],
    [{ hosts: ["a", "a"] }, "hosts.1 is listed twice: it is the same as [0]"],
    [
      { hosts: ["a"], knownHosts: "ssh-ed25519 AAAA" },
      "knownHosts has a line 1 that is no entry of a known_hosts file",
    ],
    [{ hosts: ["a"], proxy: { tls: true } }, "proxy.tls needs a host name"],
    [{ type: "sandbox", hosts: ["a"] }, "hosts is not for the sandbox"],
    [{ type: "kubernetes" }, 'type expected compose or sandbox, got "kubernetes"'],
  ])("is refused as %j", (written, problem) => {
    expect(problems(written)).toContain(problem)
  })

  it("is the sandbox for the environment of that name alone", () => {
    expect(targetOf("sandbox", undefined).kind).toBe("sandbox")
    expect(targetOf("staging", undefined).kind).toBe("none")
    expect(targetOf("staging", target.parse({ hosts: ["a", "b:2222"] }))).toMatchObject({
      kind: "compose",
      hosts: [
        { host: "a", port: 22 },
        { host: "b", port: 2222 },
      ],
      order: "in-turn",
      user: "root",
    })
  })
})

it("the sandbox's scripts can be read by a shell", () => {
  for (const name of ["host.sh", "identity.sh", "cgroup.sh"])
    execFileSync("sh", ["-n", new URL(`../../core/targets/sandbox/container/${name}`, import.meta.url).pathname])
  expect(readFileSync(new URL("../../core/targets/sandbox/container/host.sh", import.meta.url), "utf8")).toContain(
    "dockerd",
  )
})
