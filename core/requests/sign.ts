import { type KeyObject, randomUUID, sign } from "node:crypto"
import { publicKeyText } from "../release/approval/key.js"
import {
  REQUEST_FORMAT,
  REQUEST_VERSION,
  type RequestAction,
  type RequestFile,
  type RequestStatement,
  requestBytes,
  requestFile,
} from "./request.js"

export interface NewRequest {
  readonly service: string
  readonly environment: string
  readonly action: RequestAction
  readonly reason: string
  readonly who: string
  readonly sees: RequestStatement["sees"]
  readonly now: Date
  /** Seconds. */
  readonly validity: number
}

/** Usual validity of a request, in seconds. */
export const USUAL_VALIDITY = 600

/** A signed request, as the command line makes it. A browser signs the same bytes. */
export function signRequest({ now, validity, ...given }: NewRequest, key: KeyObject): RequestFile {
  const statement: RequestStatement = {
    ...given,
    id: randomUUID(),
    key: publicKeyText(key),
    requestedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + validity * 1000).toISOString(),
  }
  return requestFile.parse({
    format: REQUEST_FORMAT,
    version: REQUEST_VERSION,
    statement,
    signature: sign(null, requestBytes(statement), key).toString("base64"),
  })
}
