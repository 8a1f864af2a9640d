;(() => {
  const { uPlot, tollgatePaint: paint, tollgateChartData: chartData } = globalThis
  if (uPlot === undefined) return

  /** Room around the plot, as in the picture that the server drew. */
  const [LEFT, RIGHT, TOP, BOTTOM] = [58, 12, 26, 46]
  const HINT = "Point at the picture, or focus it and press the arrow keys, to read each sample."
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }

  const plots = new Map()
  /** The sample that is read, in seconds since the switch: it stays while new ones arrive. */
  let held = null

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties)
    made.append(...children)
    return made
  }

  class Plot {
    constructor(place, data, source) {
      this.place = place
      this.data = data
      this.source = source
      this.area = element("div", { className: "area", tabIndex: 0, role: "slider" })
      this.lines = ["strong", "span", "span", "span"].map((name) => element(name))
      place.replaceChildren(this.area, element("p", { className: "readout", ariaHidden: "true" }, ...this.lines))
      this.area.addEventListener("keydown", (event) => this.key(event))
      this.area.addEventListener("blur", () => this.leave())
      this.draw()
      this.resized = new ResizeObserver(() => this.resize())
      this.resized.observe(place)
    }

    /** The page may be zoomed by its style: the canvas is as fine as the screen, so its texts are larger instead. */
    get scale() {
      return Number(getComputedStyle(this.place).getPropertyValue("--page-zoom")) || 1
    }

    size() {
      const width = Math.max(200, this.place.clientWidth) * this.drawn
      return { width, height: Math.round(Math.min(260 * this.drawn, Math.max(200 * this.drawn, width * 0.5))) }
    }

    draw() {
      this.drawn = this.scale
      this.colours = paint.colours(this.place)
      const px = (length) => length * this.drawn
      const font = `${px(12)}px system-ui, sans-serif`
      const colour = (name) => () => this.colours[name]
      const mark = (splits) => ({
        font,
        stroke: colour("soft"),
        splits: () => splits().map(([at]) => at),
        values: () => splits().map(([, words]) => words),
        ticks: { stroke: colour("rule"), size: px(4) },
        gap: px(4),
      })
      this.u = new uPlot(
        {
          ...this.size(),
          padding: [px(TOP), px(RIGHT), 0, 0],
          legend: { show: false },
          cursor: {
            sync: { key: "figures", scales: ["x", null] },
            y: false,
            drag: { x: false, y: false, setScale: false },
            points: { size: px(9), fill: colour("accent"), stroke: colour("card"), width: 2 },
            move: (u, left, top) => (held === null || left < 0 ? [left, top] : [u.valToPos(held, "x"), top]),
            bind: {
              mousemove: (u, _, handle) => (event) => {
                held = null
                handle(event)
                held = u.cursor.idx == null ? null : this.data.columns[0][u.cursor.idx]
                handle(event)
              },
              mouseleave: (_, __, handle) => (event) => {
                held = null
                handle(event)
              },
              // dragging and a double click would change the scale
              mousedown: () => null,
              mouseup: () => null,
              dblclick: () => null,
            },
          },
          scales: {
            x: { time: false, range: () => [-this.data.lane, this.data.to] },
            y: { range: () => [this.data.low, this.data.high] },
          },
          axes: [
            {
              ...mark(() => this.data.times),
              values: (u) => {
                // beside the word "before" there may be no room for the 0
                const crowded = this.data.lane > 0 && u.valToPos(0, "x") - u.valToPos(-this.data.lane, "x") < px(56)
                return this.data.times.map(([at, words]) => (crowded && at === 0 ? "" : words))
              },
              grid: { show: false },
              size: px(24),
              label: "time since the switch",
              labelFont: font,
              labelSize: px(BOTTOM - 26),
              labelGap: 0,
            },
            { ...mark(() => this.data.ticks), size: px(LEFT), grid: { stroke: colour("rule"), width: 1 } },
          ],
          series: [
            {},
            {
              stroke: colour("accent"),
              width: px(2),
              points: {
                show: true,
                size: px(6),
                fill: colour("accent"),
                width: 0,
                // where a line ends; a single sample has no line
                filter: (_, __, show) => {
                  const values = this.data.columns[1]
                  return show === false
                    ? null
                    : values.flatMap((value, at) => (value !== null && (values[at + 1] ?? null) === null ? at : []))
                },
              },
            },
            { stroke: colour("soft"), width: 0, points: { show: false }, paths: () => null },
          ],
          hooks: {
            drawClear: [(u) => paint.under(u, this)],
            draw: [(u) => paint.over(u, this)],
            setCursor: [() => this.tell()],
          },
        },
        this.data.columns,
        this.area,
      )
      this.tell()
    }

    /** Says what is read, to eyes and to a screen reader. */
    tell() {
      const last = this.data.columns[0].length - 1
      // with fewer figures than before, until uPlot has moved its cursor
      const at = this.u?.cursor.idx ?? null
      const place = at === null ? null : Math.min(at, last)
      const words = place === null ? ["", HINT] : chartData.linesOf(this.data, place)
      for (const [index, line] of this.lines.entries())
        if (line.textContent !== (words[index] ?? "")) line.textContent = words[index] ?? ""
      const spoken = chartData.linesOf(this.data, place ?? last)
      for (const [name, value] of Object.entries({
        label: `${this.data.name}, each sample`,
        valuemin: 0,
        valuemax: last,
        valuenow: place ?? last,
        valuetext: spoken.join(", "),
      }))
        this.area.setAttribute(`aria-${name}`, String(value))
    }

    key(event) {
      const times = this.data.columns[0]
      const now = this.u.cursor.idx
      const step = STEPS[event.key]
      if (event.key === "Escape") return this.leave()
      if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return
      event.preventDefault()
      const last = times.length - 1
      held = times[now == null ? (step === -Infinity ? 0 : last) : Math.min(last, Math.max(0, now + step))]
      this.u.setCursor({ left: this.u.valToPos(held, "x"), top: 1 }, true, true)
    }

    leave() {
      held = null
      this.u.setCursor({ left: -10, top: -10 }, true, true)
    }

    update(data, source) {
      this.data = data
      this.source = source
      this.u.setData(data.columns)
      this.tell()
    }

    resize() {
      if (this.scale !== this.drawn) {
        this.u.destroy()
        this.draw()
      } else {
        const { width, height } = this.size()
        if (width !== this.u.width || height !== this.u.height) this.u.setSize({ width, height })
      }
    }

    recolour() {
      this.colours = paint.colours(this.place)
      this.u.redraw(false)
    }

    remove() {
      this.resized.disconnect()
      this.u.destroy()
      this.place.replaceChildren()
    }
  }

  const remove = (place) => {
    plots.get(place)?.remove()
    plots.delete(place)
  }

  /** After each update of the page: a chart whose figures are the same is left alone. */
  const update = () => {
    for (const place of plots.keys()) if (!place.isConnected) remove(place)
    for (const figure of document.querySelectorAll("[data-chart]")) {
      const place = figure.querySelector(".plot")
      const source = figure.dataset.chart
      if (place === null || plots.get(place)?.source === source) continue
      const data = chartData.read(source)
      if (data === null) remove(place)
      else if (plots.has(place)) plots.get(place).update(data, source)
      else plots.set(place, new Plot(place, data, source))
    }
  }

  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", () => {
      for (const plot of plots.values()) plot.recolour()
    })
  document.addEventListener("tollgate", update)
  update()
})()
