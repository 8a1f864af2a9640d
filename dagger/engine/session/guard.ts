import { type ChildProcess, spawn } from "node:child_process"

/** A second for each line that a cache export may still need; then whatever is left is killed. */
const graceSeconds = 60

/**
 * Runs the CLI in a process group of its own, and ends that group when this process is gone, killed or not: by itself `dagger session`
 * goes on for ten minutes when its engine does not answer. Descriptor 3 stays open for as long as this process lives; a line on it says
 * that the session was opened, from when on it ends by itself in an orderly way.
 */
const script = `exec 4<&0 </dev/null
"$@" <&4 3<&- 4<&- &
cli=$!
exec 4<&-
(
  if read -r opened <&3; then
    read -r closed <&3
    left=${graceSeconds * 5}
    while [ $left -gt 0 ] && kill -0 $cli 2>/dev/null; do sleep 0.2; left=$((left - 1)); done
  fi
  kill -KILL 0
) >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait $cli
code=$?
kill -KILL $guard 2>/dev/null
exit $code`

export interface GuardedProcess {
  child: ChildProcess
  /** From now on it is given time to end by itself. */
  opened: () => void
  /** It ends in an orderly way. */
  end: () => void
  kill: () => void
}

export function spawnGuarded(argv: readonly string[], env: NodeJS.ProcessEnv): GuardedProcess {
  const child = spawn("sh", ["-c", script, "tollgate-session", ...argv], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env,
  })
  const [input, , , life] = child.stdio
  // what has ended does not read any more
  for (const stream of [input, life]) stream?.on("error", () => undefined)
  return {
    child,
    opened: () => {
      if (life && "write" in life) life.write("opened\n")
    },
    end: () => child.stdin?.end(),
    kill: () => {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, "SIGKILL")
      } catch {
        // ended by itself
      }
    },
  }
}
