import { join } from "node:path"
import { contentKey } from "../content-key.js"
import { buildGo } from "../go-build.js"
import { withPackages } from "../images/image.js"
import type { Part } from "../part.js"
import { pinnedVersion } from "./go-module.js"
import type { Tool } from "./tool.js"

const source = join(import.meta.dirname, "k6")
const version = pinnedVersion(source, "go.k6.io/k6")
const options = ["-ldflags", "-s -w"]
const part: Part = { name: "k6", key: contentKey([version, ...options], [source]) }

export const k6: Tool = {
  name: "k6",
  what: `k6 ${version}, from source (about 2 minutes the first time)`,
  part,
  build: (home) => buildGo(home, { part, source, packages: ["go.k6.io/k6"], options }),
  image: {
    names: [`grafana/k6:${version.slice(1)}`],
    definedIn: [import.meta.filename],
    parts: [part],
    build: (debian, folder) =>
      withPackages(debian, ["ca-certificates"])
        .withExec(["useradd", "--uid", "12345", "--create-home", "--shell", "/usr/sbin/nologin", "k6"])
        .withFile("/usr/bin/k6", folder(part).file("k6"), { permissions: 0o755 })
        .withUser("12345")
        .withWorkdir("/home/k6")
        .withEntrypoint(["k6"]),
  },
}
