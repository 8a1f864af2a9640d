import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import type { EnvironmentPage } from "../model/environment.js"
import { type OtherRelease, seenWords, type TargetPage } from "../model/target.js"
import { card, chip, facts, list, releaseLink } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** Releases and hosts that a page lists. */
const MOST = 20

type Page = Pick<EnvironmentPage, "environment" | "target">

/** What the target has, by the latest report of somebody with its key. */
export function targetCard({ environment, target }: Page, clock: Clock): Markup {
  const { state, why, since, differences, looked, seen } = target
  const status = markup`<code>tollgate status --env=${environment}</code>`
  if (state === "never")
    return card("On the target", markup`<p>${targetChip(target)}</p><p>No runner has looked yet. ${status} does.</p>`)
  return card(
    "On the target",
    markup`<p>${targetChip(target)}</p>${
      why === "" ? nothing : markup`<p class="cause">${why}</p>`
    }${differences.length === 0 ? nothing : list(differences.map(sentence), "")}${facts([
      ...(since === null ? [] : [["Unreachable since", moment(clock, since)] as const]),
      ...(looked === null
        ? []
        : [
            [
              "Looked at",
              markup`${moment(clock, looked.at)}<br>by ${looked.who}${looked.owner === null ? nothing : markup`, on ${looked.owner}`}`,
            ] as const,
          ]),
      ...(seen === null ? [] : seenFacts(environment, target, seen)),
    ])}${state === "same" ? nothing : markup`<p class="note">${status} reads it now.</p>`}`,
  )
}

const sentence = (text: string): Markup => markup`<span class="cause">${text}</span>`

function seenFacts(
  environment: string,
  { state, changedSince, others, gone }: TargetPage,
  seen: NonNullable<TargetPage["seen"]>,
): (readonly [string, Markup])[] {
  const { places, foreign, maintenance, leftOut } = seen
  const served = new Set(places.map(({ release }) => release))
  const [only = null] = served
  const one = foreign === null && served.size === 1 && places.every(({ proxy }) => proxy === "running")
  const words = (place: (typeof places)[number]): string =>
    foreign?.place === place.place
      ? `${foreign.to}, which is not a release of Tollgate`
      : place.release === null
        ? "nothing"
        : seenWords(seen, place.release)
  return [
    [
      state === "unreachable" || changedSince ? "Served, when last read" : "Serves",
      one
        ? markup`${only === null ? "nothing" : seenWords(seen, only)}${places.length === 1 ? nothing : markup`, on ${places.length} hosts`}`
        : listed(
            places.map(
              (place) =>
                markup`${place.place}: ${words(place)}${place.proxy === "running" ? nothing : markup`; proxy ${place.proxy}${place.why === "" ? nothing : markup`: ${place.why}`}`}`,
            ),
            "nothing",
          ),
    ],
    [
      "Retained",
      listed(
        [
          ...others.map((other) => otherLine(environment, other)),
          ...gone.map(
            ({ id, version }) =>
              markup`${version ?? "version not recorded"}, ${releaseLink(environment, id)}: no longer there. A rollback pulls its image again, with the configuration it had`,
          ),
        ],
        "no other release",
      ),
    ],
    ["Maintenance", maintenance === null ? markup`off` : markup`${chip("skip", "on")}<br>${maintenance}`],
    ...(leftOut === 0 ? [] : [["Left out", markup`${leftOut} more releases or hosts`] as const]),
  ]
}

function otherLine(environment: string, { release, version, places, whyNot, switchedAt }: OtherRelease): Markup {
  const states = new Set(places.map(({ running }) => (running ? "running" : "stopped")))
  const words =
    whyNot !== null
      ? `${switchedAt === null ? "not retained" : "no rollback to it"}: ${whyNot}`
      : `${[...states].join(" and ")}; a rollback needs no pull`
  return markup`${version}, ${releaseLink(environment, release)}: ${words}`
}

function listed(items: readonly Markup[], empty: string): Markup {
  const more = items.length - MOST
  return markup`${list(items.slice(0, MOST), empty)}${more > 0 ? markup`<p class="note">and ${more} more</p>` : nothing}`
}

/** In a word, with a shape beside its colour. */
export function targetChip({ state }: TargetPage): Markup {
  switch (state) {
    case "same":
      return chip("pass", "as the ledger says")
    case "differs":
      return chip("fail", "differs from the ledger")
    case "unreachable":
      return chip("fail", "target unreachable")
    case "old":
      return chip("skip", "out of date")
    case "never":
      return chip("skip", "never reported")
  }
}
