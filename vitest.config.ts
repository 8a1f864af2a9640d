import { defineConfig } from "vitest/config"

const real = {
  globalSetup: ["test/engine/setup.ts"],
  // one engine, two cores: files share its cache instead of fighting for it
  fileParallelism: false,
  testTimeout: 600_000,
  hookTimeout: 600_000,
}

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "engine", include: ["test/engine/**/*.test.ts"], ...real } },
      { test: { name: "database", include: ["test/database/**/*.test.ts"], ...real } },
      { test: { name: "release", include: ["test/release/**/*.test.ts"], ...real } },
    ],
  },
})
