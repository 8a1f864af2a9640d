import { chart } from "../../presentation/html-chart.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { chartData } from "../model/chart-data.js"
import { type Picture, type PictureState, picturesOf, STATES } from "../model/pictures.js"
import type { ReleaseFacts } from "../reading/questions.js"
import type { SampleFacts } from "../reading/samples.js"
import { card, chip } from "./parts.js"
import { valuesTable } from "./pictures-table.js"
import { type Clock, moment } from "./time.js"

/** What the watch measures, one picture for each metric. A page with this card is read again when there are new samples. */
export function picturesCard({ release }: Pick<ReleaseFacts, "release">, samples: SampleFacts, clock: Clock): Markup {
  // a rollback is not watched
  if (release.action === "rollback") return nothing
  return markup`<div id="pictures" data-samples>${card("Figures of the watch", content(release, samples, clock))}</div>`
}

function content(release: ReleaseFacts["release"], samples: SampleFacts, clock: Clock): Markup {
  if (samples.kind === "refused")
    return markup`<p class="none">The dashboard's role of the ledger may not read samples. Its owner grants it: <code>GRANT SELECT ON tollgate_ledger.samples TO …</code></p>`
  const drawn = picturesOf(samples.samples, release)
  if (drawn === null)
    return markup`<p class="none">${
      release.outcome === "running"
        ? "No sample yet: the watch begins after the switch."
        : "No sample: the run did not get to its watch, an earlier Tollgate ran it, or its samples were deleted after 90 days."
    }</p>`
  const { pictures, unmeasured } = drawn
  const [first] = pictures
  return markup`<div class="pictures">${pictures.map((one) => picture(one, clock))}</div>${
    unmeasured.length === 0 ? nothing : markup`<p class="note">Not measured by this run: ${unmeasured.join(", ")}.</p>`
  }${first === undefined ? nothing : markup`<p class="note">Each figure covers the time from the switch, at ${moment(clock, new Date(first.switchedAt).toISOString())}, until its sample, as it is judged. Hatched: the release before, from the step target to the switch.</p>`}${
    pictures.some(({ points }) => points.some(({ beyond }) => beyond))
      ? markup`<p class="note">▲ marks a value that is larger than what the proxy measures.</p>`
      : nothing
  }${valuesTable(drawn, clock)}${
    samples.cut ? markup`<p class="note">Only the latest ${samples.samples.length} samples are drawn.</p>` : nothing
  }`
}

function picture(drawn: Picture, { zone }: Clock): Markup {
  const { metric, name, unit, state, now, threshold, before, points, ...rest } = drawn
  return markup`<figure class="picture" id="picture-${metric}" data-chart="${JSON.stringify(chartData(drawn, zone))}"><figcaption><strong>${name}</strong> ${stateChip(state)}<span class="now">${now}</span><small>${threshold?.words ?? "no threshold"}${before === null ? nothing : markup`; release before: ${before.words}`}</small></figcaption><div class="plot" id="plot-${metric}" data-keep></div>${chart(
    {
      id: `chart-${metric}`,
      words: rest.words,
      unit,
      points,
      from: rest.switchedAt,
      to: rest.until,
      fromWords: "switch",
      before: before === null ? null : { value: before.value, words: "before" },
      threshold,
      scale: rest.scale,
      tick: rest.tick,
    },
  )}</figure>`
}

function stateChip(state: PictureState): Markup {
  switch (state) {
    case "within":
      return chip("pass", STATES[state])
    case "broken":
      return chip("fail", STATES[state])
    case "few":
    case "unclear":
    case "unjudged":
    case "none":
      return chip("skip", STATES[state])
  }
}
