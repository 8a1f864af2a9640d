import { posix } from "node:path"
import { type Container, type Directory, dag } from "@dagger.io/dagger"
import { pythonApp } from "../app/python/app.js"
import { withPipCache } from "../app/python/caches.js"
import { APP, installing, pulled, shell } from "../app/steps.js"
import type { Settings } from "../config/schema.js"
import { terminalText } from "../shared/plain-text.js"
import type { BuildOptions } from "./build-options.js"
import { EPOCH, epochOf } from "./stamp.js"

const VENV = "/opt/venv"
const PIP = "/opt/pip"
const TREE = "/tree"
const USER = 10001

/** What a running service has no use for, and what must not leave the house. */
const LEFT_OUT = [
  "**/.git",
  "**/.gitignore",
  "**/.gitattributes",
  "**/.github",
  "**/.env",
  "**/.env.*",
  "**/tests",
  "test",
  "**/test_*.py",
  "**/*_test.py",
  "**/conftest.py",
  "pytest.ini",
  "tox.ini",
  ".coveragerc",
  "**/__pycache__",
  "**/.pytest_cache",
  "**/.venv",
  "**/.dockerignore",
  "Dockerfile",
  "*.Dockerfile",
  "Dockerfile.*",
  "docker-compose*.yml",
  "docker-compose*.yaml",
  "compose.yml",
  "compose.yaml",
  "tollgate.yaml",
  "tollgate.schema.json",
]

/**
 * Tollgate's own image of a Python service, for an app without a Dockerfile. Dependencies are installed into a virtual
 * environment by a builder that has compilers; the image has that environment, the app's source, and nothing else.
 * The same source gives the same bytes.
 */
export async function buildPython(
  settings: Settings,
  source: Directory,
  command: string[],
  options: BuildOptions,
): Promise<Container> {
  const { app, image } = settings
  const platform = options.platform === undefined ? {} : { platform: options.platform }
  const base = await pulled(app.image, dag.container(platform).from(app.image))
  const [path, runtime] = await Promise.all([base.envVariable("PATH"), withUser(base)])
  const builder = builderOf(base, [...image.buildPackages, ...image.packages], options)
  const where = { all: "image.packages, image.buildPackages or image.dependencies", packages: "image.buildPackages" }
  const python = await pythonApp({
    ...platform,
    place: "image.dependencies",
    settings: image.dependencies,
    purpose: "image",
    base: await installing(where, builder),
    program: "python",
    image: app.image,
    source,
    secrets: options.secrets,
    cache: options.fresh,
  })
  process.stderr.write(`${terminalText(`dependencies of the image: ${python.described}`)}\n`)
  const included = source.filter({ exclude: [...LEFT_OUT, ...image.exclude] })
  const installed = await installing(
    where,
    withBuildSecrets(builder, options.secrets, (ready) => python.dependencies(ready)),
  )
  const environment = await installing(where, shell(python.project(installed.withDirectory(APP, included)), forgetful))
  return withRuntimePackages(runtime, image.packages, options)
    .withDirectory("/", treeOf(environment, VENV, EPOCH))
    .withEnvVariable("PATH", `${VENV}/bin:${path ?? "/usr/local/bin:/usr/bin:/bin"}`)
    .withEnvVariable("PYTHONUNBUFFERED", "1")
    .withEnvVariable("PYTHONDONTWRITEBYTECODE", "1")
    .withDirectory("/", treeOf(fresh(base, options).withDirectory(APP, included), APP, epochOf(options.stamp)))
    .withWorkdir(APP)
    .withUser(`${USER}:${USER}`)
    .withExposedPort(image.port)
    .withDockerHealthcheck(["python", "-c", healthcheck(image.port, image.health)], {
      interval: "10s",
      timeout: "5s",
      startPeriod: "30s",
      retries: 3,
    })
    .withDefaultArgs(command)
}

/** Slim images have no curl. */
function healthcheck(port: number, path: string): string {
  return `import urllib.request; urllib.request.urlopen(${JSON.stringify(`http://127.0.0.1:${port}${path}`)}, timeout=4)`
}

/** Makes the engine run the steps that follow again. The variable must not stay in what becomes the image. */
function fresh(container: Container, { fresh }: BuildOptions): Container {
  return fresh === "" ? container : container.withEnvVariable("TOLLGATE_FRESH", fresh)
}

