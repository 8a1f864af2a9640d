import { readFile } from "node:fs/promises"
import { dag, type Directory } from "@dagger.io/dagger"
import { type InspectedImage, inspectedImage } from "./inspected.js"

const SCRIPTS = ["inspect_image.py", "secret_files.py"]

/** Reads every layer of the image. */
export async function inspectLayout(layout: Directory): Promise<InspectedImage> {
  const texts = await Promise.all(SCRIPTS.map((name) => readFile(new URL(`container/${name}`, import.meta.url), "utf8")))
  let scripts = dag.directory()
  for (const [index, name] of SCRIPTS.entries()) scripts = scripts.withNewFile(name, texts[index] ?? "")
  const inspected = dag
    .container()
    .from("python:3.11-slim")
    .withDirectory("/tollgate", scripts)
    .withMountedDirectory("/layout", layout)
    .withExec(["python3", "/tollgate/inspect_image.py", "/layout"])
  return inspectedImage.parse(JSON.parse(await inspected.stdout()))
}
