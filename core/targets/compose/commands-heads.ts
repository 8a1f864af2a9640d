import { quote, words } from "../../shared/shell-words.js"
import { headLine, type ReleaseHead } from "../heads.js"
import type { RemoteCommand } from "../ssh/command.js"
import { serviceFolder } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { alone } from "./script.js"

/** Later releases must not push out soon what an attacker would like to be forgotten. */
const MOST = 200

function headsFile(plan: ServicePlan): string {
  return words(`${serviceFolder(plan)}/heads`)
}

/** Prints the heads that were kept, then adds one in front of them. */
export function keepHead(plan: ServicePlan, head: ReleaseHead): RemoteCommand {
  const file = headsFile(plan)
  const body = [
    `[ ! -f ${file} ] || cat ${file} || exit 1`,
    `{ printf '%s\\n' ${quote(headLine(head))} && { [ ! -f ${file} ] || head -n ${MOST - 1} ${file}; }; } >${file}.new && mv ${file}.new ${file} || { rm -f ${file}.new; exit 1; }`,
  ].join("\n")
  return { what: "keep the ledger's head", script: alone(plan, body), seconds: 180 }
}

export function readHeads(plan: ServicePlan): RemoteCommand {
  const file = headsFile(plan)
  return { what: "read the ledger's heads", script: `[ ! -e ${file} ] || cat ${file}`, seconds: 30, looks: true }
}
