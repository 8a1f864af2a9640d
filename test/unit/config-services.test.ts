import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"
import { filledIn } from "../../core/config/service-variables.js"
import { accessoriesOf, startAccessories } from "../../core/targets/sandbox/accessories.js"

const SUITES = "suites: { e2e: { files: [tests/test_a.py] } }"
const settings = (qa: string, more = "") => parseSettings(`qa: { ${SUITES}, ${qa} }\n${more}`)

function problems(qa: string, more = ""): string[] {
  try {
    settings(qa, more)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) => `${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

describe("a service of the team's own choice", () => {
  const mail = "mail: { image: axllent/mailpit:v1.27, port: 1025 }"

  it("stands beside Postgres and Redis, with an image and a port at least", () => {
    expect(settings(`services: { redis: false, ${mail} }`).qa.services).toMatchObject({
      postgres: { image: "postgres:15" },
      redis: false,
      others: { mail: { image: "axllent/mailpit:v1.27", port: 1025, env: {} } },
    })
    expect(problems("services: { mail: { image: mailpit:1 }, queue: true, s3: { port: 0, imgae: minio:1 } }")).toEqual([
      "qa.services.mail.port is required: expected a port from 1 to 65535",
      "qa.services.queue expected a mapping with image and port, got true",
      "qa.services.s3.port expected a port from 1 to 65535, got 0",
      "qa.services.s3.imgae is not a known key → did you mean `image`?",
    ])
  })

  it("has a name that is a host name", () => {
    const named = (name: string) => problems(`services: { ${name}: { image: minio:1, port: 9000 } }`)
    expect(named("s3")).toEqual([])
    expect(named("a".repeat(63))).toEqual([])
    expect(named("a".repeat(64))).toEqual([
      `qa.services.${"a".repeat(64)} is too long for a host name: it has 64 characters, at most 63 are allowed`,
    ])
    const rule = "is not a host name: expected lower-case letters, digits and -, beginning with a letter"
    expect(named("object_store")).toEqual([`qa.services.object_store ${rule} → write object-store`])
    expect(named("queue-")).toEqual([`qa.services.queue- ${rule} → write queue`])
    expect(named("localhost")).toEqual(["qa.services.localhost is each container's own name: choose another one"])
  })

  it("gives its address to the variables that ask for it, and so do Postgres and Redis", () => {
    const env = {
      SMTP: "{services.mail.host}:{services.mail.port}",
      BOTH: "redis://{services.redis.host}:{services.redis.port}/3 {user}",
      TEXT: "{{services.mail.host}} {services.mail}",
    }
    expect(Object.fromEntries(filledIn(env, settings(`services: { ${mail} }`).qa.services))).toEqual({
      SMTP: "mail:1025",
      BOTH: "redis://redis:6379/3 app",
      TEXT: "{services.mail.host} {services.mail}",
    })
  })

  it("uses a name that exists, in qa.env, a suite's env, image.env and load.env", () => {
    const known = `known here: {services.mail.host} {services.mail.port}`
    expect(
      problems(
        `services: { postgres: false, redis: false, ${mail} }, env: { A: "{services.db.host}" }`,
        'image: { env: { B: "{services.mial.port}" } }',
      ),
    ).toEqual([
      `qa.env.A has the unknown placeholder {services.db.host} → ${known}; write {{services.db.host}} for the text {services.db.host}`,
      "image.env.B has the unknown placeholder {services.mial.port} → did you mean {services.mail.port}?; write {{services.mial.port}} for the text {services.mial.port}",
    ])
    expect(
      problems(
        `services: { ${mail} }, env: { A: "{services.mail.host}" }`,
        'image: { services: {}, env: { B: "{services.mail.host}" } }',
      ),
    ).toEqual([
      "image.env.B has the unknown placeholder {services.mail.host} → known here: {services.postgres.host} {services.postgres.port} {services.redis.host} {services.redis.port}; write {{services.mail.host}} for the text {services.mail.host}",
    ])
  })

  it("runs beside the service in the sandbox, and is waited for by its own check or by its port", () => {
    const { services } = settings(
      "services: { postgres: false, redis: false, mail: { image: mailpit:1, port: 1025 }, s3: { image: minio:1, port: 9000, env: { MINIO_ROOT_USER: it's }, command: [server, /data], healthy: mc ready local } }",
    ).qa
    const { script } = startAccessories("tollgate", accessoriesOf(services))
    expect(script).toContain(`--env 'MINIO_ROOT_USER=it'\\''s' minio:1 server /data`)
    expect(script).toContain("docker exec s3 sh -c 'mc ready local'")
    expect(script).toContain(
      `bash -c '</dev/tcp/$0/1025' "$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' mail)"`,
    )
  })
})
