import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import type { Plan, PlannedMigration } from "../../release/plan/plan.js"
import { count, duration } from "../../shared/figures.js"
import type { Asks } from "../model/asks.js"
import type { PlanPage } from "../model/plan-page.js"
import { approversList, uncountedRows } from "./approval-rows.js"
import { asksData, form, preface, whenField } from "./asks.js"
import type { View } from "./frame.js"
import { card, chip, digestCode, environmentLink, facts, list, path } from "./parts.js"
import { approvalLine, shortPlan } from "./plans.js"
import { signForm } from "./sign-form.js"
import { type Clock, moment } from "./time.js"

/** A plan in full, and below it what may be done with it: an approver has read it. */
export function planView(page: PlanPage, asks: Asks, clock: Clock): View {
  const { plan } = page
  return {
    title: `${shortPlan(plan.id)} of ${plan.environment}`,
    main: markup`<h1>${plan.releaseVersion} for ${plan.environment}</h1>
<p class="path">${environmentLink(plan.environment)} · <code>${plan.id}</code></p>
${changesCard(plan, clock)}
${migrationsCard(plan)}
${commitsCard(plan, clock)}
${settingsCard(plan)}
${approvalsCard(page, asks, clock)}
${deployCard(page, asks)}`,
  }
}

function changesCard(plan: Plan, clock: Clock): Markup {
  const { image, config, checks, expected, createdAt, settingsChanged, source } = plan
  return card(
    "What would change",
    facts([
      [
        "Image now",
        image.now === null
          ? markup`nothing is deployed`
          : markup`${digestCode(image.now.digest)} <code>${image.now.reference}</code>`,
      ],
      [
        "Image next",
        markup`${digestCode(image.next.digest)} <code>${image.next.reference}</code>${image.now?.digest === image.next.digest ? ", unchanged" : ""}`,
      ],
      ["Configuration", configWords(config)],
      [
        "Settings",
        settingsChanged === null
          ? markup`those of the live release are not known`
          : settingsChanged.length === 0
            ? markup`as of the live release`
            : markup`differ from the live release: ${settingsChanged.join(", ")}`,
      ],
      [
        "Checks before it",
        list(
          checks.map(({ name, what }) => markup`${name}${what === "" ? nothing : markup`: ${what}`}`),
          "none",
        ),
      ],
      [
        "Expected duration",
        expected === null
          ? markup`not known: no deployment has succeeded yet`
          : markup`about ${duration(expected.seconds)}, from the last ${count(expected.releases, "deployment")}`,
      ],
      ["Source", markup`<code>${source}</code>`],
      ["Planned", moment(clock, createdAt)],
    ]),
  )
}

function configWords({ added, removed, changed }: Plan["config"]): Markup {
  const names = [...added.map((name) => `+ ${name}`), ...removed.map((name) => `- ${name}`)]
  if (names.length > 0)
    return list(
      names.map((name) => markup`<code>${name}</code>`),
      "",
    )
  return markup`${changed === null ? "that of the live release is not known" : changed ? "the same names; a value changed" : "unchanged"}`
}

function migrationsCard({ environment, migrations, migrationsKnown, commands }: Plan): Markup {
  return card(
    "Migrations",
    markup`${
      migrationsKnown
        ? list(migrations.map(migrationLine), "None.")
        : markup`<p>Not inspected: <code>environments.${environment}.migrations</code> is "commands".</p>`
    }${
      commands.length === 0
        ? nothing
        : markup`<h3>Runs before the start</h3>${list(
            commands.map((command) => markup`<code>${command}</code>`),
            "",
          )}`
    }`,
  )
}

function migrationLine({ id, path, lint: { errors, warnings }, contracts, statements }: PlannedMigration): Markup {
  const lint =
    errors > 0
      ? chip("fail", count(errors, "lint error"))
      : warnings > 0
        ? chip("skip", count(warnings, "lint warning"))
        : chip("pass", "lint passed")
  return markup`<strong>${id}</strong> <code>${path}</code> ${lint}${contracts ? markup` ${chip("fail", "removes or narrows")}` : nothing}${
    statements === undefined
      ? markup`<br>Its SQL is not in the plan file: <code>tollgate migration-plan</code> shows it.`
      : statements.map(
          ({ sql, locks, locksKnown }) =>
            markup`<pre tabindex="0">${sql}</pre><small>${locksKnown ? `Locks: ${locks.length === 0 ? "none" : locks.join("; ")}` : "Its locks could not be seen."}</small>`,
        )
  }`
}

