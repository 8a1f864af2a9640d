import type { ReleaseRecord } from "../../ledger/ledger.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import type { Column } from "../../presentation/html-table.js"
import { duration } from "../../shared/figures.js"
import { chip, digestCode, environmentLink, outcomeChip, releaseLink } from "./parts.js"
import { type Clock, moment } from "./time.js"

export const RELEASE_COLUMNS: readonly Column[] = [
  { title: "Started" },
  { title: "Release" },
  { title: "Outcome" },
  { title: "Version" },
  { title: "Image" },
  { title: "Duration", number: true },
  { title: "By" },
]

export const ALL_COLUMNS: readonly Column[] = [
  { title: "Started" },
  { title: "Environment" },
  ...RELEASE_COLUMNS.slice(1),
]

export function releaseRows(releases: readonly ReleaseRecord[], clock: Clock): Markup[][] {
  return releases.map((release) => [moment(clock, release.startedAt), ...cells(release)])
}

export function rowsWithEnvironment(releases: readonly ReleaseRecord[], clock: Clock): Markup[][] {
  return releases.map((release) => [
    moment(clock, release.startedAt),
    environmentLink(release.environment),
    ...cells(release),
  ])
}

function cells(release: ReleaseRecord): Markup[] {
  const { environment, id, version, digest, seconds, who, causes, why, breakGlass, journaled } = release
  const said = causes[0] ?? why
  return [
    markup`${releaseLink(environment, id)}${said === "" ? nothing : markup`<small class="cause">${said}</small>`}`,
    markup`${outcomeChip(release)}${breakGlass === null ? nothing : chip("fail", "break-glass")}${journaled ? markup`<small>recorded later, from a journal</small>` : nothing}`,
    markup`${version ?? "–"}`,
    digestCode(digest),
    markup`${seconds === null ? "–" : duration(seconds)}`,
    markup`${who}`,
  ]
}
