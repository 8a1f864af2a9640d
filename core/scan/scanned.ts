import { osName } from "./findings.js"
import { notPinned, type Requirement } from "./requirements.js"
import type { Reason, ScanName, Scanned, Warning } from "./result.js"
import type { TrivyReport } from "./trivy-report.js"

/**
 * What a scan covered, according to its own report.
 *
 * @param database whether the scan had a vulnerability database
 */
export function scannedIn(scan: ScanName, report: TrivyReport, database: boolean): Scanned {
  const os = report.Metadata.OS
  return {
    scan,
    vulnerabilities: database && scan !== "repository",
    osPackages: sum(
      report.Results.filter((result) => result.Class === "os-pkgs").map((result) => result.Packages.length),
    ),
    libraries: report.Results.filter((result) => result.Class === "lang-pkgs" && result.Packages.length > 0).map(
      (result) => ({
        path: result.Target,
        type: result.Type,
        packages: result.Packages.length,
      }),
    ),
    configurationFiles: report.Results.filter((result) => result.Class === "config").length,
    os: os === undefined || os.Family === "none" ? null : { family: os.Family, version: os.Name },
  }
}

export function libraryCount(scanned: Scanned | undefined): number {
  return sum((scanned?.libraries ?? []).map((one) => one.packages))
}

// the operating systems that Trivy 0.69 supports (pkg/detector/ospkg/detect.go in its source)
const SUPPORTED = [
  "alpine",
  "alma",
  "amazon",
  "azurelinux",
  "bottlerocket",
  "cbl-mariner",
  "debian",
  "ubuntu",
  "redhat",
  "centos",
  "rocky",
  "oracle",
  "opensuse-tumbleweed",
  "opensuse-leap",
  "sles",
  "slem",
  "photon",
  "wolfi",
  "chainguard",
  "echo",
  "minimos",
  "coreos",
]

export interface Remarks {
  reasons: Reason[]
  warnings: Warning[]
}

/**
 * What the image's scan missed. An image without packages, or an operating system without its package list, makes the gate
 * inconclusive: the scan would find nothing, whatever the image contains.
 */
export function remarksOnImage(report: TrivyReport, scanned: Scanned): Remarks {
  const reasons: Reason[] = []
  const warnings: Warning[] = []
  const name = osName(report)
  if (scanned.osPackages === 0 && libraryCount(scanned) === 0)
    reasons.push({
      code: "image-empty",
      message:
        "Trivy found no packages in the image, neither of an operating system nor of a language: nothing was checked",
      next: "if the image really has none, set `image: false` under scan; the screen then says that it was not scanned",
    })
  else if (scanned.os === null)
    warnings.push({
      code: "os-unknown",
      message: `Trivy does not know the image's operating system: only its libraries were checked (${libraryCount(scanned)})`,
    })
  else if (scanned.osPackages === 0)
    reasons.push({
      code: "os-packages-missing",
      message: `the image is ${name}, but its list of packages is missing: vulnerabilities of its system packages cannot be found`,
      next: "keep the package manager's files, such as /var/lib/dpkg, in the image",
    })
  else if (!SUPPORTED.includes(scanned.os.family))
    warnings.push({
      code: "os-not-supported",
      message: `Trivy does not support ${name}: its ${scanned.osPackages} system packages were not checked`,
    })
  if (report.Metadata.OS?.EOSL === true)
    warnings.push({
      code: "os-end-of-life",
      message: `${name} is past its end of life: its vulnerabilities are no longer reported or fixed`,
    })
  return { reasons, warnings }
}

/**
 * The name under which the database lists an operating system; null if Tollgate does not know it. With a database that
 * lacks the system, Trivy reports no vulnerabilities and no error.
 */
export function systemInDatabase(os: Scanned["os"]): string | null {
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
  /** Requirements files, by path. */
  requirements: Map<string, Requirement[]>
  /** Files of app.dependencies.files that are not requirements files. */
  others: string[]
  /** Files with the name of a lockfile that pin something. */
  lockfiles: string[]
  /** Lockfiles in folders above the app's; they are not scanned. */
  above: string[]
}

