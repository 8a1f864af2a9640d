import type { PlaceFacts, TargetCheck, TargetProblem } from "../target.js"
import { type Host, problemOf } from "./host.js"
import { proxyFingerprint } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { runningOf } from "./running.js"
import type { HostState } from "./state.js"

/** Approvals, certificates and logs depend on the clock. */
const MOST_SKEW_SECONDS = 30
/** Reserve for logs and Docker's own files. */
const SPARE_BYTES = 500e6

/**
 * What each host says of itself, and whether a release can be put there.
 *
 * @param imageBytes of the image, unpacked; while it is fetched its layers are there twice
 */
export async function checkHosts(hosts: readonly Host[], plan: ServicePlan, imageBytes: number): Promise<TargetCheck> {
  const all = await Promise.all(hosts.map((host) => checkHost(host, plan, imageBytes)))
  const seen = all.flatMap((one) => one.seen ?? [])
  return {
    facts: all.flatMap(({ facts }) => facts ?? []),
    problems: all.flatMap(({ problems }) => problems),
    running: seen.length < hosts.length ? null : runningOf(seen),
  }
}

async function checkHost(
  host: Host,
  plan: ServicePlan,
  imageBytes: number,
): Promise<{ facts: PlaceFacts | null; problems: TargetProblem[]; seen: { host: Host; state: HostState } | null }> {
  const { place } = host
  try {
    const looked = host.state()
    // what is missing on the host is said by the facts: of the rest it is only what comes of it
    looked.catch(() => undefined)
    const { runtime, freeBytes, clockSkew } = await host.facts()
    const state = await looked
    const { proxy, proxySettings } = state
    const problems: TargetProblem[] = []
    const needed = 2 * imageBytes + SPARE_BYTES
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
    if (!(freeBytes >= needed))
      problems.push({
        place,
        code: "no-space",
        what: `${megabytes(freeBytes)} of disk space are free; the release needs ${megabytes(needed)}.`,
        next: "Free disk space: `docker system df` shows the usage.",
      })
    if (!(Math.abs(clockSkew) <= MOST_SKEW_SECONDS))
      problems.push({
        place,
        code: "clock",
        what: `its clock is ${Math.abs(clockSkew)} s ${clockSkew > 0 ? "ahead of" : "behind"} this one.`,
        next: "Enable NTP on both: `timedatectl set-ntp true`.",
      })
    if (!(Number(/\d+/.exec(runtime)?.[0] ?? 0) >= 20))
      problems.push({
        place,
        code: "docker-old",
        what: `${runtime} is too old.`,
        next: "Install Docker 20.10 or later.",
      })
    if (proxySettings !== null && proxySettings !== proxyFingerprint(plan))
      problems.push({
        place,
        code: "proxy",
        what: "the image, ports or network of its proxy differ from tollgate.yaml.",
        next: "At a quiet time, run `docker rm -f tollgate-proxy` on the host. The next deployment starts it again with the same routes.",
      })
    return { facts: { place, runtime, proxy, freeBytes, clockSkew }, problems, seen: { host, state } }
  } catch (error) {
    return { facts: null, problems: [problemOf(place, error)], seen: null }
  }
}
