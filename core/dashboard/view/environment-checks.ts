import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import type { EnvironmentCheck } from "../model/environment-checks.js"
import { card, chip, environmentLink, releaseLink } from "./parts.js"
import { type Clock, moment } from "./time.js"

export interface ChecksOf {
  readonly environment: string
  readonly checks: readonly EnvironmentCheck[]
}

const WORDS = { done: "passed", failed: "failed", skipped: "skipped", undone: "undone", running: "running" } as const

/** Gates that judge an environment and not a change: its configuration, ECPay, and what its deployments require. */
export function checksCard(all: readonly ChecksOf[], clock: Clock): Markup {
  const rows = all.flatMap(({ environment, checks }) => checks.map((check) => ({ environment, ...check })))
  if (rows.length === 0) return nothing
  return card(
    "Gates of deployments",
    table(
      "How each ended in the latest release that ran it",
      [{ title: "Environment" }, { title: "Gate" }, { title: "Verdict" }, { title: "Release" }, { title: "Note" }],
      rows.map(({ environment, step, latest, release, before }) => [
        environmentLink(environment),
        markup`${step}`,
        markup`${chip(latest.outcome === "done" ? "pass" : latest.outcome === "failed" ? "fail" : "skip", WORDS[latest.outcome])}<br><small>${before === null ? "no release before" : before === latest.outcome ? "as before" : `before: ${WORDS[before]}`}</small>`,
        markup`${releaseLink(environment, release)}<br>${moment(clock, latest.startedAt)}`,
        markup`${latest.note === "" ? "–" : latest.note}`,
      ]),
    ),
  )
}
