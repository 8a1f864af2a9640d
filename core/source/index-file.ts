import { createHash } from "node:crypto"
import { kindOf, type Tracked } from "./tracked.js"

export type IndexReading = { kind: "read"; tracked: Tracked[] } | { kind: "unreadable"; why: string; next: string }

const HEADER = 12
/** Times, device, inode, mode, owner and size, before the object's id. */
const FIXED = 40
const SKIP_WORKTREE = 0x4000
const EXTENDED = 0x4000
const WRITE_AGAIN = "Write it again: git update-index --index-version 4 --force-write-index. Then run again."

/**
 * Reads `.git/index`. An upload to Dagger has no Git to ask, but it can have this file.
 *
 * https://git-scm.com/docs/index-format
 */
export function readIndex(bytes: Buffer): IndexReading {
  if (bytes.length < HEADER || bytes.toString("latin1", 0, 4) !== "DIRC")
    return { kind: "unreadable", why: "it is not an index of Git", next: WRITE_AGAIN }
  const version = bytes.readUInt32BE(4)
  if (version < 2 || version > 4)
    return { kind: "unreadable", why: `its version is ${version}; versions 2 to 4 can be read`, next: WRITE_AGAIN }
  const length = idLength(bytes)
  if (length === null) return { kind: "unreadable", why: "its checksum is wrong", next: WRITE_AGAIN }
  try {
    const { tracked, extensions } = entriesOf(bytes, version, length)
    if (extensions.includes("link"))
      return {
        kind: "unreadable",
        why: "it is a split index",
        next: "Join it: git update-index --no-split-index. Then run again.",
      }
    return { kind: "read", tracked }
  } catch (error) {
    if (error instanceof RangeError) return { kind: "unreadable", why: "it is cut short", next: WRITE_AGAIN }
    throw error
  }
}

/** Nothing in the index names its hash; its own checksum tells. With index.skipHash it has none. */
function idLength(bytes: Buffer): 20 | 32 | null {
  const endsWith = (hash: "sha1" | "sha256", length: number) =>
    createHash(hash).update(bytes.subarray(0, -length)).digest().equals(bytes.subarray(-length))
  if (endsWith("sha256", 32)) return 32
  return endsWith("sha1", 20) || bytes.subarray(-20).every((byte) => byte === 0) ? 20 : null
}

function entriesOf(bytes: Buffer, version: number, length: 20 | 32): { tracked: Tracked[]; extensions: string[] } {
  const byPath = new Map<string, Tracked>()
  let at = HEADER
  let previous: Buffer = Buffer.alloc(0)
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const start = at
    const mode = bytes.readUInt32BE(start + 24)
    const size = bytes.readUInt32BE(start + 36)
    const id = bytes.toString("hex", start + FIXED, start + FIXED + length)
    at = start + FIXED + length
    const extended = (bytes.readUInt16BE(at) & EXTENDED) !== 0
    const skipped = extended && (bytes.readUInt16BE(at + 2) & SKIP_WORKTREE) !== 0
    at += extended ? 4 : 2
    if (version === 4) {
      const [strip, next] = readVarint(bytes, at)
      const end = endOf(bytes, next)
      previous = Buffer.concat([previous.subarray(0, previous.length - strip), bytes.subarray(next, end)])
      at = end + 1
    } else {
      const end = endOf(bytes, at)
      previous = bytes.subarray(at, end)
      // padded with one to eight NULs
      at = start + Math.ceil((end - start + 1) / 8) * 8
    }
    const path = previous.toString("utf8").replace(/\/$/, "")
    // a conflict has up to three entries
    byPath.set(path, { path, kind: kindOf(mode), skipped, id, size, modified: timeAt(bytes, start + 8) })
  }
  return { tracked: [...byPath.values()], extensions: extensionsOf(bytes, at, length) }
}

function timeAt(bytes: Buffer, at: number): bigint {
  return BigInt(bytes.readUInt32BE(at)) * 1_000_000_000n + BigInt(bytes.readUInt32BE(at + 4))
}

function endOf(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(0, from)
  if (end === -1) throw new RangeError("a path has no end")
  return end
}

/** As in pack files: each byte after the first adds one, so that no number has two forms. */
function readVarint(bytes: Buffer, from: number): [value: number, next: number] {
  let at = from
  let byte = bytes.readUInt8(at++)
  let value = byte & 0x7f
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++)
    value = ((value + 1) << 7) | (byte & 0x7f)
  }
  return [value, at]
}

function extensionsOf(bytes: Buffer, from: number, checksum: number): string[] {
  const names: string[] = []
  for (let at = from; at + 8 <= bytes.length - checksum; at += 8 + bytes.readUInt32BE(at + 4))
    names.push(bytes.toString("latin1", at, at + 4))
  return names
}
