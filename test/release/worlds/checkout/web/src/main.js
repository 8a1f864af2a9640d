import { cents } from "./amount.js"

const output = document.querySelector("output")

document.querySelector("#pay").addEventListener("submit", async (event) => {
  event.preventDefault()
  const amount = cents(String(new FormData(event.target).get("amount")))
  if (amount === null) {
    output.value = "This is no amount."
    return
  }
  const answer = await fetch("/api/orders", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ number: crypto.randomUUID(), cents: amount }),
  })
  output.value = answer.ok ? "Thank you." : "Please try again."
})
