// Installs the dependencies that package-lock.json names. Two at once do not hurt each other; one that was interrupted is
// done again, because the mark is written last.
import { spawn } from "node:child_process"
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { lock } from "./lock.mjs"

export async function install(root, lockfile, wanted) {
  const mark = join(root, "node_modules", ".tollgate-installed")
  const unlock = await lock(`install:${root}`, "npm ci", (owner) => {
    console.error(`… waiting for process ${owner.pid}, which installs the dependencies since ${owner.since}`)
  })
  try {
    if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return
    if (!sameAsLockfile(root, JSON.parse(lockfile.toString("utf8")))) await npmCi(root)
    writeFileSync(`${mark}.new`, wanted)
    renameSync(`${mark}.new`, mark)
  } finally {
    await unlock()
  }
}

// someone may have run npm by hand: what npm itself recorded tells whether anything is left to do
function sameAsLockfile(root, wanted) {
  const hidden = join(root, "node_modules", ".package-lock.json")
  if (!existsSync(hidden)) return false
  try {
    const have = JSON.parse(readFileSync(hidden, "utf8")).packages
    const named = Object.entries(wanted.packages).filter(([path]) => path !== "")
    return named.every(([path, entry]) => {
      if (!have[path]) return entry.optional === true || entry.devOptional === true || entry.peer === true
      return have[path].version === entry.version && have[path].integrity === entry.integrity
    })
  } catch {
    return false
  }
}

async function npmCi(root) {
  const home = process.env.TOLLGATE_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "tollgate")
  mkdirSync(join(home, "log"), { recursive: true })
  const log = join(home, "log", "npm-ci.log")
  const started = Date.now()
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
  console.error("» dependencies (npm ci)")
  const heartbeat = setInterval(() => console.error(`… dependencies (npm ci): still running, ${seconds()}`), 30_000)
  const out = openSync(log, "w")
  const windows = process.platform === "win32"
  const code = await new Promise((resolve) => {
    const child = spawn("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: root,
      stdio: ["ignore", out, out],
      shell: windows,
    })
    child.on("error", (error) => resolve(error.message))
    child.on("exit", (status, signal) => resolve(status ?? signal))
  })
  clearInterval(heartbeat)
  closeSync(out)
  if (code === 0) return console.error(`✓ dependencies (npm ci)  ${seconds()}`)
  console.error(`✗ dependencies (npm ci)  ${seconds()}: npm ci ended with ${code}. The end of ${log}:`)
  for (const line of readFileSync(log, "utf8").trimEnd().split("\n").slice(-15)) console.error(`    ${line}`)
  console.error("\nIs the package registry reachable (npm ping)? Then run the same command again.")
  process.exit(1)
}
