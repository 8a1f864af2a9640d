import { describe, expect, test } from "vitest"
import type { Refusal } from "../../core/image/refusal.js"
import { imageScreen } from "../../core/image/screen.js"
import { alone, codesOf, imageKeys, prove, start } from "./shop.js"
import { useEngine } from "./session.js"

useEngine()

test.concurrent("an image is proven when its service answers, with its own Postgres and Redis, and its commands run before", async () => {
  const connects = "python -c 'import os, socket; socket.create_connection((os.environ[\"DB_HOST\"], int(os.environ[\"DB_PORT\"]))).close()'"
  const given = `test $SHOP = open && test -n "$REDIS_URL" && test "$DSN" = "$DATABASE_URL" && test "$PATTERN" = /users/{id} && ${connects} && echo prepared`
  const changes = imageKeys(`env: { SHOP: open, DB_HOST: "{host}", DB_PORT: "{port}", DSN: "postgresql://{user}:{password}@{host}:{port}/{database}", PATTERN: "/users/{{id}}" }\nbefore: [${JSON.stringify(given)}]`)
  const run = await prove(changes)
  expect(run.result.refusals).toEqual([])
  if (run.result.started.kind !== "seen") throw new Error("it was not started")
  const { seen } = run.result.started
  expect(seen.answer).toMatchObject({ kind: "answered", status: 200, body: "ok" })
  expect(seen.healthcheck).toMatchObject({ code: 0 })
  expect(seen.output).toMatch(/^prepared\nshop: starting\n/)
  expect(seen.settled).toBeGreaterThanOrEqual(3)
  const screen = imageScreen(run.result, { report: "report.html" })
  expect(screen).toContain("/health healthy")
  expect(screen).toMatch(/PROVEN: image [0-9a-f]{12}, linux\/\w+ [\d.]+ MB\n$/)

  // what was seen of an image holds until something changes, and is said to be from then
  expect((await prove(changes)).result.started).toEqual({ ...run.result.started, cached: true })
  expect((await prove(changes, { fresh: true })).result.started).toMatchObject({ kind: "seen", cached: false, seen: { healthyAfter: expect.any(Number) } })
})

test.concurrent("a service that crashes at its start is refused, and the screen has what it printed last", async () => {
  const run = await prove(imageKeys(`${alone}\nenv: { MODE: crash }`))
  expect(run.result.refusals).toMatchObject([{ code: "crashed" }])
  expect(run.result.refusals[0]?.what).toMatch(/ended .* after its start with exit code 1/)
  expect(run.result.refusals[0]?.details.at(-1)).toBe("RuntimeError: SHOP_KEY is not set")
  const screen = imageScreen(run.result, { report: "report.html" })
  expect(screen).toContain("| RuntimeError: SHOP_KEY is not set")
  expect(screen).toMatch(/RED: 1 reason: crashed\n$/)
})

