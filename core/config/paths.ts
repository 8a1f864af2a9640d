import type { z } from "zod"
import { mapping, pathGlob, some } from "./fields.js"
import { gatesWithPaths } from "./gates.js"

const patterns = (gate: string) =>
  some(
    "a list of patterns of files",
    pathGlob("a pattern of files such as app/**, relative to the source"),
    "lists nothing: remove the key, and the gate always runs",
  )
    .optional()
    .describe(
      `Patterns of files, relative to the source, of which one must have changed for ${gate} to run in \`ci\`. When left out: it always runs.`,
    )

export const paths = mapping("a mapping of gates to patterns of files", {
  ...Object.fromEntries(gatesWithPaths.map((name) => [name, patterns(name)])),
})

export type PathSettings = z.output<typeof paths>
