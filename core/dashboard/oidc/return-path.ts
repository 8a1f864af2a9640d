const LONGEST = 500
/** These are not pages, or lead back to the sign-in. */
const NO_PAGE = /^\/(?:sign-in|sign-out|stream|assets|healthz)(?:[/?]|$)/

/** Where a sign-in leads: a page of this dashboard, whatever a link asks for. */
export function returnPath(asked: string): string {
  const base = "http://dashboard.invalid"
  if (!asked.startsWith("/") || asked.length > LONGEST || !URL.canParse(asked, base)) return "/"
  const url = new URL(asked, base)
  // browsers read //host, /\host and a tab between the slashes as another site
  const path = url.pathname + url.search
  return url.origin === base && !path.startsWith("//") && !NO_PAGE.test(path) ? path : "/"
}
