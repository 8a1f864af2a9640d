import { z } from "zod"

/**
 * Which texts of a document are free text, said by its schema. Free text comes from people and programs: secrets are taken out of it when
 * it is written. All other strings are identifiers, digests and names of a protocol, which stay as they are: a secret may have the value
 * `production`, and the document is read back.
 */
const kinds = z.registry<{ kind: "free" | "signed" }>()

/** A text of people or programs. */
export const freeText = z.string().register(kinds, { kind: "free" })

/** Data with such texts in it, at any depth. Digests in it stay, and so do the names of its fields. */
export const freeData = z.json().register(kinds, { kind: "free" })

/** A file as it was signed: never redacted or shortened, because that would break its signature. */
export const signedFile = z.json().register(kinds, { kind: "signed" })

export interface TextChanges {
  readonly free: (text: string) => string
  readonly identifier: (text: string) => string
}

/** A digest, or a name by its digest. */
const DIGEST = /(?:^|@)[a-z][a-z0-9]{2,9}:[0-9a-f]{16,128}$/

/** The value with its texts changed; by the schema, a text is free or an identifier. */
export function changeTexts<Schema extends z.core.$ZodType>(
  schema: Schema,
  value: z.core.output<Schema>,
  changes: TextChanges,
): z.core.output<Schema> {
  return z.parse(schema, changed(schema, value, changes))
}

function changed(schema: z.core.$ZodType, value: unknown, changes: TextChanges): unknown {
  const inner = (of: z.core.$ZodType, what: unknown): unknown => changed(of, what, changes)
  const kind = kinds.get(schema)?.kind
  if (kind === "signed" || value === null || value === undefined) return value
  if (kind === "free") return changedBelow(value, changes)
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return inner(schema.unwrap(), value)
  if (schema instanceof z.ZodDefault) return inner(schema.unwrap(), value)
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((one: unknown) => inner(schema.element, one))
  if (schema instanceof z.ZodUnion) {
    const option = schema.options.find((one) => z.safeParse(one, value).success)
    if (option === undefined) throw new RangeError("a document is written by its schema")
    return inner(option, value)
  }
  if (schema instanceof z.ZodObject && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => {
        const of = schema.shape[name]
        return of === undefined ? [] : [[name, inner(of, one)]]
      }),
    )
  if (schema instanceof z.ZodRecord && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(schema.valueType, one)]))
  return typeof value === "string" ? changes.identifier(value) : value
}

function changedBelow(value: unknown, changes: TextChanges): unknown {
  if (typeof value === "string") return DIGEST.test(value) ? changes.identifier(value) : changes.free(value)
  if (Array.isArray(value)) return value.map((one: unknown) => changedBelow(one, changes))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changedBelow(one, changes)]))
}
