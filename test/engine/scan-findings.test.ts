import { readFileSync } from "node:fs"
import { dag } from "@dagger.io/dagger"
import { beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { blocking, scanPassed } from "../../core/scan/result.js"
import { databases, named, publishDatabases, scanned, warned } from "./scan.js"
import { useEngine } from "./session.js"

useEngine()
beforeAll(publishDatabases)

const lock = (packages: Record<string, string>) =>
  JSON.stringify({
    name: "shop",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { name: "shop", dependencies: packages },
      ...Object.fromEntries(Object.entries(packages).map(([name, version]) => [`node_modules/${name}`, { version }])),
    },
  })

describe.concurrent("lockfiles", () => {
  test("with vulnerable versions give exactly those findings, and patched versions none", async () => {
    const { result } = await scanned({
      files: {
        "requirements.txt":
          "PyYAML==5.3\nJinja2==3.1.2\npython_jose[cryptography]==3.3.0\nh11==0.16.0\nrequests==2.32.4\n",
        "requirements-dev.txt": "paramiko==3.3.0\npyyaml==6.0.2\n",
        "web/package-lock.json": lock({ lodash: "4.17.11", minimist: "1.2.8", express: "4.19.2" }),
      },
    })
    expect(named(result.findings)).toEqual([
      "CVE-2019-10744 lodash",
      "CVE-2024-33663 python_jose",
      "CVE-2020-14343 PyYAML",
      "CVE-2021-23337 lodash",
      "CVE-2024-22195 Jinja2",
      "CVE-2024-34064 Jinja2",
      "CVE-2023-48795 paramiko",
    ])
    expect(blocking(result).map((finding) => [finding.id, finding.fixed, finding.places])).toEqual([
      ["CVE-2019-10744", "4.17.12", [{ scan: "lockfiles", path: "web/package-lock.json", line: null }]],
      ["CVE-2024-33663", "3.4.0", [{ scan: "lockfiles", path: "requirements.txt", line: 3 }]],
      ["CVE-2020-14343", "5.4", [{ scan: "lockfiles", path: "requirements.txt", line: 1 }]],
    ])
  })

  test("with patched versions only have no findings", async () => {
    const { result } = await scanned({ files: { "requirements.txt": "PyYAML==6.0.2\njinja2==3.1.6\ndjango==5.2.8\n" } })
    expect(result.findings).toEqual([])
    expect(scanPassed(result), JSON.stringify(result.reasons)).toBe(true)
    expect(result.scanned.find((one) => one.scan === "lockfiles")?.libraries).toEqual([
      { path: "requirements.txt", type: "pip", packages: 3 },
    ])
  })

  test("under other names are read if app.dependencies lists them", async () => {
    const { result } = await scanned({
      files: { "deps/production.lock.txt": "gunicorn==21.2.0\n" },
      app: "dependencies: { files: [deps/production.lock.txt] }",
    })
    expect(named(result.findings)).toEqual(["CVE-2024-1135 gunicorn"])
  })

  test("of another app in the repository do not count", async () => {
    const { result } = await scanned({
      files: { "shop/requirements.txt": "flask==3.1.2\n", "other/requirements.txt": "pyyaml==5.3\n" },
      app: "path: shop",
    })
    expect(result.findings).toEqual([])
    expect(scanPassed(result), JSON.stringify(result.reasons)).toBe(true)
  })
})

const facts = z
  .object({
    advisories: z.array(
      z.object({
        bucket: z.string(),
        package: z.string(),
        id: z.string(),
        vulnerable: z.array(z.string()).optional(),
        patched: z.array(z.string()).optional(),
      }),
    ),
  })
  .parse(
    JSON.parse(
      readFileSync(new URL("../../dagger/engine/tools/trivy-database/advisories.json", import.meta.url), "utf8"),
    ),
  )

test("every advisory of the small database is found in each affected range and in no patched version", async () => {
  const python = facts.advisories.filter((one) => one.bucket.startsWith("pip::"))
  const affected = python.flatMap((one) =>
    (one.vulnerable ?? []).map((range) => ({ ...one, version: />=([^,]+)/.exec(range)?.[1] ?? "0.0.1" })),
  )
  const patched = python.flatMap((one) => (one.patched ?? []).map((version) => ({ ...one, version })))
  const pins = (of: typeof affected) => [...new Set(of.map((one) => `${one.package}==${one.version}`))].join("\n")
  const { result } = await scanned({
    files: { "requirements.txt": pins(affected), "requirements-patched.txt": pins(patched) },
  })
  const found = new Set(result.findings.map((finding) => `${finding.id} ${finding.package} ${finding.installed}`))
  const key = (one: (typeof affected)[number]) => `${one.id} ${one.package} ${one.version}`
  expect(affected.map(key).filter((one) => !found.has(one))).toEqual([])
  expect(patched.map(key).filter((one) => found.has(one))).toEqual([])
})

