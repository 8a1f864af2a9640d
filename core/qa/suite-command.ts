import type { QaSettings, SuiteSettings } from "../config/qa.js"

/** What runs a suite: its own command, the service's runner, or pytest with the suite's files. */
export function commandOf(
  name: string,
  { command }: Pick<SuiteSettings, "command">,
  files: readonly string[],
  qa: Pick<QaSettings, "runner" | "interpreter" | "suiteFlag" | "arguments">,
): string[] {
  if (command !== null) return ["sh", "-c", filled(command, name, files)]
  if (qa.runner !== null) return [qa.interpreter, qa.runner, qa.suiteFlag, name, ...qa.arguments]
  return [qa.interpreter, "-m", "pytest", ...qa.arguments, ...files]
}

function filled(command: string, suite: string, files: readonly string[]): string {
  // not ${suite}: that is the shell's own
  return command.replace(/(?<!\$)\{(suite|files)\}/g, (_, what) =>
    what === "suite" ? suite : files.map(quoted).join(" "),
  )
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
