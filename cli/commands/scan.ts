import { scanOptions } from "../options/gates.js"
import { command } from "./command.js"

export const scan = command({
  name: "scan",
  describe: "Scan the image, the lockfiles and the repository for vulnerabilities, secrets and misconfiguration",
  options: scanOptions,
  examples: [
    ["$0 scan --fresh", "use the newest vulnerability database"],
    ["$0 scan --baseline=main/scan.json", "show what is new since an earlier scan"],
  ],
  run: async (options) => (await import("../scan/run-scan.js")).runScan(options),
})