describe.concurrent("an image", () => {
  const base = () => dag.container().from("debian:bookworm-slim")
  const dist = (name: string, version: string) => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`
  const site = "/usr/lib/python3/dist-packages"

  test("is scanned for its system packages and libraries", async () => {
    const old = base()
      // an image that has not been updated since
      .withExec([
        "sh",
        "-c",
        `sed -i -E '/^Package: libc6$/,/^$/s/^Version: .*/Version: 2.36-9+deb12u2/' /var/lib/dpkg/status`,
      ])
      .withNewFile(`${site}/gunicorn-21.2.0.dist-info/METADATA`, dist("gunicorn", "21.2.0"))
    const { result } = await scanned({ image: old, scan: "failOn: high" })
    expect(
      blocking(result).map((finding) => [
        finding.id,
        finding.package,
        finding.installed,
        finding.fixed,
        finding.places,
      ]),
    ).toEqual([
      [
        "CVE-2023-45853",
        "zlib1g",
        expect.any(String),
        null,
        [{ scan: "image", path: expect.stringMatching(/^debian 12\./), line: null }],
      ],
      [
        "CVE-2024-1135",
        "gunicorn",
        "21.2.0",
        "22.0.0",
        [{ scan: "image", path: `${site.slice(1)}/gunicorn-21.2.0.dist-info/METADATA`, line: null }],
      ],
      [
        "CVE-2023-4911",
        "libc6",
        "2.36-9+deb12u2",
        "2.36-9+deb12u3",
        [{ scan: "image", path: expect.stringMatching(/^debian 12\./), line: null }],
      ],
    ])
    expect(result.image).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(result.scanned[0]).toMatchObject({ scan: "image", os: { family: "debian" }, libraries: [{ packages: 1 }] })
    expect(result.scanned[0]?.osPackages).toBeGreaterThan(50)
  })

  test("and a lockfile with the same package give one finding with two places", async () => {
    const image = base().withNewFile(`${site}/PyYAML-5.3.dist-info/METADATA`, dist("PyYAML", "5.3"))
    const { result } = await scanned({
      image,
      files: { "requirements.txt": "pyyaml==5.3\n" },
      scan: "ignoreUnfixed: true",
    })
    expect(blocking(result).map((finding) => [finding.id, finding.places.map((place) => place.scan)])).toEqual([
      ["CVE-2020-14343", ["image", "lockfiles"]],
    ])
    expect(
      result.findings.find((finding) => finding.id === "CVE-2023-45853")?.disposition.kind,
      "without a fix it does not block",
    ).toBe("unfixed")
  })
})

test("the database named by the engine's Trivy image is used if scan.database is not set", async () => {
  const { result } = await scanned({
    files: { "requirements.txt": "pyyaml==5.3\n" },
    database: null,
    run: `fresh-${Date.now()}`,
  })
  expect(result.database?.repository).toContain("tollgate/small-trivy-db")
  expect(warned(result)).toContain("small-database")
  expect(named(blocking(result))).toEqual(["CVE-2020-14343 pyyaml"])
  expect(databases.full).not.toBe("")
})

test("misconfiguration is found, with its file", async () => {
  const { result } = await scanned({
    files: { Dockerfile: "FROM python:3.11-slim\nHEALTHCHECK CMD true\nRUN pip install x\n" },
    scan: "failOn: high",
    scanners: "misconfiguration",
  })
  expect(blocking(result)).toMatchObject([
    { kind: "misconfiguration", id: "DS-0002", places: [{ scan: "repository", path: "Dockerfile" }] },
  ])
  expect(result.scanned.find((one) => one.scan === "repository")?.configurationFiles).toBe(1)
})

test("a baseline shows what is new and what is gone", async () => {
  const before = await scanned({ files: { "requirements.txt": "pyyaml==5.3\njinja2==3.1.3\n" } })
  const { result } = await scanned({ files: { "requirements.txt": "pyyaml==5.3.1\nlxml==4.6.4\n" }, baseline: before })
  expect(named(result.change?.added ?? [])).toEqual(["CVE-2021-43818 lxml"])
  expect(named(result.change?.gone ?? [])).toEqual(["CVE-2024-34064 jinja2"])
})
