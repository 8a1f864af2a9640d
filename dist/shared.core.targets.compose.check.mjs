import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  WEB,
  changeWorkers,
  containerName,
  maintenanceOff,
  maintenanceOn,
  problemOf,
  proxyFingerprint,
  removeLeftovers,
  stopRelease,
  sumCounted,
  switchTo
} from "./shared.core.targets.compose.commands-claim.mjs";
import {
  FencedError,
  TargetError
} from "./shared.core.targets.errors.mjs";
import {
  highestFence
} from "./shared.core.targets.fence.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/compose/target.ts
import { setTimeout as pause } from "node:timers/promises";

// core/targets/compose/running.ts
function runningOf(all) {
  const instances = merged(all.flatMap(({ state }) => state.releases));
  const live = liveOf(all, instances);
  const withTraffic = new Set(all.flatMap(({ state }) => state.traffic?.release ?? []));
  const others = instances.filter(({ release }) => !withTraffic.has(release));
  return {
    live,
    retained: others.filter(({ switchedAt }) => switchedAt !== null).sort((one, other) => (other.switchedAt ?? "").localeCompare(one.switchedAt ?? "")),
    candidates: others.filter(({ switchedAt }) => switchedAt === null),
    maintenance: maintenanceOf(all.map(({ state }) => state.maintenance)),
    places: all.map(({ host, state }) => ({
      place: host.place,
      proxy: state.proxy,
      release: state.traffic?.release ?? null
    })),
    claimed: highestFence(all.map(({ state }) => state.fence))
  };
}
__name(runningOf, "runningOf");
function maintenanceOf(all) {
  const on = all.find(({ kind }) => kind === "on");
  if (on !== void 0) return on;
  const ended = all.reduce(
    (time, one) => latest(time, one.kind === "off" ? one.ended ?? null : null),
    null
  );
  return ended === null ? { kind: "off" } : { kind: "off", ended };
}
__name(maintenanceOf, "maintenanceOf");
function liveOf(all, instances) {
  const foreign = all.find(({ state }) => state.traffic !== null && state.traffic.release === null);
  if (foreign !== void 0)
    return { kind: "foreign", place: foreign.host.place, to: foreign.state.traffic?.container ?? "" };
  const at = all.map(({ host, state }) => ({ place: host.place, release: state.traffic?.release ?? null }));
  const [first = null] = at.map(({ release }) => release);
  if (at.some(({ release }) => release !== first))
    return {
      kind: "split",
      at,
      instances: instances.filter((one) => at.some(({ release }) => release === one.release))
    };
  const instance = instances.find(({ release }) => release === first);
  return instance === void 0 ? { kind: "none" } : { kind: "live", instance };
}
__name(liveOf, "liveOf");
function merged(all) {
  const byRelease = /* @__PURE__ */ new Map();
  for (const one of all) {
    const known = byRelease.get(one.release);
    byRelease.set(
      one.release,
      known === void 0 ? one : {
        ...known,
        switchedAt: latest(known.switchedAt, one.switchedAt),
        replicas: [...known.replicas, ...one.replicas]
      }
    );
  }
  return [...byRelease.values()];
}
__name(merged, "merged");
function latest(one, other) {
  return [one, other].filter((time) => time !== null).sort().at(-1) ?? null;
}
__name(latest, "latest");

// core/targets/compose/check.ts
var MOST_SKEW_SECONDS = 30;
var SPARE_BYTES = 5e8;
async function checkHosts(hosts, plan, imageBytes) {
  const all = await Promise.all(hosts.map((host) => checkHost(host, plan, imageBytes)));
  const seen = all.flatMap((one) => one.seen ?? []);
  return {
    facts: all.flatMap(({ facts }) => facts ?? []),
    problems: all.flatMap(({ problems }) => problems),
    running: seen.length < hosts.length ? null : runningOf(seen)
  };
}
__name(checkHosts, "checkHosts");
async function checkHost(host, plan, imageBytes) {
  const { place } = host;
  try {
    const looked = host.state();
    looked.catch(() => void 0);
    const { runtime, freeBytes, clockSkew } = await host.facts();
    const state = await looked;
    const { proxy, proxySettings } = state;
    const problems = [];
    const needed = 2 * imageBytes + SPARE_BYTES;
    const megabytes = /* @__PURE__ */ __name((bytes) => `${Math.round(bytes / 1e6)} MB`, "megabytes");
    if (!(freeBytes >= needed))
      problems.push({
        place,
        code: "no-space",
        what: `${megabytes(freeBytes)} of disk space are free; the release needs ${megabytes(needed)}.`,
        next: "Free disk space: `docker system df` shows the usage."
      });
    if (!(Math.abs(clockSkew) <= MOST_SKEW_SECONDS))
      problems.push({
        place,
        code: "clock",
        what: `its clock is ${Math.abs(clockSkew)} s ${clockSkew > 0 ? "ahead of" : "behind"} this one.`,
        next: "Enable NTP on both: `timedatectl set-ntp true`."
      });
    if (!(Number(/\d+/.exec(runtime)?.[0] ?? 0) >= 20))
      problems.push({
        place,
        code: "docker-old",
        what: `${runtime} is too old.`,
        next: "Install Docker 20.10 or later."
      });
    if (proxySettings !== null && proxySettings !== proxyFingerprint(plan))
      problems.push({
        place,
        code: "proxy",
        what: "the image, ports or network of its proxy differ from tollgate.yaml.",
        next: "At a quiet time, run `docker rm -f tollgate-proxy` on the host. The next deployment starts it again with the same routes."
      });
    return { facts: { place, runtime, proxy, freeBytes, clockSkew }, problems, seen: { host, state } };
  } catch (error) {
    return { facts: null, problems: [problemOf(place, error)], seen: null };
  }
}
__name(checkHost, "checkHost");

