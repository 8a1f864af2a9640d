import { terminalJson } from "../core/shared/plain-text.js"

/** Prints a result, as JSON with --json and as its screen without. */
export function print({ json }: { json: boolean }, value: object, screen: () => string): void {
  process.stdout.write(json ? `${terminalJson(value)}\n` : screen())
}
