import { z } from "zod"
import { expected, mapping, sequence, text, withHint } from "./fields.js"

/** What one variable of an environment must be like. A rule can be named in an error; the value it judges never is. */

const texts = (one: string, many: string) => sequence(`a list of ${many}`, text(one))

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, "u")
    return true
  } catch {
    return false
  }
}

const pattern = text("a regular expression").superRefine((written, context) => {
  if (!compiles(written))
    context.addIssue({
      code: "custom",
      message: withHint(
        "is not a regular expression that JavaScript knows",
        "put it in single quotes, so that YAML leaves backslashes alone",
      ),
    })
})

const scheme = text("a URL's scheme such as https", /^[a-z][a-z0-9.-]*$/, (input) =>
  typeof input === "string" && /[:/+]/.test(input)
    ? "write the scheme alone, without :// and without a driver after +"
    : null,
)

const wholeNumber = (what: string) => {
  const error = expected(what)
  return z.number({ error }).int({ error }).min(0, { error })
}

export const rule = mapping("a mapping of rules for this variable", {
  expected: text("a few words that say what the value is")
    .optional()
    .describe("What the value is, in a few words. It is shown to the person who has to correct it."),
  startsWith: texts("a beginning", "beginnings")
    .optional()
    .describe("The value must begin with one of these. [] for no such rule."),
  notStartsWith: texts("a beginning", "beginnings")
    .optional()
    .describe("The value must begin with none of these. [] for no such rule."),
  contains: texts("a part", "parts")
    .optional()
    .describe(
      "The value must contain one of these, in any case. Of a URL only host and database name are looked at. [] for no such rule.",
    ),
  oneOf: texts("a value", "values")
    .optional()
    .describe("The value must be one of these, in any case. [] for no such rule."),
  pattern: pattern.optional().describe("Regular expression that the whole value must match."),
  url: sequence("a list of URL schemes", scheme)
    .optional()
    .describe(
      "The value must be a URL with a host and one of these schemes; a driver after + is allowed (postgresql+psycopg). [] for no such rule.",
    ),
  minLength: wholeNumber("a number of characters").optional().describe("Fewest characters."),
  minEntropy: wholeNumber("a number of bits")
    .optional()
    .describe("Fewest bits of entropy, as estimated from the value's characters."),
  shared: z
    .boolean({ error: expected("true or false") })
    .optional()
    .describe("Whether the value may be the same in the other environment."),
  example: z
    .boolean({ error: expected("true or false") })
    .optional()
    .describe("Whether the value may be the one in the app's .env.example."),
})

export type Rule = z.output<typeof rule>
