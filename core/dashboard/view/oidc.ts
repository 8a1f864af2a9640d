import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import type { Account } from "../oidc/allow.js"
import type { View } from "./frame.js"

/** Pages of the sign-in by OIDC. */

const READS = markup`<p class="note">Signing in lets you read. To request or approve a change, you also need your own key, which the policy lists: it is made under <em>Your key</em>.</p>`

/** @param link sign-in by a printed link is possible as well */
export function oidcSignInView(provider: string, to: string, link: boolean): View {
  return {
    title: "Sign in",
    main: markup`<div class="message"><h1>Sign in</h1>
<p>${start(`Sign in with ${provider}`, to, false)}</p>
${link ? markup`<p>Or open the link that <code>tollgate dashboard</code> printed in its terminal.</p>` : nothing}
${READS}</div>`,
  }
}

/** The browser goes on by itself: it would send no session with a redirect that another site began. */
export function signedInView({ name }: Account, to: string): View {
  return {
    title: "Signed in",
    main: markup`<div class="message"><h1>Signed in as ${name}</h1><p><a id="continue" href="${to}">Continue</a></p></div>`,
  }
}

export function refusedView(provider: string, { name, id }: Account, why: string): View {
  return {
    title: "Not admitted",
    main: markup`<div class="message"><h1>You may not read this dashboard</h1>
<p class="cause" role="alert">You are signed in at ${provider} as <strong>${name}</strong>${name === id ? nothing : markup` (${id})`}. ${why}</p>
<p>Ask the people who run this dashboard. They admit an account with the option <code>--oidc-allow</code> of <code>tollgate dashboard</code>.</p>
<p>${start("Use another account", "/", true)}</p></div>`,
  }
}

export function failedSignInView(what: string, next: string): View {
  return {
    title: "Not signed in",
    main: markup`<div class="message"><h1>You are not signed in</h1>
<p class="cause" role="alert">${what}</p><p>${next}</p>
<p>${start("Sign in", "/", false)}</p></div>`,
  }
}

/** A link and no form: the policy of these pages lets no form lead to another site. */
function start(words: string, to: string, again: boolean): Markup {
  const query = new URLSearchParams({ to, ...(again ? { again: "yes" } : {}) })
  return markup`<a class="button" id="sign-in" href="/sign-in/start?${query.toString()}">${words}</a>`
}
