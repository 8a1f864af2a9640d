import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { policyFingerprint } from "../../release/policy/policy.js"
import type { Asks } from "../model/asks.js"
import type { PolicyPage } from "../model/policy-page.js"
import { approversList, uncountedRows } from "./approval-rows.js"
import { asksData } from "./asks.js"
import type { View } from "./frame.js"
import { card, chip, environmentLink, facts, list, path } from "./parts.js"
import { signForm } from "./sign-form.js"
import { type Clock, moment } from "./time.js"

/** The policy that tollgate.yaml proposes, and what it would change, in full. Below it who may approve it, who did, and the form. */
export function policyView(page: PolicyPage, asks: Asks, clock: Clock): View {
  const { environment, same } = page
  return {
    title: `Policy of ${environment}`,
    main: markup`<h1>Policy of ${environment} ${same ? chip("pass", "in force") : chip("skip", "proposed")}</h1>
<p class="path">${environmentLink(environment)} / policy</p>${asksData(asks)}
${policiesCard(page, clock)}
${same ? nothing : changesCard(page)}
${approvalsCard(page, clock)}`,
  }
}

function policiesCard({ inForce, to, same }: PolicyPage, clock: Clock): Markup {
  return card(
    "The two policies",
    markup`${facts([
      [
        "In force",
        inForce === null
          ? markup`none: this would be the first`
          : markup`<code title="${inForce.digest}">${policyFingerprint(inForce.digest)}</code>, since ${moment(clock, inForce.at)}, by ${inForce.who}: ${inForce.reason}`,
      ],
      ["tollgate.yaml", same ? markup`gives the same` : markup`<code title="${to}">${policyFingerprint(to)}</code>`],
    ])}<p class="note">Compare the fingerprint with the one that <code>tollgate policy show</code> prints for the commit that you reviewed: the proposal is the <code>tollgate.yaml</code> of this dashboard.</p>`,
  )
}

function changesCard({ words, difference, inForce }: PolicyPage): Markup {
  const changed = words.filter(({ lines }) => lines.length > 0)
  const unchanged = words.filter(({ lines }) => lines.length === 0).map(({ subject }) => subject)
  return markup`<div id="changes">${card(
    inForce === null ? "What it says" : "What would change",
    markup`${changed.map(
      ({ subject, lines }) =>
        markup`<h3>${subject}</h3>${list(
          lines.map((line) => markup`${line}`),
          "",
        )}`,
    )}${unchanged.length === 0 ? nothing : markup`<p class="note">${inForce === null ? "Empty" : "Unchanged"}: ${unchanged.join(", ")}.</p>`}
<h3>Each setting that differs</h3>${list(
      difference.map((line) => markup`<code>${line}</code>`),
      "none",
    )}`,
  )}</div>`
}

function approvalsCard(page: PolicyPage, clock: Clock): Markup {
  const { environment, required, counted, approvers, blocks, approve, closed, command, inForce } = page
  const blocked = counted.approvals.length < required
  return markup`<div id="approvals">${card(
    "Approvals",
    markup`${
      closed === ""
        ? facts([
            [
              "In the ledger",
              markup`${counted.approvals.length} of ${required} that count${list(
                counted.approvals.map(
                  ({ statement: { approver, reason, expiresAt } }) =>
                    markup`${chip("pass", "valid")} ${approver}: ${reason}<br>expires ${moment(clock, expiresAt)}`,
                ),
                "",
              )}`,
            ],
            ...uncountedRows(counted.others),
            [
              inForce === null ? "May approve, by the policy itself" : "May approve, by the policy in force",
              approversList(approvers),
            ],
            [
              "What blocks",
              list(
                blocks.map((text) => markup`${text}`),
                "",
              ),
            ],
            [
              "Adoption",
              markup`${blocked ? "When nothing is missing" : "Now"}, with this <code>tollgate.yaml</code>: <code>${command}</code>. It takes the approvals from the ledger.`,
            ],
          ])
        : markup`<p>${closed}</p>`
    }${approve === null ? nothing : approveForm(environment, approve, page.to)}`,
  )}</div>`
}

function approveForm(environment: string, approve: NonNullable<PolicyPage["approve"]>, to: string): Markup {
  const { statement, approvers, validities } = approve
  const of = `${policyFingerprint(to)}-${statement.from === null ? "first" : policyFingerprint(statement.from)}`
  return markup`<p class="key-none">This browser has no key. <a href="/key">Make one</a>, or use <code>tollgate approve</code>.</p>
<p class="key-unlisted">The policy of ${environment} does not list this browser's key. <a href="/key">How it is registered</a></p>
${signForm({
  id: `approve-policy-${of}`,
  action: path("environments", environment, "policies"),
  format: "tollgate-policy-approval",
  version: 1,
  statement,
  signers: approvers,
  title: "Approve this policy…",
  lead: markup`<p>You approve what this page shows: the policy <code>${statement.to}</code> of ${environment}, ${statement.from === null ? "as the first" : markup`in place of <code>${statement.from}</code>`}.</p>`,
  validities,
  button: `Sign this policy of ${environment}`,
  done: "Approved",
})}
<noscript><p>To approve in this browser, JavaScript is needed. Without it, type in a terminal: <code>tollgate policy diff --env=${environment} --ledger=env:TOLLGATE_LEDGER --out=change.json</code>, then <code>tollgate approve --plan=change.json --key=file:PATH --approver="…" --reason="…"</code></p></noscript>`
}
