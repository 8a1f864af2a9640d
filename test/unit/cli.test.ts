import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { z } from "zod"

const launcher = join(import.meta.dirname, "../../bin/tollgate.mjs")

async function tollgate(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; out: string; err: string }> {
  return await new Promise((resolve) => {
    const child = spawn(process.execPath, [launcher, ...args], { env: { ...process.env, ...env }, cwd: "/" })
    let [out, err] = ["", ""]
    child.stdout.on("data", (text) => (out += text))
    child.stderr.on("data", (text) => (err += text))
    child.on("close", (code) => resolve({ code, out, err }))
  })
}

test("--help lists the commands and exits 0, from any folder", async () => {
  const { code, out } = await tollgate(["--help"])
  expect(code).toBe(0)
  expect(out).toContain("tollgate engine")
  expect(out).toContain("tollgate doctor")
})

test("--version says which Tollgate this is; behind deploy it is the release's", async () => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")))
  expect(await tollgate(["--version"])).toMatchObject({ code: 0, out: `${version}\n` })
  const { code, out } = await tollgate([
    "deploy",
    "--version=1.4.0",
    "--env=nowhere",
    `--source=${join(import.meta.dirname, "../..")}`,
  ])
  expect({ code, out }).toEqual({ code: 1, out: "" })
})

test("an unknown command is wrong usage: exit code 2, with the nearest one", async () => {
  const { code, err } = await tollgate(["docter"])
  expect(code).toBe(2)
  expect(err).toContain("Did you mean doctor?")
})

test("no command at all is wrong usage", async () => {
  const { code, err } = await tollgate([])
  expect(code).toBe(2)
  expect(err).toContain("Pass a command.")
})

test("a mistake in tollgate.yaml is reported before an engine is looked for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-cli-"))
  try {
    writeFileSync(join(folder, "tollgate.yaml"), "app: { path: api }\nimage: { dockerfile: ../Dockerfile }\n")
    const { code, out, err } = await tollgate(["build", `--source=${folder}`, "--no-report"], {
      TOLLGATE_HOME: join(folder, "home"),
      _EXPERIMENTAL_DAGGER_RUNNER_HOST: "tcp://127.0.0.1:1",
    })
    expect({ code, out }).toEqual({ code: 1, out: "" })
    expect(err).toMatch(/tollgate.yaml has 2 problems:[^]*image.dockerfile[^]*set image.context to the folder/)
    expect(err).not.toContain("engine")
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test("an unknown option is wrong usage", async () => {
  expect((await tollgate(["engine", "status", "--verbos"])).code).toBe(2)
})

test("an option without its value is wrong usage, and the command is not run", async () => {
  const { code, err } = await tollgate(["check-config", "--env"])
  expect(code).toBe(2)
  expect(err).toMatch(/\n\nNot enough arguments following: env\n$/)
})

test("the state of an engine that was never started is shown, in a home that does not exist yet", async () => {
  const { code, out } = await tollgate(["engine", "status"], { TOLLGATE_HOME: "/nonexistent/tollgate" })
  expect(code).toBe(0)
  expect(out).toMatch(/engine +down, v\d+\.\d+\.\d+/)
})
