import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, rename, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "./command.js"

/**
 * Writes a folder as an OCI image layout of one layer: what the engine reads as its builtin content. The same files give the
 * same digest.
 */
export async function writeOciLayout(source: string, target: string, log: string): Promise<void> {
  const blobs = join(target, "blobs", "sha256")
  await mkdir(blobs, { recursive: true })
  const tar = join(target, "layer.tar")
  await run(
    [
      "tar",
      "--create",
      "--file",
      tar,
      "--sort=name",
      "--mtime=@0",
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "--directory",
      source,
      ".",
    ],
    { log },
  )
  const layer = await moveToDigest(tar, blobs)
  const config = await writeBlob(blobs, {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  })
  const manifest = await writeBlob(blobs, {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
  })
  await writeFile(join(target, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  await writeFile(
    join(target, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", ...manifest }],
    }),
  )
}

interface Blob {
  digest: string
  size: number
}

async function moveToDigest(path: string, blobs: string): Promise<Blob> {
  const hash = createHash("sha256")
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  const digest = hash.digest("hex")
  const { size } = await stat(path)
  await rename(path, join(blobs, digest))
  return { digest: `sha256:${digest}`, size }
}

async function writeBlob(blobs: string, value: object): Promise<Blob> {
  const text = JSON.stringify(value)
  const digest = createHash("sha256").update(text).digest("hex")
  await writeFile(join(blobs, digest), text)
  return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) }
}
