import type { Finding, MigrationPlan } from "./plan.js"

const LEVEL = { error: "error", warning: "warning", note: "note" } as const

/**
 * findings.sarif, SARIF 2.1.0, by which code hosts show findings beside the lines of a revision:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarif(plan: MigrationPlan): string {
  const codes = [...new Set(plan.findings.map(({ code }) => code))].sort()
  const log = {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: {
          driver: {
            name: "Tollgate migration-plan",
            version: plan.tollgateVersion,
            rules: codes.map((id) => ({ id })),
          },
        },
        results: plan.findings.map((finding) => result(finding, codes, plan.app)),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function result(finding: Finding, codes: string[], app: string): object {
  return {
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: LEVEL[finding.severity],
    message: { text: finding.help === null ? finding.message : `${finding.message} ${finding.help}` },
    ...(finding.file === null ? {} : { locations: [location(finding.file, finding.line, app)] }),
    ...(finding.accepted === null ? {} : { suppressions: [{ kind: "external", justification: finding.accepted }] }),
  }
}

/** Relative to the repository: it is there that a code host looks. */
function location(file: string, line: number | null, app: string): object {
  const path = app === "." ? file : `${app}/${file}`
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
      ...(line === null ? {} : { region: { startLine: line } }),
    },
  }
}
