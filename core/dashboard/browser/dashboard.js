;(() => {
  /** Without a message for as long, the connection counts as dead: a browser that sleeps loses it silently. */
  const SILENCE_MS = 120_000
  /** A page that comes back to the front after as long connects again. */
  const AWAY_MS = 30_000
  const LATE_MS = 30_000
  /** While a machine sleeps its clock goes on, and the browser's count of time may not. */
  const JUMP_MS = 30_000
  const now = () => performance.now()
  const find = (id) => document.getElementById(id)

  if (find("freshness") === null) return

  /** Requests in the order in which they were sent: an answer that was overtaken is dropped. */
  let sent = 0
  let shown = 0
  let number = Number(find("freshness").dataset.number)
  let confirmed = now() - Number(find("freshness").dataset.age ?? 0)
  let at = Date.parse(find("freshness").dataset.at ?? "")
  let heard = now()
  let problem = ""
  let source = null
  let reading = false
  let again = false
  const ahead = () => Date.now() - now()
  let wasAhead = ahead()

  const say = (words) => {
    problem = words
    let box = find("connection")
    if (box === null) {
      box = Object.assign(document.createElement("div"), { id: "connection", className: "connection" })
      box.setAttribute("role", "status")
      find("freshness").append(box)
    }
    if (box.textContent !== words) box.textContent = words
    document.body.classList.toggle("stale", words !== "")
    document.dispatchEvent(new Event("tollgate"))
  }

  const count = () => {
    const age = find("age")
    if (age === null) return
    const seconds = Math.max(0, Math.round((now() - confirmed) / 1000))
    const words = seconds < 5 ? "Up to date." : `${ageWords(seconds)} ago.`
    if (age.textContent !== words) age.textContent = words
  }

  const ageWords = (seconds) =>
    seconds < 90
      ? `${seconds} s`
      : seconds < 5400
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`

  /** What a person opened, typed or points at stays as it is. */
  const callbacks = {
    beforeNodeMorphed: (old) => !(old instanceof Element && old.matches("[data-keep]")),
    beforeAttributeUpdated: (name, node) => !(name === "open" && node.tagName === "DETAILS"),
  }

  const read = async () => {
    if (reading) {
      again = true
      return
    }
    reading = true
    const order = ++sent
    const asked = now()
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(
        () => null,
      )
      const text = await answer?.text().catch(() => null)
      if (answer === null || text === null) return say("The dashboard does not answer. This page is out of date.")
      if (answer.status === 401) return location.reload()
      const page = new DOMParser().parseFromString(text, "text/html")
      if (answer.ok || answer.status === 404) show(page, order, asked)
      else
        say(
          `${page.querySelector("h1")?.textContent.trim() ?? "The dashboard cannot answer"}. This page is out of date.`,
        )
    } finally {
      reading = false
      if (again) {
        again = false
        void read()
      }
    }
  }

  const show = (page, order, asked) => {
    const fresh = page.getElementById("freshness")
    const next = Number(fresh?.dataset.number ?? -1)
    if (fresh === null || order < shown || next < number) return
    shown = order
    number = next
    confirmed = asked - Number(fresh.dataset.age ?? 0)
    at = Date.parse(fresh.dataset.at ?? "")
    const [main, before] = [page.querySelector("main"), document.querySelector("main")]
    Idiomorph.morph(before, [...main.childNodes], { morphStyle: "innerHTML", ignoreActiveValue: true, callbacks })
    const age = find("age")?.textContent ?? ""
    const mark = fresh.querySelector("#age")
    if (mark !== null) mark.textContent = age
    Idiomorph.morph(find("freshness"), fresh, { morphStyle: "outerHTML" })
    document.title = page.title
    say("")
    count()
  }

  const connect = () => {
    source?.close()
    heard = now()
    source = new EventSource("/stream")
    source.addEventListener("open", () => {
      heard = now()
      void read()
    })
    source.addEventListener("ledger", (message) => {
      heard = now()
      const { state, number: latest, why } = JSON.parse(message.data)
      if (state === "away") say(`The ledger is unreachable: ${why} This page is out of date.`)
      else {
        // another ledger in its place counts from the start
        if (state === "online" && latest < number) number = latest
        void read()
      }
    })
    source.addEventListener("samples", () => {
      heard = now()
      if (document.querySelector("[data-samples]") !== null) void read()
    })
    // times go on without an event: of a run, of an approval that expires
    source.addEventListener("beat", () => {
      heard = now()
      void read()
    })
    source.addEventListener("error", () => {
      say("Lost the connection to the dashboard. This page is out of date. Reconnecting.")
      // a server that refused is not asked again by the browser itself
      if (source.readyState === EventSource.CLOSED) void read()
    })
  }

  /** For the part that signs. The ledger's clock counts, and not the browser's. */
  globalThis.tollgate = { fresh: () => problem === "", now: () => at + now() - confirmed, read: () => void read() }

  setInterval(() => {
    const jumped = Math.abs(ahead() - wasAhead) > JUMP_MS
    wasAhead = ahead()
    if (jumped) {
      say("This browser was asleep, or its clock was changed. This page is out of date. Reconnecting.")
      connect()
    }
    count()
    if (now() - heard > SILENCE_MS) connect()
    else if (source.readyState === EventSource.CLOSED && now() - heard > 5000) connect()
    else if (problem === "" && now() - confirmed > LATE_MS) void read()
  }, 1000)
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return
    if (now() - heard > AWAY_MS) connect()
    else void read()
  })
  addEventListener("pagehide", () => source?.close())
  addEventListener("pageshow", (event) => {
    if (event.persisted) connect()
  })
  connect()
})()
