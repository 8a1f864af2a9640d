import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  lastCause
} from "./shared.core.shared.engine-cause.mjs";
import {
  USUAL_FILE,
  repositoryOf
} from "./shared.core.config.app.mjs";
import {
  asExecError,
  withUvCache
} from "./shared.core.app.python.caches.mjs";
import {
  quote
} from "./shared.core.shared.shell-words.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/quoted-tail.ts
function quotedTail(text, most) {
  return text.trim().split("\n").slice(-most).map((line) => `  | ${line}`);
}
__name(quotedTail, "quotedTail");

// core/shared/complaint.ts
function complaint(output) {
  const line = tellingLine(output) ?? printedLines(output).at(-1);
  return line === void 0 ? null : line.replace(/^E\s{2,}/, "");
}
__name(complaint, "complaint");
function tellingLine(output) {
  const telling = /^(ERROR\b|error\b|E\s{2,}|[\w.]*(Error|Exception|Exit)\b:)|: error: |can't open file|No module named/;
  return printedLines(output).findLast((line) => telling.test(line));
}
__name(tellingLine, "tellingLine");
function printedLines(output) {
  return output.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !/^[=!-]{3,}/.test(line));
}
__name(printedLines, "printedLines");

// core/app/installation-advice.ts
function noProgram(name) {
  const program = `(?:[\\w-]+-)?${name}`;
  return new RegExp(
    `(?:command|unable to execute) '${program}'(?: failed)?: No such file|No such file or directory: '${program}'|\\b${program}: (?:command )?not found`
  );
}
__name(noProgram, "noProgram");
var MISSING = [
  [/pg_config executable not found|libpq-fe\.h: No such file/, ["libpq-dev", "gcc", "libc6-dev"]],
  [
    /mysql_config not found|Can not find valid pkg-config name/,
    ["default-libmysqlclient-dev", "pkgconf", "gcc", "libc6-dev"]
  ],
  [noProgram("(?:gcc|cc)"), ["gcc", "libc6-dev"]],
  [noProgram("[gc]\\+\\+"), ["g++", "libc6-dev"]],
  [/ffi\.h: No such file/, ["libffi-dev"]],
  [/openssl\/\w+\.h: No such file/, ["libssl-dev"]],
  [/libxml\/\w+\.h: No such file|xmlversion\.h|libxslt development packages/, ["libxml2-dev", "libxslt1-dev"]],
  [/lber\.h: No such file|ldap\.h: No such file/, ["libldap2-dev", "libsasl2-dev"]],
  [/Python\.h: No such file/, ["python3-dev"]],
  [/Git executable not found|Cannot find command 'git'/, ["git"]],
  [/can't find Rust compiler|[Cc]argo(?:, the Rust package manager,)? (?:is not installed|not found)/, ["cargo"]]
];
var OTHER_PYTHON = [
  /incompatible with the project's Python requirement: `([^`]+)`/,
  /requires a different Python: \S+ not in '([^']+)'/,
  /Python version \([\d.]+\) does not satisfy Python\s*([<>=!~][^\s,]*)/,
  /requires-python (\S+) .*does not match|not compatible with the project's requires-python (\S+)/
];
function adviceOn(output, packages) {
  const advice = [];
  const python = adviceOnPython(output);
  if (python !== null) advice.push(python);
  const missing = new Set(MISSING.flatMap(([said, names]) => said.test(output) ? names : []));
  if (missing.size > 0) advice.push(`Add Debian packages: \`${packages}: [${[...missing].join(", ")}]\`.`);
  const [, byUv, byPip] = /Failed to build `([^`]+)`|Failed building wheel for (\S+)/.exec(output) ?? [];
  const built = byUv ?? byPip;
  if (built !== void 0 && python === null)
    advice.push(
      `${built} had to be built: it has no wheel for this Python. A newer version of it, or another Python in app.image, may have one.`
    );
  return advice.length === 0 ? null : advice.join(" ");
}
__name(adviceOn, "adviceOn");
function adviceOnPython(output) {
  const range = OTHER_PYTHON.map((pattern) => pattern.exec(output)?.slice(1).find(Boolean)).find(Boolean);
  if (range === void 0) return null;
  return `The project needs Python ${range}: set app.image to an image with it, such as ${exampleOf(range)}.`;
}
__name(adviceOnPython, "adviceOnPython");
function exampleOf(range) {
  const [, minor = "12"] = /3\.(\d+)/.exec(range) ?? [];
  return `python:3.${minor}-slim`;
}
__name(exampleOf, "exampleOf");

// core/app/steps.ts
var APP = "/app";
async function installing(settings, container) {
  try {
    return await container.sync();
  } catch (error) {
    const failed = asExecError(error);
    throw failed === null ? error : installationError(settings, failed);
  }
}
__name(installing, "installing");
function shell(container, command) {
  return container.withExec(["sh", "-c", command]);
}
__name(shell, "shell");
function withPackages(container, packages) {
  const install = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} && rm -rf /var/lib/apt/lists/*`;
  return shell(container.withEnvVariable("DEBIAN_FRONTEND", "noninteractive"), install).withoutEnvVariable(
    "DEBIAN_FRONTEND"
  );
}
__name(withPackages, "withPackages");
async function pulled(image, container) {
  try {
    return await container.sync();
  } catch (error) {
    if (asExecError(error) !== null || !(error instanceof Error)) throw error;
    throw new TollgateError(
      "image-unavailable",
      `Could not pull ${image} (app.image): ${lastCause(error.message)}`,
      "Correct app.image of tollgate.yaml, or make sure that the engine reaches the image's registry and may read from it."
    );
  }
}
__name(pulled, "pulled");
function installationError({ all, packages }, error) {
  const command = error.cmd.at(-1) ?? "";
  const output = `${error.stdout}
${error.stderr}`;
  const said = complaint(output);
  const tail = quotedTail(output, 12);
  const advice = adviceOn(output, packages);
  return new TollgateError(
    "installation-failed",
    [
      `The app's dependencies could not be installed: \`${command}\` ended with ${error.exitCode}.`,
      ...said ? [said] : [],
      "",
      ...tail
    ].join("\n"),
    advice === null ? `Nothing ran. Correct ${all} in tollgate.yaml, or the files that they name.` : `Nothing ran. ${advice}`
  );
}
__name(installationError, "installationError");

// core/app/python/layout.ts
import { posix } from "node:path";
var MANIFEST_NAMES = [
  "pyproject.toml",
  "uv.lock",
  "uv.toml",
  "poetry.lock",
  "poetry.toml",
  "pdm.lock",
  "pdm.toml",
  "Pipfile",
  "Pipfile.lock",
  "setup.py",
  "setup.cfg"
];
var REQUIREMENTS_NAME = /^(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|requirements\/[\w.-]+\.(?:txt|in))$/;
function inFolder(folder, name) {
  return posix.join(folder, name);
}
__name(inFolder, "inFolder");
function textOf({ texts }, folder, name) {
  return texts.get(inFolder(folder, name)) ?? null;
}
__name(textOf, "textOf");
function foldersUpwards(app) {
  return app === "." ? ["."] : [app, ...foldersUpwards(posix.dirname(app))];
}
__name(foldersUpwards, "foldersUpwards");
function requirementsIn({ texts }, folder) {
  const prefix = folder === "." ? "" : `${folder}/`;
  return [...texts.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)).filter((name) => REQUIREMENTS_NAME.test(name)).sort();
}
__name(requirementsIn, "requirementsIn");

// node_modules/smol-toml/dist/error.js
function getLineColFromPtr(string, ptr) {
  let lines2 = string.slice(0, ptr).split(/\r?\n/);
  return [lines2.length, lines2.pop().length + 1];
}
__name(getLineColFromPtr, "getLineColFromPtr");
function makeCodeBlock(string, line, column) {
  let lines2 = string.split(/\r?\n/);
  let codeblock = "";
  let numberLen = (Math.log10(line + 1) | 0) + 1;
  for (let i = line - 1; i <= line + 1; i++) {
    let l = lines2[i - 1];
    if (!l)
      continue;
    codeblock += i.toString().padEnd(numberLen, " ");
    codeblock += ":  ";
    codeblock += l;
    codeblock += "\n";
    if (i === line) {
      codeblock += " ".repeat(numberLen + column + 2);
      codeblock += "^\n";
    }
  }
  return codeblock;
}
__name(makeCodeBlock, "makeCodeBlock");
var TomlError = class _TomlError extends Error {
  static {
    __name(this, "TomlError");
  }
  line;
  column;
  codeblock;
  constructor(message, options) {
    const [line, column] = getLineColFromPtr(options.toml, options.ptr);
    const codeblock = makeCodeBlock(options.toml, line, column);
    super(`Invalid TOML document: ${message}

${codeblock}`, options);
    this.line = line;
    this.column = column;
    this.codeblock = codeblock;
  }
  /** @internal */
  static x(message, ctx, ptr) {
    throw new _TomlError(message, { toml: ctx.s, ptr: ptr ?? ctx.p });
  }
};

