/** What a chart shows beside its line, in the same shapes and words as the picture that the server drew. */
globalThis.tollgatePaint = (() => {
  const NAMES = ["ink", "soft", "rule", "accent", "fail", "card", "track"]

  /** The colours of the page as they are now: a canvas knows no variables of CSS. */
  const colours = (place) => {
    const probe = Object.assign(document.createElement("span"), { hidden: true })
    place.append(probe)
    const found = NAMES.map((name) => {
      probe.style.color = `var(--${name})`
      return [name, getComputedStyle(probe).color]
    })
    probe.remove()
    return Object.fromEntries(found)
  }

  const brush = (u, { colours, drawn }) => {
    const { ctx } = u
    const unit = devicePixelRatio * drawn
    const own = (work) => {
      ctx.save()
      work()
      ctx.restore()
    }
    const write = (text, x, y, align, colour = "soft") =>
      own(() => {
        ctx.font = `${12 * unit}px system-ui, sans-serif`
        ctx.textAlign = align
        ctx.textBaseline = "alphabetic"
        ctx.lineJoin = "round"
        ctx.lineWidth = 3 * unit
        ctx.strokeStyle = colours.card
        ctx.strokeText(text, x, y)
        ctx.fillStyle = colours[colour]
        ctx.fillText(text, x, y)
      })
    const line = (from, to, colour, width, dash) =>
      own(() => {
        ctx.beginPath()
        ctx.setLineDash(dash.map((length) => length * unit))
        ctx.strokeStyle = colours[colour]
        ctx.lineWidth = width * unit
        ctx.moveTo(...from)
        ctx.lineTo(...to)
        ctx.stroke()
      })
    return {
      ctx,
      unit,
      own,
      write,
      line,
      x: (at) => u.valToPos(at, "x", true),
      y: (value) => u.valToPos(value, "y", true),
    }
  }

  /** Under the line: the release before, hatched, and gaps, outlined with dots. */
  const under = (u, plot) => {
    const { ctx, unit, own, write, x } = brush(u, plot)
    const { left, top, height } = u.bbox
    for (const [from, to] of plot.data.gaps) {
      const [start, width] = [x(from), Math.max(2 * unit, x(to) - x(from))]
      own(() => {
        ctx.fillStyle = plot.colours.track
        ctx.fillRect(start, top, width, height)
        ctx.setLineDash([2 * unit, 4 * unit])
        ctx.strokeStyle = plot.colours.soft
        ctx.lineWidth = unit
        ctx.strokeRect(start, top, width, height)
      })
      if (width >= 50 * unit) write("no data", start + width / 2, top + height - 6 * unit, "center")
    }
    if (plot.data.lane === 0) return
    own(() => {
      ctx.beginPath()
      ctx.rect(left, top, x(0) - left, height)
      ctx.clip()
      ctx.globalAlpha = 0.35
      ctx.strokeStyle = plot.colours.soft
      ctx.lineWidth = 2 * unit
      ctx.beginPath()
      for (let at = left - height; at < x(0); at += 8.5 * unit) {
        ctx.moveTo(at, top)
        ctx.lineTo(at + height, top + height)
      }
      ctx.stroke()
    })
  }

  /** Over it: the unit, the switch, the release before, the threshold, and values that are larger than what can be measured. */
  const over = (u, plot) => {
    const { unit, write, line, x, y } = brush(u, plot)
    const { left, top, width, height } = u.bbox
    const { before, threshold, at, values, beyond } = plot.data
    const [end, floor, center] = [left + width, top + height, top + height / 2]
    write(plot.data.unit, 4 * unit, top - 13 * unit, "left")
    line([x(0), top - 8 * unit], [x(0), floor], "ink", 1.5, [])
    write("switch", x(0) + 4 * unit, top - 13 * unit, "left")
    if (before !== null) {
      const middle = (left + x(0)) / 2
      write("before", middle, floor + 15 * unit, "center")
      if (before.value === null) write("no data", middle, center, "center")
      else line([left, y(before.value)], [x(0), y(before.value)], "soft", 2.5, [2, 3])
    }
    if (values.every((value) => value === null)) write("no data", (x(0) + end) / 2, center, "center")
    for (const place of beyond) write("▲", x(at[place]), y(values[place]) + 4 * unit, "center", "ink")
    if (threshold === null) return
    if (threshold.place === "above") write(`↑ ${threshold.words}`, end, top + 13 * unit, "right", "fail")
    else if (threshold.place === "below") write(`↓ ${threshold.words}`, end, floor - 6 * unit, "right", "fail")
    else {
      const level = y(threshold.value)
      line([left, level], [end, level], "fail", 1.5, [7, 4])
      // below the line where there is no room above it
      write(threshold.words, end, level < top + 18 * unit ? level + 14 * unit : level - 5 * unit, "right", "fail")
    }
  }

  return { colours, under, over }
})()
