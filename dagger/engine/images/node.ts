import { type BaseImage, withPackages } from "./image.js"

const nodeVersion = "24.9.0"
const npmVersion = "11.6.0"

/** Node itself is npm's package "node"; npm comes from Debian to fetch it, and is then replaced by a current one. */
export const node: BaseImage = {
  names: ["node:24-bookworm-slim", "node:24-slim"],
  definedIn: [import.meta.filename],
  build: (base) => {
    const fetched = withPackages(base, ["nodejs", "npm"])
      .withExec(["npm", "install", "--global", "--prefix", "/fetched", `node@${nodeVersion}`, `npm@${npmVersion}`])
    return withPackages(base, ["libstdc++6"])
      .withFile("/usr/local/bin/node", fetched.file("/fetched/lib/node_modules/node/bin/node"), { permissions: 0o755 })
      .withDirectory("/usr/local/lib/node_modules/npm", fetched.directory("/fetched/lib/node_modules/npm"))
      .withExec(["sh", "-c", "ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx && node --version && npm --version"])
      .withDefaultArgs(["node"])
  },
}
