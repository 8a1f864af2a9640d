import { readFileSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import type { Sandbox } from "../../src/release/target/sandbox/open.js"
import { ROOT } from "./scratch-source.js"

/** The same service as a container image in the sandbox's registry; a change makes another one of it. */
export async function image(sandbox: Sandbox, change: string): Promise<string> {
  const container = dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/serve.py", readFileSync(join(ROOT, "test/release/fixtures/deploy/serve.py"), "utf8"))
    .withNewFile("/change.txt", change)
    .withUser("10001:10001")
    .withExposedPort(8000)
    .withDefaultArgs(["python3", "-u", "/serve.py"])
  return await sandbox.push(container, `bare:${change.replaceAll(" ", "-")}`)
}

export async function sandboxImages(sandbox: Sandbox, count: number): Promise<string[]> {
  const all: string[] = []
  for (let number = 0; number < count; number += 1) all.push(await image(sandbox, `traffic ${number}`))
  return all
}
