import { z } from "zod"

const bom = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
})

/** What a bill of materials is about. */
export interface BomSubject {
  /** The image's name as registries know it; null: it has none yet. */
  name: string | null
  /** The app's folder inside the source. */
  app: string
  /** Digest of the image's manifest; null: it is about the lockfiles. */
  image: string | null
}

/** The CycloneDX bill of materials, about the image by its digest: Trivy was given a folder and does not know it. */
export function namedBom(text: string, { name, app, image }: BomSubject): string {
  const written = bom.parse(JSON.parse(text))
  const { component } = written.metadata
  const short = lastPart(name ?? app) ?? "app"
  const repository = name === null ? "" : `?repository_url=${encodeURIComponent(name)}`
  const purl = `pkg:oci/${encodeURIComponent(short)}@${encodeURIComponent(image ?? "")}${repository}`
  const named = image === null ? { ...component, name: short } : { ...component, name: short, version: image, purl }
  return `${JSON.stringify({ ...written, metadata: { ...written.metadata, component: named } }, null, 1)}\n`
}

function lastPart(path: string): string | undefined {
  return path.split("/").findLast((part) => part !== "." && part !== "")
}
