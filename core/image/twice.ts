import { z } from "zod"
import { type FinishedImage, layoutDigest } from "./layout.js"
import { pythonTool, TOOLS } from "./python-tool.js"
import type { Reproducible } from "./result.js"
import { maskedSecrets } from "./secret-text.js"

const comparison = z.object({
  differences: z.array(z.string().transform((line) => maskedSecrets(line) ?? line)),
  copied: z.array(z.string()),
})

/**
 * Compares the image with a second build without cache.
 *
 * @param timesMatter the image keeps the times of its build
 */
export async function compareBuilds(
  first: FinishedImage,
  second: FinishedImage,
  timesMatter: boolean,
): Promise<Reproducible> {
  const [digest, other] = await Promise.all([layoutDigest(first.layout), layoutDigest(second.layout)])
  if (digest === other && !timesMatter) return { kind: "yes" }
  const compared = pythonTool("compare_images.py")
    .withMountedDirectory("/one", first.layout)
    .withMountedDirectory("/other", second.layout)
    .withMountedFile("/origins.json", second.origins)
    .withExec(["python3", `${TOOLS}/compare_images.py`, "/one", "/other", "/origins.json"])
  const { differences, copied } = comparison.parse(JSON.parse(await compared.stdout()))
  if (digest !== other) return { kind: "no", digest: other, differences }
  return copied.length === 0 ? { kind: "yes" } : { kind: "times", folders: copied }
}
