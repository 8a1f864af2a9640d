import { gateArguments, HEADER, type Stamped, stampArguments, type Wrapper } from "./wrapper.js"

export const SHELL_FILE = "ci/tollgate.sh"

const STAMPED: Stamped = { revision: '"$(git rev-parse HEAD)"', repository: ".", sourceUrl: '"$source_url"' }

/** The web page of Git's origin, as the command line reads it: of HTTPS, SSH and SSH's short form; empty for any other. */
const SOURCE_URL = String.raw`source_url=$(git remote get-url origin 2>/dev/null | sed -nE \
  -e 's,/$,,' -e 's,\.git$,,' \
  -e 's,^https?://([^@/]*@)?([^/]+)/(.+)$,https://\2/\3,p' \
  -e 's,^(ssh|git)://([^@/]*@)?([^/:]+)(:[0-9]+)?/(.+)$,https://\3/\5,p' \
  -e 's,^([^@/[:space:]]+@)?([[:alnum:]_.-]+):([^/].*)$,https://\2/\3,p')`

/** For any other CI: it needs the dagger CLI, Docker and git. */
export function shellScript(wrapper: Wrapper): string {
  const gates = gateArguments(wrapper)
    .map((argument) => ` ${argument}`)
    .join("")
  return `#!/bin/sh
# ${HEADER}
# usage: ci/tollgate.sh [REVISION TO COMPARE WITH]
set -eu
cd "$(git rev-parse --show-toplevel)"
tollgate=${wrapper.module}
${SOURCE_URL}
base=
if [ -n "\${1:-}" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  before=$(git merge-base "$1" HEAD)
  git clone --quiet --no-checkout . "$folder/base"
  git -C "$folder/base" checkout --quiet --detach "$before"
  base=--base=$folder/base
fi
dagger -m "$tollgate" call --source=. ci-report \${base:+"$base"} ${stampArguments(STAMPED)}${gates} export --path=tollgate-report/ci
dagger -m "$tollgate" call --source=. ci-verdict --report=tollgate-report/ci
`
}
