/** Optional: adds a filter for the tests, and a button that expands all tracebacks. */
export const script = `
"use strict"
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}
const all = document.querySelector("#tests")
if (all) {
  const search = make("input", { type: "search", placeholder: "part of a name or file" })
  const onlyOthers = make("input", { type: "checkbox" })
  const found = make("span", { className: "where", role: "status" })
  const apply = () => {
    const wanted = search.value.toLowerCase()
    let count = 0
    for (const group of all.querySelectorAll("details")) {
      let inGroup = 0
      for (const row of group.querySelectorAll("tbody tr")) {
        const hit = row.textContent.toLowerCase().includes(wanted) && (!onlyOthers.checked || row.dataset.status !== "passed")
        row.hidden = !hit
        if (hit) inGroup += 1
      }
      if (wanted !== "" || onlyOthers.checked) group.open = inGroup > 0
      count += inGroup
    }
    found.textContent = wanted !== "" || onlyOthers.checked ? count + (count === 1 ? " test" : " tests") : ""
  }
  search.addEventListener("input", apply)
  onlyOthers.addEventListener("change", apply)
  all.querySelector(".tools").append(
    make("label", {}, "Find ", search), make("label", {}, onlyOthers, " hide passed tests"), found)
}
const why = document.querySelector("#why .tools")
if (why && document.querySelector("#why details")) {
  const button = make("button", { type: "button", textContent: "Expand all" })
  button.addEventListener("click", () => {
    const open = button.textContent === "Expand all"
    for (const one of document.querySelectorAll("#why details")) one.open = open
    button.textContent = open ? "Collapse all" : "Expand all"
  })
  why.append(button)
}
`
