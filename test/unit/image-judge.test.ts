import { describe, expect, it } from "vitest"
import { imageDocument } from "../../core/image/document.js"
import type { PlatformImage } from "../../core/image/inspected.js"
import { inspectedImage } from "../../core/image/inspected.js"
import { judgeContent, madeBy } from "../../core/image/judge-content.js"
import { judgeService, judgeStarted } from "../../core/image/judge-service.js"
import type { ObservedService } from "../../core/image/observed.js"
import { configured, finding, imageResult, inspected, observed, platformImage, rules } from "./image-samples.js"

const judge = (image: PlatformImage, more = {}, runs: string[] = []) =>
  judgeContent(inspected(image), { ...rules, ...more }, runs)
const codes = (image: PlatformImage, more = {}) => judge(image, more).map(({ code }) => code)

describe("an image's content", () => {
  it("passes when nothing is wrong with it", () => {
    expect(judge(platformImage())).toEqual([])
  })

  it.each([
    ["", ["runs-as-root"]],
    [null, ["runs-as-root"]],
    ["root", ["runs-as-root"]],
    ["root:app", ["runs-as-root"]],
    ["0", ["runs-as-root"]],
    ["00", ["runs-as-root"]],
    ["+0", ["runs-as-root"]],
    ["0:10001", ["runs-as-root"]],
    ["toor", ["runs-as-root"]],
    ["nobody-there", ["user-unknown"]],
    ["app", []],
    ["app:root", []],
    ["10001", []],
    ["10001:0", []],
  ])("with USER %j is judged by the id that a runtime would give it: %j", (User, expected) => {
    const image = configured({ User })
    expect(codes({ ...image, users: [...image.users, { name: "toor", uid: 0 }, { name: "10001", uid: 0 }] })).toEqual(
      expected,
    )
  })

  it.each([
    [null, ["no-health-check"]],
    [{}, ["no-health-check"]],
    [{ Test: [] }, ["no-health-check"]],
    [{ Test: ["NONE"] }, ["no-health-check"]],
    [{ Test: ["CMD-SHELL", "curl localhost"] }, []],
  ])("with HEALTHCHECK %j gives %j", (Healthcheck, expected) => {
    expect(codes(configured({ Healthcheck }))).toEqual(expected)
  })

  it("may have exactly image.maxSize, and not a byte more", () => {
    expect(codes(platformImage(), { maxSize: 128_200_000 })).toEqual([])
    expect(codes(platformImage(), { maxSize: 128_199_999 })).toEqual(["too-large"])
    const [problem] = judge(
      platformImage({ wasted: 30_000_000, biggest: [{ path: "var/dump", size: 30_000_000, layer: 1, goneIn: 2 }] }),
      { maxSize: 1e8 },
    )
    expect(problem?.message).toBe("the image has 128.2 MB (all layers, uncompressed); image.maxSize is 100 MB")
    expect(problem?.details).toEqual([
      "layer 1 of 3: 78 MB, 3773 files, by the base image",
      "layer 2 of 3: 50 MB, 2000 files, by RUN pip install -r requirements.txt",
      "layer 3 of 3: 200 kB, 60 files, by COPY",
      "/var/dump: 30 MB in layer 2, deleted or replaced in layer 3",
      "30 MB are in files that a later layer deletes or replaces; they are downloaded nevertheless",
    ])
  })

  it("may have exactly the files that image.notSecret allows, by path or pattern", () => {
    const image = platformImage({
      findings: [
        finding(),
        finding({ path: "srv/keys/demo.pem", kind: "private-key" }),
        finding({ path: "opt/x/test/key.pem", kind: "package-test-key" }),
      ],
    })
    const allowed = (path: string) =>
      judge(image, { notSecret: [{ path, reason: "demo" }] }).flatMap(({ details }) => details)
    expect(allowed("none")).toHaveLength(2)
    expect(allowed("srv/keys/*.pem")).toEqual(["/srv/.env: a dotenv file, in layer 2"])
    expect(allowed("/srv/.env")).toEqual(["/srv/keys/demo.pem: a private key, in layer 2"])
    expect(allowed("*.pem")).toHaveLength(2)
    expect(allowed("**/*.pem")).toHaveLength(1)
    expect(allowed("srv/**")).toEqual([])
  })

  it("names the platform of a problem if there are several", () => {
    const problems = judgeContent(
      inspected(platformImage(), { ...configured({ User: "root" }), platform: "linux/arm64", programs: { arm64: 1 } }),
      rules,
      [],
    )
    expect(problems.map(({ message }) => message)).toEqual(["linux/arm64: the image runs as root: USER is root"])
  })

  it.each([
    ["linux/amd64", { amd64: 3, arm64: 1 }, []],
    ["linux/arm64", { amd64: 3 }, ["wrong-platform"]],
    ["linux/arm64/v8", { arm64: 3 }, []],
    ["linux/arm64", {}, []],
  ])("for %s with programs for %j gives %j", (platform, programs, expected) => {
    expect(codes(platformImage({ platform, programs }))).toEqual(expected)
  })
})

