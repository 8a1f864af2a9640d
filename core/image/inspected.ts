import { z } from "zod"
import { maskedSecrets } from "./secret-text.js"

/** What inspect_image.py found in an image. */

const findingKinds = [
  "dotenv",
  "private-key",
  "ssh-key",
  "keystore",
  "terraform-state",
  "credentials",
  "git-folder",
  "package-registry-token",
  "login",
  "cloud-credentials",
  "cluster-credentials",
  "registry-login",
  "package-test-key",
] as const

const finding = z.object({
  kind: z.enum(findingKinds),
  /** In the image, without the leading slash. */
  path: z.string(),
  layer: z.number().int(),
  /** The later layer that deletes or replaces it; it can be read nevertheless. */
  goneIn: z.number().int().nullable(),
})

const layerOrigin = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("base") }),
  /** The engine's description, for people. Secrets in it are masked here. */
  z.object({ kind: z.literal("step"), words: z.string().transform((words) => maskedSecrets(words) ?? words) }),
  /** The engine no longer knows it, and no earlier build recorded it. */
  z.object({ kind: z.literal("forgotten") }),
])

const layer = z.object({
  origin: layerOrigin,
  /** Bytes of the layer's tar archive, uncompressed and compressed. */
  size: z.number(),
  compressed: z.number(),
  files: z.number().int(),
})

const platformImage = z.object({
  platform: z.string(),
  /** Digest of the manifest. */
  digest: z.string(),
  config: z.object({
    User: z.string().nullable(),
    Env: z.array(z.string()).nullable(),
    Entrypoint: z.array(z.string()).nullable(),
    Cmd: z.array(z.string()).nullable(),
    Healthcheck: z.object({ Test: z.array(z.string()).optional() }).nullable(),
    Shell: z.array(z.string()).nullish(),
    OnBuild: z.array(z.string()).nullish(),
    Labels: z.record(z.string(), z.string()).nullable(),
  }),
  layers: z.array(layer),
  biggest: z.array(
    z.object({ path: z.string(), size: z.number(), layer: z.number().int(), goneIn: z.number().int().nullable() }),
  ),
  /** Bytes of files that a later layer deletes or replaces. */
  wasted: z.number(),
  /** /etc/passwd of the image. */
  users: z.array(z.object({ name: z.string(), uid: z.number().int() })),
  /** Number of programs and libraries per processor. */
  programs: z.record(z.string(), z.number().int()),
  findings: z.array(finding),
})

export const inspectedImage = z.object({
  /** Digest of the image, or of the index for several platforms: what a tag points to. */
  digest: z.string(),
  images: z.array(platformImage).min(1),
})

export type LayerOrigin = z.infer<typeof layerOrigin>
export type Finding = z.infer<typeof finding>
export type PlatformImage = z.infer<typeof platformImage>
export type InspectedImage = z.infer<typeof inspectedImage>
