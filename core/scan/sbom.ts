import { z } from "zod"

const bom = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
})

/** The subject of a bill of materials. */
export interface BomSubject {
  /** image.name; null if not set. */
  name: string | null
  /** The app's folder inside the source. */
  app: string
  /** Digest of the image's manifest; null if the subject is the lockfiles. */
  image: string | null
}

/** The CycloneDX bill of materials with the image's name and digest, which Trivy does not know: it scanned a folder. */
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
