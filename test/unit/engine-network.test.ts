import { describe, expect, test } from "vitest"
import { chooseResolvConf, firewallRules, overlaps, planNetwork } from "../../dagger/engine/network-plan.js"

describe("the engine's network", () => {
  test("takes the first block that no route of the machine touches", () => {
    const plan = planNetwork("0123abcd", ["default", "192.0.2.0/24", "10.88.0.0/16", "10.89.4.0/24"])
    expect(plan).toMatchObject({
      block: "10.90.0.0/16",
      containers: "10.90.0.0/17",
      gateway: "10.90.255.253",
      roomAddress: "10.90.255.254",
    })
  })

  test("keeps the block it had, so that two engines do not trade places", () => {
    expect(planNetwork("0123abcd", [], "10.95.0.0/16")?.block).toBe("10.95.0.0/16")
  })

  test("gives the remembered block up when something else took it", () => {
    expect(planNetwork("0123abcd", ["10.95.3.0/24"], "10.95.0.0/16")?.block).toBe("10.88.0.0/16")
  })

  test("is refused when every block is taken", () => {
    expect(planNetwork("0123abcd", ["10.0.0.0/8"])).toBeUndefined()
  })

  test("names its device within the kernel's 15 characters", () => {
    expect(planNetwork("0123abcd", [])?.device.length).toBeLessThanOrEqual(15)
  })

  test("marks each firewall rule as ours, so that no other is ever removed", () => {
    const plan = planNetwork("0123abcd", [])
    if (!plan) throw new Error("no plan")
    for (const { rule } of firewallRules(plan)) expect(rule.join(" ")).toContain("--comment tollgate-0123abcd")
  })

  test.each([
    ["10.88.0.0/16", "10.88.255.252/30", true],
    ["10.88.0.0/16", "10.89.0.0/16", false],
    ["10.88.0.0/16", "10.64.0.0/10", true],
    ["10.88.0.0/16", "default", false],
    ["10.88.0.0/16", "0.0.0.0/0", false],
    ["10.88.0.0/16", "10.88.0.1", true],
  ])("%s and %s overlap: %s", (left, right, expected) => {
    expect(overlaps(left, right)).toBe(expected)
  })
})

describe("the room's name servers", () => {
  test("are the host's", () => {
    expect(chooseResolvConf("search corp\nnameserver 192.0.2.53\n", undefined)).toBe(
      "search corp\nnameserver 192.0.2.53\n",
    )
  })

  test("leave out those on the host's loopback, which the room cannot reach", () => {
    expect(chooseResolvConf("nameserver 127.0.0.1\nnameserver 192.0.2.53\n", undefined)).toBe("nameserver 192.0.2.53\n")
  })

  test("are those behind systemd's stub when the stub is all there is", () => {
    expect(chooseResolvConf("nameserver 127.0.0.53\n", "nameserver 192.0.2.1\n")).toBe("nameserver 192.0.2.1\n")
  })

  test("are unknown when only the loopback is named", () => {
    expect(chooseResolvConf("nameserver ::1\n", undefined)).toBeUndefined()
  })
})
