import type { Secret } from "@dagger.io/dagger"
import { readSecrets } from "../secrets/dotenv.js"

/** The values of image.buildSecrets, each under its own name: by that a Dockerfile asks for it. */
export function readBuildSecrets(bundle: Secret | undefined, names: string[]): Promise<Map<string, Secret>> {
  return readSecrets(bundle, names, "image.buildSecrets", (name) => name)
}
