import type { Page } from "playwright-core"

/** The charts of a run, as a person has them in a browser. */

export const area = (page: Page, metric: string) => page.locator(`#plot-${metric} .area`)
/** What a chart says of the sample that is read, line by line. */
export const readout = (page: Page, metric: string) =>
  page.locator(`#plot-${metric} .readout > :not(:empty)`).allTextContents()

/** The scroll of the page, and where the cursor of a chart is. */
export const cursor = () =>
  [scrollY, document.querySelector<HTMLElement>("#plot-errors .u-cursor-x")?.style.transform ?? ""] as const

/** How many points of the line's colour a column of the plot has. */
export function drawnAt(page: Page, metric: string, share: number): Promise<number> {
  return page.evaluate(
    ([metric, share]) => {
      const [canvas, over] = [".plot canvas", ".plot .u-over"].map((what) =>
        document.querySelector(`#picture-${metric} ${what}`),
      )
      if (!(canvas instanceof HTMLCanvasElement) || !(over instanceof HTMLElement)) return -1
      const ratio = canvas.width / canvas.clientWidth
      const probe = document.createElement("span")
      probe.style.color = "var(--accent)"
      over.append(probe)
      const wanted = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? []
      probe.remove()
      const x = Math.round((over.offsetLeft + Number(share) * over.clientWidth) * ratio)
      // a canvas whose points are read often is no longer drawn by the graphics card
      const copy = new OffscreenCanvas(1, canvas.height).getContext("2d")
      copy?.drawImage(canvas, -x, 0)
      const { data } = copy?.getImageData(0, 0, 1, canvas.height) ?? { data: [] }
      let found = 0
      for (let at = 0; at < data.length; at += 4)
        if (wanted.every((value, index) => Math.abs((data[at + index] ?? 0) - value) < 12)) found += 1
      return found
    },
    [metric, share] as const,
  )
}

export const lineColour = (page: Page) =>
  page.locator("#plot-errors").evaluate((place) => {
    place.append(Object.assign(document.createElement("span"), { id: "probe" }))
    const probe = place.querySelector<HTMLElement>("#probe")
    if (probe === null) return ""
    probe.style.color = "var(--accent)"
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  })

/** Points at a chart, from 0 at its left edge to 1 at its right one. */
export async function point(page: Page, metric: string, share: number): Promise<void> {
  const over = page.locator(`#plot-${metric} .u-over`)
  await over.scrollIntoViewIfNeeded()
  const box = await over.boundingBox()
  if (box === null) throw new Error("there is a chart")
  await page.mouse.move(box.x + share * box.width, box.y + box.height / 2)
}

/** Changes the figures that the page has for the chart of the error rate, as a server could that is wrong. */
export function rewrite(page: Page, change: object): Promise<void> {
  return page.evaluate((change) => {
    const figure = document.querySelector<HTMLElement>("#picture-errors")
    if (figure === null) return
    figure.dataset["first"] ??= figure.dataset["chart"] ?? ""
    figure.dataset["chart"] = JSON.stringify({ ...JSON.parse(figure.dataset["first"]), ...change })
    document.dispatchEvent(new Event("tollgate"))
  }, change)
}
