import { getTracer } from "@dagger.io/dagger/telemetry"
import { terminalText } from "./plain-text.js"

/**
 * Runs one named step of a pipeline: a span in the trace, and a progress line at its start and its end.
 * Progress goes to stderr, because stdout is for the result.
 *
 * @param end text of the last line, to which the duration is added
 */
export async function step<T>(
  name: string,
  work: () => Promise<T>,
  end: (result: T) => string = () => "done",
): Promise<T> {
  const began = performance.now()
  const took = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  say(`${name}: started`)
  try {
    const result = await getTracer().startActiveSpan(name, work)
    say(`${name}: ${end(result)}, ${took()}`)
    return result
  } catch (error) {
    say(`${name}: failed, ${took()}`)
    throw error
  }
}

/** A progress line. */
export function say(line: string): void {
  process.stderr.write(`${terminalText(line)}\n`)
}
