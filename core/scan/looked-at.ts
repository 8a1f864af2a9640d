import { osName } from "./findings.js"
import { notPinned, type Requirement } from "./requirements.js"
import type { LookedAt, Reason, ScanName, Warning } from "./result.js"
import type { TrivyReport } from "./trivy-report.js"

/**
 * What a scan really had before it, from its own report.
 *
 * @param database there was a database to look for vulnerabilities with
 */
export function lookedAt(scan: ScanName, report: TrivyReport, database: boolean): LookedAt {
  const os = report.Metadata.OS
  return {
    scan,
    vulnerabilities: database && scan !== "repository",
    osPackages: sum(report.Results.filter((result) => result.Class === "os-pkgs").map((result) => result.Packages.length)),
    libraries: report.Results.filter((result) => result.Class === "lang-pkgs" && result.Packages.length > 0).map((result) => ({
      path: result.Target,
      type: result.Type,
      packages: result.Packages.length,
    })),
    configurationFiles: report.Results.filter((result) => result.Class === "config").length,
    os: os === undefined || os.Family === "none" ? null : { family: os.Family, version: os.Name },
  }
}

export function libraryCount(looked: LookedAt | undefined): number {
  return sum((looked?.libraries ?? []).map((one) => one.packages))
}

// whom Trivy 0.69 has vulnerabilities for (pkg/detector/ospkg/detect.go of its source)
const SUPPORTED = [
  "alpine", "alma", "amazon", "azurelinux", "bottlerocket", "cbl-mariner", "debian", "ubuntu", "redhat", "centos", "rocky", "oracle",
  "opensuse-tumbleweed", "opensuse-leap", "sles", "slem", "photon", "wolfi", "chainguard", "echo", "minimos", "coreos",
]

export interface Remarks {
  reasons: Reason[]
  warnings: Warning[]
}

/**
 * What the image's scan did not see. An image without a package, and a system whose list of packages is gone, are red: its
 * scan would find nothing whatever is in it.
 */
export function remarksOnImage(report: TrivyReport, looked: LookedAt): Remarks {
  const reasons: Reason[] = []
  const warnings: Warning[] = []
  const name = osName(report)
  if (looked.osPackages === 0 && libraryCount(looked) === 0)
    reasons.push({
      code: "image-empty",
      message: "Trivy found no package in the image, neither of a system nor of a language: nothing was checked",
      next: "if that is so, write `image: false` under scan; the screen will say that it was not scanned",
    })
  else if (looked.os === null)
    warnings.push({ code: "os-unknown", message: `the image has no system that Trivy knows: only its libraries were checked (${libraryCount(looked)})` })
  else if (looked.osPackages === 0)
    reasons.push({
      code: "os-packages-missing",
      message: `the image is ${name}, but no package of it is listed: something removed the package manager's list, and its vulnerabilities with it`,
      next: "keep /var/lib/dpkg (or its like) in the image",
    })
  else if (!SUPPORTED.includes(looked.os.family))
    warnings.push({ code: "os-not-supported", message: `Trivy has no vulnerabilities of ${name}: its ${looked.osPackages} system packages were not checked` })
  if (report.Metadata.OS?.EOSL === true)
    warnings.push({ code: "os-end-of-life", message: `${name} has reached the end of its life: nobody reports or fixes its vulnerabilities any more` })
  return { reasons, warnings }
}

/**
 * The words by which the database files a system's vulnerabilities; null where Tollgate does not know them. A database
 * without them finds nothing in that system, and does not say so.
 */
export function systemInDatabase(os: LookedAt["os"]): string | null {
  if (os === null) return null
  const [major = "", minor = ""] = os.version.split(".")
  switch (os.family) {
    case "debian":
      return `debian ${major}`
    case "ubuntu":
    case "alpine":
      return `${os.family} ${major}.${minor}`
    default:
      return null
  }
}

