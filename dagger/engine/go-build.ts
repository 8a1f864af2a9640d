import { join } from "node:path"
import { run } from "./command.js"
import { contentKey } from "./content-key.js"
import type { Home } from "./home.js"
import { buildPart, type Part } from "./part.js"
import { engineFolder, engineVersion } from "./version.js"

const source = join(engineFolder, "go")
const programs = ["dagger", "engine", "init", "dnsname", "codegen"]
const tags = "dfexcludepatterns,dfparents"

export function enginePart(): Part {
  return { name: "engine", key: contentKey([engineVersion(), tags, ...programs], [source]) }
}

/** Go's own caches are used as the user's Go is set up: a second build takes seconds. */
export async function buildEngine(home: Home): Promise<void> {
  const version = engineVersion()
  await buildPart(home, enginePart(), async (folder) => {
    await run(
      [
        "go",
        "build",
        "-o",
        `${folder}/`,
        "-tags",
        tags,
        "-ldflags",
        `-s -w -X github.com/dagger/dagger/engine.Version=${version} -X github.com/dagger/dagger/engine.Tag=${version}`,
        ...programs.map((program) => `github.com/dagger/dagger/cmd/${program}`),
      ],
      { log: join(home.log, "engine-build.log"), cwd: source, env: { ...process.env, CGO_ENABLED: "0" }, contained: true },
    )
  })
}