// node_modules/smol-toml/dist/primitive.js
function parseString(ctx) {
  let startPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p++);
  let first = c;
  let isLiteral = c === 39;
  let isMultiline = c === ctx.s.charCodeAt(ctx.p) && c === ctx.s.charCodeAt(ctx.p + 1);
  if (isMultiline) {
    if ((c = ctx.s.charCodeAt(ctx.p += 2)) === 10)
      ctx.p++;
    else if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)
      ctx.p += 2;
  }
  let parsed = "";
  let sliceStart = ctx.p;
  let state = 0;
  for (; ctx.p < ctx.s.length; ctx.p++) {
    c = ctx.s.charCodeAt(ctx.p);
    if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) {
      state = state && 3;
    } else if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in strings", ctx);
    } else if ((!state || state === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
      if (isMultiline) {
        if (ctx.s.charCodeAt(ctx.p + 3) === first)
          ctx.p++;
        if (ctx.s.charCodeAt(ctx.p + 3) === first)
          ctx.p++;
      }
      if (!state) {
        let s = ctx.s.slice(sliceStart, ctx.p);
        parsed = parsed ? parsed + s : s;
      }
      ctx.p += isMultiline ? 3 : 1;
      return parsed;
    } else if (!state) {
      if (!isLiteral && c === 92) {
        parsed += ctx.s.slice(sliceStart, sliceStart = ctx.p);
        state = 1;
      }
    } else if (state === 1) {
      if (c === 120 || c === 117 || c === 85) {
        let errPtr = ctx.p++ - 1;
        let value = 0;
        let len = c === 120 ? 2 : c === 117 ? 4 : 8;
        for (let j = 0; j < len; j++, ctx.p++) {
          let hex = ctx.s.charCodeAt(ctx.p);
          let digit = (
            /* 0-9 */
            hex >= 48 && hex <= 57 ? hex - 48 : (
              /* A-F */
              hex >= 65 && hex <= 70 ? hex - 65 + 10 : (
                /* a-f */
                hex >= 97 && hex <= 102 ? hex - 97 + 10 : -1
              )
            )
          );
          if (digit < 0)
            TomlError.x("invalid non-hex character in unicode escape", ctx);
          value = value << 4 | digit;
        }
        if (value < 0 || value > 1114111 || value >= 55296 && value <= 57343) {
          TomlError.x("invalid unicode escape", ctx, errPtr);
        }
        parsed += String.fromCodePoint(value);
        sliceStart = ctx.p--;
        state = 0;
      } else if (isMultiline && (c === 32 || c === 9)) {
        state = 2;
      } else {
        if (c === 98)
          parsed += "\b";
        else if (c === 116)
          parsed += "	";
        else if (c === 110)
          parsed += "\n";
        else if (c === 102)
          parsed += "\f";
        else if (c === 114)
          parsed += "\r";
        else if (c === 101)
          parsed += "\x1B";
        else if (c === 34)
          parsed += '"';
        else if (c === 92)
          parsed += "\\";
        else
          TomlError.x("unrecognised escape sequence", ctx);
        sliceStart = ctx.p + 1;
        state = 0;
      }
    } else if (c !== 32 && c !== 9) {
      if (state === 2)
        TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
      state = !isLiteral && c === 92 ? 1 : 0;
      sliceStart = ctx.p;
    }
  }
  TomlError.x("unfinished string", ctx, startPtr);
}
__name(parseString, "parseString");

// node_modules/smol-toml/dist/date.js
var DATE_TIME_RE = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var TomlDate = class _TomlDate extends Date {
  static {
    __name(this, "TomlDate");
  }
  #hasDate = false;
  #hasTime = false;
  #offset = null;
  constructor(date, fasttype, unsafeDelim) {
    let hasDate = true;
    let hasTime = true;
    let offset = "Z";
    let c;
    if (typeof date === "string") {
      if (fasttype)
        prep: {
          if (fasttype < 3) {
            if (+date.slice(11, 13) > 23) {
              date = "";
              break prep;
            }
            if (fasttype === 2) {
              offset = null;
              date += "Z";
            } else if ((c = date.charCodeAt(date.length - 1)) !== 90 && c !== 122) {
              offset = date.slice(date.length - 6);
            }
            if (unsafeDelim)
              date = date.slice(0, 10) + "T" + date.slice(11);
          } else if (fasttype === 4) {
            date = +date.slice(0, 2) > 23 ? "" : `0000-01-01T${date}Z`;
          }
          hasDate = fasttype !== 4;
          hasTime = fasttype !== 3;
        }
      else {
        let match = date.match(DATE_TIME_RE);
        if (match) {
          if (!match[1]) {
            hasDate = false;
            date = `0000-01-01T${date}`;
          }
          hasTime = !!match[2];
          hasTime && date[10] === " " && (date = date.replace(" ", "T"));
          if (match[2] && +match[2] > 23) {
            date = "";
          } else {
            offset = match[3] || null;
            if (!offset && hasTime)
              date += "Z";
          }
        } else {
          date = "";
        }
      }
    }
    super(date);
    if (!isNaN(this.getTime())) {
      this.#hasDate = hasDate;
      this.#hasTime = hasTime;
      this.#offset = offset;
    }
  }
  isDateTime() {
    return this.#hasDate && this.#hasTime;
  }
  isLocal() {
    return !this.#hasDate || !this.#hasTime || !this.#offset;
  }
  isDate() {
    return this.#hasDate && !this.#hasTime;
  }
  isTime() {
    return this.#hasTime && !this.#hasDate;
  }
  isValid() {
    return this.#hasDate || this.#hasTime;
  }
  toISOString() {
    let iso = super.toISOString();
    if (this.isDate())
      return iso.slice(0, 10);
    if (this.isTime())
      return iso.slice(11, 23);
    if (this.#offset === null)
      return iso.slice(0, -1);
    if (this.#offset === "Z" || this.#offset === "z")
      return iso;
    let offset = +this.#offset.slice(1, 3) * 60 + +this.#offset.slice(4, 6);
    offset = this.#offset[0] === "-" ? offset : -offset;
    let offsetDate = new Date(this.getTime() - offset * 6e4);
    return offsetDate.toISOString().slice(0, -1) + this.#offset;
  }
  static wrapAsOffsetDateTime(jsDate, offset = "Z") {
    let date = new _TomlDate(jsDate);
    date.#offset = offset;
    return date;
  }
  static wrapAsLocalDateTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#offset = null;
    return date;
  }
  static wrapAsLocalDate(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasTime = false;
    date.#offset = null;
    return date;
  }
  static wrapAsLocalTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasDate = false;
    date.#offset = null;
    return date;
  }
};

