import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { otherEngines } from "../../cli/engine/describe-container.js"
import { TollgateError } from "../../core/shared/errors.js"
import { containerName, engineJson, runCommand, runnerOf, volumeName } from "../../dagger/engine/container/commands.js"
import { ensureContainer } from "../../dagger/engine/container/ensure.js"
import { layout } from "../../dagger/engine/home.js"
import { createSteps } from "../../dagger/engine/steps.js"
import { engineVersion } from "../../dagger/engine/version.js"

const folder = mkdtempSync(join(tmpdir(), "tollgate-container-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const version = engineVersion()

describe("the engine's container", () => {
  test("has a name that no dagger CLI removes, and a volume with a name that docker rm -v leaves", () => {
    expect(containerName(version)).not.toMatch(/^dagger-engine-/)
    const command = runCommand("docker", { version, config: "{}", certificates: undefined })
    expect(command).toContain(`${volumeName(version)}:/var/lib/dagger`)
    expect(command).toEqual(expect.arrayContaining(["--privileged", "--restart", "always"]))
  })

  test("is given the time to write its cache down when it is stopped", () => {
    const command = runCommand("docker", { version, config: "{}", certificates: undefined })
    expect(Number(command[command.indexOf("--stop-timeout") + 1])).toBeGreaterThanOrEqual(300)
  })

  test("is reached by the client that started it", () => {
    expect(runnerOf("podman", "v0.21.8")).toBe("container+podman://tollgate-engine-v0.21.8")
  })

  test("keeps the user's own settings, and volumes unless those say otherwise", () => {
    expect(
      JSON.parse(engineJson({ registries: { "docker.io": { mirrors: ["mirror:5000"] } } }, { policies: ["ours"] })),
    ).toEqual({
      gc: { policies: ["ours"] },
      registries: { "docker.io": { mirrors: ["mirror:5000"] } },
    })
    expect(JSON.parse(engineJson({ gc: { enabled: false } }, { policies: ["ours"] }))).toEqual({
      gc: { enabled: false },
    })
  })

  test("of another version is named to who asks what takes disk", () => {
    expect(
      otherEngines(
        "tollgate-engine-v0.21.7\ntollgate-engine-v0.21.8\ndagger-engine-v0.20.0\n",
        "tollgate-engine-v0.21.8",
      ),
    ).toEqual(["tollgate-engine-v0.21.7"])
  })
})

describe("Docker", () => {
  let box = ""
  beforeEach(() => {
    box = mkdtempSync(join(folder, "docker-"))
    mkdirSync(join(box, "bin"))
    vi.stubEnv("PATH", `${join(box, "bin")}${delimiter}${process.env.PATH}`)
  })
  afterEach(() => vi.unstubAllEnvs())

  /** A docker that keeps its state in files: `answers` once its engine answers, `state` of the container, `image` once it is pulled. */
  function docker(cases: string): void {
    const path = join(box, "bin", "docker")
    writeFileSync(
      path,
      `#!/bin/sh\ncd '${box}'\necho "$*" >>calls\ncase "$*" in\n${cases}\n"exec "*) [ -f answers ];;\n"container inspect "*) cat state 2>/dev/null;;\n"image inspect "*) [ -f image ];;\n*) echo "unexpected: $*" >&2; exit 64;;\nesac\n`,
    )
    chmodSync(path, 0o755)
  }

  const said: string[] = []
  const steps = createSteps({ write: (text) => said.push(text), isTTY: false, columns: 80 })
  const ensure = () =>
    ensureContainer(
      layout(join(box, "home")),
      "docker",
      { XDG_CONFIG_HOME: join(box, "config") },
      steps,
      () => undefined,
    )
  const calls = () => readFileSync(join(box, "calls"), "utf8").trim().split("\n")
  const failure = async () => {
    const error: unknown = await ensure().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof TollgateError)) throw new Error(`no TollgateError, but ${String(error)}`)
    return error
  }

  test("is queried once when the engine answers", async () => {
    docker("never) ;;")
    writeFileSync(join(box, "answers"), "")
    await ensure()
    expect(calls()).toHaveLength(1)
  })

  test("pulls the image, starts the container and waits until the engine answers", async () => {
    docker(
      `"pull "*) touch image;;\n"run "*) echo running >state; (sleep 0.4; touch answers) >/dev/null 2>&1 &;;`.replace(
        "&;;",
        "& ;;",
      ),
    )
    await ensure()
    expect(
      calls()
        .map((call) => call.split(" ")[0])
        .filter((verb) => ["pull", "run", "start"].includes(verb ?? "")),
    ).toEqual(["pull", "run"])
    expect(said.join("")).toMatch(
      /✓ pull of the engine's image registry\.dagger\.io\/engine:v[\d.]+ \(docker\)[^]*✓ engine start \(docker container/,
    )
  })

  test("starts a container that was stopped, and pulls nothing", async () => {
    docker(`"start "*) echo running >state; touch answers;;`)
    writeFileSync(join(box, "state"), "exited\n")
    await ensure()
    expect(calls().some((call) => /^(pull|run) /.test(call))).toBe(false)
  })

  test("that another command finished first is not an error", async () => {
    docker(
      `"run "*) echo running >state; touch answers; echo 'Conflict. The container name "/tollgate-engine" is already in use by container "ab12"' >&2; exit 125;;`,
    )
    writeFileSync(join(box, "image"), "")
    await ensure()
  })

  test("that cannot pull the engine's image is an error with its reason and the command to try", async () => {
    docker(
      `"pull "*) echo 'Error response from daemon: Get "https://registry.dagger.io/v2/": dial tcp: lookup registry.dagger.io: no such host' >&2; exit 1;;`,
    )
    const error = await failure()
    expect(error.code).toBe("engine.image-pull")
    expect(error.message).toContain("lookup registry.dagger.io: no such host")
    expect(error.next).toContain(`docker pull registry.dagger.io/engine:${version}`)
    expect(existsSync(join(box, "state"))).toBe(false)
  })

  test("whose engine ends at once is an error with the engine's last lines", async () => {
    docker(`"run "*) echo restarting >state;;\n"logs "*) echo 'operation not permitted: mount' >&2;;`)
    writeFileSync(join(box, "image"), "")
    expect(await failure()).toMatchObject({
      code: "engine.start-failed",
      message: expect.stringMatching(
        /restarting[^]*operation not permitted: mount[^]*docker stop tollgate-engine-v[\d.]+ && docker rm tollgate-engine/,
      ),
    })
  })

  test("that cannot execute anything in the engine's container is an error, not a start without end", async () => {
    docker(
      `"run "*) echo running >state;;\n"exec "*) echo 'OCI runtime exec failed: unable to apply caps: operation not permitted' >&2; exit 126;;`,
    )
    writeFileSync(join(box, "image"), "")
    expect(await failure()).toMatchObject({
      code: "engine.container",
      message: expect.stringContaining("unable to apply caps: operation not permitted"),
    })
  })

  test("that forbids privileged containers is an error with its reason, and nothing is in the way of the next attempt", async () => {
    docker(
      `"rm "*) touch removed;;\n"run "*) echo 'docker: Error response from daemon: privileged mode is incompatible with user namespaces.' >&2; exit 125;;`,
    )
    writeFileSync(join(box, "image"), "")
    expect(await failure()).toMatchObject({
      code: "engine.container",
      message: expect.stringMatching(/incompatible with user namespaces[^]*privileged/),
    })
    expect(calls()).toContain(`rm --force ${containerName(version)}`)
  })

  test("is not asked for anything while the user's engine.json is broken", async () => {
    docker(`"run "*) touch state;;`)
    writeFileSync(join(box, "image"), "")
    mkdirSync(join(box, "config", "dagger"), { recursive: true })
    writeFileSync(join(box, "config", "dagger", "engine.json"), "{")
    expect((await failure()).code).toBe("engine.config")
    expect(calls().some((call) => call.startsWith("run "))).toBe(false)
  })
})