describe.concurrent("a started service is refused", () => {
  const mode = (name: string, more = "") => start({}, `${alone}\nenv: { MODE: ${name} }\n${more}`)
  // long enough for a busy machine; those that need all of it wait side by side
  const timeout = "startTimeout: 15s"
  const codes = (refusals: Refusal[]) => refusals.map(({ code }) => code)

  test("that answers, and ends shortly after", async () => {
    const refusals = await mode("dies")
    expect(codes(refusals)).toEqual(["crashed-later"])
    expect(refusals[0]?.what).toContain("exit code 3")
    expect(refusals[0]?.details.at(-1)).toBe("shop: the first job failed")
  })

  test("that answers 500", async () => {
    const refusals = await mode("unhealthy", timeout)
    expect(codes(refusals)).toEqual(["unhealthy"])
    expect(refusals[0]?.what).toContain("/health answered 500")
    expect(refusals[0]?.details[0]).toBe("it answered: the pool is empty")
  })

  test("that listens on another port, which is named", async () => {
    const refusals = await mode("other-port", timeout)
    expect(codes(refusals)).toEqual(["wrong-port"])
    expect(refusals[0]?.what).toContain("nothing answers on port 8000 after 15.0 s; it listens on 0.0.0.0:9000")
  })

  test("that listens for itself alone", async () => {
    const refusals = await mode("loopback", timeout)
    expect(codes(refusals)).toEqual(["loopback-only"])
    expect(refusals[0]?.what).toContain("127.0.0.1:8000")
  })

  test("that never listens", async () => {
    const refusals = await mode("waits", timeout)
    expect(codes(refusals)).toEqual(["not-listening"])
    expect(refusals[0]?.details).toEqual(["shop: starting"])
  })

  test("that does not know the path it is asked for", async () => {
    const refusals = await mode("none", `health: /ready\n${timeout}`)
    expect(codes(refusals)).toEqual(["unhealthy"])
    expect(refusals[0]?.what).toContain("/ready answered 404")
  })

  test("whose own HEALTHCHECK fails though it answers", async () => {
    // Its own time-out is long: where many containers start at once, Python takes seconds to come to its first line.
    const Dockerfile = (text: string) => text.replace("127.0.0.1:8000/health', timeout=4)", "127.0.0.1:8001/health', timeout=4)").replace("--timeout=5s", "--timeout=30s")
    const refusals = await start({ Dockerfile }, `${alone}\nstartTimeout: 30s`)
    expect(codes(refusals)).toEqual(["health-check-failing"])
    expect(refusals[0]?.details.join("\n")).toContain("Connection refused")
  })

  test("whose HEALTHCHECK uses a program that is not in the image", async () => {
    const refusals = await start({ Dockerfile: (text) => text.replace(/CMD \["python", "-c".*/, "CMD curl -f http://127.0.0.1:8000/health") }, `${alone}\n${timeout}`)
    expect(codes(refusals)).toEqual(["health-check-failing"])
    expect(refusals[0]?.what).toContain("exit code 127: the program is not in the image")
  })

  test("when a command before it fails, naming the command", async () => {
    const refusals = await mode("none", 'before: ["true", "echo no such revision >&2; exit 4"]')
    expect(codes(refusals)).toEqual(["before-failed"])
    expect(refusals[0]?.what).toContain("`echo no such revision >&2; exit 4` of image.before ended with exit code 4")
    expect(refusals[0]?.details).toEqual(["no such revision"])
  })

  test("whose program is not in the image", async () => {
    const refusals = await start({ Dockerfile: (text) => text.replace('CMD ["python", "-m", "shop.serve"]', 'CMD ["gunicorn", "shop"]') }, alone)
    expect(codes(refusals)).toEqual(["crashed"])
    expect(refusals[0]?.what).toContain("exit code 127: the program is not in the image")
  })
})

test.concurrent("a HEALTHCHECK that is no list is run by the image's own SHELL", async () => {
  const check = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nHEALTHCHECK --timeout=30s CMD [[ -d /proc ]] && exec 3<>/dev/tcp/127.0.0.1/8000'
  const run = await prove({ ...imageKeys(`${alone}\nstartTimeout: 30s`), Dockerfile: (text) => text.replace(/HEALTHCHECK[^]*?CMD \["python", "-c".*/, check) })
  expect(codesOf(run)).toEqual([])
})

test.concurrent("an image that has nothing to start is refused", async () => {
  const run = await prove({ Dockerfile: 'FROM scratch\nCOPY shop /shop\nUSER 10001\nHEALTHCHECK CMD ["/shop"]\n' })
  expect(codesOf(run)).toEqual(["not-started"])
  expect(run.result.refusals[0]?.what).toContain("neither ENTRYPOINT nor CMD")
})

test.concurrent("an image without a shell, without Python, without anything but its program is started as any other", async () => {
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
  expect(run.result.refusals.map(({ what }) => what)).toEqual([])
})
