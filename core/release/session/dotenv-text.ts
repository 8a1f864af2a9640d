import { TollgateError } from "../../shared/errors.js"

/** Names and values as a dotenv text that the dotenv library reads back as they are. In single quotes or backticks it changes nothing. */
export function dotenvText(entries: readonly (readonly [name: string, value: string])[]): string {
  return entries.map(([name, value]) => `${name}=${quoted(name, value)}\n`).join("")
}

function quoted(name: string, value: string): string {
  const quote = ["'", "`"].find((one) => !value.includes(one))
  // an error never shows the value of a variable
  if (quote === undefined || value.includes("\r"))
    throw new TollgateError(
      "dotenv-form",
      `The value of ${name} cannot be written in dotenv form.`,
      "The value contains a carriage return, or both ' and `. Change it.",
    )
  return `${quote}${value}${quote}`
}
