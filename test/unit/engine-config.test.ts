import { expect, test } from "vitest"
import { engineConfig } from "../../dagger/engine/engine-config.js"

test("the engine's garbage collection removes no volume: backups and the sandbox's releases are in them", () => {
  const types = engineConfig.gc.policies.map(({ filters }) => filters.flatMap((filter) => filter.split(",")))
  // a policy without a filter would take everything, and none at all would be the engine's own
  expect(types).toHaveLength(1)
  expect(types[0]).toContain("type==regular")
  for (const type of types.flat()) expect(type).toMatch(/^type==(?!exec\.cachemount)/)
})
