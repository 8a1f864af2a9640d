import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { backupTest } from "../../core/database/backup/backup-test.js"
import { environmentSettings } from "../../core/environment/check.js"

const QA = "qa: { runner: run.py, suites: { none: { files: [tests/test_none.py] } } }\n"
const settings = (database: string) => parseSettings(`${QA}database: ${database}\n`)

describe("whether a backup is tested before the database is changed", () => {
  const decide = (database: string, environment: string) => {
    const parsed = settings(database)
    return backupTest(parsed.database, environmentSettings(parsed, environment))
  }
  const UNTESTED = "{ rehearse: false, backup: { test: false } }"

  it("is so unless the settings say otherwise, with a rehearsal or without", () => {
    for (const database of ["{}", "{ rehearse: false }", "{ rehearse: upgrade }"])
      expect(decide(database, "staging")).toEqual({ tested: true, warning: null })
  })

  it("is not so where no real money is paid and the settings say so; the report says that it was never restored", () => {
    for (const environment of ["staging", "sandbox"])
      expect(decide(UNTESTED, environment)).toEqual({
        tested: false,
        warning: expect.stringContaining("never restored (database.backup.test: false)"),
      })
  })

  it("is so in production whatever the settings say; the report names the setting that was ignored", () => {
    expect(decide(UNTESTED, "production")).toEqual({
      tested: true,
      warning: expect.stringContaining("database.backup.test: false was ignored"),
    })
  })

  it("cannot be turned off together with a rehearsal, which runs on the restored backup", () => {
    for (const database of ["{ backup: { test: false } }", "{ rehearse: upgrade, backup: { test: false } }"])
      expect(() => settings(database)).toThrow(
        expect.objectContaining({
          problems: [
            expect.objectContaining({
              path: "database.backup.test",
              message: expect.stringContaining("cannot be false while the upgrade is rehearsed"),
            }),
          ],
        }),
      )
  })
})

it("rehearses whole, without the downgrade, or not at all", () => {
  for (const value of ["true", "false", "upgrade"])
    expect(String(settings(`{ rehearse: ${value} }`).database.rehearse)).toBe(value)
  expect(() => settings("{ rehearse: downgrade }")).toThrow(/expected true, false or upgrade/)
})
