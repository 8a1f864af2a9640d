import type { ReleaseRecord } from "../../ledger/ledger.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import type { ReleaseDifference } from "../model/difference.js"
import type { View } from "./frame.js"
import { card, chip, environmentLink, list, path, releaseLink } from "./parts.js"

/** @param difference null: two releases are not chosen yet */
export function differenceView(
  environment: string,
  releases: readonly ReleaseRecord[],
  chosen: { from: string; to: string },
  difference: ReleaseDifference | null,
): View {
  return {
    title: `Compare · ${environment}`,
    main: markup`<p class="path">${environmentLink(environment)} / compare</p><h1>Compare two releases</h1>
<form class="filter" method="get" action="${path("environments", environment, "difference")}" data-keep>
${field("from", "From", chosen.from, releases)}${field("to", "To", chosen.to, releases)}<button>Compare</button></form>
${difference === null ? markup`<p class="none">Choose two releases of ${environment} by their ids.</p>` : content(environment, difference)}`,
  }
}

/** A text with suggestions: also a release that is not among the latest can be named. */
function field(name: string, label: string, value: string, releases: readonly ReleaseRecord[]): Markup {
  return markup`<label>${label} <input name="${name}" value="${value}" list="releases-${name}" autocomplete="off" required></label><datalist id="releases-${name}">${releases.map(
    ({ id, version, outcome }) => markup`<option value="${id}">${version ?? ""} ${outcome}</option>`,
  )}</datalist>`
}

function content(environment: string, difference: ReleaseDifference): Markup {
  const { rows, migrations, configNames, configChanged, policy, from, to } = difference
  return markup`${card(
    "Contents",
    table(
      `${from.release.id} and ${to.release.id}`,
      [{ title: "What" }, { title: "From" }, { title: "To" }, { title: "Same" }],
      [
        [
          markup`release`,
          releaseLink(environment, from.release.id),
          releaseLink(environment, to.release.id),
          markup`–`,
        ],
        ...rows.map(({ what, from: one, to: other, same }) => [
          markup`${what}`,
          markup`<code>${one}</code>`,
          markup`<code>${other}</code>`,
          same ? markup`same` : chip("skip", "differs"),
        ]),
      ],
    ),
  )}
<div class="columns">${card("Migrations", names(migrations, "The same migrations."))}
${card(
  "Configuration",
  markup`${names(configNames, "The same names.")}${
    configChanged === null
      ? nothing
      : markup`<p class="note">${configChanged ? "The configuration's digest differs." : "The configuration's digest is the same."}</p>`
  }`,
)}
${card(
  "Policy",
  policy === null
    ? markup`<p class="none">One of the policies is not known.</p>`
    : list(
        policy.map((text) => markup`<code>${text}</code>`),
        "The same rules.",
      ),
)}</div>`
}

function names({ added, removed }: ReleaseDifference["migrations"], same: string): Markup {
  return list(
    [
      ...added.map((name) => markup`<strong>added</strong> ${name}`),
      ...removed.map((name) => markup`<strong>removed</strong> ${name}`),
    ],
    same,
  )
}
