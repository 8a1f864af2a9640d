import { readFile } from "node:fs/promises"
import { dag, type Directory } from "@dagger.io/dagger"
import { z } from "zod"
import { layoutDigest } from "./layout.js"
import type { Reproducible } from "./result.js"

const comparison = z.object({ differences: z.array(z.string()), copied: z.array(z.string()) })

/**
 * Compares the image with a second one that was built from nothing.
 *
 * @param timesMatter the image has the times that its build left
 */
export async function compareBuilds(layout: Directory, second: Directory, timesMatter: boolean): Promise<Reproducible> {
  const [digest, other] = await Promise.all([layoutDigest(layout), layoutDigest(second)])
  if (digest === other && !timesMatter) return { kind: "yes" }
  const script = await readFile(new URL("container/compare_images.py", import.meta.url), "utf8")
  const compared = dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/compare_images.py", script)
    .withMountedDirectory("/one", layout)
    .withMountedDirectory("/other", second)
    .withExec(["python3", "/compare_images.py", "/one", "/other"])
  const { differences, copied } = comparison.parse(JSON.parse(await compared.stdout()))
  if (digest !== other) return { kind: "no", digest: other, differences }
  return copied.length === 0 ? { kind: "yes" } : { kind: "times", folders: copied }
}
