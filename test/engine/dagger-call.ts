import { spawn } from "node:child_process"

export interface Called {
  code: number | null
  out: string
  err: string
}

/** The dagger CLI itself, as a user runs it, against the engine of the tests. */
export async function dagger(folder: string, ...args: string[]): Promise<Called> {
  const program = process.env._EXPERIMENTAL_DAGGER_CLI_BIN ?? "dagger"
  return await new Promise((resolve, reject) => {
    const child = spawn(program, ["--progress=plain", ...args], { cwd: folder, env: { ...process.env, NO_COLOR: "1" } })
    let [out, err] = ["", ""]
    child.stdout.on("data", (text) => (out += text))
    child.stderr.on("data", (text) => (err += text))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, out: out.trim(), err }))
  })
}
