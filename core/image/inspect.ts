import { type InspectedImage, inspectedImage } from "./inspected.js"
import type { FinishedImage } from "./layout.js"
import { pythonTool, TOOLS } from "./python-tool.js"

/** Reads every layer of the image. */
export async function inspectLayout({ layout, origins }: FinishedImage): Promise<InspectedImage> {
  const inspected = pythonTool("inspect_image.py", "secret_files.py")
    .withMountedDirectory("/layout", layout)
    .withMountedFile("/origins.json", origins)
    .withExec(["python3", `${TOOLS}/inspect_image.py`, "/layout", "/origins.json"])
  return inspectedImage.parse(JSON.parse(await inspected.stdout()))
}
