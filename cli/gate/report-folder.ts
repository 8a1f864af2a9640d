import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import type { Directory } from "@dagger.io/dagger"
import { TollgateError } from "../../core/errors.js"
import { noSpace } from "../../core/no-space.js"

/** Reports of other gates, which stand inside the one of the suites. */
const INSIDE = ["image", "load", "migrate", "migration-plan", "scan"]

export interface ReportPlace {
  /** Where the reader of a screen finds it. */
  shown: string
  /** Makes the report and writes it; does neither where none is wanted. */
  write(make: () => Directory | Promise<Directory>): Promise<void>
}

/**
 * The folder that a gate's report goes to, looked at before anything is run. The report replaces an earlier one as a whole; a folder
 * that holds something else is left alone.
 *
 * @param folder false: no report is wanted
 * @param mark the file by which a report of this kind is known
 */
export function openReport(folder: string | false, mark: string): ReportPlace {
  if (folder === false) return { shown: "not written (--no-report)", write: async () => {} }
  const path = resolve(folder)
  requireReportFolder(path, mark)
  return { shown: join(nearer(path), "report.html"), write: async (make) => writeReport(await make(), path) }
}

function requireReportFolder(path: string, mark: string): void {
  if (!existsSync(path)) return
  const names = readdirSync(path)
  if (names.every((name) => INSIDE.includes(name)) || existsSync(join(path, mark))) return
  throw new TollgateError(
    "report-folder",
    `${path} is not empty, and what is in it is not a report of Tollgate.`,
    "Nothing was run and nothing was written. Name another folder: --report=FOLDER.",
  )
}

/** Writes the report beside its place and then puts it there: a failure leaves an earlier report as it was. */
async function writeReport(report: Directory, path: string): Promise<void> {
  const part = `${path}.part-${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  try {
    await report.export(part)
    // a report names no secret, but it belongs to no commit, and a source must be the same with and without it
    writeFileSync(join(part, ".gitignore"), "*\n")
    for (const name of INSIDE) if (existsSync(join(path, name)) && !existsSync(join(part, name))) renameSync(join(path, name), join(part, name))
    rmSync(path, { recursive: true, force: true })
    renameSync(part, path)
  } catch (error) {
    // of a full disk the engine says only that its transfer was cut off
    const full = isFull(dirname(path))
    rmSync(part, { recursive: true, force: true })
    throw full ? noSpace(`the disk of ${path}`) : error
  }
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < 1 << 16
}

/** The shorter way to name a folder, from here or as it is. */
function nearer(folder: string): string {
  const path = relative(process.cwd(), folder)
  return path.startsWith("..") ? folder : path
}
