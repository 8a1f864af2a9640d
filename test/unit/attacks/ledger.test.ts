import { describe, expect, it } from "vitest"
import type { Journal } from "../../../core/ledger/ledger.js"
import { openLedger } from "../../../core/ledger/open.js"

const lines: string[] = []
const journal: Journal = {
  append: (line) => Promise.resolve(void lines.push(line)),
  take: () => Promise.resolve({ lines: [], done: () => Promise.resolve() }),
}
const open = (url: string, need: "required" | "wanted" = "required") =>
  openLedger({ url, service: "shop", patience: 0.2, journal, need, entryPoint: "cli" })

describe("a ledger that would be reached in plain text", () => {
  it("is refused when it is not on this machine", async () => {
    await expect(open("postgresql://app:word@203.0.113.1/ledger")).rejects.toMatchObject({
      code: "ledger-sslmode",
      message: expect.not.stringContaining("word"),
    })
  })

  it.each([
    ["on this machine", "postgresql://app:word@127.0.0.1:9/ledger"],
    ["with an sslmode of its own", "postgresql://app:word@203.0.113.1:9/ledger?sslmode=verify-full"],
  ])("is tried %s", async (_, url) => {
    await expect(open(url)).rejects.toMatchObject({ code: "ledger-unreachable" })
  })

  it("stops no rollback: what happens is kept for later", async () => {
    const ledger = await open("postgresql://app:word@203.0.113.1/ledger", "wanted")
    expect(ledger.state).toMatchObject({ kind: "away", code: "ledger-sslmode" })
    await ledger.record(
      { service: "shop", environment: "production", release: null, run: "r", token: null, who: "Mei Lin" },
      { kind: "lease-released" },
    )
    expect(lines).toHaveLength(1)
    await ledger.close()
  })
})