// core/targets/compose/several.ts
async function requireAll(work) {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== void 0) throw failed.reason;
  return settled.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
}
__name(requireAll, "requireAll");
function seconds(since) {
  return (performance.now() - since) / 1e3;
}
__name(seconds, "seconds");

// core/targets/compose/claim.ts
var MOST_ROUNDS = 10;
async function claimHosts(hosts, run, lease) {
  const since = (/* @__PURE__ */ new Date()).toISOString();
  let token = lease ?? 1;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const rule = { kind: "run", fence: { ...run, token, granted: lease ?? 0, since } };
    const claims = hosts.map(async (host) => ({
      host,
      state: await host.claim(rule, lease === null ? "above" : "exactly")
    }));
    const refused = highestRefusal(await Promise.allSettled(claims));
    if (refused !== null) return { kind: "refused", place: refused.place, seen: refused.seen };
    const states = await requireAll(claims);
    const fences = states.map(({ host, state }) => claimedBy(host, state));
    const [highest, granted] = [greatest(fences.map((one) => one.token)), greatest(fences.map((one) => one.granted))];
    if (fences.every((one) => one.token === highest))
      return { kind: "held", fence: { ...run, token: highest, granted, since }, states };
    token = highest;
  }
  throw new TargetError(
    "failed",
    hosts.map(({ place }) => place).join(", "),
    "other runs claimed it again and again at the same moment.",
    "Run the same command again."
  );
}
__name(claimHosts, "claimHosts");
function highestRefusal(claims) {
  return claims.flatMap((one) => one.status === "rejected" && one.reason instanceof FencedError ? [one.reason] : []).reduce((highest, one) => one.seen.token > (highest?.seen.token ?? 0) ? one : highest, null);
}
__name(highestRefusal, "highestRefusal");
function claimedBy({ place }, { fence }) {
  if (fence === null) throw new RangeError(`${place} was claimed and does not say by which run`);
  return fence;
}
__name(claimedBy, "claimedBy");
function greatest(numbers) {
  return Math.max(...numbers);
}
__name(greatest, "greatest");

