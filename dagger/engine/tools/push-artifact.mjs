// Publishes a layer as an OCI artifact of the kind that Trivy's databases are.
// usage: push-artifact.mjs REGISTRY REPOSITORY TAG LAYER.tar.gz
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"

const [registry, repository, tag, layerFile] = process.argv.slice(2)
const base = `http://${registry}/v2/${repository}`

async function send(method, url, body, type = "application/octet-stream") {
  const answer = await fetch(url, {
    method,
    body,
    headers: { "content-type": type },
    signal: AbortSignal.timeout(60_000),
  })
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${(await answer.text()).slice(0, 500)}`)
  return answer
}

async function push(blob, mediaType) {
  const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`
  const upload = await send("POST", `${base}/blobs/uploads/`, "")
  const place = new URL(upload.headers.get("location") ?? "", base)
  place.searchParams.set("digest", digest)
  await send("PUT", place, blob)
  return { mediaType, digest, size: blob.length }
}

const layer = await push(readFileSync(layerFile), "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip")
const manifest = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: await push(Buffer.from("{}"), "application/vnd.aquasec.trivy.config.v1+json"),
  layers: [{ ...layer, annotations: { "org.opencontainers.image.title": "db.tar.gz" } }],
}
await send("PUT", `${base}/manifests/${tag}`, JSON.stringify(manifest), manifest.mediaType)
