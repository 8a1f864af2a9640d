import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import { recordedPlan } from "../../dagger/engine/network.js"
import { dagger } from "../engine/dagger-call.js"
import { useEngine } from "../engine/session.js"
import { tollgate } from "../unit/ecpay-server.js"
import { newShop, prepareShop, SHOP } from "./migration-shop.js"
import { APP_PASSWORD, PostgresServer, removePrograms } from "./postgres-server.js"

useEngine()

const ROOT = fileURLToPath(new URL("../..", import.meta.url))

// a database that the engine's containers reach by a network address needs one: that of the cable to the room
describe.runIf(process.env._EXPERIMENTAL_DAGGER_RUNNER_HOST === `unix://${currentHome().socket}`)(
  "a database in the engine's network, by dagger call:",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-dagger-migrations-"))
    let server: PostgresServer
    let name: string
    const call = (...args: string[]) =>
      dagger(folder, "-m", ROOT, "call", "--source=.", ...args, "--env=staging", "--secrets=file:./staging.env")

    beforeAll(async () => {
      cpSync(SHOP, folder, { recursive: true })
      server = await PostgresServer.start({ address: (await recordedPlan(currentHome()))?.gateway ?? "" })
      await prepareShop(server)
      const made = await newShop(server)
      name = made.name
      writeFileSync(join(folder, "staging.env"), `DATABASE_URL='${made.url}'\n`)
    })
    afterAll(async () => {
      await server.stop()
      await removePrograms()
      rmSync(folder, { recursive: true, force: true })
    })

    test("its plan, its migration with the report, its backups and a restore", async () => {
      const plan = await call("migration-plan")
      expect(plan.code, plan.err).toBe(0)
      expect(plan.out).toContain("0003")

      const migrated = await call("migrate")
      expect(migrated.code, migrated.err).toBe(0)
      expect(migrated.out).toMatch(/upgrade [\d.]+ s; downgrade passed[^]*MIGRATED: /)
      expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0003" }])

      const options = [
        "--env=staging",
        `--secrets=file:${join(folder, "staging.env")}`,
        `--report=${join(folder, "report")}`,
      ]
      const reported = await tollgate(folder, ["migrate-report", ...options])
      expect(reported.code, reported.err).toBe(0)
      expect(readFileSync(join(folder, "report/migration.json"), "utf8")).toContain('"0003"')

      const backups = await call("backups")
      expect(backups.code, backups.err).toBe(0)
      const backup = /\d{8}T\d{9}Z_\S+_0002/.exec(backups.out)?.[0] ?? ""
      const restored = await call("restore", `--backup=${backup}`)
      expect(restored.code, restored.err).toBe(0)
      expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])
      for (const { out, err } of [plan, migrated, reported, backups, restored])
        expect(out + err).not.toContain(APP_PASSWORD)
    })

    test("one at this machine's own loopback is refused: from inside the engine that would be another machine", async () => {
      writeFileSync(join(folder, "staging.env"), "DATABASE_URL=postgresql://app:app@127.0.0.1:5432/shop\n")
      const refused = await call("migrate")
      expect(refused.code).toBe(1)
      expect(refused.err).toContain("from inside the engine that is not your machine")
    })
  },
)
