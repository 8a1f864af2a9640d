import { describe, expect, test } from "vitest"
import { TargetError, type TargetErrorCode } from "../../core/targets/errors.js"
import { whileAway } from "../../core/targets/while-away.js"

/** Fails so many times, then does it. */
function failing(times: number, error: Error): () => Promise<number> {
  let tries = 0
  return () => {
    tries += 1
    return tries > times ? Promise.resolve(tries) : Promise.reject(error)
  }
}

const later = () => performance.now() + 60_000

describe("a way back", () => {
  test.each<TargetErrorCode>(["unreachable", "cut", "no-docker"])(
    "is tried again when the target is away: %s",
    async (kind) => {
      expect(await whileAway(failing(1, new TargetError(kind, "app1", "away", "")), later())).toBe(2)
    },
  )

  test.each([new TargetError("never-healthy", "app1", "it answers 503", ""), new Error("a mistake of ours")])(
    "fails at once when the target answers: %s",
    async (error) => {
      await expect(whileAway(failing(1, error), later())).rejects.toBe(error)
    },
  )

  test("does not wait for ever", async () => {
    const error = new TargetError("unreachable", "app1", "away", "")
    await expect(whileAway(failing(1, error), performance.now() - 1)).rejects.toBe(error)
  })
})
