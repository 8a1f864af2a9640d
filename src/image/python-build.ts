import { type Container, dag, type Directory, type Platform } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { dependencyFiles, installing, shell, withPackages } from "../qa/environment.js"
import type { Stamp } from "./stamp.js"

const VENV = "/opt/venv"
const APP = "/app"
const PIP = "/opt/pip"
const USER = 10001

/** For files that come of the dependencies alone: their layer is the same whatever commit it is built for. 1980 is the oldest that a zip file can hold. */
const EPOCH = 315532800

/** What a running service has no use for, and what must not leave the house. */
const LEFT_OUT = [
  "**/.git", "**/.gitignore", "**/.gitattributes", "**/.github", "**/.env", "**/.env.*", "**/tests", "**/test_*.py", "**/*_test.py", "**/conftest.py",
  "**/__pycache__", "**/.pytest_cache", "**/.venv", "test", "Dockerfile", "*.Dockerfile", "Dockerfile.*", ".dockerignore",
  "docker-compose*.yml", "docker-compose*.yaml", "compose.yml", "compose.yaml", "tollgate.yaml", "tollgate.schema.json",
]

/**
 * Tollgate's own image of a Python service, for an app without a Dockerfile. Dependencies are installed into a virtual
 * environment by a builder that has compilers; the image has that environment, the app's source, and nothing else.
 * The same source gives the same bytes.
 */
export async function buildPython(settings: Settings, source: Directory, command: string[], stamp: Stamp, platform?: Platform): Promise<Container> {
  const { app, image } = settings
  const base = dag.container(platform === undefined ? {} : { platform }).from(app.image)
  const files = await dependencyFiles("image.dependencies.files", image.dependencies.files, app, source)
  const venv = await installing("image.packages, image.buildPackages, image.dependencies", dependencies(settings, base, files))
  const runtime = await withUser(image.packages.length > 0 ? withPackages(base, image.packages) : base)
  return runtime
    .withDirectory(VENV, venv.directory(VENV))
    .withEnvVariable("PATH", `${VENV}/bin:${(await base.envVariable("PATH")) ?? "/usr/local/bin:/usr/bin:/bin"}`)
    .withEnvVariable("PYTHONUNBUFFERED", "1")
    .withEnvVariable("PYTHONDONTWRITEBYTECODE", "1")
    .withDirectory(APP, compiled(base, source.filter({ exclude: [...LEFT_OUT, ...image.exclude] }), commitTime(stamp)))
    .withWorkdir(APP)
    .withUser(`${USER}:${USER}`)
    .withExposedPort(image.port)
    .withDockerHealthcheck(["python", "-c", healthcheck(image.port, image.health)], { interval: "10s", timeout: "5s", startPeriod: "30s", retries: 3 })
    .withDefaultArgs(command)
}

/** The source's files bear the commit's time: servers make entity tags of it, and must not give two versions of a file the same one. */
function commitTime(stamp: Stamp): number {
  const time = Math.floor(Date.parse(stamp.created) / 1000)
  return Number.isNaN(time) ? EPOCH : time
}

/** Slim images have no curl. */
function healthcheck(port: number, path: string): string {
  return `import urllib.request; urllib.request.urlopen("http://127.0.0.1:${port}${path}", timeout=4)`
}

function dependencies({ image }: Settings, base: Container, files: [path: string, contents: string][]): Container {
  let builder = base.withWorkdir(APP)
  const packages = [...new Set([...image.buildPackages, ...image.packages])]
  if (packages.length > 0) builder = withPackages(builder, packages)
  builder = shell(builder, pythonHeaders)
  builder = shell(builder, emptyEnvironment)
    .withEnvVariable("VIRTUAL_ENV", VENV)
    .withEnvVariable("PATH", `${VENV}/bin:${PIP}/bin:\${PATH}`, { expand: true })
    .withEnvVariable("PYTHONPATH", PIP)
    .withEnvVariable("SOURCE_DATE_EPOCH", String(EPOCH))
    // paths of temporary folders would be in the debug information
    .withEnvVariable("CFLAGS", "-g0")
    .withEnvVariable("PIP_NO_COMPILE", "1")
    .withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    .withEnvVariable("PIP_ROOT_USER_ACTION", "ignore")
    .withMountedCache("/root/.cache/pip", dag.cacheVolume("tollgate-pip"))
  for (const [path, contents] of files) builder = builder.withNewFile(path, contents)
  for (const line of image.dependencies.install) builder = shell(builder, line)
  return settled(builder, VENV, EPOCH)
}

/** Debian's own Python comes without them; the official images have them. */
const pythonHeaders = `test -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" || { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-dev && rm -rf /var/lib/apt/lists/*; }`

/** pip stands beside the environment instead of in it: the image has no use for it, and what it can install is no longer what was proven. */
const emptyEnvironment = [
  `python3 -m venv --without-pip ${VENV}`,
  `mkdir -p ${PIP}/bin`,
  `cp -r "$(python3 -c 'import os, pip; print(os.path.dirname(pip.__file__))')" ${PIP}/pip`,
  `printf '#!/bin/sh\\nexec python -m pip "$@"\\n' >${PIP}/bin/pip`,
  `chmod +x ${PIP}/bin/pip`,
].join(" && ")

/**
 * Bytecode that is valid by its source's hash, not by its time: a start need not compile, and the bytes are the same each
 * time. The files' own times are set here and not by Directory.withTimestamps, which stumbles over links that lead out.
 */
function settled(container: Container, folder: string, time: number): Container {
  const steps = [
    `find ${folder} -name __pycache__ -type d -prune -exec rm -rf {} +`,
    // a package may bring templates that are no Python
    `{ python3 -m compileall -q -j 1 --invalidation-mode checked-hash ${folder} || true; }`,
    `find ${folder} -exec touch --no-dereference --date=@${time} {} +`,
  ]
  return shell(container.withEnvVariable("PYTHONHASHSEED", "0"), steps.join(" && "))
}

function compiled(base: Container, source: Directory, time: number): Directory {
  return settled(base.withDirectory(APP, source), APP, time).directory(APP)
}

async function withUser(container: Container): Promise<Container> {
  const [passwd, group] = await Promise.all([container.file("/etc/passwd").contents(), container.file("/etc/group").contents()])
  return container
    .withFile("/etc/passwd", textFile("passwd", `${passwd}app:x:${USER}:${USER}::${APP}:/usr/sbin/nologin\n`))
    .withFile("/etc/group", textFile("group", `${group}app:x:${USER}:\n`))
}

function textFile(name: string, contents: string) {
  return dag.directory().withNewFile(name, contents).file(name).withTimestamps(EPOCH)
}
