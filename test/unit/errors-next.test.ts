import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { GateFailed } from "../../core/gate/failed.js"

const root = new URL("../..", import.meta.url).pathname
const FOLDERS = ["core", "cli", "src"]

/** `file:line` of each error whose action is an empty text; and how many were seen. */
function errorsIn(name: string, text: string): { seen: number; empty: string[] } {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const found = { seen: 0, empty: [] as string[] }
  const visit = (node: ts.Node): void => {
    const last = actionOf(node)
    if (last !== null) {
      found.seen++
      if (ts.isStringLiteralLike(last) && last.text.trim() === "")
        found.empty.push(`${name}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The last argument of `new …Error(code, what, next)`, and of a `super` that passes one on. */
function actionOf(node: ts.Node): ts.Expression | null {
  if (ts.isNewExpression(node) && /^(Tollgate|Target)Error$/.test(node.expression.getText()))
    return node.arguments?.at(-1) ?? null
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword && node.arguments.length >= 3
    ? (node.arguments.at(-1) ?? null)
    : null
}

describe("every error", () => {
  it("says what to do next", () => {
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
    ).filter((path) => path.endsWith(".ts"))
    const all = files.map((path) => errorsIn(path, readFileSync(join(root, path), "utf8")))
    expect(all.flatMap(({ empty }) => empty)).toEqual([])
    expect(all.reduce((sum, { seen }) => sum + seen, 0)).toBeGreaterThan(150)
  })

  it("is found when it does not", () => {
    expect(
      errorsIn("a.ts", 'throw new TollgateError("a", "b", "c")\nthrow new TargetError("a", place, `b`, ``)'),
    ).toEqual({ seen: 2, empty: ["a.ts:2"] })
  })

  it("of a gate has its screen as message, and an action beside it", () => {
    const error = new GateFailed("qa", "one screen\n\nRED: 1 suite\n")
    expect(error.message).toBe("one screen\n\nRED: 1 suite")
    expect(error.next).not.toBe("")
  })
})
