import { capture } from "../command.js"

/** Commands of a container client that take their time: an image of hundreds of megabytes comes in silence. */
const slow = /(?:^|\/)(docker|podman|nerdctl|finch|container)\s+(?:image\s+)?(pull|run|start|load)\b/

/** Pure: what a process group is busy with, from `ps -A -o pgid= -o args=`. */
export function busyWith(processes: string, group: number): string | undefined {
  for (const line of processes.split("\n")) {
    const [, pgid, args = ""] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
    if (Number(pgid) === group && slow.test(args)) return args.trim()
  }
  return undefined
}

export async function workOf(group: number): Promise<string | undefined> {
  return busyWith((await capture(["ps", "-A", "-o", "pgid=", "-o", "args="], 2_000)) ?? "", group)
}
