import { connect } from "node:net"
import { reachFromHost } from "../../cli/release/reach-from-host.js"
import type { Settings } from "../../core/config/parse.js"
import type { Happening, LedgerEvent } from "../../core/ledger/event.js"
import type { Ledger, ReleaseRecord } from "../../core/ledger/ledger.js"
import { openReleaseLedger } from "../../core/release/ledger/open-ledger.js"
import type { ReleaseEntryPoint } from "../../core/release/session/entry-point.js"
import { openRelay } from "../../core/release/session/relay.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { entryPoint, journal } from "./deployments.js"
import { onHost } from "./host.js"

/** Things that go wrong on a real host, at a moment that is chosen and not hit by luck. */

/** A line to the sandbox's sshd that a test can cut, and keep cut. */
export interface Line {
  readonly entryPoint: ReleaseEntryPoint
  /** Closes every connection. */
  cut(): void
  /** Cut, and no new connection until it is up again. */
  down(): void
  up(): void
  close(): void
}

export async function line(sandbox: Sandbox): Promise<Line> {
  const { host, port } = await reachFromHost(sandbox.service, 22)
  let up = true
  const relay = await openRelay(() =>
    up ? Promise.resolve(connect(port, host)) : Promise.reject(new Error("the line is down")),
  )
  return {
    entryPoint: {
      kind: "cli",
      running: () => Promise.resolve(null),
      reach: (service, asked) =>
        asked === 22 ? Promise.resolve({ host: "127.0.0.1", port: relay.port }) : reachFromHost(service, asked),
      journal: () => journal,
    },
    cut: relay.cut,
    down: () => {
      up = false
      relay.cut()
    },
    up: () => {
      up = true
    },
    close: () => void relay.close(),
  }
}

const TRAP = `#!/bin/sh
if [ -e /tmp/trap/at ]; then
  case "$*" in *"$(cat /tmp/trap/at 2>/dev/null || echo nothing)"*)
    if mv /tmp/trap/at /tmp/trap/sprung 2>/dev/null; then
      tries=0
      until [ -e /tmp/trap/go ] || [ $tries -gt 300 ]; do tries=$((tries + 1)); sleep 0.1; done
    fi ;;
  esac
fi
exec /usr/bin/docker "$@"
`

/**
 * The host stops once, before it runs a docker command with these words in it; then something is done to it, and it goes on.
 *
 * @returns whether that moment came; to be awaited once the run has ended
 */
export async function when(
  sandbox: Sandbox,
  words: string,
  strike: () => Promise<unknown> | void,
): Promise<() => Promise<boolean>> {
  await sandbox.host.run({
    what: "set a trap, for the test",
    script:
      "rm -rf /tmp/trap && mkdir /tmp/trap && cat >/usr/local/bin/docker && chmod 755 /usr/local/bin/docker && printf %s " +
      `'${words}'` +
      " >/tmp/trap/at",
    input: TRAP,
    seconds: 20,
  })
  let over = false
  const struck = (async () => {
    while (!over) {
      const seen = await onHost(
        sandbox,
        "tries=0; until [ -e /tmp/trap/sprung ] || [ $tries -gt 20 ]; do tries=$((tries + 1)); sleep 0.05; done; ls /tmp/trap",
      )
      if (!seen.includes("sprung")) continue
      await strike()
      // it may have been rebooted
      await onHost(sandbox, "touch /tmp/trap/go").catch(() => undefined)
      return true
    }
    return false
  })()
  return async () => {
    over = true
    return await struck
  }
}

/**
 * As if the plug had been pulled: everything ends at once, dockerd, containers and whatever SSH connections were doing; for three
 * seconds nobody gets in. Then dockerd starts again, as an init system would have it.
 */
export async function reboot(sandbox: Sandbox): Promise<void> {
  const script = [
    "iptables -I INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset",
    "listener=$(pgrep -o sshd)",
    "all=",
    "for process in /proc/[0-9]*; do",
    "  id=${process#/proc/}",
    '  [ $id = 1 ] || [ $id = $$ ] || [ $id = "$listener" ] || [ ! -s $process/cmdline ] || tr "\\0" " " <$process/cmdline 2>/dev/null | grep -q /usr/local/bin/host || all="$all $id"',
    "done",
    "kill -9 $all 2>/dev/null",
    "sleep 3",
    "iptables -D INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset",
  ].join("\n")
  await sandbox.host
    .run({
      what: "set off a reboot, for the test",
      script: "cat >/tmp/reboot; setsid sh /tmp/reboot >/tmp/reboot.log 2>&1 </dev/null &",
      input: script,
      seconds: 20,
    })
    .catch(() => undefined)
  await new Promise((done) => setTimeout(done, 4000))
}

export async function untilDockerAnswers(sandbox: Sandbox): Promise<void> {
  await onHost(
    sandbox,
    "tries=0; until docker version >/dev/null 2>&1 && docker exec postgres pg_isready -q -h 127.0.0.1 2>/dev/null; do tries=$((tries + 1)); [ $tries -lt 200 ] || exit 1; sleep 0.2; done",
  )
}

/** Does something as soon as a step of a deployment in this process has begun. */
export function atStep(step: string, strike: () => void): () => void {
  return atLine(`${step}: started`, strike)
}

/** The same when it prints a line of progress that begins like this. What is returned also ends those that were begun after it. */
export function atLine(begin: string, strike: () => void): () => void {
  const write = process.stderr.write
  let struck = false
  process.stderr.write = function (this: NodeJS.WriteStream, ...args: Parameters<typeof write>) {
    if (!struck && String(args[0]).startsWith(begin)) {
      struck = true
      strike()
    }
    return write.apply(process.stderr, args)
  } as typeof write
  return () => {
    process.stderr.write = write
  }
}

/** What the sandbox's own ledger says, the newest first. */
export function historyOf(sandbox: Sandbox, settings: Settings, environment = "sandbox"): Promise<ReleaseRecord[]> {
  return withLedger(sandbox, settings, (ledger) => ledger.releases(environment, 8))
}

/** The events of one kind in the sandbox's own ledger, the oldest first. */
export function eventsOf(sandbox: Sandbox, settings: Settings, kind: Happening["kind"]): Promise<LedgerEvent[]> {
  return withLedger(sandbox, settings, (ledger) => ledger.eventsOfKind("sandbox", kind))
}

async function withLedger<T>(sandbox: Sandbox, settings: Settings, read: (ledger: Ledger) => Promise<T>): Promise<T> {
  const opened = await openReleaseLedger(
    settings,
    {
      target: sandbox.target,
      login: sandbox.login,
      variables: sandbox.variables,
      publish: sandbox.push,
      postgres: { ledgerPassword: sandbox.registryPassword },
    },
    entryPoint,
    null,
    "required",
    (text) => text,
  )
  if (opened === null) throw new Error("the sandbox has a ledger")
  try {
    return await read(opened.ledger)
  } finally {
    await opened.close()
  }
}
