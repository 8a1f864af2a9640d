import { readFileSync } from "node:fs"
import { Ajv } from "ajv"
import { describe, expect, test } from "vitest"
import { changeSince, readBaseline } from "../../core/scan/baseline.js"
import { withoutQuotes } from "../../core/scan/masking.js"
import { mergeSarif } from "../../core/scan/sarif.js"
import { namedBom } from "../../core/scan/sbom.js"
import { scanFile, scanSchema } from "../../core/scan/scan-file.js"
import { finding, judged, place, result, secret } from "./scan-samples.js"

describe("the stored copy of Trivy's report", () => {
  const raw = JSON.stringify({
    ArtifactName: "/tollgate/image",
    Metadata: {
      OS: { Family: "debian" },
      ImageConfig: { config: { Env: ["API_TOKEN=hunter2"] }, history: [{ created_by: "ENV API_TOKEN=hunter2" }] },
      Layers: [{ Digest: "sha256:1", CreatedBy: "ARG P=hunter2" }],
    },
    Results: [
      { Target: "/tollgate/image (debian 12)", Packages: [{ Name: "Code" }] },
      {
        Target: "app/a.py",
        Secrets: [
          { RuleID: "aws", StartLine: 2, Match: "KEY=***", Code: { Lines: [{ Content: "password = hunter2" }] } },
        ],
      },
      {
        Target: "Dockerfile",
        Misconfigurations: [
          {
            ID: "DS-0031",
            Message: "secret env",
            CauseMetadata: {
              StartLine: 2,
              Code: { Lines: [{ Content: "ENV API_TOKEN=hunter2" }] },
              RenderedCause: { Raw: "hunter2" },
            },
            Traces: ["hunter2"],
          },
        ],
      },
    ],
  })

  test("quotes no file, nor the image's environment and history", () =>
    expect(withoutQuotes(raw)).not.toContain("hunter2"))

  test("keeps rule and place of each finding, without paths of Trivy's container", () => {
    expect(JSON.parse(withoutQuotes(raw))).toMatchObject({
      ArtifactName: "image",
      Results: [
        { Target: "image (debian 12)", Packages: [{ Name: "Code" }] },
        { Secrets: [{ RuleID: "aws", StartLine: 2 }] },
        { Misconfigurations: [{ ID: "DS-0031", CauseMetadata: { StartLine: 2 } }] },
      ],
    })
  })
})

describe("the baseline", () => {
  const at = (findings: ReturnType<typeof judged>[]) => readBaseline(scanFile(result({ findings })))

  test("is the scan.json of a report, of the earlier format too", () => {
    expect(at([judged({})]).findings).toHaveLength(1)
    expect(
      readBaseline(scanFile(result({ findings: [judged({})] })).replace('"format": 2', '"format": 1')).findings,
    ).toHaveLength(1)
  })

  test("shows new and gone findings", () => {
    const change = changeSince(at([judged({ id: "CVE-old" }), judged({ id: "CVE-both" })]), [
      finding({ id: "CVE-both" }),
      finding({ id: "CVE-new" }),
    ])
    expect([change.added.map((one) => one.id), change.gone.map((one) => one.id)]).toEqual([["CVE-new"], ["CVE-old"]])
  })

  test("does not report a finding as new if its line moved or the package was updated to another affected version", () => {
    const before = at([judged({ installed: "21.1.0" }), { ...secret("a.py", 3), disposition: { kind: "blocking" } }])
    expect(
      changeSince(before, [
        finding({ installed: "21.2.0", places: [place("lockfiles", "requirements.txt", 9)] }),
        secret("a.py", 30),
      ]),
    ).toMatchObject({ added: [], gone: [] })
  })

  test("reports a second secret in the same file as new, and one in another file", () => {
    const before = at([{ ...secret("a.py", 3), disposition: { kind: "blocking" } }])
    expect(changeSince(before, [secret("a.py", 3), secret("a.py", 9)]).added).toHaveLength(1)
    expect(changeSince(before, [secret("b.py", 3)])).toMatchObject({
      added: [{ id: "aws-access-key-id" }],
      gone: [{ id: "aws-access-key-id" }],
    })
  })

  test.each([
    ["", "it is not JSON"],
    ["{}", "format"],
    ['{"SchemaVersion":2}', "format"],
    ['{"format":1,"startedAt":"x","findings":[{}]}', "findings.0.kind"],
  ])("is rejected if it is something else: %s", (text, why) => {
    expect(() => readBaseline(text)).toThrow(`--baseline is not a scan.json written by Tollgate: ${why}`)
  })
})

