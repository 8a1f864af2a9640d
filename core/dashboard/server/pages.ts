import type { Settings } from "../../config/schema.js"
import { policyDifference } from "../../release/policy/difference.js"
import type { PolicyHistory } from "../../release/policy/in-force.js"
import { asksForSomething, policyOf } from "../../release/policy/policy.js"
import { asksOf } from "../model/asks.js"
import { ciRunOf } from "../model/ci-run.js"
import { policyOfRelease, releaseDifference } from "../model/difference.js"
import { type EnvironmentFacts, environmentPage, type ProposedPolicy } from "../model/environment.js"
import { environmentChecks } from "../model/environment-checks.js"
import { readFilter } from "../model/filter.js"
import { readLogFilter } from "../model/log-filter.js"
import { branchesOf, branchUntil } from "../model/pipeline.js"
import { planPage } from "../model/plan-page.js"
import { policyPage } from "../model/policy-page.js"
import { reportLink } from "../model/report-links.js"
import { closedReview } from "../model/reviews.js"
import { runProgress } from "../model/run.js"
import type { Questions } from "../reading/questions.js"
import type { Reading } from "../reading/reader.js"
import type { Position } from "../reading/rows.js"
import { ciRunView } from "../view/ci-run.js"
import { differenceView } from "../view/difference.js"
import { environmentView } from "../view/environment.js"
import { figuresView } from "../view/figures.js"
import type { View } from "../view/frame.js"
import { historyView } from "../view/history.js"
import { keyView } from "../view/key.js"
import type { LogsPart } from "../view/logs.js"
import { notFoundView } from "../view/messages.js"
import { type OverviewPart, overview } from "../view/overview.js"
import { path } from "../view/parts.js"
import { pipelineView } from "../view/pipeline.js"
import { planView } from "../view/plan.js"
import { policyView } from "../view/policy.js"
import { type ReviewPart, releaseView } from "../view/release.js"
import { noRunView, runView } from "../view/run.js"
import type { Clock } from "../view/time.js"
import type { CurrentSettings } from "./current-settings.js"

/** A page as it was read: its view, and what of the ledger it covers. */
export interface Page {
  readonly view: View
  readonly reading: Pick<Reading<unknown>, "position" | "readAt">
  readonly found: boolean
}

type Query = Readonly<Record<string, string>>

/** Reads what each page needs, and hands it to its view. */
export class Pages {
  readonly #current: CurrentSettings
  readonly #ask: Questions
  readonly #clock: Clock

  constructor(current: CurrentSettings, questions: Questions, clock: Clock) {
    this.#current = current
    this.#ask = questions
    this.#clock = clock
  }

