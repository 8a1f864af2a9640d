/** The figures of a chart as the server wrote them into the page. */
globalThis.tollgateChartData = (() => {
  /** Share of the width for the release before. */
  const LANE = 0.2

  const isNumber = (value) => Number.isFinite(value)
  const isText = (value) => typeof value === "string"
  const isMark = (mark) => isNumber(mark[0]) && isText(mark[1])

  /** @returns null for what is not drawn: the server's picture stays then */
  const read = (source) => {
    try {
      const data = JSON.parse(source)
      data.words = data.words === "" ? [] : data.words.split("\n")
      const {
        name,
        unit,
        from,
        zone,
        to,
        low,
        high,
        ticks,
        times,
        threshold,
        before,
        gaps,
        at,
        values,
        words,
        beyond,
      } = data
      const isWhole =
        [name, unit, zone].every(isText) &&
        [from, to, low, high, ...at, ...beyond].every(isNumber) &&
        low < high &&
        at.every((time, index) => index === 0 || time > at[index - 1]) &&
        values.length === at.length &&
        values.every((value) => value === null || isNumber(value)) &&
        words.length === at.length &&
        [...ticks, ...times].every(isMark) &&
        gaps.every((gap) => gap.every(isNumber)) &&
        (threshold === null || (isNumber(threshold.value) && isText(threshold.words))) &&
        (before === null || (isText(before.words) && (before.value === null || isNumber(before.value))))
      if (!isWhole) return null
      const lane = before === null ? 0 : (LANE / (1 - LANE)) * to
      const first = before === null ? [] : [before]
      return {
        ...data,
        lane,
        offset: first.length,
        columns: [
          [...first.map(() => -lane / 2), ...at],
          [...first.map(() => null), ...values],
          [...first.map(({ value }) => value), ...values.map(() => null)],
        ],
      }
    } catch {
      return null
    }
  }

  const timeIn = (zone, time) => {
    try {
      return new Date(time).toLocaleString("sv-SE", { timeZone: zone })
    } catch {
      return null
    }
  }

  /** What the sample at a place of the columns says, one line each. */
  const linesOf = ({ from, zone, before, at, words, threshold, offset }, place) => {
    const sample = place - offset
    const limit = threshold === null ? "no threshold" : threshold.words
    if (sample < 0) return [before.words, "release before, until the switch", limit]
    const times = ["UTC", ...(zone === "UTC" ? [] : [zone])].flatMap((one) => {
      const time = timeIn(one, from + at[sample] * 1000)
      return time === null ? [] : `${time} ${one}`
    })
    return [words[sample], ...times, limit]
  }

  return { read, linesOf }
})()
