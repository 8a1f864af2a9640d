import { unzipSync } from "fflate"
import { Hono } from "hono"
import { expect, it } from "vitest"
import { verifyAudit } from "../../core/audit/verify.js"
import { AuditDownload } from "../../core/dashboard/server/audit-download.js"
import { TollgateError } from "../../core/shared/errors.js"
import { history, ledgerOf } from "./audit-samples.js"

const ledger = ledgerOf(history().rows)

function app({ latest = 60, reads = () => Promise.resolve(ledger) } = {}): Hono {
  const download = new AuditDownload({
    service: "shop",
    has: (environment) => Promise.resolve(environment === "production"),
    latest: () => latest,
    ledger: reads,
  })
  const served = new Hono()
  served.get("/audit", async (context) => (await download.answer(context)) ?? context.text("unknown", 404))
  served.onError((error, context) => context.text(error instanceof TollgateError ? error.code : "bug", 400))
  return served
}

const ask = (of: Hono, query: string) => Promise.resolve(of.request(`/audit?${query}`))
const QUARTER = "env=production&from=2026-07-01&to=2026-09-30"

it("the downloaded export is a ZIP file that `audit verify` accepts once it is unpacked", async () => {
  const answer = await ask(app(), QUARTER)
  expect(answer.headers.get("content-disposition")).toBe(
    'attachment; filename="audit-production-2026-07-01-2026-09-30.zip"',
  )
  const files = new Map(
    Object.entries(unzipSync(new Uint8Array(await answer.arrayBuffer()))).map(([path, bytes]) => [
      path.replace("audit-production-2026-07-01-2026-09-30/", ""),
      Buffer.from(bytes).toString("utf8"),
    ]),
  )
  expect(files.get("changes.csv")?.trim().split("\r\n")).toHaveLength(7)
  expect(verifyAudit(files, { keys: [], heads: [] })).toMatchObject({ problems: [], changes: 6 })
  files.set("changes.csv", (files.get("changes.csv") ?? "").replace("rolled-back", "live"))
  expect(verifyAudit(files, { keys: [], heads: [] }).problems).not.toEqual([])
})

it("a period that is none, an unknown environment and a ledger too large for it are refused before a row is read", async () => {
  const reads = () => Promise.reject(new RangeError("a row was read"))
  const refused = async (query: string, latest = 60) => (await ask(app({ latest, reads }), query)).text()
  expect(await refused("env=production&from=2026-09-30&to=2026-07-01")).toBe("audit-period")
  expect(await refused("env=production&from=x%22%0d%0aset-cookie:a&to=")).toBe("audit-period")
  expect(await refused("env=../etc&from=2026-07-01&to=2026-09-30")).toBe("unknown")
  expect(await refused(QUARTER, 200_001)).toBe("audit-large")
  expect(await refused(QUARTER, 200_000)).toBe("bug")
})

it("one export is made at a time, and a failed one does not block the next", async () => {
  let go = (): void => undefined
  const waits = new Promise<void>((done) => (go = done))
  let reading = 0
  const one = app({
    reads: async () => {
      reading += 1
      await waits
      if (reading === 1) throw new Error("the connection was lost")
      return ledger
    },
  })
  const first = ask(one, QUARTER)
  await expect.poll(() => reading).toBe(1)
  expect(await (await ask(one, QUARTER)).text()).toBe("audit-busy")
  go()
  expect((await first).status).toBe(400)
  expect((await ask(one, QUARTER)).status).toBe(200)
})
