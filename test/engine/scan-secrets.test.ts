import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { Ajv } from "ajv"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { scanReport } from "../../core/scan/folder.js"
import { blocking } from "../../core/scan/result.js"
import type { ScanRun } from "../../core/scan/run.js"
import { scanScreen } from "../../core/scan/screen.js"
import { leaksIn, textsBelow } from "./leaks.js"
import { named, publishDatabases, scanned } from "./scan.js"
import { useEngine } from "./session.js"

useEngine()

// concatenated, so that a secret scanner does not report this source file
const SECRETS = {
  "the AWS key": `AKIA${"Q4ZWTJ7RPX2MLD5K"}`,
  "the Stripe key": `sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`,
  "the password on the next line": "correct-horse+battery/staple",
  "the token in the Dockerfile": "dockerfile-token-9f2b7c",
  "the image's variable": "image-variable-5d8e1a",
  "the laptop's key": `AKIA${"ZZ3WTJ7RPX2MLD9Q"}`,
}

const folder = mkdtempSync(join(tmpdir(), "tollgate-scan-secrets-"))
let run: ScanRun
const read = (path: string) => readFileSync(join(folder, path), "utf8")

beforeAll(async () => {
  await publishDatabases()
  const key = `AWS_ACCESS_KEY_ID = "${SECRETS["the AWS key"]}"`
  const image = dag
    .container()
    .from("debian:bookworm-slim")
    .withEnvVariable("API_TOKEN", SECRETS["the image's variable"])
    .withNewFile("/srv/app/settings.py", `password = "${SECRETS["the password on the next line"]}"\n${key}\n`)
    .withNewFile("/srv/deleted.py", key)
    .withExec(["rm", "/srv/deleted.py"])
    .withNewFile(
      "/usr/lib/python3/dist-packages/PyYAML-5.3.dist-info/METADATA",
      "Metadata-Version: 2.1\nName: PyYAML\nVersion: 5.3\n",
    )
  run = await scanned({
    image,
    scanners: "vulnerabilities, secrets, misconfiguration",
    files: {
      "requirements.txt": "pyyaml==5.3\n",
      "tests/test_pay.py": `password = "${SECRETS["the password on the next line"]}"\n${key}\nSTRIPE_SECRET_KEY = "${SECRETS["the Stripe key"]}"\n`,
      "docs/example.md": `    ${key}\n`,
      Dockerfile: `FROM python:3.11-slim\nENV API_TOKEN=${SECRETS["the token in the Dockerfile"]}\nHEALTHCHECK CMD true\nUSER 1000\n`,
      ".gitignore": ".env\n",
      ".env": `AWS_ACCESS_KEY_ID=${SECRETS["the laptop's key"]}\n`,
    },
  })
  await (await scanReport(run)).export(folder, { wipe: true })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("secrets", () => {
  test("are found in the repository, including tests and documents, and in the image's files, including deleted ones", () => {
    expect(named(blocking(run.result).filter((finding) => finding.kind === "secret")).sort()).toEqual([
      "aws-access-key-id docs/example.md",
      "aws-access-key-id srv/app/settings.py",
      "aws-access-key-id srv/deleted.py",
      "aws-access-key-id tests/test_pay.py",
      "stripe-secret-token tests/test_pay.py",
    ])
    expect(named(blocking(run.result))).toContain("DS-0031 Dockerfile")
  })

  test("in a file that Git ignores are only a warning", () => {
    expect(named(run.result.findings).filter((one) => one.includes(".env"))).toEqual([])
    expect(run.result.warnings.map((warning) => warning.message)).toContainEqual(
      expect.stringMatching(/^secrets in files that Git ignores do not fail the gate: \.env\. /),
    )
  })

  test("are in no report and on no screen, in any form, and neither are the lines beside them", () => {
    const texts = [
      ...textsBelow(folder),
      ["screen", scanScreen(run.result, { report: "r" })],
      ["result", JSON.stringify(run.result)],
    ] as const
    expect(texts.length).toBeGreaterThan(9)
    expect(leaksIn(texts, SECRETS)).toEqual([])
    expect(texts.find(([name]) => name === "results.sarif")?.[1]).toContain("stripe-secret-token")
    expect(texts.find(([name]) => name === "table.txt")?.[1]).toContain("stripe-secret-token")
  })
})

describe("the report of a failed scan", () => {
  test("is complete", () => {
    expect(readdirSync(folder).sort()).toEqual([
      ".gitignore",
      "gl-container-scanning.json",
      "report.html",
      "results.sarif",
      "sbom.cdx.json",
      "scan.json",
      "summary.md",
      "table.txt",
      "trivy-image.json",
      "trivy-lockfiles.json",
      "trivy-repository.json",
    ])
  })

  test("has a scan.json that matches the published schema", () => {
    const schema: object = JSON.parse(
      readFileSync(new URL("../../docs/schemas/scan.schema.json", import.meta.url), "utf8"),
    )
    const ajv = new Ajv({ strict: false })
    expect(ajv.validate(schema, JSON.parse(read("scan.json"))), ajv.errorsText()).toBe(true)
  })

  test("has a CycloneDX bill of materials with package URLs and the image's digest", () => {
    const bom = z
      .object({
        bomFormat: z.literal("CycloneDX"),
        specVersion: z.string().regex(/^1\.\d$/),
        serialNumber: z.string().regex(/^urn:uuid:/),
        metadata: z.object({
          component: z.object({ type: z.literal("container"), version: z.string(), purl: z.string() }),
        }),
        components: z.array(
          z.object({
            "bom-ref": z.string(),
            type: z.string(),
            name: z.string(),
            version: z.string().optional(),
            purl: z.string().optional(),
          }),
        ),
        dependencies: z.array(z.object({ ref: z.string() })),
      })
      .parse(JSON.parse(read("sbom.cdx.json")))
    expect(bom.metadata.component.version).toBe(run.result.image)
    expect(bom.metadata.component.purl).toContain(encodeURIComponent(run.result.image ?? "none"))
    const purls = bom.components.flatMap((component) => component.purl ?? [])
    expect(purls.filter((purl) => purl.startsWith("pkg:deb/debian/")).length).toBe(run.result.scanned[0]?.osPackages)
    expect(purls).toContain("pkg:pypi/pyyaml@5.3")
    expect(bom.components.filter((component) => component.type === "library" && component.purl === undefined)).toEqual(
      [],
    )
  })

  test("has SARIF with a run for each scan, the rule of each result described, and a place for each", () => {
    const log = z
      .object({
        version: z.literal("2.1.0"),
        runs: z.array(
          z.object({
            automationDetails: z.object({ id: z.string() }),
            tool: z.object({
              driver: z.object({ name: z.literal("Trivy"), rules: z.array(z.object({ id: z.string() })) }),
            }),
            results: z.array(
              z.object({
                ruleId: z.string(),
                ruleIndex: z.number(),
                locations: z
                  .array(
                    z.object({
                      physicalLocation: z.object({
                        artifactLocation: z.strictObject({ uri: z.string().regex(/^[^/]/) }),
                      }),
                    }),
                  )
                  .min(1),
              }),
            ),
          }),
        ),
      })
      .parse(JSON.parse(read("results.sarif")))
    expect(log.runs.map((one) => one.automationDetails.id).sort()).toEqual([
      "tollgate/image/",
      "tollgate/lockfiles/",
      "tollgate/repository/",
    ])
    for (const one of log.runs)
      for (const result of one.results) expect(one.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId)
    expect(log.runs.flatMap((one) => one.results).length).toBeGreaterThanOrEqual(run.result.findings.length)
  })

  test("has a table of findings with the versions that fix them", () => {
    expect(read("table.txt")).toMatch(/CVE-2020-14343.*CRITICAL.*5\.3.*5\.4/)
    expect(read("summary.md")).toContain("CVE-2020-14343")
    expect(read("report.html")).toContain("CVE-2020-14343")
  })
})
