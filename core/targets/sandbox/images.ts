import { type Container, type Directory, dag, ImageLayerCompression, ReturnType } from "@dagger.io/dagger"
import { publisher } from "../../image/publish.js"
import { runId } from "../../qa/run-id.js"
import { TollgateError } from "../../shared/errors.js"
import { REGISTRY, REGISTRY_USER, registry } from "./machine.js"

const COPY = `set -eu
umask 077
printf '{"auths":{"%s":{"auth":"%s"}}}' "$REGISTRY" "$(printf '%s:%s' "$REGISTRY_USER" "$(cat /run/secrets/password)" | base64 -w0)" >/run/login/login.json
to="docker://$REGISTRY/$NAME"
skopeo copy --quiet --all --authfile /run/login/login.json --dest-tls-verify=false --preserve-digests "$FROM" "$to"
skopeo inspect --authfile /run/login/login.json --tls-verify=false --format '{{.Digest}}' "$to"
`

/**
 * Puts an image into the sandbox's registry.
 *
 * @param image an OCI layout is pushed byte for byte
 * @param name with its tag: `postgres:15`
 * @returns by its digest, as the sandbox knows it
 */
export async function pushToSandbox(
  sandbox: string,
  registryPassword: string,
  image: Container | Directory,
  name: string,
): Promise<string> {
  const ready = (await publisher(dag.directory(), undefined)).withServiceBinding("registry", registry(sandbox))
  const given =
    "asTarball" in image
      ? ready
          .withMountedFile("/image.tar", image.asTarball({ forcedCompression: ImageLayerCompression.Gzip }))
          .withEnvVariable("FROM", "oci-archive:/image.tar")
      : ready.withMountedDirectory("/layout", image).withEnvVariable("FROM", "oci:/layout")
  const finished = given
    .withMountedSecret("/run/secrets/password", dag.setSecret(`tollgate-${sandbox}-registry`, registryPassword))
    .withMountedTemp("/run/login")
    .withEnvVariable("REGISTRY", REGISTRY)
    .withEnvVariable("REGISTRY_USER", REGISTRY_USER)
    .withEnvVariable("NAME", name)
    // the registry's content is not part of the cache key
    .withEnvVariable("TOLLGATE_RUN", runId(new Date()))
    .withExec(["sh", "-c", COPY], { expect: ReturnType.Any })
  if ((await finished.exitCode()) !== 0)
    throw new TollgateError(
      "sandbox-push",
      `Could not push ${name} to the sandbox's registry:\n${(await finished.stderr()).trim()}`,
      "Run the same command again. If it fails again, free disk space: `dagger core engine local-cache prune`.",
    )
  return `${REGISTRY}/${name.replace(/:[^:/]*$/, "")}@${(await finished.stdout()).trim()}`
}
