import { randomBytes } from "node:crypto"
import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { readDotenv } from "../secrets/parse.js"
import { duration } from "../shared/figures.js"
import { version } from "../shared/version.js"
import { judgeAnswer, type Query } from "./answer.js"
import { CREDENTIAL_NAMES, judgeCredentials } from "./credentials.js"
import { judgeFailure } from "./failure.js"
import { checkMacValue, type Field, MAC_FIELD } from "./mac.js"
import { verifyExamples } from "./published.js"
import { postForm } from "./request.js"
import type { EcpayProblem, EcpayResult, EcpayStep, Outcome } from "./result.js"

const QUERY_PATH = "/Cashier/QueryTradeInfo/V5"

/**
 * Checks an environment's ECPay credentials: their form, the computation of CheckMacValue against ECPay's published examples, and a
 * signed read-only query, whose answer must be signed too.
 *
 * @param secrets the environment's configuration in dotenv form
 */
export async function checkEcpay(settings: Settings, environment: string, secrets: string): Promise<EcpayResult> {
  const { ecpay, ...rest } = environmentSettings(settings, environment)
  const { values } = readDotenv(secrets)
  const { credentials, problems } = judgeCredentials(values, environment, { ecpay, ...rest })
  const examples = verifyExamples()
  const before = [...problems, ...(examples.wrong.length === 0 ? [] : [computationWrong(examples.wrong)])]
  const steps: EcpayStep[] = [
    {
      step: "credentials",
      ...stateOf(problems),
      said: problems.length === 0 ? "right form, and of this environment" : codesOf(problems),
    },
    {
      step: "CheckMacValue",
      state: examples.wrong.length === 0 ? "passed" : "failed",
      said: `${examples.right} of ECPay's ${examples.of} published examples match`,
    },
  ]
  const result = { tollgateVersion: version, environment, endpoint: ecpay.endpoint }
  if (before.length > 0) {
    steps.push(
      { step: "query", state: "skipped", said: "nothing was sent" },
      { step: "answer", state: "skipped", said: "" },
    )
    return { ...result, steps, verdict: { kind: "failed", problems: before } }
  }

  const query: Query = { credentials, order: impossibleOrder(), endpoint: ecpay.endpoint }
  const outcome = await postForm(`${ecpay.endpoint}${QUERY_PATH}`, signedQuery(query), ecpay.timeout)
  const problem = judge(outcome, query)
  return {
    ...result,
    steps: [...steps, ...querySteps(outcome, problem)],
    verdict: problem === null ? { kind: "passed" } : { kind: "failed", problems: [problem] },
  }
}

function judge(outcome: Outcome, query: Query): EcpayProblem | null {
  return outcome.kind === "failed" ? judgeFailure(outcome, query.endpoint) : judgeAnswer(outcome, query)
}

/** No merchant has an order number of 18 random characters. */
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
    // ECPay accepts a timestamp for 3 minutes
    ["TimeStamp", String(Math.floor(Date.now() / 1000))],
  ]
  return [...fields, [MAC_FIELD, checkMacValue(fields, credentials)]]
}

function querySteps(outcome: Outcome, problem: EcpayProblem | null): EcpayStep[] {
  const took = duration(outcome.seconds)
  if (outcome.kind === "failed")
    return [
      { step: "query", state: "failed", said: `${outcome.code}, after ${took}` },
      { step: "answer", state: "skipped", said: "" },
    ]
  return [
    { step: "query", state: "passed", said: `HTTP ${outcome.status} in ${took}` },
    {
      step: "answer",
      state: problem === null ? "passed" : "failed",
      said: problem === null ? "signed with this merchant's key: no such order, as expected" : problem.code,
    },
  ]
}

function codesOf(problems: readonly EcpayProblem[]): string {
  return [...new Set(problems.map(({ code }) => code))].join(", ")
}

function stateOf(problems: readonly EcpayProblem[]): { state: "passed" | "failed" } {
  return { state: problems.length === 0 ? "passed" : "failed" }
}

function computationWrong(wrong: readonly string[]): EcpayProblem {
  return {
    code: "computation-wrong",
    message: `CheckMacValue does not match ECPay's published examples: ${wrong.join("; ")}`,
    next: `this is a bug in Tollgate, not in ${CREDENTIAL_NAMES.hashKey}: open an issue`,
  }
}
