import { inFolder, textOf } from "../layout.js"
import { extraNames, type Pyproject, readPyproject, testNames } from "../pyproject.js"
import { chosen, flags, installable, notesOn, pyprojectsBelow } from "./choice.js"
import type { Manager } from "./manager.js"

export const poetry: Manager = {
  name: "poetry",
  mark: (layout, folder) => (textOf(layout, folder, "poetry.lock") === null ? null : "poetry.lock"),
  plan(layout, root, wishes) {
    const project = readPyproject(textOf(layout, root, "pyproject.toml") ?? "", inFolder(root, "pyproject.toml"))
    const groups = chosen(wishes.groups, wishes.purpose === "test" ? installedByDefault(project) : [])
    const extras = chosen(wishes.extras, wishes.purpose === "test" ? testNames(extraNames(project)) : [])
    // `--with` adds to the main group and to no other
    const exported = [
      "poetry",
      "export",
      "--no-interaction",
      "--format",
      "requirements.txt",
      "--only",
      ["main", ...groups].join(","),
      ...flags("--extras", extras),
    ]
    const files = ["poetry.lock", "poetry.toml"]
      .map((name) => inFolder(root, name))
      .filter((path) => layout.texts.has(path))
    return {
      manager: "poetry",
      found: inFolder(root, "poetry.lock"),
      root,
      files: [...files, ...pyprojectsBelow(layout, root)],
      how: { kind: "locked", tool: "poetry", check: [], remote: exported, everything: null, format: "locked.txt" },
      project: wishes.project ?? (root === layout.app && installable(project)),
      notes: notesOn({ groups, extras }),
    }
  },
}

/** As `poetry install` has it: every group that is not optional; and of the optional ones those for tests. */
function installedByDefault(project: Pyproject): string[] {
  const groups = project.tool.poetry?.group ?? {}
  const own = Object.keys(groups).filter((name) => groups[name]?.optional !== true)
  const standard = Object.keys(project["dependency-groups"]).filter((name) => groups[name] === undefined)
  const legacy = project.tool.poetry?.["dev-dependencies"] === undefined ? [] : ["dev"]
  return [...legacy, ...standard, ...own, ...testNames(Object.keys(groups))]
}
