import type { QaSettings, SuiteSettings } from "../config/qa.js"
import { filledCommand } from "../config/suite-command.js"

/** What runs a suite: its own command, the service's runner, or pytest with the suite's files. */
export function commandOf(
  name: string,
  { command }: Pick<SuiteSettings, "command">,
  files: readonly string[],
  qa: Pick<QaSettings, "runner" | "interpreter" | "suiteFlag" | "arguments">,
): string[] {
  if (command !== null) return ["sh", "-c", filledCommand(command, name, files)]
  if (qa.runner !== null) return [qa.interpreter, qa.runner, qa.suiteFlag, name, ...qa.arguments]
  return [qa.interpreter, "-m", "pytest", ...qa.arguments, ...files]
}
