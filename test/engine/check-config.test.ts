import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { dag } from "@dagger.io/dagger"
import { afterAll, describe, expect, test } from "vitest"
import { proveConfig } from "../../core/environment/prove.js"
import type { ConfigResult } from "../../core/environment/result.js"
import { dagger } from "./dagger-call.js"
import { useEngine } from "./session.js"

useEngine()

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const TOKEN = "d91c47a2f08b4e6d8a35b1c7f2e96d40"
const YAML =
  "app: { path: api }\nqa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: { eu: { config: { required: [ADMIN_WEBHOOK_TOKEN] } } }\n"

const codes = ({ variables, file }: ConfigResult) =>
  [...variables.flatMap(({ problems }) => problems), ...file].map(({ code }) => code)

describe("check-config of a repository", () => {
  const source = () =>
    dag.directory().withNewFile("tollgate.yaml", YAML).withNewFile("api/.env.example", `ADMIN_WEBHOOK_TOKEN=${TOKEN}\n`)

  test("compares with the .env.example in the app's folder", async () => {
    expect(
      codes(await proveConfig(source(), "eu", dag.setSecret("config-1", `ADMIN_WEBHOOK_TOKEN=${TOKEN}`), undefined)),
    ).toEqual(["example-value"])
    const without = source().withoutFile("api/.env.example")
    expect(
      codes(await proveConfig(without, "eu", dag.setSecret("config-1", `ADMIN_WEBHOOK_TOKEN=${TOKEN}`), undefined)),
    ).toEqual([])
  })

  test("compares with the other environment's secret", async () => {
    const [one, other] = [
      dag.setSecret("config-2", "ADMIN_WEBHOOK_TOKEN=5f2b8c1de0a94763b8f1c2d3e4a5b697"),
      dag.setSecret("config-3", "export ADMIN_WEBHOOK_TOKEN='5f2b8c1de0a94763b8f1c2d3e4a5b697'\r\n"),
    ]
    expect(codes(await proveConfig(source(), "eu", one, other))).toEqual(["shared"])
  })

  test("names an unknown environment before it reads a secret", async () => {
    await expect(
      proveConfig(source(), "prod", dag.secret("env://TOLLGATE_TEST_THERE_IS_NO_SUCH_VARIABLE"), undefined),
    ).rejects.toMatchObject({ code: "environment-unknown" })
  })
})

describe("dagger call check-config", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-check-config-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, "tollgate.yaml"), YAML)
  writeFileSync(join(folder, "right.env"), `ADMIN_WEBHOOK_TOKEN=${TOKEN}\n`)
  writeFileSync(join(folder, "wrong.env"), "ADMIN_WEBHOOK_TOKN=adminadminadmin1\nfree text here\n")
  const call = (secrets: string) =>
    dagger(
      folder,
      "-m",
      ROOT,
      "call",
      "--source=.",
      "check-config",
      "--env=eu",
      `--secrets=file:${join(folder, secrets)}`,
    )

  test("prints the table of a configuration that is right, and exits 0", async () => {
    const called = await call("right.env")
    expect(called.out).toMatch(
      /ADMIN_WEBHOOK_TOKEN +required +given +•••• 32 to 63 +passed[^]*PASSED: configuration of eu: 1 set, 0 by default$/,
    )
    expect(called.code).toBe(0)
    expect(called.out + called.err).not.toContain(TOKEN)
  })

  test("exits 1 with everything that is wrong, and no value", async () => {
    const called = await call("wrong.env")
    expect(called.code).toBe(1)
    expect(called.err).toMatch(
      /missing: is missing; ADMIN_WEBHOOK_TOKN is set[^]*malformed-line: line 2[^]*FAILED: 2 problems in the configuration of eu/,
    )
    expect(called.out + called.err).not.toContain("adminadminadmin1")
    expect(called.out + called.err).not.toContain("free text")
  })

  test("has a help that says what it does and what each argument is", async () => {
    const { out } = await dagger(ROOT, "call", "check-config", "--help")
    for (const said of ["complete, well-formed", "--env", "--secrets", "--against", "Never shows a value"])
      expect(out).toContain(said)
  })
})

describe("tollgate check-config", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-check-config-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, "tollgate.yaml"), YAML)
  writeFileSync(join(folder, "right.env"), `ADMIN_WEBHOOK_TOKEN=${TOKEN}\n`)

  test("asks the engine for a secret that is in neither the environment nor a file", () => {
    const run = spawnSync(
      process.execPath,
      [join(ROOT, "bin/tollgate.mjs"), "check-config", "--env=eu", "--secrets=cmd:cat right.env"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    )
    expect(run.stdout).toContain("PASSED: configuration of eu: 1 set")
    expect(run.stdout + run.stderr).not.toContain(TOKEN)
    expect(run.status).toBe(0)
  })
})
