import { readFileSync } from "node:fs"
import { type Container, type Directory, dag, type Platform } from "@dagger.io/dagger"
import { type CacheOwner, withUvCache } from "./caches.js"
import type { ToolName } from "./plan.js"

/** What Tollgate installs with, in the version that it was tested with. The other tools' versions, whole, are in tools/. */
export const UV = "uv==0.13.9"

/** Where uv is while something is installed: mounted, so that no image or container keeps it. */
const PLACE = "/opt/tollgate-python"
const ENVIRONMENT = "/opt/tollgate-tool"
const CACHE = "/root/.cache/uv"

/** Settings of ours that no variable of a later step inherits; an index that pip's variables name counts for uv too. */
const START = `#!/bin/sh
if [ -n "\${PIP_INDEX_URL:-}" ] && [ -z "\${UV_DEFAULT_INDEX:-}" ]; then export UV_DEFAULT_INDEX="$PIP_INDEX_URL"; fi
if [ -n "\${PIP_EXTRA_INDEX_URL:-}" ] && [ -z "\${UV_INDEX:-}" ]; then export UV_INDEX="$PIP_EXTRA_INDEX_URL"; fi
export UV_CACHE_DIR=${CACHE} UV_LINK_MODE=copy UV_NO_PROGRESS=1 UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1
exec ${PLACE}/program "$@"
`

function uvFolder(platform: Platform | undefined): Directory {
  const program = dag
    .container(platform === undefined ? {} : { platform })
    .from("python:3.11-slim")
    .withExec([
      "python",
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-cache-dir",
      "--root-user-action=ignore",
      "--disable-pip-version-check",
      "--target",
      "/uv",
      UV,
    ])
    .file("/uv/bin/uv")
  return dag
    .directory()
    .withFile("program", program, { permissions: 0o755 })
    .withNewFile("uv", START, { permissions: 0o755 })
}

/**
 * Runs steps that may call `uv`.
 *
 * @param owner whose cache it uses
 * @param cache tells apart the caches of builds that must not know each other
 */
export function withUv(
  container: Container,
  steps: (container: Container) => Container,
  { owner, platform, cache = "" }: { owner: CacheOwner; platform?: Platform; cache?: string },
): Container {
  const mounted = withUvCache(container.withMountedDirectory(PLACE, uvFolder(platform)), CACHE, owner, cache)
  return steps(mounted).withoutMount(CACHE).withoutMount(PLACE)
}

/** uv as a step calls it. */
export const uvProgram = `${PLACE}/uv`

/** A container in which a package manager's own program runs, apart from whatever the app installs. */
export function withTool(container: Container, tool: ToolName, python: string): Container {
  if (tool === "uv") return container.withEnvVariable("PATH", `${PLACE}:\${PATH}`, { expand: true })
  const versions = readFileSync(new URL(`tools/${tool}.txt`, import.meta.url), "utf8")
  return container
    .withNewFile(`${ENVIRONMENT}.txt`, versions)
    .withExec([
      "sh",
      "-c",
      `${uvProgram} venv --quiet --python ${python} ${ENVIRONMENT} && ${uvProgram} pip install --quiet --no-deps --python ${ENVIRONMENT}/bin/python -r ${ENVIRONMENT}.txt`,
    ])
    .withEnvVariable("PATH", `${ENVIRONMENT}/bin:\${PATH}`, { expand: true })
}

export function toolVersion(tool: ToolName): string {
  if (tool === "uv") return UV.split("==")[1] ?? ""
  const versions = readFileSync(new URL(`tools/${tool}.txt`, import.meta.url), "utf8")
  return new RegExp(`^${tool}==(\\S+)`, "m").exec(versions)?.[1] ?? ""
}
