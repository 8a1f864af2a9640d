import { describe, expect, test } from "vitest"
import type { Problem } from "../../core/image/problem.js"
import { imageScreen } from "../../core/image/screen.js"
import { useEngine } from "./session.js"
import { alone, codesOf, imageKeys, prove, start } from "./shop.js"

useEngine()

test.concurrent("an image passes if its service is healthy, with its own Postgres and Redis, after its image.before commands", async () => {
  const connects =
    'python -c \'import os, socket; socket.create_connection((os.environ["DB_HOST"], int(os.environ["DB_PORT"]))).close()\''
  const given = `test $SHOP = open && test -n "$REDIS_URL" && test "$DSN" = "$DATABASE_URL" && test "$PATTERN" = /users/{id} && ${connects} && echo prepared`
  const changes = imageKeys(
    `env: { SHOP: open, DB_HOST: "{host}", DB_PORT: "{port}", DSN: "postgresql://{user}:{password}@{host}:{port}/{database}", PATTERN: "/users/{{id}}" }\nbefore: [${JSON.stringify(given)}]`,
  )
  const run = await prove(changes)
  expect(run.result.problems).toEqual([])
  if (run.result.started.kind !== "seen") throw new Error("it was not started")
  const { seen } = run.result.started
  expect(seen.answer).toMatchObject({ kind: "answered", status: 200, body: "ok" })
  expect(seen.healthcheck).toMatchObject({ code: 0 })
  expect(seen.output).toMatch(/^prepared\nshop: starting\n/)
  expect(seen.settled).toBeGreaterThanOrEqual(3)
  const screen = imageScreen(run.result, { report: "report.html" })
  expect(screen).toContain("/health healthy")
  expect(screen).toMatch(/PASSED: image [0-9a-f]{12}, linux\/\w+ [\d.]+ MB\n$/)

  // an observation is reused until something changes, and is marked as cached
  expect((await prove(changes)).result.started).toEqual({ ...run.result.started, cached: true })
  expect((await prove(changes, { fresh: true })).result.started).toMatchObject({
    kind: "seen",
    cached: false,
    seen: { healthyAfter: expect.any(Number) },
  })
})

test.concurrent("a service that crashes at its start fails, and the screen has the end of its output", async () => {
  const run = await prove(imageKeys(`${alone}\nenv: { MODE: crash }`))
  expect(run.result.problems).toMatchObject([{ code: "crashed" }])
  expect(run.result.problems[0]?.message).toMatch(/exited .* after its start with exit code 1/)
  expect(run.result.problems[0]?.details.at(-1)).toBe("RuntimeError: SHOP_KEY is not set")
  const screen = imageScreen(run.result, { report: "report.html" })
  expect(screen).toContain("| RuntimeError: SHOP_KEY is not set")
  expect(screen).toMatch(/FAILED: 1 problem: crashed\n$/)
})

