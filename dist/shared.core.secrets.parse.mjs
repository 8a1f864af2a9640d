import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __commonJS,
  __name,
  __require,
  __toESM
} from "./shared.runtime.mjs";

// node_modules/dotenv/lib/main.js
var require_main = __commonJS({
  "node_modules/dotenv/lib/main.js"(exports, module) {
    "use strict";
    var fs = __require("fs");
    var path = __require("path");
    var os = __require("os");
    var crypto = __require("crypto");
    var TIPS = [
      "\u25C8 encrypted .env [www.dotenvx.com]",
      "\u25C8 secrets for agents [www.dotenvx.com]",
      "\u2301 auth for agents [www.vestauth.com]",
      "\u2318 custom filepath { path: '/custom/path/.env' }",
      "\u2318 enable debugging { debug: true }",
      "\u2318 override existing { override: true }",
      "\u2318 suppress logs { quiet: true }",
      "\u2318 multiple files { path: ['.env.local', '.env'] }"
    ];
    function _getRandomTip() {
      return TIPS[Math.floor(Math.random() * TIPS.length)];
    }
    __name(_getRandomTip, "_getRandomTip");
    function parseBoolean(value2) {
      if (typeof value2 === "string") {
        return !["false", "0", "no", "off", ""].includes(value2.toLowerCase());
      }
      return Boolean(value2);
    }
    __name(parseBoolean, "parseBoolean");
    function supportsAnsi() {
      return process.stdout.isTTY;
    }
    __name(supportsAnsi, "supportsAnsi");
    function dim(text) {
      return supportsAnsi() ? `\x1B[2m${text}\x1B[0m` : text;
    }
    __name(dim, "dim");
    var LINE = /(?:^|^)\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?(?:$|$)/mg;
    function parse2(src) {
      const obj = {};
      let lines = src.toString();
      lines = lines.replace(/\r\n?/mg, "\n");
      let match;
      while ((match = LINE.exec(lines)) != null) {
        const key = match[1];
        let value2 = match[2] || "";
        value2 = value2.trim();
        const maybeQuote = value2[0];
        value2 = value2.replace(/^(['"`])([\s\S]*)\1$/mg, "$2");
        if (maybeQuote === '"') {
          value2 = value2.replace(/\\n/g, "\n");
          value2 = value2.replace(/\\r/g, "\r");
        }
        obj[key] = value2;
      }
      return obj;
    }
    __name(parse2, "parse");
    function _parseVault(options) {
      options = options || {};
      const vaultPath = _vaultPath(options);
      options.path = vaultPath;
      const result = DotenvModule.configDotenv(options);
      if (!result.parsed) {
        const err = new Error(`MISSING_DATA: Cannot parse ${vaultPath} for an unknown reason`);
        err.code = "MISSING_DATA";
        throw err;
      }
      const keys = _dotenvKey(options).split(",");
      const length = keys.length;
      let decrypted;
      for (let i = 0; i < length; i++) {
        try {
          const key = keys[i].trim();
          const attrs = _instructions(result, key);
          decrypted = DotenvModule.decrypt(attrs.ciphertext, attrs.key);
          break;
        } catch (error) {
          if (i + 1 >= length) {
            throw error;
          }
        }
      }
      return DotenvModule.parse(decrypted);
    }
    __name(_parseVault, "_parseVault");
    function _warn(message) {
      console.error(`\u26A0 ${message}`);
    }
    __name(_warn, "_warn");
    function _debug(message) {
      console.log(`\u2506 ${message}`);
    }
    __name(_debug, "_debug");
    function _log(message) {
      console.log(`\u25C7 ${message}`);
    }
    __name(_log, "_log");
    function _dotenvKey(options) {
      if (options && options.DOTENV_KEY && options.DOTENV_KEY.length > 0) {
        return options.DOTENV_KEY;
      }
      if (process.env.DOTENV_KEY && process.env.DOTENV_KEY.length > 0) {
        return process.env.DOTENV_KEY;
      }
      return "";
    }
    __name(_dotenvKey, "_dotenvKey");
    function _instructions(result, dotenvKey) {
      let uri;
      try {
        uri = new URL(dotenvKey);
      } catch (error) {
        if (error.code === "ERR_INVALID_URL") {
          const err = new Error("INVALID_DOTENV_KEY: Wrong format. Must be in valid uri format like dotenv://:key_1234@dotenvx.com/vault/.env.vault?environment=development");
          err.code = "INVALID_DOTENV_KEY";
          throw err;
        }
        throw error;
      }
      const key = uri.password;
      if (!key) {
        const err = new Error("INVALID_DOTENV_KEY: Missing key part");
        err.code = "INVALID_DOTENV_KEY";
        throw err;
      }
      const environment = uri.searchParams.get("environment");
      if (!environment) {
        const err = new Error("INVALID_DOTENV_KEY: Missing environment part");
        err.code = "INVALID_DOTENV_KEY";
        throw err;
      }
      const environmentKey = `DOTENV_VAULT_${environment.toUpperCase()}`;
      const ciphertext = result.parsed[environmentKey];
      if (!ciphertext) {
        const err = new Error(`NOT_FOUND_DOTENV_ENVIRONMENT: Cannot locate environment ${environmentKey} in your .env.vault file.`);
        err.code = "NOT_FOUND_DOTENV_ENVIRONMENT";
        throw err;
      }
      return { ciphertext, key };
    }
    __name(_instructions, "_instructions");
    function _vaultPath(options) {
      let possibleVaultPath = null;
      if (options && options.path && options.path.length > 0) {
        if (Array.isArray(options.path)) {
          for (const filepath of options.path) {
            if (fs.existsSync(filepath)) {
              possibleVaultPath = filepath.endsWith(".vault") ? filepath : `${filepath}.vault`;
            }
          }
        } else {
          possibleVaultPath = options.path.endsWith(".vault") ? options.path : `${options.path}.vault`;
        }
      } else {
        possibleVaultPath = path.resolve(process.cwd(), ".env.vault");
      }
      if (fs.existsSync(possibleVaultPath)) {
        return possibleVaultPath;
      }
      return null;
    }
    __name(_vaultPath, "_vaultPath");
    function _resolveHome(envPath) {
      return envPath[0] === "~" ? path.join(os.homedir(), envPath.slice(1)) : envPath;
    }
    __name(_resolveHome, "_resolveHome");
    function _configVault(options) {
      const debug = parseBoolean(process.env.DOTENV_CONFIG_DEBUG || options && options.debug);
      const quiet = parseBoolean(process.env.DOTENV_CONFIG_QUIET || options && options.quiet);
      if (debug || !quiet) {
        _log("loading env from encrypted .env.vault");
      }
      const parsed = DotenvModule._parseVault(options);
      let processEnv = process.env;
      if (options && options.processEnv != null) {
        processEnv = options.processEnv;
      }
      DotenvModule.populate(processEnv, parsed, options);
      return { parsed };
    }
    __name(_configVault, "_configVault");
    function configDotenv(options) {
      const dotenvPath = path.resolve(process.cwd(), ".env");
      let encoding = "utf8";
      let processEnv = process.env;
      if (options && options.processEnv != null) {
        processEnv = options.processEnv;
      }
      let debug = parseBoolean(processEnv.DOTENV_CONFIG_DEBUG || options && options.debug);
      let quiet = parseBoolean(processEnv.DOTENV_CONFIG_QUIET || options && options.quiet);
      if (options && options.encoding) {
        encoding = options.encoding;
      } else {
        if (debug) {
          _debug("no encoding is specified (UTF-8 is used by default)");
        }
      }
      let optionPaths = [dotenvPath];
      if (options && options.path) {
        if (!Array.isArray(options.path)) {
          optionPaths = [_resolveHome(options.path)];
        } else {
          optionPaths = [];
          for (const filepath of options.path) {
            optionPaths.push(_resolveHome(filepath));
          }
        }
      }
      let lastError;
      const parsedAll = {};
      for (const path2 of optionPaths) {
        try {
          const parsed = DotenvModule.parse(fs.readFileSync(path2, { encoding }));
          DotenvModule.populate(parsedAll, parsed, options);
        } catch (e) {
          if (debug) {
            _debug(`failed to load ${path2} ${e.message}`);
          }
          lastError = e;
        }
      }
      const populated = DotenvModule.populate(processEnv, parsedAll, options);
      debug = parseBoolean(processEnv.DOTENV_CONFIG_DEBUG || debug);
      quiet = parseBoolean(processEnv.DOTENV_CONFIG_QUIET || quiet);
      if (debug || !quiet) {
        const keysCount = Object.keys(populated).length;
        const shortPaths = [];
        for (const filePath of optionPaths) {
          try {
            const relative = path.relative(process.cwd(), filePath);
            shortPaths.push(relative);
          } catch (e) {
            if (debug) {
              _debug(`failed to load ${filePath} ${e.message}`);
            }
            lastError = e;
          }
        }
        _log(`injected env (${keysCount}) from ${shortPaths.join(",")} ${dim(`// tip: ${_getRandomTip()}`)}`);
      }
      if (lastError) {
        return { parsed: parsedAll, error: lastError };
      } else {
        return { parsed: parsedAll };
      }
    }
    __name(configDotenv, "configDotenv");
    function config(options) {
      if (_dotenvKey(options).length === 0) {
        return DotenvModule.configDotenv(options);
      }
      const vaultPath = _vaultPath(options);
      if (!vaultPath) {
        _warn(`you set DOTENV_KEY but you are missing a .env.vault file at ${vaultPath}`);
        return DotenvModule.configDotenv(options);
      }
      return DotenvModule._configVault(options);
    }
    __name(config, "config");
    function decrypt(encrypted, keyStr) {
      const key = Buffer.from(keyStr.slice(-64), "hex");
      let ciphertext = Buffer.from(encrypted, "base64");
      const nonce = ciphertext.subarray(0, 12);
      const authTag = ciphertext.subarray(-16);
      ciphertext = ciphertext.subarray(12, -16);
      try {
        const aesgcm = crypto.createDecipheriv("aes-256-gcm", key, nonce);
        aesgcm.setAuthTag(authTag);
        return `${aesgcm.update(ciphertext)}${aesgcm.final()}`;
      } catch (error) {
        const isRange = error instanceof RangeError;
        const invalidKeyLength = error.message === "Invalid key length";
        const decryptionFailed = error.message === "Unsupported state or unable to authenticate data";
        if (isRange || invalidKeyLength) {
          const err = new Error("INVALID_DOTENV_KEY: It must be 64 characters long (or more)");
          err.code = "INVALID_DOTENV_KEY";
          throw err;
        } else if (decryptionFailed) {
          const err = new Error("DECRYPTION_FAILED: Please check your DOTENV_KEY");
          err.code = "DECRYPTION_FAILED";
          throw err;
        } else {
          throw error;
        }
      }
    }
    __name(decrypt, "decrypt");
    function populate(processEnv, parsed, options = {}) {
      const debug = Boolean(options && options.debug);
      const override = Boolean(options && options.override);
      const populated = {};
      if (typeof parsed !== "object") {
        const err = new Error("OBJECT_REQUIRED: Please check the processEnv argument being passed to populate");
        err.code = "OBJECT_REQUIRED";
        throw err;
      }
      for (const key of Object.keys(parsed)) {
        if (Object.prototype.hasOwnProperty.call(processEnv, key)) {
          if (override === true) {
            processEnv[key] = parsed[key];
            populated[key] = parsed[key];
          }
          if (debug) {
            if (override === true) {
              _debug(`"${key}" is already defined and WAS overwritten`);
            } else {
              _debug(`"${key}" is already defined and was NOT overwritten`);
            }
          }
        } else {
          processEnv[key] = parsed[key];
          populated[key] = parsed[key];
        }
      }
      return populated;
    }
    __name(populate, "populate");
    var DotenvModule = {
      configDotenv,
      _configVault,
      _parseVault,
      config,
      decrypt,
      parse: parse2,
      populate
    };
    module.exports.configDotenv = DotenvModule.configDotenv;
    module.exports._configVault = DotenvModule._configVault;
    module.exports._parseVault = DotenvModule._parseVault;
    module.exports.config = DotenvModule.config;
    module.exports.decrypt = DotenvModule.decrypt;
    module.exports.parse = DotenvModule.parse;
    module.exports.populate = DotenvModule.populate;
    module.exports = DotenvModule;
  }
});

// core/secrets/parse.ts
var import_dotenv = __toESM(require_main(), 1);

// core/secrets/scan.ts
var NAME = /[\w.-]+/y;
var BLANK = /\s*/y;
var QUOTES = "'\"`";
function scanDotenv(text) {
  const source = withPlainLineEnds(text);
  const scan = { entries: [], malformed: [] };
  let at = 0;
  while (at < source.length) {
    const start = skip(BLANK, source, at);
    if (start >= source.length) break;
    const lineEnd = endOfLine(source, start);
    const found = source[start] === "#" ? null : assignment(source, start);
    if (found !== null) {
      scan.entries.push({
        ...found.entry,
        line: lineOf(source, start),
        lastLine: lineOf(source, Math.max(start, found.end - 1))
      });
      at = endOfLine(source, found.end) + 1;
      continue;
    }
    if (source[start] !== "#") scan.malformed.push(lineOf(source, start));
    at = lineEnd + 1;
  }
  return scan;
}
__name(scanDotenv, "scanDotenv");
function withPlainLineEnds(text) {
  return text.replace(/\r\n?/g, "\n");
}
__name(withPlainLineEnds, "withPlainLineEnds");
function assignment(source, start) {
  const exported = /export\s+/y;
  exported.lastIndex = start;
  const after = exported.test(source) ? named(source, exported.lastIndex) : null;
  return after ?? named(source, start);
}
__name(assignment, "assignment");
function named(source, start) {
  const end = skip(NAME, source, start);
  if (end === start) return null;
  const name = source.slice(start, end);
  const equals = skip(BLANK, source, end);
  if (source[equals] === "=") return value(source, name, equals + 1);
  if (source[end] === ":" && /\s/.test(source[end + 1] ?? "")) return value(source, name, end + 2);
  return null;
}
__name(named, "named");
function value(source, name, start) {
  const first = skip(BLANK, source, start);
  const opens = first < source.length && QUOTES.includes(source[first] ?? "");
  const closed = opens ? closingQuote(source, first) : null;
  if (closed !== null) return { entry: { name, cutAtHash: false, quoteLeftOpen: false }, end: closed + 1 };
  let end = start;
  while (end < source.length && source[end] !== "#" && source[end] !== "\n") end++;
  const written = source.slice(start, end);
  return {
    entry: {
      name,
      cutAtHash: source[end] === "#" && !isComment(source, end),
      quoteLeftOpen: QUOTES.includes(written.trim()[0] ?? " ")
    },
    end
  };
}
__name(value, "value");
function isComment(source, hash) {
  return /\s/.test(source[hash - 1] ?? "") && /^#+(\s|$)/.test(source.slice(hash, endOfLine(source, hash)));
}
__name(isComment, "isComment");
function closingQuote(source, open) {
  const quote = source[open];
  let last = null;
  for (let at = open + 1; at < source.length; at++) {
    if (source[at] !== quote) continue;
    if (/^[^\S\n]*(#|$)/.test(source.slice(at + 1, endOfLine(source, at)))) last = at;
    if (source[at - 1] !== "\\" || at - 1 === open) break;
  }
  return last;
}
__name(closingQuote, "closingQuote");
function skip(pattern, source, at) {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}
__name(skip, "skip");
function endOfLine(source, at) {
  const end = source.indexOf("\n", at);
  return end === -1 ? source.length : end;
}
__name(endOfLine, "endOfLine");
function lineOf(source, at) {
  let line = 1;
  for (let next = source.indexOf("\n"); next !== -1 && next < at; next = source.indexOf("\n", next + 1)) line++;
  return line;
}
__name(lineOf, "lineOf");

// core/secrets/parse.ts
function readDotenv(text) {
  const values = new Map(Object.entries((0, import_dotenv.parse)(text)));
  const { entries, malformed } = scanDotenv(text);
  const lines = /* @__PURE__ */ new Map();
  for (const { name, line } of entries) lines.set(name, [...lines.get(name) ?? [], line]);
  return {
    values,
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    malformed,
    repeated: [...lines].flatMap(([name, at]) => at.length > 1 ? [{ name, lines: at }] : []),
    unreadable: [...lines.keys()].sort().join("\n") !== [...values.keys()].sort().join("\n")
  };
}
__name(readDotenv, "readDotenv");
function lineWords(lines) {
  return `${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`;
}
__name(lineWords, "lineWords");

export {
  require_main,
  readDotenv,
  lineWords
};