function builderOf(base: Container, packages: string[], options: BuildOptions): Container {
  let builder = fresh(base, options).withWorkdir(APP).withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
  if (packages.length > 0)
    builder = shell(
      builder,
      `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${[...new Set(packages)].join(" ")} >/dev/null && ${pythonHeaders}`,
    )
  return withPipCache(
    shell(builder, emptyEnvironment)
      .withEnvVariable("VIRTUAL_ENV", VENV)
      .withEnvVariable("PATH", `${VENV}/bin:${PIP}/bin:\${PATH}`, { expand: true })
      .withEnvVariable("PYTHONPATH", PIP)
      .withEnvVariable("SOURCE_DATE_EPOCH", String(EPOCH))
      // the debug information would name temporary folders
      .withEnvVariable("CFLAGS", "-g0")
      .withEnvVariable("PIP_NO_COMPILE", "1")
      .withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1")
      .withEnvVariable("PIP_ROOT_USER_ACTION", "ignore"),
    "image",
    options.fresh,
  )
}

/** Where there is a compiler it is for Python's headers. Debian's own Python comes without them; the official images have them. */
const pythonHeaders = `{ ! command -v cc >/dev/null || test -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" || apt-get install -y -qq --no-install-recommends python3-dev >/dev/null; }`

/** pip stands beside the environment, not in it: what an image can install is not what was proven. */
const emptyEnvironment = [
  `python3 -m venv --without-pip ${VENV}`,
  `mkdir -p ${PIP}/bin`,
  `cp -r "$(python3 -c 'import os, pip; print(os.path.dirname(pip.__file__))')" ${PIP}/pip`,
  `printf '#!/bin/sh\\nexec python -m pip "$@"\\n' >${PIP}/bin/pip`,
  `chmod +x ${PIP}/bin/pip`,
].join(" && ")

/** Commands of tollgate.yaml find them as files too, as a Dockerfile does. */
function withBuildSecrets(
  builder: Container,
  secrets: BuildOptions["secrets"],
  steps: (ready: Container) => Container,
): Container {
  const mounted = [...secrets].reduce(
    (with_, [name, value]) => with_.withMountedSecret(`/run/secrets/${name}`, value),
    builder,
  )
  return [...secrets.keys()].reduce((left, name) => left.withoutMount(`/run/secrets/${name}`), steps(mounted))
}

/** uv notes when it read a project's files; the same source is to give the same bytes. */
const forgetful = `find ${VENV} -name uv_cache.json -exec rm {} + && find ${VENV} -name RECORD -exec sed -i '/uv_cache\\.json/d' {} +`

/**
 * A folder of the container, in a tree of its own that can be laid over the image's root: laid in by itself, it would
 * bring the time of its coming with it.
 *
 * Bytecode is valid by its source's hash, not by its time: a start need not compile, and the bytes are the same each
 * time. Files get the time that is given, folders none. (Directory.withTimestamps stumbles over links that lead out.)
 */
function treeOf(container: Container, folder: string, time: number): Directory {
  const steps = [
    `find ${folder} -name __pycache__ -type d -prune -exec rm -rf {} +`,
    // a package may bring templates that are no Python
    `{ python3 -m compileall -q -j 1 --invalidation-mode checked-hash ${folder} >/dev/null || true; }`,
    `mkdir -p ${TREE}${posix.dirname(folder)}`,
    `cp -a ${folder} ${TREE}${folder}`,
    `find ${TREE} -type d -exec touch --date=@${EPOCH} {} + -o -exec touch --no-dereference --date=@${time} {} +`,
  ]
  return shell(container.withEnvVariable("PYTHONHASHSEED", "0"), steps.join(" && ")).directory(TREE)
}

/** Debian packages without what tells when they were installed. */
function withRuntimePackages(container: Container, packages: string[], options: BuildOptions): Container {
  if (packages.length === 0) return container
  const steps = [
    "marker=$(mktemp)",
    "export DEBIAN_FRONTEND=noninteractive",
    `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} >/dev/null`,
    "rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache /var/cache/apt/*.bin /var/cache/debconf/*-old /var/lib/dpkg/*-old",
    `find / -xdev \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o -newer $marker -exec touch --no-dereference --date=@${EPOCH} {} +`,
    `rm $marker && touch --date=@${EPOCH} /tmp`,
  ]
  const installed = shell(fresh(container, options), `set -e\n${steps.join("\n")}`)
  return options.fresh === "" ? installed : installed.withoutEnvVariable("TOLLGATE_FRESH")
}

/** A user without rights and with a name: some libraries ask who they run as. */
async function withUser(container: Container): Promise<Container> {
  const [passwd, group] = await Promise.all([
    container.file("/etc/passwd").contents(),
    container.file("/etc/group").contents(),
  ])
  const files = dag
    .directory()
    .withNewFile("etc/passwd", `${passwd}app:x:${USER}:${USER}::${APP}:/usr/sbin/nologin\n`)
    .withNewFile("etc/group", `${group}app:x:${USER}:\n`)
  return container.withDirectory("/", files.withTimestamps(EPOCH))
}
