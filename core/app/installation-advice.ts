/** As setuptools, pip and a shell say that a program is not there. That it failed is another matter. */
function noProgram(name: string): RegExp {
  const program = `(?:[\\w-]+-)?${name}`
  return new RegExp(
    `(?:command|unable to execute) '${program}'(?: failed)?: No such file|No such file or directory: '${program}'|\\b${program}: (?:command )?not found`,
  )
}

/** Debian packages by what a build says where they are missing. */
const MISSING: readonly (readonly [said: RegExp, packages: readonly string[]])[] = [
  [/pg_config executable not found|libpq-fe\.h: No such file/, ["libpq-dev", "gcc", "libc6-dev"]],
  [
    /mysql_config not found|Can not find valid pkg-config name/,
    ["default-libmysqlclient-dev", "pkgconf", "gcc", "libc6-dev"],
  ],
  [noProgram("(?:gcc|cc)"), ["gcc", "libc6-dev"]],
  [noProgram("[gc]\\+\\+"), ["g++", "libc6-dev"]],
  [/ffi\.h: No such file/, ["libffi-dev"]],
  [/openssl\/\w+\.h: No such file/, ["libssl-dev"]],
  [/libxml\/\w+\.h: No such file|xmlversion\.h|libxslt development packages/, ["libxml2-dev", "libxslt1-dev"]],
  [/lber\.h: No such file|ldap\.h: No such file/, ["libldap2-dev", "libsasl2-dev"]],
  [/Python\.h: No such file/, ["python3-dev"]],
  [/Git executable not found|Cannot find command 'git'/, ["git"]],
  [/can't find Rust compiler|[Cc]argo(?:, the Rust package manager,)? (?:is not installed|not found)/, ["cargo"]],
]

const OTHER_PYTHON: readonly RegExp[] = [
  /incompatible with the project's Python requirement: `([^`]+)`/,
  /requires a different Python: \S+ not in '([^']+)'/,
  /Python version \([\d.]+\) does not satisfy Python\s*([<>=!~][^\s,]*)/,
  /requires-python (\S+) .*does not match|not compatible with the project's requires-python (\S+)/,
]

/**
 * What to do about an installation's output, where it is known; null: it is not.
 *
 * @param packages key of the Debian packages that are there while dependencies are installed
 */
export function adviceOn(output: string, packages: string): string | null {
  const advice: string[] = []
  const python = adviceOnPython(output)
  if (python !== null) advice.push(python)
  const missing = new Set(MISSING.flatMap(([said, names]) => (said.test(output) ? names : [])))
  if (missing.size > 0) advice.push(`Add Debian packages: \`${packages}: [${[...missing].join(", ")}]\`.`)
  const [, byUv, byPip] = /Failed to build `([^`]+)`|Failed building wheel for (\S+)/.exec(output) ?? []
  const built = byUv ?? byPip
  if (built !== undefined && python === null)
    advice.push(
      `${built} had to be built: it has no wheel for this Python. A newer version of it, or another Python in app.image, may have one.`,
    )
  return advice.length === 0 ? null : advice.join(" ")
}

/** The same, of a project that needs another Python. */
export function adviceOnPython(output: string): string | null {
  const range = OTHER_PYTHON.map((pattern) => pattern.exec(output)?.slice(1).find(Boolean)).find(Boolean)
  if (range === undefined) return null
  return `The project needs Python ${range}: set app.image to an image with it, such as ${exampleOf(range)}.`
}

function exampleOf(range: string): string {
  const [, minor = "12"] = /3\.(\d+)/.exec(range) ?? []
  return `python:3.${minor}-slim`
}
