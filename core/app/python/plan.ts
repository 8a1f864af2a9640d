import type { ManagerName } from "../../config/dependencies.js"

/** What tollgate.yaml says over what is detected. */
export interface Wishes {
  manager?: ManagerName | undefined
  groups?: string[] | undefined
  extras?: string[] | undefined
  /** Whether the project itself is installed. */
  project?: boolean | undefined
  /** Tests need what only tests use; an image does not. */
  purpose: "test" | "image"
}

/** A program of a package manager, in an environment of its own. */
export type ToolName = "uv" | "poetry" | "pdm" | "pipenv"

export interface Locked {
  kind: "locked"
  tool: ToolName
  /** Commands, run in `root`, that fail when the lockfile does not match the project; the last prints requirements or a pylock.toml. */
  check: string[][]
  /** Prints what is locked from an index, with hashes. */
  remote: string[]
  /** Prints everything, local projects included; null: `remote` has them. */
  everything: string[] | null
  /** Name of the file that `remote` makes: the installer knows its format by it. */
  format: "locked.txt" | "pylock.toml"
}

export interface Requirements {
  kind: "requirements"
  /** Relative to the app's folder. */
  files: string[]
  /** Files among those read that name a folder or a file of the repository: they can be installed only beside the source. */
  local: string[]
}

/** A project without a lockfile whose dependencies stand in pyproject.toml. */
export interface Declared {
  kind: "declared"
  groups: string[]
  extras: string[]
}

/** A project whose dependencies only its own build can tell. */
export interface Built {
  kind: "built"
  groups: string[]
  extras: string[]
}

/** How an app's dependencies are installed. */
export interface Plan {
  manager: ManagerName
  /** The file that decided, from the repository's root. */
  found: string
  /** Folder of that file, from the repository's root. */
  root: string
  /** Files that must be there before the source is, from the repository's root. */
  files: string[]
  how: Locked | Requirements | Declared | Built
  /** The app's folder is a project that is installed once its source is there. */
  project: boolean
  /** For the reader: groups, extras, what was passed over. */
  notes: string[]
}
