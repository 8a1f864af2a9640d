import { inFolder, textOf } from "../layout.js"
import { extraNames, groupNames, readPyproject, testNames } from "../pyproject.js"
import { chosen, installable, notesOn, pyprojectsBelow } from "./choice.js"
import type { Manager } from "./manager.js"

/** A project without a lockfile: pyproject.toml, or setup.py and setup.cfg, alone. */
export const pyproject: Manager = {
  name: "pyproject",
  last: true,
  mark(layout, folder) {
    const text = textOf(layout, folder, "pyproject.toml")
    if (text !== null) {
      const read = readPyproject(text, inFolder(folder, "pyproject.toml"))
      // one that only configures tools is no project
      if (
        read.project !== undefined ||
        read.tool.poetry !== undefined ||
        read["build-system"] !== undefined ||
        groupNames(read).length > 0
      )
        return "pyproject.toml"
    }
    return ["setup.py", "setup.cfg"].find((name) => isSetup(textOf(layout, folder, name))) ?? null
  },
  plan(layout, root, wishes) {
    const mark = this.mark(layout, root) ?? "pyproject.toml"
    const project = readPyproject(textOf(layout, root, "pyproject.toml") ?? "", inFolder(root, "pyproject.toml"))
    const forTests = wishes.purpose === "test"
    const groups = chosen(wishes.groups, forTests ? testNames(groupNames(project)) : [])
    const extras = chosen(wishes.extras, forTests ? testNames(extraNames(project)) : [])
    const declared =
      project.project !== undefined
        ? !project.project.dynamic.some((key) => /dependencies$/.test(key))
        : mark === "pyproject.toml" && !installable(project)
    const isProject = mark !== "pyproject.toml" || installable(project)
    return {
      manager: "pyproject",
      found: inFolder(root, mark),
      root,
      files: declared ? pyprojectsBelow(layout, root) : [],
      how: { kind: declared ? "declared" : "built", groups, extras },
      project: wishes.project ?? isProject,
      notes: notesOn({ groups, extras }),
    }
  },
}

function isSetup(text: string | null): boolean {
  return text !== null && /\bsetup\s*\(|^\[metadata\]/m.test(text)
}
