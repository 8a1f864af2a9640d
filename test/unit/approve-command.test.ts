import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { approvalFile } from "../../core/release/approval/approval.js"
import { judgeApprovals } from "../../core/release/approval/verify.js"
import { identityOf } from "../../core/release/plan/plan-id.js"
import { plan, recorded } from "./approval-samples.js"
import { tollgateHere as tollgate } from "./command-here.js"
import { repository } from "./ecpay-server.js"

const PASSPHRASE = "correct horse battery"
const env = { KEY_PASSPHRASE: PASSPHRASE, WRONG: "wrong horse battery" }

test("an approver makes a key, signs a plan with it, and the approval counts", async () => {
  const folder = repository("{}")
  const made = await tollgate(
    folder,
    ["approval-key", "--name=Mei Lin", "--out=mei.pem", "--passphrase=env:KEY_PASSPHRASE"],
    env,
  )
  expect(made.code, made.err).toBe(0)
  expect(statSync(join(folder, "mei.pem")).mode & 0o777).toBe(0o600)
  const [, key = ""] = /key: (ed25519:\S+)/.exec(made.out) ?? []

  const settings = `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: { production: { approvals: { required: 1, requireSeparation: false, keys: [{ name: Mei Lin, key: "${key}" }] } } }\n`
  writeFileSync(join(folder, "tollgate.yaml"), settings)
  writeFileSync(join(folder, "plan.json"), JSON.stringify(plan()))
  const usual = [
    "--plan=plan.json",
    "--key=file:mei.pem",
    "--passphrase=env:KEY_PASSPHRASE",
    "--approver=Mei Lin",
    "--reason=reviewed",
    "--yes",
  ]
  const option = (given: string) => given.split("=")[0]
  const approve = (...more: string[]) =>
    tollgate(
      folder,
      ["approve", ...usual.filter((one) => !more.some((other) => option(other) === option(one))), ...more],
      env,
    )
  // the plan is shown, and where nobody can be asked nothing is signed
  const unasked = await tollgate(folder, ["approve", ...usual.filter((one) => one !== "--yes")], env)
  expect(unasked).toMatchObject({ code: 1, err: expect.stringContaining("✗ approve-not-asked") })
  expect(unasked.out).toContain(`PLAN: ${plan().id}`)
  expect(existsSync(join(folder, "approval.json"))).toBe(false)
  const signed = await approve()
  expect(signed.code, signed.err).toBe(0)
  expect(signed.out).toContain(`PLAN: ${plan().id}`)
  expect(signed.out.trimEnd().split("\n").at(-1)).toMatch(/^APPROVED by Mei Lin until .* UTC, in approval\.json$/)
  const text = readFileSync(join(folder, "approval.json"), "utf8")
  const production = parseSettings(settings).environments["production"]
  if (production === undefined) throw new Error("no production")
  expect(
    judgeApprovals([text], {
      identity: identityOf(plan()),
      settings: production.approvals,
      elsewhere: new Map(),
      records: recorded(plan()),
      deployer: "the test",
      now: new Date(),
    }).kind,
  ).toBe("approved")

  // nothing that is there is replaced, and nothing is written when something is wrong
  expect((await approve()).err).toContain("✗ file-exists")
  expect(approvalFile.parse(JSON.parse(readFileSync(join(folder, "approval.json"), "utf8"))).statement.reason).toBe(
    "reviewed",
  )
  expect((await tollgate(folder, ["approval-key", "--name=x", "--out=mei.pem"])).err).toContain("✗ file-exists")
  const refused = [
    [await approve("--out=2.json", "--passphrase=env:WRONG"), "✗ approval-private-key"],
    [await approve("--out=2.json", "--approver=Bo Chen"), "✗ approval-approver"],
    [await approve("--out=2.json", "--expires=25h"), "✗ approval-too-long"],
    [await approve("--out=2.json", "--plan=mei.pem"), "✗ plan-unreadable"],
    [await approve("--out=2.json", `--key=${readFileSync(join(folder, "mei.pem"), "utf8")}`), "✗ secret-reference"],
  ] as const
  for (const [ran, code] of refused) {
    expect(ran.code).toBe(1)
    expect(ran.err).toContain(code)
  }
  expect(existsSync(join(folder, "2.json"))).toBe(false)

  // of the private key no line of Base64 is anywhere but in its file, and of the passphrase nothing
  const lines = readFileSync(join(folder, "mei.pem"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("-"))
  for (const { out, err } of [made, signed, ...refused.map(([ran]) => ran)])
    for (const secret of [...lines, PASSPHRASE, env.WRONG]) expect(out + err + text).not.toContain(secret)
})

test("a key without a passphrase is marked as such, and too short a passphrase makes none", async () => {
  const folder = repository("{}")
  expect((await tollgate(folder, ["approval-key", "--name=Bo", "--out=bo.pem"])).out).toContain("WITHOUT a passphrase")
  const short = await tollgate(folder, ["approval-key", "--name=Bo", "--out=2.pem", "--passphrase=env:SHORT"], {
    SHORT: "short-word",
  })
  expect([short.code, existsSync(join(folder, "2.pem"))]).toEqual([1, false])
  expect(short.out + short.err).not.toContain("short-word")
})