/** Names of lockfiles. Trivy skips one that it cannot parse (of a uv workspace) or does not support (PDM) without a message. */
export const LOCKFILE_NAMES = [
  "package-lock.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "poetry.lock",
  "uv.lock",
  "pdm.lock",
  "Pipfile.lock",
  "pylock.toml",
  "Gemfile.lock",
  "composer.lock",
  "Cargo.lock",
  "go.mod",
  "pom.xml",
  "gradle.lockfile",
  "packages.lock.json",
  "mix.lock",
  "pubspec.lock",
]

/**
 * What the lockfiles' scan missed: Trivy does not read requirements without an exact version. That is a warning if the
 * image's libraries were scanned, since those are what runs. If nothing at all was read, the gate is inconclusive.
 */
export function remarksOnLockfiles(
  report: TrivyReport,
  scanned: Scanned,
  facts: LockfileFacts,
  imageLibraries: number,
): Remarks {
  const pinned = report.Results.filter((result) => result.Type === "pip").flatMap((result) =>
    result.Packages.map((one) => one.Name),
  )
  const loose = [...facts.requirements].flatMap(([path, all]) =>
    notPinned(all, pinned).map(({ name, line }) => ({ path, name, line })),
  )
  const warnings: Warning[] = []
  const covered =
    imageLibraries > 0 ? "; their installed versions were checked in the image" : "; nothing else checked them"
  if (loose.length > 0) {
    const names = [...new Set(loose.map(({ path, name, line }) => name ?? `${path}:${line}`))]
    const shown = names.slice(0, 4).join(", ") + (names.length > 4 ? ` and ${names.length - 4} more` : "")
    const asked = [...facts.requirements.values()].reduce((count, all) => count + all.length, 0)
    warnings.push({
      code: "not-pinned",
      message: `${loose.length} of ${asked} requirements have no exact version and were not checked: ${shown}${covered}`,
    })
  }
  const read = new Set(scanned.libraries.map((one) => one.path))
  const unread = facts.lockfiles.filter((file) => !read.has(file))
  for (const path of unread)
    warnings.push({
      code: "lockfile-not-read",
      message: `Trivy read no packages from ${path}: it is empty or cannot be parsed${covered}`,
    })
  for (const path of facts.above)
    warnings.push({ code: "lockfile-not-read", message: `${path} is above app.path and was not scanned${covered}` })
  for (const path of facts.others.filter((file) => !facts.lockfiles.includes(file) && !hasLockfile(file, scanned)))
    warnings.push({
      code: "lockfile-not-read",
      message: `${path} pins nothing that Trivy reads, and has no lockfile beside it${covered}`,
    })

  const asks =
    facts.others.length > 0 ||
    facts.lockfiles.length > 0 ||
    facts.above.length > 0 ||
    [...facts.requirements.values()].some((all) => all.length > 0)
  if (asks && libraryCount(scanned) === 0 && imageLibraries === 0)
    return {
      warnings,
      reasons: [
        {
          code: "nothing-pinned",
          message:
            "the service has dependencies, but Trivy read no exact versions, and no image was scanned: nothing was checked",
          next: "pin them (`pip freeze`, `uv lock`, `poetry lock`), or scan the image",
        },
      ],
    }
  if (imageLibraries === 0 && unread.length + facts.above.length > 0)
    return {
      warnings,
      reasons: [
        {
          code: "lockfile-not-read",
          message: `Trivy read no packages from ${[...unread, ...facts.above].join(", ")}, and no image was scanned: these dependencies were not checked`,
          next: "scan the image (scan.image), or exclude the file with scan.skip if it is not deployed",
        },
      ],
    }
  return { reasons: [], warnings }
}

/** poetry.lock, uv.lock, package-lock.json or the like beside a file that only has version ranges. */
function hasLockfile(path: string, scanned: Scanned): boolean {
  const folder = path.slice(0, path.lastIndexOf("/") + 1)
  return scanned.libraries.some(
    (one) => one.type !== "pip" && one.path.startsWith(folder) && !one.path.slice(folder.length).includes("/"),
  )
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
