import { createHash } from "node:crypto"
import { gunzipSync, gzipSync } from "node:zlib"
import { canonicalJson } from "../shared/canonical-json.js"
import { LARGEST_FILE, LONGEST_PATH, MOST_BYTES, MOST_FILES } from "./report-schema.js"

/** The report of a run of `ci` as the ledger keeps it: bounded, each file compressed, and all of them under one digest. */

export interface ListedFile {
  readonly path: string
  /** Of the file as it is. */
  readonly sha256: string
  readonly bytes: number
}

export interface PackedFile extends ListedFile {
  readonly content: Buffer
}

export interface PackedReport {
  /** Of the list of files. */
  readonly sha256: string
  readonly files: readonly PackedFile[]
  /** Compressed. */
  readonly bytes: number
  /** Paths of files that were over a limit. */
  readonly leftOut: readonly string[]
}

/** Where a report is from, which decides how long it is kept. */
export interface ReportOrigin {
  readonly id: string
  readonly app: string
  readonly branch: string | null
}

/** A file that may be packed; it is read only when there is room for it. */
export interface FoundFile {
  readonly path: string
  readonly bytes: number
  read(): Buffer
}

/** Takes the files in order of their use to a reader, while there is room. */
export function packReport(found: readonly FoundFile[]): PackedReport {
  const files: PackedFile[] = []
  const leftOut: string[] = []
  let room: number = MOST_BYTES
  for (const one of inOrder(found)) {
    const packed = files.length < MOST_FILES && isStorable(one) ? pack(one) : null
    if (packed === null || packed.content.length > room) {
      leftOut.push(one.path)
      continue
    }
    files.push(packed)
    room -= packed.content.length
  }
  return { sha256: listDigest(files), files, bytes: MOST_BYTES - room, leftOut }
}

function isStorable({ path, bytes }: FoundFile): boolean {
  return bytes <= LARGEST_FILE && path.length <= LONGEST_PATH && isPlainPath(path)
}

/** A path below a folder, which means the same to every program. */
export function isPlainPath(path: string): boolean {
  return (
    !/[\u0000-\u001f\u007f\\]|\p{Surrogate}/u.test(path) &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  )
}

function pack({ path, read }: FoundFile): PackedFile | null {
  const file = read()
  if (file.length > LARGEST_FILE) return null
  return { path, sha256: sha256(file), bytes: file.length, content: gzipSync(file) }
}

/** The whole report and each gate's first; the pages of coverage.py, of which there may be many, last. */
function inOrder(found: readonly FoundFile[]): FoundFile[] {
  const rank = (path: string) => {
    const depth = path.split("/").length
    return depth <= 2 ? depth : path.startsWith("test/coverage/") ? 4 : 3
  }
  return [...found].sort(
    (one, other) => rank(one.path) - rank(other.path) || (one.path < other.path ? -1 : one.path > other.path ? 1 : 0),
  )
}

/** Digest of the list: a file that is added, missing or changed changes it. */
export function listDigest(files: readonly ListedFile[]): string {
  const list = files
    .map(({ path, sha256: digest, bytes }) => ({ path, sha256: digest, bytes }))
    .sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0))
  return sha256(Buffer.from(canonicalJson(list)))
}

/** The file as it was packed; null: it is another one, or does not end where it should. */
export function unpackFile(listed: ListedFile, content: Buffer): Buffer | null {
  try {
    const file = gunzipSync(content, { maxOutputLength: Math.max(1, Math.min(listed.bytes, LARGEST_FILE)) })
    return file.length === listed.bytes && sha256(file) === listed.sha256 ? file : null
  } catch {
    return null
  }
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex")
}
