import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"

/** Debian's: the test downloads none. */
const CHROMIUM = "/usr/bin/chromium"

export function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: install the package chromium of Debian or Ubuntu`)
  // as root chromium starts without its sandbox alone
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] })
}

const { source }: { source: string } = createRequire(import.meta.url)("axe-core")

/** What axe finds on a page, one line each. Injected by the debugger, which a page's CSP does not bind. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
  })
}

/** What a page printed in its console, such as what its CSP blocked. */
export function listen(context: BrowserContext): string[] {
  const printed: string[] = []
  context.on("console", (message) => void printed.push(message.text()))
  context.on("weberror", (error) => void printed.push(String(error.error())))
  return printed
}
