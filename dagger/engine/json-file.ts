import { readFile, rename, writeFile } from "node:fs/promises"
import type { z } from "zod"

/** What does not fit the schema (an older version's file, a torn disk) counts as absent: it is only ever a shortcut. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch {
    return undefined
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Never half-written: an interrupted write leaves the old file. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`)
  await rename(`${path}.new`, path)
}
