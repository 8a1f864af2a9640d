import type { Container, Directory, Platform } from "@dagger.io/dagger"
import type { ImageSettings } from "../config/image.js"

/** The app's own Dockerfile; its .dockerignore counts as it does for Docker. */
export function buildFromDockerfile(settings: ImageSettings, source: Directory, dockerfile: string, platform?: Platform): Container {
  const { target, buildArgs } = settings
  return source.dockerBuild({
    dockerfile,
    buildArgs: Object.entries(buildArgs).map(([name, value]) => ({ name, value })),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
  })
}
