import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { lastLines } from "../../dagger/engine/command.js"
import { createSteps, seconds } from "../../dagger/engine/steps.js"

function screen(isTTY: boolean) {
  let text = ""
  return { isTTY, columns: 80, write: (more: string) => void (text += more), text: () => text }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test("in a log a step has a line at its start and one at its end, with the time it took", async () => {
  const log = screen(false)
  const work = createSteps(log).run("engine start", () => new Promise<void>((resolve) => setTimeout(resolve, 2500)))
  await vi.advanceTimersByTimeAsync(2500)
  await work
  expect(log.text()).toBe("» engine start\n✓ engine start  2.5 s\n")
})

test("in a log a long step prints a heartbeat every 30 seconds", async () => {
  const log = screen(false)
  const work = createSteps(log).run("build", () => new Promise<void>((resolve) => setTimeout(resolve, 70_000)))
  await vi.advanceTimersByTimeAsync(70_000)
  await work
  expect(log.text()).toContain("… build: still running, 30.0 s\n… build: still running, 1 min 0 s\n")
})

test("a step that fails says so and hands its error on", async () => {
  const log = screen(false)
  const work = createSteps(log).run("build", () => Promise.reject(new Error("broken")))
  await expect(work).rejects.toThrow("broken")
  expect(log.text()).toBe("» build\n✗ build  0.0 s\n")
})

test("on a terminal the time of every running step is kept current", async () => {
  const terminal = screen(true)
  const steps = createSteps(terminal)
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const both = Promise.all([steps.run("one", () => wait(1000)), steps.run("two", () => wait(2000))])
  await vi.advanceTimersByTimeAsync(2000)
  await both
  expect(terminal.text()).toContain("» one  0.8 s\n» two  0.8 s\n")
  expect(terminal.text()).toMatch(/✓ two {2}2\.0 s\n$/)
})

test("times are read as people say them", () => {
  expect([seconds(0), seconds(1234), seconds(59_900), seconds(308_000)]).toEqual([
    "0.0 s",
    "1.2 s",
    "59.9 s",
    "5 min 8 s",
  ])
})

test("the end of a log is its last lines, indented", () => {
  expect(lastLines("one\ntwo\nthree\n", 2)).toBe("    two\n    three")
})
