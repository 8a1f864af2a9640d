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
}

interface Stage {
  name: string
  /** null if the text alone does not tell. */
  from: string | null
  platform: string | null
  runs: string[]
  texts: string[]
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
  const own: string[] = []
  const texts: string[] = []
  let at = target === undefined ? stages.length - 1 : earlier(target, stages.length)
  for (;;) {
    const stage = stages[at]
    // without certainty, every stage counts as part of the image
    if (!stage?.from || !stage.platform)
      return {
        base: { kind: "unknown" },
        runs: stages.flatMap(({ runs }) => runs),
        texts: stages.flatMap((one) => one.texts),
      }
    own.unshift(...stage.runs)
    texts.unshift(...stage.texts)
    const next = earlier(stage.from, at)
    if (next === -1)
      return {
        base:
          stage.from === "scratch"
            ? { kind: "scratch" }
            : { kind: "image", name: stage.from, platform: stage.platform },
        runs: own,
        texts,
      }
    at = next
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
      })
    } else if (stage === undefined) {
      if (keyword === "ARG") declare(rest, given, values)
    } else if (keyword === "RUN") stage.runs.push(runText(instruction))
    else stage.texts.push(...otherTexts(instruction))
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
