import { join } from "node:path"
import { run } from "./command.js"
import { contentKey } from "./content-key.js"
import type { Home } from "./home.js"
import { buildPart, type Part } from "./part.js"
import { engineFolder, engineVersion } from "./version.js"

const source = join(engineFolder, "go")
const programs = ["dagger", "engine", "init", "dnsname", "codegen"]
const tags = "dfexcludepatterns,dfparents"

export interface GoBuild {
  part: Part
  /** the folder of go.mod and go.sum, which pin everything */
  source: string
  packages: readonly string[]
  /** options of `go build` */
  options: readonly string[]
  env?: NodeJS.ProcessEnv
}

/** Go's own caches are used as the user's Go is set up: a second build takes seconds. */
export async function buildGo(home: Home, { part, source, packages, options, env }: GoBuild): Promise<string> {
  return await buildPart(home, part, async (folder) => {
    await run(["go", "build", "-o", `${folder}/`, ...options, ...packages], {
      log: join(home.log, `${part.name}-build.log`),
      cwd: source,
      env: { ...process.env, CGO_ENABLED: "0", ...env },
      contained: true,
    })
  })
}

export function enginePart(): Part {
  return { name: "engine", key: contentKey([engineVersion(), tags, ...programs], [source]) }
}

export async function buildEngine(home: Home): Promise<void> {
  const version = engineVersion()
  const stamped = `-s -w -X github.com/dagger/dagger/engine.Version=${version} -X github.com/dagger/dagger/engine.Tag=${version}`
  await buildGo(home, {
    part: enginePart(),
    source,
    packages: programs.map((program) => `github.com/dagger/dagger/cmd/${program}`),
    options: ["-tags", tags, "-ldflags", stamped],
  })
}
