import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { duration } from "../../shared/figures.js"

/** A form that signs what its page shows, with the bytes that the command line signs. The script shows it to the listed keys alone. */
export interface SignForm {
  /** Of what is signed: another statement is another form. */
  readonly id: string
  readonly action: string
  readonly format: string
  readonly version: number
  /** What is signed, without what the browser adds. */
  readonly statement: object
  /** Who may sign it. */
  readonly signers: readonly { readonly name: string; readonly key: string }[]
  readonly title: string
  readonly lead: Markup
  /** Seconds for which it may be valid; empty: it has no end. */
  readonly validities: readonly number[]
  readonly button: string
  /** The word for what happened, such as Approved. */
  readonly done: string
}

/** Two steps: opening it, and the button. What is typed stays when the page is updated. */
export function signForm(form: SignForm): Markup {
  const { id, action, format, version, statement, signers, title, lead, validities, button, done } = form
  return markup`<details class="ask approve" id="${id}" data-keys="${signers.map(({ key }) => key).join(" ")}"><summary>${title}</summary>
<form method="post" action="${action}" data-approve="${JSON.stringify(statement)}" data-format="${format}" data-version="${version}" data-done="${done}" data-approvers="${JSON.stringify(signers)}">
${lead}
<label>Reason <input name="reason" id="${id}-reason" required maxlength="4000" autocomplete="off" data-keep></label>
${
  validities.length === 0
    ? nothing
    : markup`<label>Valid for <select name="validity" id="${id}-validity" data-keep>${validities.map((seconds) => markup`<option value="${seconds}">${duration(seconds)}</option>`)}</select></label>`
}
<button>${button}</button>
<p class="answer" id="${id}-answer" role="status" data-keep></p></form></details>`
}
