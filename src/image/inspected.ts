import { z } from "zod"

/** What inspect_image.py found in an image: facts, no verdict. */

const findingKinds = [
  "dotenv", "private-key", "ssh-key", "keystore", "terraform-state", "credentials", "git-folder", "package-registry-token", "login",
  "cloud-credentials", "cluster-credentials", "registry-login", "package-test-key",
] as const

const finding = z.object({
  kind: z.enum(findingKinds),
  /** In the image, without the leading slash. */
  path: z.string(),
  layer: z.number().int(),
  /** The later layer that deletes or replaces it; it can be read all the same. */
  goneIn: z.number().int().nullable(),
})

const layer = z.object({
  createdBy: z.string(),
  /** Bytes of the layer's tar archive, as it is and as it is pulled. */
  size: z.number(),
  compressed: z.number(),
  files: z.number().int(),
})

const platformImage = z.object({
  platform: z.string(),
  /** Of the manifest. */
  digest: z.string(),
  config: z.object({
    User: z.string().nullable(),
    Env: z.array(z.string()).nullable(),
    Entrypoint: z.array(z.string()).nullable(),
    Cmd: z.array(z.string()).nullable(),
    Healthcheck: z.object({ Test: z.array(z.string()).optional() }).nullable(),
    Labels: z.record(z.string(), z.string()).nullable(),
  }),
  history: z.array(z.string()),
  layers: z.array(layer),
  biggest: z.array(z.object({ path: z.string(), size: z.number(), layer: z.number().int(), goneIn: z.number().int().nullable() })),
  /** Bytes of files that a later layer deletes or replaces. */
  wasted: z.number(),
  /** /etc/passwd as the service sees it. */
  users: z.array(z.object({ name: z.string(), uid: z.number().int() })),
  /** How many programs and libraries there are for each processor. */
  programs: z.record(z.string(), z.number().int()),
  findings: z.array(finding),
})

export const inspectedImage = z.object({
  /** Of the image, or of the index over the images of several platforms: what is published under a tag. */
  digest: z.string(),
  images: z.array(platformImage).min(1),
})

export type Finding = z.infer<typeof finding>
export type PlatformImage = z.infer<typeof platformImage>
export type InspectedImage = z.infer<typeof inspectedImage>