it.each([
  ["mount / from exec /bin/sh -c apt-get update   && true", "RUN apt-get update && true"],
  ["mount / from exec sh -c set -e\nls", "RUN set -e ls"],
  ["mount / from exec /shop check", "RUN /shop check"],
  ["Directory.withDirectoryDockerfileCompat", "COPY"],
  ["withfile /etc/passwd passwd", "COPY"],
  ["something new", "something new"],
])("shows the engine's %j as %j", (words, shown) => {
  expect(madeBy({ kind: "step", words })).toBe(shown)
})

describe("a secret in a RUN line", () => {
  const runs = ["RUN DB_PASSWORD=hunter22 make", "RUN make install", "RUN DB_PASSWORD=hunter22 make"]
  const said = "mount / from exec /bin/sh -c DB_PASSWORD=hunter22 make"
  const layer = { size: 1, compressed: 1, files: 0 }
  const remembered = platformImage({ layers: [{ ...layer, origin: { kind: "step", words: said } }] })
  const forgotten = platformImage({ layers: [{ ...layer, origin: { kind: "forgotten" } }] })

  it("fails the image, once and masked, whatever the engine's cache knows", () => {
    expect(judge(forgotten, {}, runs)).toMatchObject([
      { code: "secret-in-history", details: ["RUN DB_PASSWORD=*** make"] },
    ])
    expect(judge(remembered, {}, runs)).toEqual(judge(forgotten, {}, runs))
  })

  it("of another image with the same layer does not fail this one", () => {
    expect(judge(remembered, {}, ["RUN make"])).toEqual([])
  })

  it("is in no report: the engine's descriptions are masked when they are read", () => {
    expect(JSON.stringify(inspectedImage.parse(inspected(remembered)))).not.toContain("hunter22")
    expect(inspectedImage.parse(inspected(remembered)).images[0]?.layers[0]?.origin).toEqual({
      kind: "step",
      words: said.replace("hunter22", "***"),
    })
  })
})

