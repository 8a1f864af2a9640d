import type { ManagerName } from "../../../config/dependencies.js"
import type { Layout } from "../layout.js"
import type { Plan, Wishes } from "../plan.js"

export interface Manager {
  name: ManagerName
  /** The file of a folder by which it is known; null where the folder has none. */
  mark(layout: Layout, folder: string): string | null
  /** Found only when nothing else is, in any folder. */
  last?: true
  plan(layout: Layout, folder: string, wishes: Wishes): Plan
}