// node_modules/smol-toml/dist/extract.js
function isDigit(char, base = 10) {
  return base === 16 ? char > 47 && char < 58 || char > 64 && char < 71 || char > 96 && char < 103 : char > 47 && char < 48 + base;
}
__name(isDigit, "isDigit");
function isEndOfValue(char, delim) {
  return char === 32 || char === 9 || char === 10 || char === 13 || // Structure end or next value delimiter
  delim && (char === delim || char === 44) || // Comment
  char === 35;
}
__name(isEndOfValue, "isEndOfValue");
function extractValue(ctx, end) {
  let errPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p);
  if (c === 91 || c === 123) {
    ctx.d-- || TomlError.x("document contains excessively nested structures. aborting.", ctx);
    let value = c === 91 ? parseArray(ctx) : parseInlineTable(ctx);
    ctx.d++;
    return value;
  }
  if (c === 34 || c === 39) {
    return parseString(ctx);
  }
  if (c === 116) {
    if (ctx.s.charCodeAt(++ctx.p) !== 114 || ctx.s.charCodeAt(++ctx.p) !== 117 || ctx.s.charCodeAt(++ctx.p) !== 101)
      TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, true;
  }
  if (c === 102) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 108 || ctx.s.charCodeAt(++ctx.p) !== 115 || ctx.s.charCodeAt(++ctx.p) !== 101)
      TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, false;
  }
  if (c === 43 || c === 45) {
    return parseNumber(ctx, ctx.p, ctx.s.charCodeAt(++ctx.p), 44 - c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 4) === 45 && ctx.s.charCodeAt(ctx.p + 7) === 45) {
    return parseDate(ctx, c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 2) === 58) {
    return parseTime(ctx, c, end);
  }
  return parseNumber(ctx, ctx.p, c, 0, end);
}
__name(extractValue, "extractValue");
function parseNumber(ctx, startPtr, startChr, sign, endChr) {
  let c = startChr;
  let state = 0;
  let hasUnderscores = false;
  if (c === 105) {
    if (ctx.s.charCodeAt(++ctx.p) !== 110 || ctx.s.charCodeAt(++ctx.p) !== 102)
      TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, (sign || 1) / 0;
  }
  if (c === 110) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 110)
      TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, NaN;
  }
  if (c === 48) {
    if (++ctx.p >= ctx.s.length || isEndOfValue(c = ctx.s.charCodeAt(ctx.p), endChr))
      return ctx.bi === true ? 0n : 0;
    if (!sign) {
      if (c === 120)
        return parseIntegerBaseN(ctx, startPtr, 16, endChr);
      else if (c === 98)
        return parseIntegerBaseN(ctx, startPtr, 2, endChr);
      else if (c === 111)
        return parseIntegerBaseN(ctx, startPtr, 8, endChr);
    }
    if (c === 46)
      state = 2;
    else if (c === 101 || c === 69)
      state = 4;
    else
      TomlError.x("illegal leading zero", ctx, startPtr);
  } else if (!isDigit(c))
    TomlError.x("invalid value", ctx, startPtr);
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (!state)
      state = 1;
    if (c === 95) {
      if (!(state & 1))
        TomlError.x("illegal underscore", ctx);
      state += 11;
      hasUnderscores = true;
    } else if (state === 1 && c === 46)
      state = 2;
    else if ((state === 1 || state === 3) && (c === 101 || c === 69))
      state = 4;
    else if (state === 4 && (c === 43 || c === 45)) {
      state = 6;
    } else if (!isDigit(c))
      TomlError.x(`illegal character in numeric literal`, ctx);
    else if (state > 9)
      state -= 11;
    else if (!(state & 1))
      state++;
  }
  if (!state) {
    let val = (startChr - 48) * (sign || 1);
    return ctx.bi === true ? BigInt(val) : val;
  }
  if (!(state & 1))
    TomlError.x("unfinished numeric value", ctx, startPtr);
  let str = ctx.s.slice(startPtr, ctx.p);
  if (hasUnderscores)
    str = str.replaceAll("_", "");
  return state > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
}
__name(parseNumber, "parseNumber");
function parseIntegerBaseN(ctx, startPtr, base, endChr) {
  let c, underscore = 1;
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (c === 95) {
      if (underscore & 1)
        TomlError.x("illegal underscore", ctx);
      underscore = 3;
    } else if (!isDigit(c, base))
      TomlError.x(`illegal character in numeric literal`, ctx);
    else if (underscore & 1)
      underscore--;
  }
  if (underscore & 1)
    TomlError.x("unfinished numeric value", ctx);
  let str = ctx.s.slice(startPtr + 2, ctx.p);
  if (underscore)
    str = str.replaceAll("_", "");
  return parseInteger(ctx, str, base, startPtr);
}
__name(parseIntegerBaseN, "parseIntegerBaseN");
function parseInteger(ctx, str, base, startPtr) {
  if (ctx.bi !== true)
    int: {
      let val = parseInt(str, base);
      if (!Number.isSafeInteger(val)) {
        if (ctx.bi)
          break int;
        TomlError.x("integer value cannot be represented losslessly", ctx, startPtr);
      }
      return val;
    }
  return base === 10 ? BigInt(str) : BigInt((base === 2 ? "0b" : base === 8 ? "0o" : "0x") + str);
}
__name(parseInteger, "parseInteger");
function parseDate(ctx, c, endChr) {
  let startPtr = ctx.p++, unsafeSeparator;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++))) {
    return parseNumber(ctx, ctx.p = startPtr, c, 0, endChr);
  }
  ctx.p += 5;
  if (!isDigit(ctx.s.charCodeAt(ctx.p++)))
    TomlError.x("invalid date-time: date part is malformed", ctx, startPtr);
  if (ctx.p >= ctx.s.length || ((c = ctx.s.charCodeAt(ctx.p)) !== 32 || (unsafeSeparator = true, !isDigit(ctx.s.charCodeAt(ctx.p + 1)))) && c !== 84 && c !== 116) {
    let t2 = ctx.s.slice(startPtr, ctx.p);
    return readDate(ctx, t2, 3, false, startPtr);
  }
  if (ctx.s.charCodeAt(ctx.p += 3) !== 58)
    TomlError.x("invalid date-time: time part is malformed", ctx, startPtr);
  if (ctx.s.charCodeAt(ctx.p += 3) === 58)
    ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46)
    while (isDigit(ctx.s.charCodeAt(++ctx.p)))
      ;
  if (c = ctx.s.charCodeAt(ctx.p)) {
    if (c === 90 || c === 122) {
      let t2 = ctx.s.slice(startPtr, ++ctx.p);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, "[+00:00]");
    }
    if (c === 43 || c === 45) {
      let t2 = ctx.s.slice(startPtr, ctx.p += 6);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, !ctx.ld && "[" + ctx.s.slice(ctx.p - 6, ctx.p) + "]");
    }
  }
  let t = ctx.s.slice(startPtr, ctx.p);
  return readDate(ctx, t, 2, unsafeSeparator, startPtr);
}
__name(parseDate, "parseDate");
function parseTime(ctx, c, endChr) {
  let start = ctx.p;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(++ctx.p))) {
    return parseNumber(ctx, --ctx.p, c, 0, endChr);
  }
  if (ctx.s.charCodeAt(ctx.p += 4) === 58)
    ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46)
    while (isDigit(ctx.s.charCodeAt(++ctx.p)))
      ;
  let t = ctx.s.slice(start, ctx.p);
  return readDate(ctx, t, 4, false, start);
}
__name(parseTime, "parseTime");
function readDate(ctx, str, type, unsafeDelim, errPtr, temporalSuffix) {
  if (ctx.ld) {
    let date = new TomlDate(str, type, unsafeDelim);
    if (!date.isValid())
      TomlError.x("invalid date", ctx, errPtr);
    return date;
  }
  try {
    if (temporalSuffix)
      str += temporalSuffix;
    switch (type) {
      case 1:
        return Temporal.ZonedDateTime.from(str);
      case 2:
        return Temporal.PlainDateTime.from(str);
      case 3:
        return Temporal.PlainDate.from(str);
      case 4:
        return Temporal.PlainTime.from(str);
    }
  } catch (e) {
    TomlError.x(e instanceof Error ? e.message : "" + e, ctx, errPtr);
  }
}
__name(readDate, "readDate");

// node_modules/smol-toml/dist/util.js
function skipComment(ctx) {
  for (; ctx.p < ctx.s.length; ctx.p++) {
    let c = ctx.s.charCodeAt(ctx.p);
    if (c === 10)
      break;
    if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) {
      ctx.p++;
      break;
    }
    if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in comments", ctx);
    }
  }
}
__name(skipComment, "skipComment");
function skipVoid(ctx, banNewLines, banComments) {
  let c;
  while (ctx.p < ctx.s.length) {
    while (ctx.p < ctx.s.length && ((c = ctx.s.charCodeAt(ctx.p)) === 32 || c === 9 || !banNewLines && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)))
      ctx.p++;
    if (banComments || c !== 35)
      break;
    skipComment(ctx);
  }
}
__name(skipVoid, "skipVoid");

// node_modules/smol-toml/dist/struct.js
function parseKey(ctx, end = 61) {
  let startPtr;
  let state = 0;
  let parsed = [];
  let sliceStart;
  let c = ctx.s.charCodeAt(startPtr = ctx.p);
  do {
    if (c === end) {
      if (!state)
        TomlError.x("unexpected end of key", ctx);
      if (state === 1)
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
      return ctx.p++, parsed;
    } else if (c === 46) {
      if (!state)
        TomlError.x("illegal empty bare key", ctx);
      if (state === 1)
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
      state = 0;
    } else if (!state && (c === 34 || c === 39)) {
      if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2))
        TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
      parsed.push(parseString(ctx));
      state = 2;
      ctx.p--;
    } else if (c === 32 || c === 9) {
      if (state === 1) {
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
        state = 2;
      }
    } else if (state === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) {
      TomlError.x("illegal character in key", ctx);
    } else if (!state) {
      state = 1;
      sliceStart = ctx.p;
    }
  } while (c = ctx.s.charCodeAt(++ctx.p));
  TomlError.x("incomplete key-value: cannot find end of key", ctx, startPtr);
}
__name(parseKey, "parseKey");
function parseInlineTable(ctx) {
  let startPtr = ctx.p++;
  let res = /* @__PURE__ */ Object.create(null);
  let seen = /* @__PURE__ */ new Set();
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 125) {
      ctx.p++;
      return res;
    }
    let k;
    let t = res;
    let hasOwn = false;
    let errPtr = ctx.p;
    let key = parseKey(ctx);
    for (let i = 0; i < key.length; i++) {
      if (i)
        t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      k = key[i];
      if ((hasOwn = Object.hasOwn(t, k)) && (typeof t[k] !== "object" || seen.has(t[k]))) {
        TomlError.x("trying to redefine an already defined value", ctx, errPtr);
      }
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor")) {
        t = ctx.uk !== 1 && TomlError.x("document contains an unsafe property", ctx, errPtr);
        break;
      }
      if (!hasOwn && unsafe) {
        Object.defineProperty(t, k, { enumerable: true, configurable: true, writable: true });
      }
    }
    if (hasOwn) {
      TomlError.x("trying to redefine an already defined value", ctx, errPtr);
    }
    skipVoid(ctx, true, true);
    let value = extractValue(
      ctx,
      125
      /* } */
    );
    if (t && typeof (t[k] = value) === "object")
      seen.add(value);
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 125) {
      return res;
    }
    if (c !== 44)
      TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished table", ctx, startPtr);
}
__name(parseInlineTable, "parseInlineTable");
function parseArray(ctx) {
  let startPtr = ctx.p++;
  let res = [];
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 93) {
      ctx.p++;
      return res;
    }
    res.push(extractValue(
      ctx,
      93
      /* ] */
    ));
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 93) {
      return res;
    }
    if (c !== 44)
      TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished array", ctx, startPtr);
}
__name(parseArray, "parseArray");

