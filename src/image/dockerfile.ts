import type { Container, Directory } from "@dagger.io/dagger"
import type { ImageSettings } from "../config/image.js"
import type { BuildOptions } from "./build.js"

/** The app's own Dockerfile; its .dockerignore counts as it does for Docker. */
export async function buildFromDockerfile(settings: ImageSettings, source: Directory, dockerfile: string, { platform }: BuildOptions): Promise<Container> {
  const { target, buildArgs } = settings
  return source.dockerBuild({
    dockerfile,
    buildArgs: Object.entries(buildArgs).map(([name, value]) => ({ name, value })),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
  })
}
