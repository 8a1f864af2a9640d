import type { ArrivalRate } from "./load-fields.js"

/** Size and duration of a load test, computed in advance. */

/** Requests measured when the rate is achieved. */
export function plannedRequests(rate: ArrivalRate, seconds: number): number {
  return Math.floor((rate.count * seconds) / rate.seconds)
}

/** Upper bound of one scenario: each phase may send one request at both of its ends. */
export function mostRequests(rate: ArrivalRate, warmUp: number, duration: number): number {
  return plannedRequests(rate, warmUp) + 1 + plannedRequests(rate, duration) + 1
}

export function perSecond(rate: ArrivalRate): number {
  return rate.count / rate.seconds
}

/** Scenarios run in parallel. */
export function plannedSeconds(durations: number[], warmUp: number): number {
  return warmUp + Math.max(0, ...durations)
}
