import { func, object } from "@dagger.io/dagger"
import type { Suite } from "./index.js"

@object()
export class Report {
  @func()
  suites: Suite[]

  @func()
  file: string

  constructor(suites: Suite[], file: string) {
    this.suites = suites
    this.file = file
  }

  @func()
  text(): string {
    return `${this.suites.join(" + ")} in ${this.file}`
  }
}
