import { z } from "zod"
import { inFolder, textOf } from "../layout.js"
import { extraNames, readPyproject, readToml, testNames } from "../pyproject.js"
import { chosen, flags, installable, notesOn, pyprojectsBelow } from "./choice.js"
import type { Manager } from "./manager.js"

const lockfile = z
  .object({ metadata: z.object({ groups: z.array(z.string()).optional().catch(undefined) }).catch({}) })
  .catch({ metadata: {} })

export const pdm: Manager = {
  name: "pdm",
  mark: (layout, folder) => (textOf(layout, folder, "pdm.lock") === null ? null : "pdm.lock"),
  plan(layout, root, wishes) {
    const project = readPyproject(textOf(layout, root, "pyproject.toml") ?? "", inFolder(root, "pyproject.toml"))
    const lock = lockfile.parse(readToml(textOf(layout, root, "pdm.lock") ?? "", inFolder(root, "pdm.lock")))
    const isLocked = (name: string) => lock.metadata.groups === undefined || lock.metadata.groups.includes(name)
    const declared = [
      ...Object.keys(project["dependency-groups"]),
      ...Object.keys(project.tool.pdm?.["dev-dependencies"] ?? {}),
    ]
    const groups = chosen(wishes.groups, wishes.purpose === "test" ? declared.filter(isLocked) : [])
    const extras = chosen(
      wishes.extras,
      wishes.purpose === "test" ? testNames(extraNames(project)).filter(isLocked) : [],
    )
    const exported = [
      "pdm",
      "export",
      "--format",
      "requirements",
      // --prod takes no development groups; a group that is named adds to the dependencies themselves
      ...(groups.length === 0 ? ["--prod"] : []),
      ...flags("--group", [...groups, ...extras]),
    ]
    const files = ["pdm.lock", "pdm.toml"].map((name) => inFolder(root, name)).filter((path) => layout.texts.has(path))
    return {
      manager: "pdm",
      found: inFolder(root, "pdm.lock"),
      root,
      files: [...files, ...pyprojectsBelow(layout, root)],
      how: {
        kind: "locked",
        tool: "pdm",
        check: [["pdm", "lock", "--check"]],
        remote: exported,
        everything: null,
        format: "locked.txt",
      },
      project: wishes.project ?? (root === layout.app && installable(project)),
      notes: notesOn({ groups, extras }),
    }
  },
}
