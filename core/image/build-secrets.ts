import type { Secret } from "@dagger.io/dagger"
import { readSecrets } from "../secrets/dotenv.js"

/** The values of image.buildSecrets, each under the name that the Dockerfile uses. */
export function readBuildSecrets(bundle: Secret | undefined, names: string[]): Promise<Map<string, Secret>> {
  return readSecrets(bundle, names, "image.buildSecrets", (name) => name)
}