// node_modules/smol-toml/dist/parse.js
function peekTable(ctx, key, table2, meta, type) {
  let t = table2;
  let m = meta;
  let k;
  let hasOwn = false;
  let state;
  for (let i = 0; i < key.length; i++) {
    if (i) {
      t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      m = (state = m[k]).c;
      if (type === 0 && (state.t === 1 || state.t === 2)) {
        return null;
      }
      if (state.t === 2) {
        let l = t.length - 1;
        t = t[l];
        m = m[l].c;
      }
    }
    k = key[i];
    if ((hasOwn = Object.hasOwn(t, k)) && m[k]?.t === 0 && m[k]?.d) {
      return null;
    }
    if (!hasOwn) {
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor"))
        return false;
      if (unsafe) {
        Object.defineProperty(t, k, { enumerable: true, configurable: true, writable: true });
        Object.defineProperty(m, k, { enumerable: true, configurable: true, writable: true });
      }
      m[k] = {
        t: i < key.length - 1 && type === 2 ? 3 : type,
        d: false,
        i: 0,
        c: /* @__PURE__ */ Object.create(null)
      };
    }
  }
  state = m[k];
  if (state.t !== type && !(type === 1 && state.t === 3)) {
    return null;
  }
  if (type === 2) {
    if (!state.d) {
      state.d = true;
      t[k] = [];
    }
    t[k].push(t = /* @__PURE__ */ Object.create(null));
    state.c[state.i++] = state = { t: 1, d: false, i: 0, c: /* @__PURE__ */ Object.create(null) };
  }
  if (state.d) {
    return null;
  }
  state.d = true;
  if (type === 1) {
    t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
  } else if (type === 0 && hasOwn) {
    return null;
  }
  return [k, t, state.c];
}
__name(peekTable, "peekTable");
function validateTablePeek(ctx, peek, ptr) {
  if (peek === null || ctx.uk === 2)
    TomlError.x(peek === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", ctx, ptr);
}
__name(validateTablePeek, "validateTablePeek");
function parse(toml, options = {}) {
  let ctx = {
    s: toml,
    p: 0,
    d: options.maxDepth ?? 1e3,
    bi: options.integersAsBigInt ?? false,
    ld: options.useLegacyDate ?? true,
    uk: options.unsafeKeyBehaviour === "throw" ? 2 : options.unsafeKeyBehaviour === "drop" ? 1 : 0
  };
  let res = /* @__PURE__ */ Object.create(null);
  let meta = /* @__PURE__ */ Object.create(null);
  let tmp;
  let skipping = false;
  let tbl = res;
  let m = meta;
  if (toml.charCodeAt(0) === 65279)
    ctx.p++;
  skipVoid(ctx);
  while (ctx.p < toml.length) {
    if (toml.charCodeAt(ctx.p) === 91) {
      let isTableArray = toml.charCodeAt(++ctx.p) === 91;
      tmp = ctx.p += +isTableArray;
      skipping = false;
      let k = parseKey(
        ctx,
        93
        /* ] */
      );
      if (isTableArray) {
        if (toml.charCodeAt(ctx.p) !== 93) {
          TomlError.x("expected end of table array declaration", ctx);
        }
        ctx.p++;
      }
      let p = peekTable(
        ctx,
        k,
        res,
        meta,
        isTableArray ? 2 : 1
        /* Type.EXPLICIT */
      );
      if (!p) {
        validateTablePeek(ctx, p, tmp);
        skipping = true;
      } else {
        m = p[2];
        tbl = p[1];
      }
    } else {
      tmp = ctx.p;
      let k = parseKey(ctx);
      let p = peekTable(
        ctx,
        k,
        tbl,
        m,
        0
        /* Type.DOTTED */
      );
      if (!p && !skipping)
        validateTablePeek(ctx, p, tmp);
      skipVoid(ctx, true, true);
      let v = extractValue(ctx, void 0);
      if (p && !skipping)
        p[1][p[0]] = v;
    }
    skipVoid(ctx, true);
    if (ctx.p < toml.length && (tmp = toml.charCodeAt(ctx.p)) !== 10 && (tmp !== 13 || toml.charCodeAt(ctx.p + 1) !== 10)) {
      TomlError.x("each key-value declaration must be followed by an end-of-line", ctx);
    }
    skipVoid(ctx);
  }
  return res;
}
__name(parse, "parse");

// node_modules/smol-toml/dist/stringify.js
var HAS_WELLFORMED = !!"".isWellFormed;

// core/app/python/pyproject.ts
var table = external_exports.record(external_exports.string(), external_exports.unknown());
var pyproject = external_exports.object({
  project: external_exports.object({
    name: external_exports.string().optional().catch(void 0),
    "requires-python": external_exports.string().optional().catch(void 0),
    dynamic: external_exports.array(external_exports.string()).catch([]).default([]),
    "optional-dependencies": table.catch({}).default({})
  }).optional().catch(void 0),
  "dependency-groups": table.catch({}).default({}),
  "build-system": table.optional().catch(void 0),
  tool: external_exports.object({
    uv: external_exports.object({
      package: external_exports.boolean().optional().catch(void 0),
      workspace: table.optional().catch(void 0),
      "default-groups": external_exports.union([external_exports.array(external_exports.string()), external_exports.literal("all")]).optional().catch(void 0),
      "dev-dependencies": external_exports.array(external_exports.unknown()).optional().catch(void 0)
    }).default({
      package: void 0,
      workspace: void 0,
      "default-groups": void 0,
      "dev-dependencies": void 0
    }).catch({}),
    poetry: external_exports.object({
      name: external_exports.string().optional().catch(void 0),
      "package-mode": external_exports.boolean().optional().catch(void 0),
      dependencies: external_exports.object({ python: external_exports.string().optional().catch(void 0) }).optional().catch(void 0),
      extras: table.catch({}).default({}),
      group: external_exports.record(external_exports.string(), external_exports.object({ optional: external_exports.boolean().optional().catch(void 0) }).catch({})).catch({}).default({}),
      "dev-dependencies": table.optional().catch(void 0)
    }).optional().catch(void 0),
    pdm: external_exports.object({
      distribution: external_exports.boolean().optional().catch(void 0),
      "dev-dependencies": table.catch({}).default({})
    }).optional().catch(void 0)
  }).default({ uv: {} }).catch({ uv: {} })
});
function readPyproject(text, path) {
  return pyproject.parse(readToml(text, path));
}
__name(readPyproject, "readPyproject");
function readToml(text, path) {
  try {
    return parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first = ""] = error.message.split("\n");
    throw new TollgateError(
      "dependencies-unreadable",
      `${path}:${error.line}:${error.column} is not TOML: ${first.replace(/^Invalid TOML document: /, "")}.`,
      "Correct the file and run again."
    );
  }
}
__name(readToml, "readToml");
function normalised(name) {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
__name(normalised, "normalised");
function testNames(names) {
  return [...names].filter((name) => /^(?:dev|develop|development|tests?|testing|qa|ci)$/.test(normalised(name)));
}
__name(testNames, "testNames");
function projectName(project2) {
  return project2.project?.name ?? project2.tool.poetry?.name ?? null;
}
__name(projectName, "projectName");
function groupNames(project2) {
  return [
    ...Object.keys(project2["dependency-groups"]),
    ...project2.tool.uv["dev-dependencies"] === void 0 ? [] : ["dev"]
  ];
}
__name(groupNames, "groupNames");
function extraNames(project2) {
  return [
    ...Object.keys(project2.project?.["optional-dependencies"] ?? {}),
    ...Object.keys(project2.tool.poetry?.extras ?? {})
  ];
}
__name(extraNames, "extraNames");

// core/app/python/managers/choice.ts
function chosen(named, detected) {
  return [...new Set(named ?? detected)];
}
__name(chosen, "chosen");
function flags(flag, values) {
  return values.flatMap((value) => [flag, value]);
}
__name(flags, "flags");
function installable(project2) {
  const { uv: uv2, poetry: poetry2, pdm: pdm2 } = project2.tool;
  if (uv2.package === false || poetry2?.["package-mode"] === false || pdm2?.distribution === false) return false;
  return project2["build-system"] !== void 0 || uv2.package === true;
}
__name(installable, "installable");
function pyprojectsBelow({ texts }, root) {
  const prefix = root === "." ? "" : `${root}/`;
  return [...texts.keys()].filter((path) => path.startsWith(prefix) && /(^|\/)pyproject\.toml$/.test(path)).sort();
}
__name(pyprojectsBelow, "pyprojectsBelow");
function notesOn({
  package: name = null,
  groups,
  extras
}) {
  return [
    ...name === null ? [] : [`package ${name}`],
    ...groups.length === 0 ? [] : [`groups ${groups.join(", ")}`],
    ...extras.length === 0 ? [] : [`extras ${extras.join(", ")}`]
  ];
}
__name(notesOn, "notesOn");

// core/app/python/managers/pdm.ts
var lockfile = external_exports.object({ metadata: external_exports.object({ groups: external_exports.array(external_exports.string()).optional().catch(void 0) }).catch({}) }).catch({ metadata: {} });
var pdm = {
  name: "pdm",
  mark: /* @__PURE__ */ __name((layout, folder) => textOf(layout, folder, "pdm.lock") === null ? null : "pdm.lock", "mark"),
  plan(layout, root, wishes) {
    const project2 = readPyproject(textOf(layout, root, "pyproject.toml") ?? "", inFolder(root, "pyproject.toml"));
    const lock = lockfile.parse(readToml(textOf(layout, root, "pdm.lock") ?? "", inFolder(root, "pdm.lock")));
    const isLocked = /* @__PURE__ */ __name((name) => lock.metadata.groups === void 0 || lock.metadata.groups.includes(name), "isLocked");
    const declared = [
      ...Object.keys(project2["dependency-groups"]),
      ...Object.keys(project2.tool.pdm?.["dev-dependencies"] ?? {})
    ];
    const groups = chosen(wishes.groups, wishes.purpose === "test" ? declared.filter(isLocked) : []);
    const extras = chosen(
      wishes.extras,
      wishes.purpose === "test" ? testNames(extraNames(project2)).filter(isLocked) : []
    );
    const exported2 = [
      "pdm",
      "export",
      "--format",
      "requirements",
      // --prod takes no development groups; a group that is named adds to the dependencies themselves
      ...groups.length === 0 ? ["--prod"] : [],
      ...flags("--group", [...groups, ...extras])
    ];
    const files = ["pdm.lock", "pdm.toml"].map((name) => inFolder(root, name)).filter((path) => layout.texts.has(path));
    return {
      manager: "pdm",
      found: inFolder(root, "pdm.lock"),
      root,
      files: [...files, ...pyprojectsBelow(layout, root)],
      how: {
        kind: "locked",
        tool: "pdm",
        check: [["pdm", "lock", "--check"]],
        remote: exported2,
        everything: null,
        format: "locked.txt"
      },
      project: wishes.project ?? (root === layout.app && installable(project2)),
      notes: notesOn({ groups, extras })
    };
  }
};

// core/app/python/managers/pip.ts
import { posix as posix2 } from "node:path";

// core/app/python/requirements-text.ts
function lines(text) {
  return text.replaceAll("\0", "").replace(/^[\uFEFF\uFFFD]+/, "").replace(/\\\r?\n/g, "").split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) => line !== "");
}
__name(lines, "lines");
function referencesIn(text) {
  return lines(text).flatMap((line) => {
    const file = /^(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(["']?)(.+)\1$/.exec(line)?.[2];
    return file === void 0 || /^[a-z][a-z0-9+.-]*:\/\/|\$\{/i.test(file) ? [] : [file];
  });
}
__name(referencesIn, "referencesIn");
function localEntries(text) {
  return lines(text).filter((line) => {
    const wanted = /^(?:-e|--editable|-f|--find-links)(?:\s*=\s*|\s+)(.+)$/.exec(line)?.[1] ?? (line.startsWith("-") ? "" : line);
    if (/^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?file:(?!\/\/\/)/.test(wanted)) return true;
    return wanted !== "" && !/^[a-z][a-z0-9+.-]*:\/\/|\s@\s/i.test(wanted) && // no package's name has a /; a marker or --hash may follow
    (/^[^\s;@]*\/|^\.{1,2}($|\[)/.test(wanted) || /^[^\s;@]+\.(?:whl|tar\.gz|zip)(?:$|[\s;])/.test(wanted) || line.startsWith("-") && !/^git\+/.test(wanted));
  });
}
__name(localEntries, "localEntries");
function withoutLocalEntries(text) {
  const local = new Set(localEntries(text));
  return lines(text).filter((line) => !local.has(line)).join("\n").concat("\n");
}
__name(withoutLocalEntries, "withoutLocalEntries");
function splitExport(text) {
  const local = [];
  const kept = [];
  for (const line of text.split("\n")) {
    const [wanted = "", marker] = line.replace(/\\$/, "").trim().split(/\s+;\s*/, 2);
    const path = /^(?:-e|--editable)\s+(?:file:\/\/)?((?:\.|\/).*)$/.exec(wanted)?.[1] ?? /^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)file:\/\/(\/.+)$/.exec(wanted)?.[1] ?? /^(?:file:\/\/)?((?:\.{1,2}|\/)(?:\/.*)?|\/.*)$/.exec(wanted)?.[1];
    if (path === void 0) kept.push(line);
    else
      local.push({
        path: decodeURI(path.replace(/#.*$/, "")),
        editable: /^(-e|--editable)\s/.test(wanted),
        marker: marker?.replace(/\s*(?:--hash.*|\\)$/, "") ?? null
      });
  }
  return { remote: kept.join("\n"), local };
}
__name(splitExport, "splitExport");

// core/app/python/managers/pip.ts
var PRODUCTION = /^(?:requirements\.(?:txt|in)|requirements[-_.](?:base|main|prod|production)\.txt|requirements\/(?:base|main|common|prod|production|requirements)\.txt)$/;
var TESTING = /^(?:requirements[-_.](?:dev|develop|development|tests?|testing|qa|ci)\.txt|(?:dev|develop|development|tests?|testing|qa|ci)[-_.]requirements\.txt|requirements\/(?:dev|develop|development|local|tests?|testing|qa|ci)\.txt)$/;
var pip = {
  name: "pip",
  mark: /* @__PURE__ */ __name((layout, folder) => filesFor("test", requirementsIn(layout, folder))[0] ?? null, "mark"),
  plan(layout, root, wishes) {
    if (wishes.groups !== void 0 || wishes.extras !== void 0)
      throw new TollgateError(
        "dependencies-settings",
        `Requirements files (${inFolder(root, this.mark(layout, root) ?? "")}) have no groups and no extras.`,
        "Remove groups and extras from dependencies in tollgate.yaml, or list the requirements files under files."
      );
    const files = filesFor(wishes.purpose, requirementsIn(layout, root)).map(
      (name) => posix2.relative(layout.app, inFolder(root, name))
    );
    const first = files[0] ?? "";
    return {
      manager: "pip",
      found: inFolder(layout.app, first),
      root,
      ...requirementsPlan(layout, files),
      project: wishes.project ?? isProject(layout),
      notes: files.slice(1)
    };
  }
};
function requirementsPlan(layout, files) {
  const read = /* @__PURE__ */ new Map();
  const follow = /* @__PURE__ */ __name((path) => {
    const text = layout.texts.get(path);
    if (text === void 0 || read.has(path)) return;
    read.set(path, text);
    for (const reference of referencesIn(text)) follow(posix2.join(posix2.dirname(path), reference));
  }, "follow");
  for (const file of files) follow(inFolder(layout.app, file));
  const local = [...read].filter(([, text]) => localEntries(text).length > 0).map(([path]) => path);
  return { files: [...read.keys()], how: { kind: "requirements", files, local } };
}
__name(requirementsPlan, "requirementsPlan");
function filesFor(purpose, names) {
  const txt = names.filter((name) => !(name.endsWith(".in") && names.includes(name.replace(/\.in$/, ".txt"))));
  const production = txt.filter((name) => PRODUCTION.test(name));
  const plain = production.filter((name) => /^requirements\.(txt|in)$/.test(name));
  const base = plain.length > 0 ? plain : production;
  if (purpose === "image") return base;
  return [...base, ...txt.filter((name) => TESTING.test(name))];
}
__name(filesFor, "filesFor");
function isProject(layout) {
  const text = textOf(layout, layout.app, "pyproject.toml");
  if (text !== null && installable(readPyproject(text, inFolder(layout.app, "pyproject.toml")))) return true;
  return /\bsetup\s*\(/.test(textOf(layout, layout.app, "setup.py") ?? "");
}
__name(isProject, "isProject");

// core/app/python/managers/pipenv.ts
var PACKAGES = "packages";
var DEVELOPMENT = "dev-packages";
var pipenv = {
  name: "pipenv",
  mark: /* @__PURE__ */ __name((layout, folder) => textOf(layout, folder, "Pipfile.lock") === null ? null : "Pipfile.lock", "mark"),
  plan(layout, root, wishes) {
    const groups = chosen(wishes.groups, wishes.purpose === "test" ? [DEVELOPMENT] : []);
    const files = ["Pipfile", "Pipfile.lock"].map((name) => inFolder(root, name)).filter((path) => layout.texts.has(path));
    return {
      manager: "pipenv",
      found: inFolder(root, "Pipfile.lock"),
      root,
      files,
      how: {
        kind: "locked",
        tool: "pipenv",
        check: [["pipenv", "verify"]],
        everything: null,
        format: "locked.txt",
        remote: ["pipenv", "requirements", "--hash", "--categories", [PACKAGES, ...groups].join(" ")]
      },
      project: wishes.project ?? false,
      notes: notesOn({ groups, extras: [] })
    };
  }
};

// core/app/python/managers/poetry.ts
var poetry = {
  name: "poetry",
  mark: /* @__PURE__ */ __name((layout, folder) => textOf(layout, folder, "poetry.lock") === null ? null : "poetry.lock", "mark"),
  plan(layout, root, wishes) {
    const project2 = readPyproject(textOf(layout, root, "pyproject.toml") ?? "", inFolder(root, "pyproject.toml"));
    const groups = chosen(wishes.groups, wishes.purpose === "test" ? installedByDefault(project2) : []);
    const extras = chosen(wishes.extras, wishes.purpose === "test" ? testNames(extraNames(project2)) : []);
    const exported2 = [
      "poetry",
      "export",
      "--no-interaction",
      "--format",
      "requirements.txt",
      "--only",
      ["main", ...groups].join(","),
      ...flags("--extras", extras)
    ];
    const files = ["poetry.lock", "poetry.toml"].map((name) => inFolder(root, name)).filter((path) => layout.texts.has(path));
    return {
      manager: "poetry",
      found: inFolder(root, "poetry.lock"),
      root,
      files: [...files, ...pyprojectsBelow(layout, root)],
      how: { kind: "locked", tool: "poetry", check: [], remote: exported2, everything: null, format: "locked.txt" },
      project: wishes.project ?? (root === layout.app && installable(project2)),
      notes: notesOn({ groups, extras })
    };
  }
};
function installedByDefault(project2) {
  const groups = project2.tool.poetry?.group ?? {};
  const own = Object.keys(groups).filter((name) => groups[name]?.optional !== true);
  const standard = Object.keys(project2["dependency-groups"]).filter((name) => groups[name] === void 0);
  const legacy = project2.tool.poetry?.["dev-dependencies"] === void 0 ? [] : ["dev"];
  return [...legacy, ...standard, ...own, ...testNames(Object.keys(groups))];
}
__name(installedByDefault, "installedByDefault");

// core/app/python/managers/pyproject.ts
var pyproject2 = {
  name: "pyproject",
  last: true,
  mark(layout, folder) {
    const text = textOf(layout, folder, "pyproject.toml");
    if (text !== null) {
      const read = readPyproject(text, inFolder(folder, "pyproject.toml"));
      if (read.project !== void 0 || read.tool.poetry !== void 0 || read["build-system"] !== void 0 || groupNames(read).length > 0)
        return "pyproject.toml";
    }
    return ["setup.py", "setup.cfg"].find((name) => isSetup(textOf(layout, folder, name))) ?? null;
  },
  plan(layout, root, wishes) {
    const mark = this.mark(layout, root) ?? "pyproject.toml";
    const project2 = readPyproject(textOf(layout, root, "pyproject.toml") ?? "", inFolder(root, "pyproject.toml"));
    const forTests = wishes.purpose === "test";
    const groups = chosen(wishes.groups, forTests ? testNames(groupNames(project2)) : []);
    const extras = chosen(wishes.extras, forTests ? testNames(extraNames(project2)) : []);
    const declared = project2.project !== void 0 ? !project2.project.dynamic.some((key) => /dependencies$/.test(key)) : mark === "pyproject.toml" && !installable(project2);
    const isProject2 = mark !== "pyproject.toml" || installable(project2);
    return {
      manager: "pyproject",
      found: inFolder(root, mark),
      root,
      files: declared ? pyprojectsBelow(layout, root) : [],
      how: { kind: declared ? "declared" : "built", groups, extras },
      project: wishes.project ?? isProject2,
      notes: notesOn({ groups, extras })
    };
  }
};
function isSetup(text) {
  return text !== null && /\bsetup\s*\(|^\[metadata\]/m.test(text);
}
__name(isSetup, "isSetup");

// core/app/python/managers/uv.ts
var uv = {
  name: "uv",
  mark: /* @__PURE__ */ __name((layout, folder) => textOf(layout, folder, "uv.lock") === null ? null : "uv.lock", "mark"),
  plan(layout, root, wishes) {
    const rootProject = readProject(layout, root);
    const appProject = textOf(layout, layout.app, "pyproject.toml") === null ? rootProject : readProject(layout, layout.app);
    const member = root === layout.app ? null : projectName(appProject);
    const workspace = member === null && rootProject.tool.uv.workspace !== void 0;
    const everyone = workspace && (wishes.purpose === "test" || rootProject.project === void 0);
    const projects = everyone ? [rootProject, ...pyprojectsBelow(layout, root).map((path) => readPyproject(layout.texts.get(path) ?? "", path))] : [appProject];
    const groups = groupsOf(projects, rootProject, wishes);
    const extras = chosen(wishes.extras, wishes.purpose === "test" ? testNames(projects.flatMap(extraNames)) : []);
    const dynamic = projects.some(({ project: project2 }) => project2?.dynamic.includes("dependencies") === true);
    const exported2 = [
      "uv",
      "export",
      "--quiet",
      "--no-header",
      "--no-annotate",
      // whether a project's own build would say the same is not known without its source
      dynamic ? "--frozen" : "--locked",
      ...everyone ? ["--all-packages"] : member === null ? [] : ["--package", member],
      "--no-default-groups",
      ...flags("--group", groups),
      ...flags("--extra", extras)
    ];
    const how2 = {
      kind: "locked",
      tool: "uv",
      check: [],
      format: "pylock.toml",
      remote: [...exported2, "--format", "pylock.toml", "--no-emit-local"],
      everything: [...exported2, "--format", "requirements.txt", "--no-hashes"]
    };
    const files = ["uv.lock", "uv.toml"].map((name) => inFolder(root, name)).filter((path) => layout.texts.has(path));
    return {
      manager: "uv",
      found: inFolder(root, "uv.lock"),
      root,
      how: how2,
      files: [...files, ...pyprojectsBelow(layout, root)],
      project: wishes.project ?? installable(appProject),
      notes: notesOn({ package: member, groups, extras })
    };
  }
};
function readProject(layout, folder) {
  return readPyproject(textOf(layout, folder, "pyproject.toml") ?? "", inFolder(folder, "pyproject.toml"));
}
__name(readProject, "readProject");
function groupsOf(projects, root, wishes) {
  const there = projects.flatMap(groupNames);
  const byDefault = projects.map((project2) => project2.tool.uv["default-groups"]).find((set) => set !== void 0) ?? root.tool.uv["default-groups"] ?? ["dev"];
  const local = byDefault === "all" ? there : byDefault.filter((name) => there.includes(name));
  return chosen(wishes.groups, wishes.purpose === "test" ? [...local, ...testNames(there)] : []);
}
__name(groupsOf, "groupsOf");

// core/app/python/detect.ts
var REGISTRY = [uv, poetry, pdm, pipenv, pip, pyproject2];
function detect(layout, wishes, place) {
  const managers = REGISTRY.filter(({ name }) => wishes.manager === void 0 || name === wishes.manager);
  const folders = foldersUpwards(layout.app);
  for (const last of [false, true])
    for (const folder of folders) {
      const here = managers.filter(
        (manager) => (manager.last ?? false) === last && manager.mark(layout, folder) !== null
      );
      const [first, ...others] = here;
      if (first === void 0) continue;
      const plan = first.plan(layout, folder, wishes);
      const passed = others.map((manager) => inFolder(folder, manager.mark(layout, folder) ?? ""));
      return passed.length === 0 ? plan : { ...plan, notes: [...plan.notes, `${passed.join(", ")} not read`] };
    }
  throw nothingFound(layout, wishes, place);
}
__name(detect, "detect");
function nothingFound(layout, wishes, place) {
  const pipfile = foldersUpwards(layout.app).map((folder) => inFolder(folder, "Pipfile")).find((path) => layout.texts.has(path));
  if (pipfile !== void 0 && (wishes.manager === void 0 || wishes.manager === "pipenv"))
    return new TollgateError(
      "dependencies-missing",
      `${pipfile} has no Pipfile.lock beside it.`,
      "Run `pipenv lock` and commit Pipfile.lock."
    );
  const looked = wishes.manager === void 0 ? "uv.lock, poetry.lock, pdm.lock, Pipfile.lock, requirements.txt, pyproject.toml, setup.py" : `what ${place}.manager asks for (${wishes.manager})`;
  return new TollgateError(
    "dependencies-missing",
    `Nothing says what to install: the app's folder (${layout.app}) and the folders above it have no file of a package manager (${looked}).`,
    `Add one, or list the files that the installation reads under ${place}.files of tollgate.yaml; \`files: []\` installs nothing.`
  );
}
__name(nothingFound, "nothingFound");

// core/app/python/read-layout.ts
import { posix as posix3 } from "node:path";
import { ExistsType } from "../sdk/index.ts";
async function readLayout({ root, path }) {
  const [upwards, members] = await Promise.all([
    Promise.all(foldersUpwards(path).map((folder) => manifestsOf(root, folder))),
    root.glob("**/pyproject.toml")
  ]);
  const own = members.filter((member) => !/(^|\/)(node_modules|\.venv|venv|site-packages)\//.test(member));
  const texts = /* @__PURE__ */ new Map();
  await readInto(texts, root, [.../* @__PURE__ */ new Set([...upwards.flat(), ...own])]);
  return { app: path, texts };
}
__name(readLayout, "readLayout");
async function manifestsOf(root, folder) {
  const entries = await root.directory(folder).entries();
  const requirements2 = entries.includes("requirements/") ? await root.directory(inFolder(folder, "requirements")).entries() : [];
  const names = [...entries, ...requirements2.map((name) => `requirements/${name}`)];
  return names.filter((name) => MANIFEST_NAMES.includes(name) || REQUIREMENTS_NAME.test(name)).map((name) => inFolder(folder, name));
}
__name(manifestsOf, "manifestsOf");
async function readInto(texts, root, paths) {
  const there = await Promise.all(
    paths.map(async (path) => await root.exists(path, { expectedType: ExistsType.RegularType }) ? path : null)
  );
  const found = there.filter((path) => path !== null);
  for (const [index, text] of (await Promise.all(found.map((path) => root.file(path).contents()))).entries())
    texts.set(found[index] ?? "", text);
  const referred = found.filter((path) => /\.(txt|in)$/.test(path)).flatMap(
    (path) => referencesIn(texts.get(path) ?? "").map((reference) => posix3.join(posix3.dirname(path), reference))
  ).filter((path) => !texts.has(path) && !path.startsWith(".."));
  if (referred.length > 0) await readInto(texts, root, [...new Set(referred)]);
}
__name(readInto, "readInto");
async function readListed(repository, files) {
  const texts = /* @__PURE__ */ new Map();
  await readInto(
    texts,
    repository.root,
    files.map((file) => inFolder(repository.path, file))
  );
  return { app: repository.path, texts };
}
__name(readListed, "readListed");

// core/app/python/tools.ts
import { readFileSync } from "node:fs";
import { dag } from "../sdk/index.ts";
var UV = "uv==0.13.9";
var PLACE = "/opt/tollgate-python";
var ENVIRONMENT = "/opt/tollgate-tool";
var CACHE = "/root/.cache/uv";
var START = `#!/bin/sh
if [ -n "\${PIP_INDEX_URL:-}" ] && [ -z "\${UV_DEFAULT_INDEX:-}" ]; then export UV_DEFAULT_INDEX="$PIP_INDEX_URL"; fi
if [ -n "\${PIP_EXTRA_INDEX_URL:-}" ] && [ -z "\${UV_INDEX:-}" ]; then export UV_INDEX="$PIP_EXTRA_INDEX_URL"; fi
export UV_CACHE_DIR=${CACHE} UV_LINK_MODE=copy UV_NO_PROGRESS=1 UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1
exec ${PLACE}/program "$@"
`;
function uvFolder(platform) {
  const program = dag.container(platform === void 0 ? {} : { platform }).from("python:3.11-slim").withExec([
    "python",
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-cache-dir",
    "--root-user-action=ignore",
    "--disable-pip-version-check",
    "--target",
    "/uv",
    UV
  ]).file("/uv/bin/uv");
  return dag.directory().withFile("program", program, { permissions: 493 }).withNewFile("uv", START, { permissions: 493 });
}
__name(uvFolder, "uvFolder");
function withUv(container, steps, { owner, platform, cache = "" }) {
  const mounted = withUvCache(container.withMountedDirectory(PLACE, uvFolder(platform)), CACHE, owner, cache);
  return steps(mounted).withoutMount(CACHE).withoutMount(PLACE);
}
__name(withUv, "withUv");
var uvProgram = `${PLACE}/uv`;
function withTool(container, tool, python) {
  if (tool === "uv") return container.withEnvVariable("PATH", `${PLACE}:\${PATH}`, { expand: true });
  const versions = readFileSync(new URL(`tools/${tool}.txt`, new URL("../core/app/python/tools.ts", import.meta.url).href), "utf8");
  return container.withNewFile(`${ENVIRONMENT}.txt`, versions).withExec([
    "sh",
    "-c",
    `${uvProgram} venv --quiet --python ${python} ${ENVIRONMENT} && ${uvProgram} pip install --quiet --no-deps --python ${ENVIRONMENT}/bin/python -r ${ENVIRONMENT}.txt`
  ]).withEnvVariable("PATH", `${ENVIRONMENT}/bin:\${PATH}`, { expand: true });
}
__name(withTool, "withTool");
function toolVersion(tool) {
  if (tool === "uv") return UV.split("==")[1] ?? "";
  const versions = readFileSync(new URL(`tools/${tool}.txt`, new URL("../core/app/python/tools.ts", import.meta.url).href), "utf8");
  return new RegExp(`^${tool}==(\\S+)`, "m").exec(versions)?.[1] ?? "";
}
__name(toolVersion, "toolVersion");

// core/app/python/describe.ts
function describe(plan, projects) {
  const notes = plan.notes.length === 0 ? "" : ` (${plan.notes.join("; ")})`;
  const own = projects.length === 0 ? "" : `; from source: ${projects.join(", ")}`;
  return `${plan.found === "" ? "none" : plan.found}${how(plan)}${notes}${own}`;
}
__name(describe, "describe");
function how({ how: how2, found }) {
  switch (how2.kind) {
    case "locked":
      return ` by ${how2.tool} ${toolVersion(how2.tool)}, locked`;
    case "requirements":
      return found === "" ? "" : " by pip";
    case "declared":
    case "built":
      return ` by uv ${toolVersion("uv")}, not locked`;
  }
}
__name(how, "how");

// core/app/python/install.ts
import { posix as posix4 } from "node:path";
import { dag as dag2 } from "../sdk/index.ts";

// core/app/python/export-failed.ts
function exportFailed(plan, tool, { cmd, exitCode, stdout, stderr }) {
  const command = (cmd.at(-1) ?? "").replace(/ >\S+$/, "");
  const output = `${stdout}
${stderr}`;
  const said = quotedTail(output, 12);
  if (command.startsWith(uvProgram))
    return new TollgateError(
      "tool-unavailable",
      [`Could not install ${tool} ${toolVersion(tool)}, which reads ${plan.found}.`, "", ...said].join("\n"),
      "Nothing was installed. Make sure that the engine reaches the package index, and run again; or say how to install with app.dependencies.install."
    );
  return new TollgateError(
    "lockfile-refused",
    [`${tool} refuses ${plan.found}: \`${command}\` ended with ${exitCode}.`, "", ...said].join("\n"),
    `Nothing was installed. ${adviceOnPython(output) ?? `Make the lockfile match the project (\`${tool} lock\`) and commit it, or correct what tollgate.yaml says of groups and extras.`}`
  );
}
__name(exportFailed, "exportFailed");

// core/app/python/install.ts
var WORKSPACE = "/workspace";
var LOCKED = "/opt/tollgate-locked";
async function prepare(plan, place, base) {
  switch (plan.how.kind) {
    case "requirements":
      return requirements(plan, plan.how, place);
    case "locked":
      return await locked(plan, plan.how, place, base);
    case "declared":
    case "built":
      return project(plan, plan.how, place);
  }
}
__name(prepare, "prepare");
function requirements(plan, { files, local }, place) {
  const install = /* @__PURE__ */ __name((names) => `${pipInstall(place.interpreter)} ${names.map((name) => `-r ${quote(name)}`).join(" ")}`, "install");
  const whole = install(files);
  const own = `${pipInstall(place.interpreter)} --no-deps -e .`;
  return {
    projects: plan.project || local.length > 0 ? [place.layout.app] : [],
    dependencies(container) {
      for (const path of plan.files) {
        const text = place.layout.texts.get(path) ?? "";
        container = withFileOf(
          container,
          posix4.join(APP, posix4.relative(place.layout.app, path)),
          local.includes(path) ? withoutLocalEntries(text) : text,
          place.repository,
          path
        );
      }
      return installStep(container.withWorkdir(APP), files.length === 0 ? [] : [whole], place);
    },
    project: /* @__PURE__ */ __name((container) => installStep(
      container.withWorkdir(APP),
      [...local.length > 0 ? [whole] : [], ...plan.project ? [own] : []],
      place
    ), "project")
  };
}
__name(requirements, "requirements");
async function locked(plan, how2, place, base) {
  const { remote, local } = await exported(plan, how2, place, base);
  const folders = local.map((one) => ({
    ...one,
    folder: posix4.relative(WORKSPACE, posix4.resolve(WORKSPACE, plan.root, one.path)) || "."
  }));
  const projects = plan.project && folders.every(({ folder }) => folder !== place.layout.app) ? [...folders, { folder: place.layout.app, editable: true, marker: null }] : folders;
  return {
    projects: projects.map(({ folder }) => folder),
    dependencies: /* @__PURE__ */ __name((container) => installStep(
      withFiles(container, plan, place).withNewFile(`${LOCKED}/${how2.format}`, remote).withWorkdir(posix4.join(WORKSPACE, plan.root)),
      [`${uvInstall(place.interpreter)} --no-deps -r ${LOCKED}/${how2.format}`],
      place
    ).withWorkdir(APP), "dependencies"),
    project(container) {
      const wanted = projects.map(({ folder, editable, marker }) => {
        const at = placed(place.layout.app, folder);
        const linked = editable && (place.purpose === "test" || at.startsWith(APP));
        const name = linked ? ["-e", at] : [at];
        return name.map((word) => quote(marker === null || word === "-e" ? word : `${word} ; ${marker}`)).join(" ");
      });
      const beside = withNeighbours(
        container,
        projects.map(({ folder }) => folder),
        place
      );
      return installStep(
        beside,
        wanted.length === 0 ? [] : [`${uvInstall(place.interpreter)} --no-deps --no-sources ${wanted.join(" ")}`],
        place
      );
    }
  };
}
__name(locked, "locked");
function project(plan, how2, place) {
  const groups = how2.groups.map((name) => `--group ${quote(name)}`);
  const root = placed(place.layout.app, plan.root);
  const own = how2.kind === "built" ? `-e ${quote(how2.extras.length === 0 ? root : `${root}[${how2.extras.join(",")}]`)}` : `--no-deps --no-sources -e ${quote(root)}`;
  const declared = [
    uvInstall(place.interpreter),
    "-r pyproject.toml",
    ...how2.extras.map((name) => `--extra ${quote(name)}`),
    ...groups
  ].join(" ");
  const onlyGroups = how2.kind === "built" && groups.length > 0 ? [`${uvInstall(place.interpreter)} ${groups.join(" ")}`] : [];
  return {
    projects: plan.project ? [plan.root] : [],
    dependencies: /* @__PURE__ */ __name((container) => how2.kind === "declared" ? installStep(
      withFiles(container, plan, place).withWorkdir(posix4.join(WORKSPACE, plan.root)),
      [declared],
      place
    ).withWorkdir(APP) : container, "dependencies"),
    project(container) {
      if (!plan.project && how2.kind === "declared") return container;
      const beside = withNeighbours(container, [plan.root], place).withWorkdir(root);
      return installStep(beside, [`${uvInstall(place.interpreter)} ${own}`, ...onlyGroups], place).withWorkdir(APP);
    }
  };
}
__name(project, "project");
async function exported(plan, how2, place, base) {
  const apart = how2.tool === "poetry" || how2.tool === "pipenv" || how2.tool === "pdm" && place.interpreter.version[0] === 3 && place.interpreter.version[1] < 11;
  const start = apart ? dag2.container().from("python:3.11-slim") : base;
  const python = apart ? "/usr/local/bin/python" : quote(place.interpreter.executable);
  const write = /* @__PURE__ */ __name((command, file) => `${command.map(quote).join(" ")} >${LOCKED}/${file}`, "write");
  const run = withUv(
    start,
    (container) => {
      const ready = withFiles(withTool(container, how2.tool, python), plan, place).withEnvVariable("UV_PYTHON", apart ? "" : place.interpreter.executable).withEnvVariable("PDM_CHECK_UPDATE", "0").withEnvVariable("PDM_USE_VENV", "0").withEnvVariable("PIPENV_IGNORE_VIRTUALENVS", "1").withEnvVariable("PIPENV_NOSPIN", "1").withDirectory(LOCKED, dag2.directory()).withWorkdir(posix4.join(WORKSPACE, plan.root));
      const asked = how2.check.reduce(
        (checked, command) => shell(checked, command.map(quote).join(" ")),
        withSecrets(ready, place.secrets)
      );
      const remote = shell(asked, write(how2.remote, how2.format));
      return how2.everything === null ? remote : shell(remote, write(how2.everything, "everything.txt"));
    },
    { owner: place.purpose, ...apart ? {} : optional("platform", place.platform), ...optional("cache", place.cache) }
  );
  try {
    const text = await run.file(`${LOCKED}/${how2.format}`).contents();
    if (how2.everything === null) return splitExport(text);
    return { remote: text, local: splitExport(await run.file(`${LOCKED}/everything.txt`).contents()).local };
  } catch (error) {
    const failed = asExecError(error);
    if (failed === null) throw error;
    throw exportFailed(plan, how2.tool, failed);
  }
}
__name(exported, "exported");
function withFiles(container, plan, { layout, repository }) {
  return plan.files.reduce(
    (with_, path) => withFileOf(with_, posix4.join(WORKSPACE, path), layout.texts.get(path) ?? "", repository, path),
    container
  );
}
__name(withFiles, "withFiles");
function withFileOf(container, at, text, { root }, path) {
  return text.includes("\uFFFD") ? container.withFile(at, root.file(path)) : container.withNewFile(at, text);
}
__name(withFileOf, "withFileOf");
function withNeighbours(container, folders, { layout, repository }) {
  const outside = folders.filter((folder) => placed(layout.app, folder).startsWith(WORKSPACE));
  return outside.reduce(
    (with_, folder) => with_.withDirectory(posix4.join(WORKSPACE, folder), folderOf(repository.root, folder)),
    container
  );
}
__name(withNeighbours, "withNeighbours");
function folderOf(root, folder) {
  return folder === "." ? root : root.directory(folder);
}
__name(folderOf, "folderOf");
function placed(app, folder) {
  const inside = posix4.relative(app, folder);
  return inside === ".." || inside.startsWith("../") ? posix4.join(WORKSPACE, folder) : posix4.join(APP, inside);
}
__name(placed, "placed");
function installStep(container, commands, { secrets, purpose, platform, cache }) {
  if (commands.length === 0) return container;
  const run = /* @__PURE__ */ __name((ready) => {
    const done = commands.reduce(shell, withSecrets(ready, secrets));
    return [...secrets.keys()].reduce(
      (left, name) => name === NETRC ? left.withoutMount("/root/.netrc") : left.withoutSecretVariable(name),
      done
    );
  }, "run");
  const needsUv = commands.some((command) => command.startsWith(uvProgram));
  return needsUv ? withUv(container, run, { owner: purpose, ...optional("platform", platform), ...optional("cache", cache) }) : run(container);
}
__name(installStep, "installStep");
function withCommands(container, {
  files,
  commands,
  ...place
}) {
  const app = place.layout.app;
  const filled = files.reduce(
    (with_, file) => withFileOf(
      with_,
      posix4.join(APP, file),
      place.layout.texts.get(inFolder(app, file)) ?? "",
      place.repository,
      inFolder(app, file)
    ),
    container
  );
  return installStep(filled, commands, place);
}
__name(withCommands, "withCommands");
var NETRC = "NETRC";
function withSecrets(container, secrets) {
  return [...secrets].reduce(
    (with_, [name, value]) => name === NETRC ? with_.withMountedSecret("/root/.netrc", value) : with_.withSecretVariable(name, value),
    container
  );
}
__name(withSecrets, "withSecrets");
function pipInstall(interpreter) {
  return interpreter.pip ? `${quote(interpreter.executable)} -m pip install` : uvInstall(interpreter);
}
__name(pipInstall, "pipInstall");
function uvInstall(interpreter) {
  return `${uvProgram} pip install --python ${quote(interpreter.executable)} --break-system-packages`;
}
__name(uvInstall, "uvInstall");
function optional(key, value) {
  const made = {};
  if (value !== void 0) made[key] = value;
  return made;
}
__name(optional, "optional");

// core/app/python/interpreter.ts
import { ReturnType } from "../sdk/index.ts";
var facts = external_exports.object({ executable: external_exports.string(), version: external_exports.tuple([external_exports.number(), external_exports.number()]), pip: external_exports.boolean() });
var ASK = [
  "import importlib.util, json, sys",
  'print(json.dumps({"executable": sys.executable, "version": sys.version_info[:2], "pip": importlib.util.find_spec("pip") is not None}))'
].join("; ");
async function interpreterOf(container, program, image) {
  const asked = container.withExec(["sh", "-c", `exec ${program} -c '${ASK}'`], { expect: ReturnType.Any });
  if (await asked.exitCode() === 0) return facts.parse(JSON.parse(await asked.stdout()));
  throw new TollgateError(
    "python-missing",
    `${image} (app.image) has no \`${program}\` that runs: ${(await asked.stderr()).trim().split("\n").at(-1) ?? ""}`,
    "Set app.image of tollgate.yaml to an image with Python, qa.interpreter to its Python, or add a Python to app.packages."
  );
}
__name(interpreterOf, "interpreterOf");

// core/app/python/app.ts
async function pythonApp(request) {
  const { settings, source, place } = request;
  const repository = repositoryOf(source);
  if (settings.install !== null) return await byCommands(request);
  const layout = settings.files === null ? await readLayout(repository) : await readListed(repository, settings.files);
  const plan = settings.files === null ? detect(layout, { ...settings, purpose: request.purpose }, place) : listed(layout, settings, place);
  const interpreter = await interpreterOf(request.base, request.program, request.image);
  const installation = await prepare(plan, { ...request, layout, repository, interpreter }, request.base);
  return {
    dependencies: /* @__PURE__ */ __name((container) => installation.dependencies(container), "dependencies"),
    project: /* @__PURE__ */ __name((container) => installation.project(container), "project"),
    ensure: /* @__PURE__ */ __name((container, check, requirements2) => ensured(container, check, requirements2, request.program, interpreter, request.purpose), "ensure"),
    described: describe(plan, installation.projects)
  };
}
__name(pythonApp, "pythonApp");
function listed(layout, { files, project: project2 }, place) {
  const names = files ?? [];
  requireFiles(layout, names, place);
  return {
    manager: "pip",
    found: names[0] ?? "",
    root: layout.app,
    project: project2 ?? false,
    notes: names.slice(1),
    ...requirementsPlan(layout, names)
  };
}
__name(listed, "listed");
async function byCommands({
  settings,
  source,
  place,
  purpose,
  program,
  secrets
}) {
  const repository = repositoryOf(source);
  const layout = await readListed(repository, settings.files ?? [USUAL_FILE]);
  requireFiles(layout, settings.files ?? [], place);
  const files = settings.files ?? (textOf(layout, layout.app, USUAL_FILE) === null ? [] : [USUAL_FILE]);
  return {
    dependencies: /* @__PURE__ */ __name((container) => withCommands(container, { files, commands: settings.install ?? [], layout, repository, secrets, purpose }), "dependencies"),
    project: /* @__PURE__ */ __name((container) => settings.project === true ? shell(container.withWorkdir(APP), `${program} -m pip install --no-deps -e .`) : container, "project"),
    ensure: /* @__PURE__ */ __name((container, check, requirements2) => ensured(container, check, requirements2, program, null, purpose), "ensure"),
    described: `${place}.install${files.length === 0 ? "" : `, with ${files.join(", ")}`}`
  };
}
__name(byCommands, "byCommands");
function ensured(container, check, requirements2, program, interpreter, owner) {
  if (interpreter === null || interpreter.pip)
    return shell(container, `${check} || ${program} -m pip install ${requirements2}`);
  return withUv(container, (ready) => shell(ready, `${check} || ${uvInstall(interpreter)} ${requirements2}`), { owner });
}
__name(ensured, "ensured");
function requireFiles(layout, files, place) {
  const missing = files.filter((file) => !layout.texts.has(inFolder(layout.app, file)));
  if (missing.length === 0) return;
  throw new TollgateError(
    "dependencies-missing",
    `${missing.join(", ")}: not in the app's folder (${layout.app}).`,
    `${place}.files of tollgate.yaml names the files that the installation reads, relative to app.path.`
  );
}
__name(requireFiles, "requireFiles");

export {
  complaint,
  tellingLine,
  quotedTail,
  APP,
  installing,
  shell,
  withPackages,
  pulled,
  detect,
  readLayout,
  pythonApp
};
