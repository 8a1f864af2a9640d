import { testOptions } from "../options/gates.js"
import { command } from "./command.js"

export const test = command({
  name: "test",
  describe: "Run the QA suites and judge them by evidence from inside pytest",
  options: testOptions,
  examples: [
    ["$0 test --suites=e2e,webhook", "run two suites"],
    ["$0 test --fresh", "ignore cached evidence"],
  ],
  run: async (options) => (await import("../test/run-test.js")).runTest(options),
})
