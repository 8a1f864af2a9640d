import { type Directory, dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { buildImage } from "../../core/image/build.js"
import { noStamp } from "../../core/image/stamp.js"
import { compareBuilds } from "../../core/image/twice.js"
import { useEngine } from "./session.js"
import { alone, type Changes, imageKeys, prove, read, settingsOf, shop } from "./shop.js"

useEngine()

const STAMP = {
  revision: "8d3c1f0a9b7e6d5c4b3a29181706f5e4d3c2b1a0",
  created: "2026-11-21T17:45:00Z",
  source: "https://git.example.com/acme/shop",
}

/** Installed once: what it leaves says when that was. */
const CLOCK =
  "python -c 'import pathlib, sys, time; pathlib.Path(sys.prefix, \"installed-at\").write_text(str(time.time_ns()))'"

const own = (more = "", changes: Changes = {}): Changes => ({
  Dockerfile: null,
  ...imageKeys(`command: [python, -m, shop.serve]\n${alone}\n${more}`),
  ...changes,
})

const TREE = {
  ".env": "TOKEN=abc\n",
  ".env.production": "TOKEN=abc\n",
  ".git/config": "[core]\n",
  ".github/workflows/ci.yml": "on: push\n",
  ".dockerignore": "nothing\n",
  "conftest.py": "",
  "shop/tests/test_more.py": "",
  "shop/test_serve.py": "",
  "docs/how.md": "how\n",
  "shop/templates/page.html": "<p>\n",
}

test.concurrent("Tollgate's own image of a Python service passes, and only has the environment and the source", async () => {
  const source = {
    ...own('exclude: [docs]\ndependencies: { install: ["pip install -r requirements.txt", "cc --version"] }'),
    ...TREE,
  }
  const run = await prove(source, { stamp: STAMP })
  expect(run.result.problems).toEqual([])
  expect(run.result.inspected.images[0]?.config).toMatchObject({
    User: "10001:10001",
    Cmd: ["python", "-m", "shop.serve"],
    Labels: {
      "org.opencontainers.image.revision": STAMP.revision,
      "org.opencontainers.image.created": STAMP.created,
      "org.opencontainers.image.source": STAMP.source,
    },
  })
  const shell = (script: string) => run.image.withExec(["sh", "-c", script]).stdout()
  expect((await shell("find /app -type f | sort | grep -v __pycache__")).trim().split("\n")).toEqual([
    "/app/README.md",
    "/app/requirements.txt",
    "/app/shop/__init__.py",
    "/app/shop/serve.py",
    "/app/shop/templates/page.html",
  ])
  expect(await shell("python -c 'import six; print(six.__file__)'")).toMatch(
    /^\/opt\/venv\/lib\/python3\.\d+\/site-packages\/six\.py\n$/,
  )
  expect(await shell("id -un; pwd; python -c 'import sys; print(sys.prefix)'")).toBe("app\n/app\n/opt/venv\n")
  // no compiler, no pip, no caches, nothing writable
  expect(
    await shell(
      "command -v cc gcc make; ls -A /root 2>/dev/null; ls /var/lib/apt/lists; find /opt/venv -name 'pip*' -maxdepth 5; find / -xdev -path '*cache/pip*' 2>/dev/null; touch /app/x /opt/venv/x 2>/dev/null && echo writable; true",
    ),
  ).toBe("")
  // it starts without compiling, and detects a changed source
  expect(
    await shell(
      "python -c 'import shop.serve as s; print(s.__cached__); print(open(s.__cached__, \"rb\").read(8)[4])'",
    ),
  ).toMatch(/__pycache__\/serve\.cpython-3\d+\.pyc\n3\n$/)
})

test.concurrent("it is reproducible: a build without cache, including packages and dependencies, has the same digest", async () => {
  // leaves beside the image that it was done, and when
  const log = `sh -c "cat /proc/sys/kernel/random/uuid >/root/.cache/pip/done"`
  const source = own(
    `packages: [libpq5]\nbuildPackages: []\ndependencies: { install: ["pip install -r requirements.txt", ${JSON.stringify(log)}] }`,
  )
  const names = ["one", "other"].map((name) => `reproducible-${name}-${Date.now()}`)
  const [first, second] = await Promise.all(names.map((fresh) => read(source, { stamp: STAMP, fresh })))
  if (first === undefined || second === undefined) throw new Error("not built")
  expect(second.inspected.digest).toBe(first.inspected.digest)
  expect(await compareBuilds(first, second, true)).toEqual({ kind: "yes" })
  const done = await Promise.all(
    names.map((fresh) =>
      dag
        .container()
        .from("python:3.11-slim")
        .withMountedCache("/pip", dag.cacheVolume(`tollgate-pip-image${fresh}`))
        .withExec(["cat", "/pip/done"])
        .stdout(),
    ),
  )
  expect(done[0]).toMatch(/^[0-9a-f-]{36}\n$/)
  expect(done[1]).not.toBe(done[0])
})

async function inLayout(layout: Directory, command: string): Promise<string> {
  const script = `for blob in /layout/blobs/sha256/*; do ${command}; done; true`
  return await dag
    .container()
    .from("python:3.11-slim")
    .withMountedDirectory("/layout", layout)
    .withExec(["sh", "-c", script])
    .stdout()
}

test.concurrent("after a change of source nothing is installed again, and the dependencies' layer is unchanged", async () => {
  const keys = `buildPackages: []\ndependencies: { install: ["pip install -r requirements.txt", ${JSON.stringify(CLOCK)}] }`
  const build = (changes: Changes) => read({ ...own(keys), ...changes }, { stamp: STAMP })
  const before = await build({})
  const after = await build({ "shop/serve.py": (text) => text.replace("shop: starting", "shop: starting again") })
  const at = (layout: Directory) => inLayout(layout, "tar -xzOf $blob opt/venv/installed-at 2>/dev/null")
  expect(await at(before.layout)).toMatch(/^\d{19}$/)
  expect(await at(after.layout)).toBe(await at(before.layout))
  const layers = (inspected: typeof before.inspected) =>
    inspected.images[0]?.layers.map(({ size, compressed }) => [size, compressed]) ?? []
  expect(after.inspected.digest).not.toBe(before.inspected.digest)
  expect(layers(after.inspected).slice(0, -1)).toEqual(layers(before.inspected).slice(0, -1))
  // a changed requirement does
  const other = await build({ "requirements.txt": "six==1.16.0\n" })
  expect(await at(other.layout)).not.toBe(await at(before.layout))
})

test.concurrent("a second build shows what in the app's own Dockerfile is not reproducible", async () => {
  const run = await prove(
    { Dockerfile: (text) => text.replace("USER", "RUN date +%N >/srv/built-at\nUSER"), ...imageKeys(alone) },
    { twice: true },
  )
  const { reproducible } = run.result
  if (reproducible.kind !== "no") throw new Error(reproducible.kind)
  expect(reproducible.digest).not.toBe(run.result.inspected.digest)
  expect(reproducible.differences.join("\n")).toMatch(/layer \d+, .*RUN|layer \d+, .*date \+%N/)
  expect(reproducible.differences).toContainEqual(expect.stringMatching(/^ {2}\/srv\/built-at: contents/))
  expect(run.result.problems).toEqual([])
})

test.concurrent("with image.timestamps: commit a Dockerfile is reproducible; without it the times of RUN and COPY differ", async () => {
  const both = (changes: Changes) =>
    Promise.all([read(changes, { stamp: STAMP }), read(changes, { stamp: STAMP, fresh: `again-${Date.now()}` })])
  const sorted = { Dockerfile: (text: string) => text.replace("USER", "RUN sort shop/serve.py >sorted\nUSER") }
  const [first, second] = await both({ ...sorted, ...imageKeys("timestamps: commit") })
  expect(await compareBuilds(first, second, false)).toEqual({ kind: "yes" })
  expect(first.problems).toEqual([])
  expect(await inLayout(first.layout, "tar --utc -tvzf $blob srv/sorted 2>/dev/null")).toContain("2026-11-21 17:45")

  const [kept, other] = await both(sorted)
  expect(await compareBuilds(kept, other, true)).toMatchObject({
    kind: "no",
    differences: expect.arrayContaining([expect.stringMatching(/^ {2}\/srv\/sorted: time$/)]),
  })
  // without a RUN, layers come from the engine's cache with their times; another engine would have other times
  const [copied, again] = await both({})
  expect(await compareBuilds(copied, again, true)).toMatchObject({
    kind: "times",
    folders: expect.arrayContaining(["/srv/shop"]),
  })
})

test.concurrent("what cannot be built is an error before the build starts", async () => {
  const build = async (changes: Changes) => {
    const source = shop(changes)
    return await buildImage(await settingsOf(source), source, noStamp)
  }
  await expect(build({ Dockerfile: null })).rejects.toMatchObject({ code: "image-command-missing" })
  await expect(build(imageKeys("dockerfile: deploy/Dockerfile"))).rejects.toMatchObject({ code: "dockerfile-missing" })
  await expect(
    build(own("dependencies: { files: [requirements.lock], install: [true] }".replace("true", '"true"'))),
  ).rejects.toMatchObject({ code: "dependencies-missing" })
  await expect(build(own("", { "requirements.txt": "no-such-package-of-tollgate==1\n" }))).rejects.toMatchObject({
    code: "installation-failed",
  })
  const failing = build({
    Dockerfile: (text) => text.replace("USER", "RUN echo the compiler is missing >&2; exit 3\nUSER"),
  })
  await expect(failing).rejects.toMatchObject({ code: "image-build-failed" })
  await expect(failing).rejects.toThrow(/`RUN .*exit 3` exited with code 3[^]*\| the compiler is missing/)
})
