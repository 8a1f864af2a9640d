/** Pure: which addresses, names and firewall rules the room gets. */
export interface NetworkPlan {
  /** the host's end of the cable */
  device: string
  block: string
  containers: string
  gateway: string
  roomAddress: string
  comment: string
}

// 10.87 is what an ordinary Dagger engine takes; 172.16/12 is Docker's ground
const candidates = Array.from({ length: 40 }, (_, index) => 88 + index)

/** The first block that no route of this machine touches. */
export function planNetwork(id: string, routes: readonly string[], remembered?: string): NetworkPlan | undefined {
  const free = (block: string) => !routes.some((route) => overlaps(block, route))
  const blocks = candidates.map((second) => `10.${second}.0.0/16`)
  const block =
    remembered !== undefined && blocks.includes(remembered) && free(remembered) ? remembered : blocks.find(free)
  if (block === undefined) return undefined
  const prefix = block.replace(/\.0\.0\/16$/, "")
  return {
    device: `tollgate${id.slice(0, 6)}`,
    block,
    containers: `${prefix}.0.0/17`,
    gateway: `${prefix}.255.253`,
    roomAddress: `${prefix}.255.254`,
    comment: `tollgate-${id}`,
  }
}

/** iptables arguments without the verb, so that the same words check, add and delete a rule. */
export function firewallRules(plan: NetworkPlan): { table: string; chain: string; rule: string[] }[] {
  const ours = ["-m", "comment", "--comment", plan.comment]
  return [
    {
      table: "nat",
      chain: "POSTROUTING",
      rule: ["-s", plan.block, "!", "-d", plan.block, ...ours, "-j", "MASQUERADE"],
    },
    { table: "filter", chain: "FORWARD", rule: ["-i", plan.device, ...ours, "-j", "ACCEPT"] },
    {
      table: "filter",
      chain: "FORWARD",
      rule: ["-o", plan.device, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", ...ours, "-j", "ACCEPT"],
    },
  ]
}

export function overlaps(a: string, b: string): boolean {
  const left = range(a)
  const right = range(b)
  return left !== undefined && right !== undefined && left[0] <= right[1] && right[0] <= left[1]
}

function range(cidr: string): [number, number] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr)
  if (!match) return undefined
  const address = match.slice(1, 5).reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(match[5] ?? 32))
  // the default route covers everything and takes nothing
  if (size === 2 ** 32) return undefined
  const first = address - (address % size)
  return [first, first + size - 1]
}

/**
 * The room's resolv.conf. A resolver on the host's loopback cannot be reached from the room's own network; then the list
 * of real servers behind it, which systemd-resolved keeps, is the one to use.
 */
export function chooseResolvConf(host: string, behindStub: string | undefined): string | undefined {
  if (nameservers(host).some((server) => !isLoopback(server))) {
    return host
      .split("\n")
      .filter((line) => !/^\s*nameserver\s+(127\.|::1)/.test(line))
      .join("\n")
  }
  return behindStub !== undefined && nameservers(behindStub).length > 0 ? behindStub : undefined
}

function nameservers(text: string): string[] {
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((match) => match[1] ?? "")
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1"
}
