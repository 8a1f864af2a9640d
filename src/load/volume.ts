import type { ArrivalRate } from "../config/load-fields.js"

/** How much a load test sends and how long it takes, before it begins. */

export function plannedRequests(rate: ArrivalRate, seconds: number): number {
  return Math.floor((rate.count * seconds) / rate.seconds)
}

export function perSecond(rate: ArrivalRate): number {
  return rate.count / rate.seconds
}

/** Scenarios run side by side. */
export function plannedSeconds(durations: number[], warmUp: number): number {
  return warmUp + Math.max(0, ...durations)
}
