;(() => {
  /** The key belongs to this address: scheme, host and port. */
  const [DATABASE, STORE, OWN] = ["tollgate", "keys", "own"]
  const VALIDITY_MS = 600_000
  const find = (id) => document.getElementById(id)
  const root = document.documentElement

  if (find("freshness") === null) return

  /** The state when a person opened a form: between two clicks it may change, and with it what the form would do. */
  const opened = new WeakMap()
  const state = (form) => form?.dataset.approve ?? `${find("asks")?.dataset.live} ${find("asks")?.dataset.deploying}`
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
    for (const button of document.querySelectorAll("[data-ask] button, [data-approve] button"))
      button.disabled = !tollgate.fresh() || button.form.dataset.busy !== undefined
    follow()
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

  /** What the page shows, with the bytes that the command line signs: an approval of a plan or of a policy, or a review. */
  const approved = async (form) => {
    const { format, version } = form.dataset
    const fields = new FormData(form)
    const now = tollgate.now()
    const statement = {
      ...JSON.parse(form.dataset.approve),
      approver: approverOf(form).name,
      reason: fields.get("reason").trim(),
      signedAt: new Date(now).toISOString(),
      ...(fields.has("validity")
        ? { expiresAt: new Date(now + Number(fields.get("validity")) * 1000).toISOString() }
        : {}),
      key: own,
    }
    const bytes = new TextEncoder().encode(`${format} ${version}\n${canonical(statement)}`)
    const signature = base64(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes))
    return { format, version: Number(version), statement, signature }
  }

  const approverOf = (form) => JSON.parse(form.dataset.approvers).find(({ key }) => key === own)

  const approve = async (form) => {
    const { done } = form.dataset
    const nothing = `Nothing was ${done.toLowerCase()}.`
    if (!tollgate.fresh()) return `This page is old. ${nothing}`
    if (approverOf(form) === undefined) return `The policy does not list this browser's key. ${nothing}`
    if (opened.get(form.closest("details")) !== state(form))
      return `What this form would sign has changed since you opened it. Close it, and read the page again. ${nothing}`
    const { failed } = await posted(form, await approved(form), done.toLowerCase())
    if (failed !== undefined) return failed
    answered = { form, words: `${done}: it is in the ledger.` }
    return answered.words
  }

  /** A form that is gone when nothing is left to sign takes its answer with it: the answer is kept, and gets the focus. */
  let answered = null
  const follow = () => {
    if (answered === null || answered.form.checkVisibility()) return
    let place = find("signed")
    if (place === null) {
      place = Object.assign(document.createElement("p"), { id: "signed", tabIndex: -1 })
      place.setAttribute("role", "status")
      document.querySelector("main").before(place)
    }
    place.textContent = answered.words
    answered = null
    place.focus()
  }

  /** What the dashboard answered, or why it did not take the file. */
  const posted = async (form, file, done) => {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Tollgate-Token": find("freshness").dataset.token ?? "" },
      body: JSON.stringify(file),
    }).catch(() => null)
    if (answer?.status === 401) return { failed: `Your session has ended: sign in again. Nothing was ${done}.` }
    const { problems, ...recorded } = (await answer?.json().catch(() => null)) ?? {}
    if (answer?.status === 201) {
      form.reset()
      tollgate.read()
      return recorded
    }
    if (problems === undefined)
      return {
        failed: "The dashboard did not answer. Read the page again before you try again: it may have been recorded.",
      }
    const words = problems.map(({ code, message }) => `${code}: it ${message}`).join("\n")
    return { failed: answer.status === 503 ? words : `${words}\nNothing was ${done}.` }
  }

  const send = async (form) => {
    if (!tollgate.fresh()) return "This page is old. Nothing was requested."
    if (person() === undefined) return "The policy does not list this browser's key. Nothing was requested."
    if (opened.get(form.closest("details")) !== state()) {
      opened.set(form.closest("details"), state())
      return "The environment has changed since you opened this form. Read the page again. Nothing was requested."
    }
    const { request, failed } = await posted(form, await signed(form), "requested")
    return request === undefined ? failed : `Requested: ${request.slice(0, 8)} is in the ledger.`
  }

  document.addEventListener("submit", (event) => {
    const form = event.target
    const work = form.dataset.ask !== undefined ? send : form.dataset.approve !== undefined ? approve : null
    if (work === null) return
    event.preventDefault()
    if (form.dataset.busy !== undefined) return
    form.dataset.busy = ""
    apply()
    work(form)
      .catch((error) => `This browser could not sign: ${error.message}. Nothing was recorded.`)
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
      opened.set(target, state(target.querySelector("form")))
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
  document.addEventListener("focusin", ({ target }) => {
    if (answered !== null && !answered.form.contains(target)) answered = null
  })
  // another tab may have made or deleted it
  addEventListener("focus", () => void load().then(apply))
  load().then(apply, () => {
    root.dataset.own = "unsupported"
  })
})()
