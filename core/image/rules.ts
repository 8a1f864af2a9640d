import type { Settings } from "../config/schema.js"
import type { ContentRules } from "./judge-content.js"
import type { ServiceRules } from "./judge-service.js"
import { BEFORE_TIMEOUT } from "./watch.js"

export function contentRules({ image }: Settings): ContentRules {
  const { maxSize, port, health, notSecret } = image
  return { maxSize, port, health, notSecret }
}

export function serviceRules({ image }: Settings): ServiceRules {
  const { port, health, startTimeout, before } = image
  return { port, health, startTimeout, before, beforeTimeout: BEFORE_TIMEOUT }
}