describe("a secret in an image's configuration", () => {
  const token = "tk9f31c7be0a42d8"
  const details = (config: Partial<PlatformImage["config"]>, lines: string[] = []) =>
    judge(configured(config), {}, lines).flatMap((one) => (one.code === "secret-in-history" ? one.details : []))

  it.each([
    [
      { Healthcheck: { Test: ["CMD-SHELL", `wget -q --header="X-Health-Token: ${token}" -O- localhost:8000/health`] } },
      "HEALTHCHECK: CMD-SHELL wget",
    ],
    [
      { Healthcheck: { Test: ["CMD", "curl", "-fsS", `http://localhost:8000/health?token=${token}`] } },
      "HEALTHCHECK: CMD curl",
    ],
    [{ Healthcheck: { Test: ["CMD", "redis-cli", "-a", token, "ping"] } }, "HEALTHCHECK: CMD redis-cli"],
    [
      { Healthcheck: { Test: ["CMD-SHELL", `PGPASSWORD=${token} psql -c 'select 1'`] } },
      "HEALTHCHECK: CMD-SHELL PGPASSWORD=***",
    ],
    [{ Healthcheck: { Test: ["CMD", "curl", "-u", `bot:${token}`, "localhost"] } }, "HEALTHCHECK: CMD curl -u bot:***"],
    [{ Entrypoint: ["serve", "--api-key", token] }, "ENTRYPOINT and CMD: serve ***"],
    [{ Labels: { "com.acme.deploy-token": token } }, "LABEL com.acme.deploy-token"],
    [{ OnBuild: [`RUN DB_PASSWORD=${token} make`] }, "ONBUILD RUN DB_PASSWORD=***"],
  ])("fails the image and is masked: %j", (config, shown) => {
    const found = details(config)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(shown)
    const document = imageDocument(
      imageResult({
        inspected: inspected(configured({ ...config, Env: [`API_TOKEN=${token}`] })),
        problems: judge(configured(config)),
      }),
    )
    expect(`${found.join()}${document}`).not.toContain(token)
  })

  it("fails the image even if a later line replaced it, and is reported once", () => {
    expect(details({}, [`ENV API_TOKEN=${token}`, "ARG NPM_TOKEN=abc1def2"])).toEqual([
      "ENV API_TOKEN=***",
      "ARG NPM_TOKEN=***",
    ])
    expect(
      judge(configured({ Env: [`API_TOKEN=${token}`] }), {}, [`ENV API_TOKEN=${token}`]).map(({ code }) => code),
    ).toEqual(["secret-in-environment"])
    const line = `curl -H 'Authorization: Bearer ${token}' localhost`
    expect(details({ Healthcheck: { Test: ["CMD-SHELL", line] } }, [`HEALTHCHECK CMD ${line}`])).toHaveLength(1)
  })

  it.each([
    [{ Healthcheck: { Test: ["CMD-SHELL", 'curl -H "Authorization: Bearer $HEALTH_TOKEN" localhost'] } }],
    [{ Healthcheck: { Test: ["CMD", "python", "-c", "import os; os.environ['TOKEN']"] } }],
    [{ Healthcheck: { Test: ["CMD", "redis-cli", "-a", "$REDIS_PASSWORD", "ping"] } }],
    [{ Entrypoint: ["setpriv", "--user", "10001:10001", "serve", "--token-file", "/run/secrets/token2"] }],
    [{ Cmd: ["python", "-m", "app.serve", "--user", "shop:staff"] }],
    [
      {
        Labels: {
          "org.opencontainers.image.description": "Tokens: issue and verify",
          "org.opencontainers.image.revision": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
        },
      },
    ],
  ])("is not found in %j", (config) => {
    expect(details(config)).toEqual([])
  })
})

it("names the base image's layers, and those whose step is no longer known", () => {
  const layers = platformImage().layers.map((layer) => ({
    ...layer,
    origin: { kind: layer.origin.kind === "base" ? ("base" as const) : ("forgotten" as const) },
  }))
  const details = judge(platformImage({ layers }), { maxSize: 1 })[0]?.details
  expect(details?.slice(0, 3)).toEqual([
    "layer 1 of 3: 78 MB, 3773 files, by the base image",
    "layer 2 of 3: 50 MB, 2000 files, by a step of an earlier build",
    "layer 3 of 3: 200 kB, 60 files, by a step of an earlier build",
  ])
})

