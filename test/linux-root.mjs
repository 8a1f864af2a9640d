// What starts servers in namespaces and root file systems of its own, or builds a program with Go: projects as a whole, and single files
// of others.
export const isLinuxRoot = process.platform === "linux" && process.getuid?.() === 0
export const projectsOfLinuxRoot = ["database", "docker"]
export const filesOfLinuxRoot = [
  "test/engine/workflow-jobs.test.ts",
  "test/release/audit.test.ts",
  "test/release/dashboard.test.ts",
  "test/release/ledger.test.ts",
  "test/release/ledger-commands.test.ts",
]
