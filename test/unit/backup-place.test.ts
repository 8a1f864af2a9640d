import { expect, test } from "vitest"
import { backupPlaceWarning } from "../../core/database/backup/backup-place.js"

test("backups that are in a volume of the engine alone are warned of, with what keeps them elsewhere", () => {
  expect(backupPlaceWarning("directory:backups").join("\n")).toMatch(
    /only in directory:backups, [^]*database\.backup\.to: s3:/,
  )
  expect(backupPlaceWarning("s3://backups/shop")).toEqual([])
})
