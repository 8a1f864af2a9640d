// A second click while the first is on its way would show the customer an error about their own order.
for (const form of document.querySelectorAll("form[data-submit-once]")) {
  form.addEventListener("submit", () => {
    form.querySelector("button[type=submit]").disabled = true
  })
}

// Back from the provider's page the browser may show this page as it was left: with the button disabled.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return
  for (const button of document.querySelectorAll("form[data-submit-once] button[type=submit]")) button.disabled = false
})
