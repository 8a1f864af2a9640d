import { join } from "node:path"
import { contentKey } from "../content-key.js"
import { buildGo } from "../go-build.js"
import type { Part } from "../part.js"
import { pinnedVersion } from "./go-module.js"
import type { Tool } from "./tool.js"

const source = join(import.meta.dirname, "kamal-proxy")
const version = pinnedVersion(source, "github.com/basecamp/kamal-proxy")
const options = ["-ldflags", "-s -w"]
const part: Part = { name: "kamal-proxy", key: contentKey([version, ...options], [source]) }

export const kamalProxy: Tool = {
  name: "kamal-proxy",
  what: `kamal-proxy ${version}, from source (less than a minute)`,
  part,
  build: (home) =>
    buildGo(home, { part, source, packages: ["github.com/basecamp/kamal-proxy/cmd/kamal-proxy"], options }),
  image: {
    names: [`basecamp/kamal-proxy:${version}`],
    definedIn: [import.meta.filename],
    parts: [part],
    build: (debian, folder) =>
      debian
        .withExec([
          "sh",
          "-c",
          "useradd --uid 1000 --create-home --home-dir /home/kamal-proxy kamal-proxy && install -d -o kamal-proxy -g kamal-proxy /home/kamal-proxy/.config/kamal-proxy",
        ])
        .withFile("/usr/local/bin/kamal-proxy", folder(part).file("kamal-proxy"), { permissions: 0o755 })
        // the host lets it listen on 80 and 443, as Docker does by default
        .withUser("1000")
        .withExposedPort(80)
        .withExposedPort(443)
        .withDefaultArgs(["kamal-proxy", "run"]),
  },
}
