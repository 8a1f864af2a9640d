import { afterAll, afterEach, expect, test, vi } from "vitest"
import { printError } from "../../cli/print-error.js"

const printed = vi.spyOn(console, "error").mockImplementation(() => undefined)
afterEach(() => printed.mockClear())
afterAll(() => printed.mockRestore())

test("an engine that is stopped in the middle of a command is not an unexpected error", async () => {
  await printError(new Error("select: failed to serve client: engine is shutting down [traceparent:00-11]"), false)
  expect(printed).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/^✗ engine\.stopped\n[^]*Run the command again/),
  )
})

test("any other error of the engine is one", async () => {
  await printError(new Error("select: the mount is gone"), false)
  expect(printed).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("This error was not expected."))
})
