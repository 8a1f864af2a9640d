import { figure, type Markup, markup } from "./html-markup.js"

const STEP = 14
const HEIGHT = 36
const BAR = 10

/**
 * Small bars, oldest first, drawn by the server. A failed one is hatched as well as red.
 *
 * @param words what it shows, for people who do not see it
 */
export function sparkline(values: readonly { value: number; failed: boolean; title: string }[], words: string): Markup {
  const most = Math.max(1e-9, ...values.map(({ value }) => value))
  const width = Math.max(STEP, values.length * STEP)
  const bars = values.map(({ value, failed, title }, index) => {
    const height = Math.max(2, (value / most) * (HEIGHT - 2))
    return markup`<rect class="${failed ? "failed" : "passed"}" x="${index * STEP + (STEP - BAR) / 2}" y="${figure(HEIGHT - height)}" width="${BAR}" height="${figure(height)}"><title>${title}</title></rect>`
  })
  return markup`<svg class="sparkline" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-label="${words}">${bars}</svg>`
}
