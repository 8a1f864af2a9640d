import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import type { Directory } from "@dagger.io/dagger"
import { gateReports, gates } from "../../core/config/gates.js"
import { TollgateError } from "../../core/shared/errors.js"
import { noSpace } from "../../core/shared/no-space.js"

/** Reports of other gates and commands, inside the report folder of the suites. */
const INSIDE = [
  "ci",
  "migrate",
  ...gateReports.map((path) => relative(gates.test.report, path)).filter((name) => name !== ""),
]

export interface ReportPlace {
  /** The path on the screen. */
  shown: string
  /** Creates and writes the report; does nothing with --no-report. */
  write(make: () => Directory | Promise<Directory>): Promise<void>
}

/**
 * The folder of a gate's report, checked before the gate runs. The report replaces an earlier one as a whole; a folder with
 * anything else is an error.
 *
 * @param folder false for --no-report
 * @param mark the file that identifies a report of this kind
 * @param page the file for people
 */
export function openReport(folder: string | false, mark: string, page = "report.html"): ReportPlace {
  if (folder === false) return { shown: "not written (--no-report)", write: async () => {} }
  const path = resolve(folder)
  requireReportFolder(path, mark)
  return { shown: join(nearer(path), page), write: async (make) => writeReport(await make(), path) }
}

function requireReportFolder(path: string, mark: string): void {
  if (!existsSync(path)) return
  const names = readdirSync(path)
  if (names.every((name) => INSIDE.includes(name)) || existsSync(join(path, mark))) return
  throw new TollgateError(
    "report-folder",
    `${path} (--report) is not empty, and does not contain a Tollgate report.`,
    "Nothing was run or written. Choose another folder: --report=FOLDER.",
  )
}

/** Writes the report to a temporary folder and renames it, so that a failure does not damage an earlier report. */
async function writeReport(report: Directory, path: string): Promise<void> {
  const part = `${path}.part-${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  try {
    await report.export(part)
    for (const name of INSIDE)
      if (existsSync(join(path, name)) && !existsSync(join(part, name))) renameSync(join(path, name), join(part, name))
    rmSync(path, { recursive: true, force: true })
    renameSync(part, path)
  } catch (error) {
    // for a full disk, the engine only reports an interrupted transfer
    const full = isFull(dirname(path))
    rmSync(part, { recursive: true, force: true })
    throw full ? noSpace(`the disk of ${path}`) : error
  }
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < 1 << 16
}

/** The folder relative to here, or absolute if it is outside. */
function nearer(folder: string): string {
  const path = relative(process.cwd(), folder)
  return path.startsWith("..") ? folder : path
}
