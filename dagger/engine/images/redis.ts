import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type BaseImage, impatientHealthcheck, withPackages } from "./image.js"

const entrypoint = join(import.meta.dirname, "redis-entrypoint.sh")

export const redis: BaseImage = {
  names: ["redis:7", "redis:7-bookworm"],
  definedIn: [import.meta.filename, entrypoint],
  build: (base) =>
    withPackages(base.withExec(["sh", "-c", "groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis"]), [
      "redis-server",
    ])
      .withExec(["sh", "-c", "mkdir -p /data && chown redis:redis /data && rm -rf /etc/redis"])
      .withNewFile("/usr/local/bin/docker-entrypoint.sh", readFileSync(entrypoint, "utf8"), { permissions: 0o755 })
      .withWorkdir("/data")
      .withExposedPort(6379)
      .withEntrypoint(["docker-entrypoint.sh"])
      .withDefaultArgs(["redis-server"])
      .withDockerHealthcheck(["redis-cli", "ping"], impatientHealthcheck),
}
