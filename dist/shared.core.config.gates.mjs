import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/config/gates.ts
var config = {
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
    baseline: null
  },
  deploy: {
    step: "config",
    setting: null,
    quick: true,
    check: "every required variable is set and valid",
    what: "`check-config` of the environment"
  }
};
var test = {
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
    baseline: null
  },
  deploy: {
    step: "evidence",
    setting: "qa",
    quick: false,
    check: "evidence for the same source",
    what: "the suites passed for the same source; they run if there is no evidence"
  }
};
var patchCoverage = {
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
    baseline: null
  },
  deploy: null
};
var image = {
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
    baseline: null
  },
  // a deployment publishes what it builds
  deploy: null
};
var scan = {
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
      "blocking-findings": { title: "blocking findings", unit: "count" }
    },
    files: ["results.sarif"],
    baseline: "scan.json"
  },
  deploy: {
    step: "scan",
    setting: "scan",
    quick: false,
    check: "no finding at or above scan.failOn",
    what: "`scan`"
  }
};
var migrations = {
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
    baseline: null
  },
  // a deployment runs what it plans
  deploy: null
};
var load = {
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
    baseline: null
  },
  deploy: null
};
var ecpay = {
  name: "ecpay",
  tools: [],
  report: null,
  ci: null,
  deploy: {
    step: "ecpay",
    setting: "ecpay",
    quick: true,
    check: "credentials that ECPay accepts",
    what: "`check-ecpay`, where the environment has credentials"
  }
};
var gates = {
  config,
  test,
  "patch-coverage": patchCoverage,
  image,
  scan,
  migrations,
  load,
  ecpay
};
var every = Object.values(gates);
var gateReports = every.flatMap(({ report }) => report ?? []);
var ciGates = every.filter((gate) => gate.ci !== null);
var gatesWithPaths = ciGates.filter(({ ci }) => ci.paths === "own").map(({ name }) => name);
var ofDeploy = every.filter((gate) => gate.deploy !== null);
var deployGates = [
  ...ofDeploy.filter(({ deploy }) => deploy.quick),
  ...ofDeploy.filter(({ deploy }) => !deploy.quick)
];
var gateSettings = ofDeploy.flatMap(({ deploy }) => deploy.setting ?? []);
function isRequired(gate, listed) {
  const { setting } = gates[gate].deploy;
  return setting === null || listed.includes(setting);
}
__name(isRequired, "isRequired");

export {
  gates,
  ciGates,
  gatesWithPaths,
  deployGates,
  gateSettings,
  isRequired
};
