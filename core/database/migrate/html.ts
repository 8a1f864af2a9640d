import { icon, type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { page, tile, verdict } from "../../presentation/html-page.js"
import { clip } from "../../presentation/plain-text.js"
import { bytes, count, duration, moment } from "../../shared/figures.js"
import type { MigrationDocument } from "./migration-file.js"
import { revisionName } from "./validate.js"

/** report.html: one file that asks the network for nothing and has no script. */
export function migrationHtml(run: MigrationDocument): string {
  return page({
    title: `${run.verdict} · ${run.environment}`,
    header: verdict({
      line: run.verdict,
      passed: run.good,
      about: [
        ["environment", markup`${run.environment}`],
        ["database", markup`<code>${run.database}</code>`],
        ["run", markup`<code>${run.run}</code>`],
        ["ended", markup`${moment(run.madeAt)}`],
      ],
    }),
    main: markup`${tiles(run)}${why(run)}${steps(run)}${revisions(run)}${rows(run)}${backup(run)}`,
    footer: markup`Tollgate ${run.tollgate} recorded this run in the database, in the schema tollgate; migration.json beside this page has all of it.`,
  })
}

function tiles({ steps: taken, pending, rehearsal, lost }: MigrationDocument): Markup {
  const whole = taken.reduce((sum, { seconds }) => sum + seconds, 0)
  return markup`<dl class="figures">${tile("revisions", String(pending.length), false)}${tile("all steps", duration(whole), false)}
${rehearsal === null ? tile("rehearsal", "none", false) : tile("rehearsed upgrade", duration(rehearsal.seconds), false, rehearsal.oneTransaction ? "one transaction" : "several transactions")}
${tile("rows not restored", String(lost), lost > 0)}</dl>`
}

function why({ failedStep, causes, undoCauses, takenBack, question, warnings }: MigrationDocument): Markup {
  const notes = warnings.map(
    (warning) => markup`<p class="card warning"><strong>Warning:</strong> ${clip(warning, 2000)}</p>`,
  )
  if (causes.length + undoCauses.length === 0)
    return notes.length === 0 ? nothing : markup`<section id="why">${notes}</section>`
  return markup`<section id="why"><h2>Why it failed</h2>${problem(`Step ${failedStep ?? ""}`, causes)}
${question === null ? nothing : problem("What a restore would lose: an operator must decide", [question])}
${undoCauses.length === 0 ? nothing : problem("Why it could not be undone", undoCauses)}
${takenBack === null ? nothing : markup`<p class="card">${icon("pass")} <strong>Undone.</strong> ${clip(takenBack, 2000)}</p>`}${notes}</section>`
}

function problem(title: string, texts: readonly string[]): Markup {
  return markup`<article class="card problem"><h3>${icon("fail")} ${title}</h3><ul class="reasons">${texts.map((text) => markup`<li><p class="said">${clip(text, 4000)}</p></li>`)}</ul></article>`
}

function steps({ steps: taken }: MigrationDocument): Markup {
  return table(
    "Steps",
    ["step", "time", "result"],
    taken.map(({ name, status, seconds, note }) => [
      markup`${icon(status === "done" ? "pass" : "fail")} ${name}`,
      markup`${duration(seconds)}`,
      markup`${clip(note, 400)}`,
    ]),
  )
}

function revisions({ from, pending }: MigrationDocument): Markup {
  return table(
    `Revisions, from ${revisionName(from)}`,
    ["revision", "what it does", "file"],
    pending.map(({ revision, message, file }) => [
      markup`<code>${revision}</code>`,
      markup`${clip(message, 400)}`,
      markup`<code>${file}</code>`,
    ]),
  )
}

/** Counted in the snapshot that was backed up, and in the rehearsal after the upgrade. */
function rows({ backup: kept, rehearsal }: MigrationDocument): Markup {
  const after = rehearsal?.rows ?? {}
  return table(
    "Rows",
    ["table", kept?.tested === false ? "backed up" : "backed up and restored once", "after the rehearsed upgrade"],
    Object.entries(kept?.rows ?? {}).map(([name, number]) => [
      markup`<code>${name}</code>`,
      markup`${number}`,
      markup`${after[name] ?? "not protected"}`,
    ]),
  )
}

function backup({ backup: kept, store, setAside, lost, rehearsal }: MigrationDocument): Markup {
  const facts: Markup[] = [
    ...(kept === null
      ? [markup`No backup was made.`]
      : [
          markup`The backup is <code>${kept.name}</code> in ${store}: ${bytes(kept.bytes)}, sha256 <code>${kept.sha256}</code>, ${kept.tested ? "restored once, every row counted" : "never restored"}${kept.encrypted ? ", encrypted" : ""}.`,
        ]),
    ...(rehearsal === null ? [] : [markup`To undo it: ${rehearsal.wayBack}.`]),
    ...(setAside === null
      ? []
      : [
          markup`The previous database is kept as <code>${setAside}</code>, with ${count(lost, "row")} that the restored one does not have.`,
        ]),
  ]
  return markup`<section id="backup"><h2>Backup</h2>${facts.map((fact) => markup`<p class="card">${fact}</p>`)}</section>`
}

function table(title: string, head: readonly string[], body: readonly Markup[][]): Markup {
  if (body.length === 0) return nothing
  return markup`<section><h2>${title}</h2><div class="card"><table><thead><tr>${head.map((name) => markup`<th>${name}</th>`)}</tr></thead>
<tbody>${body.map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></section>`
}
