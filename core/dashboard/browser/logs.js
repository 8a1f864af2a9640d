;(() => {
  /** Follows the log of a run: its newest line stays in sight until the reader scrolls up. */

  /** The reader is at the end, with a scroll that is not exact. */
  const NEAR_PX = 8
  const find = (id) => document.getElementById(id)
  const box = () => find("log-follow")?.querySelector("input") ?? null
  const isAtEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight <= NEAR_PX
  /** Where this script has put it: a scroll from there is the reader's. */
  let put = -1

  const update = () => {
    const [label, log, follow] = [find("log-follow"), find("log-lines"), box()]
    if (label === null || log === null || follow === null) return
    label.hidden = false
    // a log that is read stands still: its oldest lines would go otherwise
    log.toggleAttribute("data-keep", !follow.checked)
    if (!follow.checked) return
    log.scrollTop = log.scrollHeight
    put = log.scrollTop
  }

  document.addEventListener(
    "scroll",
    ({ target }) => {
      const follow = box()
      if (!(target instanceof Element) || target.id !== "log-lines" || follow === null || !follow.checked) return
      if (target.scrollTop >= put || isAtEnd(target)) return
      follow.checked = false
      update()
    },
    true,
  )
  document.addEventListener("change", ({ target }) => {
    if (target !== box()) return
    update()
    if (target.checked) globalThis.tollgate?.read()
  })
  document.addEventListener("tollgate", update)
  update()
})()
