import { randomBytes } from "node:crypto"
import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { duration } from "../report/figures.js"
import { readDotenv } from "../secrets/parse.js"
import { version } from "../version.js"
import { judgeAnswer, type Query } from "./answer.js"
import { CREDENTIAL_NAMES, judgeCredentials } from "./credentials.js"
import { judgeFailure } from "./failure.js"
import { checkMacValue, type Field, MAC_FIELD } from "./mac.js"
import { provenExamples } from "./published.js"
import { postForm } from "./request.js"
import type { EcpayProblem, EcpayResult, EcpayStep, Outcome } from "./result.js"

const QUERY_PATH = "/Cashier/QueryTradeInfo/V5"

/**
 * Proves an environment's ECPay credentials: their form, the computation of CheckMacValue by what ECPay has published, and a signed
 * query that moves nothing, whose answer must be signed as well.
 *
 * @param secrets the environment's configuration in dotenv form
 */
export async function checkEcpay(settings: Settings, environment: string, secrets: string): Promise<EcpayResult> {
  const { ecpay, ...rest } = environmentSettings(settings, environment)
  const { values } = readDotenv(secrets)
  const { credentials, problems } = judgeCredentials(values, environment, { ecpay, ...rest })
  const examples = provenExamples()
  const before = [...problems, ...(examples.wrong.length === 0 ? [] : [computationWrong(examples.wrong)])]
  const steps: EcpayStep[] = [
    {
      step: "credentials",
      ...stateOf(problems),
      said: problems.length === 0 ? "of the right form, and of this environment" : codesOf(problems),
    },
    {
      step: "CheckMacValue",
      state: examples.wrong.length === 0 ? "ok" : "RED",
      said: `${examples.right} of ECPay's ${examples.of} published examples come out right`,
    },
  ]
  const result = { tollgateVersion: version, environment, endpoint: ecpay.endpoint }
  if (before.length > 0) {
    steps.push({ step: "query", state: "not done", said: "nothing was sent" }, { step: "answer", state: "not done", said: "" })
    return { ...result, steps, verdict: { kind: "red", problems: before } }
  }

  const query: Query = { credentials, order: impossibleOrder(), endpoint: ecpay.endpoint }
  const outcome = await postForm(`${ecpay.endpoint}${QUERY_PATH}`, signedQuery(query), ecpay.timeout)
  const problem = judge(outcome, query)
  return {
    ...result,
    steps: [...steps, ...querySteps(outcome, problem)],
    verdict: problem === null ? { kind: "proven" } : { kind: "red", problems: [problem] },
  }
}

function judge(outcome: Outcome, query: Query): EcpayProblem | null {
  return outcome.kind === "failed" ? judgeFailure(outcome, query.endpoint) : judgeAnswer(outcome, query)
}

/** The merchant's own order numbers are its own affair; one with 18 random characters it has not got. */
function impossibleOrder(): string {
  return `TG${BigInt(`0x${randomBytes(16).toString("hex")}`)
    .toString(36)
    .toUpperCase()
    .padStart(18, "0")
    .slice(-18)}`
}

function signedQuery({ credentials, order }: Query): Field[] {
  const fields: Field[] = [
    ["MerchantID", credentials.merchantId],
    ["MerchantTradeNo", order],
    // ECPay takes a query for 3 minutes
    ["TimeStamp", String(Math.floor(Date.now() / 1000))],
  ]
  return [...fields, [MAC_FIELD, checkMacValue(fields, credentials)]]
}

function querySteps(outcome: Outcome, problem: EcpayProblem | null): EcpayStep[] {
  const took = duration(outcome.seconds)
  if (outcome.kind === "failed")
    return [
      { step: "query", state: "RED", said: `${outcome.code}, after ${took}` },
      { step: "answer", state: "not done", said: "" },
    ]
  return [
    { step: "query", state: "ok", said: `answered with HTTP ${outcome.status} in ${took}` },
    {
      step: "answer",
      state: problem === null ? "ok" : "RED",
      said: problem === null ? "signed with this merchant's key; it knows no such order, as it must" : problem.code,
    },
  ]
}

function codesOf(problems: readonly EcpayProblem[]): string {
  return [...new Set(problems.map(({ code }) => code))].join(", ")
}

function stateOf(problems: readonly EcpayProblem[]): { state: "ok" | "RED" } {
  return { state: problems.length === 0 ? "ok" : "RED" }
}

function computationWrong(wrong: readonly string[]): EcpayProblem {
  return {
    code: "computation-wrong",
    message: `CheckMacValue comes out wrong for ${wrong.join("; ")}`,
    next: `this is a fault of Tollgate, not of ${CREDENTIAL_NAMES.hashKey}: report it`,
  }
}
