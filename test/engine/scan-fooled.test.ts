import { dag } from "@dagger.io/dagger"
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest"
import { blocking, type ScanResult, scanPassed } from "../../core/scan/result.js"
import { scanScreen } from "../../core/scan/screen.js"
import { trivyContainer } from "../../core/scan/trivy.js"
import { codes, databases, layoutOf, named, publish, publishDatabases, scanned, warned } from "./scan.js"
import { useEngine } from "./session.js"

useEngine()
beforeAll(publishDatabases)

const BAD = { "requirements.txt": "pyyaml==5.3\n" }
const base = () => dag.container().from("debian:bookworm-slim")

/** The gate did not pass, and the screen does not read as if nothing had been found. */
function expectNotPassed(result: ScanResult, ...expected: string[]): void {
  expect(codes(result)).toEqual(expected)
  expect(scanPassed(result)).toBe(false)
  const screen = scanScreen(result, { report: "r" })
  expect(screen).toMatch(/Why it (failed|is inconclusive)/)
  expect(screen.trimEnd().split("\n").at(-1)).toMatch(/^(FAILED|INCONCLUSIVE): /)
}

describe.concurrent("the gate does not pass, and says why, if the vulnerability database", () => {
  test("cannot be reached", async () => {
    const { result } = await scanned({ files: BAD, database: databases.unreachable })
    expectNotPassed(result, "database-unreachable")
    expect(result.reasons[0]?.message).toMatch(
      /:5999\/tollgate\/trivy-db:2: .*(connection refused|no route|i\/o timeout)/,
    )
    expect(result.scanned).toEqual([])
  })

  test("does not exist at that address", async () =>
    expectNotPassed((await scanned({ files: BAD, database: databases.absent })).result, "database-missing"))

  test("is older than scan.maxDatabaseAge", async () => {
    const { result } = await scanned({ files: BAD, database: databases.stale })
    expectNotPassed(result, "database-stale")
    expect(result.database?.ageHours).toBeGreaterThan(48)
    const allowed = await scanned({ files: BAD, database: databases.stale, scan: "maxDatabaseAge: 7d" })
    expect(named(blocking(allowed.result))).toEqual(["CVE-2020-14343 pyyaml"])
  })

  test("has become too old in the engine's cache, and there is no newer one", async () => {
    await scanned({ files: BAD })
    expectNotPassed(
      (await scanned({ files: BAD, now: new Date(Date.now() + 40 * 3_600_000) })).result,
      "database-stale",
    )
  })

  test("has a build time in the future", async () =>
    expectNotPassed((await scanned({ files: BAD, database: databases.ahead })).result, "database-ahead"))
  test("has another schema version", async () =>
    expectNotPassed((await scanned({ files: BAD, database: databases.oldFormat })).result, "database-schema"))

  test("is empty", async () => {
    const { result } = await scanned({ files: BAD, database: databases.empty })
    expect(result.findings).toEqual([])
    expectNotPassed(result, "database-empty")
  })

  test("is not a database", async () => {
    const { result } = await scanned({ files: BAD, database: databases.junk })
    expectNotPassed(result, "trivy-failed", "trivy-failed")
    expect(result.reasons[0]?.message).toContain("failed to open db: file size too small")
  })

  test("does not cover the image's operating system", async () => {
    expectNotPassed(
      (await scanned({ image: base(), database: databases.pythonOnly })).result,
      "os-not-in-database",
      "database-empty",
    )
    const newer = base()
      .withNewFile("/etc/debian_version", "13.1\n")
      .withNewFile("/etc/os-release", 'ID=debian\nVERSION_ID="13"\n')
    const { result } = await scanned({ image: newer })
    expectNotPassed(result, "os-not-in-database")
    expect(result.reasons[0]?.message).toContain("debian 13")
  })
})

