import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { promisify } from "node:util"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/opt/google/chrome/chrome"]

const find = () => PLACES.find((place) => existsSync(place))

/** Time for a `beforeAll` that opens a browser, in milliseconds: on a new machine it installs one. */
export const INSTALL_MS = 600_000

/** The machine's own browser. Where there is none and apt can install it, Debian's is installed. */
export async function openBrowser(): Promise<Browser> {
  if (find() === undefined && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) await install()
  const executablePath = find()
  if (executablePath === undefined)
    throw new Error(`Tests of pages need Chromium or Chrome at ${PLACES.join(", ")}: install your system's package.`)
  // as root Chromium starts without its sandbox alone
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] })
}

async function install(): Promise<void> {
  const apt = (...args: string[]) =>
    promisify(execFile)("apt-get", ["-o", "DPkg::Lock::Timeout=600", "-qq", ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    })
  await apt("update")
  await apt("install", "-y", "--no-install-recommends", "chromium")
}

const { source }: { source: string } = createRequire(import.meta.url)("axe-core")

/** What axe finds on a page, one line each. Injected by the debugger, which a page's CSP does not bind. */
export async function axeFindings(page: Page): Promise<string[]> {
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
