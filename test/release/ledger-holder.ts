// A run of its own process, for tests that kill it: takes the lease of an environment, records a step, and then lives on.
import { openLedger } from "../../core/ledger/open.js"
import { context, started } from "./ledger-samples.js"

const [url = "", seconds = "3"] = process.argv.slice(2)
const journal = { append: async () => undefined, take: async () => ({ lines: [], done: async () => undefined }) }
const ledger = await openLedger({ url, service: "shop", patience: 5, journal, need: "required", entryPoint: "cli" })
const lease = await ledger.takeLease({
  environment: "production",
  run: "run-killed",
  owner: "ci-1",
  command: "deploy",
  who: "Bo Chen",
  seconds: Number(seconds),
})
const mine = context({ run: "run-killed", release: "r-killed", token: lease.token, who: "Bo Chen" })
await ledger.record(mine, started())
await ledger.record(mine, { kind: "step-started", step: "migrate" })
process.stdout.write("holds\n")
setInterval(() => undefined, 1000)