test("an empty database in the cache is downloaded again, and only the scans that use it run again", async () => {
  const files = { ...BAD, Dockerfile: "FROM scratch\nUSER 1000\n" }
  const [now, later] = [new Date(), new Date(Date.now() + 1)]
  await publish([["empty", databases.repaired]])
  expectNotPassed((await scanned({ files, database: databases.repaired, now })).result, "database-empty")
  await publish([["full", databases.repaired]])
  const written = vi.spyOn(process.stderr, "write")
  onTestFinished(() => written.mockRestore())
  const { result } = await scanned({
    files,
    scanners: "vulnerabilities, misconfiguration",
    database: databases.repaired,
    now: later,
  })
  expect(codes(result)).toEqual([])
  expect(named(blocking(result))).toEqual(["CVE-2020-14343 pyyaml"])
  const started = written.mock.calls
    .map(([text]) => String(text))
    .filter((line) => line.endsWith(": started\n"))
    .sort()
  expect(started).toEqual(
    [
      "control",
      "control",
      "scan lockfiles",
      "scan lockfiles",
      "scan repository",
      "vulnerability database",
      "vulnerability database",
    ].map((name) => `${name}: started\n`),
  )
})

describe.concurrent("the gate does not pass if there was nothing to scan:", () => {
  test("an image without packages", async () => {
    const empty = dag.container().withNewFile("/srv/readme.txt", "no package")
    expectNotPassed((await scanned({ image: empty })).result, "image-empty")
  })

  test("an image without its list of system packages", async () => {
    const hiding = base()
      .withExec(["rm", "-rf", "/var/lib/dpkg/status", "/var/lib/dpkg/status-old"])
      .withNewFile(
        "/usr/lib/python3/dist-packages/h11-0.16.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: h11\nVersion: 0.16.0\n",
      )
    expectNotPassed((await scanned({ image: hiding })).result, "os-packages-missing")
  })

  test("an image that Trivy cannot read", async () => {
    const broken = dag
      .directory()
      .withNewFile("oci-layout", '{"imageLayoutVersion":"1.0.0"}')
      .withNewFile(
        "index.json",
        '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:' +
          "0".repeat(64) +
          '","size":3}]}',
      )
    expectNotPassed((await scanned({ layout: broken })).result, "trivy-failed")
  })

  test("requirements without an exact version, and no image", async () => {
    const { result } = await scanned({ files: { "requirements.txt": "fastapi>=0.1\nuvicorn\n" } })
    expectNotPassed(result, "nothing-pinned")
    expect(result.warnings[0]?.message).toContain(
      "2 of 2 requirements have no exact version and were not checked: fastapi, uvicorn",
    )
  })

  test("a lockfile that Trivy cannot parse, and skips without a message", async () => {
    const { result } = await scanned({ files: { "package-lock.json": "{ not json", "api/uv.lock": "neither [[ this" } })
    expectNotPassed(result, "nothing-pinned")
    expect(result.warnings.map((warning) => warning.message)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("no packages from package-lock.json"),
        expect.stringContaining("no packages from api/uv.lock"),
      ]),
    )
  })
})

test("requirements without an exact version are a warning if the image was scanned", async () => {
  const image = base().withNewFile(
    "/usr/lib/python3/dist-packages/fastapi-0.110.0.dist-info/METADATA",
    "Metadata-Version: 2.1\nName: fastapi\nVersion: 0.110.0\n",
  )
  const { result } = await scanned({
    image,
    files: { "requirements.txt": "fastapi>=0.1\npyyaml==6.0.2\n" },
    scan: "ignoreUnfixed: true",
  })
  expect(scanPassed(result), JSON.stringify(result.reasons)).toBe(true)
  expect(result.warnings).toContainEqual({
    code: "not-pinned",
    message:
      "1 of 2 requirements have no exact version and were not checked: fastapi; their installed versions were checked in the image",
  })
})

test("an operating system past its end of life is a warning", async () => {
  const old = base().withNewFile("/etc/debian_version", "10.13\n")
  expect(warned((await scanned({ image: old })).result)).toContain("os-end-of-life")
})

