import { dag, type File } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { chooseRecipe } from "../../core/image/build.js"
import { buildOne } from "../../core/image/build-platforms.js"
import { inspectLayout } from "../../core/image/inspect.js"
import type { PlatformImage } from "../../core/image/inspected.js"
import { judgeContent, madeBy } from "../../core/image/judge-content.js"
import {
  type ExportedImage,
  exported,
  type FinishedImage,
  finishExported,
  layoutDigest,
  type PlatformBuild,
} from "../../core/image/layout.js"
import { contentRules } from "../../core/image/rules.js"
import { compareBuilds } from "../../core/image/twice.js"
import { useEngine } from "./session.js"
import { alone, type Changes, imageKeys, type ReadImage, read, settingsOf, shop } from "./shop.js"

useEngine()

const STAMP = { revision: "8d3c1f0", created: "2026-11-21T17:45:00Z", source: "" }

/** An archive as the engine exports it after a restart: it has all layers, and no longer knows what made them. */
const forgotten = (archive: File) => described(archive, "rehydrated persisted snapshot")

/** The archive with other descriptions of its layers: one for all, or one for each. */
function described(archive: File, descriptions: string | string[]): File {
  const script = `
import hashlib, io, json, sys, tarfile
descriptions = json.loads(sys.argv[1])
with tarfile.open("/archive.tar") as archive:
    files = {entry.name: archive.extractfile(entry).read() for entry in archive if entry.isreg()}
def put(descriptor, document):
    contents = json.dumps(document).encode()
    descriptor |= {"digest": "sha256:" + hashlib.sha256(contents).hexdigest(), "size": len(contents)}
    files["blobs/sha256/" + descriptor["digest"][7:]] = contents
def load(descriptor):
    return json.loads(files.pop("blobs/sha256/" + descriptor["digest"][7:]))
index = json.loads(files["index.json"])
manifest = load(index["manifests"][0])
config = load(manifest["config"])
assert config["history"]
if isinstance(descriptions, str):
    descriptions = [descriptions] * len(config["history"])
for number, (entry, description) in enumerate(zip(config["history"], descriptions, strict=True)):
    entry |= {"created_by": description, "created": f"2020-01-01T00:00:0{number % 10}Z"}
put(manifest["config"], config)
put(index["manifests"][0], manifest)
files["index.json"] = json.dumps(index).encode()
with tarfile.open("/described.tar", "w") as archive:
    for name, contents in files.items():
        entry = tarfile.TarInfo(name)
        entry.size = len(contents)
        archive.addfile(entry, io.BytesIO(contents))
`
  return dag
    .container()
    .from("python:3.11-slim")
    .withMountedFile("/archive.tar", archive)
    .withExec(["python3", "-c", script, JSON.stringify(descriptions)])
    .file("/described.tar")
}

function afterRestart({ platform, container, base }: PlatformBuild): ExportedImage {
  return {
    platform,
    archive: forgotten(exported(container)),
    base: typeof base === "string" ? base : forgotten(exported(base)),
  }
}

const finishAgain = ({ recipe, settings }: Pick<ReadImage, "recipe" | "settings">, image: ExportedImage) =>
  finishExported([image], recipe, settings.image, STAMP)

async function layersOf(finished: FinishedImage): Promise<PlatformImage["layers"]> {
  return (await inspectLayout(finished)).images[0]?.layers ?? []
}

/** Through stages and an argument: FROM of the built stage names no image. */
const STAGES = [
  "ARG VERSION=3.11",
  "FROM python:${VERSION}-slim AS base",
  "WORKDIR /srv",
  "COPY . .",
  "FROM base",
  "RUN date >built-at && DB_PASSWORD=hunter22 true",
  "USER 10001",
  'HEALTHCHECK CMD ["true"]',
  'CMD ["true"]',
].join("\n")

