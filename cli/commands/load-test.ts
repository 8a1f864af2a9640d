import { loadOptions } from "../options/gates.js"
import { command } from "./command.js"

export const loadTest = command({
  name: "load-test",
  describe: "Load-test the built image or a deployed service, and judge the thresholds",
  options: loadOptions,
  examples: [
    ["$0 load-test --scenarios=checkout", "one scenario"],
    ["$0 load-test --url=https://staging.shop.example", "a deployed service"],
  ],
  run: async (options) => (await import("../load/run-load-test.js")).runLoadTest(options),
})