  get #settings(): Settings {
    return this.#current.settings
  }

  async overview(): Promise<Page> {
    const { value: environments, ...first } = await this.#environments()
    let reading: Page["reading"] = first
    const parts = []
    for (const environment of environments) {
      const { value, ...one } = await this.#ask.environment(environment)
      // the page covers no more than its oldest part
      if (one.position.number < reading.position.number) reading = one
      parts.push(this.#part(value, one.position))
    }
    return { view: overview(parts, this.#clock), reading, found: true }
  }

  async environment(environment: string): Promise<Page> {
    const missing = await this.#missing(environment)
    if (missing !== null) return missing
    const { value, ...reading } = await this.#ask.environment(environment)
    const { page, asks } = this.#part(value, reading.position)
    return { view: environmentView(page, asks, this.#clock), reading, found: true }
  }

  async pipeline(): Promise<Page> {
    const { value, ...first } = await this.#ask.ciRuns(null)
    let reading: Page["reading"] = first
    const branches = branchesOf(value)
    const kept = await this.#ask.reportPages(branches.flatMap(({ latest }) => latest.report?.id ?? []))
    const environments = []
    for (const environment of (await this.#environments()).value) {
      const { value: facts, ...one } = await this.#ask.environment(environment)
      // the page covers no more than its oldest part
      if (one.position.number < reading.position.number) reading = one
      environments.push({ environment, checks: environmentChecks(facts.releases) })
    }
    return { view: pipelineView(branches, reportLink(kept.value), environments, this.#clock), reading, found: true }
  }

  /** @param number of its event, as the address has it */
  async ciRun(number: string): Promise<Page> {
    const { value, ...reading } = await this.#ask.ciRun(/^\d{1,15}$/.test(number) ? Number(number) : 0)
    const [run] = value === null ? [] : ciRunOf(value)
    if (run === undefined) return notFound("The ledger has no run of ci with this number.", reading)
    const { value: events } = await this.#ask.ciRuns(null)
    const files = run.report === null ? [] : (await this.#ask.reportFiles(run.report.id)).value
    const branch = branchUntil(run, events.flatMap(ciRunOf))
    return { view: ciRunView(branch, files, this.#clock), reading, found: true }
  }

  /** Everyone whose key is listed, in each environment. */
  async key(): Promise<Page> {
    const { value: environments, ...reading } = await this.#environments()
    const all = []
    for (const environment of environments) {
      const { value, position } = await this.#ask.environment(environment)
      all.push(asksOf(this.#settings, value, position.number, new Date(position.at)))
    }
    return { view: keyView(all), reading, found: true }
  }

  async has(environment: string): Promise<boolean> {
    return (await this.#missing(environment)) === null
  }

  async history(query: Query): Promise<Page> {
    const { value: environments } = await this.#environments()
    const filter = readFilter(query)
    const wanted = filter.env === null ? environments : environments.filter((one) => one === filter.env)
    const { value, ...reading } = await this.#ask.history([wanted, filter])
    return { view: historyView(value, filter, environments, this.#clock), reading, found: true }
  }

  async release(environment: string, id: string, query: Query): Promise<Page> {
    const missing = await this.#missing(environment)
    if (missing !== null) return missing
    const { value, ...reading } = await this.#ask.release([environment, id])
    if (value === null) return notFound(`The ledger has no release ${id} of ${environment}.`, reading)
    const { value: samples } = await this.#ask.samples([environment, id])
    const now = new Date(reading.position.at)
    const progress = runProgress(value.release, value.releases, now)
    const logs = await this.#logs(environment, id, path("environments", environment, "releases", id), query)
    const review = await this.#review(environment, id)
    return { view: releaseView(value, { progress, samples, logs, review }, now, this.#clock), reading, found: true }
  }

  async #review(environment: string, id: string): Promise<ReviewPart> {
    const { value: facts, position } = await this.#ask.environment(environment)
    const { page, asks } = this.#part(facts, position)
    const open = page.reviews.filter(({ release }) => release === id)
    const keys = (facts.policies.inForce?.policy ?? this.#settings.environments[environment])?.approvals.keys ?? []
    return { open, closed: closedReview(facts, keys, id), asks: open.length === 0 ? null : asks }
  }

  async run(environment: string, query: Query): Promise<Page> {
    const missing = await this.#missing(environment)
    if (missing !== null) return missing
    const { value: facts, ...first } = await this.#ask.environment(environment)
    const latest = facts.releases[0]
    if (latest === undefined)
      return { view: noRunView(environment, facts.lease, this.#clock), reading: first, found: true }
    const { value, ...reading } = await this.#ask.release([environment, latest.id])
    if (value === null) return notFound(`The ledger has no release ${latest.id} of ${environment}.`, reading)
    const { value: samples } = await this.#ask.samples([environment, latest.id])
    const progress = runProgress(value.release, value.releases, new Date(reading.position.at))
    const logs = await this.#logs(environment, latest.id, path("environments", environment, "run"), query)
    return {
      view: runView(value, { progress, samples, logs }, this.#part(facts, first.position), this.#clock),
      reading: first,
      found: true,
    }
  }

  async delivery(environment: string): Promise<Page> {
    const missing = await this.#missing(environment)
    if (missing !== null) return missing
    const { value, ...reading } = await this.#ask.delivery(environment)
    return { view: figuresView(environment, value.figures, value.only, this.#clock), reading, found: true }
  }

  /** @param sha256 of the plan file */
  async plan(environment: string, sha256: string): Promise<Page> {
    const missing = await this.#missing(environment)
    if (missing !== null) return missing
    const { value: facts, ...reading } = await this.#ask.environment(environment)
    const { value: file } = await this.#ask.planFile([environment, sha256])
    const now = new Date(reading.position.at)
    const page = file === null ? null : planPage(this.#settings, facts, file, now)
    if (page === null)
      return notFound(
        "The ledger does not have this plan file: an earlier Tollgate made it, it is larger than 256 KB, or it is old.",
        reading,
      )
    const asks = asksOf(this.#settings, facts, reading.position.number, now)
    return { view: planView(page, asks, this.#clock), reading, found: true }
  }

  /** The policy that tollgate.yaml proposes. */
  async policy(environment: string): Promise<Page> {
    const missing = await this.#missing(environment)
    if (missing !== null) return missing
    const { value: facts, ...reading } = await this.#ask.environment(environment)
    const { policy, asks } = this.#part(facts, reading.position)
    if (policy === null)
      return notFound("tollgate.yaml does not have this environment: it proposes no policy.", reading)
    return { view: policyView(policy, asks, this.#clock), reading, found: true }
  }

  async difference(environment: string, { from = "", to = "" }: Query): Promise<Page> {
    const missing = await this.#missing(environment)
    if (missing !== null) return missing
    const { value: facts, ...reading } = await this.#ask.environment(environment)
    const compared = async (id: string) => {
      if (id === "") return null
      const { value } = await this.#ask.release([environment, id])
      return value === null ? null : { release: value.release, policy: policyOfRelease(value.events) }
    }
    const [one, other] = [await compared(from), await compared(to)]
    const unknown = [...(from !== "" && one === null ? [from] : []), ...(to !== "" && other === null ? [to] : [])]
    if (unknown.length > 0)
      return notFound(`The ledger has no release ${unknown.join(", ")} of ${environment}.`, reading)
    const difference = one === null || other === null ? null : releaseDifference(one, other, facts.policies)
    return { view: differenceView(environment, facts.releases, { from, to }, difference), reading, found: true }
  }

  async #logs(environment: string, release: string, address: string, query: Query): Promise<LogsPart> {
    const filter = readLogFilter(query)
    const { value: lines, position } = await this.#ask.lines([environment, release, filter])
    return { lines, filter, address, now: new Date(position.at) }
  }

  /** Those of tollgate.yaml in its order, then those that only the ledger has. */
  async #environments(): Promise<Reading<string[]>> {
    const reading = await this.#ask.environments(null)
    return { ...reading, value: [...new Set([...Object.keys(this.#settings.environments), ...reading.value])] }
  }

  async #missing(environment: string): Promise<Page | null> {
    const { value, ...reading } = await this.#environments()
    return value.includes(environment)
      ? null
      : notFound("Neither tollgate.yaml nor the ledger has this environment.", reading)
  }

  /** What an environment's pages show, as of a position of the ledger. */
  #part(facts: EnvironmentFacts, position: Position): OverviewPart {
    const now = new Date(position.at)
    return {
      page: environmentPage(facts, this.#proposed(facts.environment, facts.policies), now),
      asks: asksOf(this.#settings, facts, position.number, now),
      policy: policyPage(this.#settings, facts, now),
    }
  }

  #proposed(environment: string, { inForce }: PolicyHistory): ProposedPolicy | null {
    if (!Object.hasOwn(this.#settings.environments, environment)) return null
    const settings = this.#settings.environments[environment]
    if (settings === undefined) return null
    return {
      difference: inForce === null ? [] : policyDifference(inForce.policy, policyOf(this.#settings, environment)),
      needed: asksForSomething(this.#settings, environment),
      freeze: settings.freeze,
      keys: settings.approvals.keys,
    }
  }
}

function notFound(what: string, reading: Page["reading"]): Page {
  return { view: notFoundView(what), reading, found: false }
}
