/** Health check of temporary services: frequent while one starts, with a long start period for a busy machine. */
export const SERVICE_HEALTH = { interval: "1s", timeout: "5s", startPeriod: "90s", startInterval: "200ms", retries: 3 }