export interface LockfileFacts {
  /** Requirements files that were read, by path. */
  requirements: Map<string, Requirement[]>
  /** Files of app.dependencies.files that are no requirements files. */
  others: string[]
  /** Files that are there by a name that lockfiles have, and have something pinned in them. */
  lockfiles: string[]
  /** Of those of the repository, the ones in folders above the app's: they are not scanned. */
  above: string[]
}

/** Names of lockfiles. One that Trivy cannot parse (a uv workspace's), or does not know (PDM's), it leaves out without a word. */
export const LOCKFILE_NAMES = [
  "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "Gemfile.lock", "composer.lock",
  "Cargo.lock", "go.mod", "pom.xml", "gradle.lockfile", "packages.lock.json", "mix.lock", "pubspec.lock",
]

/**
 * What the lockfiles' scan did not see: requirements without an exact version are not read by Trivy. Where the image's
 * libraries were scanned that is a warning, since they are what really runs; otherwise it is red when nothing at all was read.
 */
export function remarksOnLockfiles(report: TrivyReport, looked: LookedAt, facts: LockfileFacts, imageLibraries: number): Remarks {
  const pinned = report.Results.filter((result) => result.Type === "pip").flatMap((result) => result.Packages.map((one) => one.Name))
  const loose = [...facts.requirements].flatMap(([path, all]) => notPinned(all, pinned).map(({ name, line }) => ({ path, name, line })))
  const warnings: Warning[] = []
  const covered = imageLibraries > 0 ? "; what is installed of them was checked in the image" : "; nothing checked them"
  if (loose.length > 0) {
    const names = [...new Set(loose.map(({ path, name, line }) => name ?? `${path}:${line}`))]
    const shown = names.slice(0, 4).join(", ") + (names.length > 4 ? ` and ${names.length - 4} more` : "")
    const asked = [...facts.requirements.values()].reduce((count, all) => count + all.length, 0)
    warnings.push({ code: "not-pinned", message: `${loose.length} of ${asked} requirements have no exact version and were not checked: ${shown}${covered}` })
  }
  const read = new Set(looked.libraries.map((one) => one.path))
  const unread = facts.lockfiles.filter((file) => !read.has(file))
  for (const path of unread)
    warnings.push({ code: "lockfile-not-read", message: `Trivy read no package from ${path}: it is empty, or cannot be parsed${covered}` })
  for (const path of facts.above)
    warnings.push({ code: "lockfile-not-read", message: `${path} is above app.path and was not scanned${covered}` })
  for (const path of facts.others.filter((file) => !facts.lockfiles.includes(file) && !hasLockfile(file, looked)))
    warnings.push({ code: "lockfile-not-read", message: `${path} pins nothing that Trivy reads, and there is no lockfile beside it${covered}` })

  const asks = facts.others.length > 0 || facts.lockfiles.length > 0 || facts.above.length > 0 || [...facts.requirements.values()].some((all) => all.length > 0)
  if (asks && libraryCount(looked) === 0 && imageLibraries === 0)
    return {
      warnings,
      reasons: [{
        code: "nothing-pinned",
        message: "the service has dependencies, but Trivy read no exact version of any, and no image was scanned: nothing was checked",
        next: "pin them (`pip freeze`, uv lock, poetry lock), or scan the image",
      }],
    }
  if (imageLibraries === 0 && unread.length + facts.above.length > 0)
    return {
      warnings,
      reasons: [{
        code: "lockfile-not-read",
        message: `no package was read from ${[...unread, ...facts.above].join(", ")}, and no image was scanned: what is pinned there was not checked`,
        next: "scan the image (scan.image), or leave the file out with scan.skip if nothing of it is deployed",
      }],
    }
  return { reasons: [], warnings }
}

/** poetry.lock, uv.lock, package-lock.json and the like beside a file that only asks for ranges. */
function hasLockfile(path: string, looked: LookedAt): boolean {
  const folder = path.slice(0, path.lastIndexOf("/") + 1)
  return looked.libraries.some((one) => one.type !== "pip" && one.path.startsWith(folder) && !one.path.slice(folder.length).includes("/"))
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
