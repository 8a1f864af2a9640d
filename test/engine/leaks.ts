import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"

/** A value that looks different in every encoding. */
export const SECRET = "pa5s/w0rd+of=the&provider?"

/** The forms in which a secret gets out; what depends on its neighbours in base64 is cut off at both ends. */
export function formsOf(value: string): Record<string, string> {
  const behindAnother = (shift: number) => {
    const encoded = Buffer.from("x".repeat(shift) + value).toString("base64")
    return encoded.slice(shift === 0 ? 0 : 4, -4)
  }
  return {
    "as it is": value,
    "in base64": behindAnother(0),
    "in base64, one byte on": behindAnother(1),
    "in base64, two bytes on": behindAnother(2),
    "in base64 for URLs": Buffer.from(value).toString("base64url").slice(0, -1),
    "URL-encoded": encodeURIComponent(value),
    "URL-encoded in lower case, as ECPay does it": encodeURIComponent(value).toLowerCase(),
    "URL-encoded with lower-case hex": encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
    "in a JSON text with \\u": [...value]
      .map((one) => (/\w/.test(one) ? one : `\\u00${one.charCodeAt(0).toString(16)}`))
      .join(""),
    "as HTML": value.replaceAll("&", "&amp;"),
    "in a JSON text": JSON.stringify(value).slice(1, -1),
    "in hex": Buffer.from(value).toString("hex"),
  }
}

/** Where a secret is found, and in which form; never the text itself. */
export function leaksIn(
  texts: readonly (readonly [name: string, text: string])[],
  secrets: Readonly<Record<string, string>>,
): string[] {
  return texts.flatMap(([name, text]) =>
    Object.entries(secrets).flatMap(([secret, value]) =>
      Object.entries(formsOf(value)).flatMap(([form, written]) =>
        text.includes(written) ? [`${name} has ${secret} ${form}`] : [],
      ),
    ),
  )
}

/** Every file below a folder, as bytes. */
export function textsBelow(folder: string): [name: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size < 200_000_000)
    .map((path) => [path.slice(folder.length + 1), readFileSync(path, "latin1")])
}

/** Watches the command lines of every process of the machine, those in the engine's containers among them, until it is stopped. */
export function watchProcesses(): () => [name: string, text: string][] {
  const seen = new Set<string>()
  const look =
    process.platform === "linux"
      ? () => lookAtProc(seen)
      : () => seen.add(execFileSync("ps", ["-A", "-o", "args="], { encoding: "latin1" }))
  const timer = setInterval(look, 50)
  return () => {
    clearInterval(timer)
    return [["the command lines of processes", [...seen].join("\n")]]
  }
}

function lookAtProc(seen: Set<string>): void {
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue
    try {
      seen.add(readFileSync(`/proc/${entry}/cmdline`, "latin1").replaceAll("\0", " "))
    } catch {
      // ended in the meantime
    }
  }
}
