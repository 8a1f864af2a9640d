import { inFolder, textOf } from "../layout.js"
import { chosen, notesOn } from "./choice.js"
import type { Manager } from "./manager.js"

/** Pipenv calls them categories; these two are there by other names. */
const PACKAGES = "packages"
const DEVELOPMENT = "dev-packages"

export const pipenv: Manager = {
  name: "pipenv",
  mark: (layout, folder) => (textOf(layout, folder, "Pipfile.lock") === null ? null : "Pipfile.lock"),
  plan(layout, root, wishes) {
    const groups = chosen(wishes.groups, wishes.purpose === "test" ? [DEVELOPMENT] : [])
    const files = ["Pipfile", "Pipfile.lock"]
      .map((name) => inFolder(root, name))
      .filter((path) => layout.texts.has(path))
    return {
      manager: "pipenv",
      found: inFolder(root, "Pipfile.lock"),
      root,
      files,
      how: {
        kind: "locked",
        tool: "pipenv",
        check: [["pipenv", "verify"]],
        everything: null,
        format: "locked.txt",
        remote: ["pipenv", "requirements", "--hash", "--categories", [PACKAGES, ...groups].join(" ")],
      },
      project: wishes.project ?? false,
      notes: notesOn({ groups, extras: [] }),
    }
  },
}
