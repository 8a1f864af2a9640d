import { bar, block, icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { page, tile, verdict } from "../presentation/html-page.js"
import { clip } from "../presentation/plain-text.js"
import { bytes, count, shortDigest } from "../shared/figures.js"
import type { PlatformImage } from "./inspected.js"
import { madeBy, pullSizeOf, sizeOf } from "./judge-content.js"
import { describeFinding } from "./judge-secrets.js"
import { type ImageResult, imagePassed, shownPlatform } from "./result.js"
import { checkRows, verdictLine } from "./screen.js"

/** report.html: one file, without network requests. */
export function imageHtml(result: ImageResult): string {
  const line = verdictLine(result)
  const { stamp, inspected, recipe } = result
  const about: [string, Markup][] = [
    ["app", markup`<code>${result.app}</code>`],
    ["source", markup`<code>${shortDigest(result.source)}</code>`],
    ["image", markup`<code>${inspected.digest}</code>`],
    ["built by", markup`${recipe.kind === "dockerfile" ? recipe.path : "Tollgate's own build"}`],
    ...(stamp.revision === "" ? [] : [["revision", markup`<code>${stamp.revision}</code>`] satisfies [string, Markup]]),
  ]
  return page({
    title: `${line} · ${result.app}`,
    header: verdict({ line, passed: imagePassed(result), about }),
    main: markup`${figures(result)}${checks(result)}${why(result)}${inspected.images.map((image) => contents(image, inspected.images.length > 1))}${differences(result)}${noSecrets(result)}${printed(result)}`,
    footer: markup`Tollgate ${result.tollgateVersion} read every layer of this image and started it. All evidence is in image.json.`,
    style,
  })
}

const style = `
.layers .wide{width:26%}.layers td code{font-size:.82em}.layers tbody th{width:3rem}
.gone{color:var(--fail)}
`

function figures(result: ImageResult): Markup {
  const image = shownPlatform(result)
  const { started, rules, problems } = result
  const healthy = started.kind === "seen" ? started.seen.healthyAfter : null
  return markup`<dl class="figures">
${tile(
  "size",
  bytes(sizeOf(image)),
  problems.some(({ code }) => code === "too-large"),
  `at most ${bytes(rules.maxSize)} allowed`,
)}
${tile("download", bytes(pullSizeOf(image)), false)}${tile("layers", String(image.layers.length), false)}
${tile("files", String(image.layers.reduce((sum, layer) => sum + layer.files, 0)), false)}
${tile("healthy after", healthy === null ? "never" : `${healthy.toFixed(1)} s`, healthy === null, `at most ${rules.startTimeout} s allowed`)}</dl>`
}

function checks(result: ImageResult): Markup {
  const [, ...rows] = checkRows(result)
  const mark = (verdict: string) =>
    verdict === "failed"
      ? markup`<span class="chip failed">${icon("fail")}failed</span>`
      : verdict === "passed" || verdict === "yes"
        ? markup`<span class="chip passed">${icon("pass")}${verdict}</span>`
        : markup`${verdict}`
  return markup`<section id="checks"><h2>Checks</h2><div class="card"><table>
<thead><tr><th scope="col">check</th><th scope="col">verdict</th><th scope="col">result</th></tr></thead>
<tbody>${rows.map(([name = "", verdict = "", seen = ""]) => markup`<tr><th scope="row">${name}</th><td>${mark(verdict)}</td><td>${seen}</td></tr>`)}</tbody></table></div></section>`
}

function why({ problems }: ImageResult): Markup {
  if (problems.length === 0) return nothing
  return markup`<section id="why"><h2>Why it failed</h2>${problems.map(
    ({
      code,
      message,
      next,
      details,
    }) => markup`<article class="card problem"><h3>${icon("fail")} <code class="code">${code}</code></h3>
<p class="said">${message}</p><p class="note">${next}</p>${details.length === 0 ? "" : markup`<pre tabindex="0">${clip(details.join("\n"), 20_000)}</pre>`}</article>`,
  )}</section>`
}

function contents(image: PlatformImage, named: boolean): Markup {
  const largest = Math.max(1, ...image.layers.map(({ size }) => size))
  const gone = (at: number | null) =>
    at === null ? nothing : markup` <span class="gone">deleted or replaced in layer ${at + 1}</span>`
  return markup`<section><h2>Layers${named ? markup` <small>${image.platform}</small>` : ""}</h2><div class="card layers"><table>
<thead><tr><th scope="col">layer</th><th scope="col">made by</th><th scope="col"></th><th scope="col" class="number">size</th><th scope="col" class="number">download</th><th scope="col" class="number">files</th></tr></thead>
<tbody>${image.layers.map((layer, index) => markup`<tr><th scope="row">${index + 1}</th><td><code>${clip(madeBy(layer.origin), 400)}</code></td><td class="wide">${bar([{ kind: "plain", from: 0, width: (layer.size / largest) * 100 }], 8)}</td><td class="number">${bytes(layer.size)}</td><td class="number">${bytes(layer.compressed)}</td><td class="number">${layer.files}</td></tr>`)}</tbody></table></div></section>
<section><h2>Largest files</h2><div class="card"><table><thead><tr><th scope="col">file</th><th scope="col" class="number">size</th><th scope="col" class="number">layer</th></tr></thead>
<tbody>${image.biggest.map((file) => markup`<tr><td><code>/${file.path}</code>${gone(file.goneIn)}</td><td class="number">${bytes(file.size)}</td><td class="number">${file.layer + 1}</td></tr>`)}</tbody></table>
${image.wasted > 0 ? markup`<p class="note">${bytes(image.wasted)} are in files that a later layer deletes or replaces. They are downloaded nevertheless.</p>` : ""}</div></section>`
}

function differences({ reproducible }: ImageResult): Markup {
  if (reproducible.kind === "times")
    return markup`<section id="reproducible"><h2>What differs in a second build</h2><div class="card"><p>Folders created by COPY have the time of the build. This engine has them in its cache; another engine would create them again, with another time. Set <code>image.timestamps: commit</code> to give all files the commit's time.</p><pre tabindex="0">${clip(reproducible.folders.join("\n"), 20_000)}</pre></div></section>`
  if (reproducible.kind !== "no") return nothing
  return markup`<section id="reproducible"><h2>What differs in a second build <small>${shortDigest(reproducible.digest)}</small></h2><div class="card"><pre tabindex="0">${clip(reproducible.differences.join("\n"), 20_000)}</pre></div></section>`
}

/** What looks like a secret but does not fail the gate, for a reader to check. */
function noSecrets({ inspected, rules }: ImageResult): Markup {
  const keys = [
    ...new Set(
      inspected.images.flatMap(({ findings }) =>
        findings.filter(({ kind }) => kind === "package-test-key").map(describeFinding),
      ),
    ),
  ]
  if (keys.length + rules.notSecret.length === 0) return nothing
  return markup`<section id="no-secrets"><h2>Looks like a secret, and is allowed</h2><div class="card">
${rules.notSecret.length === 0 ? "" : markup`<p>Allowed by image.notSecret:</p><ul class="reasons">${rules.notSecret.map(({ path, variable, reason }) => markup`<li><code>${path ?? variable ?? ""}</code> ${reason}</li>`)}</ul>`}
${keys.length === 0 ? "" : block(`${count(keys.length, "key")} from the tests of published packages`, keys.join("\n"))}</div></section>`
}

function printed({ started }: ImageResult): Markup {
  return started.kind === "seen"
    ? markup`<section id="output"><h2>Output of the service</h2><div class="card">${block("Its end", clip(started.seen.output, 20_000))}</div></section>`
    : nothing
}
