import { quote } from "../shared/shell-words.js"
import { command, withHint } from "./fields.js"

const VALUES = ["suite", "files"] as const

// not ${suite}: that is the shell's own variable
const PLACEHOLDER = /(?<!\$)\{(\w+)\}/g

/** `qa.suites.NAME.command`: a shell command with placeholders. */
export const suiteCommand = command.superRefine((written, context) => {
  for (const [placeholder, name = ""] of written.matchAll(PLACEHOLDER)) {
    if (VALUES.some((value) => value === name)) continue
    context.addIssue({
      code: "custom",
      message: withHint(
        `has the unknown placeholder ${placeholder}`,
        `known here: {${VALUES.join("} {")}}; a shell variable is written \${NAME}`,
      ),
    })
  }
})

/** The command with the suite's name and its files, quoted for the shell, filled in. */
export function filledCommand(written: string, suite: string, files: readonly string[]): string {
  const values = { suite, files: files.map(quote).join(" ") }
  return written.replace(
    PLACEHOLDER,
    (whole, name) => VALUES.flatMap((value) => (value === name ? [values[value]] : []))[0] ?? whole,
  )
}
