import { inFolder, type Layout, textOf } from "../layout.js"
import type { Locked, Wishes } from "../plan.js"
import { extraNames, groupNames, type Pyproject, projectName, readPyproject, testNames } from "../pyproject.js"
import { chosen, flags, installable, notesOn, pyprojectsBelow } from "./choice.js"
import type { Manager } from "./manager.js"

export const uv: Manager = {
  name: "uv",
  mark: (layout, folder) => (textOf(layout, folder, "uv.lock") === null ? null : "uv.lock"),
  plan(layout, root, wishes) {
    const rootProject = readProject(layout, root)
    const appProject =
      textOf(layout, layout.app, "pyproject.toml") === null ? rootProject : readProject(layout, layout.app)
    const member = root === layout.app ? null : projectName(appProject)
    const workspace = member === null && rootProject.tool.uv.workspace !== undefined
    const everyone = workspace && (wishes.purpose === "test" || rootProject.project === undefined)
    const projects = everyone
      ? [rootProject, ...pyprojectsBelow(layout, root).map((path) => readPyproject(layout.texts.get(path) ?? "", path))]
      : [appProject]
    const groups = groupsOf(projects, rootProject, wishes)
    const extras = chosen(wishes.extras, wishes.purpose === "test" ? testNames(projects.flatMap(extraNames)) : [])
    const dynamic = projects.some(({ project }) => project?.dynamic.includes("dependencies") === true)
    const exported = [
      "uv",
      "export",
      "--quiet",
      "--no-header",
      "--no-annotate",
      // whether a project's own build would say the same is not known without its source
      dynamic ? "--frozen" : "--locked",
      ...(everyone ? ["--all-packages"] : member === null ? [] : ["--package", member]),
      "--no-default-groups",
      ...flags("--group", groups),
      ...flags("--extra", extras),
    ]
    const how: Locked = {
      kind: "locked",
      tool: "uv",
      check: [],
      format: "pylock.toml",
      remote: [...exported, "--format", "pylock.toml", "--no-emit-local"],
      everything: [...exported, "--format", "requirements.txt", "--no-hashes"],
    }
    const files = ["uv.lock", "uv.toml"].map((name) => inFolder(root, name)).filter((path) => layout.texts.has(path))
    return {
      manager: "uv",
      found: inFolder(root, "uv.lock"),
      root,
      how,
      files: [...files, ...pyprojectsBelow(layout, root)],
      project: wishes.project ?? installable(appProject),
      notes: notesOn({ package: member, groups, extras }),
    }
  },
}

function readProject(layout: Layout, folder: string): Pyproject {
  return readPyproject(textOf(layout, folder, "pyproject.toml") ?? "", inFolder(folder, "pyproject.toml"))
}

function groupsOf(projects: Pyproject[], root: Pyproject, wishes: Wishes): string[] {
  const there = projects.flatMap(groupNames)
  const byDefault = projects.map((project) => project.tool.uv["default-groups"]).find((set) => set !== undefined) ??
    root.tool.uv["default-groups"] ?? ["dev"]
  const local = byDefault === "all" ? there : byDefault.filter((name) => there.includes(name))
  return chosen(wishes.groups, wishes.purpose === "test" ? [...local, ...testNames(there)] : [])
}
