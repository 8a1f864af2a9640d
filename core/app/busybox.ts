import { dag, type File, type Platform } from "@dagger.io/dagger"

/** A static program with a shell and the usual tools. It runs in any image, even one that only has its own program. */
export function busybox(platform?: Platform): File {
  const install = "apt-get update -qq && apt-get install -y -qq --no-install-recommends busybox-static >/dev/null"
  return dag
    .container(platform === undefined ? {} : { platform })
    .from("debian:bookworm-slim")
    .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
    .withExec(["sh", "-c", install])
    .file("/bin/busybox")
}
