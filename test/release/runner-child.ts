// A runner of its own process, for a test that kills it: takes the first request, and never ends it.
import { openLedger } from "../../core/ledger/open.js"
import { serve } from "../../core/runner/serve.js"
import type { Worked } from "../../core/runner/works.js"
import { operated } from "./operated.js"

const [url = "", publicKey = ""] = process.argv.slice(2)
const settings = operated(publicKey)
const journal = { append: async () => undefined, take: async () => ({ lines: [], done: async () => undefined }) }
const { service } = settings.ledger
const ledger = await openLedger({ url, service, patience: 30, journal, need: "required", entryPoint: "cli" })
const hangs = (): Promise<Worked> => {
  process.stdout.write("works\n")
  return new Promise(() => undefined)
}
await serve(
  settings,
  {
    environment: "sandbox",
    caller: { who: "the test", owner: "a runner that is killed" },
    once: true,
    signal: new AbortController().signal,
    tell: () => undefined,
    redact: (text) => text,
  },
  ledger,
  { rollback: hangs, maintenance: hangs, deploy: null, recover: hangs },
)
