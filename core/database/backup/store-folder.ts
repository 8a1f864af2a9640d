import type { Container } from "@dagger.io/dagger"
import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"
import type { Ran } from "../../shared/run-program.js"
import { damaged, differs } from "./backup-problem.js"
import { runScript } from "./programs.js"
import { contentsOf, descriptionName } from "./store-contents.js"
import type { Store, Workplace } from "./store-places.js"

/** A volume of the engine. Files are renamed into their place when they are whole, so that what a killed pipeline leaves is told from them. */
export function folderStore(programs: Container, described: string, place: Workplace): Store {
  const { folder } = place
  const run = (variables: Record<string, string>, script: string, nonce: string): Promise<Ran> => {
    const container = Object.entries(variables).reduce(
      (with_, [name, text]) => with_.withEnvVariable(name, text),
      place.attach(programs),
    )
    return runScript(container, `umask 077; mkdir -p ${folder}; cd ${folder}\n${script}`, nonce)
  }
  return {
    described,
    work: { folder: `${folder}/.work`, attach: (container) => place.attach(container) },
    contents: async (nonce) => {
      const { out } = worked("list", await run({}, LIST, nonce))
      const files = out.split("\0").flatMap((record) => {
        const [, name, bytes, text] = /^([^\n]*)\n(\d+)\n(.*)$/s.exec(record) ?? []
        return name === undefined ? [] : [{ name, bytes: Number(bytes), text: text ?? "" }]
      })
      return contentsOf(
        files,
        files.filter(({ name }) => name.endsWith(".json")),
      )
    },
    digests: async (names, nonce) => {
      const { out } = worked("read", await run({ NAMES: names.join("\n") }, DIGESTS, nonce))
      const found = out.split("\n")
      return names.map(
        (_, index) =>
          z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .safeParse(found[index]).data ?? null,
      )
    },
    put: async (path, file, nonce) => {
      const description = JSON.stringify(file)
      const ran = await run(
        {
          FROM: path,
          FILE: file.file,
          SHA256: file.sha256,
          DESCRIPTION: description,
          DESCRIBED: descriptionName(file),
        },
        PUT,
        nonce,
      )
      if (ran.code === DIFFERENT) throw differs(file, described)
      worked("write", ran)
    },
    bring: async (file, nonce) => {
      const ran = await run({ FILE: file.file, SHA256: file.sha256 }, BRING, nonce)
      if (ran.code === DIFFERENT) throw damaged(file, described)
      worked("read", ran)
      return `${folder}/${file.file}`
    },
    remove: async (names, nonce) => {
      const { out } = worked(
        "remove",
        await run(
          { NAMES: names.join("\n") },
          'while IFS= read -r name; do rm -f -- "$name" || echo "$name"; done <<<"$NAMES"',
          nonce,
        ),
      )
      return out.split("\n").filter((name) => name !== "")
    },
  }
}

/** Exit code of a script that read other bytes than it should have. */
const DIFFERENT = 90
const SAME = `same() { [ -f "$FILE" ] && [ "$(sha256sum < "$FILE" | cut -d' ' -f1)" = "$SHA256" ]; }`

/** Name, size and, of a description, its text; NUL between files. */
const LIST = `shopt -s nullglob
for name in *; do
  [ -f "$name" ] || continue
  printf '%s\\n%s\\n' "$name" "$(stat -c %s -- "$name")"
  if [[ $name == *.json ]]; then tr -d '\\0' < "$name"; fi
  printf '\\0'
done`

const DIGESTS = `while IFS= read -r name; do if [ -f "$name" ]; then sha256sum < "$name" | cut -d' ' -f1; else echo; fi; done <<<"$NAMES"`

const PUT = `${SAME}
mv "$FROM" "$FILE.part"; sync "$FILE.part"; mv "$FILE.part" "$FILE"
same || { rm -f "$FILE"; exit ${DIFFERENT}; }
printf '%s' "$DESCRIPTION" > "$DESCRIBED.part"; sync "$DESCRIBED.part"; mv "$DESCRIBED.part" "$DESCRIBED"`

const BRING = `${SAME}
same || exit ${DIFFERENT}`

function worked(what: string, ran: Ran): Ran {
  if (ran.code === 0) return ran
  throw new TollgateError(
    "backup-store",
    `Could not ${what} the backups: ${ran.err.trim()}`,
    "They are on a volume of the engine: check its disk, and run the same command again.",
  )
}
