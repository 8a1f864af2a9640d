/** The page reads without it. It adds a filter over the tests, and one button that unfolds every traceback. */
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
  const onlyRed = make("input", { type: "checkbox" })
  const found = make("span", { className: "where", role: "status" })
  const apply = () => {
    const wanted = search.value.toLowerCase()
    let count = 0
    for (const group of all.querySelectorAll("details")) {
      let inGroup = 0
      for (const row of group.querySelectorAll("tbody tr")) {
        const hit = row.textContent.toLowerCase().includes(wanted) && (!onlyRed.checked || row.dataset.status !== "passed")
        row.hidden = !hit
        if (hit) inGroup += 1
      }
      if (wanted !== "" || onlyRed.checked) group.open = inGroup > 0
      count += inGroup
    }
    found.textContent = wanted !== "" || onlyRed.checked ? count + (count === 1 ? " test" : " tests") : ""
  }
  search.addEventListener("input", apply)
  onlyRed.addEventListener("change", apply)
  all.querySelector(".tools").append(
    make("label", {}, "Find ", search), make("label", {}, onlyRed, " only those that did not pass"), found)
}
const why = document.querySelector("#why .tools")
if (why && document.querySelector("#why details")) {
  const button = make("button", { type: "button", textContent: "Unfold everything" })
  button.addEventListener("click", () => {
    const open = button.textContent === "Unfold everything"
    for (const one of document.querySelectorAll("#why details")) one.open = open
    button.textContent = open ? "Fold everything" : "Unfold everything"
  })
  why.append(button)
}
`
