import type { Directory } from "@dagger.io/dagger"
import { z } from "zod"
import { layoutDigest } from "./layout.js"
import { pythonTool, TOOLS } from "./python-tool.js"
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
  const compared = pythonTool("compare_images.py")
    .withMountedDirectory("/one", layout)
    .withMountedDirectory("/other", second)
    .withExec(["python3", `${TOOLS}/compare_images.py`, "/one", "/other"])
  const { differences, copied } = comparison.parse(JSON.parse(await compared.stdout()))
  if (digest !== other) return { kind: "no", digest: other, differences }
  return copied.length === 0 ? { kind: "yes" } : { kind: "times", folders: copied }
}
