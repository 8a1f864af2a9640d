import { figure, type Markup, markup } from "./html-markup.js"

const [WIDTH, HEIGHT, EDGE] = [120, 28, 4]

/**
 * A line between the lowest and the highest value, oldest first, drawn by the server. Its last point is marked.
 *
 * @param words what it shows, for people who do not see it
 */
export function trendLine(values: readonly { value: number; title: string }[], words: string): Markup {
  const numbers = values.map(({ value }) => value)
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const step = values.length < 2 ? 0 : (WIDTH - 2 * EDGE) / (values.length - 1)
  const points = values.map(({ value, title }, index) => {
    const share = most === least ? 0.5 : (value - least) / (most - least)
    return { x: figure(EDGE + index * step), y: figure(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)), title }
  })
  const dots = points.map(
    ({ x, y, title }, index) =>
      markup`<circle cx="${x}" cy="${y}" r="${index === points.length - 1 ? 3 : 1.5}"><title>${title}</title></circle>`,
  )
  return markup`<svg class="trend" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${words}"><polyline points="${points.map(({ x, y }) => `${x},${y}`).join(" ")}"/>${dots}</svg>`
}
