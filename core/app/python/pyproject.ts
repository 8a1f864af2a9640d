import { parse, TomlError } from "smol-toml"
import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"

const table = z.record(z.string(), z.unknown())

/** What detection reads in a pyproject.toml. Other keys, and values of another kind, are for the package manager to judge. */
const pyproject = z.object({
  project: z
    .object({
      name: z.string().optional().catch(undefined),
      "requires-python": z.string().optional().catch(undefined),
      dynamic: z.array(z.string()).catch([]).default([]),
      "optional-dependencies": table.catch({}).default({}),
    })
    .optional()
    .catch(undefined),
  "dependency-groups": table.catch({}).default({}),
  "build-system": table.optional().catch(undefined),
  tool: z
    .object({
      uv: z
        .object({
          package: z.boolean().optional().catch(undefined),
          workspace: table.optional().catch(undefined),
          "default-groups": z
            .union([z.array(z.string()), z.literal("all")])
            .optional()
            .catch(undefined),
          "dev-dependencies": z.array(z.unknown()).optional().catch(undefined),
        })
        .default({
          package: undefined,
          workspace: undefined,
          "default-groups": undefined,
          "dev-dependencies": undefined,
        })
        .catch({}),
      poetry: z
        .object({
          name: z.string().optional().catch(undefined),
          "package-mode": z.boolean().optional().catch(undefined),
          dependencies: z
            .object({ python: z.string().optional().catch(undefined) })
            .optional()
            .catch(undefined),
          extras: table.catch({}).default({}),
          group: z
            .record(z.string(), z.object({ optional: z.boolean().optional().catch(undefined) }).catch({}))
            .catch({})
            .default({}),
          "dev-dependencies": table.optional().catch(undefined),
        })
        .optional()
        .catch(undefined),
      pdm: z
        .object({
          distribution: z.boolean().optional().catch(undefined),
          "dev-dependencies": table.catch({}).default({}),
        })
        .optional()
        .catch(undefined),
    })
    .default({ uv: {} })
    .catch({ uv: {} }),
})

export type Pyproject = z.output<typeof pyproject>

export function readPyproject(text: string, path: string): Pyproject {
  return pyproject.parse(readToml(text, path))
}

export function readToml(text: string, path: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ""))
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [first = ""] = error.message.split("\n")
    throw new TollgateError(
      "dependencies-unreadable",
      `${path}:${error.line}:${error.column} is not TOML: ${first.replace(/^Invalid TOML document: /, "")}.`,
      "Correct the file and run again.",
    )
  }
}

/** Names of packages, groups and extras compare like this (PEP 503). */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-")
}

/** Of the names that are there, those under which teams keep what only tests need. */
export function testNames(names: Iterable<string>): string[] {
  return [...names].filter((name) => /^(?:dev|develop|development|tests?|testing|qa|ci)$/.test(normalised(name)))
}

export function projectName(project: Pyproject): string | null {
  return project.project?.name ?? project.tool.poetry?.name ?? null
}

/** The versions of Python that it is for, as PEP 440 or poetry write them; null: it does not say. */
export function pythonRange(project: Pyproject): string | null {
  return project.project?.["requires-python"] ?? project.tool.poetry?.dependencies?.python ?? null
}

export function groupNames(project: Pyproject): string[] {
  return [
    ...Object.keys(project["dependency-groups"]),
    ...(project.tool.uv["dev-dependencies"] === undefined ? [] : ["dev"]),
  ]
}

export function extraNames(project: Pyproject): string[] {
  return [
    ...Object.keys(project.project?.["optional-dependencies"] ?? {}),
    ...Object.keys(project.tool.poetry?.extras ?? {}),
  ]
}
