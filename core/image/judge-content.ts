import { bytes, count } from "../shared/figures.js"
import type { InspectedImage, LayerOrigin, PlatformImage } from "./inspected.js"
import { judgeFiles, judgeTexts, type NotSecret } from "./judge-secrets.js"
import type { Problem } from "./problem.js"

export interface ContentRules {
  /** Bytes. */
  maxSize: number
  port: number
  health: string
  notSecret: NotSecret[]
}

/**
 * Judges the contents of the image, for all of its platforms.
 *
 * @param runs the lines of its Dockerfile. They are judged instead of the engine's descriptions of the layers, which depend on
 * the engine's cache.
 */
export function judgeContent(inspected: InspectedImage, rules: ContentRules, runs: string[]): Problem[] {
  const several = inspected.images.length > 1
  const problems = inspected.images.flatMap((image) =>
    judgePlatform(image, rules, runs).map((problem) =>
      several ? { ...problem, message: `${image.platform}: ${problem.message}` } : problem,
    ),
  )
  return problems
}

function judgePlatform(image: PlatformImage, rules: ContentRules, runs: string[]): Problem[] {
  return [
    ...judgePrograms(image),
    ...judgeUser(image),
    ...judgeHealthcheck(image, rules),
    ...judgeSize(image, rules.maxSize),
    ...judgeFiles(image, rules.notSecret),
    ...judgeTexts(image, rules.notSecret, runs),
  ]
}

/** If a base image is not available for a platform, the build may use the programs of another platform. */
function judgePrograms({ platform, programs }: PlatformImage): Problem[] {
  const own = platform.split("/")[1] ?? ""
  const others = Object.entries(programs).filter(([machine]) => machine !== own)
  if (others.length === 0 || programs[own] !== undefined) return []
  return [
    {
      code: "wrong-platform",
      message: `the image is labelled ${platform}, but has no programs for that processor`,
      next: "Use base images that are available for this platform, or remove it from image.platforms.",
      details: others.map(([machine, number]) => `${count(number, "program")} for ${machine}`),
      output: false,
    },
  ]
}

/** As container runtimes read it: a number is a user id; a name is looked up in /etc/passwd. */
function judgeUser({ config, users }: PlatformImage): Problem[] {
  const written = config.User ?? ""
  const name = written.split(":", 1)[0] ?? ""
  const next = "Create an unprivileged user in the Dockerfile and end with `USER 10001:10001`."
  if (name === "" || name === "root")
    return [
      {
        code: "runs-as-root",
        message: `the image runs as root: ${written === "" ? "USER is not set" : `USER is ${written}`}`,
        next,
        details: [],
        output: false,
      },
    ]
  if (/^[+-]?\d+$/.test(name))
    return Number(name) === 0
      ? [
          {
            code: "runs-as-root",
            message: `the image runs as root: USER is ${written}`,
            next,
            details: [],
            output: false,
          },
        ]
      : []
  const entry = users.find((user) => user.name === name)
  if (entry === undefined)
    return [
      {
        code: "user-unknown",
        message: `USER is ${written}, but the image's /etc/passwd has no ${name}: no container can start`,
        next: "Create the user in the same stage, or use its numeric id.",
        details: [],
        output: false,
      },
    ]
  return entry.uid === 0
    ? [
        {
          code: "runs-as-root",
          message: `the image runs as root: USER is ${written}, which is user 0 in the image's /etc/passwd`,
          next,
          details: [],
          output: false,
        },
      ]
    : []
}

export function hasHealthcheck({ config }: PlatformImage): boolean {
  const test = config.Healthcheck?.Test ?? []
  return test.length > 0 && test[0] !== "NONE" && test[0] !== ""
}

function judgeHealthcheck(image: PlatformImage, { port, health }: ContentRules): Problem[] {
  if (hasHealthcheck(image)) return []
  const none = image.config.Healthcheck?.Test?.[0] === "NONE"
  return [
    {
      code: "no-health-check",
      message: none ? "the health check is disabled (HEALTHCHECK NONE)" : "the image has no HEALTHCHECK",
      next: "Add one to the Dockerfile, so that a failing container is noticed. If the image has Python, no curl is needed:",
      details: [
        "HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \\",
        `CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:${port}${health}')"`,
      ],
      output: false,
    },
  ]
}

export function sizeOf({ layers }: PlatformImage): number {
  return layers.reduce((sum, layer) => sum + layer.size, 0)
}

export function pullSizeOf({ layers }: PlatformImage): number {
  return layers.reduce((sum, layer) => sum + layer.compressed, 0)
}

function judgeSize(image: PlatformImage, maxSize: number): Problem[] {
  const size = sizeOf(image)
  if (size <= maxSize) return []
  const layers = image.layers.map((layer, index) => ({ ...layer, index })).sort((one, other) => other.size - one.size)
  const gone = (at: number | null) => (at === null ? "" : `, deleted or replaced in layer ${at + 1}`)
  return [
    {
      code: "too-large",
      message: `the image has ${bytes(size)} (all layers, uncompressed); image.maxSize is ${bytes(maxSize)}`,
      next: "Keep build tools and caches in an earlier stage, or raise image.maxSize in tollgate.yaml.",
      details: [
        ...layers
          .slice(0, 4)
          .map(
            (layer) =>
              `layer ${layer.index + 1} of ${layers.length}: ${bytes(layer.size)}, ${count(layer.files, "file")}, by ${madeBy(layer.origin)}`,
          ),
        ...image.biggest
          .slice(0, 4)
          .map((file) => `/${file.path}: ${bytes(file.size)} in layer ${file.layer + 1}${gone(file.goneIn)}`),
        ...(image.wasted > 1e6
          ? [
              `${bytes(image.wasted)} are in files that a later layer deletes or replaces; they are downloaded nevertheless`,
            ]
          : []),
      ],
      output: false,
    },
  ]
}

/** What created a layer, in terms of a Dockerfile. */
export function madeBy(origin: LayerOrigin): string {
  if (origin.kind === "base") return "the base image"
  if (origin.kind === "forgotten") return "a step of an earlier build"
  const { words } = origin
  const run = /^mount .*? from exec (?:(?:\S*\/)?sh -c )?([^]*)$/.exec(words)?.[1]
  if (run !== undefined) return `RUN ${run.replace(/\s+/g, " ")}`
  return /with_?(directory|file|newdirectory)/i.test(words.replaceAll(".", "")) ? "COPY" : words
}
