import type { z } from "zod"
import { aboutOption, defaultOf, SECRET } from "../../cli/options/option.js"

/**
 * What a docstring says of an argument, by the definition of its option: description, form, default. How a reference to a secret is
 * written may be left out.
 *
 * @param required the function's argument must be given: it has no default, even where the command line finds one
 */
export function sentences(schema: z.core.$ZodType, required: boolean): { full: string; short: string } {
  const about = aboutOption(schema)
  const { description, form, usual } = { ...about, ...about.module }
  const literal = defaultOf(schema)
  const otherwise =
    usual ?? (literal === undefined || literal === "" || Array.isArray(literal) ? "none" : String(literal))
  const end = required ? "" : ` Default: ${otherwise.replace(/\.$/, "")}.`
  const said = (...parts: (string | undefined)[]) => {
    const text = parts.filter((part) => part !== undefined).join(": ")
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${end}`
  }
  return { full: said(description, form), short: form === SECRET ? said(description) : said(description, form) }
}
