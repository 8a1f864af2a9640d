import { defineConfig } from "vitest/config"
import { filesOfLinuxRoot, isLinuxRoot } from "./test/linux-root.mjs"

const real = {
  globalSetup: ["test/engine/setup.ts"],
  // one engine, two cores: files share its cache instead of fighting for it
  fileParallelism: false,
  testTimeout: 600_000,
  hookTimeout: 600_000,
  runner: "./test/deadline.ts",
}

const client = "dagger-client"

export default defineConfig({
  // the module's name for Dagger's library: on the host it is npm's, under a name that `dagger develop` leaves in package.json
  resolve: {
    alias: [
      { find: "@dagger.io/dagger/telemetry", replacement: `${client}/telemetry` },
      { find: "@dagger.io/dagger", replacement: client },
    ],
  },
  test: {
    // the width of the screens that tests look at, whatever they are run in
    env: { COLUMNS: "100" },
    projects: [
      // files share their modules, which saves most of the time to load them: each file restores what it replaces of the process
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 60_000,
          isolate: false,
          maxWorkers: "100%",
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          exclude: isLinuxRoot ? [] : filesOfLinuxRoot,
          ...real,
        },
      },
      { extends: true, test: { name: "database", include: ["test/database/**/*.test.ts"], ...real } },
      {
        extends: true,
        test: {
          name: "release",
          include: ["test/release/**/*.test.ts"],
          exclude: isLinuxRoot ? [] : filesOfLinuxRoot,
          ...real,
        },
      },
      { extends: true, test: { name: "docker", include: ["test/docker/**/*.test.ts"], ...real } },
    ],
  },
})
