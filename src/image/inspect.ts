import type { Directory } from "@dagger.io/dagger"
import { type InspectedImage, inspectedImage } from "./inspected.js"
import { pythonTool, TOOLS } from "./python-tool.js"

/** Reads every layer of the image. */
export async function inspectLayout(layout: Directory): Promise<InspectedImage> {
  const inspected = pythonTool("inspect_image.py", "secret_files.py")
    .withMountedDirectory("/layout", layout)
    .withExec(["python3", `${TOOLS}/inspect_image.py`, "/layout"])
  return inspectedImage.parse(JSON.parse(await inspected.stdout()))
}
