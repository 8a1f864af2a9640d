import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import type { Destination } from "../../core/image/publish.js"
import { publishImage } from "../../core/image/publish-source.js"
import { noStamp } from "../../core/image/stamp.js"
import { leaksIn, SECRET, watchProcesses } from "./leaks.js"
import { type Registry, type RegistryOptions, registry, USER } from "./registry.js"
import { useEngine } from "./session.js"
import { alone, type Changes, imageKeys, shop } from "./shop.js"

useEngine()

const DIGEST = /@(sha256:[0-9a-f]{64})$/

/** Small, and passes every check: these tests are about publishing. */
const Dockerfile = [
  "FROM debian:bookworm-slim AS build",
  "RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends busybox-static >/dev/null && mkdir -p /out/www && echo ok >/out/www/health && cp /bin/busybox /out/busybox",
  "FROM scratch",
  "COPY --from=build /out /",
  "USER 10001:10001",
  'HEALTHCHECK CMD ["/busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8000/health"]',
  'CMD ["/busybox", "httpd", "-f", "-p", "8000", "-h", "/www"]',
].join("\n")

function publish(
  to: Registry | undefined,
  keys: string,
  given: Partial<Destination> & { word?: string } = {},
  changes: Changes = {},
): Promise<string> {
  const source = shop({ Dockerfile, ...imageKeys(`${alone}\n${keys}`), ...changes })
  const withAuthority = to?.authority === undefined ? source : source.withFile("ca.pem", to.authority)
  const { word = SECRET, ...destination } = given
  const password = dag.setSecret(word === SECRET ? "publish" : "publish-otherwise", word)
  return publishImage(
    withAuthority,
    { stamp: noStamp, fresh: false, twice: false, secrets: undefined },
    { tag: "v1", user: USER, password, service: to?.service, ...destination },
    "the report",
  )
}

const at = (options: Partial<RegistryOptions>): Registry =>
  registry({ host: "registry.test", password: SECRET, tls: false, ...options })
const plain = "name: registry.test:5000/acme/shop\nregistry: { insecure: true }"
const tags = (of: Registry) =>
  of.ask("skopeo list-tags --tls-verify=false docker://registry.test:5000/acme/shop 2>&1 || true")

test.concurrent("an image that passed is published under its tag, and the returned reference is what the registry has", async () => {
  const to = at({})
  const reference = await publish(to, plain)
  expect(reference).toMatch(/^registry\.test:5000\/acme\/shop:v1@sha256:[0-9a-f]{64}$/)
  const [, digest] = DIGEST.exec(reference) ?? []
  expect(
    await to.ask(`skopeo inspect --raw --tls-verify=false docker://registry.test:5000/acme/shop:v1 | sha256sum`),
  ).toContain(digest?.replace("sha256:", ""))
  // published once more, it is the same
  expect(await publish(to, plain)).toBe(reference)
  // and can be pulled
  expect(
    await to.ask(
      "skopeo copy -q --src-tls-verify=false docker://registry.test:5000/acme/shop:v1 oci:/tmp/pulled && cat /tmp/pulled/index.json",
    ),
  ).toContain(digest)
})

test.concurrent("a registry with a private authority is trusted only if image.registry.ca names the authority", async () => {
  const to = at({ tls: true })
  expect(await publish(to, "name: registry.test:5000/acme/shop\nregistry: { ca: ca.pem }")).toMatch(DIGEST)
  await expect(publish(to, "name: registry.test:5000/acme/shop")).rejects.toMatchObject({
    code: "registry-certificate",
  })
})

test.concurrent("plain HTTP is an error unless image.registry.insecure allows it", async () => {
  const to = at({})
  await expect(publish(to, "name: registry.test:5000/acme/shop")).rejects.toMatchObject({ code: "registry-plain" })
  expect(await tags(to)).not.toContain("v1")
})

test.concurrent("a failed image is not pushed", async () => {
  const to = at({})
  const refused = publish(to, plain, {}, { Dockerfile: Dockerfile.replace("USER 10001:10001", "USER root") })
  await expect(refused).rejects.toMatchObject({ code: "image-failed" })
  await expect(refused).rejects.toThrow(/runs-as-root/)
  expect(await tags(to)).toMatch(/404/)
})

