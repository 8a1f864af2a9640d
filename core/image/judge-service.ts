import { count, duration } from "../report/figures.js"
import type { ObservedService } from "./observed.js"
import type { Problem, ProblemCode } from "./problem.js"
import type { Started } from "./result.js"

export interface ServiceRules {
  port: number
  health: string
  /** Seconds. */
  startTimeout: number
  before: string[]
  /** Longest time of the commands before, in seconds. */
  beforeTimeout: number
}

const LAST_LINES = 12

/** What nobody saw is not proven. */
export function judgeStarted(started: Started, rules: ServiceRules): Problem[] {
  if (started.kind === "seen") return judgeService(started.seen, rules)
  return [{ code: "not-started", what: `the service was not started: ${started.why}`, next: "It must be seen to work before it goes anywhere.", details: [], said: false }]
}

/** What is wrong with what the service did when it was really started: the first thing that went wrong is the reason. */
export function judgeService(seen: ObservedService, rules: ServiceRules): Problem[] {
  const { port, health, startTimeout } = rules
  const say = (code: ProblemCode, what: string, next: string, details = lastLines(seen.output)): Problem[] => [{ code, what, next, details, said: true }]
  const within = duration(startTimeout)

  if (seen.beforeFailed !== null) {
    const command = rules.before[seen.beforeFailed.index] ?? ""
    return say("before-failed", `\`${command}\` of image.before ended with ${endOf(seen.beforeFailed.code)}`, "It runs in the image, as the image's user, with the services and image.env. What it printed last:")
  }
  if (seen.beforeTimedOut) return say("before-failed", `the commands of image.before were not done after ${duration(rules.beforeTimeout)}`, "What they printed last:")

  if (seen.exit !== null) {
    const end = endOf(seen.exit.code)
    return seen.healthyAfter === null
      ? say("crashed", `the service ended ${duration(seen.exit.after)} after its start with ${end}`, "What it printed last says why; image.env of tollgate.yaml has what it is started with.")
      : say("crashed-later", `the service was healthy, and ended ${duration(seen.exit.after)} after its start with ${end}`, "A service that ends by itself is none. What it printed last:")
  }

  const address = `port ${port}`
  const { answer } = seen
  if (seen.healthyAfter !== null) {
    if (answer === null || isHealthy(answer)) return []
    return say("unhealthy-later", `${health} answered, and after ${duration(seen.settled)} more ${described(answer)}`, "It must stay healthy. What the service printed last:")
  }
  if (answer === null || answer.kind === "refused") {
    const listening = seen.listening.map(socket)
    const same = listening.filter((one) => one.port === port)
    if (same.length > 0)
      return say("loopback-only", `it listens on ${same.map(printed).join(" and ")} only: nobody outside of its container reaches it`, `Let it listen on 0.0.0.0, port ${port}.`)
    if (listening.length > 0)
      return say("wrong-port", `nothing answers on ${address} after ${within}; it listens on ${listening.map(printed).join(", ")}`, "image.port of tollgate.yaml says where it is asked.")
    return say("not-listening", `nothing listens on any port ${within} after its start`, "Give it more time with image.startTimeout, or see what it is waiting for. What it printed last:")
  }
  if (!isHealthy(answer)) {
    const code = answer.kind === "answered" ? "unhealthy" : "not-answering"
    const body = answer.kind === "answered" && answer.body.trim() !== "" ? [`it answered: ${answer.body.trim().slice(0, 300)}`] : []
    return say(code, `${health} ${described(answer)} until ${within} after the start; 2xx is healthy`, "image.health says which path is asked, image.before what is done first (migrations).", [...body, ...lastLines(seen.output)])
  }
  if (seen.healthcheck === null) return say("health-check-failing", `its own HEALTHCHECK did not come to an end within ${within}`, "It is run inside the container, as the image's user.")
  return say(
    "health-check-failing",
    `${health} answers, and its own HEALTHCHECK fails with ${endOf(seen.healthcheck.code)} until ${within} after the start`,
    "It is run inside the container, as the image's user: is the program there, and does it ask the right port? What it printed:",
    lastLines(seen.healthcheck.output),
  )
}

type Answer = NonNullable<ObservedService["answer"]>

function isHealthy(answer: Answer): boolean {
  return answer.kind === "answered" && answer.status >= 200 && answer.status < 300
}

function described(answer: Answer): string {
  switch (answer.kind) {
    case "answered":
      return `answered ${answer.status}`
    case "refused":
      return "was refused"
    case "timed-out":
      return "gave no answer within 5 s"
    case "broken":
      return `gave no HTTP answer (${answer.why})`
  }
}

const SIGNALS: Record<number, string> = { 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM" }

/** A shell tells a signal by 128 and its number. */
function endOf(code: number): string {
  if (code === 127) return "exit code 127: the program is not in the image"
  if (code === 126) return "exit code 126: the program cannot be executed"
  const signal = SIGNALS[code - 128]
  if (signal === undefined) return `exit code ${code}`
  return `${signal}${signal === "SIGKILL" ? " (out of memory?)" : ""}`
}

interface Socket {
  host: string
  port: number
}

/** An address as /proc/net/tcp writes it: bytes of each 32-bit word in the machine's order, which is little-endian here. */
function socket(text: string): Socket {
  const [address = "", port = ""] = text.split(":")
  const words = address.match(/.{8}/g) ?? []
  const octets = words.flatMap((word) => (word.match(/../g) ?? []).reverse()).map((octet) => Number.parseInt(octet, 16))
  const zero = octets.every((octet) => octet === 0)
  if (octets.length === 4) return { host: octets.join("."), port: Number.parseInt(port, 16) }
  const loopback = octets.slice(0, 15).every((octet) => octet === 0) && octets[15] === 1
  return { host: zero ? "[::]" : loopback ? "[::1]" : "an IPv6 address", port: Number.parseInt(port, 16) }
}

function printed({ host, port }: Socket): string {
  return `${host}:${port}`
}

function lastLines(output: string): string[] {
  const lines = output.split("\n").filter((line) => line.trim() !== "")
  if (lines.length === 0) return ["it printed nothing"]
  const left = lines.length - LAST_LINES
  return [...(left > 0 ? [`(${count(left, "line")} before)`] : []), ...lines.slice(-LAST_LINES)]
}
