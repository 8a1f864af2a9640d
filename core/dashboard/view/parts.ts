import type { ReleaseRecord } from "../../ledger/ledger.js"
import { icon, Markup, markup, nothing } from "../../presentation/html-markup.js"
import { shortDigest } from "../../shared/figures.js"

/** Parts that several pages share. Each state has a word and a shape beside its colour. */

const running = new Markup(
  '<svg class="icon running" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.6"/><path d="M8 4.4V8l2.6 1.6"/></svg>',
)

const WORDS: Record<ReleaseRecord["outcome"], string> = {
  live: "live",
  failed: "failed",
  "rolled-back": "rolled back",
  refused: "refused",
  broken: "broken",
  interrupted: "interrupted",
  running: "running",
}

export function outcomeChip({ outcome, action }: Pick<ReleaseRecord, "outcome" | "action">): Markup {
  const words = action === "rollback" ? `rollback ${WORDS[outcome]}` : WORDS[outcome]
  switch (outcome) {
    case "live":
      return chip("pass", words)
    case "running":
      return chip("run", words)
    case "refused":
      return chip("skip", words)
    case "failed":
    case "rolled-back":
    case "broken":
    case "interrupted":
      return chip("fail", words)
  }
}

export function chip(kind: "pass" | "fail" | "skip" | "run", words: string): Markup {
  const classes = { pass: "passed", fail: "failed", skip: "neutral", run: "neutral" }
  return markup`<span class="chip ${classes[kind]}">${kind === "run" ? running : icon(kind)}${words}</span>`
}

/** A label and its value, each pair on a line of its own. */
export function facts(pairs: readonly (readonly [name: string, value: Markup])[]): Markup {
  return markup`<dl class="facts">${pairs.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

export function card(title: string, content: Markup, remark = ""): Markup {
  return markup`<section class="card"><h2>${title}${remark === "" ? nothing : markup` <small>${remark}</small>`}</h2>${content}</section>`
}

export function list(items: readonly Markup[], empty: string): Markup {
  return items.length === 0
    ? markup`<p class="none">${empty}</p>`
    : markup`<ul class="list">${items.map((item) => markup`<li>${item}</li>`)}</ul>`
}

/** Why a release failed; nothing where it did not. */
export function causesCard(causes: readonly string[]): Markup {
  return causes.length === 0
    ? nothing
    : markup`<section class="card problem"><h2>Why</h2>${list(
        causes.map((cause) => markup`<span class="cause">${cause}</span>`),
        "",
      )}</section>`
}

/** A path whose parts come from the ledger. */
export function path(...parts: readonly string[]): string {
  return `/${parts.map((part) => encodeURIComponent(part)).join("/")}`
}

export function environmentLink(environment: string): Markup {
  return markup`<a href="${path("environments", environment)}">${environment}</a>`
}

export function releaseLink(environment: string, release: string, words = release): Markup {
  return markup`<a href="${path("environments", environment, "releases", release)}">${words}</a>`
}

export function digestCode(digest: string): Markup {
  return markup`<code class="digest" title="${digest}">${shortDigest(digest)}</code>`
}
