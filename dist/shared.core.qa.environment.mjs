import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  APP,
  installing,
  pulled,
  pythonApp,
  shell,
  withPackages
} from "./shared.core.app.installation-advice.mjs";
import {
  withPipCache,
  withoutPipCache
} from "./shared.core.app.python.caches.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/qa/environment.ts
import { readFile } from "node:fs/promises";
import { dag } from "../sdk/index.ts";
var TOOLS = "/opt/tollgate";
var PYTEST = "pytest==8.4.2";
var COVERAGE = [`'coverage==7.17.3; python_version >= "3.10"'`, `'coverage==7.10.7; python_version < "3.10"'`].join(
  " "
);
var PYTHON_FILES = [
  "tollgate_suite.py",
  "tollgate_fold.py",
  "tollgate_evidence.py",
  "tollgate_canary.py",
  "tollgate_collected.py",
  "tollgate_collector.py",
  "tollgate_names.py",
  "tollgate_problem.py",
  "tollgate_process.py",
  "tollgate_ran.py",
  "tollgate_record.py",
  "tollgate_seal.py",
  "tollgate_watch.py",
  "tollgate_redact.py",
  "tollgate_startup.py",
  "tollgate_unhandled.py"
];
async function appEnvironment(app, qa, source) {
  return (await installedApp(app, qa, source)).container;
}
__name(appEnvironment, "appEnvironment");
async function installedApp(app, qa, source, secrets = /* @__PURE__ */ new Map()) {
  let base = (await pulled(app.image, dag.container().from(app.image))).withWorkdir(APP);
  if (app.packages.length > 0) base = withPackages(base, app.packages);
  base = withPipCache(
    base.withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1").withEnvVariable("PIP_ROOT_USER_ACTION", "ignore"),
    "test"
  );
  const python = await pythonApp({
    place: "app.dependencies",
    settings: app.dependencies,
    purpose: "test",
    base,
    program: qa.interpreter,
    image: app.image,
    source,
    secrets
  });
  let container = python.dependencies(base);
  if (qa.coverage !== null)
    container = python.ensure(
      container,
      `${qa.interpreter} -c 'import coverage, sys; sys.exit(coverage.version_info < (6, 4))' 2>/dev/null`,
      COVERAGE
    );
  if (qa.runner === null && Object.values(qa.suites).some(({ command }) => command === null))
    container = python.ensure(container, `${qa.interpreter} -c 'import pytest' 2>/dev/null`, `'${PYTEST}'`);
  for (const command of app.setup) container = shell(container, command);
  const settings = { all: "app.packages, app.dependencies or app.setup", packages: "app.packages" };
  const ready = await installing(settings, await withTools(container, qa.interpreter));
  return {
    // code under test gets no cache, not even the tests' own
    container: withoutPipCache(await installing(settings, python.project(ready.withDirectory(APP, source)))),
    described: python.described
  };
}
__name(installedApp, "installedApp");
async function withTools(container, interpreter) {
  const contents = await Promise.all(
    PYTHON_FILES.map((name) => readFile(new URL(`python/${name}`, new URL("../core/qa/environment.ts", import.meta.url).href), "utf8"))
  );
  let tools = dag.directory().withNewFile("__pycache__", "");
  for (const [index, name] of PYTHON_FILES.entries()) tools = tools.withNewFile(name, contents[index] ?? "");
  const startup = [
    "import pathlib, sysconfig",
    `pathlib.Path(sysconfig.get_path("purelib"), "zz_tollgate.pth").write_text("${TOOLS}\\nimport tollgate_startup\\n")`
  ].join("; ");
  return container.withDirectory(TOOLS, tools).withExec([interpreter, "-c", startup]);
}
__name(withTools, "withTools");

export {
  TOOLS,
  appEnvironment,
  installedApp
};
