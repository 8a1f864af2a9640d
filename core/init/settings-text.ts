import { Document, isMap } from "yaml"
import type { Findings } from "./findings.js"

/** tollgate.yaml for a repository, with the reason above each choice. */
export function settingsText(found: Findings): string {
  const { app, dependencies, tests, code, postgres, redis, dockerfile, migrations, notes } = found
  const suites = tests?.suites ?? [["tests", ["tests"]]]
  const document = new Document({
    ...(app.value === "." && dependencies.value === "detected"
      ? {}
      : {
          app: {
            ...(app.value === "." ? {} : { path: app.value }),
            ...(dependencies.value === "detected" ? {} : { dependencies: { files: [] } }),
          },
        }),
    qa: {
      ...(tests?.runner == null ? {} : { runner: tests.runner }),
      ...(postgres.value && redis.value
        ? {}
        : { services: { ...(postgres.value ? {} : { postgres: false }), ...(redis.value ? {} : { redis: false }) } }),
      suites: Object.fromEntries(suites.map(([name, files]) => [name, { files }])),
      ...(code.length === 0 ? {} : { coverage: { source: code, threshold: 0 } }),
    },
  })
  document.commentBefore = [
    " Made by `tollgate init`. Every key that there is: docs/tollgate.example.yaml of Tollgate.",
    ` Dependencies: ${dependencies.why}.`,
    ` Image: ${dockerfile.why}.`,
    ` Migrations: ${migrations.value === null ? migrations.why : `${migrations.value}, by ${migrations.why}`}.`,
    ...notes.map((note) => ` ${note}.`),
  ].join("\n")
  comment(document, ["app"], app.why)
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
  comment(document, ["qa", "coverage"], "all code beside the tests; raise the threshold to what the suites cover now")
  return document.toString({ lineWidth: 120, flowCollectionPadding: false })
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
