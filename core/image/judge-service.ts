import { count, duration } from "../shared/figures.js"
import type { ObservedService, Started } from "./observed.js"
import type { Problem, ProblemCode } from "./problem.js"

export interface ServiceRules {
  port: number
  health: string
  /** Seconds. */
  startTimeout: number
  before: string[]
  /** Time limit for image.before, in seconds. */
  beforeTimeout: number
}

const LAST_LINES = 12

/** A service that was not started has not passed. */
export function judgeStarted(started: Started, rules: ServiceRules): Problem[] {
  if (started.kind === "seen") return judgeService(started.seen, rules)
  return [
    {
      code: "not-started",
      message: `the service was not started: ${started.why}`,
      next: started.next,
      details: [],
      output: false,
    },
  ]
}

/** Judges what the started service did. The first failure is the problem. */
export function judgeService(seen: ObservedService, rules: ServiceRules): Problem[] {
  const { port, health, startTimeout } = rules
  const problem = (code: ProblemCode, message: string, next: string, details = lastLines(seen.output)): Problem[] => [
    { code, message, next, details, output: true },
  ]
  const within = duration(startTimeout)

  if (seen.beforeFailed !== null) {
    const command = rules.before[seen.beforeFailed.index] ?? ""
    return problem(
      "before-failed",
      `\`${command}\` (image.before) failed with ${endOf(seen.beforeFailed.code)}`,
      "Correct the command. It runs in the image, as the image's user, with the services and image.env. The end of its output:",
    )
  }
  if (seen.beforeTimedOut)
    return problem(
      "before-failed",
      `the commands of image.before did not finish within ${duration(rules.beforeTimeout)}`,
      "Make them faster or remove them. The end of their output:",
    )

  if (seen.exit !== null) {
    const end = endOf(seen.exit.code)
    return seen.healthyAfter === null
      ? problem(
          "crashed",
          `the service exited ${duration(seen.exit.after)} after its start with ${end}`,
          "Fix the error in its output below. Its environment variables are in image.env of tollgate.yaml.",
        )
      : problem(
          "crashed-later",
          `the service was healthy, then exited ${duration(seen.exit.after)} after its start with ${end}`,
          "A service must keep running. The end of its output:",
        )
  }

  const address = `port ${port}`
  const { answer } = seen
  if (seen.healthyAfter !== null) {
    if (answer === null || isHealthy(answer)) return []
    return problem(
      "unhealthy-later",
      `${health} was healthy, but ${duration(seen.settled)} later ${described(answer)}`,
      "The service must stay healthy. The end of its output:",
    )
  }
  if (answer === null || answer.kind === "refused") {
    const listening = seen.listening.map(socket)
    const same = listening.filter((one) => one.port === port)
    if (same.length > 0)
      return problem(
        "loopback-only",
        `the service only listens on ${same.map(printed).join(" and ")}, which cannot be reached from outside its container`,
        `Let it listen on 0.0.0.0, port ${port}.`,
      )
    if (listening.length > 0)
      return problem(
        "wrong-port",
        `nothing listens on ${address} ${within} after the start; the service listens on ${listening.map(printed).join(", ")}`,
        "Correct image.port in tollgate.yaml, or let the service listen on that port.",
      )
    return problem(
      "not-listening",
      `the service listens on no port ${within} after its start`,
      "Raise image.startTimeout, or find out what the service waits for. The end of its output:",
    )
  }
  if (!isHealthy(answer)) {
    const code = answer.kind === "answered" ? "unhealthy" : "not-answering"
    const body =
      answer.kind === "answered" && answer.body.trim() !== "" ? [`response: ${answer.body.trim().slice(0, 300)}`] : []
    return problem(
      code,
      `${health} ${described(answer)} until ${within} after the start; only 2xx is healthy`,
      nextOf(answer, health),
      [...body, ...lastLines(seen.output)],
    )
  }
  if (seen.healthcheck === null)
    return problem(
      "health-check-failing",
      `the image's HEALTHCHECK did not finish within ${within}`,
      "Make the check faster, or raise image.startTimeout. It runs inside the container, as the image's user.",
    )
  return problem(
    "health-check-failing",
    `${health} is healthy, but the image's HEALTHCHECK still fails with ${endOf(seen.healthcheck.code)} ${within} after the start`,
    "Correct the program and the port in HEALTHCHECK. It runs inside the container, as the image's user. Its output:",
    lastLines(seen.healthcheck.output),
  )
}

/** A health check asks over HTTP and without a login, as load balancers do, and follows no redirect. */
function nextOf(answer: Answer, health: string): string {
  const { status, location } = answer.kind === "answered" ? answer : { status: 0, location: undefined }
  if (location !== undefined && status >= 300 && status < 400) {
    const path = URL.canParse(location, "http://app") ? new URL(location, "http://app").pathname : location
    if (/log-?in|sign-?in|auth|sso/i.test(location))
      return "Exempt this path from the login, or set image.health to a path that needs none."
    if (path !== health && path.replace(/\/$/, "") === health.replace(/\/$/, "")) return `Set image.health to ${path}.`
    if (location.startsWith("https:"))
      return "Exempt this path from the redirect to HTTPS (Django: SECURE_REDIRECT_EXEMPT): the health check asks over HTTP."
    return `Set image.health to a path that answers 2xx itself, such as ${path}.`
  }
  if (status === 401 || status === 403 || status === 407)
    return "Exempt this path from the login, or set image.health to a path that needs none. If hosts are restricted (Django: ALLOWED_HOSTS), allow `app` in image.env."
  if (status === 400)
    return "If the service restricts the hosts that it answers for (Django: ALLOWED_HOSTS), allow `app` in image.env. Otherwise correct image.health."
  return "Correct image.health if it is the wrong path. If the service needs preparation, such as migrations, add it to image.before."
}

type Answer = NonNullable<ObservedService["answer"]>

function isHealthy(answer: Answer): boolean {
  return answer.kind === "answered" && answer.status >= 200 && answer.status < 300
}

function described(answer: Answer): string {
  switch (answer.kind) {
    case "answered":
      return `answered ${answer.status}${answer.location === undefined ? "" : `, a redirect to ${answer.location}`}`
    case "refused":
      return "refused the connection"
    case "timed-out":
      return "did not respond within 5 s"
    case "broken":
      return `gave no valid HTTP response (${answer.why})`
  }
}

const SIGNALS: Record<number, string> = {
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
}

/** A shell reports a signal as 128 plus its number. */
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

/** An address in the form of /proc/net/tcp: the bytes of each 32-bit word are little-endian. */
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
  if (lines.length === 0) return ["no output"]
  const left = lines.length - LAST_LINES
  return [...(left > 0 ? [`(${count(left, "earlier line")})`] : []), ...lines.slice(-LAST_LINES)]
}
