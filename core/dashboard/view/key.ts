import { markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import { fingerprint } from "../../release/approval/approval.js"
import type { Asks } from "../model/asks.js"
import type { View } from "./frame.js"
import { card, environmentLink } from "./parts.js"

/** The browser's own key, and everyone whose key is listed. */
export function keyView(all: readonly Asks[]): View {
  return {
    title: "Your key",
    main: markup`<h1>Your key</h1>
<p class="note">Signing in to the dashboard lets you read. What you may request or approve is decided by this key alone.</p>
<section class="card" id="own-key" data-keep><h2>The key of this browser</h2>
<noscript><p>To make a key and to sign in this browser, JavaScript is needed. Without it, use <code>tollgate approval-key</code> and <code>tollgate request</code>.</p></noscript>
<p class="own-unsupported">This browser cannot sign with Ed25519. Use a current version of Chrome, Firefox or Safari, or <code>tollgate request</code>.</p>
<div class="own-none"><p>Requests and approvals are signed with a key that is made in this browser and never leaves it. It belongs to this address, port included: keep <code>--port</code> the same.</p><p><button id="make-key" type="button">Make a key</button></p></div>
<div class="own-made"><p>The public key:</p><p><code id="public-key"></code></p>
<p>To register it, add it to <code>tollgate.yaml</code> with your name and let the approvers adopt that policy (<code>tollgate policy diff</code>, <code>tollgate policy adopt</code>):</p>
<pre tabindex="0" id="public-key-yaml"></pre>
<p class="note">Without <code>operators</code>, the approvers may request everything. With it, only the people in its list may: add the approvers who request something. To approve plans and policies, and to review break-glass, add the key under <code>approvals.keys</code> instead.</p>
<details id="delete-key"><summary>Delete this key…</summary><p>It cannot be recovered. A new key has to be registered again.</p><p><button id="delete-key-now" type="button">Delete the key of this browser</button></p></details></div>
<p class="answer" id="key-answer" role="status"></p></section>
${all.map((asks) => markup`<div class="people">${card(asks.environment, peopleTable(asks))}</div>`)}
<p class="note">${all.length === 0 ? nothing : markup`Environments: ${all.map(({ environment }) => markup`${environmentLink(environment)} `)}`}</p>`,
  }
}

function peopleTable({ people, closed, environment }: Asks) {
  if (people.length === 0) return markup`<p class="none">${closed ?? "No one is listed."}</p>`
  return table(
    `Who may request what in ${environment}`,
    [{ title: "Name" }, { title: "May request" }, { title: "Key" }],
    people.map(({ name, key, may }) => [
      markup`<span data-keys="${key}"><span class="for-you">this browser: </span>${name}</span>`,
      markup`${may.length === 0 ? "nothing; approves" : may.join(", ")}`,
      markup`<code>${fingerprint(key)}</code>`,
    ]),
  )
}
