import type { RequestRecord } from "./fold.js"
import { type RequestAction, requestFile } from "./request.js"

/** The request that a `cancel` is about; null: none. */
export function canceledBy(signed: unknown, requests: readonly RequestRecord[]): RequestRecord | null {
  const parsed = requestFile.safeParse(signed)
  if (!parsed.success || parsed.data.statement.action.kind !== "cancel") return null
  const { request } = parsed.data.statement.action
  return requests.find(({ id, replayed }) => id === request && !replayed) ?? null
}

/** What a request asks for. It is not verified; null: it is no request. */
export function actionOf({ signed }: Pick<RequestRecord, "signed">): RequestAction | null {
  const parsed = requestFile.safeParse(signed)
  return parsed.success ? parsed.data.statement.action : null
}