test("a wrong password is reported, nothing is published, and no password is in any error, log or command line", async () => {
  const processes = watchProcesses()
  const to = at({})
  const wrong = `${SECRET}-of-last-year`
  const errors = await Promise.all([
    publish(to, plain, { word: wrong }).then(() => "", String),
    publish(to, plain, { user: "somebody" }).then(() => "", String),
    publish(to, plain, { password: undefined }).then(() => "", String),
  ])
  expect(errors[0]).toMatch(/registry\.test:5000 rejected the login of acme-bot\.[^]*Nothing was published/)
  expect(errors[1]).toMatch(/rejected the login of somebody/)
  expect(errors[2]).toMatch(/requires a login/)
  expect(await tags(to)).not.toContain("v1")
  await publish(to, plain)
  const session = readFileSync(join(tmpdir(), `tollgate-test-engine-${process.pid}.log`), "utf8")
  const engine = join(currentHome().log, "engine.log")
  const texts = [
    ["error", errors.join("\n")],
    ["session log", session],
    ["engine's log", existsSync(engine) ? readFileSync(engine, "utf8") : ""],
    ...processes(),
  ] as const
  expect(session.length).toBeGreaterThan(1000)
  expect(leaksIn(texts, { password: SECRET, "wrong password": wrong })).toEqual([])
})

test.concurrent("a registry that cannot be reached is reported as such", async () => {
  await expect(publish(undefined, "name: registry.invalid/acme/shop")).rejects.toMatchObject({
    code: "registry-unreachable",
  })
  const to = at({})
  await expect(publish(to, "name: registry.test:5999/acme/shop\nregistry: { insecure: true }")).rejects.toMatchObject({
    code: "registry-unreachable",
  })
})

test.concurrent("if the registry fails during a layer, it has neither tag nor image", async () => {
  const to = at({ broken: "^(PUT|PATCH) /v2/acme/shop/blobs/" })
  const failed = publish(to, plain)
  await expect(failed).rejects.toMatchObject({ code: "publish-failed" })
  await expect(failed).rejects.toThrow(/Nothing was published/)
  expect(await tags(to)).not.toContain("v1")
})

test.concurrent("if the registry fails at the tag, it has the image under its digest, and the tag is unchanged", async () => {
  const to = at({ broken: "^PUT /v2/acme/shop/manifests/v1" })
  const failed = publish(to, plain)
  await expect(failed).rejects.toThrow(/under its digest\. It is unknown whether the tag v1 points to it/)
  expect(await tags(to)).not.toContain("v1")
  const reference = await publish(to, plain, { tag: "v2" })
  const [, digest] = DIGEST.exec(reference) ?? []
  expect(
    await to.ask(`skopeo inspect --raw --tls-verify=false docker://registry.test:5000/acme/shop@${digest} | sha256sum`),
  ).toContain(digest?.replace("sha256:", ""))
})

test.concurrent("all problems of the destination are reported at once, before anything is built", async () => {
  const refused = publish(undefined, "", { tag: "release 1", user: "" })
  await expect(refused).rejects.toMatchObject({ code: "publish-target" })
  await expect(refused).rejects.toThrow(
    /image\.name[^]*"release 1" is not a valid tag[^]*--registry-user[^]*Nothing was built/,
  )
  await expect(publish(undefined, "name: registry.test/acme/shop\nregistry: { ca: none.pem }")).rejects.toMatchObject({
    code: "registry-ca-missing",
  })
})

/** For arm64, a file with the header of an arm64 program. */
const several = Dockerfile.replace(
  "FROM debian:bookworm-slim AS build",
  "FROM --platform=$BUILDPLATFORM debian:bookworm-slim AS build\nARG TARGETARCH",
).replace(
  " && cp /bin/busybox /out/busybox",
  "\nRUN if [ $TARGETARCH = arm64 ]; then printf '\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\267\\0' >/out/busybox; chmod +x /out/busybox; else cp /bin/busybox /out/busybox; fi",
)
const both = `${plain}\nplatforms: [linux/amd64, linux/arm64]`

test.concurrent("for several platforms an index is published, with an image for each", async () => {
  const to = at({})
  const reference = await publish(to, both, {}, { Dockerfile: several })
  const raw = await to.ask("skopeo inspect --raw --tls-verify=false docker://registry.test:5000/acme/shop:v1")
  expect(JSON.parse(raw)).toMatchObject({
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      { platform: { os: "linux", architecture: "amd64" } },
      { platform: { os: "linux", architecture: "arm64" } },
    ],
  })
  expect(reference).toContain(`@sha256:${createHash("sha256").update(raw).digest("hex")}`)
  expect(
    await to.ask(
      "skopeo inspect --config --override-arch arm64 --tls-verify=false docker://registry.test:5000/acme/shop:v1",
    ),
  ).toMatch(/"architecture": ?"arm64"/)
})

test.concurrent("an image with programs for another processor fails, with its platform", async () => {
  const refused = publish(at({}), both, {}, { Dockerfile: several.replace("= arm64", "= none") })
  await expect(refused).rejects.toThrow(
    /wrong-platform {2}linux\/arm64: the image is labelled linux\/arm64, but has no programs for that\s+processor[^]*1 program for amd64/,
  )
})

test.concurrent("a platform whose programs this engine cannot run is named", async () => {
  await expect(
    publish(at({}), both, {}, { Dockerfile: several.replace("USER", 'RUN ["/busybox", "true"]\nUSER') }),
  ).rejects.toMatchObject({ code: "platform-unsupported" })
})