// core/targets/compose/target.ts
var POLL_MILLISECONDS = 100;
var LAST_LINES = 20;
var ComposeTarget = class {
  static {
    __name(this, "ComposeTarget");
  }
  name;
  heads = {
    keep: /* @__PURE__ */ __name((head) => {
      this.#claimed();
      return requireAll(this.#hosts.map((host) => host.keepHead(head)));
    }, "keep"),
    read: /* @__PURE__ */ __name(() => requireAll(this.#hosts.map((host) => host.heads())), "read")
  };
  #hosts;
  #plan;
  #order;
  /** What was there when it was last looked at; null: it was not, or the traffic has moved since. */
  #seen = null;
  constructor(name, hosts, plan, order) {
    this.name = name;
    this.#hosts = hosts;
    this.#plan = plan;
    this.#order = order;
  }
  async check(imageBytes) {
    const checked = await checkHosts(this.#hosts, this.#plan, imageBytes);
    this.#seen = checked.running;
    return checked;
  }
  async running() {
    this.#seen = runningOf(await this.#states());
    return this.#seen;
  }
  async claim(run, lease) {
    const claimed = await claimHosts(this.#hosts, run, lease);
    if (claimed.kind === "refused") return claimed;
    const { fence, states } = claimed;
    this.#hold({ kind: "run", fence });
    this.#seen = runningOf(states);
    return { kind: "held", fence, running: this.#seen };
  }
  #hold(rule) {
    this.#plan = { ...this.#plan, fence: rule };
    for (const host of this.#hosts) host.hold(rule);
  }
  /** A change without a claim would be one that nothing on the hosts could refuse. */
  #claimed() {
    if (this.#plan.fence === null) throw new RangeError(`${this.name} is changed by a run that has not claimed it`);
    return this.#plan;
  }
  async #states() {
    return await requireAll(this.#hosts.map(async (host) => ({ host, state: await host.state() })));
  }
  async start(release) {
    this.#claimed();
    const started = await this.#started(release);
    const other = started.find(
      ({ image, configDigest }) => image !== release.image || configDigest !== release.configDigest
    );
    if (other === void 0) return requireInstance(started, release.id, this.#first.place);
    await this.retire(other);
    return requireInstance(await this.#started(release), release.id, this.#first.place);
  }
  /** As each host has it. */
  async #started(release) {
    const colour = await this.#colourOf(release.id);
    const started = await requireAll(this.#hosts.map((host) => host.start(release, colour)));
    return started.filter((one) => one !== null);
  }
  /** A name to tell two releases apart by: what was seen last says enough of it. */
  async #colourOf(id) {
    const { live, retained, candidates } = this.#seen ?? await this.running();
    const there = [...live.kind === "live" ? [live.instance] : [], ...retained, ...candidates].find(
      ({ release }) => release === id
    );
    if (there !== void 0) return there.colour;
    return live.kind === "live" && live.instance.colour === "blue" ? "green" : "blue";
  }
  async health(instance) {
    const began = performance.now();
    const web = instance.replicas.filter(({ process }) => process === WEB);
    const all = await requireAll(web.map((replica) => this.#healthOf(replica)));
    return all.find(({ kind }) => kind === "unhealthy") ?? { kind: "healthy", after: seconds(began) };
  }
  async #healthOf(replica) {
    const host = this.#hostAt(replica.place);
    const began = performance.now();
    let why = "it was not asked";
    let now = replica;
    while (seconds(began) < this.#plan.healthSeconds) {
      const seen = await host.container(replica.name);
      now = { ...replica, state: seen?.state ?? now.state };
      const ended = endOf(now);
      why = ended ?? (seen === null ? "it is not there" : await host.unhealthy(replica.name, seen) ?? "");
      if (why === "") return { kind: "healthy", after: seconds(began) };
      if (ended !== null) break;
      await pause(POLL_MILLISECONDS);
    }
    const waited = endOf(now) === null ? ` within ${this.#plan.healthSeconds} s` : "";
    return {
      kind: "unhealthy",
      replica: now,
      why: `${why}${waited}`,
      printed: await host.logs(replica.name, LAST_LINES)
    };
  }
  async request(instance, request) {
    const host = request.place === void 0 ? this.#first : this.#hostAt(request.place);
    const address = await host.address(containerName(this.#plan, WEB, instance.release));
    if (address === null) return { kind: "silent", why: "it does not run", milliseconds: 0 };
    return await host.ask(address, this.#plan.port, request, this.#plan.proxy.host ?? "localhost");
  }
  async requestLive(request) {
    const host = request.place === void 0 ? this.#first : this.#hostAt(request.place);
    const { tls, httpPort, httpsPort, host: name } = this.#plan.proxy;
    return await host.ask("127.0.0.1", tls ? httpsPort : httpPort, request, name ?? "localhost", tls);
  }
  async switch(instance, instead = null) {
    const { release } = instance;
    const plan = this.#claimed();
    this.#seen = null;
    const began = performance.now();
    const give = /* @__PURE__ */ __name(async (host) => void await host.run(switchTo(plan, release, instead)), "give");
    const done = [];
    const note = /* @__PURE__ */ __name(async (host) => {
      await give(host);
      done.push(host.place);
    }, "note");
    try {
      if (this.#order === "at-once") await requireAll(this.#hosts.map(note));
      else for (const host of this.#hosts) await note(host);
    } catch (error) {
      if (done.length === 0 || !(error instanceof TargetError) || error instanceof FencedError) throw error;
      throw new TargetError(
        "split",
        error.place,
        `${error.message}
${done.join(", ")} ${done.length === 1 ? "has" : "have"} switched to release ${release} already.`,
        "Deploy again or roll back. `tollgate status` shows what each host is serving."
      );
    }
    const traffic = seconds(began);
    await requireAll(this.#hosts.map((host) => host.run(changeWorkers(plan, release))));
    return { traffic, workers: seconds(began) - traffic };
  }
  async stop(instance) {
    await this.#requireIdle(instance);
    await requireAll(this.#hosts.map((host) => host.run(stopRelease(this.#claimed(), instance.release))));
  }
  async retire(instance) {
    this.#claimed();
    await this.#requireIdle(instance);
    await requireAll(this.#hosts.map((host) => host.remove(instance.release, instance.image)));
  }
  async #requireIdle({ release }) {
    const busy = (await this.#states()).find(({ state }) => state.traffic?.release === release);
    if (busy !== void 0)
      throw new TargetError(
        "live",
        busy.host.place,
        `release ${release} has the traffic.`,
        "Switch to another release first."
      );
  }
  async prune() {
    const plan = this.#claimed();
    const { retained, candidates } = await this.running();
    const { releases, running } = this.#plan.retain;
    const keep = retained.slice(0, releases);
    const stop = keep.slice(running).filter(({ replicas }) => replicas.some(({ state }) => state.kind === "running" || state.kind === "restarting"));
    const remove = [...retained.slice(releases), ...candidates];
    for (const instance of stop) await this.stop(instance);
    for (const instance of remove) await this.retire(instance);
    await requireAll(this.#hosts.map((host) => host.run(removeLeftovers(plan))));
    return { stopped: stop.map(({ release }) => release), removed: remove.map(({ release }) => release) };
  }
  async runJob(release, job) {
    this.#claimed();
    return await this.#first.job(release, await this.#colourOf(release.id), job);
  }
  async logs(instance, lines) {
    return await requireAll(
      instance.replicas.map(async (replica) => ({
        replica,
        lines: await this.#hostAt(replica.place).logs(replica.name, lines)
      }))
    );
  }
  async output(instance, asked) {
    return await requireAll(
      instance.replicas.map(async (replica) => ({
        replica,
        lines: await this.#hostAt(replica.place).output(replica.name, asked)
      }))
    );
  }
  async news(instance, since) {
    const places = [...new Set(instance.replicas.map(({ place }) => place))];
    const all = await Promise.all(
      places.map(async (place) => {
        const news = [];
        for (const replica of instance.replicas.filter((one) => one.place === place))
          news.push(await this.#newsOf(replica, since(replica)));
        return news;
      })
    );
    return all.flat();
  }
  async #newsOf(replica, since) {
    const unread = /* @__PURE__ */ __name((problem) => ({ replica, lines: [], left: 0, problem }), "unread");
    try {
      const news = await this.#hostAt(replica.place).news(replica.name, since);
      return news.kind === "none" ? unread(news.why) : { replica, lines: news.lines, left: news.left, problem: null };
    } catch (error) {
      if (error instanceof TargetError) return unread(error.message);
      throw error;
    }
  }
  async variables({ release }) {
    return await this.#first.variables(release);
  }
  async maintenance(wanted) {
    const states = await this.#states();
    const { live, maintenance } = runningOf(states);
    if (live.kind === "none")
      throw new TargetError("proxy", this.#first.place, "nothing has been deployed yet.", "Deploy first.");
    if (wanted.kind === "off" && maintenance.kind === "off") return;
    await requireAll(
      states.map(({ host, state }) => {
        const plan = { ...this.#plan, fence: { kind: "unchanged", token: state.fence?.token ?? 0 } };
        return host.run(wanted.kind === "on" ? maintenanceOn(plan, wanted.message) : maintenanceOff(plan));
      })
    );
  }
  async traffic() {
    const at = (/* @__PURE__ */ new Date()).toISOString();
    const all = await requireAll(this.#hosts.map((host) => host.counted()));
    return { at, ...sumCounted(all) };
  }
  async dial(host, port) {
    return await this.#first.dial(host, port);
  }
  async close() {
    await Promise.all(this.#hosts.map((host) => host.close()));
  }
  get #first() {
    const [first] = this.#hosts;
    if (first === void 0) throw new RangeError("a target has a host");
    return first;
  }
  #hostAt(place) {
    const found = this.#hosts.find((host) => host.place === place);
    if (found === void 0) throw new RangeError(`${place} is no host of ${this.name}`);
    return found;
  }
};
function endOf({ state }) {
  switch (state.kind) {
    case "ended":
      return state.outOfMemory ? "it ran out of memory" : `it exited with code ${state.code}`;
    case "restarting":
      return `it exited with code ${state.code}, ${state.restarts + 1} times`;
    case "running":
      return state.restarts > 0 ? `it exited and was restarted ${state.restarts} times` : null;
    case "prepared":
      return "it was not started";
  }
}
__name(endOf, "endOf");
function requireInstance(started, id, place) {
  const [found] = merged(started);
  if (found === void 0)
    throw new TargetError(
      "start-failed",
      place,
      `release ${id} was started but is gone.`,
      "Something else removes containers on this host. Run the same command again."
    );
  return found;
}
__name(requireInstance, "requireInstance");

export {
  ComposeTarget
};
