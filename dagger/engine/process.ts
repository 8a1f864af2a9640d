import { readdir, readFile } from "node:fs/promises"

export interface FoundRoom {
  /** outside: its death ends everything in the room */
  outer: number
  /** the room's PID 1: takes the signal for an orderly stop */
  inner: number | undefined
  /** milliseconds since the epoch */
  startedAt: number
}

/**
 * Finds the room of one home by the arguments of its first process, which name that home. A pid file could name somebody
 * else's process by now; a command line in /proc cannot.
 */
export async function findRoom(homeRoot: string): Promise<FoundRoom | undefined> {
  // only Linux has it, and this engine
  for (const entry of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(entry)) continue
    const argv = await commandLine(entry)
    if (!isRoom(argv, homeRoot)) continue
    const children = (await readFile(`/proc/${entry}/task/${entry}/children`, "utf8").catch(() => "")).trim()
    const inner = children === "" ? undefined : Number(children.split(" ")[0])
    return { outer: Number(entry), inner, startedAt: await startTime(entry) }
  }
  return undefined
}

/** argv of the outermost process: `unshare … -- sh …/enter.sh HOME …` */
export function isRoom(argv: readonly string[], homeRoot: string): boolean {
  const script = argv.findIndex((argument) => argument.endsWith("/room/enter.sh"))
  return argv[0] === "unshare" && script > 0 && argv[script + 1] === homeRoot
}

export async function commandLine(pid: string): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  return text.split("\0").slice(0, -1)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function startTime(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
  // the second field may hold spaces and brackets of its own
  const ticks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19])
  const bootTime = /^btime (\d+)$/m.exec(await readFile("/proc/stat", "utf8"))?.[1]
  return (Number(bootTime) + ticks / 100) * 1000
}
