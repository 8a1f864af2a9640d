import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/ledger/journal-volume.ts
import { randomUUID } from "node:crypto";
import { dag } from "../sdk/index.ts";
var FOLDER = "/journal";
function volumeJournal(id) {
  const shell = /* @__PURE__ */ __name((script, stdin = "") => dag.container().from("debian:bookworm-slim").withMountedCache(FOLDER, dag.cacheVolume(`tollgate-journal-${id}`)).withWorkdir(FOLDER).withEnvVariable("TOLLGATE_NONCE", randomUUID()).withExec(["sh", "-eu", "-c", script], { stdin }), "shell");
  return {
    append: /* @__PURE__ */ __name(async (line) => {
      await shell("cat >> events.jsonl; sync events.jsonl", `
${line}
`).sync();
    }, "append"),
    take: /* @__PURE__ */ __name(async () => {
      const mine = `taken-${randomUUID()}.jsonl`;
      const text = await shell(
        `if [ -e events.jsonl ]; then mv events.jsonl ${mine}; fi; for file in taken-*.jsonl; do if [ -e "$file" ]; then echo "@@$file"; cat "$file"; fi; done`
      ).stdout();
      const lines = text.split("\n").filter((line) => line !== "");
      const files = lines.flatMap((line) => /^@@(taken-[0-9a-f-]+\.jsonl)$/.exec(line)?.[1] ?? []);
      return {
        lines: lines.filter((line) => !line.startsWith("@@")),
        done: /* @__PURE__ */ __name(async () => {
          if (files.length > 0) await shell(`rm -f ${files.join(" ")}`).sync();
        }, "done")
      };
    }, "take")
  };
}
__name(volumeJournal, "volumeJournal");

// core/targets/sandbox/reach.ts
var reachInEngine = /* @__PURE__ */ __name(async (service, port) => {
  const started = await service.start();
  return addressOf(await started.endpoint({ port }));
}, "reachInEngine");
function addressOf(endpoint) {
  const at = endpoint.lastIndexOf(":");
  return { host: endpoint.slice(0, at), port: Number(endpoint.slice(at + 1)) };
}
__name(addressOf, "addressOf");

// core/module/entry-point.ts
var moduleEntryPoint = {
  kind: "module",
  running: /* @__PURE__ */ __name(() => Promise.resolve(null), "running"),
  reach: reachInEngine,
  journal: volumeJournal
};

export {
  moduleEntryPoint
};
