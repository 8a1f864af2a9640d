import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { z } from "zod"
import { TollgateError } from "../../core/shared/errors.js"
import { capture, run } from "./command.js"
import type { Home } from "./home.js"
import { readJson, writeJson } from "./json-file.js"
import { chooseResolvConf, firewallRules, type NetworkPlan, planNetwork } from "./network-plan.js"

const planSchema: z.ZodType<NetworkPlan> = z.object({
  device: z.string(),
  block: z.string(),
  containers: z.string(),
  gateway: z.string(),
  roomAddress: z.string(),
  comment: z.string(),
})

const routesSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional() }))
const linksSchema = z.array(z.object({ ifname: z.string(), mtu: z.number() }))

export async function recordedPlan(home: Home): Promise<NetworkPlan | undefined> {
  return await readJson(home.network, planSchema)
}

export async function choosePlan(home: Home): Promise<NetworkPlan> {
  const routes = routesSchema.parse(
    JSON.parse((await capture(["ip", "-j", "-4", "route", "show", "table", "all"])) ?? "[]"),
  )
  const plan = planNetwork(
    home.id,
    routes.map((route) => route.dst),
    (await recordedPlan(home))?.block,
  )
  if (!plan) {
    throw new TollgateError(
      "engine.no-free-network",
      "No address block is free for the engine: routes of this machine cover 10.88.0.0/16 to 10.127.0.0/16.",
      "Free one of these blocks (`ip route`), or use an engine elsewhere: set _EXPERIMENTAL_DAGGER_RUNNER_HOST.",
    )
  }
  await writeJson(home.network, plan)
  return plan
}

/** What the room needs to know before it starts: written as shell variables for room/serve.sh. */
export async function writeRoomNetwork(plan: NetworkPlan, path: string): Promise<void> {
  const lines = [
    `TOLLGATE_MTU=${(await mtu()) ?? 1500}`,
    `TOLLGATE_ROOM_ADDRESS=${plan.roomAddress}/30`,
    `TOLLGATE_GATEWAY=${plan.gateway}`,
    `TOLLGATE_CONTAINERS=${plan.containers}`,
  ]
  await writeFile(path, `${lines.join("\n")}\n`)
}

export async function writeResolvConf(path: string): Promise<void> {
  const behindStub = "/run/systemd/resolve/resolv.conf"
  const host = await readFile("/etc/resolv.conf", "utf8").catch(() => "")
  const text = chooseResolvConf(host, existsSync(behindStub) ? await readFile(behindStub, "utf8") : undefined)
  if (text === undefined) {
    throw new TollgateError(
      "engine.no-name-server",
      "The engine would have no name server: /etc/resolv.conf names only this machine's own loopback address.",
      "Name a reachable server in /etc/resolv.conf.",
    )
  }
  await writeFile(path, text)
}

/** Puts one end of a cable into the room and lets its traffic through. */
export async function connectRoom(plan: NetworkPlan, innerPid: number, log: string): Promise<void> {
  const size = String((await mtu()) ?? 1500)
  await run(
    [
      "ip",
      "link",
      "add",
      plan.device,
      "mtu",
      size,
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "mtu",
      size,
      "netns",
      String(innerPid),
    ],
    { log },
  )
  await run(["ip", "address", "add", `${plan.gateway}/30`, "dev", plan.device], { log })
  await run(["ip", "link", "set", plan.device, "up"], { log })
  // services in the engine can be reached from the host
  await run(["ip", "route", "replace", plan.containers, "via", plan.roomAddress], { log })
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1")
  for (const { table, chain, rule } of firewallRules(plan)) {
    const there = await capture(["iptables", "-w", "-t", table, "-C", chain, ...rule])
    // first in its chain: Docker and firewalls end FORWARD with a refusal
    if (there === undefined) await run(["iptables", "-w", "-t", table, "-I", chain, "1", ...rule], { log })
  }
}

/** The device goes with the room; what stays behind are rules, and a device if the room died while being connected. */
export async function disconnectRoom(plan: NetworkPlan): Promise<void> {
  for (const { table, chain, rule } of firewallRules(plan)) {
    while ((await capture(["iptables", "-w", "-t", table, "-D", chain, ...rule])) !== undefined);
  }
  for (let tries = 0; tries < 20 && existsSync(`/sys/class/net/${plan.device}`); tries++) {
    await capture(["ip", "link", "delete", plan.device])
  }
}

async function mtu(): Promise<number | undefined> {
  const routes = await capture(["ip", "-j", "-4", "route", "show", "default"])
  const device = routesSchema.parse(JSON.parse(routes || "[]"))[0]?.dev
  if (device === undefined) return undefined
  const links = await capture(["ip", "-j", "link", "show", "dev", device])
  return linksSchema.parse(JSON.parse(links || "[]"))[0]?.mtu
}
