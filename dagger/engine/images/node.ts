import { nodeFilesPart } from "../node-files.js"
import { type BaseImage, withPackages } from "./image.js"

/** Node and npm are npm packages too, pinned in node/package-lock.json and fetched on the host: see node-files.ts. */
export const node: BaseImage = {
  names: ["node:24.13.1-bookworm-slim", "node:24-bookworm-slim", "node:24-slim"],
  definedIn: [import.meta.filename],
  parts: [nodeFilesPart()],
  build: (base, folder) =>
    withPackages(base, ["libstdc++6", "libatomic1"])
      .withFile("/usr/local/bin/node", folder(nodeFilesPart()).file("node"), { permissions: 0o755 })
      .withDirectory("/usr/local/lib/node_modules/npm", folder(nodeFilesPart()).directory("npm"))
      .withExec([
        "sh",
        "-c",
        "groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx && node --version && npm --version",
      ])
      .withDefaultArgs(["node"]),
}
