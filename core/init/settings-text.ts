import { posix } from "node:path"
import { Document, isMap } from "yaml"
import type { Findings } from "./findings.js"

/** tollgate.yaml for a repository, with the reason above each choice. */
export function settingsText(found: Findings): string {
  const {
    name,
    app,
    python,
    dependencies,
    tests,
    code,
    postgres,
    redis,
    databaseParts,
    before,
    pythonPath,
    dockerfile,
    start,
    health,
    migrations,
    notes,
  } = found
  const suites = tests?.suites ?? [{ name: "tests", files: ["tests"], command: null }]
  const own = {
    ...(app.value === "." ? {} : { path: app.value }),
    ...(python.value === null ? {} : { image: python.value }),
    ...(dependencies.value === "detected" ? {} : { dependencies: { files: [] } }),
  }
  const image = imageOf(found)
  const ofService = databaseParts.byTests ? {} : databaseParts.value
  const env = { ...(pythonPath.value === null ? {} : { PYTHONPATH: pythonPath.value }), ...databaseParts.value }
  const settings = {
    ...(Object.keys(own).length === 0 ? {} : { app: own }),
    ...(Object.keys(image).length === 0 ? {} : { image }),
    qa: {
      ...(tests?.runner == null ? {} : { runner: tests.runner }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(before.value.length === 0 ? {} : { before: before.value }),
      ...(postgres.value && redis.value
        ? {}
        : { services: { ...(postgres.value ? {} : { postgres: false }), ...(redis.value ? {} : { redis: false }) } }),
      suites: Object.fromEntries(
        suites.map(({ name, files, command }) => [name, { files, ...(command === null ? {} : { command }) }]),
      ),
      ...(code.length === 0 ? {} : { coverage: { source: code, threshold: 0 } }),
    },
    ...(migrations.value === null || Object.keys(ofService).length === 0 ? {} : { database: { env: ofService } }),
    ...(name === null ? {} : { release: { name } }),
  }
  // the same variables are written out at each of their places
  const document = new Document(settings, { aliasDuplicateObjects: false })
  document.commentBefore = [
    " Made by `tollgate init`. Every key that there is: docs/tollgate.example.yaml of Tollgate.",
    ` Dependencies: ${dependencies.why}.`,
    ` Image: ${dockerfile.why}.`,
    ...(dockerfile.value === null && start.value === null
      ? [" Set image.command to the program that starts the service, such as [python, -m, app.serve]."]
      : []),
    ...(health === null
      ? [" Set image.health to the path by which it says that it is healthy; /health is requested."]
      : []),
    ` Migrations: ${migrations.value === null ? migrations.why : `${migrations.value}, by ${migrations.why}`}.`,
    ...notes.map((note) => ` ${note}.`),
  ].join("\n")
  comment(document, ["app"], app.value === "." ? "" : app.why)
  comment(document, ["app", "image"], python.why)
  comment(document, ["image", "command"], start.why)
  comment(document, ["qa", "env"], [pythonPath.why, databaseParts.why].filter((why) => why !== "").join("; "))
  comment(document, ["qa", "before"], before.why)
  comment(document, ["qa", "runner"], tests?.why ?? "")
  comment(
    document,
    ["qa", "services"],
    [postgres, redis]
      .filter(({ value }) => !value)
      .map(({ why }) => why)
      .join("; "),
  )
  comment(
    document,
    ["qa", "suites"],
    tests === null ? "no test file was found: list the suites' files here" : tests.runner === null ? tests.why : "",
  )
  comment(document, ["release"], "what the service is called on hosts and in the ledger")
  comment(document, ["qa", "coverage"], "all code beside the tests; raise the threshold to what the suites cover now")
  return document.toString({ lineWidth: 120, flowCollectionPadding: false })
}

/** Where the Dockerfile is, how the service starts without one, and where it says that it is healthy; what is the default is left out. */
function imageOf({
  app,
  dockerfile: { value },
  start,
  health,
  databaseParts,
}: Findings): Readonly<Record<string, unknown>> {
  return {
    ...(value === null || value.context === app.value
      ? {}
      : { context: value.context, dockerfile: posix.relative(value.context, value.path) }),
    ...(start.value === null ? {} : { command: start.value }),
    ...(health === null || health === "/health" ? {} : { health }),
    ...(databaseParts.byTests || Object.keys(databaseParts.value).length === 0 ? {} : { env: databaseParts.value }),
  }
}

/** A comment above a key. */
function comment(document: Document, path: readonly string[], text: string): void {
  if (text === "") return
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1))
  if (!isMap(parent)) return
  const pair = parent.items.find(({ key }) => String(key) === path.at(-1))
  const key = pair === undefined ? undefined : document.createNode(String(pair.key))
  if (pair === undefined || key === undefined) return
  key.commentBefore = ` ${text}`
  pair.key = key
}
