/** How the engine looks after a service that is started for a while: asked often while it starts, and given time on a busy machine. */
export const SERVICE_HEALTH = { interval: "1s", timeout: "5s", startPeriod: "90s", startInterval: "200ms", retries: 3 }