describe.concurrent("an engine that no longer knows what created the layers does not change", () => {
  test.each<[what: string, changes: Changes]>([
    [
      "an image of Tollgate's own build",
      { Dockerfile: null, ...imageKeys(`command: [python, -m, shop.serve]\n${alone}\nbuildPackages: []`) },
    ],
    [
      "an image of a Dockerfile, with image.timestamps: commit",
      { Dockerfile: STAGES, ...imageKeys("timestamps: commit") },
    ],
    ["an image of a Dockerfile", { Dockerfile: STAGES }],
    [
      "an image from scratch, with image.timestamps: commit",
      { Dockerfile: "FROM scratch\nCOPY . /srv\n", ...imageKeys("timestamps: commit") },
    ],
  ])("%s, by a byte", async (_, changes) => {
    const before = await read(changes, { stamp: STAMP })
    const after = finishAgain(before, afterRestart(before.build))
    expect(await layoutDigest(after.layout)).toBe(before.inspected.digest)
    // descriptions from an earlier build are used again
    expect(await layersOf(after)).toEqual(before.inspected.images[0]?.layers)
  })

  test("nor an image built before whose base cannot be determined from the Dockerfile", async () => {
    const { build, ...before } = await read(
      { Dockerfile: STAGES.replace("/srv", "/srv/remembered"), ...imageKeys("timestamps: commit") },
      { stamp: STAMP },
    )
    const kinds = (layers: PlatformImage["layers"]) => layers.map(({ origin }) => origin.kind === "base")
    const ofBase = kinds(before.inspected.images[0]?.layers ?? [])
    // this engine may have been restarted since it pulled the base image
    const descriptions = ofBase.map((base, index) => (base ? `import image layer ${index}` : `step ${index}`))
    const archive = described(exported(build.container), descriptions)
    const first = finishAgain(before, { platform: build.platform, archive, base: "unknown" })
    expect(kinds(await layersOf(first))).toEqual(ofBase)
    const after = finishAgain(before, { ...afterRestart(build), base: "unknown" })
    expect(await layoutDigest(after.layout)).toBe(await layoutDigest(first.layout))
  })
})

test.concurrent("for an image never built before, the base image and secrets are still found, and unknown steps are named as such", async () => {
  const folder = `/srv/${Date.now()}`
  const source = shop({ Dockerfile: STAGES.replace("/srv", folder) })
  const settings = await settingsOf(source)
  const recipe = await chooseRecipe(settings, source)
  const build = await buildOne(settings, source, recipe, { stamp: STAMP, fresh: "", secrets: new Map() })
  const unseen = finishAgain({ recipe, settings }, afterRestart(build))
  const inspected = await inspectLayout(unseen)
  const layers = inspected.images[0]?.layers ?? []
  expect(new Set(layers.map(({ origin }) => madeBy(origin)))).toEqual(
    new Set(["the base image", "a step of an earlier build"]),
  )
  expect(layers.at(-1)?.origin).toEqual({ kind: "forgotten" })
  expect(layers[0]?.origin).toEqual({ kind: "base" })
  const [problem, ...more] = judgeContent(inspected, contentRules(settings), build.runs)
  expect(problem).toMatchObject({ code: "secret-in-history", details: ["RUN date >built-at && DB_PASSWORD=*** true"] })
  expect(more).toEqual([])
  // layers from the cache have their times from there
  expect(await compareBuilds(unseen, unseen, true)).toMatchObject({
    kind: "times",
    folders: expect.arrayContaining([`${folder}/shop`]),
  })

  // the engine's descriptions are in no image, and neither is the secret in them
  const remembered = finishAgain({ recipe, settings }, { ...afterRestart(build), archive: exported(build.container) })
  expect(await layoutDigest(remembered.layout)).toBe(inspected.digest)
  const kept = dag
    .container()
    .from("python:3.11-slim")
    .withMountedDirectory("/layout", remembered.layout)
    .withExec(["sh", "-c", "grep -rlE 'hunter22|rehydrated|import image layer' /layout || true"])
  expect(await kept.stdout()).toBe("")
  expect(JSON.stringify(await inspectLayout(remembered))).not.toContain("hunter22")
})
