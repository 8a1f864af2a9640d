import type { CiPart, DeployPart, Gate } from "./gate.js"

/**
 * Every gate, in the order of every table. From here come keys of tollgate.yaml (`paths`, `environments.NAME.gates`), the graph of `ci`,
 * steps of `deploy`, checks of `plan`, tools, and tables of the docs. `docs/add-a-gate.md` says what else belongs to a gate.
 */

const config = {
  name: "config",
  tools: [],
  report: null,
  ci: {
    what: "[`validate`](configuration.md): tollgate.yaml, and that each file it lists is there",
    needs: [],
    alone: false,
    compares: false,
    paths: "none",
    figures: {},
    files: [],
    baseline: null,
  },
  deploy: {
    step: "config",
    setting: null,
    quick: true,
    check: "every required variable is set and valid",
    what: "`check-config` of the environment",
  },
} as const satisfies Gate

const test = {
  name: "test",
  tools: [],
  report: "tollgate-report",
  ci: {
    what: "[`test`](evidence.md): all suites, with coverage",
    needs: [],
    alone: false,
    compares: false,
    paths: "own",
    figures: { coverage: { title: "coverage", unit: "percent" }, tests: { title: "tests", unit: "count" } },
    files: ["ctrf.json"],
    baseline: null,
  },
  deploy: {
    step: "evidence",
    setting: "qa",
    quick: false,
    check: "evidence for the same source",
    what: "the suites passed for the same source; they run if there is no evidence",
  },
} as const satisfies Gate

const patchCoverage = {
  name: "patch-coverage",
  tools: [],
  report: null,
  ci: {
    what: "the coverage of the lines that differ from the base, by diff-cover",
    needs: [{ gate: "test", must: "ended" }],
    alone: false,
    compares: true,
    paths: { of: "test" },
    figures: { "patch-coverage": { title: "coverage of changed lines", unit: "percent" } },
    files: [],
    baseline: null,
  },
  deploy: null,
} as const satisfies Gate

const image = {
  name: "image",
  tools: [],
  report: "tollgate-report/image",
  ci: {
    what: "[`build`](image.md), with all its checks",
    needs: [],
    alone: false,
    compares: false,
    paths: "own",
    figures: { "image-size": { title: "image size", unit: "bytes" } },
    files: [],
    baseline: null,
  },
  // a deployment publishes what it builds
  deploy: null,
} as const satisfies Gate

const scan = {
  name: "scan",
  tools: ["trivy"],
  report: "tollgate-report/scan",
  ci: {
    what: "[`scan`](scan.md)",
    // an image that does not build would be built, and reported, twice
    needs: [{ gate: "image", must: "ended" }],
    alone: false,
    compares: false,
    paths: "own",
    figures: {
      findings: { title: "findings of the scan", unit: "count" },
      "blocking-findings": { title: "blocking findings", unit: "count" },
    },
    files: ["results.sarif"],
    baseline: "scan.json",
  },
  deploy: {
    step: "scan",
    setting: "scan",
    quick: false,
    check: "no finding at or above scan.failOn",
    what: "`scan`",
  },
} as const satisfies Gate

const migrations = {
  name: "migrations",
  tools: [],
  report: "tollgate-report/migration-plan",
  ci: {
    what: "the lint of [`migration-plan`](migration-plan.md), without a database: [below](#migrations)",
    needs: [],
    alone: false,
    compares: false,
    paths: "own",
    figures: {},
    files: [],
    baseline: null,
  },
  // a deployment runs what it plans
  deploy: null,
} as const satisfies Gate

const load = {
  name: "load",
  tools: ["k6"],
  report: "tollgate-report/load",
  ci: {
    what: "[`load-test`](load.md): the scenario `smoke` if there is one, otherwise all",
    needs: [{ gate: "image", must: "passed" }],
    alone: true,
    compares: false,
    paths: "own",
    figures: { p95: { title: "p95, slowest scenario", unit: "milliseconds" } },
    files: [],
    baseline: null,
  },
  deploy: null,
} as const satisfies Gate

const ecpay = {
  name: "ecpay",
  tools: [],
  report: null,
  ci: null,
  deploy: {
    step: "ecpay",
    setting: "ecpay",
    quick: true,
    check: "credentials that ECPay accepts",
    what: "`check-ecpay`, where the environment has credentials",
  },
} as const satisfies Gate

/** All gates. */
export const gates = {
  config,
  test,
  "patch-coverage": patchCoverage,
  image,
  scan,
  migrations,
  load,
  ecpay,
}

export type GateName = keyof typeof gates
type AnyGate = (typeof gates)[GateName]
type OfCi = Extract<AnyGate, { ci: CiPart }>
type OfDeploy = Extract<AnyGate, { deploy: DeployPart }>

const every: readonly AnyGate[] = Object.values(gates)

/** Folders of reports. */
export const gateReports = every.flatMap(({ report }) => report ?? [])

/** The gates of `ci`. */
export type CiGate = OfCi["name"]
export const ciGates = every.filter((gate): gate is OfCi => gate.ci !== null)

/** Gates that `paths` of tollgate.yaml may leave out. */
export const gatesWithPaths = ciGates.filter(({ ci }) => ci.paths === "own").map(({ name }) => name)

/** Gates that are steps of a deployment, in the order of the steps. */
export type DeployGate = OfDeploy["name"]
export type GateStep = OfDeploy["deploy"]["step"]
const ofDeploy = every.filter((gate): gate is OfDeploy => gate.deploy !== null)
export const deployGates = [
  ...ofDeploy.filter(({ deploy }) => deploy.quick),
  ...ofDeploy.filter(({ deploy }) => !deploy.quick),
]

/** What environments.NAME.gates may list. */
export type GateSetting = NonNullable<OfDeploy["deploy"]["setting"]>
export const gateSettings = ofDeploy.flatMap(({ deploy }) => deploy.setting ?? [])

/** @param listed environments.NAME.gates */
export function isRequired(gate: DeployGate, listed: readonly GateSetting[]): boolean {
  const { setting } = gates[gate].deploy
  return setting === null || listed.includes(setting)
}
