import { randomUUID } from "node:crypto"
import { type Container, dag } from "@dagger.io/dagger"
import type { Journal } from "./ledger.js"

const FOLDER = "/journal"

/**
 * A journal on a cache volume, for the module, whose own file system is gone after the call.
 *
 * @param id of the ledger: journalId
 */
export function volumeJournal(id: string): Journal {
  const shell = (script: string, stdin = ""): Container =>
    dag
      .container()
      .from("debian:bookworm-slim")
      .withMountedCache(FOLDER, dag.cacheVolume(`tollgate-journal-${id}`))
      .withWorkdir(FOLDER)
      .withEnvVariable("TOLLGATE_NONCE", randomUUID())
      .withExec(["sh", "-eu", "-c", script], { stdin })
  return {
    append: async (line) => {
      await shell("cat >> events.jsonl; sync events.jsonl", `\n${line}\n`).sync()
    },
    take: async () => {
      const mine = `taken-${randomUUID()}.jsonl`
      const text = await shell(
        `if [ -e events.jsonl ]; then mv events.jsonl ${mine}; fi; for file in taken-*.jsonl; do if [ -e "$file" ]; then echo "@@$file"; cat "$file"; fi; done`,
      ).stdout()
      const lines = text.split("\n").filter((line) => line !== "")
      const files = lines.flatMap((line) => /^@@(taken-[0-9a-f-]+\.jsonl)$/.exec(line)?.[1] ?? [])
      return {
        lines: lines.filter((line) => !line.startsWith("@@")),
        done: async () => {
          if (files.length > 0) await shell(`rm -f ${files.join(" ")}`).sync()
        },
      }
    },
  }
}