describe("a started service", () => {
  const problemsOf = (more: Partial<ObservedService>) => judgeService(observed({ healthyAfter: null, ...more }), rules)
  const unanswered = { answer: { kind: "refused" }, answeredAfter: null, healthcheck: null } as const

  it("passes when it becomes healthy and stays healthy", () => {
    expect(judgeService(observed(), rules)).toEqual([])
    expect(judgeService(observed({ answer: { kind: "answered", status: 204, body: "" } }), rules)).toEqual([])
  })

  it.each([
    [
      "before-failed",
      { beforeFailed: { index: 0, code: 1 } },
      "`alembic upgrade head` (image.before) failed with exit code 1",
    ],
    ["before-failed", { beforeTimedOut: true }, "did not finish within 10 min 0 s"],
    ["crashed", { exit: { code: 1, after: 0.4 } }, "exited 400 ms after its start with exit code 1"],
    ["crashed", { exit: { code: 137, after: 2 } }, "SIGKILL (out of memory?)"],
    ["crashed", { exit: { code: 139, after: 2 } }, "SIGSEGV"],
    ["crashed", { exit: { code: 126, after: 0 } }, "cannot be executed"],
    ["crashed", { exit: { code: 0, after: 1 } }, "exit code 0"],
    [
      "crashed-later",
      { healthyAfter: 1, exit: { code: 3, after: 4 } },
      "the service was healthy, then exited 4.0 s after its start",
    ],
    ["not-listening", { ...unanswered, listening: [] }, "the service listens on no port 30.0 s after its start"],
    [
      "wrong-port",
      { ...unanswered, listening: ["00000000:2328", "00000000000000000000000000000000:2329"] },
      "the service listens on 0.0.0.0:9000, [::]:9001",
    ],
    [
      "loopback-only",
      { ...unanswered, listening: ["0100007F:1F40", "00000000000000000000000001000000:1F40"] },
      "the service only listens on 127.0.0.1:8000 and [::1]:8000",
    ],
    ["unhealthy", { answer: { kind: "answered", status: 503, body: "down" } }, "/health answered 503 until 30.0 s"],
    ["unhealthy", { answer: { kind: "answered", status: 302, body: "" } }, "/health answered 302"],
    ["not-answering", { answer: { kind: "timed-out" } }, "did not respond within 5 s"],
    [
      "not-answering",
      { answer: { kind: "broken", why: "BadStatusLine: x" } },
      "gave no valid HTTP response (BadStatusLine: x)",
    ],
    [
      "health-check-failing",
      { healthcheck: { code: 1, output: "refused\n" } },
      "the image's HEALTHCHECK still fails with exit code 1",
    ],
    ["health-check-failing", { healthcheck: null }, "the image's HEALTHCHECK did not finish"],
    [
      "unhealthy-later",
      { healthyAfter: 1, answer: { kind: "answered", status: 500, body: "" } },
      "/health was healthy, but 3.1 s later answered 500",
    ],
  ] as const)("fails as %s when %j", (code, more, said) => {
    const problems = problemsOf(more as Partial<ObservedService>)
    expect(problems).toMatchObject([{ code }])
    expect(problems[0]?.message).toContain(said)
  })

  it.each([
    [{ status: 301, location: "https://app:8000/health" }, "Exempt this path from the redirect to HTTPS"],
    [{ status: 308, location: "/health/" }, "Set image.health to /health/."],
    [{ status: 302, location: "http://app:8000/accounts/login/" }, "Exempt this path from the login"],
    [{ status: 302, location: "https://login.acme.example/sso" }, "Exempt this path from the login"],
    [{ status: 307, location: "/ready" }, "Set image.health to a path that answers 2xx itself, such as /ready."],
    [{ status: 401 }, "Exempt this path from the login"],
    [{ status: 400 }, "allow `app` in image.env"],
    [{ status: 404 }, "Correct image.health if it is the wrong path."],
  ])("is told by its answer %j what to do", (answer: { status: number; location?: string }, next) => {
    const [problem] = problemsOf({ answer: { kind: "answered", body: "", ...answer } })
    expect(problem?.next).toContain(next)
    if (answer.location !== undefined)
      expect(problem?.message).toContain(`/health answered ${answer.status}, a redirect to ${answer.location} until`)
  })

  it("shows the end of its output, and how many lines came before", () => {
    const output = Array.from({ length: 30 }, (_, number) => `line ${number + 1}`).join("\n")
    const [problem] = problemsOf({ exit: { code: 1, after: 1 }, output })
    expect(problem?.details[0]).toBe("(18 earlier lines)")
    expect(problem?.details.at(-1)).toBe("line 30")
    expect(problemsOf({ exit: { code: 1, after: 1 }, output: "\n" })[0]?.details).toEqual(["no output"])
  })

  it("fails when it was not started", () => {
    expect(
      judgeStarted(
        {
          kind: "not-started",
          why: "image.platforms (linux/arm64) does not include this engine's platform",
          next: "Add it.",
        },
        rules,
      ),
    ).toMatchObject([{ code: "not-started" }])
  })
})