const COMMITS = [{ title: "Commit" }, { title: "Subject" }, { title: "Author" }, { title: "Time" }]

function commitsCard({ commits }: Plan, clock: Clock): Markup {
  if (commits.kind === "unknown") return card("Commits", markup`<p>Not known: ${commits.why}.</p>`)
  const { from, to, list: all, authors } = commits
  return card(
    "Commits",
    markup`<p>${from === "" ? "The first release, up to" : markup`<code>${from.slice(0, 12)}</code> to`} <code>${to.slice(0, 12)}</code>, by ${authors.length === 0 ? "no one" : authors.join(", ")}.</p>${
      all.length === 0
        ? nothing
        : table(
            "Commits of this plan, the latest first",
            COMMITS,
            all.map(({ id, subject, author, at }) => [
              markup`<code>${id.slice(0, 12)}</code>`,
              markup`${subject}`,
              markup`${author}`,
              moment(clock, at),
            ]),
          )
    }`,
  )
}

function settingsCard({ settings }: Plan): Markup {
  return card(
    "What decides what runs, where, and how it is judged",
    markup`<p class="note">All of it is part of the plan's id.</p><pre tabindex="0">${JSON.stringify(settings, null, 2)}</pre>`,
  )
}

function approvalsCard(page: PlanPage, asks: Asks, clock: Clock): Markup {
  const { waiting, required, counted, approve, closed } = page
  const given = waiting?.approvals ?? []
  return markup`<div id="approvals">${card(
    "Approvals",
    markup`${facts([
      [
        "In the ledger",
        markup`${counted.texts.length} of ${required} that count${list(
          given.map((one) => approvalLine(one, clock)),
          "",
        )}`,
      ],
      ...uncountedRows(counted.others),
      ["May approve", approversList(waiting?.approvers ?? [])],
    ])}${approve === null ? markup`<p class="cause">${closed}</p>` : approveForm(approve, asks.environment)}
<noscript><p>To approve in this browser, JavaScript is needed. Without it, sign the file with <code>tollgate approve --plan=plan.json</code>.</p></noscript>
<p class="note">With requireSeparation, the approval of the person who deploys does not count either.</p>`,
  )}</div>`
}

/** For the browsers of approvers alone. */
function approveForm(
  { statement, approvers, validities }: NonNullable<PlanPage["approve"]>,
  environment: string,
): Markup {
  return signForm({
    id: `approve-${statement.planSha256}`,
    action: path("environments", environment, "approvals"),
    format: "tollgate-approval",
    version: 2,
    statement,
    signers: approvers,
    title: "Approve this plan…",
    lead: markup`<p>You approve what this page shows: ${statement.releaseVersion} for ${environment}, plan <code>${statement.planId}</code>.</p>`,
    validities,
    button: `Sign this approval for ${environment}`,
    done: "Approved",
  })
}

function deployCard({ plan, waiting, counted, required }: PlanPage, asks: Asks): Markup {
  const { environment } = plan
  if (waiting === null) return markup`<div id="ask">${asksData(asks)}</div>`
  const { revision, planSha256 } = waiting
  const missing = required - counted.texts.length
  return markup`<div id="ask">${asksData(asks)}${card(
    "Deploy it",
    revision === null
      ? markup`<p>Its commit is not known: its source had uncommitted changes, was not in Git, or an earlier Tollgate planned it. Use <code>tollgate deploy</code>, or plan a commit.</p>`
      : markup`${preface(asks, [`tollgate request deploy --plan=plan.json --env=${environment} --reason="…"`])}${
          missing > 0
            ? markup`<p class="cause">${count(missing, "approval")} missing: until then the deployment is refused.</p>`
            : nothing
        }${
          asks.closed === null
            ? form(asks, {
                id: `ask-deploy-${planSha256}`,
                needs: "deploy",
                ask: { kind: "deploy", planId: plan.id, planSha256, version: plan.releaseVersion, revision },
                title: "Deploy this plan…",
                danger: false,
                lead: markup`<p>A runner deploys the commit <code>${revision.slice(0, 12)}</code>. It computes the plan again, and changes nothing when another id results.</p>`,
                fields: whenField(`ask-deploy-${planSha256}`),
                button: `Deploy ${plan.releaseVersion} to ${environment}`,
              })
            : nothing
        }`,
  )}</div>`
}
