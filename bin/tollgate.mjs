#!/usr/bin/env node
// The launcher: needs nothing but Node. It sees to it that the dependencies are installed, then hands over to cli/.
import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import module from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const oldest = [20, 19]
const [major, minor] = process.versions.node.split(".").map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `Tollgate needs Node ${oldest.join(".")} or newer; this is Node ${process.versions.node} (${process.execPath}).`,
  )
  console.error("Get a newer one from https://nodejs.org or with your version manager.")
  process.exit(1)
}

// Node keeps compiled code from one start to the next where it can (22.1 and newer)
module.enableCompileCache?.()

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lockfile = readFileSync(join(root, "package-lock.json"))
const wanted = createHash("sha256").update(lockfile).digest("hex")
const installed = join(root, "node_modules", ".tollgate-installed")
if (!existsSync(installed) || readFileSync(installed, "utf8") !== wanted) {
  const { install } = await import("./install.mjs")
  await install(root, lockfile, wanted)
}

const { bundled } = await import("./bundle.mjs")
const { main } = await import(await bundled(root))
process.exitCode = await main(process.argv.slice(2))
