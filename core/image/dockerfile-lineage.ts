import { type Instruction, instructions } from "./dockerfile-text.js"
import { assignmentsIn } from "./dockerfile-words.js"

/** Where the lowest layers of an image come from. */
export type BaseName = { kind: "scratch" } | { kind: "image"; name: string; platform: string } | { kind: "unknown" }

export interface Lineage {
  base: BaseName
  /** RUN lines of the stages that make up the image, without options. */
  runs: string[]
  /** Other lines of these stages that remain in the image or its history: one for each variable of ENV and ARG. */
  texts: string[]
  /** Both of the stages that files are copied from, with the stage's name in front. */
  copied: string[]
}

interface Stage {
  name: string
  /** null if the text alone does not tell. */
  from: string | null
  platform: string | null
  runs: string[]
  texts: string[]
  /** Names or numbers of the stages that it copies from or mounts. */
  sources: string[]
}

type Values = Map<string, string | null>

/**
 * Traces the built stage back to its base image.
 *
 * @param target default: the last stage
 * @param given build arguments
 * @param platform the target platform, such as linux/amd64
 */
export function lineageOf(
  dockerfile: string,
  target: string | undefined,
  given: Readonly<Record<string, string>>,
  platform: string,
): Lineage {
  const stages = stagesOf(instructions(dockerfile), given, platform)
  const earlier = (name: string, before: number) =>
    stages.findLastIndex((stage, index) => index < before && stage.name === name.toLowerCase())
  const line = (from: number): number[] => {
    const name = stages[from]?.from ?? ""
    const next = name === "" ? -1 : earlier(name, from)
    return next === -1 ? [from] : [...line(next), from]
  }
  const last = target === undefined ? stages.length - 1 : earlier(target, stages.length)
  const own = line(last)
  const lowest = stages[own[0] ?? -1]
  // without certainty, every stage counts as part of the image
  if (lowest === undefined || own.some((at) => !stages[at]?.from || !stages[at]?.platform))
    return {
      base: { kind: "unknown" },
      runs: stages.flatMap(({ runs }) => runs),
      texts: stages.flatMap(({ texts }) => texts),
      copied: [],
    }
  const parts = stages.filter((_, index) => own.includes(index))
  return {
    base:
      lowest.from === "scratch"
        ? { kind: "scratch" }
        : { kind: "image", name: lowest.from ?? "", platform: lowest.platform ?? "" },
    runs: parts.flatMap(({ runs }) => runs),
    texts: parts.flatMap(({ texts }) => texts),
    copied: copiedFrom(own).flatMap((at) => {
      const { name = "", runs = [], texts = [] } = stages[at] ?? {}
      return [...runs, ...texts].map((text) => `stage ${name === "" ? at : name}: ${text}`)
    }),
  }

  /** Stages whose files come into these stages, directly or through others. */
  function copiedFrom(known: readonly number[]): number[] {
    const sources = known.flatMap((at) =>
      (stages[at]?.sources ?? []).flatMap((source) => {
        const found = /^\d+$/.test(source) ? Number(source) : earlier(source, at)
        return found === -1 || found >= at ? [] : line(found)
      }),
    )
    const further = [...new Set(sources)].filter((at) => !known.includes(at))
    return further.length === 0
      ? []
      : [...new Set([...further, ...copiedFrom([...known, ...further])])].sort((one, other) => one - other)
  }
}

function stagesOf(all: Instruction[], given: Readonly<Record<string, string>>, platform: string): Stage[] {
  const values: Values = new Map([...platformArguments(platform), ...Object.entries(given)])
  const stages: Stage[] = []
  for (const instruction of all) {
    const { keyword, rest } = instruction
    const stage = stages.at(-1)
    if (keyword === "FROM") {
      const [, options = "", from = "", name = ""] = /^((?:--\S+\s+)*)(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? []
      const wanted = /--platform=(\S+)/.exec(options)?.[1]
      stages.push({
        name: name.toLowerCase(),
        from: expanded(from, values),
        platform: wanted === undefined ? platform : expanded(wanted, values),
        runs: [],
        texts: [],
        sources: [],
      })
    } else if (stage === undefined) {
      if (keyword === "ARG") declare(rest, given, values)
    } else {
      if (keyword === "RUN" || keyword === "COPY") stage.sources.push(...sourcesOf(rest))
      if (keyword === "RUN") stage.runs.push(runText(instruction))
      else stage.texts.push(...otherTexts(instruction))
    }
  }
  return stages
}

/** Arguments that exist without a declaration. The engine builds on the target platform. */
function platformArguments(platform: string): [name: string, value: string][] {
  const [os = "", architecture = "", variant = ""] = platform.split("/")
  return ["BUILD", "TARGET"].flatMap((of): [string, string][] => [
    [`${of}PLATFORM`, platform],
    [`${of}OS`, os],
    [`${of}ARCH`, architecture],
    [`${of}VARIANT`, variant],
  ])
}

/** Arguments above the first stage; they only apply to FROM. */
function declare(rest: string, given: Readonly<Record<string, string>>, values: Values): void {
  for (const [, name = "", written] of rest.matchAll(/(?<!\S)([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?/g)) {
    if (written !== undefined && given[name] === undefined) values.set(name, expanded(written, values))
  }
}

/** The text with its variables expanded; null if that would need a shell. */
function expanded(written: string, values: Values): string | null {
  const text = /^'[^'$]*'$/.test(written) ? written.slice(1, -1) : written.replace(/^"([^"]*)"$/, "$1")
  let known = true
  const filled = text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^${}]*))?\})/g,
    (_, plain?: string, braced?: string, operator?: string, word = "") => {
      const name = plain ?? braced ?? ""
      const value = values.get(name)
      if (value === null) known = false
      const there = value !== undefined && value !== null && (value !== "" || operator?.length === 1)
      if (operator?.endsWith("+")) return there ? word : ""
      return there ? value : operator === undefined ? "" : word
    },
  )
  return known && !/[$"'`\\]/.test(filled) ? filled : null
}

/** `COPY --from=build`, `RUN --mount=type=bind,from=build`. */
function sourcesOf(rest: string): string[] {
  const options = /^(?:--\S+\s+)*/.exec(rest)?.[0] ?? ""
  return [...options.matchAll(/(?:--|[=,])from=([^\s,]+)/g)].map(([, name = ""]) => name)
}

function runText({ rest, documents }: Instruction): string {
  const command = rest.replace(/^(?:--\S+\s+)+/, "")
  return `RUN ${[listed(command), ...documents].join(" ")}`.replace(/\s+/g, " ").trim()
}

/** A heredoc of COPY is a file in the image; it is read there. */
function otherTexts({ keyword, rest }: Instruction): string[] {
  switch (keyword) {
    case "ENV":
    case "ARG":
      return assignmentsIn(rest, keyword).flatMap(([name, value]) =>
        value === null ? [] : [`${keyword} ${name}=${value}`],
      )
    case "LABEL":
    case "HEALTHCHECK":
    case "CMD":
    case "ENTRYPOINT":
    case "ONBUILD":
    case "ADD":
      return [`${keyword} ${rest.replace(/\s+/g, " ")}`]
    default:
      return []
  }
}

/** The words of RUN ["program", "argument"]. */
function listed(command: string): string {
  if (!command.startsWith("[")) return command
  try {
    const words: unknown = JSON.parse(command)
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words.join(" ") : command
  } catch {
    // a shell's own [ test ]
    return command
  }
}
