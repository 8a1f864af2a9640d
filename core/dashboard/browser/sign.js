;(() => {
  /** The key belongs to this address: scheme, host and port. */
  const [DATABASE, STORE, OWN] = ["tollgate", "keys", "own"]
  const VALIDITY_MS = 600_000
  const find = (id) => document.getElementById(id)
  const root = document.documentElement

  if (find("freshness") === null) return

  /** The state when a person opened a form: between two clicks it may change, and with it what the form would do. */
  const opened = new WeakMap()
  const state = () => `${find("asks")?.dataset.live} ${find("asks")?.dataset.deploying}`
  let pair = null
  let own = ""

  const store = async (mode, work) => {
    const database = await new Promise((done, failed) => {
      const asked = indexedDB.open(DATABASE, 1)
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE)
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => failed(asked.error)
    })
    try {
      return await new Promise((done, failed) => {
        const asked = work(database.transaction(STORE, mode).objectStore(STORE))
        asked.transaction.oncomplete = () => done(asked.result)
        asked.transaction.onabort = () => failed(asked.transaction.error)
      })
    } finally {
      database.close()
    }
  }

  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))

  const load = async () => {
    pair = (await store("readonly", (keys) => keys.get(OWN))) ?? null
    own = pair === null ? "" : `ed25519:${base64(await crypto.subtle.exportKey("raw", pair.publicKey))}`
    root.dataset.own = pair === null ? "none" : "made"
  }

  const make = async () => {
    const made = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
    // another tab may have made one meanwhile: it stays
    await store("readwrite", (keys) => keys.add(made, OWN)).catch(() => undefined)
    // a browser that is short of space would delete it otherwise; it may ask the person first
    navigator.storage?.persist?.().catch(() => false)
  }

  /** RFC 8785: members in the order of their UTF-16 code units; numbers and texts as JSON.stringify writes them. */
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
    if (typeof value !== "object" || value === null) return JSON.stringify(value)
    const members = Object.keys(value).sort()
    return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`
  }

  const person = () => JSON.parse(find("asks")?.dataset.people ?? "[]").find(({ key }) => key === own)

  /** Shows what this browser's key may request, after each update of the page. */
  const apply = () => {
    const { name, may = [] } = person() ?? {}
    root.dataset.key = own === "" ? "none" : name === undefined ? "unlisted" : "listed"
    root.dataset.may = may.join(" ")
    const write = (id, text) => {
      const place = find(id)
      if (place !== null && place.textContent !== text) place.textContent = text
    }
    write("signer", name ?? "")
    write("public-key", own)
    write("public-key-yaml", own === "" ? "" : `operators:\n  - { name: YOUR NAME, key: "${own}" }`)
    for (const element of document.querySelectorAll("[data-keys]"))
      element.classList.toggle("mine", own !== "" && element.dataset.keys.split(" ").includes(own))
    for (const button of document.querySelectorAll("[data-ask] button"))
      button.disabled = !tollgate.fresh() || button.form.dataset.busy !== undefined
  }

  const actionOf = (form) => {
    const ask = JSON.parse(form.dataset.ask)
    const fields = new FormData(form)
    if (ask.kind === "rollback") ask.to = fields.get("to") ?? ""
    if (ask.kind === "maintenance") ask.message = fields.get("message") ?? "We are back shortly."
    const at = fields.get("at") ?? ""
    return at === "" ? ask : { kind: "schedule", at: new Date(`${at}Z`).toISOString(), action: ask }
  }

  const signed = async (form) => {
    const { service, environment, event, live } = find("asks").dataset
    const now = tollgate.now()
    const statement = {
      id: crypto.randomUUID(),
      service,
      environment,
      action: actionOf(form),
      reason: new FormData(form).get("reason"),
      who: person().name,
      key: own,
      requestedAt: new Date(now).toISOString(),
      expiresAt: new Date(now + VALIDITY_MS).toISOString(),
      sees: { event: Number(event), live: live ?? null },
    }
    const bytes = new TextEncoder().encode(`tollgate-request 1\n${canonical(statement)}`)
    const signature = base64(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes))
    return { format: "tollgate-request", version: 1, statement, signature }
  }

  const send = async (form) => {
    if (!tollgate.fresh()) return "This page is old. Nothing was requested."
    if (person() === undefined) return "The policy does not list this browser's key. Nothing was requested."
    if (opened.get(form.closest("details")) !== state()) {
      opened.set(form.closest("details"), state())
      return "The environment has changed since you opened this form. Read the page again. Nothing was requested."
    }
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Tollgate-Token": find("freshness").dataset.token ?? "" },
      body: JSON.stringify(await signed(form)),
    }).catch(() => null)
    if (answer?.status === 401) return "Your session has ended: sign in again. Nothing was requested."
    const { request, problems } = (await answer?.json().catch(() => null)) ?? {}
    if (request !== undefined) {
      form.reset()
      tollgate.read()
      return `Requested: ${request.slice(0, 8)} is in the ledger.`
    }
    if (problems === undefined)
      return "The dashboard did not answer. Look at the list of requests before you try again: it may have been recorded."
    const words = problems.map(({ code, message }) => `${code}: it ${message}`).join("\n")
    return answer.status === 503 ? words : `${words}\nNothing was requested.`
  }

  document.addEventListener("submit", (event) => {
    const form = event.target
    if (form.dataset.ask === undefined) return
    event.preventDefault()
    if (form.dataset.busy !== undefined) return
    form.dataset.busy = ""
    apply()
    send(form)
      .catch((error) => `This browser could not sign: ${error.message}. Nothing was requested.`)
      .then((words) => {
        form.querySelector(".answer").textContent = words
      })
      .finally(() => {
        delete form.dataset.busy
        apply()
      })
  })
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.open) return
      opened.set(target, state())
      target.querySelector("[name=reason]")?.focus()
    },
    true,
  )
  document.addEventListener("click", ({ target }) => {
    const work = { "make-key": make, "delete-key-now": () => store("readwrite", (keys) => keys.delete(OWN)) }[target.id]
    if (work === undefined) return
    work()
      .then(load)
      .then(apply, (error) => {
        find("key-answer").textContent = `This browser could not do that: ${error.message}`
      })
  })
  document.addEventListener("tollgate", apply)
  // another tab may have made or deleted it
  addEventListener("focus", () => void load().then(apply))
  load().then(apply, () => {
    root.dataset.own = "unsupported"
  })
})()
