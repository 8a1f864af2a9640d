import { icon, markup, nothing } from "../../presentation/html-markup.js"
import type { ReaderState } from "../reading/reader.js"
import type { View } from "./frame.js"
import { type Clock, moment } from "./time.js"

/** Pages that show no data. */

/** A state of its own: nothing of what was read before is drawn as if it still held. */
export function unreachableView(state: ReaderState, clock: Clock): View {
  return {
    title: "Ledger unreachable",
    main: markup`<div class="message"><h1>${icon("skip")} The ledger is unreachable</h1>
${state.kind === "away" ? markup`<p class="cause">${state.why}</p><p>Since ${moment(clock, new Date(state.since).toISOString())}.${state.last === null ? " It has not been read yet." : markup` It was last read at ${moment(clock, state.last.at)}, event ${state.last.number}.`}</p>` : markup`<p>It has not been read yet.</p>`}
<p>This page retries by itself. Meanwhile, <code>tollgate status --env=NAME</code> reads what is running from the target. Rollbacks work without the ledger.</p></div>`,
  }
}

export function notFoundView(what: string): View {
  return {
    title: "Not found",
    main: markup`<div class="message"><h1>Not found</h1><p>${what}</p><p><a href="/">All environments</a></p></div>`,
  }
}

/** For a form that was sent without the script. */
export function notSignedView(environment: string): View {
  return {
    title: "Not signed",
    main: markup`<div class="message"><h1>Nothing was requested</h1><p>Requests, approvals and reviews are signed in the browser, for which JavaScript is needed. Without it, type in a terminal: <code>tollgate request rollback|maintenance|unlock|cancel --env=${environment} --reason="…"</code>, <code>tollgate approve --plan=plan.json</code>, or <code>tollgate review --env=${environment} --release=… --reason="…"</code></p></div>`,
  }
}

/** @param why the lines of an error */
export function notExportedView(why: string): View {
  return {
    title: "Not exported",
    main: markup`<div class="message"><h1>Nothing was exported</h1>${why.split("\n\n").map((part) => markup`<p>${part}</p>`)}<p><a href="/history">History</a></p></div>`,
  }
}

export function brokenView(): View {
  return {
    title: "Error",
    main: markup`<div class="message"><h1>This page could not be rendered</h1><p>This is a bug in Tollgate: the error is in the terminal of <code>tollgate dashboard</code>. Please open an issue.</p></div>`,
  }
}

/** @param token of the link; null: none */
export function signInView(token: string | null, problem: string | null): View {
  return {
    title: "Sign in",
    main: markup`<div class="message"><h1>Sign in</h1>
${problem === null ? nothing : markup`<p class="cause" role="alert">${problem}</p>`}
${
  token === null
    ? markup`<p>Open the link that <code>tollgate dashboard</code> printed in its terminal. Each link works once. Press Enter there for another.</p>`
    : markup`<form method="post" action="/sign-in"><input type="hidden" name="token" value="${token}"><p>This link works once, in this browser.</p><button id="sign-in" autofocus>Sign in</button></form>`
}</div>`,
  }
}
