import { type BackupFile, backupFile } from "./backup-file.js"

/** What a store holds. */
export interface Contents {
  /** The newest first. */
  backups: BackupFile[]
  /** Bytes of each file there is, by name. */
  sizes: ReadonlyMap<string, number>
  /** Files that a pipeline was killed over: Tollgate's own by their names, and described by nothing. */
  strays: string[]
}

const OURS = /^\d{8}T\d{9}Z_[A-Za-z0-9-]+_[A-Za-z0-9-]+\.(?:dump|dump\.age|json)(?:\.part)?$/

/** The same for every store. Files whose description cannot be read, or belongs to another, are not backups; they are left alone. */
export function contentsOf(
  objects: readonly { name: string; bytes: number }[],
  descriptions: readonly { name: string; text: string }[],
): Contents {
  const sizes = new Map(objects.map(({ name, bytes }) => [name, bytes]))
  const backups = descriptions.flatMap(({ name, text }) => {
    const parsed = backupFile.safeParse(asJson(text))
    return parsed.success && name === descriptionName(parsed.data) ? [parsed.data] : []
  })
  const strays = [...sizes.keys()].filter(
    (name) => OURS.test(name) && (name.endsWith(".part") || !sizes.has(`${stem(name)}.json`)),
  )
  return { backups: backups.sort((one, other) => other.createdAt.localeCompare(one.createdAt)), sizes, strays }
}

export function descriptionName({ name }: BackupFile): string {
  return `${name}.json`
}

function stem(name: string): string {
  return name.replace(/\.(?:dump|dump\.age|json)$/, "")
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
