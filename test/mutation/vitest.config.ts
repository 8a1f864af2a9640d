import { defineConfig } from "vitest/config"

/** The tests of one file, as run.mjs names them. */
export default defineConfig({
  resolve: { alias: [{ find: "@dagger.io/dagger", replacement: "dagger-client" }] },
  test: {
    env: { COLUMNS: "100" },
    include: (process.env["MUTATION_TESTS"] ?? "").split(","),
    testTimeout: 60_000,
  },
})
