import { join } from "node:path"
import { expect, test } from "vitest"
import { planNetwork } from "../../dagger/engine/network-plan.js"
import { registryAddress } from "../../dagger/engine/registry.js"
import { pinnedVersion } from "../../dagger/engine/tools/go-module.js"
import { engineFolder } from "../../dagger/engine/version.js"

test("a tool's version is the one that its go.mod pins, and no other module's of a longer name", () => {
  expect(pinnedVersion(join(engineFolder, "tools/k6"), "go.k6.io/k6")).toBe("v1.3.0")
  expect(pinnedVersion(join(engineFolder, "tools/trivy"), "github.com/aquasecurity/trivy")).toBe("v0.69.0")
  expect(() => pinnedVersion(join(engineFolder, "tools/k6"), "go.k6.io")).toThrow("does not pin go.k6.io")
})

test("containers find the registry at the first address of their network", () => {
  const plan = planNetwork("0123abcd", [])
  if (!plan) throw new Error("no plan")
  expect(registryAddress(plan)).toBe("10.88.0.1:5001")
})