describe("scan.json", () => {
  const document = JSON.parse(
    scanFile(
      result({
        findings: [judged({})],
        reasons: [{ code: "trivy-failed", message: "m", next: "" }],
        change: { since: "2026-11-20T09:14:00Z", added: [judged({})], gone: [] },
      }),
    ),
  )

  test("matches its published schema", () => {
    const schema: object = JSON.parse(
      readFileSync(new URL("../../docs/schemas/scan.schema.json", import.meta.url), "utf8"),
    )
    const ajv = new Ajv({ strict: false })
    expect(ajv.validate(schema, document), ajv.errorsText()).toBe(true)
    expect(document).toMatchObject({
      format: 2,
      verdict: "failed",
      verdictInWords: "FAILED: 1 critical finding; Trivy failed",
      change: { added: [{ id: "CVE-2024-1135" }] },
    })
  })

  test("has the schema that `npm run schema` writes", () => {
    expect(readFileSync(new URL("../../docs/schemas/scan.schema.json", import.meta.url), "utf8")).toBe(scanSchema())
  })
})

describe("SARIF", () => {
  const text = (uri: string, ruleId: string, message: string, startLine = 1) =>
    JSON.stringify({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "Trivy" } },
          originalUriBaseIds: { ROOTPATH: { uri: "file:///" } },
          results: [
            {
              ruleId,
              message: { text: message },
              locations: [
                { physicalLocation: { artifactLocation: { uri, uriBaseId: "ROOTPATH" }, region: { startLine } } },
              ],
            },
          ],
        },
      ],
    })
  const about = "Package: gunicorn\nInstalled Version: 21.2.0\nVulnerability CVE-2024-1135"
  const merged = (findings: ReturnType<typeof judged>[]) =>
    JSON.parse(
      mergeSarif(
        [
          ["lockfiles", text("requirements.txt", "CVE-2024-1135", about, 3)],
          ["image", text("library/image", "CVE-2023-45853", "Package: zlib1g\nInstalled Version: 1\n")],
          ["repository", text("app/a%20b.py", "aws-access-key-id", "Artifact: app/a b.py", 7)],
        ],
        findings,
        "services/payments",
      ),
    )
  const uri = (run: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }) =>
    run.results[0]?.locations[0]?.physicalLocation.artifactLocation

  test("has a run for each scan, which GitHub keeps apart, and paths from the top of the repository", () => {
    const log = merged([])
    expect(log.runs.map((run: { automationDetails: { id: string } }) => run.automationDetails.id)).toEqual([
      "tollgate/lockfiles/",
      "tollgate/image/",
      "tollgate/repository/",
    ])
    expect(log.runs.map(uri)).toEqual([
      { uri: "services/payments/requirements.txt" },
      { uri: "image" },
      { uri: "app/a%20b.py" },
    ])
    expect(log.runs[0]).not.toHaveProperty("originalUriBaseIds")
  })

  test("marks ignored and unfixed findings as suppressed, with the reason, and no others", () => {
    const findings = [
      judged({ disposition: { kind: "ignored", reason: "behind a proxy", until: "2027-05-31" } }),
      judged({
        id: "CVE-2023-45853",
        package: "zlib1g",
        installed: "1",
        places: [place("image", "debian 12")],
        disposition: { kind: "unfixed" },
      }),
      { ...secret("app/a b.py", 7), disposition: { kind: "ignored" as const, reason: "made up", until: "2027-05-31" } },
    ]
    const suppressions = merged(findings).runs.map(
      (run: { results: { suppressions?: unknown }[] }) => run.results[0]?.suppressions,
    )
    expect(suppressions).toEqual([
      [{ kind: "external", justification: "behind a proxy (until 2027-05-31)" }],
      [{ kind: "external", justification: "no fix yet (scan.ignoreUnfixed)" }],
      [{ kind: "external", justification: "made up (until 2027-05-31)" }],
    ])
    expect(
      merged([judged({}), { ...secret("app/a b.py", 8), disposition: { kind: "ignored", reason: "r", until: "u" } }])
        .runs.flatMap((run: { results: object[] }) => run.results)
        .filter((one: object) => "suppressions" in one),
    ).toEqual([])
  })
})

describe("the bill of materials", () => {
  const bom = JSON.stringify({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { "bom-ref": "1", type: "container", name: "image" } },
    components: [{ name: "fastapi" }],
  })

  test("names the image by its digest", () => {
    expect(JSON.parse(namedBom(bom, { name: "ghcr.io/acme/payments", app: ".", image: "sha256:abc" }))).toMatchObject({
      metadata: {
        component: {
          "bom-ref": "1",
          name: "payments",
          version: "sha256:abc",
          purl: "pkg:oci/payments@sha256%3Aabc?repository_url=ghcr.io%2Facme%2Fpayments",
        },
      },
      components: [{ name: "fastapi" }],
    })
  })

  test("takes the app's name for an image without one, and has no digest without an image", () => {
    const name = (app: string, image: string | null) =>
      JSON.parse(namedBom(bom, { name: null, app, image })).metadata.component
    expect(name("services/payments", "sha256:abc")).toMatchObject({
      name: "payments",
      purl: "pkg:oci/payments@sha256%3Aabc",
    })
    expect(name(".", null)).toEqual({ "bom-ref": "1", type: "container", name: "app" })
  })
})
