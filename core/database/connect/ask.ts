import type { Container } from "@dagger.io/dagger"
import { z } from "zod"
import { runProgram } from "../../shared/run-program.js"
import { codeOf, type Session } from "./session.js"

export type Answer = { kind: "value"; value: unknown } | { kind: "error"; sqlstate: string; message: string }

/**
 * Asks a database for the values of SQL expressions, each on its own and read-only. An expression gives JSON, so that the same question
 * can be put through a connection and through psql in a container.
 */
export type Ask = (questions: readonly Question[]) => Promise<Answer[]>

/** An expression, or one whose answer is the expression to ask: which tables there are decides what is asked of them, in one go. */
export type Question = string | { derived: string }

/** @param inTransaction whether the session is in a transaction of its own, with a snapshot that the answers must be of */
export function askSession(session: Session, inTransaction = false): Ask {
  const [begin, end] = inTransaction ? ["SAVEPOINT ask", "ROLLBACK TO SAVEPOINT ask"] : ["BEGIN READ ONLY", "ROLLBACK"]
  return async (questions) => {
    const answers: Answer[] = []
    for (const question of questions) {
      await session.run(begin)
      try {
        const expression =
          typeof question === "string"
            ? question
            : (await session.row(z.object({ next: z.string() }), `SELECT (${question.derived}) AS next`, [])).next
        const { answer } = await session.row(
          z.object({ answer: z.string().nullable() }),
          `SELECT (${expression})::text AS answer`,
          [],
        )
        answers.push({ kind: "value", value: answer === null ? null : JSON.parse(answer) })
      } catch (error) {
        const sqlstate = codeOf(error)
        // what is no answer of Postgres is no answer to the question
        if (sqlstate === null || !/^[0-9A-Z]{5}$/.test(sqlstate) || session.broken) throw error
        answers.push({ kind: "error", sqlstate, message: error instanceof Error ? error.message : String(error) })
      }
      await session.run(end)
    }
    return answers
  }
}

/** @param client a container with psql, bound to the database */
export function askContainer(client: Container, nonce: () => string): Ask {
  return async (questions) => {
    const script = [
      "SET default_transaction_read_only = on;",
      ...questions.flatMap((question, index) => [
        `\\echo @@${index}`,
        ...(typeof question === "string"
          ? [`SELECT (${question})::text;`]
          : [
              `SELECT (${question.derived}) AS next \\gset`,
              "\\if :ERROR",
              "\\else",
              "SELECT (:next)::text;",
              "\\endif",
            ]),
        "\\if :ERROR",
        "\\echo @@error :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE",
        "\\endif",
      ]),
    ].join("\n")
    const container = client.withEnvVariable("TOLLGATE_NONCE", nonce())
    const { code, out, err } = await runProgram(
      container,
      ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--file=-"],
      { stdin: script },
    )
    if (code !== 0) throw new Error(`psql ended with ${code}: ${err.trim()}`)
    const parts = out.split(/^@@\d+$/m).slice(1)
    return questions.map((_, index) => answerOf((parts[index] ?? "").trim()))
  }
}

function answerOf(text: string): Answer {
  const [, sqlstate, message] = /^@@error (\S+) (.*)$/s.exec(text) ?? []
  if (sqlstate !== undefined) return { kind: "error", sqlstate, message: message ?? "" }
  return { kind: "value", value: text === "" ? null : JSON.parse(text) }
}
