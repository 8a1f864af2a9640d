import { type Markup, markup } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import { duration } from "../../shared/figures.js"
import type { RunProgress, RunStep } from "../model/run.js"
import { chip } from "./parts.js"
import { type Clock, moment } from "./time.js"

export function stepsTable({ steps, from }: RunProgress, clock: Clock): Markup {
  if (steps.length === 0) return markup`<p class="none">No step is recorded yet.</p>`
  return table(
    from === 0
      ? "Steps; no earlier run to compare with"
      : `Steps, and their median in ${from === 1 ? "one earlier run" : `${from} earlier runs`}`,
    [
      { title: "Step" },
      { title: "State" },
      { title: "Time", number: true },
      { title: "Median", number: true },
      { title: "Started" },
      { title: "Note" },
    ],
    steps.map((step) => [
      markup`${step.name}`,
      stateChip(step),
      markup`${step.seconds === null ? "–" : duration(step.seconds)}`,
      markup`${step.usual === null ? "–" : duration(step.usual)}`,
      step.startedAt === null ? markup`–` : moment(clock, step.startedAt),
      markup`${step.note === "" ? "–" : step.note}`,
    ]),
  )
}

function stateChip({ state }: RunStep): Markup {
  switch (state) {
    case "done":
      return chip("pass", "done")
    case "failed":
      return chip("fail", "failed")
    case "undone":
      return chip("skip", "undone")
    case "skipped":
      return chip("skip", "skipped")
    case "running":
      return chip("run", "now")
    case "left":
      return chip("skip", "left")
  }
}
