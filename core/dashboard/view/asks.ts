import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import type { Asks } from "../model/asks.js"
import type { EnvironmentPage } from "../model/environment.js"
import { rollbackChoices } from "../model/rollback-choices.js"
import { card } from "./parts.js"

/**
 * Forms whose requests the browser signs. The script shows those that the browser's own key may sign; without it none is shown, and the
 * commands are.
 */

/** What the script needs to sign a request on this page. */
export function asksData({ service, environment, sees, deploying, people }: Asks): Markup {
  return markup`<div id="asks" hidden data-service="${service}" data-environment="${environment}" data-event="${sees.event}"${sees.live === null ? nothing : markup` data-live="${sees.live}"`}${deploying === null ? nothing : markup` data-deploying="${deploying}"`} data-people="${JSON.stringify(people)}"></div>`
}

export function asksCard(page: EnvironmentPage, asks: Asks): Markup {
  const { environment, maintenance, lease } = page
  const on = maintenance?.on !== true
  return markup`<div id="ask">${asksData(asks)}${card(
    "Request a change",
    markup`${preface(asks, [
      `tollgate request rollback --env=${environment} --reason="…"`,
      `tollgate request maintenance --state=${on ? "on" : "off"} --env=${environment} --reason="…"`,
      ...(lease === null ? [] : [`tollgate request unlock --run=${lease.run} --env=${environment} --reason="…"`]),
    ])}${
      asks.closed === null
        ? markup`${rollbackForm(page, asks, true)}${maintenanceForm(page, asks, on)}${lease === null ? nothing : unlockForm(lease, asks)}`
        : nothing
    }`,
  )}</div>`
}

/** On the page of a run: the rollback alone, which starts at once. */
export function emergencyCard(page: EnvironmentPage, asks: Asks): Markup {
  return markup`<div id="ask">${asksData(asks)}${card(
    "Emergency",
    markup`${preface(asks, [`tollgate request rollback --env=${page.environment} --reason="…"`])}${asks.closed === null ? rollbackForm(page, asks, false) : nothing}`,
  )}</div>`
}

export function preface({ environment, closed, runners }: Asks, commands: readonly string[]): Markup {
  const executed =
    runners === 0
      ? markup`<p class="cause">No runner of ${environment} is running: a request waits for one, and expires after 10 minutes. <code>tollgate rollback --env=${environment}</code> needs no runner.</p>`
      : markup`<p class="note">A request is signed in this browser with your own key. A runner verifies and executes it.</p>`
  if (closed !== null) return markup`<p class="cause">${closed}</p>${executed}`
  return markup`${executed}<noscript><p>To sign in this browser, JavaScript is needed. Without it, type in a terminal:</p>${commands.map((command) => markup`<p><code>${command} --ledger=env:TOLLGATE_LEDGER --key=file:PATH</code></p>`)}</noscript>
<p class="key-none">This browser has no key. <a href="/key">Make one</a>, or use <code>tollgate request</code>.</p>
<p class="key-unlisted">The policy of ${environment} does not list this browser's key. <a href="/key">How it is registered</a></p>
<p class="key-listed">You sign as <strong id="signer"></strong>.</p>`
}

function rollbackForm(page: EnvironmentPage, asks: Asks, schedules: boolean): Markup {
  const { environment, live } = page
  const { deploying, sees } = asks
  const now = live === null ? "the live release" : `${live.version ?? "version not recorded"}`
  const back = rollbackChoices(page)
  const usual =
    deploying !== null
      ? `The deployment ${deploying} is interrupted, and ${sees.live === null ? "what served before" : now} serves.`
      : `${now} stops serving. ${back.usual}`
  const choices = deploying === null ? back.choices : []
  return form(asks, {
    id: "ask-rollback",
    needs: "rollback",
    ask: { kind: "rollback" },
    title: deploying === null ? "Roll back…" : "Interrupt the deployment and roll back…",
    danger: true,
    lead: markup`<p>${usual} The database is not rolled back.${back.release === null || sees.live === null || deploying !== null ? nothing : markup` <a href="/environments/${encodeURIComponent(environment)}/difference?from=${encodeURIComponent(sees.live)}&amp;to=${encodeURIComponent(back.release)}">What changes</a>`}</p>`,
    fields: markup`${
      choices.length === 0
        ? nothing
        : markup`<label>To <select name="to" id="ask-rollback-to-${sees.live ?? ""}" data-keep><option value="">the release before</option>${choices.map(({ id, words }) => markup`<option value="${id}">${words}</option>`)}</select></label>`
    }${schedules ? whenField("ask-rollback") : nothing}`,
    button: `Roll back ${environment} now`,
  })
}

function maintenanceForm({ environment }: EnvironmentPage, asks: Asks, on: boolean): Markup {
  const id = `ask-maintenance-${on ? "on" : "off"}`
  return form(asks, {
    id,
    needs: "maintenance",
    ask: { kind: "maintenance", on },
    title: `Turn maintenance mode ${on ? "on" : "off"}…`,
    danger: false,
    lead: on ? markup`<p>Everyone gets a 503 page until it is turned off.</p>` : nothing,
    fields: markup`${
      on
        ? markup`<label>Text of the 503 page <input name="message" id="${id}-message" value="We are back shortly." required maxlength="4000" data-keep></label>`
        : nothing
    }${whenField(id)}`,
    button: `Turn maintenance mode of ${environment} ${on ? "on" : "off"}`,
  })
}

function unlockForm({ run, command, who }: NonNullable<EnvironmentPage["lease"]>, asks: Asks): Markup {
  return form(asks, {
    id: `ask-unlock-${run}`,
    needs: "unlock",
    ask: { kind: "unlock", run },
    title: "Unlock…",
    danger: false,
    lead: markup`<p>Frees the lease of ${command} by ${who}, run <code>${run}</code>. That run stops before its next step, and nothing is undone.</p>`,
    fields: nothing,
    button: "Free the lease",
  })
}

export interface AskForm {
  readonly id: string
  /** What the browser's key must be allowed to request. */
  readonly needs: string
  /** The action, which the script completes with the fields. */
  readonly ask: Readonly<Record<string, string | boolean>>
  readonly title: string
  readonly danger: boolean
  readonly lead: Markup
  readonly fields: Markup
  readonly button: string
}

/** Two steps: opening it, and the button. What is typed stays when the page is updated. */
export function form({ environment }: Pick<Asks, "environment">, given: AskForm): Markup {
  const { id, needs, ask, title, danger, lead, fields, button } = given
  return markup`<details class="ask${danger ? " danger" : ""}" id="${id}" data-needs="${needs}"><summary>${title}</summary>
<form method="post" action="/environments/${encodeURIComponent(environment)}/requests" data-ask="${JSON.stringify(ask)}">${lead}
<label>Reason <input name="reason" id="${id}-reason" required maxlength="4000" autocomplete="off" data-keep></label>${fields}
<button${danger ? markup` class="danger"` : nothing}>${button}</button>
<p class="answer" id="${id}-answer" role="status" data-keep></p></form></details>`
}

export function whenField(id: string): Markup {
  return markup`<label>Start at (UTC); empty: now <input type="datetime-local" name="at" id="${id}-at" data-keep></label>`
}
