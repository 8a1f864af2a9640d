import { dag } from "@dagger.io/dagger"
import { dotenvText } from "../../core/release/session/dotenv-text.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"

/** Of the host: what docker-compose publishes. */
export const BARE_PORT = 8080
const FOLDER = "/root/bare"

/** An image of the example in the sandbox's registry, not on its host yet: a changed file makes another one. */
export async function bareImage(sandbox: Sandbox, app: string, change: string): Promise<string> {
  const source = dag.host().directory(app, { noCache: true }).withNewFile("app/change.txt", `${change}\n`)
  return await sandbox.push(source.dockerBuild(), `bare:${change.replaceAll(" ", "-")}`)
}

/** What a team would have on the host in place of Tollgate. */
export async function installCompose({ host, registryPassword, variables }: Sandbox): Promise<void> {
  await host.run({
    what: "install docker-compose",
    script:
      "command -v docker-compose >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-compose curl >/dev/null; }",
    seconds: 300,
  })
  await host.run({
    what: "log in for docker-compose",
    script: `mkdir -p ${FOLDER} && docker login --username tollgate --password-stdin registry:5000 >/dev/null 2>&1`,
    input: registryPassword,
    seconds: 60,
  })
  await host.run({
    what: "write the variables",
    script: `cat >${FOLDER}/env`,
    input: dotenvText([...variables]),
    seconds: 60,
  })
}

/** What a team writes down: the same three processes, the database first. */
function composeFile(image: string, version: string): string {
  const common = { image, env_file: "env", environment: { APP_VERSION: version } }
  const after = { depends_on: { migrate: { condition: "service_completed_successfully" } }, restart: "unless-stopped" }
  return JSON.stringify({
    services: {
      migrate: { ...common, command: ["alembic", "upgrade", "head"] },
      web: { ...common, ...after, ports: [`${BARE_PORT}:8000`] },
      worker: { ...common, ...after, command: ["python", "-m", "app.worker"] },
    },
    networks: { default: { external: true, name: "tollgate" } },
  })
}

/** The two commands, until the new version answers customers. @returns seconds */
export async function composeUpdate({ host }: Sandbox, image: string): Promise<number> {
  const version = image.slice(-12)
  const began = performance.now()
  await host.run({
    what: "update by docker-compose",
    script: [
      `cd ${FOLDER} && cat >docker-compose.yml`,
      "docker-compose --no-ansi pull -q 2>&1 && docker-compose --no-ansi up -d 2>&1 || exit 1",
      `tries=0; until curl -s http://127.0.0.1:${BARE_PORT}/version | grep -q ${version}; do tries=$((tries + 1)); [ $tries -lt 600 ] || exit 1; sleep 0.05; done`,
    ].join("\n"),
    input: composeFile(image, version),
    seconds: 300,
  })
  return (performance.now() - began) / 1000
}
