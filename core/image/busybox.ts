import { dag, type File, type Platform } from "@dagger.io/dagger"

/** One static program with a shell and the usual tools: it runs in any image, also in one that has nothing but its own program. */
export function busybox(platform?: Platform): File {
  const install = "apt-get update -qq && apt-get install -y -qq --no-install-recommends busybox-static >/dev/null"
  return dag
    .container(platform === undefined ? {} : { platform })
    .from("debian:bookworm-slim")
    .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
    .withExec(["sh", "-c", install])
    .file("/bin/busybox")
}
