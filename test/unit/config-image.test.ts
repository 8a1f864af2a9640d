import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"

const smallest = "qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_a.py] } } }\n"

function image(keys: string) {
  return parseSettings(`${smallest}image: { ${keys} }\n`).image
}

function problems(keys: string, more = ""): string[] {
  try {
    parseSettings(`${smallest}image: { ${keys} }\n${more}`)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) => `${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

describe("settings of the image", () => {
  it("may be left out as a whole", () => {
    expect(parseSettings(smallest).image).toEqual({
      buildArgs: {},
      buildSecrets: [],
      dependencies: { files: null, install: null },
      packages: [],
      buildPackages: ["build-essential"],
      exclude: [],
      port: 8000,
      health: "/health",
      startTimeout: 60,
      env: {},
      before: [],
      maxSize: 1e9,
      notSecret: [],
      platforms: [],
      timestamps: "kept",
      registry: { insecure: false },
    })
  })

  it.each([
    ["500MB", 5e8],
    ["1.5GB", 1.5e9],
    ["512MiB", 2 ** 29],
    ["900kB", 9e5],
    ["1GiB", 2 ** 30],
    ["10KiB", 10240],
  ])("measure a size of %s as %i bytes", (written, size) => {
    expect(image(`maxSize: ${written}`).maxSize).toBe(size)
  })

  it.each([
    ["500", "500", " → write 500MB"],
    ["500M", '"500M"', " → write 500MB"],
    ["500mb", '"500mb"', " → write 500MB"],
    ["2g", '"2g"', " → write 2GB"],
    ["0MB", '"0MB"', ""],
    ["-1GB", '"-1GB"', ""],
    ["big", '"big"', ""],
  ])("refuse a size of %s", (written, shown, hint) => {
    expect(problems(`maxSize: ${written}`)).toEqual([
      `image.maxSize expected a size such as 500MB or 1.5GB, got ${shown}${hint}`,
    ])
  })

  it.each([
    "ghcr.io/acme/payments",
    "registry.example.com:5000/a/b-c/d_e",
    "acme/payments",
    "localhost:5000/x",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop",
  ])("take the name %s", (name) => expect(image(`name: "${name}"`).name).toBe(name))

  it.each([
    ["ghcr.io/acme/payments:v1", " → leave the tag out: it is given when the image is published"],
    ["ghcr.io/acme/payments@sha256:00", " → leave the tag out: it is given when the image is published"],
    ["https://ghcr.io/acme/payments", ' → leave the scheme out: "ghcr.io/acme/payments"'],
    ["ghcr.io/Acme/payments", ' → write it in lower case: "ghcr.io/acme/payments"'],
    ["ghcr.io/acme/", ""],
    ["acme payments", ""],
  ])("refuse the name %s", (name, hint) => {
    expect(problems(`name: "${name}"`)).toEqual([
      `image.name expected a name of an image, without a tag, such as ghcr.io/acme/payments, got ${JSON.stringify(name)}${hint}`,
    ])
  })

  it("refuse build arguments that sound like secrets, which an image tells everybody", () => {
    expect(problems("buildArgs: { NPM_TOKEN: abc, GIT_SHA: abc, API_KEY: x, KEYBOARD: de }")).toEqual(
      ["NPM_TOKEN", "API_KEY"].map(
        (name) =>
          `image.buildArgs.${name} sounds like a secret: build arguments can be read in the image → name it in image.buildSecrets, and read it in the Dockerfile with RUN --mount=type=secret`,
      ),
    )
    expect(
      problems('buildArgs: { INDEX: "https://bot:hunter22@pypi.acme.example/simple", OTHER: "https://pypi.org" }'),
    ).toEqual([
      "image.buildArgs.INDEX has a password in its URL: build arguments can be read in the image → name it in image.buildSecrets, and read it in the Dockerfile with RUN --mount=type=secret",
    ])
  })

  it("refuse a variable that a service gives, whichever services these are", () => {
    expect(problems("env: { DATABASE_URL: x }")).toEqual([
      "image.env.DATABASE_URL is set by qa.services.postgres → leave it out, or write `image: { services: { postgres: false } }`",
    ])
    expect(problems("env: { DATABASE_URL: x }, services: { postgres: false }")).toEqual([])
    expect(problems("env: { BROKER: x }, services: { redis: { env: BROKER } }")).toEqual([
      "image.env.BROKER is set by image.services.redis → leave it out, or write `image: { services: { redis: false } }`",
    ])
  })

  it("let the service have what is Tollgate's own in a suite", () => {
    expect(image("env: { PYTHONPATH: /srv/lib, PORT: 8000 }").env).toEqual({ PYTHONPATH: "/srv/lib", PORT: "8000" })
    expect(problems("env: { TOLLGATE_X: 1 }")).toEqual([
      "image.env.TOLLGATE_X is reserved: names that begin with TOLLGATE_ are Tollgate's own → choose another name",
    ])
  })

  it("need a reason for what is not a secret, and one thing at a time", () => {
    expect(problems("notSecret: [{ path: a.pem }]")).toEqual([
      "image.notSecret[0].reason is required: expected a reason",
    ])
    expect(problems("notSecret: [{ reason: x }, { path: a, variable: B, reason: x }]")).toEqual(
      [0, 1].map((index) => `image.notSecret[${index}] names path or variable: one of the two`),
    )
  })

  it.each([
    ["port: 0", "image.port expected a port from 1 to 65535, got 0"],
    ['port: "8000"', 'image.port expected a port from 1 to 65535, got "8000"'],
    ["health: health", 'image.health expected a path such as /health, got "health"'],
    [
      'health: "http://localhost:8000/health"',
      'image.health expected a path such as /health, got "http://localhost:8000/health" → give only the path: the host is the image\'s own container',
    ],
    ["platforms: [amd64]", 'image.platforms[0] expected a platform such as linux/amd64, got "amd64"'],
    [
      "command: python -m app",
      'image.command expected a list: the program and its arguments, got "python -m app" → write a list: one line that begins with `- ` for each entry',
    ],
    [
      "dependencies: { files: [uv.lock] }",
      'image.dependencies.files[0] is not a requirements file, and image.dependencies.install does not say how to install it → for example  install: ["pip install ."]',
    ],
    ["registry: { insecure: maybe }", 'image.registry.insecure expected true or false, got "maybe"'],
  ])("refuse %s", (keys, problem) => {
    expect(problems(keys)).toEqual([problem])
  })
})
