import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  checkRows,
  describeFinding,
  imagePassed,
  madeBy,
  maskedConfig,
  pullSizeOf,
  shownPlatform,
  sizeOf,
  verdictLine
} from "./shared.core.image.inspect.mjs";
import {
  bar,
  block,
  code,
  details,
  icon,
  markup,
  newReport,
  nothing,
  page,
  pre,
  table,
  text,
  tile,
  verdict
} from "./shared.core.presentation.html-markup.mjs";
import {
  clip
} from "./shared.core.presentation.columns.mjs";
import {
  bytes,
  count,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/document.ts
function imageDocument(result) {
  const { app, source, tollgateVersion, recipe, stamp, rules, inspected, started, reproducible, problems } = result;
  const document = {
    format: 2,
    tollgate: tollgateVersion,
    verdict: imagePassed(result) ? "passed" : "failed",
    app,
    source,
    digest: inspected.digest,
    builtBy: recipe.kind === "dockerfile" ? recipe.path : "tollgate",
    stamp,
    problems: problems.map(({ code: code2, message, next, details: details2 }) => ({ code: code2, message, next, details: details2 })),
    rules,
    platforms: inspected.images.map((image) => ({ ...image, config: maskedConfig(image.config) })),
    service: started,
    reproducible
  };
  return `${JSON.stringify(document, null, 2)}
`;
}
__name(imageDocument, "imageDocument");

// core/image/html.ts
function imageHtml(result) {
  const line = verdictLine(result);
  const { stamp, inspected, recipe } = result;
  const about = [
    ["app", markup`<code>${result.app}</code>`],
    ["source", markup`<code>${shortDigest(result.source)}</code>`],
    ["image", markup`<code>${inspected.digest}</code>`],
    ["built by", markup`${recipe.kind === "dockerfile" ? recipe.path : "Tollgate's own build"}`],
    ...stamp.revision === "" ? [] : [["revision", markup`<code>${stamp.revision}</code>`]]
  ];
  return page({
    title: `${line} \xB7 ${result.app}`,
    header: verdict({ line, passed: imagePassed(result), about }),
    main: markup`${figures(result)}${checks(result)}${why(result)}${inspected.images.map((image) => contents(image, inspected.images.length > 1))}${differences(result)}${noSecrets(result)}${printed(result)}`,
    footer: markup`Tollgate ${result.tollgateVersion} read every layer of this image and started it. All evidence is in image.json.`,
    style
  });
}
__name(imageHtml, "imageHtml");
var style = `
.layers .wide{width:26%}.layers td code{font-size:.82em}.layers tbody th{width:3rem}
.gone{color:var(--fail)}
`;
function figures(result) {
  const image = shownPlatform(result);
  const { started, rules, problems } = result;
  const healthy = started.kind === "seen" ? started.seen.healthyAfter : null;
  return markup`<dl class="figures">
${tile(
    "size",
    bytes(sizeOf(image)),
    problems.some(({ code: code2 }) => code2 === "too-large"),
    `at most ${bytes(rules.maxSize)} allowed`
  )}
${tile("download", bytes(pullSizeOf(image)), false)}${tile("layers", String(image.layers.length), false)}
${tile("files", String(image.layers.reduce((sum, layer) => sum + layer.files, 0)), false)}
${tile("healthy after", healthy === null ? "never" : `${healthy.toFixed(1)} s`, healthy === null, `at most ${rules.startTimeout} s allowed`)}</dl>`;
}
__name(figures, "figures");
function checks(result) {
  const [, ...rows] = checkRows(result);
  const mark = /* @__PURE__ */ __name((verdict2) => verdict2 === "failed" ? markup`<span class="chip failed">${icon("fail")}failed</span>` : verdict2 === "passed" || verdict2 === "yes" ? markup`<span class="chip passed">${icon("pass")}${verdict2}</span>` : markup`${verdict2}`, "mark");
  return markup`<section id="checks"><h2>Checks</h2><div class="card"><table>
<thead><tr><th scope="col">check</th><th scope="col">verdict</th><th scope="col">result</th></tr></thead>
<tbody>${rows.map(([name = "", verdict2 = "", seen = ""]) => markup`<tr><th scope="row">${name}</th><td>${mark(verdict2)}</td><td>${seen}</td></tr>`)}</tbody></table></div></section>`;
}
__name(checks, "checks");
function why({ problems }) {
  if (problems.length === 0) return nothing;
  return markup`<section id="why"><h2>Why it failed</h2>${problems.map(
    ({
      code: code2,
      message,
      next,
      details: details2
    }) => markup`<article class="card problem"><h3>${icon("fail")} <code class="code">${code2}</code></h3>
<p class="said">${message}</p><p class="note">${next}</p>${details2.length === 0 ? "" : markup`<pre tabindex="0">${clip(details2.join("\n"), 2e4)}</pre>`}</article>`
  )}</section>`;
}
__name(why, "why");
function contents(image, named) {
  const largest = Math.max(1, ...image.layers.map(({ size }) => size));
  const gone = /* @__PURE__ */ __name((at) => at === null ? nothing : markup` <span class="gone">deleted or replaced in layer ${at + 1}</span>`, "gone");
  return markup`<section><h2>Layers${named ? markup` <small>${image.platform}</small>` : ""}</h2><div class="card layers"><table>
<thead><tr><th scope="col">layer</th><th scope="col">made by</th><th scope="col"></th><th scope="col" class="number">size</th><th scope="col" class="number">download</th><th scope="col" class="number">files</th></tr></thead>
<tbody>${image.layers.map((layer, index) => markup`<tr><th scope="row">${index + 1}</th><td><code>${clip(madeBy(layer.origin), 400)}</code></td><td class="wide">${bar([{ kind: "plain", from: 0, width: layer.size / largest * 100 }], 8)}</td><td class="number">${bytes(layer.size)}</td><td class="number">${bytes(layer.compressed)}</td><td class="number">${layer.files}</td></tr>`)}</tbody></table></div></section>
<section><h2>Largest files</h2><div class="card"><table><thead><tr><th scope="col">file</th><th scope="col" class="number">size</th><th scope="col" class="number">layer</th></tr></thead>
<tbody>${image.biggest.map((file) => markup`<tr><td><code>/${file.path}</code>${gone(file.goneIn)}</td><td class="number">${bytes(file.size)}</td><td class="number">${file.layer + 1}</td></tr>`)}</tbody></table>
${image.wasted > 0 ? markup`<p class="note">${bytes(image.wasted)} are in files that a later layer deletes or replaces. They are downloaded nevertheless.</p>` : ""}</div></section>`;
}
__name(contents, "contents");
function differences({ reproducible }) {
  if (reproducible.kind === "times")
    return markup`<section id="reproducible"><h2>What differs in a second build</h2><div class="card"><p>Folders created by COPY have the time of the build. This engine has them in its cache; another engine would create them again, with another time. Set <code>image.timestamps: commit</code> to give all files the commit's time.</p><pre tabindex="0">${clip(reproducible.folders.join("\n"), 2e4)}</pre></div></section>`;
  if (reproducible.kind !== "no") return nothing;
  return markup`<section id="reproducible"><h2>What differs in a second build <small>${shortDigest(reproducible.digest)}</small></h2><div class="card"><pre tabindex="0">${clip(reproducible.differences.join("\n"), 2e4)}</pre></div></section>`;
}
__name(differences, "differences");
function noSecrets({ inspected, rules }) {
  const keys = [
    ...new Set(
      inspected.images.flatMap(
        ({ findings }) => findings.filter(({ kind }) => kind === "package-test-key").map(describeFinding)
      )
    )
  ];
  if (keys.length + rules.notSecret.length === 0) return nothing;
  return markup`<section id="no-secrets"><h2>Looks like a secret, and is allowed</h2><div class="card">
${rules.notSecret.length === 0 ? "" : markup`<p>Allowed by image.notSecret:</p><ul class="reasons">${rules.notSecret.map(({ path, variable, reason }) => markup`<li><code>${path ?? variable ?? ""}</code> ${reason}</li>`)}</ul>`}
${keys.length === 0 ? "" : block(`${count(keys.length, "key")} from the tests of published packages`, keys.join("\n"))}</div></section>`;
}
__name(noSecrets, "noSecrets");
function printed({ started }) {
  return started.kind === "seen" ? markup`<section id="output"><h2>Output of the service</h2><div class="card">${block("Its end", clip(started.seen.output, 2e4))}</div></section>` : nothing;
}
__name(printed, "printed");

// core/image/markdown.ts
function imageMarkdown(result) {
  const [titles = [], ...rows] = checkRows(result);
  const blocks = [
    `## ${imagePassed(result) ? "\u2705" : "\u274C"} ${text(verdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} \xB7 ${code(result.app)} \xB7 source ${code(shortDigest(result.source))} \xB7 image ${code(result.inspected.digest)}`,
    table(
      titles,
      ["left", "left", "left"],
      rows.map(([name = "", verdict2 = "", seen = ""]) => [
        name,
        verdict2 === "failed" ? "\u274C **failed**" : text(verdict2),
        text(seen)
      ])
    ),
    ...result.problems.flatMap(problemBlocks),
    layers(result)
  ];
  return `${blocks.join("\n\n")}
`;
}
__name(imageMarkdown, "imageMarkdown");
function problemBlocks({ code: name, message, next, details: details2 }) {
  return [
    `### ${code(name)}`,
    `${text(message)}. ${text(next)}`,
    ...details2.length === 0 ? [] : [pre(details2.join("\n"))]
  ];
}
__name(problemBlocks, "problemBlocks");
function layers(result) {
  const image = shownPlatform(result);
  const rows = image.layers.map((layer, index) => [
    `${index + 1}`,
    bytes(layer.size),
    `${layer.files}`,
    code(madeBy(layer.origin), 160)
  ]);
  return details(
    `${count(image.layers.length, "layer")}, ${bytes(sizeOf(image))}`,
    table(["layer", "size", "files", "made by"], ["right", "right", "right", "left"], rows)
  );
}
__name(layers, "layers");

// core/image/folder.ts
function imageReport(result) {
  const folder = newReport().withNewFile("image.json", imageDocument(result)).withNewFile("report.html", imageHtml(result)).withNewFile("summary.md", imageMarkdown(result));
  return result.started.kind === "seen" ? folder.withNewFile("service.log", result.started.seen.output) : folder;
}
__name(imageReport, "imageReport");

export {
  imageMarkdown,
  imageReport
};