describe.concurrent("nothing in the service's repository suppresses findings:", () => {
  const DOCKERFILE = "FROM python:3.11-slim\n#trivy:ignore:DS-0002\nHEALTHCHECK CMD true\n"
  const QUIET = {
    ...BAD,
    Dockerfile: DOCKERFILE,
    "main.tf": '#trivy:ignore:*\n#tfsec:ignore:*\nresource "aws_s3_bucket" "b" { bucket = "b" }\n',
    ".trivyignore": "CVE-2020-14343\nDS-0002\naws-access-key-id\n",
    ".trivyignore.yaml": "vulnerabilities:\n  - id: CVE-2020-14343\n",
    "trivy.yaml":
      "severity: [LOW]\nscan:\n  skip-dirs: ['**']\n  scanners: [license]\nexit-code: 0\ndb:\n  repository: example.com/none:2\nignorefile: .trivyignore\n",
    "trivy-secret.yaml": "disable-rules: [aws-access-key-id]\n",
    ".env": "TRIVY_SEVERITY=LOW\nTRIVY_SKIP_FILES=requirements.txt\nTRIVY_IGNOREFILE=.trivyignore\n",
    "app/settings.py": `AWS_ACCESS_KEY_ID = "AKIA${"Q4ZWTJ7RPX2MLD5K"}"\n`,
  }

  test("not .trivyignore, trivy.yaml, trivy-secret.yaml, .env, nor a comment", async () => {
    const { result } = await scanned({
      files: QUIET,
      scan: "failOn: high",
      scanners: "vulnerabilities, secrets, misconfiguration",
    })
    const found = named(blocking(result))
    for (const one of [
      "CVE-2020-14343 pyyaml",
      "aws-access-key-id app/settings.py",
      "DS-0002 Dockerfile",
      "AWS-0132 main.tf",
    ])
      expect(found).toContain(one)
    expect(result.warnings.map((warning) => warning.message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/\.trivyignore.* has no effect\. Ignore findings with scan\.ignore/),
        expect.stringMatching(/^trivy:ignore comments have no effect: (Dockerfile, main\.tf|main\.tf, Dockerfile)\./),
      ]),
    )
  })

  test("not in the service's folder either", async () => {
    const inside = Object.fromEntries(Object.entries(QUIET).map(([path, text]) => [`shop/${path}`, text]))
    const { result } = await scanned({ files: inside, app: "path: shop" })
    expect(named(blocking(result))).toEqual(["CVE-2020-14343 pyyaml"])
  })

  test("nor what the image sets", async () => {
    const image = base()
      .withEnvVariable("TRIVY_SEVERITY", "LOW")
      .withEnvVariable("TRIVY_SKIP_DIRS", "/var")
      .withWorkdir("/")
      .withNewFile("/.trivyignore", "CVE-2023-45853\n")
      .withNewFile("/trivy.yaml", "severity: [LOW]\n")
    expect(named(blocking((await scanned({ image })).result))).toEqual(["CVE-2023-45853 zlib1g"])
  })
})

describe.concurrent("an ignore of tollgate.yaml", () => {
  const ignore = (more: string) => ({
    files: BAD,
    scan: `ignore: [{ id: CVE-2020-14343, reason: not reachable, ${more} }]`,
  })

  test("keeps a finding from blocking, and the finding is reported", async () => {
    const { result } = await scanned(ignore("until: 2099-12-31"))
    expect(scanPassed(result)).toBe(true)
    expect(result.findings[0]?.disposition).toEqual({ kind: "ignored", reason: "not reachable", until: "2099-12-31" })
  })

  test("that has expired fails the gate, and the finding blocks again", async () => {
    const { result } = await scanned(ignore("until: 2026-01-31"))
    expectNotPassed(result, "ignore-expired")
    expect(named(blocking(result))).toEqual(["CVE-2020-14343 pyyaml"])
  })

  test("for another package covers nothing and is a warning", async () => {
    const { result } = await scanned(ignore("until: 2099-12-31, package: ruamel.yaml"))
    expect(named(blocking(result))).toEqual(["CVE-2020-14343 pyyaml"])
    expect(warned(result)).toContain("ignore-unused")
  })
})

test("exclusions are warnings", async () => {
  const { result } = await scanned({
    files: { "requirements.txt": "h11==0.16.0\n", "old/requirements.txt": "pyyaml==5.3\n" },
    scan: "skip: [old/**]",
  })
  expect(result.findings).toEqual([])
  expect(result.warnings.map((warning) => warning.message)).toEqual(
    expect.arrayContaining([
      "not scanned (scan.skip): old/**",
      "the image was not scanned (scan.image is false): its installed packages were not checked",
    ]),
  )
})

test("without Trivy's image nothing is scanned, and the error says how to build it", async () => {
  await expect(trivyContainer("127.0.0.1:5999/aquasec/trivy:0.69.0")).rejects.toMatchObject({
    code: "tool-missing",
    next: expect.stringContaining("npx tollgate engine up --with=trivy"),
  })
  expect(await (await layoutOf(base())).entries()).toContain("index.json")
})