describe.concurrent("a started service fails", () => {
  const mode = (name: string, more = "") => start({}, `${alone}\nenv: { MODE: ${name} }\n${more}`)
  // long enough for a busy machine; the tests that wait for it run in parallel
  const timeout = "startTimeout: 20s"
  const codes = (problems: Problem[]) => problems.map(({ code }) => code)

  test("that responds, then exits", async () => {
    const problems = await mode("dies")
    expect(codes(problems)).toEqual(["crashed-later"])
    expect(problems[0]?.message).toContain("exit code 3")
    expect(problems[0]?.details.at(-1)).toBe("shop: the first job failed")
  })

  test("that responds with 500", async () => {
    const problems = await mode("unhealthy", timeout)
    expect(codes(problems)).toEqual(["unhealthy"])
    expect(problems[0]?.message).toContain("/health answered 500")
    expect(problems[0]?.details[0]).toBe("response: the pool is empty")
  })

  test("that listens on another port, which is named", async () => {
    const problems = await mode("other-port", timeout)
    expect(codes(problems)).toEqual(["wrong-port"])
    expect(problems[0]?.message).toContain(
      "nothing listens on port 8000 20.0 s after the start; the service listens on 0.0.0.0:9000",
    )
  })

  test("that only listens on loopback", async () => {
    const problems = await mode("loopback", timeout)
    expect(codes(problems)).toEqual(["loopback-only"])
    expect(problems[0]?.message).toContain("127.0.0.1:8000")
  })

  test("that never listens", async () => {
    const problems = await mode("waits", timeout)
    expect(codes(problems)).toEqual(["not-listening"])
    expect(problems[0]?.details).toEqual(["shop: starting"])
  })

  test("that does not know the health path", async () => {
    const problems = await mode("none", `health: /ready\n${timeout}`)
    expect(codes(problems)).toEqual(["unhealthy"])
    expect(problems[0]?.message).toContain("/ready answered 404")
  })

  test("whose HEALTHCHECK fails although it responds", async () => {
    // A long time-out: while many containers start, Python needs seconds for its first line.
    const Dockerfile = (text: string) =>
      text
        .replace("127.0.0.1:8000/health', timeout=4)", "127.0.0.1:8001/health', timeout=4)")
        .replace("--timeout=5s", "--timeout=30s")
    const problems = await start({ Dockerfile }, `${alone}\nstartTimeout: 30s`)
    expect(codes(problems)).toEqual(["health-check-failing"])
    expect(problems[0]?.details.join("\n")).toContain("Connection refused")
  })

  test("whose HEALTHCHECK uses a program that is not in the image", async () => {
    const problems = await start(
      { Dockerfile: (text) => text.replace(/CMD \["python", "-c".*/, "CMD curl -f http://127.0.0.1:8000/health") },
      `${alone}\n${timeout}`,
    )
    expect(codes(problems)).toEqual(["health-check-failing"])
    expect(problems[0]?.message).toContain("exit code 127: the program is not in the image")
  })

  test("if a command of image.before fails, which is named", async () => {
    const problems = await mode("none", 'before: ["true", "echo no such revision >&2; exit 4"]')
    expect(codes(problems)).toEqual(["before-failed"])
    expect(problems[0]?.message).toContain("`echo no such revision >&2; exit 4` (image.before) failed with exit code 4")
    expect(problems[0]?.details).toEqual(["no such revision"])
  })

  test("whose program is not in the image", async () => {
    const problems = await start(
      { Dockerfile: (text) => text.replace('CMD ["python", "-m", "shop.serve"]', 'CMD ["gunicorn", "shop"]') },
      alone,
    )
    expect(codes(problems)).toEqual(["crashed"])
    expect(problems[0]?.message).toContain("exit code 127: the program is not in the image")
  })
})

test.concurrent("a HEALTHCHECK in shell form runs with the image's SHELL", async () => {
  const check =
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nHEALTHCHECK --timeout=30s CMD [[ -d /proc ]] && exec 3<>/dev/tcp/127.0.0.1/8000'
  const run = await prove({
    ...imageKeys(`${alone}\nstartTimeout: 30s`),
    Dockerfile: (text) => text.replace(/HEALTHCHECK[^]*?CMD \["python", "-c".*/, check),
  })
  expect(codesOf(run)).toEqual([])
})

test.concurrent("an image without a command fails", async () => {
  const run = await prove({ Dockerfile: 'FROM scratch\nCOPY shop /shop\nUSER 10001\nHEALTHCHECK CMD ["/shop"]\n' })
  expect(codesOf(run)).toEqual(["not-started"])
  expect(run.result.problems[0]?.message).toContain("neither ENTRYPOINT nor CMD")
})

test.concurrent("an image with nothing but its program is started like any other", async () => {
  const run = await prove({
    Dockerfile: [
      "FROM debian:bookworm-slim AS build",
      "RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends busybox-static >/dev/null && mkdir -p /out/www && echo ok >/out/www/health && cp /bin/busybox /out/busybox",
      "FROM scratch",
      "COPY --from=build /out /",
      "USER 10001",
      'HEALTHCHECK CMD ["/busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8000/health"]',
      'CMD ["/busybox", "httpd", "-f", "-p", "8000", "-h", "/www"]',
    ].join("\n"),
    ...imageKeys(alone),
  })
  expect(run.result.problems.map(({ message }) => message)).toEqual([])
})
