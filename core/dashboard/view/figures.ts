import { type DoraFigures, type FigureName, LEAST } from "../../dora/figures.js"
import { cells, coverage, NAMES, remarks, TITLES } from "../../dora/words.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import type { View } from "./frame.js"
import { card, environmentLink, list } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** DORA's five figures of an environment, with their formulas and n. */
export function figuresView(
  environment: string,
  figures: DoraFigures,
  /** Releases that were read at most, if the ledger has more; null: all of them. */
  only: number | null,
  clock: Clock,
): View {
  const { windows, until } = figures
  const notes = [
    only === null
      ? coverage(windows)
      : `Of the latest ${only} releases. The command reads all: tollgate dora --env=${environment}.`,
    ...remarks(windows),
    `Times are medians. Too few: n is below ${LEAST}.`,
  ].filter((text) => text !== "")
  return {
    title: `Delivery · ${environment}`,
    main: markup`<p class="path">${environmentLink(environment)} / delivery</p>
<h1>Delivery of ${environment}</h1>
<p>DORA's five figures, until ${moment(clock, until)}.</p>
${card(
  "Figures",
  markup`${table(
    `Delivery of ${environment}`,
    [{ title: "Figure" }, ...windows.map(({ days }) => ({ title: `Last ${days} days` }))],
    NAMES.map((name) => [markup`${TITLES[name]}`, ...windows.map((window) => figure(name, cells(name, window)))]),
  )}${list(
    notes.map((text) => markup`${text}`),
    "",
  )}`,
)}
${card(
  "Formulas",
  list(
    NAMES.map((name) => markup`<strong>${TITLES[name]}</strong>: ${figures.formulas[name]}.`),
    "",
  ),
)}`,
  }
}

/** A share has its n in its value. */
function figure(name: FigureName, [n, value, p90]: ReturnType<typeof cells>): Markup {
  const isShare = name === "failRate" || name === "rework"
  return markup`${value}${isShare ? nothing : markup`<small>n ${n}${p90 === "" ? nothing : markup`, 90th percentile ${p90}`}</small>`}`
}
