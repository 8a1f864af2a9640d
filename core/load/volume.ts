import type { ArrivalRate } from "../config/load-fields.js"

/** How much a load test sends and how long it takes, before it begins. */

/** The least that is measured when the rate is reached. */
export function plannedRequests(rate: ArrivalRate, seconds: number): number {
  return Math.floor((rate.count * seconds) / rate.seconds)
}

/** What one scenario can send at most: each of its parts may begin one at both of its ends. */
export function mostRequests(rate: ArrivalRate, warmUp: number, duration: number): number {
  return plannedRequests(rate, warmUp) + 1 + plannedRequests(rate, duration) + 1
}

export function perSecond(rate: ArrivalRate): number {
  return rate.count / rate.seconds
}

/** Scenarios run side by side. */
export function plannedSeconds(durations: number[], warmUp: number): number {
  return warmUp + Math.max(0, ...durations)
}
