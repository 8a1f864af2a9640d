import { type Markup, markup, nothing } from "./html-markup.js"

export interface Column {
  title: string
  /** Figures are aligned right. */
  number?: boolean
}

/**
 * A table whose rows become cards where the page is narrow. CSS then changes how its parts are displayed, and browsers forget what they
 * are: the roles say it again.
 *
 * @param rows cells in the order of the columns; the first names the row
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Markup[])[]): Markup {
  return markup`<table class="cards" role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${columns.map(
    ({ title, number }) => markup`<th scope="col" role="columnheader"${classOf(number)}>${title}</th>`,
  )}</tr></thead><tbody role="rowgroup">${rows.map(
    (cells) =>
      markup`<tr role="row">${cells.map((cell, index) => {
        const { title = "", number } = columns[index] ?? {}
        return index === 0
          ? markup`<th scope="row" role="rowheader">${cell}</th>`
          : markup`<td role="cell" data-label="${title}"${classOf(number)}>${cell}</td>`
      })}</tr>`,
  )}</tbody></table>`
}

function classOf(number: boolean | undefined): Markup {
  return number === true ? markup` class="number"` : nothing
}
