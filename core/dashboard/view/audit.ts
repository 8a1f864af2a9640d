import { type Markup, markup } from "../../presentation/html-markup.js"
import { card } from "./parts.js"

/** A plain form, which needs no script: an export changes nothing. */
export function auditCard(environments: readonly string[]): Markup {
  return card(
    "Export for an audit",
    markup`<p>Every change of an environment in a period, with approvals as they were signed, steps and evidence, as a ZIP file. <code>tollgate audit verify FOLDER</code> verifies its hash chain and signatures, without the ledger.</p>
<form class="filter" method="get" action="/audit" data-keep>
<label>Environment <select name="env">${environments.map((one) => markup`<option>${one}</option>`)}</select></label>
<label>First day (UTC) <input name="from" type="date" required></label>
<label>Last day (UTC) <input name="to" type="date" required></label>
<button>Download</button>
</form>`,
  )
}
