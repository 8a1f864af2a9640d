import { argument, type Directory, dag, func, object } from "@dagger.io/dagger"
import { getTracer } from "@dagger.io/dagger/telemetry"
import { z } from "zod"
import { Report } from "./report.js"

export enum Suite {
  Unit = "unit",
  End = "end-to-end",
}

/** Small, and uses what modules use. */
@object()
export class Small {
  @func()
  greeting: string

  constructor(greeting: string = "hello") {
    this.greeting = z.string().min(1).parse(greeting)
  }

  /** Says hello. */
  @func()
  async hello(name: string = "you"): Promise<string> {
    return await getTracer().startActiveSpan("greet", async () => `${this.greeting} ${name}`)
  }

  @func()
  report(suites: Suite[] = [], first: Suite = Suite.Unit, file?: string): Report {
    return new Report([first, ...suites], file ?? "no file")
  }

  @func({ cache: "never" })
  async fails(): Promise<string> {
    throw new Error("as it should")
  }

  @func()
  async exits(code: number): Promise<string> {
    return await dag
      .container()
      .from("debian:bookworm-slim")
      .withExec(["sh", "-c", `exit ${code}`])
      .stdout()
  }

  @func()
  async entries(@argument({ defaultPath: ".", ignore: ["sdk", "node_modules"] }) source: Directory): Promise<string[]> {
    return await source.entries()
  }

  /** Where the module's own files are found at run time. */
  @func()
  folder(): string {
    return import.meta.dirname
  }
}
