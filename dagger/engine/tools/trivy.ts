import { join } from "node:path"
import { contentKey } from "../content-key.js"
import { buildGo } from "../go-build.js"
import type { Home } from "../home.js"
import { withPackages } from "../images/image.js"
import type { Part } from "../part.js"
import { pinnedVersion } from "./go-module.js"
import type { Tool } from "./tool.js"
import { databaseIsFresh, databaseRepository, publishDatabase } from "./trivy-database.js"

const source = join(import.meta.dirname, "trivy")
const version = pinnedVersion(source, "github.com/aquasecurity/trivy")
const options = ["-ldflags", `-s -w -X github.com/aquasecurity/trivy/pkg/version/app.ver=${version.slice(1)}`]
// Trivy's own build asks for it
const env = { GOEXPERIMENT: "jsonv2" }
const part: Part = { name: "trivy", key: contentKey([version, ...options, env.GOEXPERIMENT], [source]) }

export async function trivy(home: Home): Promise<Tool> {
  const repository = await databaseRepository(home)
  return {
    name: "trivy",
    what: `Trivy ${version}, from source (about 8 minutes the first time)`,
    part,
    build: (home) =>
      buildGo(home, { part, source, packages: ["github.com/aquasecurity/trivy/cmd/trivy"], options, env }),
    image: {
      names: [`aquasec/trivy:${version.slice(1)}`],
      definedIn: [import.meta.filename],
      parts: [part],
      facts: [repository],
      build: (debian, folder) =>
        withPackages(debian, ["ca-certificates", "git"])
          .withFile("/usr/local/bin/trivy", folder(part).file("trivy"), { permissions: 0o755 })
          // whoever uses this image need not know where this engine's database is
          .withEnvVariable("TRIVY_DB_REPOSITORY", repository)
          .withEntrypoint(["trivy"]),
    },
    ready: databaseIsFresh,
    prepare: (home, steps) => steps.run("vulnerability database", () => publishDatabase(home)),
  }
}
