import type { Context } from "hono"
import { TollgateError } from "../../shared/errors.js"
import type { Pages } from "./pages.js"
import type { Refusal, RequestDesk } from "./request-desk.js"

/** Of a request file: its longest texts, escaped. */
const LONGEST_REQUEST = 65_536

export interface AnswerParts {
  readonly pages: Pick<Pages, "has">
  readonly desk: RequestDesk
  readonly isToken: (token: string) => boolean
}

/** Answers the script that signed a request. Who may request what is decided by the signature, not by the session. */
export async function answerRequest(
  context: Context,
  environment: string,
  { pages, desk, isToken }: AnswerParts,
): Promise<Response> {
  const refuse = (status: 403 | 404 | 413 | 422 | 503, ...problems: Refusal[]) => context.json({ problems }, status)
  if (!isToken(context.req.header("x-tollgate-token") ?? ""))
    return refuse(403, { code: "request-form", message: "does not come from a page of this session: reload the page" })
  const length = Number(context.req.header("content-length") ?? Number.NaN)
  if (!(length <= LONGEST_REQUEST))
    return refuse(413, {
      code: "request-unreadable",
      message: `is not a request: it is longer than ${LONGEST_REQUEST} bytes`,
    })
  try {
    if (!(await pages.has(environment)))
      return refuse(404, { code: "request-other-environment", message: "is for an environment that is not known here" })
    const received = await desk.receive(environment, await context.req.text())
    if (received.kind === "recorded") return context.json({ request: received.request }, 201)
    return refuse(422, ...received.problems)
  } catch (error) {
    if (!(error instanceof TollgateError) || !error.code.startsWith("ledger-")) throw error
    return refuse(503, {
      code: error.code,
      message:
        "may not have been recorded, since the ledger is unreachable: look at the list of requests before you try again",
    })
  }
}
