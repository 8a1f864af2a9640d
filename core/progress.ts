import { getTracer } from "@dagger.io/dagger/telemetry"

/**
 * Runs one named step of a pipeline: a span in the trace, and a line at its start and its end for whoever watches.
 * Lines go to stderr: stdout belongs to the result.
 *
 * @param end what the last line says of the result; the time is added to it
 */
export async function step<T>(name: string, work: () => Promise<T>, end: (result: T) => string = () => "done"): Promise<T> {
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

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
