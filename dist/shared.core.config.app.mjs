import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  keyBytes,
  personOf
} from "./shared.core.config.approver-key.mjs";
import {
  isProduction
} from "./shared.core.config.ecpay-endpoint.mjs";
import {
  gateSettings,
  gatesWithPaths
} from "./shared.core.config.gates.mjs";
import {
  TEST_MERCHANT_IDS
} from "./shared.core.config.ecpay-test-merchants.mjs";
import {
  placeholdersAreKnown,
  port,
  serviceNames,
  services
} from "./shared.core.config.port.mjs";
import {
  SettingsError,
  always,
  bare,
  command,
  containerImage,
  distinct,
  duration,
  entryOf,
  environment,
  environmentName,
  environmentValue,
  expected,
  filePath,
  folder,
  hostProblem,
  isHost,
  isMapping,
  keysOf,
  mapping,
  named,
  nearest,
  pathGlob,
  plainName,
  plainNameProblem,
  printPath,
  quoted,
  sequence,
  some,
  soundsSecret,
  testFiles,
  text,
  textsIn,
  variables,
  withHint
} from "./shared.core.config.fields.mjs";
import {
  LONGEST_SERVICE,
  SERVICE_NAME,
  serviceName
} from "./shared.core.config.service-name.mjs";
import {
  quote
} from "./shared.core.shared.shell-words.mjs";
import {
  count,
  duration as duration2
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  terminalText
} from "./shared.core.shared.plain-text.mjs";
import {
  __commonJS,
  __name,
  __require,
  __toESM
} from "./shared.runtime.mjs";

// node_modules/yaml/dist/nodes/identity.js
var require_identity = __commonJS({
  "node_modules/yaml/dist/nodes/identity.js"(exports) {
    "use strict";
    var ALIAS = /* @__PURE__ */ Symbol.for("yaml.alias");
    var DOC = /* @__PURE__ */ Symbol.for("yaml.document");
    var MAP = /* @__PURE__ */ Symbol.for("yaml.map");
    var PAIR = /* @__PURE__ */ Symbol.for("yaml.pair");
    var SCALAR = /* @__PURE__ */ Symbol.for("yaml.scalar");
    var SEQ = /* @__PURE__ */ Symbol.for("yaml.seq");
    var NODE_TYPE = /* @__PURE__ */ Symbol.for("yaml.node.type");
    var isAlias2 = /* @__PURE__ */ __name((node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS, "isAlias");
    var isDocument = /* @__PURE__ */ __name((node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC, "isDocument");
    var isMap2 = /* @__PURE__ */ __name((node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP, "isMap");
    var isPair2 = /* @__PURE__ */ __name((node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR, "isPair");
    var isScalar2 = /* @__PURE__ */ __name((node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR, "isScalar");
    var isSeq2 = /* @__PURE__ */ __name((node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ, "isSeq");
    function isCollection(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case MAP:
          case SEQ:
            return true;
        }
      return false;
    }
    __name(isCollection, "isCollection");
    function isNode(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case ALIAS:
          case MAP:
          case SCALAR:
          case SEQ:
            return true;
        }
      return false;
    }
    __name(isNode, "isNode");
    var hasAnchor = /* @__PURE__ */ __name((node) => (isScalar2(node) || isCollection(node)) && !!node.anchor, "hasAnchor");
    exports.ALIAS = ALIAS;
    exports.DOC = DOC;
    exports.MAP = MAP;
    exports.NODE_TYPE = NODE_TYPE;
    exports.PAIR = PAIR;
    exports.SCALAR = SCALAR;
    exports.SEQ = SEQ;
    exports.hasAnchor = hasAnchor;
    exports.isAlias = isAlias2;
    exports.isCollection = isCollection;
    exports.isDocument = isDocument;
    exports.isMap = isMap2;
    exports.isNode = isNode;
    exports.isPair = isPair2;
    exports.isScalar = isScalar2;
    exports.isSeq = isSeq2;
  }
});

// node_modules/yaml/dist/visit.js
var require_visit = __commonJS({
  "node_modules/yaml/dist/visit.js"(exports) {
    "use strict";
    var identity = require_identity();
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove node");
    function visit(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        visit_(null, node, visitor_, Object.freeze([]));
    }
    __name(visit, "visit");
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    function visit_(key, node, visitor, path2) {
      const ctrl = callVisitor(key, node, visitor, path2);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path2, ctrl);
        return visit_(key, ctrl, visitor, path2);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path2 = Object.freeze(path2.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = visit_(i, node.items[i], visitor, path2);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path2 = Object.freeze(path2.concat(node));
          const ck = visit_("key", node.key, visitor, path2);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = visit_("value", node.value, visitor, path2);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    __name(visit_, "visit_");
    async function visitAsync(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        await visitAsync_(null, node, visitor_, Object.freeze([]));
    }
    __name(visitAsync, "visitAsync");
    visitAsync.BREAK = BREAK;
    visitAsync.SKIP = SKIP;
    visitAsync.REMOVE = REMOVE;
    async function visitAsync_(key, node, visitor, path2) {
      const ctrl = await callVisitor(key, node, visitor, path2);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path2, ctrl);
        return visitAsync_(key, ctrl, visitor, path2);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path2 = Object.freeze(path2.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = await visitAsync_(i, node.items[i], visitor, path2);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path2 = Object.freeze(path2.concat(node));
          const ck = await visitAsync_("key", node.key, visitor, path2);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = await visitAsync_("value", node.value, visitor, path2);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    __name(visitAsync_, "visitAsync_");
    function initVisitor(visitor) {
      if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) {
        return Object.assign({
          Alias: visitor.Node,
          Map: visitor.Node,
          Scalar: visitor.Node,
          Seq: visitor.Node
        }, visitor.Value && {
          Map: visitor.Value,
          Scalar: visitor.Value,
          Seq: visitor.Value
        }, visitor.Collection && {
          Map: visitor.Collection,
          Seq: visitor.Collection
        }, visitor);
      }
      return visitor;
    }
    __name(initVisitor, "initVisitor");
    function callVisitor(key, node, visitor, path2) {
      if (typeof visitor === "function")
        return visitor(key, node, path2);
      if (identity.isMap(node))
        return visitor.Map?.(key, node, path2);
      if (identity.isSeq(node))
        return visitor.Seq?.(key, node, path2);
      if (identity.isPair(node))
        return visitor.Pair?.(key, node, path2);
      if (identity.isScalar(node))
        return visitor.Scalar?.(key, node, path2);
      if (identity.isAlias(node))
        return visitor.Alias?.(key, node, path2);
      return void 0;
    }
    __name(callVisitor, "callVisitor");
    function replaceNode(key, path2, node) {
      const parent = path2[path2.length - 1];
      if (identity.isCollection(parent)) {
        parent.items[key] = node;
      } else if (identity.isPair(parent)) {
        if (key === "key")
          parent.key = node;
        else
          parent.value = node;
      } else if (identity.isDocument(parent)) {
        parent.contents = node;
      } else {
        const pt = identity.isAlias(parent) ? "alias" : "scalar";
        throw new Error(`Cannot replace node with ${pt} parent`);
      }
    }
    __name(replaceNode, "replaceNode");
    exports.visit = visit;
    exports.visitAsync = visitAsync;
  }
});

// node_modules/yaml/dist/doc/directives.js
var require_directives = __commonJS({
  "node_modules/yaml/dist/doc/directives.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    var escapeChars = {
      "!": "%21",
      ",": "%2C",
      "[": "%5B",
      "]": "%5D",
      "{": "%7B",
      "}": "%7D"
    };
    var escapeTagName = /* @__PURE__ */ __name((tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]), "escapeTagName");
    var Directives = class _Directives {
      static {
        __name(this, "Directives");
      }
      constructor(yaml, tags) {
        this.docStart = null;
        this.docEnd = false;
        this.yaml = Object.assign({}, _Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, _Directives.defaultTags, tags);
      }
      clone() {
        const copy = new _Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
      }
      /**
       * During parsing, get a Directives instance for the current document and
       * update the stream state according to the current version's spec.
       */
      atDocument() {
        const res = new _Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
          case "1.1":
            this.atNextDocument = true;
            break;
          case "1.2":
            this.atNextDocument = false;
            this.yaml = {
              explicit: _Directives.defaultYaml.explicit,
              version: "1.2"
            };
            this.tags = Object.assign({}, _Directives.defaultTags);
            break;
        }
        return res;
      }
      /**
       * @param onError - May be called even if the action was successful
       * @returns `true` on success
       */
      add(line, onError) {
        if (this.atNextDocument) {
          this.yaml = { explicit: _Directives.defaultYaml.explicit, version: "1.1" };
          this.tags = Object.assign({}, _Directives.defaultTags);
          this.atNextDocument = false;
        }
        const parts = line.trim().split(/[ \t]+/);
        const name = parts.shift();
        switch (name) {
          case "%TAG": {
            if (parts.length !== 2) {
              onError(0, "%TAG directive should contain exactly two parts");
              if (parts.length < 2)
                return false;
            }
            const [handle, prefix] = parts;
            this.tags[handle] = prefix;
            return true;
          }
          case "%YAML": {
            this.yaml.explicit = true;
            if (parts.length !== 1) {
              onError(0, "%YAML directive should contain exactly one part");
              return false;
            }
            const [version] = parts;
            if (version === "1.1" || version === "1.2") {
              this.yaml.version = version;
              return true;
            } else {
              const isValid = /^\d+\.\d+$/.test(version);
              onError(6, `Unsupported YAML version ${version}`, isValid);
              return false;
            }
          }
          default:
            onError(0, `Unknown directive ${name}`, true);
            return false;
        }
      }
      /**
       * Resolves a tag, matching handles to those defined in %TAG directives.
       *
       * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
       *   `'!local'` tag, or `null` if unresolvable.
       */
      tagName(source, onError) {
        if (source === "!")
          return "!";
        if (source[0] !== "!") {
          onError(`Not a valid tag: ${source}`);
          return null;
        }
        if (source[1] === "<") {
          const verbatim = source.slice(2, -1);
          if (verbatim === "!" || verbatim === "!!") {
            onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
            return null;
          }
          if (source[source.length - 1] !== ">")
            onError("Verbatim tags must end with a >");
          return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
          onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
          try {
            return prefix + decodeURIComponent(suffix);
          } catch (error) {
            onError(String(error));
            return null;
          }
        }
        if (handle === "!")
          return source;
        onError(`Could not resolve tag: ${source}`);
        return null;
      }
      /**
       * Given a fully resolved tag, returns its printable string form,
       * taking into account current tag prefixes and defaults.
       */
      tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
          if (tag.startsWith(prefix))
            return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === "!" ? tag : `!<${tag}>`;
      }
      toString(doc) {
        const lines = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
          const tags = {};
          visit.visit(doc.contents, (_key, node) => {
            if (identity.isNode(node) && node.tag)
              tags[node.tag] = true;
          });
          tagNames = Object.keys(tags);
        } else
          tagNames = [];
        for (const [handle, prefix] of tagEntries) {
          if (handle === "!!" && prefix === "tag:yaml.org,2002:")
            continue;
          if (!doc || tagNames.some((tn) => tn.startsWith(prefix)))
            lines.push(`%TAG ${handle} ${prefix}`);
        }
        return lines.join("\n");
      }
    };
    Directives.defaultYaml = { explicit: false, version: "1.2" };
    Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
    exports.Directives = Directives;
  }
});

// node_modules/yaml/dist/doc/anchors.js
var require_anchors = __commonJS({
  "node_modules/yaml/dist/doc/anchors.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    function anchorIsValid(anchor) {
      if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
        const sa = JSON.stringify(anchor);
        const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
        throw new Error(msg);
      }
      return true;
    }
    __name(anchorIsValid, "anchorIsValid");
    function anchorNames(root) {
      const anchors = /* @__PURE__ */ new Set();
      visit.visit(root, {
        Value(_key, node) {
          if (node.anchor)
            anchors.add(node.anchor);
        }
      });
      return anchors;
    }
    __name(anchorNames, "anchorNames");
    function findNewAnchor(prefix, exclude) {
      for (let i = 1; true; ++i) {
        const name = `${prefix}${i}`;
        if (!exclude.has(name))
          return name;
      }
    }
    __name(findNewAnchor, "findNewAnchor");
    function createNodeAnchors(doc, prefix) {
      const aliasObjects = [];
      const sourceObjects = /* @__PURE__ */ new Map();
      let prevAnchors = null;
      return {
        onAnchor: /* @__PURE__ */ __name((source) => {
          aliasObjects.push(source);
          prevAnchors ?? (prevAnchors = anchorNames(doc));
          const anchor = findNewAnchor(prefix, prevAnchors);
          prevAnchors.add(anchor);
          return anchor;
        }, "onAnchor"),
        /**
         * With circular references, the source node is only resolved after all
         * of its child nodes are. This is why anchors are set only after all of
         * the nodes have been created.
         */
        setAnchors: /* @__PURE__ */ __name(() => {
          for (const source of aliasObjects) {
            const ref = sourceObjects.get(source);
            if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) {
              ref.node.anchor = ref.anchor;
            } else {
              const error = new Error("Failed to resolve repeated object (this should not happen)");
              error.source = source;
              throw error;
            }
          }
        }, "setAnchors"),
        sourceObjects
      };
    }
    __name(createNodeAnchors, "createNodeAnchors");
    exports.anchorIsValid = anchorIsValid;
    exports.anchorNames = anchorNames;
    exports.createNodeAnchors = createNodeAnchors;
    exports.findNewAnchor = findNewAnchor;
  }
});

// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = __commonJS({
  "node_modules/yaml/dist/doc/applyReviver.js"(exports) {
    "use strict";
    function applyReviver(reviver, obj, key, val) {
      if (val && typeof val === "object") {
        if (Array.isArray(val)) {
          for (let i = 0, len = val.length; i < len; ++i) {
            const v0 = val[i];
            const v1 = applyReviver(reviver, val, String(i), v0);
            if (v1 === void 0)
              delete val[i];
            else if (v1 !== v0)
              val[i] = v1;
          }
        } else if (val instanceof Map) {
          for (const k of Array.from(val.keys())) {
            const v0 = val.get(k);
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              val.delete(k);
            else if (v1 !== v0)
              val.set(k, v1);
          }
        } else if (val instanceof Set) {
          for (const v0 of Array.from(val)) {
            const v1 = applyReviver(reviver, val, v0, v0);
            if (v1 === void 0)
              val.delete(v0);
            else if (v1 !== v0) {
              val.delete(v0);
              val.add(v1);
            }
          }
        } else {
          for (const [k, v0] of Object.entries(val)) {
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              delete val[k];
            else if (v1 !== v0)
              val[k] = v1;
          }
        }
      }
      return reviver.call(obj, key, val);
    }
    __name(applyReviver, "applyReviver");
    exports.applyReviver = applyReviver;
  }
});

// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = __commonJS({
  "node_modules/yaml/dist/nodes/toJS.js"(exports) {
    "use strict";
    var identity = require_identity();
    function toJS(value, arg, ctx) {
      if (Array.isArray(value))
        return value.map((v, i) => toJS(v, String(i), ctx));
      if (value && typeof value.toJSON === "function") {
        if (!ctx || !identity.hasAnchor(value))
          return value.toJSON(arg, ctx);
        const data = { aliasCount: 0, count: 1, res: void 0 };
        ctx.anchors.set(value, data);
        ctx.onCreate = (res2) => {
          data.res = res2;
          delete ctx.onCreate;
        };
        const res = value.toJSON(arg, ctx);
        if (ctx.onCreate)
          ctx.onCreate(res);
        return res;
      }
      if (typeof value === "bigint" && !ctx?.keep)
        return Number(value);
      return value;
    }
    __name(toJS, "toJS");
    exports.toJS = toJS;
  }
});

// node_modules/yaml/dist/nodes/Node.js
var require_Node = __commonJS({
  "node_modules/yaml/dist/nodes/Node.js"(exports) {
    "use strict";
    var applyReviver = require_applyReviver();
    var identity = require_identity();
    var toJS = require_toJS();
    var NodeBase = class {
      static {
        __name(this, "NodeBase");
      }
      constructor(type) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: type });
      }
      /** Create a copy of this node.  */
      clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** A plain JavaScript representation of this node. */
      toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!identity.isDocument(doc))
          throw new TypeError("A document argument is required");
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc,
          keep: true,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this, "", ctx);
        if (typeof onAnchor === "function")
          for (const { count: count3, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count3);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
    };
    exports.NodeBase = NodeBase;
  }
});

// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = __commonJS({
  "node_modules/yaml/dist/nodes/Alias.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var visit = require_visit();
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var Alias = class extends Node.NodeBase {
      static {
        __name(this, "Alias");
      }
      constructor(source) {
        super(identity.ALIAS);
        this.source = source;
        Object.defineProperty(this, "tag", {
          set() {
            throw new Error("Alias nodes cannot have tags");
          }
        });
      }
      /**
       * Resolve the value of this alias within `doc`, finding the last
       * instance of the `source` anchor before this node.
       */
      resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
          throw new ReferenceError("Alias resolution is disabled");
        let nodes;
        if (ctx?.aliasResolveCache) {
          nodes = ctx.aliasResolveCache;
        } else {
          nodes = [];
          visit.visit(doc, {
            Node: /* @__PURE__ */ __name((_key, node) => {
              if (identity.isAlias(node) || identity.hasAnchor(node))
                nodes.push(node);
            }, "Node")
          });
          if (ctx)
            ctx.aliasResolveCache = nodes;
        }
        let found = void 0;
        for (const node of nodes) {
          if (node === this)
            break;
          if (node.anchor === this.source)
            found = node;
        }
        if (found && ctx) {
          const { anchors: anchors2, doc: doc2, maxAliasCount } = ctx;
          let data = anchors2.get(found);
          if (!data) {
            toJS.toJS(found, null, ctx);
            data = anchors2.get(found);
          }
          if (data?.res === void 0) {
            const msg = "This should not happen: Alias anchor was not resolved?";
            throw new ReferenceError(msg);
          }
          if (maxAliasCount >= 0) {
            data.count += 1;
            if (data.aliasCount === 0)
              data.aliasCount = getAliasCount(doc2, found, anchors2);
            if (data.count * data.aliasCount > maxAliasCount) {
              const msg = "Excessive alias count indicates a resource exhaustion attack";
              throw new ReferenceError(msg);
            }
          }
        }
        return found;
      }
      toJSON(_arg, ctx) {
        if (!ctx)
          return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
          const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
          throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
      }
      toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
          anchors.anchorIsValid(this.source);
          if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new Error(msg);
          }
          if (ctx.implicitKey)
            return `${src} `;
        }
        return src;
      }
    };
    function getAliasCount(doc, node, anchors2) {
      if (identity.isAlias(node)) {
        const source = node.resolve(doc);
        const anchor = anchors2 && source && anchors2.get(source);
        return anchor ? anchor.count * anchor.aliasCount : 0;
      } else if (identity.isCollection(node)) {
        let count3 = 0;
        for (const item of node.items) {
          const c = getAliasCount(doc, item, anchors2);
          if (c > count3)
            count3 = c;
        }
        return count3;
      } else if (identity.isPair(node)) {
        const kc = getAliasCount(doc, node.key, anchors2);
        const vc = getAliasCount(doc, node.value, anchors2);
        return Math.max(kc, vc);
      }
      return 1;
    }
    __name(getAliasCount, "getAliasCount");
    exports.Alias = Alias;
  }
});

// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = __commonJS({
  "node_modules/yaml/dist/nodes/Scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var isScalarValue = /* @__PURE__ */ __name((value) => !value || typeof value !== "function" && typeof value !== "object", "isScalarValue");
    var Scalar = class extends Node.NodeBase {
      static {
        __name(this, "Scalar");
      }
      constructor(value) {
        super(identity.SCALAR);
        this.value = value;
      }
      toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
      }
      toString() {
        return String(this.value);
      }
    };
    Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
    Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
    Scalar.PLAIN = "PLAIN";
    Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
    Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
    exports.Scalar = Scalar;
    exports.isScalarValue = isScalarValue;
  }
});

// node_modules/yaml/dist/doc/createNode.js
var require_createNode = __commonJS({
  "node_modules/yaml/dist/doc/createNode.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var defaultTagPrefix = "tag:yaml.org,2002:";
    function findTagObject(value, tagName, tags) {
      if (tagName) {
        const match = tags.filter((t) => t.tag === tagName);
        const tagObj = match.find((t) => !t.format) ?? match[0];
        if (!tagObj)
          throw new Error(`Tag ${tagName} not found`);
        return tagObj;
      }
      return tags.find((t) => t.identify?.(value) && !t.format);
    }
    __name(findTagObject, "findTagObject");
    function createNode(value, tagName, ctx) {
      if (identity.isDocument(value))
        value = value.contents;
      if (identity.isNode(value))
        return value;
      if (identity.isPair(value)) {
        const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
        map.items.push(value);
        return map;
      }
      if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) {
        value = value.valueOf();
      }
      const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
      let ref = void 0;
      if (aliasDuplicateObjects && value && typeof value === "object") {
        ref = sourceObjects.get(value);
        if (ref) {
          ref.anchor ?? (ref.anchor = onAnchor(value));
          return new Alias.Alias(ref.anchor);
        } else {
          ref = { anchor: null, node: null };
          sourceObjects.set(value, ref);
        }
      }
      if (tagName?.startsWith("!!"))
        tagName = defaultTagPrefix + tagName.slice(2);
      let tagObj = findTagObject(value, tagName, schema.tags);
      if (!tagObj) {
        if (value && typeof value.toJSON === "function") {
          value = value.toJSON();
        }
        if (!value || typeof value !== "object") {
          const node2 = new Scalar.Scalar(value);
          if (ref)
            ref.node = node2;
          return node2;
        }
        tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
      }
      if (onTagObj) {
        onTagObj(tagObj);
        delete ctx.onTagObj;
      }
      const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
      if (tagName)
        node.tag = tagName;
      else if (!tagObj.default)
        node.tag = tagObj.tag;
      if (ref)
        ref.node = node;
      return node;
    }
    __name(createNode, "createNode");
    exports.createNode = createNode;
  }
});

// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = __commonJS({
  "node_modules/yaml/dist/nodes/Collection.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var identity = require_identity();
    var Node = require_Node();
    function collectionFromPath(schema, path2, value) {
      let v = value;
      for (let i = path2.length - 1; i >= 0; --i) {
        const k = path2[i];
        if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
          const a = [];
          a[k] = v;
          v = a;
        } else {
          v = /* @__PURE__ */ new Map([[k, v]]);
        }
      }
      return createNode.createNode(v, void 0, {
        aliasDuplicateObjects: false,
        keepUndefined: false,
        onAnchor: /* @__PURE__ */ __name(() => {
          throw new Error("This should not happen, please report a bug.");
        }, "onAnchor"),
        schema,
        sourceObjects: /* @__PURE__ */ new Map()
      });
    }
    __name(collectionFromPath, "collectionFromPath");
    var isEmptyPath = /* @__PURE__ */ __name((path2) => path2 == null || typeof path2 === "object" && !!path2[Symbol.iterator]().next().done, "isEmptyPath");
    var Collection = class extends Node.NodeBase {
      static {
        __name(this, "Collection");
      }
      constructor(type, schema) {
        super(type);
        Object.defineProperty(this, "schema", {
          value: schema,
          configurable: true,
          enumerable: false,
          writable: true
        });
      }
      /**
       * Create a copy of this collection.
       *
       * @param schema - If defined, overwrites the original's schema
       */
      clone(schema) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema)
          copy.schema = schema;
        copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /**
       * Adds a value to the collection. For `!!map` and `!!omap` the value must
       * be a Pair instance or a `{ key, value }` object, which may not have a key
       * that already exists in the map.
       */
      addIn(path2, value) {
        if (isEmptyPath(path2))
          this.add(value);
        else {
          const [key, ...rest] = path2;
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.addIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
      /**
       * Removes a value from the collection.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path2) {
        const [key, ...rest] = path2;
        if (rest.length === 0)
          return this.delete(key);
        const node = this.get(key, true);
        if (identity.isCollection(node))
          return node.deleteIn(rest);
        else
          throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path2, keepScalar) {
        const [key, ...rest] = path2;
        const node = this.get(key, true);
        if (rest.length === 0)
          return !keepScalar && identity.isScalar(node) ? node.value : node;
        else
          return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
      }
      hasAllNullValues(allowScalar) {
        return this.items.every((node) => {
          if (!identity.isPair(node))
            return false;
          const n = node.value;
          return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
        });
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       */
      hasIn(path2) {
        const [key, ...rest] = path2;
        if (rest.length === 0)
          return this.has(key);
        const node = this.get(key, true);
        return identity.isCollection(node) ? node.hasIn(rest) : false;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path2, value) {
        const [key, ...rest] = path2;
        if (rest.length === 0) {
          this.set(key, value);
        } else {
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.setIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
    };
    exports.Collection = Collection;
    exports.collectionFromPath = collectionFromPath;
    exports.isEmptyPath = isEmptyPath;
  }
});

// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyComment.js"(exports) {
    "use strict";
    var stringifyComment = /* @__PURE__ */ __name((str) => str.replace(/^(?!$)(?: $)?/gm, "#"), "stringifyComment");
    function indentComment(comment, indent) {
      if (/^\n+$/.test(comment))
        return comment.substring(1);
      return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
    }
    __name(indentComment, "indentComment");
    var lineComment = /* @__PURE__ */ __name((str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment, "lineComment");
    exports.indentComment = indentComment;
    exports.lineComment = lineComment;
    exports.stringifyComment = stringifyComment;
  }
});

// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = __commonJS({
  "node_modules/yaml/dist/stringify/foldFlowLines.js"(exports) {
    "use strict";
    var FOLD_FLOW = "flow";
    var FOLD_BLOCK = "block";
    var FOLD_QUOTED = "quoted";
    function foldFlowLines(text2, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
      if (!lineWidth || lineWidth < 0)
        return text2;
      if (lineWidth < minContentWidth)
        minContentWidth = 0;
      const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
      if (text2.length <= endStep)
        return text2;
      const folds = [];
      const escapedFolds = {};
      let end = lineWidth - indent.length;
      if (typeof indentAtStart === "number") {
        if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
          folds.push(0);
        else
          end = lineWidth - indentAtStart;
      }
      let split = void 0;
      let prev = void 0;
      let overflow = false;
      let i = -1;
      let escStart = -1;
      let escEnd = -1;
      if (mode === FOLD_BLOCK) {
        i = consumeMoreIndentedLines(text2, i, indent.length);
        if (i !== -1)
          end = i + endStep;
      }
      for (let ch; ch = text2[i += 1]; ) {
        if (mode === FOLD_QUOTED && ch === "\\") {
          escStart = i;
          switch (text2[i + 1]) {
            case "x":
              i += 3;
              break;
            case "u":
              i += 5;
              break;
            case "U":
              i += 9;
              break;
            default:
              i += 1;
          }
          escEnd = i;
        }
        if (ch === "\n") {
          if (mode === FOLD_BLOCK)
            i = consumeMoreIndentedLines(text2, i, indent.length);
          end = i + indent.length + endStep;
          split = void 0;
        } else {
          if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
            const next = text2[i + 1];
            if (next && next !== " " && next !== "\n" && next !== "	")
              split = i;
          }
          if (i >= end) {
            if (split) {
              folds.push(split);
              end = split + endStep;
              split = void 0;
            } else if (mode === FOLD_QUOTED) {
              while (prev === " " || prev === "	") {
                prev = ch;
                ch = text2[i += 1];
                overflow = true;
              }
              const j = i > escEnd + 1 ? i - 2 : escStart - 1;
              if (escapedFolds[j])
                return text2;
              folds.push(j);
              escapedFolds[j] = true;
              end = j + endStep;
              split = void 0;
            } else {
              overflow = true;
            }
          }
        }
        prev = ch;
      }
      if (overflow && onOverflow)
        onOverflow();
      if (folds.length === 0)
        return text2;
      if (onFold)
        onFold();
      let res = text2.slice(0, folds[0]);
      for (let i2 = 0; i2 < folds.length; ++i2) {
        const fold = folds[i2];
        const end2 = folds[i2 + 1] || text2.length;
        if (fold === 0)
          res = `
${indent}${text2.slice(0, end2)}`;
        else {
          if (mode === FOLD_QUOTED && escapedFolds[fold])
            res += `${text2[fold]}\\`;
          res += `
${indent}${text2.slice(fold + 1, end2)}`;
        }
      }
      return res;
    }
    __name(foldFlowLines, "foldFlowLines");
    function consumeMoreIndentedLines(text2, i, indent) {
      let end = i;
      let start = i + 1;
      let ch = text2[start];
      while (ch === " " || ch === "	") {
        if (i < start + indent) {
          ch = text2[++i];
        } else {
          do {
            ch = text2[++i];
          } while (ch && ch !== "\n");
          end = i;
          start = i + 1;
          ch = text2[start];
        }
      }
      return end;
    }
    __name(consumeMoreIndentedLines, "consumeMoreIndentedLines");
    exports.FOLD_BLOCK = FOLD_BLOCK;
    exports.FOLD_FLOW = FOLD_FLOW;
    exports.FOLD_QUOTED = FOLD_QUOTED;
    exports.foldFlowLines = foldFlowLines;
  }
});

// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyString.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var foldFlowLines = require_foldFlowLines();
    var getFoldOptions = /* @__PURE__ */ __name((ctx, isBlock) => ({
      indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
      lineWidth: ctx.options.lineWidth,
      minContentWidth: ctx.options.minContentWidth
    }), "getFoldOptions");
    var containsDocumentMarker = /* @__PURE__ */ __name((str) => /^(%|---|\.\.\.)/m.test(str), "containsDocumentMarker");
    function lineLengthOverLimit(str, lineWidth, indentLength) {
      if (!lineWidth || lineWidth < 0)
        return false;
      const limit = lineWidth - indentLength;
      const strLen = str.length;
      if (strLen <= limit)
        return false;
      for (let i = 0, start = 0; i < strLen; ++i) {
        if (str[i] === "\n") {
          if (i - start > limit)
            return true;
          start = i + 1;
          if (strLen - start <= limit)
            return false;
        }
      }
      return true;
    }
    __name(lineLengthOverLimit, "lineLengthOverLimit");
    function doubleQuotedString(value, ctx) {
      const json = JSON.stringify(value);
      if (ctx.options.doubleQuotedAsJSON)
        return json;
      const { implicitKey } = ctx;
      const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      let str = "";
      let start = 0;
      for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
        if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
          str += json.slice(start, i) + "\\ ";
          i += 1;
          start = i;
          ch = "\\";
        }
        if (ch === "\\")
          switch (json[i + 1]) {
            case "u":
              {
                str += json.slice(start, i);
                const code = json.substr(i + 2, 4);
                switch (code) {
                  case "0000":
                    str += "\\0";
                    break;
                  case "0007":
                    str += "\\a";
                    break;
                  case "000b":
                    str += "\\v";
                    break;
                  case "001b":
                    str += "\\e";
                    break;
                  case "0085":
                    str += "\\N";
                    break;
                  case "00a0":
                    str += "\\_";
                    break;
                  case "2028":
                    str += "\\L";
                    break;
                  case "2029":
                    str += "\\P";
                    break;
                  default:
                    if (code.substr(0, 2) === "00")
                      str += "\\x" + code.substr(2);
                    else
                      str += json.substr(i, 6);
                }
                i += 5;
                start = i + 1;
              }
              break;
            case "n":
              if (implicitKey || json[i + 2] === '"' || json.length < minMultiLineLength) {
                i += 1;
              } else {
                str += json.slice(start, i) + "\n\n";
                while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== '"') {
                  str += "\n";
                  i += 2;
                }
                str += indent;
                if (json[i + 2] === " ")
                  str += "\\";
                i += 1;
                start = i + 1;
              }
              break;
            default:
              i += 1;
          }
      }
      str = start ? str + json.slice(start) : json;
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
    }
    __name(doubleQuotedString, "doubleQuotedString");
    function singleQuotedString(value, ctx) {
      if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value))
        return doubleQuotedString(value, ctx);
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&
${indent}`) + "'";
      return ctx.implicitKey ? res : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    __name(singleQuotedString, "singleQuotedString");
    function quotedString(value, ctx) {
      const { singleQuote } = ctx.options;
      let qs;
      if (singleQuote === false)
        qs = doubleQuotedString;
      else {
        const hasDouble = value.includes('"');
        const hasSingle = value.includes("'");
        if (hasDouble && !hasSingle)
          qs = singleQuotedString;
        else if (hasSingle && !hasDouble)
          qs = doubleQuotedString;
        else
          qs = singleQuote ? singleQuotedString : doubleQuotedString;
      }
      return qs(value, ctx);
    }
    __name(quotedString, "quotedString");
    var blockEndNewlines;
    try {
      blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
    } catch {
      blockEndNewlines = /\n+(?!\n|$)/g;
    }
    function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
      const { blockQuote, commentString, lineWidth } = ctx.options;
      if (!blockQuote || /\n[\t ]+$/.test(value)) {
        return quotedString(value, ctx);
      }
      const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
      const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
      if (!value)
        return literal ? "|\n" : ">\n";
      let chomp;
      let endStart;
      for (endStart = value.length; endStart > 0; --endStart) {
        const ch = value[endStart - 1];
        if (ch !== "\n" && ch !== "	" && ch !== " ")
          break;
      }
      let end = value.substring(endStart);
      const endNlPos = end.indexOf("\n");
      if (endNlPos === -1) {
        chomp = "-";
      } else if (value === end || endNlPos !== end.length - 1) {
        chomp = "+";
        if (onChompKeep)
          onChompKeep();
      } else {
        chomp = "";
      }
      if (end) {
        value = value.slice(0, -end.length);
        if (end[end.length - 1] === "\n")
          end = end.slice(0, -1);
        end = end.replace(blockEndNewlines, `$&${indent}`);
      }
      let startWithSpace = false;
      let startEnd;
      let startNlPos = -1;
      for (startEnd = 0; startEnd < value.length; ++startEnd) {
        const ch = value[startEnd];
        if (ch === " ")
          startWithSpace = true;
        else if (ch === "\n")
          startNlPos = startEnd;
        else
          break;
      }
      let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
      if (start) {
        value = value.substring(start.length);
        start = start.replace(/\n+/g, `$&${indent}`);
      }
      const indentSize = indent ? "2" : "1";
      let header = (startWithSpace ? indentSize : "") + chomp;
      if (comment) {
        header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
        if (onComment)
          onComment();
      }
      if (!literal) {
        const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
        let literalFallback = false;
        const foldOptions = getFoldOptions(ctx, true);
        if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) {
          foldOptions.onOverflow = () => {
            literalFallback = true;
          };
        }
        const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
        if (!literalFallback)
          return `>${header}
${indent}${body}`;
      }
      value = value.replace(/\n+/g, `$&${indent}`);
      return `|${header}
${indent}${start}${value}${end}`;
    }
    __name(blockString, "blockString");
    function plainString(item, ctx, onComment, onChompKeep) {
      const { type, value } = item;
      const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
      if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) {
        return quotedString(value, ctx);
      }
      if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
        return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
      }
      if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) {
        return blockString(item, ctx, onComment, onChompKeep);
      }
      if (containsDocumentMarker(value)) {
        if (indent === "") {
          ctx.forceBlockIndent = true;
          return blockString(item, ctx, onComment, onChompKeep);
        } else if (implicitKey && indent === indentStep) {
          return quotedString(value, ctx);
        }
      }
      const str = value.replace(/\n+/g, `$&
${indent}`);
      if (actualString) {
        const test = /* @__PURE__ */ __name((tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str), "test");
        const { compat, tags } = ctx.doc.schema;
        if (tags.some(test) || compat?.some(test))
          return quotedString(value, ctx);
      }
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    __name(plainString, "plainString");
    function stringifyString(item, ctx, onComment, onChompKeep) {
      const { implicitKey, inFlow } = ctx;
      const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
      let { type } = item;
      if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
          type = Scalar.Scalar.QUOTE_DOUBLE;
      }
      const _stringify = /* @__PURE__ */ __name((_type) => {
        switch (_type) {
          case Scalar.Scalar.BLOCK_FOLDED:
          case Scalar.Scalar.BLOCK_LITERAL:
            return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
          case Scalar.Scalar.QUOTE_DOUBLE:
            return doubleQuotedString(ss.value, ctx);
          case Scalar.Scalar.QUOTE_SINGLE:
            return singleQuotedString(ss.value, ctx);
          case Scalar.Scalar.PLAIN:
            return plainString(ss, ctx, onComment, onChompKeep);
          default:
            return null;
        }
      }, "_stringify");
      let res = _stringify(type);
      if (res === null) {
        const { defaultKeyType, defaultStringType } = ctx.options;
        const t = implicitKey && defaultKeyType || defaultStringType;
        res = _stringify(t);
        if (res === null)
          throw new Error(`Unsupported default string type ${t}`);
      }
      return res;
    }
    __name(stringifyString, "stringifyString");
    exports.stringifyString = stringifyString;
  }
});

// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = __commonJS({
  "node_modules/yaml/dist/stringify/stringify.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var identity = require_identity();
    var stringifyComment = require_stringifyComment();
    var stringifyString = require_stringifyString();
    function createStringifyContext(doc, options) {
      const opt = Object.assign({
        blockQuote: true,
        commentString: stringifyComment.stringifyComment,
        defaultKeyType: null,
        defaultStringType: "PLAIN",
        directives: null,
        doubleQuotedAsJSON: false,
        doubleQuotedMinMultiLineLength: 40,
        falseStr: "false",
        flowCollectionPadding: true,
        indentSeq: true,
        lineWidth: 80,
        minContentWidth: 20,
        nullStr: "null",
        simpleKeys: false,
        singleQuote: null,
        trailingComma: false,
        trueStr: "true",
        verifyAliasOrder: true
      }, doc.schema.toStringOptions, options);
      let inFlow;
      switch (opt.collectionStyle) {
        case "block":
          inFlow = false;
          break;
        case "flow":
          inFlow = true;
          break;
        default:
          inFlow = null;
      }
      return {
        anchors: /* @__PURE__ */ new Set(),
        doc,
        flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
        indent: "",
        indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
        inFlow,
        options: opt
      };
    }
    __name(createStringifyContext, "createStringifyContext");
    function getTagObject(tags, item) {
      if (item.tag) {
        const match = tags.filter((t) => t.tag === item.tag);
        if (match.length > 0)
          return match.find((t) => t.format === item.format) ?? match[0];
      }
      let tagObj = void 0;
      let obj;
      if (identity.isScalar(item)) {
        obj = item.value;
        let match = tags.filter((t) => t.identify?.(obj));
        if (match.length > 1) {
          const testMatch = match.filter((t) => t.test);
          if (testMatch.length > 0)
            match = testMatch;
        }
        tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
      } else {
        obj = item;
        tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
      }
      if (!tagObj) {
        const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
        throw new Error(`Tag not resolved for ${name} value`);
      }
      return tagObj;
    }
    __name(getTagObject, "getTagObject");
    function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
      if (!doc.directives)
        return "";
      const props = [];
      const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
      if (anchor && anchors.anchorIsValid(anchor)) {
        anchors$1.add(anchor);
        props.push(`&${anchor}`);
      }
      const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
      if (tag)
        props.push(doc.directives.tagString(tag));
      return props.join(" ");
    }
    __name(stringifyProps, "stringifyProps");
    function stringify(item, ctx, onComment, onChompKeep) {
      if (identity.isPair(item))
        return item.toString(ctx, onComment, onChompKeep);
      if (identity.isAlias(item)) {
        if (ctx.doc.directives)
          return item.toString(ctx);
        if (ctx.resolvedAliases?.has(item)) {
          throw new TypeError(`Cannot stringify circular structure without alias nodes`);
        } else {
          if (ctx.resolvedAliases)
            ctx.resolvedAliases.add(item);
          else
            ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
          item = item.resolve(ctx.doc);
        }
      }
      let tagObj = void 0;
      const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: /* @__PURE__ */ __name((o) => tagObj = o, "onTagObj") });
      tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
      const props = stringifyProps(node, tagObj, ctx);
      if (props.length > 0)
        ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
      const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
      if (!props)
        return str;
      return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}
${ctx.indent}${str}`;
    }
    __name(stringify, "stringify");
    exports.createStringifyContext = createStringifyContext;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyPair.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
      const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
      let keyComment = identity.isNode(key) && key.comment || null;
      if (simpleKeys) {
        if (keyComment) {
          throw new Error("With simple keys, key nodes cannot have comments");
        }
        if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") {
          const msg = "With simple keys, collection cannot be used as a key value";
          throw new Error(msg);
        }
      }
      let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
      ctx = Object.assign({}, ctx, {
        allNullValues: false,
        implicitKey: !explicitKey && (simpleKeys || !allNullValues),
        indent: indent + indentStep
      });
      let keyCommentDone = false;
      let chompKeep = false;
      let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
      if (!explicitKey && !ctx.inFlow && str.length > 1024) {
        if (simpleKeys)
          throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
        explicitKey = true;
      }
      if (ctx.inFlow) {
        if (allNullValues || value == null) {
          if (keyCommentDone && onComment)
            onComment();
          return str === "" ? "?" : explicitKey ? `? ${str}` : str;
        }
      } else if (allNullValues && !simpleKeys || value == null && explicitKey) {
        str = `? ${str}`;
        if (keyComment && !keyCommentDone) {
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        } else if (chompKeep && onChompKeep)
          onChompKeep();
        return str;
      }
      if (keyCommentDone)
        keyComment = null;
      if (explicitKey) {
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        str = `? ${str}
${indent}:`;
      } else {
        str = `${str}:`;
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
      }
      let vsb, vcb, valueComment;
      if (identity.isNode(value)) {
        vsb = !!value.spaceBefore;
        vcb = value.commentBefore;
        valueComment = value.comment;
      } else {
        vsb = false;
        vcb = null;
        valueComment = null;
        if (value && typeof value === "object")
          value = doc.createNode(value);
      }
      ctx.implicitKey = false;
      if (!explicitKey && !keyComment && identity.isScalar(value))
        ctx.indentAtStart = str.length + 1;
      chompKeep = false;
      if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) {
        ctx.indent = ctx.indent.substring(2);
      }
      let valueCommentDone = false;
      const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
      let ws = " ";
      if (keyComment || vsb || vcb) {
        ws = vsb ? "\n" : "";
        if (vcb) {
          const cs = commentString(vcb);
          ws += `
${stringifyComment.indentComment(cs, ctx.indent)}`;
        }
        if (valueStr === "" && !ctx.inFlow) {
          if (ws === "\n" && valueComment)
            ws = "\n\n";
        } else {
          ws += `
${ctx.indent}`;
        }
      } else if (!explicitKey && identity.isCollection(value)) {
        const vs0 = valueStr[0];
        const nl0 = valueStr.indexOf("\n");
        const hasNewline = nl0 !== -1;
        const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
        if (hasNewline || !flow) {
          let hasPropsLine = false;
          if (hasNewline && (vs0 === "&" || vs0 === "!")) {
            let sp0 = valueStr.indexOf(" ");
            if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") {
              sp0 = valueStr.indexOf(" ", sp0 + 1);
            }
            if (sp0 === -1 || nl0 < sp0)
              hasPropsLine = true;
          }
          if (!hasPropsLine)
            ws = `
${ctx.indent}`;
        }
      } else if (valueStr === "" || valueStr[0] === "\n") {
        ws = "";
      }
      str += ws + valueStr;
      if (ctx.inFlow) {
        if (valueCommentDone && onComment)
          onComment();
      } else if (valueComment && !valueCommentDone) {
        str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
      } else if (chompKeep && onChompKeep) {
        onChompKeep();
      }
      return str;
    }
    __name(stringifyPair, "stringifyPair");
    exports.stringifyPair = stringifyPair;
  }
});

// node_modules/yaml/dist/log.js
var require_log = __commonJS({
  "node_modules/yaml/dist/log.js"(exports) {
    "use strict";
    var node_process = __require("process");
    function debug(logLevel, ...messages) {
      if (logLevel === "debug")
        console.log(...messages);
    }
    __name(debug, "debug");
    function warn(logLevel, warning) {
      if (logLevel === "debug" || logLevel === "warn") {
        if (typeof node_process.emitWarning === "function")
          node_process.emitWarning(warning);
        else
          console.warn(warning);
      }
    }
    __name(warn, "warn");
    exports.debug = debug;
    exports.warn = warn;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/merge.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var MERGE_KEY = "<<";
    var merge = {
      identify: /* @__PURE__ */ __name((value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY, "identify"),
      default: "key",
      tag: "tag:yaml.org,2002:merge",
      test: /^<<$/,
      resolve: /* @__PURE__ */ __name(() => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
      }), "resolve"),
      stringify: /* @__PURE__ */ __name(() => MERGE_KEY, "stringify")
    };
    var isMergeKey = /* @__PURE__ */ __name((ctx, key) => (merge.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default), "isMergeKey");
    function addMergeToJSMap(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (identity.isSeq(source))
        for (const it of source.items)
          mergeValue(ctx, map, it);
      else if (Array.isArray(source))
        for (const it of source)
          mergeValue(ctx, map, it);
      else
        mergeValue(ctx, map, source);
    }
    __name(addMergeToJSMap, "addMergeToJSMap");
    function mergeValue(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (!identity.isMap(source))
        throw new Error("Merge sources must be maps or map aliases");
      const srcMap = source.toJSON(null, ctx, Map);
      for (const [key, value2] of srcMap) {
        if (map instanceof Map) {
          if (!map.has(key))
            map.set(key, value2);
        } else if (map instanceof Set) {
          map.add(key);
        } else if (!Object.prototype.hasOwnProperty.call(map, key)) {
          Object.defineProperty(map, key, {
            value: value2,
            writable: true,
            enumerable: true,
            configurable: true
          });
        }
      }
      return map;
    }
    __name(mergeValue, "mergeValue");
    function resolveAliasValue(ctx, value) {
      return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
    }
    __name(resolveAliasValue, "resolveAliasValue");
    exports.addMergeToJSMap = addMergeToJSMap;
    exports.isMergeKey = isMergeKey;
    exports.merge = merge;
  }
});

// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = __commonJS({
  "node_modules/yaml/dist/nodes/addPairToJSMap.js"(exports) {
    "use strict";
    var log = require_log();
    var merge = require_merge();
    var stringify = require_stringify();
    var identity = require_identity();
    var toJS = require_toJS();
    function addPairToJSMap(ctx, map, { key, value }) {
      if (identity.isNode(key) && key.addToJSMap)
        key.addToJSMap(ctx, map, value);
      else if (merge.isMergeKey(ctx, key))
        merge.addMergeToJSMap(ctx, map, value);
      else {
        const jsKey = toJS.toJS(key, "", ctx);
        if (map instanceof Map) {
          map.set(jsKey, toJS.toJS(value, jsKey, ctx));
        } else if (map instanceof Set) {
          map.add(jsKey);
        } else {
          const stringKey = stringifyKey(key, jsKey, ctx);
          const jsValue = toJS.toJS(value, stringKey, ctx);
          if (stringKey in map)
            Object.defineProperty(map, stringKey, {
              value: jsValue,
              writable: true,
              enumerable: true,
              configurable: true
            });
          else
            map[stringKey] = jsValue;
        }
      }
      return map;
    }
    __name(addPairToJSMap, "addPairToJSMap");
    function stringifyKey(key, jsKey, ctx) {
      if (jsKey === null)
        return "";
      if (typeof jsKey !== "object")
        return String(jsKey);
      if (identity.isNode(key) && ctx?.doc) {
        const strCtx = stringify.createStringifyContext(ctx.doc, {});
        strCtx.anchors = /* @__PURE__ */ new Set();
        for (const node of ctx.anchors.keys())
          strCtx.anchors.add(node.anchor);
        strCtx.inFlow = true;
        strCtx.inStringifyKey = true;
        const strKey = key.toString(strCtx);
        if (!ctx.mapKeyWarned) {
          let jsonStr = JSON.stringify(strKey);
          if (jsonStr.length > 40)
            jsonStr = jsonStr.substring(0, 36) + '..."';
          log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
          ctx.mapKeyWarned = true;
        }
        return strKey;
      }
      return JSON.stringify(jsKey);
    }
    __name(stringifyKey, "stringifyKey");
    exports.addPairToJSMap = addPairToJSMap;
  }
});

// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = __commonJS({
  "node_modules/yaml/dist/nodes/Pair.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyPair = require_stringifyPair();
    var addPairToJSMap = require_addPairToJSMap();
    var identity = require_identity();
    function createPair(key, value, ctx) {
      const k = createNode.createNode(key, void 0, ctx);
      const v = createNode.createNode(value, void 0, ctx);
      return new Pair(k, v);
    }
    __name(createPair, "createPair");
    var Pair = class _Pair {
      static {
        __name(this, "Pair");
      }
      constructor(key, value = null) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
        this.key = key;
        this.value = value;
      }
      clone(schema) {
        let { key, value } = this;
        if (identity.isNode(key))
          key = key.clone(schema);
        if (identity.isNode(value))
          value = value.clone(schema);
        return new _Pair(key, value);
      }
      toJSON(_, ctx) {
        const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        return addPairToJSMap.addPairToJSMap(ctx, pair, this);
      }
      toString(ctx, onComment, onChompKeep) {
        return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
      }
    };
    exports.Pair = Pair;
    exports.createPair = createPair;
  }
});

// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyCollection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyCollection(collection, ctx, options) {
      const flow = ctx.inFlow ?? collection.flow;
      const stringify2 = flow ? stringifyFlowCollection : stringifyBlockCollection;
      return stringify2(collection, ctx, options);
    }
    __name(stringifyCollection, "stringifyCollection");
    function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
      const { indent, options: { commentString } } = ctx;
      const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
      let chompKeep = false;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment2 = null;
        if (identity.isNode(item)) {
          if (!chompKeep && item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
          if (item.comment)
            comment2 = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (!chompKeep && ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
          }
        }
        chompKeep = false;
        let str2 = stringify.stringify(item, itemCtx, () => comment2 = null, () => chompKeep = true);
        if (comment2)
          str2 += stringifyComment.lineComment(str2, itemIndent, commentString(comment2));
        if (chompKeep && comment2)
          chompKeep = false;
        lines.push(blockItemPrefix + str2);
      }
      let str;
      if (lines.length === 0) {
        str = flowChars.start + flowChars.end;
      } else {
        str = lines[0];
        for (let i = 1; i < lines.length; ++i) {
          const line = lines[i];
          str += line ? `
${indent}${line}` : "\n";
        }
      }
      if (comment) {
        str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
        if (onComment)
          onComment();
      } else if (chompKeep && onChompKeep)
        onChompKeep();
      return str;
    }
    __name(stringifyBlockCollection, "stringifyBlockCollection");
    function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
      const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
      itemIndent += indentStep;
      const itemCtx = Object.assign({}, ctx, {
        indent: itemIndent,
        inFlow: true,
        type: null
      });
      let reqNewline = false;
      let linesAtValue = 0;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment = null;
        if (identity.isNode(item)) {
          if (item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, false);
          if (item.comment)
            comment = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, false);
            if (ik.comment)
              reqNewline = true;
          }
          const iv = identity.isNode(item.value) ? item.value : null;
          if (iv) {
            if (iv.comment)
              comment = iv.comment;
            if (iv.commentBefore)
              reqNewline = true;
          } else if (item.value == null && ik?.comment) {
            comment = ik.comment;
          }
        }
        if (comment)
          reqNewline = true;
        let str = stringify.stringify(item, itemCtx, () => comment = null);
        reqNewline || (reqNewline = lines.length > linesAtValue || str.includes("\n"));
        if (i < items.length - 1) {
          str += ",";
        } else if (ctx.options.trailingComma) {
          if (ctx.options.lineWidth > 0) {
            reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
          }
          if (reqNewline) {
            str += ",";
          }
        }
        if (comment)
          str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        lines.push(str);
        linesAtValue = lines.length;
      }
      const { start, end } = flowChars;
      if (lines.length === 0) {
        return start + end;
      } else {
        if (!reqNewline) {
          const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
          reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
        }
        if (reqNewline) {
          let str = start;
          for (const line of lines)
            str += line ? `
${indentStep}${indent}${line}` : "\n";
          return `${str}
${indent}${end}`;
        } else {
          return `${start}${fcPadding}${lines.join(" ")}${fcPadding}${end}`;
        }
      }
    }
    __name(stringifyFlowCollection, "stringifyFlowCollection");
    function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
      if (comment && chompKeep)
        comment = comment.replace(/^\n+/, "");
      if (comment) {
        const ic = stringifyComment.indentComment(commentString(comment), indent);
        lines.push(ic.trimStart());
      }
    }
    __name(addCommentBefore, "addCommentBefore");
    exports.stringifyCollection = stringifyCollection;
  }
});

// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLMap.js"(exports) {
    "use strict";
    var stringifyCollection = require_stringifyCollection();
    var addPairToJSMap = require_addPairToJSMap();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    function findPair(items, key) {
      const k = identity.isScalar(key) ? key.value : key;
      for (const it of items) {
        if (identity.isPair(it)) {
          if (it.key === key || it.key === k)
            return it;
          if (identity.isScalar(it.key) && it.key.value === k)
            return it;
        }
      }
      return void 0;
    }
    __name(findPair, "findPair");
    var YAMLMap = class extends Collection.Collection {
      static {
        __name(this, "YAMLMap");
      }
      static get tagName() {
        return "tag:yaml.org,2002:map";
      }
      constructor(schema) {
        super(identity.MAP, schema);
        this.items = [];
      }
      /**
       * A generic collection parsing method that can be extended
       * to other node classes that inherit from YAMLMap
       */
      static from(schema, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map = new this(schema);
        const add = /* @__PURE__ */ __name((key, value) => {
          if (typeof replacer === "function")
            value = replacer.call(obj, key, value);
          else if (Array.isArray(replacer) && !replacer.includes(key))
            return;
          if (value !== void 0 || keepUndefined)
            map.items.push(Pair.createPair(key, value, ctx));
        }, "add");
        if (obj instanceof Map) {
          for (const [key, value] of obj)
            add(key, value);
        } else if (obj && typeof obj === "object") {
          for (const key of Object.keys(obj))
            add(key, obj[key]);
        }
        if (typeof schema.sortMapEntries === "function") {
          map.items.sort(schema.sortMapEntries);
        }
        return map;
      }
      /**
       * Adds a value to the collection.
       *
       * @param overwrite - If not set `true`, using a key that is already in the
       *   collection will throw. Otherwise, overwrites the previous value.
       */
      add(pair, overwrite) {
        let _pair;
        if (identity.isPair(pair))
          _pair = pair;
        else if (!pair || typeof pair !== "object" || !("key" in pair)) {
          _pair = new Pair.Pair(pair, pair?.value);
        } else
          _pair = new Pair.Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
          if (!overwrite)
            throw new Error(`Key ${_pair.key} already set`);
          if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value))
            prev.value.value = _pair.value;
          else
            prev.value = _pair.value;
        } else if (sortEntries) {
          const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
          if (i === -1)
            this.items.push(_pair);
          else
            this.items.splice(i, 0, _pair);
        } else {
          this.items.push(_pair);
        }
      }
      delete(key) {
        const it = findPair(this.items, key);
        if (!it)
          return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
      }
      has(key) {
        return !!findPair(this.items, key);
      }
      set(key, value) {
        this.add(new Pair.Pair(key, value), true);
      }
      /**
       * @param ctx - Conversion context, originally set in Document#toJS()
       * @param {Class} Type - If set, forces the returned collection type
       * @returns Instance of Type, Map, or Object
       */
      toJSON(_, ctx, Type) {
        const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const item of this.items)
          addPairToJSMap.addPairToJSMap(ctx, map, item);
        return map;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        for (const item of this.items) {
          if (!identity.isPair(item))
            throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
          ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "",
          flowChars: { start: "{", end: "}" },
          itemIndent: ctx.indent || "",
          onChompKeep,
          onComment
        });
      }
    };
    exports.YAMLMap = YAMLMap;
    exports.findPair = findPair;
  }
});

// node_modules/yaml/dist/schema/common/map.js
var require_map = __commonJS({
  "node_modules/yaml/dist/schema/common/map.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLMap = require_YAMLMap();
    var map = {
      collection: "map",
      default: true,
      nodeClass: YAMLMap.YAMLMap,
      tag: "tag:yaml.org,2002:map",
      resolve(map2, onError) {
        if (!identity.isMap(map2))
          onError("Expected a mapping for this tag");
        return map2;
      },
      createNode: /* @__PURE__ */ __name((schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx), "createNode")
    };
    exports.map = map;
  }
});

// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLSeq.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyCollection = require_stringifyCollection();
    var Collection = require_Collection();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var toJS = require_toJS();
    var YAMLSeq = class extends Collection.Collection {
      static {
        __name(this, "YAMLSeq");
      }
      static get tagName() {
        return "tag:yaml.org,2002:seq";
      }
      constructor(schema) {
        super(identity.SEQ, schema);
        this.items = [];
      }
      add(value) {
        this.items.push(value);
      }
      /**
       * Removes a value from the collection.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       *
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return void 0;
        const it = this.items[idx];
        return !keepScalar && identity.isScalar(it) ? it.value : it;
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       */
      has(key) {
        const idx = asItemIndex(key);
        return typeof idx === "number" && idx < this.items.length;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       *
       * If `key` does not contain a representation of an integer, this will throw.
       * It may be wrapped in a `Scalar`.
       */
      set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (identity.isScalar(prev) && Scalar.isScalarValue(value))
          prev.value = value;
        else
          this.items[idx] = value;
      }
      toJSON(_, ctx) {
        const seq = [];
        if (ctx?.onCreate)
          ctx.onCreate(seq);
        let i = 0;
        for (const item of this.items)
          seq.push(toJS.toJS(item, String(i++), ctx));
        return seq;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "- ",
          flowChars: { start: "[", end: "]" },
          itemIndent: (ctx.indent || "") + "  ",
          onChompKeep,
          onComment
        });
      }
      static from(schema, obj, ctx) {
        const { replacer } = ctx;
        const seq = new this(schema);
        if (obj && Symbol.iterator in Object(obj)) {
          let i = 0;
          for (let it of obj) {
            if (typeof replacer === "function") {
              const key = obj instanceof Set ? it : String(i++);
              it = replacer.call(obj, key, it);
            }
            seq.items.push(createNode.createNode(it, void 0, ctx));
          }
        }
        return seq;
      }
    };
    function asItemIndex(key) {
      let idx = identity.isScalar(key) ? key.value : key;
      if (idx && typeof idx === "string")
        idx = Number(idx);
      return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
    }
    __name(asItemIndex, "asItemIndex");
    exports.YAMLSeq = YAMLSeq;
  }
});

// node_modules/yaml/dist/schema/common/seq.js
var require_seq = __commonJS({
  "node_modules/yaml/dist/schema/common/seq.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLSeq = require_YAMLSeq();
    var seq = {
      collection: "seq",
      default: true,
      nodeClass: YAMLSeq.YAMLSeq,
      tag: "tag:yaml.org,2002:seq",
      resolve(seq2, onError) {
        if (!identity.isSeq(seq2))
          onError("Expected a sequence for this tag");
        return seq2;
      },
      createNode: /* @__PURE__ */ __name((schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx), "createNode")
    };
    exports.seq = seq;
  }
});

// node_modules/yaml/dist/schema/common/string.js
var require_string = __commonJS({
  "node_modules/yaml/dist/schema/common/string.js"(exports) {
    "use strict";
    var stringifyString = require_stringifyString();
    var string = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "string", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:str",
      resolve: /* @__PURE__ */ __name((str) => str, "resolve"),
      stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
      }
    };
    exports.string = string;
  }
});

// node_modules/yaml/dist/schema/common/null.js
var require_null = __commonJS({
  "node_modules/yaml/dist/schema/common/null.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var nullTag = {
      identify: /* @__PURE__ */ __name((value) => value == null, "identify"),
      createNode: /* @__PURE__ */ __name(() => new Scalar.Scalar(null), "createNode"),
      default: true,
      tag: "tag:yaml.org,2002:null",
      test: /^(?:~|[Nn]ull|NULL)?$/,
      resolve: /* @__PURE__ */ __name(() => new Scalar.Scalar(null), "resolve"),
      stringify: /* @__PURE__ */ __name(({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr, "stringify")
    };
    exports.nullTag = nullTag;
  }
});

// node_modules/yaml/dist/schema/core/bool.js
var require_bool = __commonJS({
  "node_modules/yaml/dist/schema/core/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var boolTag = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "boolean", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
      resolve: /* @__PURE__ */ __name((str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"), "resolve"),
      stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
          const sv = source[0] === "t" || source[0] === "T";
          if (value === sv)
            return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
      }
    };
    exports.boolTag = boolTag;
  }
});

// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyNumber.js"(exports) {
    "use strict";
    function stringifyNumber({ format, minFractionDigits, tag, value }) {
      if (typeof value === "bigint")
        return String(value);
      const num = typeof value === "number" ? value : Number(value);
      if (!isFinite(num))
        return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
      let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
      if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
        let i = n.indexOf(".");
        if (i < 0) {
          i = n.length;
          n += ".";
        }
        let d = minFractionDigits - (n.length - i - 1);
        while (d-- > 0)
          n += "0";
      }
      return n;
    }
    __name(stringifyNumber, "stringifyNumber");
    exports.stringifyNumber = stringifyNumber;
  }
});

// node_modules/yaml/dist/schema/core/float.js
var require_float = __commonJS({
  "node_modules/yaml/dist/schema/core/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: /* @__PURE__ */ __name((str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY, "resolve"),
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
      resolve: /* @__PURE__ */ __name((str) => parseFloat(str), "resolve"),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str));
        const dot = str.indexOf(".");
        if (dot !== -1 && str[str.length - 1] === "0")
          node.minFractionDigits = str.length - dot - 1;
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/core/int.js
var require_int = __commonJS({
  "node_modules/yaml/dist/schema/core/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = /* @__PURE__ */ __name((value) => typeof value === "bigint" || Number.isInteger(value), "intIdentify");
    var intResolve = /* @__PURE__ */ __name((str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix), "intResolve");
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value) && value >= 0)
        return prefix + value.toString(radix);
      return stringifyNumber.stringifyNumber(node);
    }
    __name(intStringify, "intStringify");
    var intOct = {
      identify: /* @__PURE__ */ __name((value) => intIdentify(value) && value >= 0, "identify"),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^0o[0-7]+$/,
      resolve: /* @__PURE__ */ __name((str, _onError, opt) => intResolve(str, 2, 8, opt), "resolve"),
      stringify: /* @__PURE__ */ __name((node) => intStringify(node, 8, "0o"), "stringify")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9]+$/,
      resolve: /* @__PURE__ */ __name((str, _onError, opt) => intResolve(str, 0, 10, opt), "resolve"),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: /* @__PURE__ */ __name((value) => intIdentify(value) && value >= 0, "identify"),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^0x[0-9a-fA-F]+$/,
      resolve: /* @__PURE__ */ __name((str, _onError, opt) => intResolve(str, 2, 16, opt), "resolve"),
      stringify: /* @__PURE__ */ __name((node) => intStringify(node, 16, "0x"), "stringify")
    };
    exports.int = int;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/core/schema.js
var require_schema = __commonJS({
  "node_modules/yaml/dist/schema/core/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.boolTag,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/json/schema.js
var require_schema2 = __commonJS({
  "node_modules/yaml/dist/schema/json/schema.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var map = require_map();
    var seq = require_seq();
    function intIdentify(value) {
      return typeof value === "bigint" || Number.isInteger(value);
    }
    __name(intIdentify, "intIdentify");
    var stringifyJSON = /* @__PURE__ */ __name(({ value }) => JSON.stringify(value), "stringifyJSON");
    var jsonScalars = [
      {
        identify: /* @__PURE__ */ __name((value) => typeof value === "string", "identify"),
        default: true,
        tag: "tag:yaml.org,2002:str",
        resolve: /* @__PURE__ */ __name((str) => str, "resolve"),
        stringify: stringifyJSON
      },
      {
        identify: /* @__PURE__ */ __name((value) => value == null, "identify"),
        createNode: /* @__PURE__ */ __name(() => new Scalar.Scalar(null), "createNode"),
        default: true,
        tag: "tag:yaml.org,2002:null",
        test: /^null$/,
        resolve: /* @__PURE__ */ __name(() => null, "resolve"),
        stringify: stringifyJSON
      },
      {
        identify: /* @__PURE__ */ __name((value) => typeof value === "boolean", "identify"),
        default: true,
        tag: "tag:yaml.org,2002:bool",
        test: /^true$|^false$/,
        resolve: /* @__PURE__ */ __name((str) => str === "true", "resolve"),
        stringify: stringifyJSON
      },
      {
        identify: intIdentify,
        default: true,
        tag: "tag:yaml.org,2002:int",
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: /* @__PURE__ */ __name((str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10), "resolve"),
        stringify: /* @__PURE__ */ __name(({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value), "stringify")
      },
      {
        identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
        default: true,
        tag: "tag:yaml.org,2002:float",
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: /* @__PURE__ */ __name((str) => parseFloat(str), "resolve"),
        stringify: stringifyJSON
      }
    ];
    var jsonError = {
      default: true,
      tag: "",
      test: /^/,
      resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
      }
    };
    var schema = [map.map, seq.seq].concat(jsonScalars, jsonError);
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/binary.js"(exports) {
    "use strict";
    var node_buffer = __require("buffer");
    var Scalar = require_Scalar();
    var stringifyString = require_stringifyString();
    var binary = {
      identify: /* @__PURE__ */ __name((value) => value instanceof Uint8Array, "identify"),
      // Buffer inherits from Uint8Array
      default: false,
      tag: "tag:yaml.org,2002:binary",
      /**
       * Returns a Buffer in node and an Uint8Array in browsers
       *
       * To use the resulting buffer as an image, you'll want to do something like:
       *
       *   const blob = new Blob([buffer], { type: 'image/jpeg' })
       *   document.querySelector('#photo').src = URL.createObjectURL(blob)
       */
      resolve(src, onError) {
        if (typeof node_buffer.Buffer === "function") {
          return node_buffer.Buffer.from(src, "base64");
        } else if (typeof atob === "function") {
          const str = atob(src.replace(/[\n\r]/g, ""));
          const buffer = new Uint8Array(str.length);
          for (let i = 0; i < str.length; ++i)
            buffer[i] = str.charCodeAt(i);
          return buffer;
        } else {
          onError("This environment does not support reading binary tags; either Buffer or atob is required");
          return src;
        }
      },
      stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
          return "";
        const buf = value;
        let str;
        if (typeof node_buffer.Buffer === "function") {
          str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
        } else if (typeof btoa === "function") {
          let s = "";
          for (let i = 0; i < buf.length; ++i)
            s += String.fromCharCode(buf[i]);
          str = btoa(s);
        } else {
          throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
        }
        type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
        if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
          const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
          const n = Math.ceil(str.length / lineWidth);
          const lines = new Array(n);
          for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
            lines[i] = str.substr(o, lineWidth);
          }
          str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
        }
        return stringifyString.stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
      }
    };
    exports.binary = binary;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/pairs.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLSeq = require_YAMLSeq();
    function resolvePairs(seq, onError) {
      if (identity.isSeq(seq)) {
        for (let i = 0; i < seq.items.length; ++i) {
          let item = seq.items[i];
          if (identity.isPair(item))
            continue;
          else if (identity.isMap(item)) {
            if (item.items.length > 1)
              onError("Each pair must have its own sequence indicator");
            const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
            if (item.commentBefore)
              pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}
${pair.key.commentBefore}` : item.commentBefore;
            if (item.comment) {
              const cn = pair.value ?? pair.key;
              cn.comment = cn.comment ? `${item.comment}
${cn.comment}` : item.comment;
            }
            item = pair;
          }
          seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
        }
      } else
        onError("Expected a sequence for this tag");
      return seq;
    }
    __name(resolvePairs, "resolvePairs");
    function createPairs(schema, iterable, ctx) {
      const { replacer } = ctx;
      const pairs2 = new YAMLSeq.YAMLSeq(schema);
      pairs2.tag = "tag:yaml.org,2002:pairs";
      let i = 0;
      if (iterable && Symbol.iterator in Object(iterable))
        for (let it of iterable) {
          if (typeof replacer === "function")
            it = replacer.call(iterable, String(i++), it);
          let key, value;
          if (Array.isArray(it)) {
            if (it.length === 2) {
              key = it[0];
              value = it[1];
            } else
              throw new TypeError(`Expected [key, value] tuple: ${it}`);
          } else if (it && it instanceof Object) {
            const keys3 = Object.keys(it);
            if (keys3.length === 1) {
              key = keys3[0];
              value = it[key];
            } else {
              throw new TypeError(`Expected tuple with one key, not ${keys3.length} keys`);
            }
          } else {
            key = it;
          }
          pairs2.items.push(Pair.createPair(key, value, ctx));
        }
      return pairs2;
    }
    __name(createPairs, "createPairs");
    var pairs = {
      collection: "seq",
      default: false,
      tag: "tag:yaml.org,2002:pairs",
      resolve: resolvePairs,
      createNode: createPairs
    };
    exports.createPairs = createPairs;
    exports.pairs = pairs;
    exports.resolvePairs = resolvePairs;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/omap.js"(exports) {
    "use strict";
    var identity = require_identity();
    var toJS = require_toJS();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var pairs = require_pairs();
    var YAMLOMap = class _YAMLOMap extends YAMLSeq.YAMLSeq {
      static {
        __name(this, "YAMLOMap");
      }
      constructor() {
        super();
        this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
        this.tag = _YAMLOMap.tag;
      }
      /**
       * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
       * but TypeScript won't allow widening the signature of a child method.
       */
      toJSON(_, ctx) {
        if (!ctx)
          return super.toJSON(_);
        const map = /* @__PURE__ */ new Map();
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const pair of this.items) {
          let key, value;
          if (identity.isPair(pair)) {
            key = toJS.toJS(pair.key, "", ctx);
            value = toJS.toJS(pair.value, key, ctx);
          } else {
            key = toJS.toJS(pair, "", ctx);
          }
          if (map.has(key))
            throw new Error("Ordered maps must not include duplicate keys");
          map.set(key, value);
        }
        return map;
      }
      static from(schema, iterable, ctx) {
        const pairs$1 = pairs.createPairs(schema, iterable, ctx);
        const omap2 = new this();
        omap2.items = pairs$1.items;
        return omap2;
      }
    };
    YAMLOMap.tag = "tag:yaml.org,2002:omap";
    var omap = {
      collection: "seq",
      identify: /* @__PURE__ */ __name((value) => value instanceof Map, "identify"),
      nodeClass: YAMLOMap,
      default: false,
      tag: "tag:yaml.org,2002:omap",
      resolve(seq, onError) {
        const pairs$1 = pairs.resolvePairs(seq, onError);
        const seenKeys = [];
        for (const { key } of pairs$1.items) {
          if (identity.isScalar(key)) {
            if (seenKeys.includes(key.value)) {
              onError(`Ordered maps must not include duplicate keys: ${key.value}`);
            } else {
              seenKeys.push(key.value);
            }
          }
        }
        return Object.assign(new YAMLOMap(), pairs$1);
      },
      createNode: /* @__PURE__ */ __name((schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx), "createNode")
    };
    exports.YAMLOMap = YAMLOMap;
    exports.omap = omap;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function boolStringify({ value, source }, ctx) {
      const boolObj = value ? trueTag : falseTag;
      if (source && boolObj.test.test(source))
        return source;
      return value ? ctx.options.trueStr : ctx.options.falseStr;
    }
    __name(boolStringify, "boolStringify");
    var trueTag = {
      identify: /* @__PURE__ */ __name((value) => value === true, "identify"),
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
      resolve: /* @__PURE__ */ __name(() => new Scalar.Scalar(true), "resolve"),
      stringify: boolStringify
    };
    var falseTag = {
      identify: /* @__PURE__ */ __name((value) => value === false, "identify"),
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
      resolve: /* @__PURE__ */ __name(() => new Scalar.Scalar(false), "resolve"),
      stringify: boolStringify
    };
    exports.falseTag = falseTag;
    exports.trueTag = trueTag;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: /* @__PURE__ */ __name((str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY, "resolve"),
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
      resolve: /* @__PURE__ */ __name((str) => parseFloat(str.replace(/_/g, "")), "resolve"),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
        const dot = str.indexOf(".");
        if (dot !== -1) {
          const f = str.substring(dot + 1).replace(/_/g, "");
          if (f[f.length - 1] === "0")
            node.minFractionDigits = f.length;
        }
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = /* @__PURE__ */ __name((value) => typeof value === "bigint" || Number.isInteger(value), "intIdentify");
    function intResolve(str, offset, radix, { intAsBigInt }) {
      const sign = str[0];
      if (sign === "-" || sign === "+")
        offset += 1;
      str = str.substring(offset).replace(/_/g, "");
      if (intAsBigInt) {
        switch (radix) {
          case 2:
            str = `0b${str}`;
            break;
          case 8:
            str = `0o${str}`;
            break;
          case 16:
            str = `0x${str}`;
            break;
        }
        const n2 = BigInt(str);
        return sign === "-" ? BigInt(-1) * n2 : n2;
      }
      const n = parseInt(str, radix);
      return sign === "-" ? -1 * n : n;
    }
    __name(intResolve, "intResolve");
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value)) {
        const str = value.toString(radix);
        return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
      }
      return stringifyNumber.stringifyNumber(node);
    }
    __name(intStringify, "intStringify");
    var intBin = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "BIN",
      test: /^[-+]?0b[0-1_]+$/,
      resolve: /* @__PURE__ */ __name((str, _onError, opt) => intResolve(str, 2, 2, opt), "resolve"),
      stringify: /* @__PURE__ */ __name((node) => intStringify(node, 2, "0b"), "stringify")
    };
    var intOct = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^[-+]?0[0-7_]+$/,
      resolve: /* @__PURE__ */ __name((str, _onError, opt) => intResolve(str, 1, 8, opt), "resolve"),
      stringify: /* @__PURE__ */ __name((node) => intStringify(node, 8, "0"), "stringify")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: /* @__PURE__ */ __name((str, _onError, opt) => intResolve(str, 0, 10, opt), "resolve"),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^[-+]?0x[0-9a-fA-F_]+$/,
      resolve: /* @__PURE__ */ __name((str, _onError, opt) => intResolve(str, 2, 16, opt), "resolve"),
      stringify: /* @__PURE__ */ __name((node) => intStringify(node, 16, "0x"), "stringify")
    };
    exports.int = int;
    exports.intBin = intBin;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/set.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSet = class _YAMLSet extends YAMLMap.YAMLMap {
      static {
        __name(this, "YAMLSet");
      }
      constructor(schema) {
        super(schema);
        this.tag = _YAMLSet.tag;
      }
      add(key) {
        let pair;
        if (identity.isPair(key))
          pair = key;
        else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null)
          pair = new Pair.Pair(key.key, null);
        else
          pair = new Pair.Pair(key, null);
        const prev = YAMLMap.findPair(this.items, pair.key);
        if (!prev)
          this.items.push(pair);
      }
      /**
       * If `keepPair` is `true`, returns the Pair matching `key`.
       * Otherwise, returns the value of that Pair's key.
       */
      get(key, keepPair) {
        const pair = YAMLMap.findPair(this.items, key);
        return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
      }
      set(key, value) {
        if (typeof value !== "boolean")
          throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = YAMLMap.findPair(this.items, key);
        if (prev && !value) {
          this.items.splice(this.items.indexOf(prev), 1);
        } else if (!prev && value) {
          this.items.push(new Pair.Pair(key));
        }
      }
      toJSON(_, ctx) {
        return super.toJSON(_, ctx, Set);
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        if (this.hasAllNullValues(true))
          return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
          throw new Error("Set items must all have null values");
      }
      static from(schema, iterable, ctx) {
        const { replacer } = ctx;
        const set2 = new this(schema);
        if (iterable && Symbol.iterator in Object(iterable))
          for (let value of iterable) {
            if (typeof replacer === "function")
              value = replacer.call(iterable, value, value);
            set2.items.push(Pair.createPair(value, null, ctx));
          }
        return set2;
      }
    };
    YAMLSet.tag = "tag:yaml.org,2002:set";
    var set = {
      collection: "map",
      identify: /* @__PURE__ */ __name((value) => value instanceof Set, "identify"),
      nodeClass: YAMLSet,
      default: false,
      tag: "tag:yaml.org,2002:set",
      createNode: /* @__PURE__ */ __name((schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx), "createNode"),
      resolve(map, onError) {
        if (identity.isMap(map)) {
          if (map.hasAllNullValues(true))
            return Object.assign(new YAMLSet(), map);
          else
            onError("Set items must all have null values");
        } else
          onError("Expected a mapping for this tag");
        return map;
      }
    };
    exports.YAMLSet = YAMLSet;
    exports.set = set;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/timestamp.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    function parseSexagesimal(str, asBigInt) {
      const sign = str[0];
      const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
      const num = /* @__PURE__ */ __name((n) => asBigInt ? BigInt(n) : Number(n), "num");
      const res = parts.replace(/_/g, "").split(":").reduce((res2, p) => res2 * num(60) + num(p), num(0));
      return sign === "-" ? num(-1) * res : res;
    }
    __name(parseSexagesimal, "parseSexagesimal");
    function stringifySexagesimal(node) {
      let { value } = node;
      let num = /* @__PURE__ */ __name((n) => n, "num");
      if (typeof value === "bigint")
        num = /* @__PURE__ */ __name((n) => BigInt(n), "num");
      else if (isNaN(value) || !isFinite(value))
        return stringifyNumber.stringifyNumber(node);
      let sign = "";
      if (value < 0) {
        sign = "-";
        value *= num(-1);
      }
      const _60 = num(60);
      const parts = [value % _60];
      if (value < 60) {
        parts.unshift(0);
      } else {
        value = (value - parts[0]) / _60;
        parts.unshift(value % _60);
        if (value >= 60) {
          value = (value - parts[0]) / _60;
          parts.unshift(value);
        }
      }
      return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
    }
    __name(stringifySexagesimal, "stringifySexagesimal");
    var intTime = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "bigint" || Number.isInteger(value), "identify"),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
      resolve: /* @__PURE__ */ __name((str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt), "resolve"),
      stringify: stringifySexagesimal
    };
    var floatTime = {
      identify: /* @__PURE__ */ __name((value) => typeof value === "number", "identify"),
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
      resolve: /* @__PURE__ */ __name((str) => parseSexagesimal(str, false), "resolve"),
      stringify: stringifySexagesimal
    };
    var timestamp = {
      identify: /* @__PURE__ */ __name((value) => value instanceof Date, "identify"),
      default: true,
      tag: "tag:yaml.org,2002:timestamp",
      // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
      // may be omitted altogether, resulting in a date format. In such a case, the time part is
      // assumed to be 00:00:00Z (start of day, UTC).
      test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
      resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
          throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
        const [, year, month, day3, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day3, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== "Z") {
          let d = parseSexagesimal(tz, false);
          if (Math.abs(d) < 30)
            d *= 60;
          date -= 6e4 * d;
        }
        return new Date(date);
      },
      stringify: /* @__PURE__ */ __name(({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? "", "stringify")
    };
    exports.floatTime = floatTime;
    exports.intTime = intTime;
    exports.timestamp = timestamp;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema3 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var binary = require_binary();
    var bool = require_bool2();
    var float = require_float2();
    var int = require_int2();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var set = require_set();
    var timestamp = require_timestamp();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.trueTag,
      bool.falseTag,
      int.intBin,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float,
      binary.binary,
      merge.merge,
      omap.omap,
      pairs.pairs,
      set.set,
      timestamp.intTime,
      timestamp.floatTime,
      timestamp.timestamp
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/tags.js
var require_tags = __commonJS({
  "node_modules/yaml/dist/schema/tags.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = require_schema();
    var schema$1 = require_schema2();
    var binary = require_binary();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var schema$2 = require_schema3();
    var set = require_set();
    var timestamp = require_timestamp();
    var schemas = /* @__PURE__ */ new Map([
      ["core", schema.schema],
      ["failsafe", [map.map, seq.seq, string.string]],
      ["json", schema$1.schema],
      ["yaml11", schema$2.schema],
      ["yaml-1.1", schema$2.schema]
    ]);
    var tagsByName = {
      binary: binary.binary,
      bool: bool.boolTag,
      float: float.float,
      floatExp: float.floatExp,
      floatNaN: float.floatNaN,
      floatTime: timestamp.floatTime,
      int: int.int,
      intHex: int.intHex,
      intOct: int.intOct,
      intTime: timestamp.intTime,
      map: map.map,
      merge: merge.merge,
      null: _null.nullTag,
      omap: omap.omap,
      pairs: pairs.pairs,
      seq: seq.seq,
      set: set.set,
      timestamp: timestamp.timestamp
    };
    var coreKnownTags = {
      "tag:yaml.org,2002:binary": binary.binary,
      "tag:yaml.org,2002:merge": merge.merge,
      "tag:yaml.org,2002:omap": omap.omap,
      "tag:yaml.org,2002:pairs": pairs.pairs,
      "tag:yaml.org,2002:set": set.set,
      "tag:yaml.org,2002:timestamp": timestamp.timestamp
    };
    function getTags(customTags, schemaName, addMergeTag) {
      const schemaTags = schemas.get(schemaName);
      if (schemaTags && !customTags) {
        return addMergeTag && !schemaTags.includes(merge.merge) ? schemaTags.concat(merge.merge) : schemaTags.slice();
      }
      let tags = schemaTags;
      if (!tags) {
        if (Array.isArray(customTags))
          tags = [];
        else {
          const keys3 = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown schema "${schemaName}"; use one of ${keys3} or define customTags array`);
        }
      }
      if (Array.isArray(customTags)) {
        for (const tag of customTags)
          tags = tags.concat(tag);
      } else if (typeof customTags === "function") {
        tags = customTags(tags.slice());
      }
      if (addMergeTag)
        tags = tags.concat(merge.merge);
      return tags.reduce((tags2, tag) => {
        const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
        if (!tagObj) {
          const tagName = JSON.stringify(tag);
          const keys3 = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown custom tag ${tagName}; use one of ${keys3}`);
        }
        if (!tags2.includes(tagObj))
          tags2.push(tagObj);
        return tags2;
      }, []);
    }
    __name(getTags, "getTags");
    exports.coreKnownTags = coreKnownTags;
    exports.getTags = getTags;
  }
});

// node_modules/yaml/dist/schema/Schema.js
var require_Schema = __commonJS({
  "node_modules/yaml/dist/schema/Schema.js"(exports) {
    "use strict";
    var identity = require_identity();
    var map = require_map();
    var seq = require_seq();
    var string = require_string();
    var tags = require_tags();
    var sortMapEntriesByKey = /* @__PURE__ */ __name((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0, "sortMapEntriesByKey");
    var Schema = class _Schema {
      static {
        __name(this, "Schema");
      }
      constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
        this.name = typeof schema === "string" && schema || "core";
        this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
        this.tags = tags.getTags(customTags, this.name, merge);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, identity.MAP, { value: map.map });
        Object.defineProperty(this, identity.SCALAR, { value: string.string });
        Object.defineProperty(this, identity.SEQ, { value: seq.seq });
        this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
      }
      clone() {
        const copy = Object.create(_Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
      }
    };
    exports.Schema = Schema;
  }
});

// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyDocument.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyDocument(doc, options) {
      const lines = [];
      let hasDirectives = options.directives === true;
      if (options.directives !== false && doc.directives) {
        const dir = doc.directives.toString(doc);
        if (dir) {
          lines.push(dir);
          hasDirectives = true;
        } else if (doc.directives.docStart)
          hasDirectives = true;
      }
      if (hasDirectives)
        lines.push("---");
      const ctx = stringify.createStringifyContext(doc, options);
      const { commentString } = ctx.options;
      if (doc.commentBefore) {
        if (lines.length !== 1)
          lines.unshift("");
        const cs = commentString(doc.commentBefore);
        lines.unshift(stringifyComment.indentComment(cs, ""));
      }
      let chompKeep = false;
      let contentComment = null;
      if (doc.contents) {
        if (identity.isNode(doc.contents)) {
          if (doc.contents.spaceBefore && hasDirectives)
            lines.push("");
          if (doc.contents.commentBefore) {
            const cs = commentString(doc.contents.commentBefore);
            lines.push(stringifyComment.indentComment(cs, ""));
          }
          ctx.forceBlockIndent = !!doc.comment;
          contentComment = doc.contents.comment;
        }
        const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
        let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
        if (contentComment)
          body += stringifyComment.lineComment(body, "", commentString(contentComment));
        if ((body[0] === "|" || body[0] === ">") && lines[lines.length - 1] === "---") {
          lines[lines.length - 1] = `--- ${body}`;
        } else
          lines.push(body);
      } else {
        lines.push(stringify.stringify(doc.contents, ctx));
      }
      if (doc.directives?.docEnd) {
        if (doc.comment) {
          const cs = commentString(doc.comment);
          if (cs.includes("\n")) {
            lines.push("...");
            lines.push(stringifyComment.indentComment(cs, ""));
          } else {
            lines.push(`... ${cs}`);
          }
        } else {
          lines.push("...");
        }
      } else {
        let dc = doc.comment;
        if (dc && chompKeep)
          dc = dc.replace(/^\n+/, "");
        if (dc) {
          if ((!chompKeep || contentComment) && lines[lines.length - 1] !== "")
            lines.push("");
          lines.push(stringifyComment.indentComment(commentString(dc), ""));
        }
      }
      return lines.join("\n") + "\n";
    }
    __name(stringifyDocument, "stringifyDocument");
    exports.stringifyDocument = stringifyDocument;
  }
});

// node_modules/yaml/dist/doc/Document.js
var require_Document = __commonJS({
  "node_modules/yaml/dist/doc/Document.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var toJS = require_toJS();
    var Schema = require_Schema();
    var stringifyDocument = require_stringifyDocument();
    var anchors = require_anchors();
    var applyReviver = require_applyReviver();
    var createNode = require_createNode();
    var directives = require_directives();
    var Document = class _Document {
      static {
        __name(this, "Document");
      }
      constructor(value, replacer, options) {
        this.commentBefore = null;
        this.comment = null;
        this.errors = [];
        this.warnings = [];
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
        let _replacer = null;
        if (typeof replacer === "function" || Array.isArray(replacer)) {
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const opt = Object.assign({
          intAsBigInt: false,
          keepSourceTokens: false,
          logLevel: "warn",
          prettyErrors: true,
          strict: true,
          stringKeys: false,
          uniqueKeys: true,
          version: "1.2"
        }, options);
        this.options = opt;
        let { version } = opt;
        if (options?._directives) {
          this.directives = options._directives.atDocument();
          if (this.directives.yaml.explicit)
            version = this.directives.yaml.version;
        } else
          this.directives = new directives.Directives({ version });
        this.setSchema(version, options);
        this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
      }
      /**
       * Create a deep copy of this Document and its contents.
       *
       * Custom Node values that inherit from `Object` still refer to their original instances.
       */
      clone() {
        const copy = Object.create(_Document.prototype, {
          [identity.NODE_TYPE]: { value: identity.DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
          copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** Adds a value to the document. */
      add(value) {
        if (assertCollection(this.contents))
          this.contents.add(value);
      }
      /** Adds a value to the document. */
      addIn(path2, value) {
        if (assertCollection(this.contents))
          this.contents.addIn(path2, value);
      }
      /**
       * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
       *
       * If `node` already has an anchor, `name` is ignored.
       * Otherwise, the `node.anchor` value will be set to `name`,
       * or if an anchor with that name is already present in the document,
       * `name` will be used as a prefix for a new unique anchor.
       * If `name` is undefined, the generated anchor will use 'a' as a prefix.
       */
      createAlias(node, name) {
        if (!node.anchor) {
          const prev = anchors.anchorNames(this);
          node.anchor = // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
        }
        return new Alias.Alias(node.anchor);
      }
      createNode(value, replacer, options) {
        let _replacer = void 0;
        if (typeof replacer === "function") {
          value = replacer.call({ "": value }, "", value);
          _replacer = replacer;
        } else if (Array.isArray(replacer)) {
          const keyToStr = /* @__PURE__ */ __name((v) => typeof v === "number" || v instanceof String || v instanceof Number, "keyToStr");
          const asStr = replacer.filter(keyToStr).map(String);
          if (asStr.length > 0)
            replacer = replacer.concat(asStr);
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
        const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(
          this,
          // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          anchorPrefix || "a"
        );
        const ctx = {
          aliasDuplicateObjects: aliasDuplicateObjects ?? true,
          keepUndefined: keepUndefined ?? false,
          onAnchor,
          onTagObj,
          replacer: _replacer,
          schema: this.schema,
          sourceObjects
        };
        const node = createNode.createNode(value, tag, ctx);
        if (flow && identity.isCollection(node))
          node.flow = true;
        setAnchors();
        return node;
      }
      /**
       * Convert a key and a value into a `Pair` using the current schema,
       * recursively wrapping all values as `Scalar` or `Collection` nodes.
       */
      createPair(key, value, options = {}) {
        const k = this.createNode(key, null, options);
        const v = this.createNode(value, null, options);
        return new Pair.Pair(k, v);
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path2) {
        if (Collection.isEmptyPath(path2)) {
          if (this.contents == null)
            return false;
          this.contents = null;
          return true;
        }
        return assertCollection(this.contents) ? this.contents.deleteIn(path2) : false;
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      get(key, keepScalar) {
        return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
      }
      /**
       * Returns item at `path`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path2, keepScalar) {
        if (Collection.isEmptyPath(path2))
          return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
        return identity.isCollection(this.contents) ? this.contents.getIn(path2, keepScalar) : void 0;
      }
      /**
       * Checks if the document includes a value with the key `key`.
       */
      has(key) {
        return identity.isCollection(this.contents) ? this.contents.has(key) : false;
      }
      /**
       * Checks if the document includes a value at `path`.
       */
      hasIn(path2) {
        if (Collection.isEmptyPath(path2))
          return this.contents !== void 0;
        return identity.isCollection(this.contents) ? this.contents.hasIn(path2) : false;
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      set(key, value) {
        if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, [key], value);
        } else if (assertCollection(this.contents)) {
          this.contents.set(key, value);
        }
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path2, value) {
        if (Collection.isEmptyPath(path2)) {
          this.contents = value;
        } else if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, Array.from(path2), value);
        } else if (assertCollection(this.contents)) {
          this.contents.setIn(path2, value);
        }
      }
      /**
       * Change the YAML version and schema used by the document.
       * A `null` version disables support for directives, explicit tags, anchors, and aliases.
       * It also requires the `schema` option to be given as a `Schema` instance value.
       *
       * Overrides all previously set schema options.
       */
      setSchema(version, options = {}) {
        if (typeof version === "number")
          version = String(version);
        let opt;
        switch (version) {
          case "1.1":
            if (this.directives)
              this.directives.yaml.version = "1.1";
            else
              this.directives = new directives.Directives({ version: "1.1" });
            opt = { resolveKnownTags: false, schema: "yaml-1.1" };
            break;
          case "1.2":
          case "next":
            if (this.directives)
              this.directives.yaml.version = version;
            else
              this.directives = new directives.Directives({ version });
            opt = { resolveKnownTags: true, schema: "core" };
            break;
          case null:
            if (this.directives)
              delete this.directives;
            opt = null;
            break;
          default: {
            const sv = JSON.stringify(version);
            throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
          }
        }
        if (options.schema instanceof Object)
          this.schema = options.schema;
        else if (opt)
          this.schema = new Schema.Schema(Object.assign(opt, options));
        else
          throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
      }
      // json & jsonArg are only used from toJSON()
      toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc: this,
          keep: !json,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this.contents, jsonArg ?? "", ctx);
        if (typeof onAnchor === "function")
          for (const { count: count3, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count3);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
      /**
       * A JSON representation of the document `contents`.
       *
       * @param jsonArg Used by `JSON.stringify` to indicate the array index or
       *   property name.
       */
      toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
      }
      /** A YAML representation of the document. */
      toString(options = {}) {
        if (this.errors.length > 0)
          throw new Error("Document with errors cannot be stringified");
        if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
          const s = JSON.stringify(options.indent);
          throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument.stringifyDocument(this, options);
      }
    };
    function assertCollection(contents) {
      if (identity.isCollection(contents))
        return true;
      throw new Error("Expected a YAML collection as document contents");
    }
    __name(assertCollection, "assertCollection");
    exports.Document = Document;
  }
});

// node_modules/yaml/dist/errors.js
var require_errors = __commonJS({
  "node_modules/yaml/dist/errors.js"(exports) {
    "use strict";
    var YAMLError = class extends Error {
      static {
        __name(this, "YAMLError");
      }
      constructor(name, pos, code, message) {
        super();
        this.name = name;
        this.code = code;
        this.message = message;
        this.pos = pos;
      }
    };
    var YAMLParseError = class extends YAMLError {
      static {
        __name(this, "YAMLParseError");
      }
      constructor(pos, code, message) {
        super("YAMLParseError", pos, code, message);
      }
    };
    var YAMLWarning = class extends YAMLError {
      static {
        __name(this, "YAMLWarning");
      }
      constructor(pos, code, message) {
        super("YAMLWarning", pos, code, message);
      }
    };
    var prettifyError = /* @__PURE__ */ __name((src, lc) => (error) => {
      if (error.pos[0] === -1)
        return;
      error.linePos = error.pos.map((pos) => lc.linePos(pos));
      const { line, col } = error.linePos[0];
      error.message += ` at line ${line}, column ${col}`;
      let ci = col - 1;
      let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
      if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = "\u2026" + lineStr.substring(trimStart);
        ci -= trimStart - 1;
      }
      if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + "\u2026";
      if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
        if (prev.length > 80)
          prev = prev.substring(0, 79) + "\u2026\n";
        lineStr = prev + lineStr;
      }
      if (/[^ ]/.test(lineStr)) {
        let count3 = 1;
        const end = error.linePos[1];
        if (end?.line === line && end.col > col) {
          count3 = Math.max(1, Math.min(end.col - col, 80 - ci));
        }
        const pointer = " ".repeat(ci) + "^".repeat(count3);
        error.message += `:

${lineStr}
${pointer}
`;
      }
    }, "prettifyError");
    exports.YAMLError = YAMLError;
    exports.YAMLParseError = YAMLParseError;
    exports.YAMLWarning = YAMLWarning;
    exports.prettifyError = prettifyError;
  }
});

// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = __commonJS({
  "node_modules/yaml/dist/compose/resolve-props.js"(exports) {
    "use strict";
    function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
      let spaceBefore = false;
      let atNewline = startOnNewline;
      let hasSpace = startOnNewline;
      let comment = "";
      let commentSep = "";
      let hasNewline = false;
      let reqSpace = false;
      let tab = null;
      let anchor = null;
      let tag = null;
      let newlineAfterProp = null;
      let comma = null;
      let found = null;
      let start = null;
      for (const token of tokens) {
        if (reqSpace) {
          if (token.type !== "space" && token.type !== "newline" && token.type !== "comma")
            onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
          reqSpace = false;
        }
        if (tab) {
          if (atNewline && token.type !== "comment" && token.type !== "newline") {
            onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
          }
          tab = null;
        }
        switch (token.type) {
          case "space":
            if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) {
              tab = token;
            }
            hasSpace = true;
            break;
          case "comment": {
            if (!hasSpace)
              onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
            const cb = token.source.substring(1) || " ";
            if (!comment)
              comment = cb;
            else
              comment += commentSep + cb;
            commentSep = "";
            atNewline = false;
            break;
          }
          case "newline":
            if (atNewline) {
              if (comment)
                comment += token.source;
              else if (!found || indicator !== "seq-item-ind")
                spaceBefore = true;
            } else
              commentSep += token.source;
            atNewline = true;
            hasNewline = true;
            if (anchor || tag)
              newlineAfterProp = token;
            hasSpace = true;
            break;
          case "anchor":
            if (anchor)
              onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
            if (token.source.endsWith(":"))
              onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
            anchor = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          case "tag": {
            if (tag)
              onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
            tag = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          }
          case indicator:
            if (anchor || tag)
              onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
            if (found)
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
            found = token;
            atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
            hasSpace = false;
            break;
          case "comma":
            if (flow) {
              if (comma)
                onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
              comma = token;
              atNewline = false;
              hasSpace = false;
              break;
            }
          // else fallthrough
          default:
            onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
            atNewline = false;
            hasSpace = false;
        }
      }
      const last = tokens[tokens.length - 1];
      const end = last ? last.offset + last.source.length : offset;
      if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) {
        onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
      }
      if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq"))
        onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
      return {
        comma,
        found,
        spaceBefore,
        comment,
        hasNewline,
        anchor,
        tag,
        newlineAfterProp,
        end,
        start: start ?? end
      };
    }
    __name(resolveProps, "resolveProps");
    exports.resolveProps = resolveProps;
  }
});

// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = __commonJS({
  "node_modules/yaml/dist/compose/util-contains-newline.js"(exports) {
    "use strict";
    function containsNewline(key) {
      if (!key)
        return null;
      switch (key.type) {
        case "alias":
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          if (key.source.includes("\n"))
            return true;
          if (key.end) {
            for (const st of key.end)
              if (st.type === "newline")
                return true;
          }
          return false;
        case "flow-collection":
          for (const it of key.items) {
            for (const st of it.start)
              if (st.type === "newline")
                return true;
            if (it.sep) {
              for (const st of it.sep)
                if (st.type === "newline")
                  return true;
            }
            if (containsNewline(it.key) || containsNewline(it.value))
              return true;
          }
          return false;
        default:
          return true;
      }
    }
    __name(containsNewline, "containsNewline");
    exports.containsNewline = containsNewline;
  }
});

// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = __commonJS({
  "node_modules/yaml/dist/compose/util-flow-indent-check.js"(exports) {
    "use strict";
    var utilContainsNewline = require_util_contains_newline();
    function flowIndentCheck(indent, fc, onError) {
      if (fc?.type === "flow-collection") {
        const end = fc.end[0];
        if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) {
          const msg = "Flow end indicator should be more indented than parent";
          onError(end, "BAD_INDENT", msg, true);
        }
      }
    }
    __name(flowIndentCheck, "flowIndentCheck");
    exports.flowIndentCheck = flowIndentCheck;
  }
});

// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = __commonJS({
  "node_modules/yaml/dist/compose/util-map-includes.js"(exports) {
    "use strict";
    var identity = require_identity();
    function mapIncludes(ctx, items, search) {
      const { uniqueKeys } = ctx.options;
      if (uniqueKeys === false)
        return false;
      const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
      return items.some((pair) => isEqual(pair.key, search));
    }
    __name(mapIncludes, "mapIncludes");
    exports.mapIncludes = mapIncludes;
  }
});

// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-map.js"(exports) {
    "use strict";
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    var utilMapIncludes = require_util_map_includes();
    var startColMsg = "All mapping items must start at the same column";
    function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLMap.YAMLMap;
      const map = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      let offset = bm.offset;
      let commentEnd = null;
      for (const collItem of bm.items) {
        const { start, key, sep, value } = collItem;
        const keyProps = resolveProps.resolveProps(start, {
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: bm.indent,
          startOnNewline: true
        });
        const implicitKey = !keyProps.found;
        if (implicitKey) {
          if (key) {
            if (key.type === "block-seq")
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
            else if ("indent" in key && key.indent !== bm.indent)
              onError(offset, "BAD_INDENT", startColMsg);
          }
          if (!keyProps.anchor && !keyProps.tag && !sep) {
            commentEnd = keyProps.end;
            if (keyProps.comment) {
              if (map.comment)
                map.comment += "\n" + keyProps.comment;
              else
                map.comment = keyProps.comment;
            }
            continue;
          }
          if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) {
            onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
          }
        } else if (keyProps.found?.indent !== bm.indent) {
          onError(offset, "BAD_INDENT", startColMsg);
        }
        ctx.atKey = true;
        const keyStart = keyProps.end;
        const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
        ctx.atKey = false;
        if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
          onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
        const valueProps = resolveProps.resolveProps(sep ?? [], {
          indicator: "map-value-ind",
          next: value,
          offset: keyNode.range[2],
          onError,
          parentIndent: bm.indent,
          startOnNewline: !key || key.type === "block-scalar"
        });
        offset = valueProps.end;
        if (valueProps.found) {
          if (implicitKey) {
            if (value?.type === "block-map" && !valueProps.hasNewline)
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
            if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024)
              onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
          if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
          offset = valueNode.range[2];
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        } else {
          if (implicitKey)
            onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
          if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        }
      }
      if (commentEnd && commentEnd < offset)
        onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
      map.range = [bm.offset, offset, commentEnd ?? offset];
      return map;
    }
    __name(resolveBlockMap, "resolveBlockMap");
    exports.resolveBlockMap = resolveBlockMap;
  }
});

// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-seq.js"(exports) {
    "use strict";
    var YAMLSeq = require_YAMLSeq();
    var resolveProps = require_resolve_props();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLSeq.YAMLSeq;
      const seq = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = bs.offset;
      let commentEnd = null;
      for (const { start, value } of bs.items) {
        const props = resolveProps.resolveProps(start, {
          indicator: "seq-item-ind",
          next: value,
          offset,
          onError,
          parentIndent: bs.indent,
          startOnNewline: true
        });
        if (!props.found) {
          if (props.anchor || props.tag || value) {
            if (value?.type === "block-seq")
              onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
            else
              onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
          } else {
            commentEnd = props.end;
            if (props.comment)
              seq.comment = props.comment;
            continue;
          }
        }
        const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
        offset = node.range[2];
        seq.items.push(node);
      }
      seq.range = [bs.offset, offset, commentEnd ?? offset];
      return seq;
    }
    __name(resolveBlockSeq, "resolveBlockSeq");
    exports.resolveBlockSeq = resolveBlockSeq;
  }
});

// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = __commonJS({
  "node_modules/yaml/dist/compose/resolve-end.js"(exports) {
    "use strict";
    function resolveEnd(end, offset, reqSpace, onError) {
      let comment = "";
      if (end) {
        let hasSpace = false;
        let sep = "";
        for (const token of end) {
          const { source, type } = token;
          switch (type) {
            case "space":
              hasSpace = true;
              break;
            case "comment": {
              if (reqSpace && !hasSpace)
                onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
              const cb = source.substring(1) || " ";
              if (!comment)
                comment = cb;
              else
                comment += sep + cb;
              sep = "";
              break;
            }
            case "newline":
              if (comment)
                sep += source;
              hasSpace = true;
              break;
            default:
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
          }
          offset += source.length;
        }
      }
      return { comment, offset };
    }
    __name(resolveEnd, "resolveEnd");
    exports.resolveEnd = resolveEnd;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilMapIncludes = require_util_map_includes();
    var blockMsg = "Block collections are not allowed within flow collections";
    var isBlock = /* @__PURE__ */ __name((token) => token && (token.type === "block-map" || token.type === "block-seq"), "isBlock");
    function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
      const isMap2 = fc.start.source === "{";
      const fcName = isMap2 ? "flow map" : "flow sequence";
      const NodeClass = tag?.nodeClass ?? (isMap2 ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq);
      const coll = new NodeClass(ctx.schema);
      coll.flow = true;
      const atRoot = ctx.atRoot;
      if (atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = fc.offset + fc.start.source.length;
      for (let i = 0; i < fc.items.length; ++i) {
        const collItem = fc.items[i];
        const { start, key, sep, value } = collItem;
        const props = resolveProps.resolveProps(start, {
          flow: fcName,
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: fc.indent,
          startOnNewline: false
        });
        if (!props.found) {
          if (!props.anchor && !props.tag && !sep && !value) {
            if (i === 0 && props.comma)
              onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
            else if (i < fc.items.length - 1)
              onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
            if (props.comment) {
              if (coll.comment)
                coll.comment += "\n" + props.comment;
              else
                coll.comment = props.comment;
            }
            offset = props.end;
            continue;
          }
          if (!isMap2 && ctx.options.strict && utilContainsNewline.containsNewline(key))
            onError(
              key,
              // checked by containsNewline()
              "MULTILINE_IMPLICIT_KEY",
              "Implicit keys of flow sequence pairs need to be on a single line"
            );
        }
        if (i === 0) {
          if (props.comma)
            onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
        } else {
          if (!props.comma)
            onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
          if (props.comment) {
            let prevItemComment = "";
            loop: for (const st of start) {
              switch (st.type) {
                case "comma":
                case "space":
                  break;
                case "comment":
                  prevItemComment = st.source.substring(1);
                  break loop;
                default:
                  break loop;
              }
            }
            if (prevItemComment) {
              let prev = coll.items[coll.items.length - 1];
              if (identity.isPair(prev))
                prev = prev.value ?? prev.key;
              if (prev.comment)
                prev.comment += "\n" + prevItemComment;
              else
                prev.comment = prevItemComment;
              props.comment = props.comment.substring(prevItemComment.length + 1);
            }
          }
        }
        if (!isMap2 && !sep && !props.found) {
          const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep, null, props, onError);
          coll.items.push(valueNode);
          offset = valueNode.range[2];
          if (isBlock(value))
            onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
        } else {
          ctx.atKey = true;
          const keyStart = props.end;
          const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start, null, props, onError);
          if (isBlock(key))
            onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
          ctx.atKey = false;
          const valueProps = resolveProps.resolveProps(sep ?? [], {
            flow: fcName,
            indicator: "map-value-ind",
            next: value,
            offset: keyNode.range[2],
            onError,
            parentIndent: fc.indent,
            startOnNewline: false
          });
          if (valueProps.found) {
            if (!isMap2 && !props.found && ctx.options.strict) {
              if (sep)
                for (const st of sep) {
                  if (st === valueProps.found)
                    break;
                  if (st.type === "newline") {
                    onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
                    break;
                  }
                }
              if (props.start < valueProps.found.offset - 1024)
                onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
            }
          } else if (value) {
            if ("source" in value && value.source?.[0] === ":")
              onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
            else
              onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError) : null;
          if (valueNode) {
            if (isBlock(value))
              onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
          } else if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          if (isMap2) {
            const map = coll;
            if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
              onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
            map.items.push(pair);
          } else {
            const map = new YAMLMap.YAMLMap(ctx.schema);
            map.flow = true;
            map.items.push(pair);
            const endRange = (valueNode ?? keyNode).range;
            map.range = [keyNode.range[0], endRange[1], endRange[2]];
            coll.items.push(map);
          }
          offset = valueNode ? valueNode.range[2] : valueProps.end;
        }
      }
      const expectedEnd = isMap2 ? "}" : "]";
      const [ce, ...ee] = fc.end;
      let cePos = offset;
      if (ce?.source === expectedEnd)
        cePos = ce.offset + ce.source.length;
      else {
        const name = fcName[0].toUpperCase() + fcName.substring(1);
        const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
        onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
        if (ce && ce.source.length !== 1)
          ee.unshift(ce);
      }
      if (ee.length > 0) {
        const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
        if (end.comment) {
          if (coll.comment)
            coll.comment += "\n" + end.comment;
          else
            coll.comment = end.comment;
        }
        coll.range = [fc.offset, cePos, end.offset];
      } else {
        coll.range = [fc.offset, cePos, cePos];
      }
      return coll;
    }
    __name(resolveFlowCollection, "resolveFlowCollection");
    exports.resolveFlowCollection = resolveFlowCollection;
  }
});

// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = __commonJS({
  "node_modules/yaml/dist/compose/compose-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveBlockMap = require_resolve_block_map();
    var resolveBlockSeq = require_resolve_block_seq();
    var resolveFlowCollection = require_resolve_flow_collection();
    function resolveCollection(CN, ctx, token, onError, tagName, tag) {
      const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
      const Coll = coll.constructor;
      if (tagName === "!" || tagName === Coll.tagName) {
        coll.tag = Coll.tagName;
        return coll;
      }
      if (tagName)
        coll.tag = tagName;
      return coll;
    }
    __name(resolveCollection, "resolveCollection");
    function composeCollection(CN, ctx, token, props, onError) {
      const tagToken = props.tag;
      const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
      if (token.type === "block-seq") {
        const { anchor, newlineAfterProp: nl } = props;
        const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
        if (lastProp && (!nl || nl.offset < lastProp.offset)) {
          const message = "Missing newline after block sequence props";
          onError(lastProp, "MISSING_CHAR", message);
        }
      }
      const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
      if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") {
        return resolveCollection(CN, ctx, token, onError, tagName);
      }
      let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
      if (!tag) {
        const kt = ctx.schema.knownTags[tagName];
        if (kt?.collection === expType) {
          ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
          tag = kt;
        } else {
          if (kt) {
            onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
          } else {
            onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
          }
          return resolveCollection(CN, ctx, token, onError, tagName);
        }
      }
      const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
      const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
      const node = identity.isNode(res) ? res : new Scalar.Scalar(res);
      node.range = coll.range;
      node.tag = tagName;
      if (tag?.format)
        node.format = tag.format;
      return node;
    }
    __name(composeCollection, "composeCollection");
    exports.composeCollection = composeCollection;
  }
});

// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function resolveBlockScalar(ctx, scalar2, onError) {
      const start = scalar2.offset;
      const header = parseBlockScalarHeader(scalar2, ctx.options.strict, onError);
      if (!header)
        return { value: "", type: null, comment: "", range: [start, start, start] };
      const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
      const lines = scalar2.source ? splitLines(scalar2.source) : [];
      let chompStart = lines.length;
      for (let i = lines.length - 1; i >= 0; --i) {
        const content = lines[i][1];
        if (content === "" || content === "\r")
          chompStart = i;
        else
          break;
      }
      if (chompStart === 0) {
        const value2 = header.chomp === "+" && lines.length > 0 ? "\n".repeat(Math.max(1, lines.length - 1)) : "";
        let end2 = start + header.length;
        if (scalar2.source)
          end2 += scalar2.source.length;
        return { value: value2, type, comment: header.comment, range: [start, end2, end2] };
      }
      let trimIndent = scalar2.indent + header.indent;
      let offset = scalar2.offset + header.length;
      let contentStart = 0;
      for (let i = 0; i < chompStart; ++i) {
        const [indent, content] = lines[i];
        if (content === "" || content === "\r") {
          if (header.indent === 0 && indent.length > trimIndent)
            trimIndent = indent.length;
        } else {
          if (indent.length < trimIndent) {
            const message = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";
            onError(offset + indent.length, "MISSING_CHAR", message);
          }
          if (header.indent === 0)
            trimIndent = indent.length;
          contentStart = i;
          if (trimIndent === 0 && !ctx.atRoot) {
            const message = "Block scalar values in collections must be indented";
            onError(offset, "BAD_INDENT", message);
          }
          break;
        }
        offset += indent.length + content.length + 1;
      }
      for (let i = lines.length - 1; i >= chompStart; --i) {
        if (lines[i][0].length > trimIndent)
          chompStart = i + 1;
      }
      let value = "";
      let sep = "";
      let prevMoreIndented = false;
      for (let i = 0; i < contentStart; ++i)
        value += lines[i][0].slice(trimIndent) + "\n";
      for (let i = contentStart; i < chompStart; ++i) {
        let [indent, content] = lines[i];
        offset += indent.length + content.length + 1;
        const crlf = content[content.length - 1] === "\r";
        if (crlf)
          content = content.slice(0, -1);
        if (content && indent.length < trimIndent) {
          const src = header.indent ? "explicit indentation indicator" : "first line";
          const message = `Block scalar lines must not be less indented than their ${src}`;
          onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
          indent = "";
        }
        if (type === Scalar.Scalar.BLOCK_LITERAL) {
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
        } else if (indent.length > trimIndent || content[0] === "	") {
          if (sep === " ")
            sep = "\n";
          else if (!prevMoreIndented && sep === "\n")
            sep = "\n\n";
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
          prevMoreIndented = true;
        } else if (content === "") {
          if (sep === "\n")
            value += "\n";
          else
            sep = "\n";
        } else {
          value += sep + content;
          sep = " ";
          prevMoreIndented = false;
        }
      }
      switch (header.chomp) {
        case "-":
          break;
        case "+":
          for (let i = chompStart; i < lines.length; ++i)
            value += "\n" + lines[i][0].slice(trimIndent);
          if (value[value.length - 1] !== "\n")
            value += "\n";
          break;
        default:
          value += "\n";
      }
      const end = start + header.length + scalar2.source.length;
      return { value, type, comment: header.comment, range: [start, end, end] };
    }
    __name(resolveBlockScalar, "resolveBlockScalar");
    function parseBlockScalarHeader({ offset, props }, strict, onError) {
      if (props[0].type !== "block-scalar-header") {
        onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
        return null;
      }
      const { source } = props[0];
      const mode = source[0];
      let indent = 0;
      let chomp = "";
      let error = -1;
      for (let i = 1; i < source.length; ++i) {
        const ch = source[i];
        if (!chomp && (ch === "-" || ch === "+"))
          chomp = ch;
        else {
          const n = Number(ch);
          if (!indent && n)
            indent = n;
          else if (error === -1)
            error = offset + i;
        }
      }
      if (error !== -1)
        onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
      let hasSpace = false;
      let comment = "";
      let length = source.length;
      for (let i = 1; i < props.length; ++i) {
        const token = props[i];
        switch (token.type) {
          case "space":
            hasSpace = true;
          // fallthrough
          case "newline":
            length += token.source.length;
            break;
          case "comment":
            if (strict && !hasSpace) {
              const message = "Comments must be separated from other tokens by white space characters";
              onError(token, "MISSING_CHAR", message);
            }
            length += token.source.length;
            comment = token.source.substring(1);
            break;
          case "error":
            onError(token, "UNEXPECTED_TOKEN", token.message);
            length += token.source.length;
            break;
          /* istanbul ignore next should not happen */
          default: {
            const message = `Unexpected token in block scalar header: ${token.type}`;
            onError(token, "UNEXPECTED_TOKEN", message);
            const ts = token.source;
            if (ts && typeof ts === "string")
              length += ts.length;
          }
        }
      }
      return { mode, indent, chomp, comment, length };
    }
    __name(parseBlockScalarHeader, "parseBlockScalarHeader");
    function splitLines(source) {
      const split = source.split(/\n( *)/);
      const first = split[0];
      const m = first.match(/^( *)/);
      const line0 = m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first];
      const lines = [line0];
      for (let i = 1; i < split.length; i += 2)
        lines.push([split[i], split[i + 1]]);
      return lines;
    }
    __name(splitLines, "splitLines");
    exports.resolveBlockScalar = resolveBlockScalar;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var resolveEnd = require_resolve_end();
    function resolveFlowScalar(scalar2, strict, onError) {
      const { offset, type, source, end } = scalar2;
      let _type;
      let value;
      const _onError = /* @__PURE__ */ __name((rel, code, msg) => onError(offset + rel, code, msg), "_onError");
      switch (type) {
        case "scalar":
          _type = Scalar.Scalar.PLAIN;
          value = plainValue(source, _onError);
          break;
        case "single-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_SINGLE;
          value = singleQuotedValue(source, _onError);
          break;
        case "double-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_DOUBLE;
          value = doubleQuotedValue(source, _onError);
          break;
        /* istanbul ignore next should not happen */
        default:
          onError(scalar2, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
          return {
            value: "",
            type: null,
            comment: "",
            range: [offset, offset + source.length, offset + source.length]
          };
      }
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
      return {
        value,
        type: _type,
        comment: re.comment,
        range: [offset, valueEnd, re.offset]
      };
    }
    __name(resolveFlowScalar, "resolveFlowScalar");
    function plainValue(source, onError) {
      let badChar = "";
      switch (source[0]) {
        /* istanbul ignore next should not happen */
        case "	":
          badChar = "a tab character";
          break;
        case ",":
          badChar = "flow indicator character ,";
          break;
        case "%":
          badChar = "directive indicator character %";
          break;
        case "|":
        case ">": {
          badChar = `block scalar indicator ${source[0]}`;
          break;
        }
        case "@":
        case "`": {
          badChar = `reserved character ${source[0]}`;
          break;
        }
      }
      if (badChar)
        onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
      return unfoldLines(source);
    }
    __name(plainValue, "plainValue");
    function singleQuotedValue(source, onError) {
      if (source[source.length - 1] !== "'" || source.length === 1)
        onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
      return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
    }
    __name(singleQuotedValue, "singleQuotedValue");
    function unfoldLines(source) {
      const line = /(.*?)\r?\n/sy;
      let match = line.exec(source);
      if (!match)
        return source;
      let trimEnd, trimBoth;
      try {
        trimEnd = new RegExp("(?<![ 	])[ 	]+$");
        trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
      } catch {
        trimEnd = /[ \t]+$/;
        trimBoth = /^[ \t]+|[ \t]+$/g;
      }
      let res = match[1].replace(trimEnd, "");
      let sep = " ";
      let pos = line.lastIndex;
      while (match = line.exec(source)) {
        const lm = match[1].replace(trimBoth, "");
        if (lm === "") {
          if (sep === "\n")
            res += sep;
          else
            sep = "\n";
        } else {
          res += sep + lm;
          sep = " ";
        }
        pos = line.lastIndex;
      }
      const last = /[ \t]*(.*)/sy;
      last.lastIndex = pos;
      match = last.exec(source);
      return res + sep + (match?.[1] ?? "");
    }
    __name(unfoldLines, "unfoldLines");
    function doubleQuotedValue(source, onError) {
      let res = "";
      for (let i = 1; i < source.length - 1; ++i) {
        const ch = source[i];
        if (ch === "\r" && source[i + 1] === "\n")
          continue;
        if (ch === "\n") {
          const { fold, offset } = foldNewline(source, i);
          res += fold;
          i = offset;
        } else if (ch === "\\") {
          let next = source[++i];
          const cc = escapeCodes[next];
          if (cc)
            res += cc;
          else if (next === "\n") {
            next = source[i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "\r" && source[i + 1] === "\n") {
            next = source[++i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "x" || next === "u" || next === "U") {
            const length = next === "x" ? 2 : next === "u" ? 4 : 8;
            res += parseCharCode(source, i + 1, length, onError);
            i += length;
          } else {
            const raw = source.substr(i - 1, 2);
            onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
            res += raw;
          }
        } else if (ch === " " || ch === "	") {
          const wsStart = i;
          let next = source[i + 1];
          while (next === " " || next === "	")
            next = source[++i + 1];
          if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n"))
            res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
        } else {
          res += ch;
        }
      }
      if (source[source.length - 1] !== '"' || source.length === 1)
        onError(source.length, "MISSING_CHAR", 'Missing closing "quote');
      return res;
    }
    __name(doubleQuotedValue, "doubleQuotedValue");
    function foldNewline(source, offset) {
      let fold = "";
      let ch = source[offset + 1];
      while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
        if (ch === "\r" && source[offset + 2] !== "\n")
          break;
        if (ch === "\n")
          fold += "\n";
        offset += 1;
        ch = source[offset + 1];
      }
      if (!fold)
        fold = " ";
      return { fold, offset };
    }
    __name(foldNewline, "foldNewline");
    var escapeCodes = {
      "0": "\0",
      // null character
      a: "\x07",
      // bell character
      b: "\b",
      // backspace
      e: "\x1B",
      // escape character
      f: "\f",
      // form feed
      n: "\n",
      // line feed
      r: "\r",
      // carriage return
      t: "	",
      // horizontal tab
      v: "\v",
      // vertical tab
      N: "\x85",
      // Unicode next line
      _: "\xA0",
      // Unicode non-breaking space
      L: "\u2028",
      // Unicode line separator
      P: "\u2029",
      // Unicode paragraph separator
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      "	": "	"
    };
    function parseCharCode(source, offset, length, onError) {
      const cc = source.substr(offset, length);
      const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
      const code = ok ? parseInt(cc, 16) : NaN;
      try {
        return String.fromCodePoint(code);
      } catch {
        const raw = source.substr(offset - 2, length + 2);
        onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
        return raw;
      }
    }
    __name(parseCharCode, "parseCharCode");
    exports.resolveFlowScalar = resolveFlowScalar;
  }
});

// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = __commonJS({
  "node_modules/yaml/dist/compose/compose-scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    function composeScalar(ctx, token, tagToken, onError) {
      const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
      const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
      let tag;
      if (ctx.options.stringKeys && ctx.atKey) {
        tag = ctx.schema[identity.SCALAR];
      } else if (tagName)
        tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
      else if (token.type === "scalar")
        tag = findScalarTagByTest(ctx, value, token, onError);
      else
        tag = ctx.schema[identity.SCALAR];
      let scalar2;
      try {
        const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
        scalar2 = identity.isScalar(res) ? res : new Scalar.Scalar(res);
      } catch (error) {
        const msg = error instanceof Error ? error.message : String(error);
        onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
        scalar2 = new Scalar.Scalar(value);
      }
      scalar2.range = range;
      scalar2.source = value;
      if (type)
        scalar2.type = type;
      if (tagName)
        scalar2.tag = tagName;
      if (tag.format)
        scalar2.format = tag.format;
      if (comment)
        scalar2.comment = comment;
      return scalar2;
    }
    __name(composeScalar, "composeScalar");
    function findScalarTagByName(schema, value, tagName, tagToken, onError) {
      if (tagName === "!")
        return schema[identity.SCALAR];
      const matchWithTest = [];
      for (const tag of schema.tags) {
        if (!tag.collection && tag.tag === tagName) {
          if (tag.default && tag.test)
            matchWithTest.push(tag);
          else
            return tag;
        }
      }
      for (const tag of matchWithTest)
        if (tag.test?.test(value))
          return tag;
      const kt = schema.knownTags[tagName];
      if (kt && !kt.collection) {
        schema.tags.push(Object.assign({}, kt, { default: false, test: void 0 }));
        return kt;
      }
      onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
      return schema[identity.SCALAR];
    }
    __name(findScalarTagByName, "findScalarTagByName");
    function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
      const tag = schema.tags.find((tag2) => (tag2.default === true || atKey && tag2.default === "key") && tag2.test?.test(value)) || schema[identity.SCALAR];
      if (schema.compat) {
        const compat = schema.compat.find((tag2) => tag2.default && tag2.test?.test(value)) ?? schema[identity.SCALAR];
        if (tag.tag !== compat.tag) {
          const ts = directives.tagString(tag.tag);
          const cs = directives.tagString(compat.tag);
          const msg = `Value may be parsed as either ${ts} or ${cs}`;
          onError(token, "TAG_RESOLVE_FAILED", msg, true);
        }
      }
      return tag;
    }
    __name(findScalarTagByTest, "findScalarTagByTest");
    exports.composeScalar = composeScalar;
  }
});

// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = __commonJS({
  "node_modules/yaml/dist/compose/util-empty-scalar-position.js"(exports) {
    "use strict";
    function emptyScalarPosition(offset, before, pos) {
      if (before) {
        pos ?? (pos = before.length);
        for (let i = pos - 1; i >= 0; --i) {
          let st = before[i];
          switch (st.type) {
            case "space":
            case "comment":
            case "newline":
              offset -= st.source.length;
              continue;
          }
          st = before[++i];
          while (st?.type === "space") {
            offset += st.source.length;
            st = before[++i];
          }
          break;
        }
      }
      return offset;
    }
    __name(emptyScalarPosition, "emptyScalarPosition");
    exports.emptyScalarPosition = emptyScalarPosition;
  }
});

// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = __commonJS({
  "node_modules/yaml/dist/compose/compose-node.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var composeCollection = require_compose_collection();
    var composeScalar = require_compose_scalar();
    var resolveEnd = require_resolve_end();
    var utilEmptyScalarPosition = require_util_empty_scalar_position();
    var CN = { composeNode, composeEmptyNode };
    function composeNode(ctx, token, props, onError) {
      const atKey = ctx.atKey;
      const { spaceBefore, comment, anchor, tag } = props;
      let node;
      let isSrcToken = true;
      switch (token.type) {
        case "alias":
          node = composeAlias(ctx, token, onError);
          if (anchor || tag)
            onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
          break;
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "block-scalar":
          node = composeScalar.composeScalar(ctx, token, tag, onError);
          if (anchor)
            node.anchor = anchor.source.substring(1);
          break;
        case "block-map":
        case "block-seq":
        case "flow-collection":
          try {
            node = composeCollection.composeCollection(CN, ctx, token, props, onError);
            if (anchor)
              node.anchor = anchor.source.substring(1);
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            onError(token, "RESOURCE_EXHAUSTION", message);
          }
          break;
        default: {
          const message = token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`;
          onError(token, "UNEXPECTED_TOKEN", message);
          isSrcToken = false;
        }
      }
      node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
      if (anchor && node.anchor === "")
        onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) {
        const msg = "With stringKeys, all keys must be strings";
        onError(tag ?? token, "NON_STRING_KEY", msg);
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        if (token.type === "scalar" && token.source === "")
          node.comment = comment;
        else
          node.commentBefore = comment;
      }
      if (ctx.options.keepSourceTokens && isSrcToken)
        node.srcToken = token;
      return node;
    }
    __name(composeNode, "composeNode");
    function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
      const token = {
        type: "scalar",
        offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
        indent: -1,
        source: ""
      };
      const node = composeScalar.composeScalar(ctx, token, tag, onError);
      if (anchor) {
        node.anchor = anchor.source.substring(1);
        if (node.anchor === "")
          onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        node.comment = comment;
        node.range[2] = end;
      }
      return node;
    }
    __name(composeEmptyNode, "composeEmptyNode");
    function composeAlias({ options }, { offset, source, end }, onError) {
      const alias = new Alias.Alias(source.substring(1));
      if (alias.source === "")
        onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
      if (alias.source.endsWith(":"))
        onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
      alias.range = [offset, valueEnd, re.offset];
      if (re.comment)
        alias.comment = re.comment;
      return alias;
    }
    __name(composeAlias, "composeAlias");
    exports.composeEmptyNode = composeEmptyNode;
    exports.composeNode = composeNode;
  }
});

// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = __commonJS({
  "node_modules/yaml/dist/compose/compose-doc.js"(exports) {
    "use strict";
    var Document = require_Document();
    var composeNode = require_compose_node();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    function composeDoc(options, directives, { offset, start, value, end }, onError) {
      const opts = Object.assign({ _directives: directives }, options);
      const doc = new Document.Document(void 0, opts);
      const ctx = {
        atKey: false,
        atRoot: true,
        directives: doc.directives,
        options: doc.options,
        schema: doc.schema
      };
      const props = resolveProps.resolveProps(start, {
        indicator: "doc-start",
        next: value ?? end?.[0],
        offset,
        onError,
        parentIndent: 0,
        startOnNewline: true
      });
      if (props.found) {
        doc.directives.docStart = true;
        if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline)
          onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
      }
      doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
      const contentEnd = doc.contents.range[2];
      const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
      if (re.comment)
        doc.comment = re.comment;
      doc.range = [offset, contentEnd, re.offset];
      return doc;
    }
    __name(composeDoc, "composeDoc");
    exports.composeDoc = composeDoc;
  }
});

// node_modules/yaml/dist/compose/composer.js
var require_composer = __commonJS({
  "node_modules/yaml/dist/compose/composer.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var directives = require_directives();
    var Document = require_Document();
    var errors = require_errors();
    var identity = require_identity();
    var composeDoc = require_compose_doc();
    var resolveEnd = require_resolve_end();
    function getErrorPos(src) {
      if (typeof src === "number")
        return [src, src + 1];
      if (Array.isArray(src))
        return src.length === 2 ? src : [src[0], src[1]];
      const { offset, source } = src;
      return [offset, offset + (typeof source === "string" ? source.length : 1)];
    }
    __name(getErrorPos, "getErrorPos");
    function parsePrelude(prelude) {
      let comment = "";
      let atComment = false;
      let afterEmptyLine = false;
      for (let i = 0; i < prelude.length; ++i) {
        const source = prelude[i];
        switch (source[0]) {
          case "#":
            comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
            atComment = true;
            afterEmptyLine = false;
            break;
          case "%":
            if (prelude[i + 1]?.[0] !== "#")
              i += 1;
            atComment = false;
            break;
          default:
            if (!atComment)
              afterEmptyLine = true;
            atComment = false;
        }
      }
      return { comment, afterEmptyLine };
    }
    __name(parsePrelude, "parsePrelude");
    var Composer = class {
      static {
        __name(this, "Composer");
      }
      constructor(options = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code, message, warning) => {
          const pos = getErrorPos(source);
          if (warning)
            this.warnings.push(new errors.YAMLWarning(pos, code, message));
          else
            this.errors.push(new errors.YAMLParseError(pos, code, message));
        };
        this.directives = new directives.Directives({ version: options.version || "1.2" });
        this.options = options;
      }
      decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        if (comment) {
          const dc = doc.contents;
          if (afterDoc) {
            doc.comment = doc.comment ? `${doc.comment}
${comment}` : comment;
          } else if (afterEmptyLine || doc.directives.docStart || !dc) {
            doc.commentBefore = comment;
          } else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
            let it = dc.items[0];
            if (identity.isPair(it))
              it = it.key;
            const cb = it.commentBefore;
            it.commentBefore = cb ? `${comment}
${cb}` : comment;
          } else {
            const cb = dc.commentBefore;
            dc.commentBefore = cb ? `${comment}
${cb}` : comment;
          }
        }
        if (afterDoc) {
          for (let i = 0; i < this.errors.length; ++i)
            doc.errors.push(this.errors[i]);
          for (let i = 0; i < this.warnings.length; ++i)
            doc.warnings.push(this.warnings[i]);
        } else {
          doc.errors = this.errors;
          doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
      }
      /**
       * Current stream status information.
       *
       * Mostly useful at the end of input for an empty stream.
       */
      streamInfo() {
        return {
          comment: parsePrelude(this.prelude).comment,
          directives: this.directives,
          errors: this.errors,
          warnings: this.warnings
        };
      }
      /**
       * Compose tokens into documents.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
          yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
      }
      /** Advance the composer by one CST token. */
      *next(token) {
        if (node_process.env.LOG_STREAM)
          console.dir(token, { depth: null });
        switch (token.type) {
          case "directive":
            this.directives.add(token.source, (offset, message, warning) => {
              const pos = getErrorPos(token);
              pos[0] += offset;
              this.onError(pos, "BAD_DIRECTIVE", message, warning);
            });
            this.prelude.push(token.source);
            this.atDirectives = true;
            break;
          case "document": {
            const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
            if (this.atDirectives && !doc.directives.docStart)
              this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
            this.decorate(doc, false);
            if (this.doc)
              yield this.doc;
            this.doc = doc;
            this.atDirectives = false;
            break;
          }
          case "byte-order-mark":
          case "space":
            break;
          case "comment":
          case "newline":
            this.prelude.push(token.source);
            break;
          case "error": {
            const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
            const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
            if (this.atDirectives || !this.doc)
              this.errors.push(error);
            else
              this.doc.errors.push(error);
            break;
          }
          case "doc-end": {
            if (!this.doc) {
              const msg = "Unexpected doc-end without preceding document";
              this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg));
              break;
            }
            this.doc.directives.docEnd = true;
            const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
            this.decorate(this.doc, true);
            if (end.comment) {
              const dc = this.doc.comment;
              this.doc.comment = dc ? `${dc}
${end.comment}` : end.comment;
            }
            this.doc.range[2] = end.offset;
            break;
          }
          default:
            this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
        }
      }
      /**
       * Call at end of input to yield any remaining document.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
          this.decorate(this.doc, true);
          yield this.doc;
          this.doc = null;
        } else if (forceDoc) {
          const opts = Object.assign({ _directives: this.directives }, this.options);
          const doc = new Document.Document(void 0, opts);
          if (this.atDirectives)
            this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
          doc.range = [0, endOffset, endOffset];
          this.decorate(doc, false);
          yield doc;
        }
      }
    };
    exports.Composer = Composer;
  }
});

// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = __commonJS({
  "node_modules/yaml/dist/parse/cst-scalar.js"(exports) {
    "use strict";
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    var errors = require_errors();
    var stringifyString = require_stringifyString();
    function resolveAsScalar(token, strict = true, onError) {
      if (token) {
        const _onError = /* @__PURE__ */ __name((pos, code, message) => {
          const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
          if (onError)
            onError(offset, code, message);
          else
            throw new errors.YAMLParseError([offset, offset + 1], code, message);
        }, "_onError");
        switch (token.type) {
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
          case "block-scalar":
            return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
        }
      }
      return null;
    }
    __name(resolveAsScalar, "resolveAsScalar");
    function createScalarToken(value, context) {
      const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey,
        indent: indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      const end = context.end ?? [
        { type: "newline", offset: -1, indent, source: "\n" }
      ];
      switch (source[0]) {
        case "|":
        case ">": {
          const he = source.indexOf("\n");
          const head = source.substring(0, he);
          const body = source.substring(he + 1) + "\n";
          const props = [
            { type: "block-scalar-header", offset, indent, source: head }
          ];
          if (!addEndtoBlockProps(props, end))
            props.push({ type: "newline", offset: -1, indent, source: "\n" });
          return { type: "block-scalar", offset, indent, props, source: body };
        }
        case '"':
          return { type: "double-quoted-scalar", offset, indent, source, end };
        case "'":
          return { type: "single-quoted-scalar", offset, indent, source, end };
        default:
          return { type: "scalar", offset, indent, source, end };
      }
    }
    __name(createScalarToken, "createScalarToken");
    function setScalarValue(token, value, context = {}) {
      let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
      let indent = "indent" in token ? token.indent : null;
      if (afterKey && typeof indent === "number")
        indent += 2;
      if (!type)
        switch (token.type) {
          case "single-quoted-scalar":
            type = "QUOTE_SINGLE";
            break;
          case "double-quoted-scalar":
            type = "QUOTE_DOUBLE";
            break;
          case "block-scalar": {
            const header = token.props[0];
            if (header.type !== "block-scalar-header")
              throw new Error("Invalid block scalar header");
            type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
            break;
          }
          default:
            type = "PLAIN";
        }
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey: implicitKey || indent === null,
        indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      switch (source[0]) {
        case "|":
        case ">":
          setBlockScalarValue(token, source);
          break;
        case '"':
          setFlowScalarValue(token, source, "double-quoted-scalar");
          break;
        case "'":
          setFlowScalarValue(token, source, "single-quoted-scalar");
          break;
        default:
          setFlowScalarValue(token, source, "scalar");
      }
    }
    __name(setScalarValue, "setScalarValue");
    function setBlockScalarValue(token, source) {
      const he = source.indexOf("\n");
      const head = source.substring(0, he);
      const body = source.substring(he + 1) + "\n";
      if (token.type === "block-scalar") {
        const header = token.props[0];
        if (header.type !== "block-scalar-header")
          throw new Error("Invalid block scalar header");
        header.source = head;
        token.source = body;
      } else {
        const { offset } = token;
        const indent = "indent" in token ? token.indent : -1;
        const props = [
          { type: "block-scalar-header", offset, indent, source: head }
        ];
        if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0))
          props.push({ type: "newline", offset: -1, indent, source: "\n" });
        for (const key of Object.keys(token))
          if (key !== "type" && key !== "offset")
            delete token[key];
        Object.assign(token, { type: "block-scalar", indent, props, source: body });
      }
    }
    __name(setBlockScalarValue, "setBlockScalarValue");
    function addEndtoBlockProps(props, end) {
      if (end)
        for (const st of end)
          switch (st.type) {
            case "space":
            case "comment":
              props.push(st);
              break;
            case "newline":
              props.push(st);
              return true;
          }
      return false;
    }
    __name(addEndtoBlockProps, "addEndtoBlockProps");
    function setFlowScalarValue(token, source, type) {
      switch (token.type) {
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          token.type = type;
          token.source = source;
          break;
        case "block-scalar": {
          const end = token.props.slice(1);
          let oa = source.length;
          if (token.props[0].type === "block-scalar-header")
            oa -= token.props[0].source.length;
          for (const tok of end)
            tok.offset += oa;
          delete token.props;
          Object.assign(token, { type, source, end });
          break;
        }
        case "block-map":
        case "block-seq": {
          const offset = token.offset + source.length;
          const nl = { type: "newline", offset, indent: token.indent, source: "\n" };
          delete token.items;
          Object.assign(token, { type, source, end: [nl] });
          break;
        }
        default: {
          const indent = "indent" in token ? token.indent : -1;
          const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
          for (const key of Object.keys(token))
            if (key !== "type" && key !== "offset")
              delete token[key];
          Object.assign(token, { type, indent, source, end });
        }
      }
    }
    __name(setFlowScalarValue, "setFlowScalarValue");
    exports.createScalarToken = createScalarToken;
    exports.resolveAsScalar = resolveAsScalar;
    exports.setScalarValue = setScalarValue;
  }
});

// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = __commonJS({
  "node_modules/yaml/dist/parse/cst-stringify.js"(exports) {
    "use strict";
    var stringify = /* @__PURE__ */ __name((cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst), "stringify");
    function stringifyToken(token) {
      switch (token.type) {
        case "block-scalar": {
          let res = "";
          for (const tok of token.props)
            res += stringifyToken(tok);
          return res + token.source;
        }
        case "block-map":
        case "block-seq": {
          let res = "";
          for (const item of token.items)
            res += stringifyItem(item);
          return res;
        }
        case "flow-collection": {
          let res = token.start.source;
          for (const item of token.items)
            res += stringifyItem(item);
          for (const st of token.end)
            res += st.source;
          return res;
        }
        case "document": {
          let res = stringifyItem(token);
          if (token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
        default: {
          let res = token.source;
          if ("end" in token && token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
      }
    }
    __name(stringifyToken, "stringifyToken");
    function stringifyItem({ start, key, sep, value }) {
      let res = "";
      for (const st of start)
        res += st.source;
      if (key)
        res += stringifyToken(key);
      if (sep)
        for (const st of sep)
          res += st.source;
      if (value)
        res += stringifyToken(value);
      return res;
    }
    __name(stringifyItem, "stringifyItem");
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = __commonJS({
  "node_modules/yaml/dist/parse/cst-visit.js"(exports) {
    "use strict";
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove item");
    function visit(cst, visitor) {
      if ("type" in cst && cst.type === "document")
        cst = { start: cst.start, value: cst.value };
      _visit(Object.freeze([]), cst, visitor);
    }
    __name(visit, "visit");
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    visit.itemAtPath = (cst, path2) => {
      let item = cst;
      for (const [field, index] of path2) {
        const tok = item?.[field];
        if (tok && "items" in tok) {
          item = tok.items[index];
        } else
          return void 0;
      }
      return item;
    };
    visit.parentCollection = (cst, path2) => {
      const parent = visit.itemAtPath(cst, path2.slice(0, -1));
      const field = path2[path2.length - 1][0];
      const coll = parent?.[field];
      if (coll && "items" in coll)
        return coll;
      throw new Error("Parent collection not found");
    };
    function _visit(path2, item, visitor) {
      let ctrl = visitor(item, path2);
      if (typeof ctrl === "symbol")
        return ctrl;
      for (const field of ["key", "value"]) {
        const token = item[field];
        if (token && "items" in token) {
          for (let i = 0; i < token.items.length; ++i) {
            const ci = _visit(Object.freeze(path2.concat([[field, i]])), token.items[i], visitor);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              token.items.splice(i, 1);
              i -= 1;
            }
          }
          if (typeof ctrl === "function" && field === "key")
            ctrl = ctrl(item, path2);
        }
      }
      return typeof ctrl === "function" ? ctrl(item, path2) : ctrl;
    }
    __name(_visit, "_visit");
    exports.visit = visit;
  }
});

// node_modules/yaml/dist/parse/cst.js
var require_cst = __commonJS({
  "node_modules/yaml/dist/parse/cst.js"(exports) {
    "use strict";
    var cstScalar = require_cst_scalar();
    var cstStringify = require_cst_stringify();
    var cstVisit = require_cst_visit();
    var BOM = "\uFEFF";
    var DOCUMENT = "";
    var FLOW_END = "";
    var SCALAR = "";
    var isCollection = /* @__PURE__ */ __name((token) => !!token && "items" in token, "isCollection");
    var isScalar2 = /* @__PURE__ */ __name((token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar"), "isScalar");
    function prettyToken(token) {
      switch (token) {
        case BOM:
          return "<BOM>";
        case DOCUMENT:
          return "<DOC>";
        case FLOW_END:
          return "<FLOW_END>";
        case SCALAR:
          return "<SCALAR>";
        default:
          return JSON.stringify(token);
      }
    }
    __name(prettyToken, "prettyToken");
    function tokenType(source) {
      switch (source) {
        case BOM:
          return "byte-order-mark";
        case DOCUMENT:
          return "doc-mode";
        case FLOW_END:
          return "flow-error-end";
        case SCALAR:
          return "scalar";
        case "---":
          return "doc-start";
        case "...":
          return "doc-end";
        case "":
        case "\n":
        case "\r\n":
          return "newline";
        case "-":
          return "seq-item-ind";
        case "?":
          return "explicit-key-ind";
        case ":":
          return "map-value-ind";
        case "{":
          return "flow-map-start";
        case "}":
          return "flow-map-end";
        case "[":
          return "flow-seq-start";
        case "]":
          return "flow-seq-end";
        case ",":
          return "comma";
      }
      switch (source[0]) {
        case " ":
        case "	":
          return "space";
        case "#":
          return "comment";
        case "%":
          return "directive-line";
        case "*":
          return "alias";
        case "&":
          return "anchor";
        case "!":
          return "tag";
        case "'":
          return "single-quoted-scalar";
        case '"':
          return "double-quoted-scalar";
        case "|":
        case ">":
          return "block-scalar-header";
      }
      return null;
    }
    __name(tokenType, "tokenType");
    exports.createScalarToken = cstScalar.createScalarToken;
    exports.resolveAsScalar = cstScalar.resolveAsScalar;
    exports.setScalarValue = cstScalar.setScalarValue;
    exports.stringify = cstStringify.stringify;
    exports.visit = cstVisit.visit;
    exports.BOM = BOM;
    exports.DOCUMENT = DOCUMENT;
    exports.FLOW_END = FLOW_END;
    exports.SCALAR = SCALAR;
    exports.isCollection = isCollection;
    exports.isScalar = isScalar2;
    exports.prettyToken = prettyToken;
    exports.tokenType = tokenType;
  }
});

// node_modules/yaml/dist/parse/lexer.js
var require_lexer = __commonJS({
  "node_modules/yaml/dist/parse/lexer.js"(exports) {
    "use strict";
    var cst = require_cst();
    function isEmpty(ch) {
      switch (ch) {
        case void 0:
        case " ":
        case "\n":
        case "\r":
        case "	":
          return true;
        default:
          return false;
      }
    }
    __name(isEmpty, "isEmpty");
    var hexDigits = new Set("0123456789ABCDEFabcdef");
    var tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
    var flowIndicatorChars = new Set(",[]{}");
    var invalidAnchorChars = new Set(" ,[]{}\n\r	");
    var isNotAnchorChar = /* @__PURE__ */ __name((ch) => !ch || invalidAnchorChars.has(ch), "isNotAnchorChar");
    var Lexer = class {
      static {
        __name(this, "Lexer");
      }
      constructor() {
        this.atEnd = false;
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        this.buffer = "";
        this.flowKey = false;
        this.flowLevel = 0;
        this.indentNext = 0;
        this.indentValue = 0;
        this.lineEndPos = null;
        this.next = null;
        this.pos = 0;
      }
      /**
       * Generate YAML tokens from the `source` string. If `incomplete`,
       * a part of the last line may be left as a buffer for the next call.
       *
       * @returns A generator of lexical tokens
       */
      *lex(source, incomplete = false) {
        if (source) {
          if (typeof source !== "string")
            throw TypeError("source is not a string");
          this.buffer = this.buffer ? this.buffer + source : source;
          this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? "stream";
        while (next && (incomplete || this.hasChars(1)))
          next = yield* this.parseNext(next);
      }
      atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === " " || ch === "	")
          ch = this.buffer[++i];
        if (!ch || ch === "#" || ch === "\n")
          return true;
        if (ch === "\r")
          return this.buffer[i + 1] === "\n";
        return false;
      }
      charAt(n) {
        return this.buffer[this.pos + n];
      }
      continueScalar(offset) {
        let ch = this.buffer[offset];
        if (this.indentNext > 0) {
          let indent = 0;
          while (ch === " ")
            ch = this.buffer[++indent + offset];
          if (ch === "\r") {
            const next = this.buffer[indent + offset + 1];
            if (next === "\n" || !next && !this.atEnd)
              return offset + indent + 1;
          }
          return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
        }
        if (ch === "-" || ch === ".") {
          const dt = this.buffer.substr(offset, 3);
          if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset + 3]))
            return -1;
        }
        return offset;
      }
      getLine() {
        let end = this.lineEndPos;
        if (typeof end !== "number" || end !== -1 && end < this.pos) {
          end = this.buffer.indexOf("\n", this.pos);
          this.lineEndPos = end;
        }
        if (end === -1)
          return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end - 1] === "\r")
          end -= 1;
        return this.buffer.substring(this.pos, end);
      }
      hasChars(n) {
        return this.pos + n <= this.buffer.length;
      }
      setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
      }
      peek(n) {
        return this.buffer.substr(this.pos, n);
      }
      *parseNext(next) {
        switch (next) {
          case "stream":
            return yield* this.parseStream();
          case "line-start":
            return yield* this.parseLineStart();
          case "block-start":
            return yield* this.parseBlockStart();
          case "doc":
            return yield* this.parseDocument();
          case "flow":
            return yield* this.parseFlowCollection();
          case "quoted-scalar":
            return yield* this.parseQuotedScalar();
          case "block-scalar":
            return yield* this.parseBlockScalar();
          case "plain-scalar":
            return yield* this.parsePlainScalar();
        }
      }
      *parseStream() {
        let line = this.getLine();
        if (line === null)
          return this.setNext("stream");
        if (line[0] === cst.BOM) {
          yield* this.pushCount(1);
          line = line.substring(1);
        }
        if (line[0] === "%") {
          let dirEnd = line.length;
          let cs = line.indexOf("#");
          while (cs !== -1) {
            const ch = line[cs - 1];
            if (ch === " " || ch === "	") {
              dirEnd = cs - 1;
              break;
            } else {
              cs = line.indexOf("#", cs + 1);
            }
          }
          while (true) {
            const ch = line[dirEnd - 1];
            if (ch === " " || ch === "	")
              dirEnd -= 1;
            else
              break;
          }
          const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
          yield* this.pushCount(line.length - n);
          this.pushNewline();
          return "stream";
        }
        if (this.atLineEnd()) {
          const sp = yield* this.pushSpaces(true);
          yield* this.pushCount(line.length - sp);
          yield* this.pushNewline();
          return "stream";
        }
        yield cst.DOCUMENT;
        return yield* this.parseLineStart();
      }
      *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
          return this.setNext("line-start");
        if (ch === "-" || ch === ".") {
          if (!this.atEnd && !this.hasChars(4))
            return this.setNext("line-start");
          const s = this.peek(3);
          if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
            yield* this.pushCount(3);
            this.indentValue = 0;
            this.indentNext = 0;
            return s === "---" ? "doc" : "stream";
          }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1)))
          this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
      }
      *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
          return this.setNext("block-start");
        if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
          const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
          this.indentNext = this.indentValue + 1;
          this.indentValue += n;
          return "block-start";
        }
        return "doc";
      }
      *parseDocument() {
        yield* this.pushSpaces(true);
        const line = this.getLine();
        if (line === null)
          return this.setNext("doc");
        let n = yield* this.pushIndicators();
        switch (line[n]) {
          case "#":
            yield* this.pushCount(line.length - n);
          // fallthrough
          case void 0:
            yield* this.pushNewline();
            return yield* this.parseLineStart();
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel = 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            return "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "doc";
          case '"':
          case "'":
            return yield* this.parseQuotedScalar();
          case "|":
          case ">":
            n += yield* this.parseBlockScalarHeader();
            n += yield* this.pushSpaces(true);
            yield* this.pushCount(line.length - n);
            yield* this.pushNewline();
            return yield* this.parseBlockScalar();
          default:
            return yield* this.parsePlainScalar();
        }
      }
      *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
          nl = yield* this.pushNewline();
          if (nl > 0) {
            sp = yield* this.pushSpaces(false);
            this.indentValue = indent = sp;
          } else {
            sp = 0;
          }
          sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line = this.getLine();
        if (line === null)
          return this.setNext("flow");
        if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty(line[3])) {
          const atFlowEndMarker = indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}");
          if (!atFlowEndMarker) {
            this.flowLevel = 0;
            yield cst.FLOW_END;
            return yield* this.parseLineStart();
          }
        }
        let n = 0;
        while (line[n] === ",") {
          n += yield* this.pushCount(1);
          n += yield* this.pushSpaces(true);
          this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line[n]) {
          case void 0:
            return "flow";
          case "#":
            yield* this.pushCount(line.length - n);
            return "flow";
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel += 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            this.flowKey = true;
            this.flowLevel -= 1;
            return this.flowLevel ? "flow" : "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "flow";
          case '"':
          case "'":
            this.flowKey = true;
            return yield* this.parseQuotedScalar();
          case ":": {
            const next = this.charAt(1);
            if (this.flowKey || isEmpty(next) || next === ",") {
              this.flowKey = false;
              yield* this.pushCount(1);
              yield* this.pushSpaces(true);
              return "flow";
            }
          }
          // fallthrough
          default:
            this.flowKey = false;
            return yield* this.parsePlainScalar();
        }
      }
      *parseQuotedScalar() {
        const quote2 = this.charAt(0);
        let end = this.buffer.indexOf(quote2, this.pos + 1);
        if (quote2 === "'") {
          while (end !== -1 && this.buffer[end + 1] === "'")
            end = this.buffer.indexOf("'", end + 2);
        } else {
          while (end !== -1) {
            let n = 0;
            while (this.buffer[end - 1 - n] === "\\")
              n += 1;
            if (n % 2 === 0)
              break;
            end = this.buffer.indexOf('"', end + 1);
          }
        }
        const qb = this.buffer.substring(0, end);
        let nl = qb.indexOf("\n", this.pos);
        if (nl !== -1) {
          while (nl !== -1) {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = qb.indexOf("\n", cs);
          }
          if (nl !== -1) {
            end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
          }
        }
        if (end === -1) {
          if (!this.atEnd)
            return this.setNext("quoted-scalar");
          end = this.buffer.length;
        }
        yield* this.pushToIndex(end + 1, false);
        return this.flowLevel ? "flow" : "doc";
      }
      *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
          const ch = this.buffer[++i];
          if (ch === "+")
            this.blockScalarKeep = true;
          else if (ch > "0" && ch <= "9")
            this.blockScalarIndent = Number(ch) - 1;
          else if (ch !== "-")
            break;
        }
        return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
      }
      *parseBlockScalar() {
        let nl = this.pos - 1;
        let indent = 0;
        let ch;
        loop: for (let i2 = this.pos; ch = this.buffer[i2]; ++i2) {
          switch (ch) {
            case " ":
              indent += 1;
              break;
            case "\n":
              nl = i2;
              indent = 0;
              break;
            case "\r": {
              const next = this.buffer[i2 + 1];
              if (!next && !this.atEnd)
                return this.setNext("block-scalar");
              if (next === "\n")
                break;
            }
            // fallthrough
            default:
              break loop;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("block-scalar");
        if (indent >= this.indentNext) {
          if (this.blockScalarIndent === -1)
            this.indentNext = indent;
          else {
            this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
          }
          do {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = this.buffer.indexOf("\n", cs);
          } while (nl !== -1);
          if (nl === -1) {
            if (!this.atEnd)
              return this.setNext("block-scalar");
            nl = this.buffer.length;
          }
        }
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === " ")
          ch = this.buffer[++i];
        if (ch === "	") {
          while (ch === "	" || ch === " " || ch === "\r" || ch === "\n")
            ch = this.buffer[++i];
          nl = i - 1;
        } else if (!this.blockScalarKeep) {
          do {
            let i2 = nl - 1;
            let ch2 = this.buffer[i2];
            if (ch2 === "\r")
              ch2 = this.buffer[--i2];
            const lastChar = i2;
            while (ch2 === " ")
              ch2 = this.buffer[--i2];
            if (ch2 === "\n" && i2 >= this.pos && i2 + 1 + indent > lastChar)
              nl = i2;
            else
              break;
          } while (true);
        }
        yield cst.SCALAR;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
      }
      *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while (ch = this.buffer[++i]) {
          if (ch === ":") {
            const next = this.buffer[i + 1];
            if (isEmpty(next) || inFlow && flowIndicatorChars.has(next))
              break;
            end = i;
          } else if (isEmpty(ch)) {
            let next = this.buffer[i + 1];
            if (ch === "\r") {
              if (next === "\n") {
                i += 1;
                ch = "\n";
                next = this.buffer[i + 1];
              } else
                end = i;
            }
            if (next === "#" || inFlow && flowIndicatorChars.has(next))
              break;
            if (ch === "\n") {
              const cs = this.continueScalar(i + 1);
              if (cs === -1)
                break;
              i = Math.max(i, cs - 2);
            }
          } else {
            if (inFlow && flowIndicatorChars.has(ch))
              break;
            end = i;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("plain-scalar");
        yield cst.SCALAR;
        yield* this.pushToIndex(end + 1, true);
        return inFlow ? "flow" : "doc";
      }
      *pushCount(n) {
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos += n;
          return n;
        }
        return 0;
      }
      *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
          yield s;
          this.pos += s.length;
          return s.length;
        } else if (allowEmpty)
          yield "";
        return 0;
      }
      *pushIndicators() {
        let n = 0;
        loop: while (true) {
          switch (this.charAt(0)) {
            case "!":
              n += yield* this.pushTag();
              n += yield* this.pushSpaces(true);
              continue loop;
            case "&":
              n += yield* this.pushUntil(isNotAnchorChar);
              n += yield* this.pushSpaces(true);
              continue loop;
            case "-":
            // this is an error
            case "?":
            // this is an error outside flow collections
            case ":": {
              const inFlow = this.flowLevel > 0;
              const ch1 = this.charAt(1);
              if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
                if (!inFlow)
                  this.indentNext = this.indentValue + 1;
                else if (this.flowKey)
                  this.flowKey = false;
                n += yield* this.pushCount(1);
                n += yield* this.pushSpaces(true);
                continue loop;
              }
            }
          }
          break loop;
        }
        return n;
      }
      *pushTag() {
        if (this.charAt(1) === "<") {
          let i = this.pos + 2;
          let ch = this.buffer[i];
          while (!isEmpty(ch) && ch !== ">")
            ch = this.buffer[++i];
          return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
        } else {
          let i = this.pos + 1;
          let ch = this.buffer[i];
          while (ch) {
            if (tagChars.has(ch))
              ch = this.buffer[++i];
            else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) {
              ch = this.buffer[i += 3];
            } else
              break;
          }
          return yield* this.pushToIndex(i, false);
        }
      }
      *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === "\n")
          return yield* this.pushCount(1);
        else if (ch === "\r" && this.charAt(1) === "\n")
          return yield* this.pushCount(2);
        else
          return 0;
      }
      *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
          ch = this.buffer[++i];
        } while (ch === " " || allowTabs && ch === "	");
        const n = i - this.pos;
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos = i;
        }
        return n;
      }
      *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
          ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
      }
    };
    exports.Lexer = Lexer;
  }
});

// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = __commonJS({
  "node_modules/yaml/dist/parse/line-counter.js"(exports) {
    "use strict";
    var LineCounter2 = class {
      static {
        __name(this, "LineCounter");
      }
      constructor() {
        this.lineStarts = [];
        this.addNewLine = (offset) => this.lineStarts.push(offset);
        this.linePos = (offset) => {
          let low = 0;
          let high = this.lineStarts.length;
          while (low < high) {
            const mid = low + high >> 1;
            if (this.lineStarts[mid] < offset)
              low = mid + 1;
            else
              high = mid;
          }
          if (this.lineStarts[low] === offset)
            return { line: low + 1, col: 1 };
          if (low === 0)
            return { line: 0, col: offset };
          const start = this.lineStarts[low - 1];
          return { line: low, col: offset - start + 1 };
        };
      }
    };
    exports.LineCounter = LineCounter2;
  }
});

// node_modules/yaml/dist/parse/parser.js
var require_parser = __commonJS({
  "node_modules/yaml/dist/parse/parser.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var cst = require_cst();
    var lexer = require_lexer();
    function includesToken(list, type) {
      for (let i = 0; i < list.length; ++i)
        if (list[i].type === type)
          return true;
      return false;
    }
    __name(includesToken, "includesToken");
    function findNonEmptyIndex(list) {
      for (let i = 0; i < list.length; ++i) {
        switch (list[i].type) {
          case "space":
          case "comment":
          case "newline":
            break;
          default:
            return i;
        }
      }
      return -1;
    }
    __name(findNonEmptyIndex, "findNonEmptyIndex");
    function isFlowToken(token) {
      switch (token?.type) {
        case "alias":
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "flow-collection":
          return true;
        default:
          return false;
      }
    }
    __name(isFlowToken, "isFlowToken");
    function getPrevProps(parent) {
      switch (parent.type) {
        case "document":
          return parent.start;
        case "block-map": {
          const it = parent.items[parent.items.length - 1];
          return it.sep ?? it.start;
        }
        case "block-seq":
          return parent.items[parent.items.length - 1].start;
        /* istanbul ignore next should not happen */
        default:
          return [];
      }
    }
    __name(getPrevProps, "getPrevProps");
    function getFirstKeyStartProps(prev) {
      if (prev.length === 0)
        return [];
      let i = prev.length;
      loop: while (--i >= 0) {
        switch (prev[i].type) {
          case "doc-start":
          case "explicit-key-ind":
          case "map-value-ind":
          case "seq-item-ind":
          case "newline":
            break loop;
        }
      }
      while (prev[++i]?.type === "space") {
      }
      return prev.splice(i, prev.length);
    }
    __name(getFirstKeyStartProps, "getFirstKeyStartProps");
    function arrayPushArray(target2, source) {
      if (source.length < 1e5)
        Array.prototype.push.apply(target2, source);
      else
        for (let i = 0; i < source.length; ++i)
          target2.push(source[i]);
    }
    __name(arrayPushArray, "arrayPushArray");
    function fixFlowSeqItems(fc) {
      if (fc.start.type === "flow-seq-start") {
        for (const it of fc.items) {
          if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
            if (it.key)
              it.value = it.key;
            delete it.key;
            if (isFlowToken(it.value)) {
              if (it.value.end)
                arrayPushArray(it.value.end, it.sep);
              else
                it.value.end = it.sep;
            } else
              arrayPushArray(it.start, it.sep);
            delete it.sep;
          }
        }
      }
    }
    __name(fixFlowSeqItems, "fixFlowSeqItems");
    var Parser = class {
      static {
        __name(this, "Parser");
      }
      /**
       * @param onNewLine - If defined, called separately with the start position of
       *   each new line (in `parse()`, including the start of input).
       */
      constructor(onNewLine) {
        this.atNewLine = true;
        this.atScalar = false;
        this.indent = 0;
        this.offset = 0;
        this.onKeyLine = false;
        this.stack = [];
        this.source = "";
        this.type = "";
        this.lexer = new lexer.Lexer();
        this.onNewLine = onNewLine;
      }
      /**
       * Parse `source` as a YAML stream.
       * If `incomplete`, a part of the last line may be left as a buffer for the next call.
       *
       * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
       *
       * @returns A generator of tokens representing each directive, document, and other structure.
       */
      *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
          this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
          yield* this.next(lexeme);
        if (!incomplete)
          yield* this.end();
      }
      /**
       * Advance the parser by the `source` of one lexical token.
       */
      *next(source) {
        this.source = source;
        if (node_process.env.LOG_TOKENS)
          console.log("|", cst.prettyToken(source));
        if (this.atScalar) {
          this.atScalar = false;
          yield* this.step();
          this.offset += source.length;
          return;
        }
        const type = cst.tokenType(source);
        if (!type) {
          const message = `Not a YAML token: ${source}`;
          yield* this.pop({ type: "error", offset: this.offset, message, source });
          this.offset += source.length;
        } else if (type === "scalar") {
          this.atNewLine = false;
          this.atScalar = true;
          this.type = "scalar";
        } else {
          this.type = type;
          yield* this.step();
          switch (type) {
            case "newline":
              this.atNewLine = true;
              this.indent = 0;
              if (this.onNewLine)
                this.onNewLine(this.offset + source.length);
              break;
            case "space":
              if (this.atNewLine && source[0] === " ")
                this.indent += source.length;
              break;
            case "explicit-key-ind":
            case "map-value-ind":
            case "seq-item-ind":
              if (this.atNewLine)
                this.indent += source.length;
              break;
            case "doc-mode":
            case "flow-error-end":
              return;
            default:
              this.atNewLine = false;
          }
          this.offset += source.length;
        }
      }
      /** Call at end of input to push out any remaining constructions */
      *end() {
        while (this.stack.length > 0)
          yield* this.pop();
      }
      get sourceToken() {
        const st = {
          type: this.type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
        return st;
      }
      *step() {
        const top = this.peek(1);
        if (this.type === "doc-end" && top?.type !== "doc-end") {
          while (this.stack.length > 0)
            yield* this.pop();
          this.stack.push({
            type: "doc-end",
            offset: this.offset,
            source: this.source
          });
          return;
        }
        if (!top)
          return yield* this.stream();
        switch (top.type) {
          case "document":
            return yield* this.document(top);
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return yield* this.scalar(top);
          case "block-scalar":
            return yield* this.blockScalar(top);
          case "block-map":
            return yield* this.blockMap(top);
          case "block-seq":
            return yield* this.blockSequence(top);
          case "flow-collection":
            return yield* this.flowCollection(top);
          case "doc-end":
            return yield* this.documentEnd(top);
        }
        yield* this.pop();
      }
      peek(n) {
        return this.stack[this.stack.length - n];
      }
      *pop(error) {
        const token = error ?? this.stack.pop();
        if (!token) {
          const message = "Tried to pop an empty stack";
          yield { type: "error", offset: this.offset, source: "", message };
        } else if (this.stack.length === 0) {
          yield token;
        } else {
          const top = this.peek(1);
          if (token.type === "block-scalar") {
            token.indent = "indent" in top ? top.indent : 0;
          } else if (token.type === "flow-collection" && top.type === "document") {
            token.indent = 0;
          }
          if (token.type === "flow-collection")
            fixFlowSeqItems(token);
          switch (top.type) {
            case "document":
              top.value = token;
              break;
            case "block-scalar":
              top.props.push(token);
              break;
            case "block-map": {
              const it = top.items[top.items.length - 1];
              if (it.value) {
                top.items.push({ start: [], key: token, sep: [] });
                this.onKeyLine = true;
                return;
              } else if (it.sep) {
                it.value = token;
              } else {
                Object.assign(it, { key: token, sep: [] });
                this.onKeyLine = !it.explicitKey;
                return;
              }
              break;
            }
            case "block-seq": {
              const it = top.items[top.items.length - 1];
              if (it.value)
                top.items.push({ start: [], value: token });
              else
                it.value = token;
              break;
            }
            case "flow-collection": {
              const it = top.items[top.items.length - 1];
              if (!it || it.value)
                top.items.push({ start: [], key: token, sep: [] });
              else if (it.sep)
                it.value = token;
              else
                Object.assign(it, { key: token, sep: [] });
              return;
            }
            /* istanbul ignore next should not happen */
            default:
              yield* this.pop();
              yield* this.pop(token);
          }
          if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
            const last = token.items[token.items.length - 1];
            if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
              if (top.type === "document")
                top.end = last.start;
              else
                top.items.push({ start: last.start });
              token.items.splice(-1, 1);
            }
          }
        }
      }
      *stream() {
        switch (this.type) {
          case "directive-line":
            yield { type: "directive", offset: this.offset, source: this.source };
            return;
          case "byte-order-mark":
          case "space":
          case "comment":
          case "newline":
            yield this.sourceToken;
            return;
          case "doc-mode":
          case "doc-start": {
            const doc = {
              type: "document",
              offset: this.offset,
              start: []
            };
            if (this.type === "doc-start")
              doc.start.push(this.sourceToken);
            this.stack.push(doc);
            return;
          }
        }
        yield {
          type: "error",
          offset: this.offset,
          message: `Unexpected ${this.type} token in YAML stream`,
          source: this.source
        };
      }
      *document(doc) {
        if (doc.value)
          return yield* this.lineEnd(doc);
        switch (this.type) {
          case "doc-start": {
            if (findNonEmptyIndex(doc.start) !== -1) {
              yield* this.pop();
              yield* this.step();
            } else
              doc.start.push(this.sourceToken);
            return;
          }
          case "anchor":
          case "tag":
          case "space":
          case "comment":
          case "newline":
            doc.start.push(this.sourceToken);
            return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
          this.stack.push(bv);
        else {
          yield {
            type: "error",
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML document`,
            source: this.source
          };
        }
      }
      *scalar(scalar2) {
        if (this.type === "map-value-ind") {
          const prev = getPrevProps(this.peek(2));
          const start = getFirstKeyStartProps(prev);
          let sep;
          if (scalar2.end) {
            sep = scalar2.end;
            sep.push(this.sourceToken);
            delete scalar2.end;
          } else
            sep = [this.sourceToken];
          const map = {
            type: "block-map",
            offset: scalar2.offset,
            indent: scalar2.indent,
            items: [{ start, key: scalar2, sep }]
          };
          this.onKeyLine = true;
          this.stack[this.stack.length - 1] = map;
        } else
          yield* this.lineEnd(scalar2);
      }
      *blockScalar(scalar2) {
        switch (this.type) {
          case "space":
          case "comment":
          case "newline":
            scalar2.props.push(this.sourceToken);
            return;
          case "scalar":
            scalar2.source = this.source;
            this.atNewLine = true;
            this.indent = 0;
            if (this.onNewLine) {
              let nl = this.source.indexOf("\n") + 1;
              while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf("\n", nl) + 1;
              }
            }
            yield* this.pop();
            break;
          /* istanbul ignore next should not happen */
          default:
            yield* this.pop();
            yield* this.step();
        }
      }
      *blockMap(map) {
        const it = map.items[map.items.length - 1];
        switch (this.type) {
          case "newline":
            this.onKeyLine = false;
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              it.start.push(this.sourceToken);
            }
            return;
          case "space":
          case "comment":
            if (it.value) {
              map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              if (this.atIndentedComment(it.start, map.indent)) {
                const prev = map.items[map.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  map.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
        }
        if (this.indent >= map.indent) {
          const atMapIndent = !this.onKeyLine && this.indent === map.indent;
          const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
          let start = [];
          if (atNextItem && it.sep && !it.value) {
            const nl = [];
            for (let i = 0; i < it.sep.length; ++i) {
              const st = it.sep[i];
              switch (st.type) {
                case "newline":
                  nl.push(i);
                  break;
                case "space":
                  break;
                case "comment":
                  if (st.indent > map.indent)
                    nl.length = 0;
                  break;
                default:
                  nl.length = 0;
              }
            }
            if (nl.length >= 2)
              start = it.sep.splice(nl[1]);
          }
          switch (this.type) {
            case "anchor":
            case "tag":
              if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start });
                this.onKeyLine = true;
              } else if (it.sep) {
                it.sep.push(this.sourceToken);
              } else {
                it.start.push(this.sourceToken);
              }
              return;
            case "explicit-key-ind":
              if (!it.sep && !it.explicitKey) {
                it.start.push(this.sourceToken);
                it.explicitKey = true;
              } else if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start, explicitKey: true });
              } else {
                this.stack.push({
                  type: "block-map",
                  offset: this.offset,
                  indent: this.indent,
                  items: [{ start: [this.sourceToken], explicitKey: true }]
                });
              }
              this.onKeyLine = true;
              return;
            case "map-value-ind":
              if (it.explicitKey) {
                if (!it.sep) {
                  if (includesToken(it.start, "newline")) {
                    Object.assign(it, { key: null, sep: [this.sourceToken] });
                  } else {
                    const start2 = getFirstKeyStartProps(it.start);
                    this.stack.push({
                      type: "block-map",
                      offset: this.offset,
                      indent: this.indent,
                      items: [{ start: start2, key: null, sep: [this.sourceToken] }]
                    });
                  }
                } else if (it.value) {
                  map.items.push({ start: [], key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, key: null, sep: [this.sourceToken] }]
                  });
                } else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
                  const start2 = getFirstKeyStartProps(it.start);
                  const key = it.key;
                  const sep = it.sep;
                  sep.push(this.sourceToken);
                  delete it.key;
                  delete it.sep;
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start2, key, sep }]
                  });
                } else if (start.length > 0) {
                  it.sep = it.sep.concat(start, this.sourceToken);
                } else {
                  it.sep.push(this.sourceToken);
                }
              } else {
                if (!it.sep) {
                  Object.assign(it, { key: null, sep: [this.sourceToken] });
                } else if (it.value || atNextItem) {
                  map.items.push({ start, key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [], key: null, sep: [this.sourceToken] }]
                  });
                } else {
                  it.sep.push(this.sourceToken);
                }
              }
              this.onKeyLine = true;
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (atNextItem || it.value) {
                map.items.push({ start, key: fs, sep: [] });
                this.onKeyLine = true;
              } else if (it.sep) {
                this.stack.push(fs);
              } else {
                Object.assign(it, { key: fs, sep: [] });
                this.onKeyLine = true;
              }
              return;
            }
            default: {
              const bv = this.startBlockValue(map);
              if (bv) {
                if (bv.type === "block-seq") {
                  if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
                    yield* this.pop({
                      type: "error",
                      offset: this.offset,
                      message: "Unexpected block-seq-ind on same line with key",
                      source: this.source
                    });
                    return;
                  }
                } else if (atMapIndent) {
                  map.items.push({ start });
                }
                this.stack.push(bv);
                return;
              }
            }
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *blockSequence(seq) {
        const it = seq.items[seq.items.length - 1];
        switch (this.type) {
          case "newline":
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                seq.items.push({ start: [this.sourceToken] });
            } else
              it.start.push(this.sourceToken);
            return;
          case "space":
          case "comment":
            if (it.value)
              seq.items.push({ start: [this.sourceToken] });
            else {
              if (this.atIndentedComment(it.start, seq.indent)) {
                const prev = seq.items[seq.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  seq.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
          case "anchor":
          case "tag":
            if (it.value || this.indent <= seq.indent)
              break;
            it.start.push(this.sourceToken);
            return;
          case "seq-item-ind":
            if (this.indent !== seq.indent)
              break;
            if (it.value || includesToken(it.start, "seq-item-ind"))
              seq.items.push({ start: [this.sourceToken] });
            else
              it.start.push(this.sourceToken);
            return;
        }
        if (this.indent > seq.indent) {
          const bv = this.startBlockValue(seq);
          if (bv) {
            this.stack.push(bv);
            return;
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === "flow-error-end") {
          let top;
          do {
            yield* this.pop();
            top = this.peek(1);
          } while (top?.type === "flow-collection");
        } else if (fc.end.length === 0) {
          switch (this.type) {
            case "comma":
            case "explicit-key-ind":
              if (!it || it.sep)
                fc.items.push({ start: [this.sourceToken] });
              else
                it.start.push(this.sourceToken);
              return;
            case "map-value-ind":
              if (!it || it.value)
                fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                Object.assign(it, { key: null, sep: [this.sourceToken] });
              return;
            case "space":
            case "comment":
            case "newline":
            case "anchor":
            case "tag":
              if (!it || it.value)
                fc.items.push({ start: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                it.start.push(this.sourceToken);
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (!it || it.value)
                fc.items.push({ start: [], key: fs, sep: [] });
              else if (it.sep)
                this.stack.push(fs);
              else
                Object.assign(it, { key: fs, sep: [] });
              return;
            }
            case "flow-map-end":
            case "flow-seq-end":
              fc.end.push(this.sourceToken);
              return;
          }
          const bv = this.startBlockValue(fc);
          if (bv)
            this.stack.push(bv);
          else {
            yield* this.pop();
            yield* this.step();
          }
        } else {
          const parent = this.peek(2);
          if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
            yield* this.pop();
            yield* this.step();
          } else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            fixFlowSeqItems(fc);
            const sep = fc.end.splice(1, fc.end.length);
            sep.push(this.sourceToken);
            const map = {
              type: "block-map",
              offset: fc.offset,
              indent: fc.indent,
              items: [{ start, key: fc, sep }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map;
          } else {
            yield* this.lineEnd(fc);
          }
        }
      }
      flowScalar(type) {
        if (this.onNewLine) {
          let nl = this.source.indexOf("\n") + 1;
          while (nl !== 0) {
            this.onNewLine(this.offset + nl);
            nl = this.source.indexOf("\n", nl) + 1;
          }
        }
        return {
          type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
      }
      startBlockValue(parent) {
        switch (this.type) {
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return this.flowScalar(this.type);
          case "block-scalar-header":
            return {
              type: "block-scalar",
              offset: this.offset,
              indent: this.indent,
              props: [this.sourceToken],
              source: ""
            };
          case "flow-map-start":
          case "flow-seq-start":
            return {
              type: "flow-collection",
              offset: this.offset,
              indent: this.indent,
              start: this.sourceToken,
              items: [],
              end: []
            };
          case "seq-item-ind":
            return {
              type: "block-seq",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: [this.sourceToken] }]
            };
          case "explicit-key-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            start.push(this.sourceToken);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, explicitKey: true }]
            };
          }
          case "map-value-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, key: null, sep: [this.sourceToken] }]
            };
          }
        }
        return null;
      }
      atIndentedComment(start, indent) {
        if (this.type !== "comment")
          return false;
        if (this.indent <= indent)
          return false;
        return start.every((st) => st.type === "newline" || st.type === "space");
      }
      *documentEnd(docEnd) {
        if (this.type !== "doc-mode") {
          if (docEnd.end)
            docEnd.end.push(this.sourceToken);
          else
            docEnd.end = [this.sourceToken];
          if (this.type === "newline")
            yield* this.pop();
        }
      }
      *lineEnd(token) {
        switch (this.type) {
          case "comma":
          case "doc-start":
          case "doc-end":
          case "flow-seq-end":
          case "flow-map-end":
          case "map-value-ind":
            yield* this.pop();
            yield* this.step();
            break;
          case "newline":
            this.onKeyLine = false;
          // fallthrough
          case "space":
          case "comment":
          default:
            if (token.end)
              token.end.push(this.sourceToken);
            else
              token.end = [this.sourceToken];
            if (this.type === "newline")
              yield* this.pop();
        }
      }
    };
    exports.Parser = Parser;
  }
});

// node_modules/yaml/dist/public-api.js
var require_public_api = __commonJS({
  "node_modules/yaml/dist/public-api.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var errors = require_errors();
    var log = require_log();
    var identity = require_identity();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    function parseOptions(options) {
      const prettyErrors = options.prettyErrors !== false;
      const lineCounter$1 = options.lineCounter || prettyErrors && new lineCounter.LineCounter() || null;
      return { lineCounter: lineCounter$1, prettyErrors };
    }
    __name(parseOptions, "parseOptions");
    function parseAllDocuments2(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      const docs = Array.from(composer$1.compose(parser$1.parse(source)));
      if (prettyErrors && lineCounter2)
        for (const doc of docs) {
          doc.errors.forEach(errors.prettifyError(source, lineCounter2));
          doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
        }
      if (docs.length > 0)
        return docs;
      return Object.assign([], { empty: true }, composer$1.streamInfo());
    }
    __name(parseAllDocuments2, "parseAllDocuments");
    function parseDocument(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      let doc = null;
      for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) {
        if (!doc)
          doc = _doc;
        else if (doc.options.logLevel !== "silent") {
          doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
          break;
        }
      }
      if (prettyErrors && lineCounter2) {
        doc.errors.forEach(errors.prettifyError(source, lineCounter2));
        doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
      }
      return doc;
    }
    __name(parseDocument, "parseDocument");
    function parse(src, reviver, options) {
      let _reviver = void 0;
      if (typeof reviver === "function") {
        _reviver = reviver;
      } else if (options === void 0 && reviver && typeof reviver === "object") {
        options = reviver;
      }
      const doc = parseDocument(src, options);
      if (!doc)
        return null;
      doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
      if (doc.errors.length > 0) {
        if (doc.options.logLevel !== "silent")
          throw doc.errors[0];
        else
          doc.errors = [];
      }
      return doc.toJS(Object.assign({ reviver: _reviver }, options));
    }
    __name(parse, "parse");
    function stringify(value, replacer, options) {
      let _replacer = null;
      if (typeof replacer === "function" || Array.isArray(replacer)) {
        _replacer = replacer;
      } else if (options === void 0 && replacer) {
        options = replacer;
      }
      if (typeof options === "string")
        options = options.length;
      if (typeof options === "number") {
        const indent = Math.round(options);
        options = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
      }
      if (value === void 0) {
        const { keepUndefined } = options ?? replacer ?? {};
        if (!keepUndefined)
          return void 0;
      }
      if (identity.isDocument(value) && !_replacer)
        return value.toString(options);
      return new Document.Document(value, _replacer, options).toString(options);
    }
    __name(stringify, "stringify");
    exports.parse = parse;
    exports.parseAllDocuments = parseAllDocuments2;
    exports.parseDocument = parseDocument;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/index.js
var require_dist = __commonJS({
  "node_modules/yaml/dist/index.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var Schema = require_Schema();
    var errors = require_errors();
    var Alias = require_Alias();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var cst = require_cst();
    var lexer = require_lexer();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    var publicApi = require_public_api();
    var visit = require_visit();
    exports.Composer = composer.Composer;
    exports.Document = Document.Document;
    exports.Schema = Schema.Schema;
    exports.YAMLError = errors.YAMLError;
    exports.YAMLParseError = errors.YAMLParseError;
    exports.YAMLWarning = errors.YAMLWarning;
    exports.Alias = Alias.Alias;
    exports.isAlias = identity.isAlias;
    exports.isCollection = identity.isCollection;
    exports.isDocument = identity.isDocument;
    exports.isMap = identity.isMap;
    exports.isNode = identity.isNode;
    exports.isPair = identity.isPair;
    exports.isScalar = identity.isScalar;
    exports.isSeq = identity.isSeq;
    exports.Pair = Pair.Pair;
    exports.Scalar = Scalar.Scalar;
    exports.YAMLMap = YAMLMap.YAMLMap;
    exports.YAMLSeq = YAMLSeq.YAMLSeq;
    exports.CST = cst;
    exports.Lexer = lexer.Lexer;
    exports.LineCounter = lineCounter.LineCounter;
    exports.Parser = parser.Parser;
    exports.parse = publicApi.parse;
    exports.parseAllDocuments = publicApi.parseAllDocuments;
    exports.parseDocument = publicApi.parseDocument;
    exports.stringify = publicApi.stringify;
    exports.visit = visit.visit;
    exports.visitAsync = visit.visitAsync;
  }
});

// core/source.ts
import { ExistsType } from "../sdk/index.ts";

// core/config/document.ts
var import_yaml = __toESM(require_dist(), 1);
var SMALLEST = "the smallest file:  qa: { runner: tests/run_qa.py, suites: { e2e: { files: [tests/test_e2e.py] } } }";
function readDocument(text2) {
  const lines = new import_yaml.LineCounter();
  const at = /* @__PURE__ */ __name((offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }, "at");
  const whole = /* @__PURE__ */ __name((offset, message, suggestion) => ({
    kind: "unreadable",
    problems: [{ path: "", ...at(offset), message, suggestion }]
  }), "whole");
  const documents = (0, import_yaml.parseAllDocuments)(text2, {
    lineCounter: lines,
    // duplicates are found below, with their path and without hiding what else is wrong
    uniqueKeys: false,
    stringKeys: true,
    merge: true,
    prettyErrors: false
  });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === void 0) return whole(0, "is empty: expected settings", SMALLEST);
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    const tabs = errors.some(({ code }) => code === "TAB_AS_INDENT");
    const found = errors.filter(({ code }) => !(tabs && /_IMPLICIT_KEY$|^BAD_INDENT$/.test(code))).map((error) => ({ path: "", ...at(error.pos[0]), ...explain(error) }));
    return {
      kind: "unreadable",
      problems: found.filter(({ line }, index) => found.findIndex((one) => one.line === line) === index)
    };
  }
  if (second !== void 0)
    return whole(
      second.range[0],
      "begins a second document: expected one",
      "remove the line `---`; one file holds all settings"
    );
  const root = document.contents;
  if (root === null || (0, import_yaml.isScalar)(root) && root.value === null) return whole(0, "is empty: expected settings", SMALLEST);
  if (!(0, import_yaml.isMap)(root))
    return whole(root.range[0], `expected a mapping of settings, got a ${(0, import_yaml.isSeq)(root) ? "list" : "text"}`, SMALLEST);
  const problems = [];
  inspect(
    document,
    root,
    [],
    (path2, offset, message, suggestion) => problems.push({ path: printPath(path2), ...at(offset), message: message(at), suggestion })
  );
  try {
    return {
      kind: "read",
      document: {
        data: document.toJS(),
        positionOf: /* @__PURE__ */ __name((path2, place2) => at(offsetOf(document, root, path2, place2)), "positionOf"),
        has: /* @__PURE__ */ __name((path2) => find(document, root, path2) !== null, "has"),
        problems
      }
    };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    if (problems.length > 0) return { kind: "unreadable", problems };
    return whole(0, "has aliases that grow without end", "write the values out instead of referring to them");
  }
}
__name(readDocument, "readDocument");
function inspect(document, node, path2, report) {
  if ((0, import_yaml.isAlias)(node) && node.resolve(document) === void 0)
    report(
      path2,
      startOf(node) ?? 0,
      () => "refers with * to an anchor that is not there",
      "put a text that begins with * in quotes"
    );
  if ((0, import_yaml.isSeq)(node)) for (const [index, item] of node.items.entries()) inspect(document, item, [...path2, index], report);
  if (!(0, import_yaml.isMap)(node)) return;
  const first = /* @__PURE__ */ new Map();
  for (const pair of node.items) {
    const key = keyOf(pair);
    const offset = startOf(pair.key) ?? 0;
    const before = first.get(key);
    if (before !== void 0 && key !== "<<")
      report([...path2, key], offset, (at) => `is given twice: first on line ${at(before).line}`, "keep one of them");
    else if (key === "__proto__") report([...path2, key], offset, () => "is not a name that can be used", null);
    else first.set(key, offset);
    if (holdsTexts(path2) && (0, import_yaml.isScalar)(pair.value) && pair.value.source !== void 0) {
      if (typeof pair.value.value === "number" || typeof pair.value.value === "boolean")
        pair.value.value = pair.value.source;
    }
    inspect(document, pair.value, [...path2, key], report);
  }
}
__name(inspect, "inspect");
function holdsTexts(path2) {
  return path2.at(-1) === "env" || path2[0] === "environments" && path2.at(-1) === "defaults";
}
__name(holdsTexts, "holdsTexts");
function keyOf(pair) {
  const key = (0, import_yaml.isScalar)(pair.key) ? pair.key.value : pair.key;
  return typeof key === "symbol" ? key.description ?? "" : String(key);
}
__name(keyOf, "keyOf");
function startOf(node) {
  return (0, import_yaml.isAlias)(node) || (0, import_yaml.isScalar)(node) || (0, import_yaml.isMap)(node) || (0, import_yaml.isSeq)(node) ? node.range?.[0] : void 0;
}
__name(startOf, "startOf");
function find(document, root, path2) {
  let found = { key: startOf(root), value: root };
  for (const part2 of path2) {
    const node = resolve(document, found.value);
    if ((0, import_yaml.isMap)(node)) {
      const pair = pairOf(document, node, String(part2), 0);
      if (pair === null) return null;
      found = { key: startOf(pair.key), value: pair.value };
    } else if ((0, import_yaml.isSeq)(node) && typeof part2 === "number" && part2 < node.items.length) {
      const item = node.items[part2];
      found = { key: startOf(item), value: item };
    } else return null;
  }
  return found;
}
__name(find, "find");
function pairOf(document, map, key, depth) {
  const own2 = map.items.find((pair) => keyOf(pair) === key);
  if (own2 !== void 0) return own2;
  if (depth > 20) return null;
  for (const merge of map.items.filter((pair) => keyOf(pair) === "<<")) {
    const merged = resolve(document, merge.value);
    for (const source of (0, import_yaml.isSeq)(merged) ? merged.items : [merged]) {
      const map2 = resolve(document, source);
      const pair = (0, import_yaml.isMap)(map2) ? pairOf(document, map2, key, depth + 1) : null;
      if (pair !== null) return pair;
    }
  }
  return null;
}
__name(pairOf, "pairOf");
function resolve(document, node) {
  return (0, import_yaml.isAlias)(node) ? node.resolve(document) : node;
}
__name(resolve, "resolve");
function offsetOf(document, root, path2, place2) {
  const found = find(document, root, path2);
  if (found === null) return offsetOf(document, root, path2.slice(0, -1), "key");
  const value = startOf((0, import_yaml.isPair)(found.value) ? found.value.key : found.value);
  return (place2 === "key" ? found.key : value ?? found.key) ?? 0;
}
__name(offsetOf, "offsetOf");
function explain({ code, message }) {
  switch (code) {
    case "TAB_AS_INDENT":
      return { message: "is indented with a tab: YAML allows only spaces", suggestion: "replace the tab by two spaces" };
    case "BAD_INDENT":
      if (message.startsWith("Flow"))
        return {
          message: "is where a { } or [ ] should have been closed",
          suggestion: "close it, indented further than its key"
        };
      return {
        message: "is indented differently from what it belongs to",
        suggestion: "keys of one mapping begin in the same column"
      };
    case "MISSING_CHAR":
      return message.includes("quote") ? { message: "ends inside a quoted text", suggestion: "close the quote" } : { message: `is not YAML: ${firstLine(message)}`, suggestion: null };
    case "MULTILINE_IMPLICIT_KEY":
      return { message: "looks like a key, but has no colon after it", suggestion: "a key is written  key: value" };
    case "BLOCK_AS_IMPLICIT_KEY":
      return { message: "has a second `: ` on one line", suggestion: "put a value that has `: ` in it in quotes" };
    case "BAD_SCALAR_START":
      return { message: "begins with a character that YAML reserves", suggestion: "put the value in quotes" };
    case "BAD_DQ_ESCAPE":
      return {
        message: "has a backslash that means nothing in double quotes",
        suggestion: "use single quotes, or write \\\\"
      };
    case "NON_STRING_KEY":
      return { message: "is not a plain text: only texts can be keys", suggestion: null };
    case "TAG_RESOLVE_FAILED":
      return { message: "has an unknown tag", suggestion: "put a text that begins with ! in quotes" };
    default:
      return { message: `is not YAML: ${firstLine(message)}`, suggestion: null };
  }
}
__name(explain, "explain");
function firstLine(message) {
  return (message.split("\n")[0] ?? "").replace(/: ["'].*$/, "");
}
__name(firstLine, "firstLine");

// core/config/dependencies.ts
var MANAGERS = ["uv", "poetry", "pdm", "pipenv", "pip", "pyproject"];
var packageName = text(
  "a name of a Debian package such as chromium or libpq5",
  /^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/
);
var USUAL_FILE = "requirements.txt";
var REQUIREMENTS = /\.(txt|in)$/;
var REFERENCE = /(?:^|\s)(?:-r|-c|--requirement|--constraint)(?:\s+|=)(["']?)([^\s"';&|]+)\1/g;
function installCanWork(place2, dependencies2, context) {
  const named2 = entryOf(dependencies2, "files");
  const files = textsIn(named2 === void 0 ? [USUAL_FILE] : named2);
  const install = entryOf(dependencies2, "install");
  if (install === void 0) {
    for (const [index, file] of files) {
      if (REQUIREMENTS.test(file)) continue;
      const message = withHint(
        `is not a requirements file, and ${place2}.install does not say how to install it`,
        'for example  install: ["pip install ."]'
      );
      context.addIssue({ code: "custom", path: ["files", index], message });
    }
    return;
  }
  const listed = new Set(files.map(([, file]) => file));
  for (const [index, line] of textsIn(install)) {
    for (const [, , file = ""] of line.matchAll(REFERENCE)) {
      if (listed.has(file.replace(/^(\.\/)+/, "")) || /^(\/|\$|[a-z+]+:)/.test(file)) continue;
      const message = withHint(
        `reads ${quoted(file)}, which is not there when dependencies are installed`,
        `add ${quoted(file)} to ${place2}.files`
      );
      context.addIssue({ code: "custom", path: ["install", index], message });
    }
  }
}
__name(installCanWork, "installCanWork");
var part = /* @__PURE__ */ __name((what) => text(what, /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/), "part");
var keys = /* @__PURE__ */ __name((detected) => ({
  manager: external_exports.enum(MANAGERS, { error: expected(`one of ${MANAGERS.join(", ")}`) }).optional().describe(
    "Package manager whose files are read; no effect beside files or install. When left out: the one of the nearest lockfile or requirements file, in the app's folder or above it."
  ),
  files: distinct("a list of files", filePath("a path of a file, relative to app.path")).optional().describe(
    "Every file that the installation reads, relative to app.path. When left out: detected, with the files that they refer to. Dependencies are installed again only when one of these, or a command, changes."
  ),
  install: sequence("a list of shell commands", command).optional().describe(
    "Shell commands that install the dependencies. When left out: what the package manager's files say; of listed files, one `pip install` with all of them."
  ),
  groups: distinct("a list of groups", part("a name of a dependency group")).optional().describe(`Dependency groups that are installed; no effect beside files or install. When left out: ${detected}.`),
  extras: distinct("a list of extras", part("a name of an extra")).optional().describe(
    "Extras of the project that are installed; no effect beside files or install. When left out: those called test, dev and the like for the suites, none for the image."
  ),
  project: external_exports.boolean({ error: expected("true or false") }).optional().describe(
    "Whether the project itself is installed, editable, once its source is there. When left out: where it says how it is built."
  )
}), "keys");
var dependencies = /* @__PURE__ */ __name((place2, detected) => mapping("a mapping with files and install", keys(detected)).superRefine((given, context) => installCanWork(place2, given, context), always).transform(filled), "dependencies");
var dependenciesWithSecrets = /* @__PURE__ */ __name((place2, detected) => mapping("a mapping with files and install", {
  ...keys(detected),
  secrets: distinct(
    "a list of names of environment variables",
    text("a name of an environment variable", /^(?!TOLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/)
  ).prefault([]).describe(
    "Names that --secrets must hold; each is an environment variable of what installs, and of nothing else. NETRC is a netrc file."
  )
}).superRefine((given, context) => installCanWork(place2, given, context), always).transform((given) => ({ ...filled(given), secrets: given.secrets })), "dependenciesWithSecrets");
function filled({ files, install, manager, groups, extras, project }) {
  return { manager, groups, extras, project, files: files ?? null, install: install ?? null };
}
__name(filled, "filled");

// core/config/app.ts
var app = mapping("a mapping that says where the service is", {
  path: folder("a path of a folder inside the source").prefault(".").describe("Folder of the service, relative to the source."),
  workdir: folder("a path of a folder, relative to app.path").prefault(".").describe(
    "Folder that the runner and the commands of qa.before work in, relative to app.path. All other paths stay relative to app.path."
  ),
  image: containerImage.prefault("python:3.11-slim").describe("Container image that the suites run in: any Debian image with Python."),
  packages: distinct("a list of Debian packages", packageName).prefault([]).describe("Debian packages that the service or its tests need."),
  dependencies: dependenciesWithSecrets(
    "app.dependencies",
    "what the package manager installs by default, and groups called test, dev and the like"
  ).prefault({}).describe("What is installed once and cached."),
  setup: sequence("a list of shell commands", command).prefault([]).describe(
    "Shell commands run once after the dependencies, without the service's source, and cached with them: for what no package manager lists."
  )
});

// core/config/backup.ts
var wholeNumber = /* @__PURE__ */ __name((what, least2, most) => {
  const error = expected(what);
  return external_exports.number({ error }).int({ error }).min(least2, { error }).max(most, { error });
}, "wholeNumber");
var DESTINATION = /^(?:directory:[a-z0-9][a-z0-9-]*|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*)$/;
var LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
var s3 = mapping("a mapping that says how the storage is reached", {
  endpoint: text("https://HOST or https://HOST:PORT", /^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/).optional().describe("Address of S3-compatible storage. When left out: Amazon's own for the region."),
  region: text("a region such as eu-central-1", /^[a-z0-9-]+$/).prefault("us-east-1").describe("Region that the bucket is in."),
  accessKeyId: environmentName.prefault("BACKUP_ACCESS_KEY_ID").describe("Name in --secrets whose value is the access key's id."),
  secretAccessKey: environmentName.prefault("BACKUP_SECRET_ACCESS_KEY").describe("Name in --secrets whose value is the secret access key."),
  sessionToken: environmentName.optional().describe("Name in --secrets of the session token that belongs to a key for a short time. When left out: none.")
});
var backup = mapping("a mapping that says where backups go", {
  to: text(
    "directory:NAME or s3://BUCKET/PREFIX",
    DESTINATION,
    (input) => typeof input === "string" && /^[./~]/.test(input) ? "a folder of a machine cannot be reached from the engine: directory:NAME is a volume that the engine keeps" : null
  ).prefault("directory:backups").describe(
    "Where backups are kept: directory:NAME is a volume of the engine, s3://BUCKET/PREFIX is S3-compatible storage."
  ),
  s3: s3.prefault({}).describe("How the storage of s3://\u2026 is reached."),
  encryptTo: distinct("a list of age recipients", text("an age recipient: age1\u2026", /^age1[0-9a-z]{58}$/)).prefault([]).describe("Public keys of age that backups are encrypted to. Empty: backups are not encrypted."),
  test: external_exports.boolean({ error: expected("true or false") }).prefault(true).describe(
    "Whether each backup is restored once, with every row counted, before the database is changed. `false` needs `database.rehearse: false`, and is ignored where real money is paid: a backup of production is always tested."
  ),
  keep: wholeNumber("a whole number of backups, 1 to 1000", 1, 1e3).prefault(14).describe("How many backups are kept at least."),
  days: wholeNumber("a whole number of days, 1 to 3650", 1, 3650).prefault(30).describe(
    "Days that a backup is kept at least. One that is older, and not among the newest that `keep` counts, is removed."
  )
}).superRefine(nothingInTheClear, always);
function nothingInTheClear(settings2, context) {
  const to = entryOf(settings2, "to");
  const endpoint = entryOf(entryOf(settings2, "s3"), "endpoint");
  const recipients = entryOf(settings2, "encryptTo");
  if (typeof to !== "string" || !to.startsWith("s3:") || typeof endpoint !== "string" || !endpoint.startsWith("http:"))
    return;
  if (Array.isArray(recipients) && recipients.length > 0) return;
  const host2 = /^http:\/\/(\[[^\]]*\]|[^/:]*)/.exec(endpoint)?.[1] ?? "";
  if (!LOOPBACK.test(host2))
    context.addIssue({
      code: "custom",
      path: ["s3", "endpoint"],
      message: withHint("would send backups through the network unencrypted", "use https://, or give encryptTo")
    });
}
__name(nothingInTheClear, "nothingInTheClear");

// core/config/commands.ts
var commands = mapping("a mapping with `migrate` and `revision`", {
  migrate: command.describe("Shell command that brings the database to the newest revision."),
  revision: command.describe(
    "Shell command that prints what the database is at: all of it is compared as text. Nothing printed: nothing is applied."
  ),
  rollback: command.optional().describe(
    "Shell command that returns to TOLLGATE_REVISION, which is what `revision` printed. When left out: the way back is a restore."
  ),
  image: containerImage.optional().describe("Image that the commands run in. When left out: app.image with the app's dependencies.")
});

// core/config/lint.ts
var RULE = /^(squawk\/)?[a-z][a-z-]+[a-z]$/;
var entry = mapping("a mapping with rule and reason", {
  rule: text("a rule such as squawk/require-concurrent-index-creation or rows-removed", RULE).describe(
    "Code of the findings, as `migration-plan` prints it."
  ),
  revisions: some(
    "a list of revisions",
    text("a revision of alembic", /^[A-Za-z0-9_.-]+$/),
    "lists no revision: remove the key"
  ).optional().describe("Revisions in which they are accepted. When left out: in every one, which only Squawk's rules can be."),
  reason: text("a reason: a few words at least", /\S+\s+\S+/).describe(
    "Why. It stands beside the finding in every report."
  )
}).superRefine(
  (value, context) => {
    const rule2 = entryOf(value, "rule");
    if (typeof rule2 !== "string" || rule2.startsWith("squawk/") || entryOf(value, "revisions") !== void 0) return;
    context.addIssue({
      code: "custom",
      path: ["rule"],
      message: withHint("is accepted for single revisions only", "list them:  revisions: [0009]")
    });
  },
  { when: /* @__PURE__ */ __name(() => true, "when") }
).transform(({ revisions, ...rest }) => ({ ...rest, revisions: revisions ?? null }));
var rows = expected("a whole number of rows, 0 or more");
var lint = mapping("a mapping with bigTable, ci and accept", {
  bigTable: external_exports.number({ error: rows }).int({ error: rows }).min(0, { error: rows }).prefault(1e5).describe(
    "Rows from which a statement that keeps the app from a table while it works through it is an error; below, a warning."
  ),
  ci: external_exports.boolean({ error: expected("true or false") }).prefault(true).describe(
    "Whether `ci` runs the revisions on an empty database. false: for revisions that begin from a schema made elsewhere."
  ),
  accept: sequence("a list of accepted findings", entry).prefault([]).describe("Findings that do not count, each with its reason.")
});

// core/config/database.ts
var tableName = text(
  "a table's name, or a pattern such as *payment*: lower-case letters, digits, _ and *, with a schema before it or without",
  /^(?:[a-z_*][a-z0-9_$*]*\.)?[a-z_*][a-z0-9_$*]*$/
);
var PAYMENT_TABLES = [
  "*payment*",
  "*order*",
  "*refund*",
  "*invoice*",
  "*receipt*",
  "*ledger*",
  "*transaction*",
  "*subscription*",
  "*charge*",
  "*payout*"
];
var checkName = /^[a-z][a-z0-9-]*$/;
function checks(what) {
  return named(
    what,
    checkName,
    text("a SQL query", /^\s*(?:SELECT|WITH|select|with)\s/, () => "one query that begins with SELECT or WITH"),
    (name) => checkName.test(name) ? null : withHint(
      "is not a name for a check: expected lower-case letters, digits and -, beginning with a letter",
      null
    )
  );
}
__name(checks, "checks");
var argumentName = /^[A-Za-z][A-Za-z0-9._-]*$/;
var wholeNumber2 = /* @__PURE__ */ __name((what, least2, most) => {
  const error = expected(what);
  return external_exports.number({ error }).int({ error }).min(least2, { error }).max(most, { error });
}, "wholeNumber");
function variablesHaveOneSource(value, context) {
  const env = entryOf(value, "env");
  const url = entryOf(value, "url") ?? "DATABASE_URL";
  const secrets = textsIn(entryOf(value, "secrets"));
  const available = { missing: null, services: [] };
  placeholdersAreKnown(env, ["env"], available, context);
  placeholdersAreKnown(entryOf(value, "x"), ["x"], available, context);
  for (const name of keysOf(env)) {
    if (name === url) {
      const message2 = withHint("is set by database.url", "leave it out, or give database.url another name in --secrets");
      context.addIssue({ code: "custom", path: ["env", name], message: message2, params: { at: "key" } });
    }
    if (name === url || !secrets.some(([, secret]) => secret === name)) continue;
    const message = withHint(
      "is in database.secrets as well",
      "remove it from one of them: a secret's value must not be in a file"
    );
    context.addIssue({ code: "custom", path: ["env", name], message, params: { at: "key" } });
  }
  for (const [index, secret] of secrets) {
    if (secret === url)
      context.addIssue({
        code: "custom",
        path: ["secrets", index],
        message: withHint("is set by database.url", "leave it out here")
      });
  }
}
__name(variablesHaveOneSource, "variablesHaveOneSource");
var ALEMBIC = "alembic.ini";
function oneTool(value, context) {
  const alembic = entryOf(value, "alembic");
  if (entryOf(value, "commands") === void 0 || alembic === void 0 || alembic === ALEMBIC) return;
  context.addIssue({
    code: "custom",
    path: ["alembic"],
    message: withHint("cannot be set together with database.commands", "remove the one that the service does not use"),
    params: { at: "key" }
  });
}
__name(oneTool, "oneTool");
function rehearsalNeedsTest(value, context) {
  if (entryOf(entryOf(value, "backup"), "test") !== false || entryOf(value, "rehearse") === false) return;
  context.addIssue({
    code: "custom",
    path: ["backup", "test"],
    message: withHint(
      "cannot be false while the upgrade is rehearsed: the rehearsal runs on the restored backup",
      "remove it, or set database.rehearse to false as well"
    )
  });
}
__name(rehearsalNeedsTest, "rehearsalNeedsTest");
var database = mapping("a mapping of settings for the database", {
  url: environmentName.prefault("DATABASE_URL").describe("Name in --secrets whose value is the database's URL; alembic finds it under the same name."),
  secrets: distinct("a list of names of environment variables", environmentName).prefault([]).describe(
    "Further names in --secrets that alembic's env.py needs. Not for the database's own host or password: those are database.env's."
  ),
  env: variables.prefault({}).describe(
    "Environment variables for alembic's env.py. Filled in for whichever database it runs on: {host} {port} {user} {password} {database} {url}."
  ),
  x: named(
    "a mapping of -x arguments",
    argumentName,
    environmentValue,
    (name) => argumentName.test(name) ? null : "is not a name of an -x argument: expected letters, digits and . _ -, beginning with a letter"
  ).prefault({}).describe(
    "Arguments that env.py reads with get_x_argument(), as of alembic -x NAME=VALUE; an empty value stands for -x NAME. Filled in like env."
  ),
  alembic: filePath("a path of alembic's configuration, relative to app.path").prefault(ALEMBIC).describe("Alembic's configuration, relative to app.path."),
  commands: commands.optional().describe(
    "Commands of a migration tool other than alembic. When left out: alembic's, or Django's where there is a manage.py and no alembic."
  ),
  image: containerImage.prefault("postgres:15").describe(
    "Image with the client programs and the throw-away server of the rehearsal: the server's major version, or a newer one."
  ),
  protect: distinct("a list of tables", tableName).prefault(PAYMENT_TABLES).describe("Tables, by name or pattern, in which a migration must not lose a row."),
  invariants: checks("a mapping of SQL queries").prefault({}).describe("Queries that must return no row, before and after a migration. A row that comes back is a broken rule."),
  unchanged: checks("a mapping of SQL queries").prefault({}).describe("Queries whose answer must be the same before and after a migration, such as the sums of a ledger."),
  contract: distinct("a list of revisions", text("a revision of alembic", /^[A-Za-z0-9_.-]+$/)).prefault([]).describe("Revisions that may drop, rename or narrow: the running version no longer uses what they change."),
  lint: lint.prefault({}).describe("How findings of `migration-plan` are weighed."),
  rehearse: external_exports.union([external_exports.boolean(), external_exports.literal("upgrade")], { error: expected("true, false or upgrade") }).prefault(true).describe(
    "Whether the upgrade is first run on a restored copy of the database, and its downgrade after it. upgrade: without the downgrade. No downgrade is used to undo unless it was rehearsed."
  ),
  lockWait: duration.prefault("2m").describe("Longest time to wait for another run of Tollgate on the same database."),
  lease: duration.prefault("30s").describe("After so long without a heartbeat a run has lost its lock."),
  lockTimeout: duration.prefault("3s").describe(
    "Longest time that a statement of a migration waits for a lock of the database. The application waits behind it."
  ),
  statementTimeout: duration.prefault("15m").describe("Longest time for one statement of a migration."),
  attempts: wholeNumber2("a whole number of attempts, 1 to 20", 1, 20).prefault(5).describe("How often a migration is tried that did not get its lock."),
  longTransaction: duration.prefault("1m").describe("A transaction that is open for longer than this keeps a migration from starting."),
  serverWait: duration.prefault("2m").describe("Longest time to wait for a server that went away to come back."),
  backup: backup.prefault({}).describe("Where backups go, and for how long.")
}).superRefine(variablesHaveOneSource, always).superRefine(oneTool, always).superRefine(rehearsalNeedsTest, always);

// core/config/day.ts
function isDay(written) {
  const time2 = Date.parse(`${written}T00:00:00Z`);
  return !Number.isNaN(time2) && new Date(time2).toISOString().startsWith(written);
}
__name(isDay, "isDay");

// core/config/approvals.ts
var KEY = /^ed25519:[A-Za-z0-9+/]{43}=$/;
var SMALL_ORDER = /* @__PURE__ */ new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
]);
function proves(key) {
  const bytes = Buffer.from(key.slice("ed25519:".length), "base64");
  if (bytes.length !== 32) return false;
  bytes[31] = (bytes[31] ?? 0) & 127;
  return !SMALL_ORDER.has(bytes.toString("hex"));
}
__name(proves, "proves");
var publicKeyOf = /* @__PURE__ */ __name((whose) => text(
  `${whose} public key such as ed25519:\u2026, as \`tollgate approval-key\` prints it`,
  KEY,
  (input) => typeof input === "string" && input.includes("PRIVATE") ? "that is the private key: it must not be in a file; make a new one" : null
).refine((key) => !KEY.test(key) || proves(key), { error: "is a key that any signature fits" }), "publicKeyOf");
var DAY = /^\d{4}-\d{2}-\d{2}$/;
var day = text("a date such as 2027-05-31", DAY).refine((written) => !DAY.test(written) || isDay(written), {
  error: expected("a day that there is")
});
var revokedFrom = day.optional().describe("Day from which on the key proves nothing, whenever it signed. When left out: it is not revoked.");
var approver = mapping("a mapping with name and key", {
  name: text("an approver's name").describe("Who holds the private key: a person. Two keys of one person count once."),
  also: distinct("a list of names", text("a name of this person in Git or in CI")).prefault([]).describe(
    "The person's other names, in Git and in CI: by these they are known as the author of a commit or as the deployer."
  ),
  key: publicKeyOf("an approver's").describe("The public key, as `tollgate approval-key` prints it."),
  revoked: revokedFrom
});
var least = expected("a whole number of approvals, 0 to 20");
var uses = expected("a whole number of deployments, 1 to 1000");
function oneKeyEach(list, path2, context) {
  const seen = /* @__PURE__ */ new Map();
  list.forEach((one, index) => {
    const key = entryOf(one, "key");
    if (typeof key !== "string") return;
    const before = seen.get(keyBytes(key));
    if (before === void 0) seen.set(keyBytes(key), index);
    else
      context.addIssue({
        code: "custom",
        path: [...path2, index, "key"],
        message: withHint(`is the key of [${before}] as well`, "one key belongs to one person")
      });
  });
}
__name(oneKeyEach, "oneKeyEach");
function enoughPeople(value, context) {
  const list = entryOf(value, "keys");
  const keys3 = Array.isArray(list) ? list : [];
  oneKeyEach(keys3, ["keys"], context);
  const required = entryOf(value, "required");
  const people = new Set(
    keys3.filter((one) => entryOf(one, "revoked") === void 0).map((one) => {
      const name = entryOf(one, "name");
      return typeof name === "string" ? personOf(name) : name;
    })
  );
  if (typeof required === "number" && required > people.size)
    context.addIssue({
      code: "custom",
      path: ["required"],
      message: withHint(
        `asks for more approvals than there are approvers: ${people.size}`,
        "list a key for each approver under keys"
      )
    });
}
__name(enoughPeople, "enoughPeople");
var approvals = mapping("a mapping that says who must approve", {
  required: external_exports.number({ error: least }).int({ error: least }).min(0, { error: least }).max(20, { error: least }).prefault(0).describe("How many people must approve a deployment. 0: none."),
  keys: sequence("a list of approvers", approver).prefault([]).describe("Who may approve, each with a public key."),
  longest: duration.prefault("24h").describe("Longest time that an approval may hold: 4h, 24h."),
  clockSkew: duration.prefault("2m").describe("How far an approver's clock may be ahead."),
  breakGlass: external_exports.boolean({ error: expected("true or false") }).prefault(true).describe('Whether --break-glass="reason" may go past missing approvals and a freeze. It is recorded and told.'),
  uses: external_exports.number({ error: uses }).int({ error: uses }).min(1, { error: uses }).max(1e3, { error: uses }).prefault(1).describe("How many releases one approval may bring traffic to."),
  requireSeparation: external_exports.boolean({ error: expected("true or false") }).optional().describe(
    "Whether the author of a commit in the plan and the deployer do not count as approvers. When left out: true for production, false for others."
  )
}).superRefine(enoughPeople, always);

// core/config/environment-defaults.ts
var merchantId = { pattern: "[0-9]{7,10}", expected: "ECPay's merchant id: 7 to 10 digits" };
var ecpayKey = {
  pattern: "[A-Za-z0-9]{16}",
  minEntropy: 24,
  expected: "16 letters and digits, as ECPay issues them"
};
var TOKEN_BITS = 64;
var commonRules = {
  // Django's readers of URLs have names of their own for Postgres
  DATABASE_URL: { url: ["postgres", "postgresql", "pgsql", "psql", "postgis", "timescale", "timescalegis"] },
  REDIS_URL: { url: ["redis", "rediss", "unix", "valkey", "valkeys"] },
  ECPAY_MERCHANT_ID: merchantId,
  ECPAY_HASH_KEY: ecpayKey,
  ECPAY_HASH_IV: ecpayKey,
  ADMIN_WEBHOOK_TOKEN: { minEntropy: TOKEN_BITS, expected: "a random token, for example of `openssl rand -hex 32`" },
  SENTRY_DSN: { url: ["https", "http"] },
  ALERT_WEBHOOK_URL: { url: ["https"] },
  BACKUP_SCHEDULE: {
    pattern: String.raw`@(hourly|daily|midnight|weekly|monthly|yearly|annually)|[\d*/,-]+\s+[\d*/,-]+(\s+[\w*/,#?-]+){3}`,
    expected: "a cron expression such as 0 3 * * *",
    shared: true
  },
  LOG_LEVEL: { oneOf: ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], shared: true, example: true },
  DEBUG: { oneOf: ["true", "false", "1", "0"], shared: true, example: true }
};
var needed = ["DATABASE_URL", "REDIS_URL", "ECPAY_MERCHANT_ID", "ECPAY_HASH_KEY", "ADMIN_WEBHOOK_TOKEN"];
var niceToHave = ["LOG_LEVEL", "DEBUG", "BACKUP_SCHEDULE", "ALERT_WEBHOOK_URL"];
var ofEcpaysTestEnvironment = { example: true };
var staging = {
  required: needed,
  optional: ["ECPAY_HASH_IV", "SENTRY_DSN", ...niceToHave],
  defaults: { LOG_LEVEL: "DEBUG", DEBUG: "true" },
  rules: {
    ECPAY_MERCHANT_ID: {
      ...ofEcpaysTestEnvironment,
      startsWith: ["3002", ...TEST_MERCHANT_IDS.filter((id) => !id.startsWith("3002"))]
    },
    ECPAY_HASH_KEY: ofEcpaysTestEnvironment,
    ECPAY_HASH_IV: ofEcpaysTestEnvironment,
    DATABASE_URL: { contains: ["staging"] }
  }
};
var production = {
  required: [...needed, "ECPAY_HASH_IV", "SENTRY_DSN"],
  optional: niceToHave,
  defaults: { LOG_LEVEL: "INFO", DEBUG: "false" },
  rules: {
    ECPAY_MERCHANT_ID: { notStartsWith: ["3002"] },
    DATABASE_URL: { contains: ["production", "render.com"] },
    DEBUG: { oneOf: ["false", "0"] }
  }
};
var presetNames = ["staging", "production", "none"];
var presets = {
  staging,
  production,
  none: { required: [], optional: [], defaults: {}, rules: {} }
};
function presetOf(environment3) {
  return environment3 === "staging" || environment3 === "production" ? environment3 : "none";
}
__name(presetOf, "presetOf");

// core/config/environment-rules.ts
var texts = /* @__PURE__ */ __name((one, many) => sequence(`a list of ${many}`, text(one)), "texts");
function compiles(pattern3) {
  try {
    new RegExp(pattern3, "u");
    return true;
  } catch {
    return false;
  }
}
__name(compiles, "compiles");
var pattern = text("a regular expression").superRefine((written, context) => {
  if (!compiles(written))
    context.addIssue({
      code: "custom",
      message: withHint(
        "is not a regular expression that JavaScript knows",
        "put it in single quotes, so that YAML leaves backslashes alone"
      )
    });
});
var scheme = text(
  "a URL's scheme such as https",
  /^[a-z][a-z0-9.-]*$/,
  (input) => typeof input === "string" && /[:/+]/.test(input) ? "write the scheme alone, without :// and without a driver after +" : null
);
var wholeNumber3 = /* @__PURE__ */ __name((what) => {
  const error = expected(what);
  return external_exports.number({ error }).int({ error }).min(0, { error });
}, "wholeNumber");
var rule = mapping("a mapping of rules for this variable", {
  expected: text("a few words that say what the value is").optional().describe("What the value is, in a few words. It is shown to the person who has to correct it."),
  startsWith: texts("a beginning", "beginnings").optional().describe("The value must begin with one of these. [] for no such rule."),
  notStartsWith: texts("a beginning", "beginnings").optional().describe("The value must begin with none of these. [] for no such rule."),
  contains: texts("a part", "parts").optional().describe(
    "The value must contain one of these, in any case. Of a URL only host and database name are looked at. [] for no such rule."
  ),
  oneOf: texts("a value", "values").optional().describe("The value must be one of these, in any case. [] for no such rule."),
  pattern: pattern.optional().describe("Regular expression that the whole value must match."),
  url: sequence("a list of URL schemes", scheme).optional().describe(
    "The value must be a URL with a host and one of these schemes; a driver after + is allowed (postgresql+psycopg). [] for no such rule."
  ),
  minLength: wholeNumber3("a number of characters").optional().describe("Fewest characters."),
  minEntropy: wholeNumber3("a number of bits").optional().describe("Fewest bits of entropy, as estimated from the value's characters."),
  shared: external_exports.boolean({ error: expected("true or false") }).optional().describe("Whether the value may be the same in the other environment."),
  example: external_exports.boolean({ error: expected("true or false") }).optional().describe("Whether the value may be the one in the app's .env.example.")
});

// core/config/freeze.ts
var WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
function isZone(name) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
__name(isZone, "isZone");
var zone = text("a time zone such as Asia/Taipei or UTC").refine((name) => name.trim() === "" || isZone(name), {
  error: expected("a time zone of the IANA database such as Asia/Taipei or UTC")
});
var TIME = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
var LOCAL = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}$/;
var local = text("a day and time such as 2026-12-24 18:00, in the time zone of freeze.zone", LOCAL).refine((written) => !LOCAL.test(written) || isDay(written.slice(0, 10)) && TIME.test(written.slice(11)), {
  error: expected("a day and time that there is")
}).transform((written) => written.replace(" ", "T"));
var time = text("a time of day such as 17:00", TIME);
var weekday = external_exports.enum(WEEKDAYS, {
  error: expected(`one of ${WEEKDAYS.join(", ")}`, (input) => {
    const meant = WEEKDAYS.find(
      (day3) => typeof input === "string" && input.length >= 3 && day3.startsWith(input.toLowerCase().slice(0, 3))
    );
    return meant === void 0 ? null : `write ${meant}`;
  })
});
var reason = text("a reason").describe("Why nothing is deployed then. It is shown when a deployment is refused.");
var once = mapping("a mapping with reason, from and until", {
  reason,
  from: local.describe("When it begins: 2026-12-24 18:00."),
  until: local.describe("When it ends: 2027-01-04 09:00. At that time deployments are allowed again.")
}).superRefine((window, context) => {
  const [from, until] = [entryOf(window, "from"), entryOf(window, "until")];
  if (typeof from === "string" && typeof until === "string" && LOCAL.test(from) && LOCAL.test(until) && until.replace(" ", "T") <= from.replace(" ", "T"))
    context.addIssue({ code: "custom", path: ["until"], message: "is not after `from`" });
});
var weekly = mapping("a mapping with reason, days, from and until", {
  reason,
  days: some("a list of days of the week", weekday, "lists no day: leave the window out").describe(
    "Days of the week on which it begins."
  ),
  from: time.prefault("00:00").describe("Time of day at which it begins: 17:00."),
  until: time.prefault("24:00").describe("Time of day at which it ends. One that is not after `from` is of the next day.")
}).superRefine((window, context) => {
  if (entryOf(window, "from") === "24:00")
    context.addIssue({
      code: "custom",
      path: ["from"],
      message: withHint("is the end of a day", "write 00:00, and the next day")
    });
});
var freeze = mapping("a mapping with zone, once and weekly", {
  zone: zone.prefault("UTC").describe("Time zone of all times here, and of --at without one of its own: Asia/Taipei."),
  once: sequence("a list of windows", once).prefault([]).describe("Times in which nothing is deployed: holidays, audits."),
  weekly: sequence("a list of windows", weekly).prefault([]).describe("Times of each week in which nothing is deployed.")
});

// core/config/operators.ts
var OPERATOR_ACTIONS = ["deploy", "rollback", "maintenance", "unlock"];
var operator = mapping("a mapping with name and key", {
  name: text("an operator's name").describe("Who holds the private key: a person."),
  key: publicKeyOf("an operator's").describe("The public key, as `tollgate approval-key` prints it."),
  may: distinct(
    "a list of actions",
    external_exports.enum(OPERATOR_ACTIONS, { error: expected(`one of ${OPERATOR_ACTIONS.join(", ")}`) })
  ).prefault([...OPERATOR_ACTIONS]).describe(
    "What this person may request: deploy, rollback, maintenance, unlock. Scheduling and canceling go with it."
  ),
  revoked: revokedFrom
});
var operators = sequence("a list of operators", operator).superRefine(
  (list, context) => oneKeyEach(Array.isArray(list) ? list : [], [], context),
  always
);
var operatorRules = external_exports.strictObject({
  name: external_exports.string(),
  key: external_exports.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
  may: external_exports.array(external_exports.enum(OPERATOR_ACTIONS)),
  revoked: external_exports.string().optional()
});

// core/config/load-fields.ts
var UNITS = { s: 1, m: 60, h: 3600 };
var arrivalRate = text("an arrival rate such as 20/s or 300/m", /^[1-9]\d*\/[smh]$/, (input) => {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*(?:\/|per|p|rp)?\s*([a-z]*)\s*$/i.exec(String(input)) ?? [];
  if (amount === "") return null;
  if (Number(amount) === 0) return "a scenario without requests proves nothing";
  if (amount.includes(".")) return `use whole numbers: ${Math.max(1, Math.round(Number(amount) * 60))}/m`;
  if (unit === "") return `add a unit: ${amount}/s or ${amount}/m`;
  const short = unit.charAt(0).toLowerCase();
  return short in UNITS ? `write ${amount}/${short}` : null;
}).transform((written) => {
  const [count3 = "", unit = ""] = written.split("/");
  return { count: Number(count3), seconds: UNITS[unit] ?? 1 };
});
var responseTime = text("a time such as 500ms or 1s", /^(?=.*[1-9])\d+(?:\.\d+)?(?:ms|s)$/, (input) => {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input)) ?? [];
  if (amount === "") return null;
  if (Number(amount) === 0) return "no answer takes no time at all";
  if (unit === "") return `add a unit: ${amount}ms or ${amount}s`;
  const short = unit.toLowerCase();
  if (short.startsWith("ms") || short.startsWith("mil")) return `write ${amount}ms`;
  if (short.startsWith("s")) return `write ${amount}s`;
  return short.startsWith("m") ? "seconds are the largest unit" : null;
}).transform((written) => written.endsWith("ms") ? Number(written.slice(0, -2)) : Number(written.slice(0, -1)) * 1e3);
var share = text("a share such as 0.1%", /^\d+(?:\.\d+)?%$/, (input) => {
  const [, amount = ""] = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(String(input)) ?? [];
  return amount === "" ? null : `write ${amount}%`;
}).refine((written) => !(Number.parseFloat(written) > 100), { error: expected("a share of at most 100%") }).transform((written) => Number.parseFloat(written));
var origin = text("an address such as https://staging.shop.example", /^https?:\/\/[^\s/?#@]+\/?$/, (input) => {
  if (typeof input !== "string") return null;
  if (!/^[a-z]+:\/\//i.test(input)) return `write https://${input.replace(/^\/+/, "")}`;
  return /^https?:\/\/[^\s/?#@]+[/?#]/.test(input) ? "leave out what follows the host and port" : null;
}).transform((written) => URL.canParse(written) ? new URL(written).origin : written);
function wholeNumber4(least2, most) {
  const error = expected(
    `a whole number from ${least2} to ${most}`,
    (input) => typeof input === "string" && /^\d+$/.test(input) ? "leave the quotes out" : null
  );
  return external_exports.number({ error }).int({ error }).min(least2, { error }).max(most, { error });
}
__name(wholeNumber4, "wholeNumber");
var status = wholeNumber4(100, 599);
var headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
var GENERATED = /* @__PURE__ */ new Set(["host", "content-length", "connection", "transfer-encoding"]);
function headerNameProblem(name) {
  if (!headerName.test(name)) return "is not a name of a header";
  return GENERATED.has(name.toLowerCase()) ? withHint("is written by the load generator", "leave it out") : null;
}
__name(headerNameProblem, "headerNameProblem");

// core/config/target-common.ts
var proxy = mapping("a mapping with host, tls and ports", {
  host: text("a host name such as shop.example", /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])$/).superRefine(isHost, always).optional().describe("Host name that the service answers to. When left out: to every one."),
  tls: external_exports.boolean({ error: expected("true or false") }).prefault(false).describe("Whether the proxy gets a certificate from Let's Encrypt and answers HTTPS. Needs host."),
  httpPort: wholeNumber4(1, 65535).prefault(80).describe("Port of the host for HTTP."),
  httpsPort: wholeNumber4(1, 65535).prefault(443).describe("Port of the host for HTTPS."),
  image: containerImage.prefault("basecamp/kamal-proxy:v0.9.2").describe("Container image of the proxy.")
}).superRefine((value, context) => {
  if (entryOf(value, "tls") === true && entryOf(value, "host") === void 0)
    context.addIssue({
      code: "custom",
      path: ["tls"],
      message: withHint("needs a host name", "add `host`: certificates are issued for a name")
    });
}, always);
var commonKeys = {
  network: text("a name of a Docker network", /^[A-Za-z0-9][A-Za-z0-9_.-]*$/).prefault("tollgate").describe("Docker network of proxy and service. Created when it is not there."),
  folder: text("an absolute path", /^\/[A-Za-z0-9_./-]+$/).prefault("/var/lib/tollgate").describe("Folder of the host that Tollgate keeps the releases' variables in, for root alone."),
  proxy: proxy.prefault({}).describe("The proxy in front of the service.")
};
function commonSettings({ network, folder: folder2, proxy: proxy2 }) {
  return { network, folder: folder2, proxy: { ...proxy2, host: proxy2.host ?? null } };
}
__name(commonSettings, "commonSettings");

// core/config/target-compose.ts
var host = text(
  "a host such as app1.shop.example or app1.shop.example:2222",
  /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/,
  (input) => {
    if (typeof input !== "string") return null;
    if (input.includes("@")) return "leave the user out: it stands under `user`";
    return /^[a-z]+:\/\//i.test(input) ? "leave the scheme out" : null;
  }
).superRefine(isHost, always);
var jumpHost = text(
  "a host such as bastion.shop.example or deploy@bastion.shop.example:2222",
  /^(?:[a-z_][a-z0-9_-]*@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/,
  (input) => typeof input === "string" && /^[a-z]+:\/\//i.test(input) ? "leave the scheme out" : null
).superRefine(isHost, always);
var knownHostLine = /^(?:@cert-authority\s+|@revoked\s+)?\S+\s+(?:(?:sk-)?ssh-(?:ed25519|rsa|dss)|(?:sk-)?ecdsa-sha2-nistp(?:256|384|521))(?:@openssh\.com)?\s+[A-Za-z0-9+/]+={0,2}(?:\s.*)?$/;
var knownHosts = text("lines of a known_hosts file").superRefine((written, context) => {
  written.split("\n").forEach((line, index) => {
    if (line.trim() === "" || line.trim().startsWith("#") || knownHostLine.test(line.trim())) return;
    const message = withHint(
      `has a line ${index + 1} that is no entry of a known_hosts file`,
      "`ssh-keyscan -t ed25519 HOST` prints one; compare it with what the host itself says"
    );
    context.addIssue({ code: "custom", message });
  });
}, always);
var keys2 = {
  hosts: distinct("a list of hosts", host).prefault([]).describe("Hosts, each with its port where it is not 22. Needed by compose."),
  user: text("a name of a user", /^[a-z_][a-z0-9_-]*$/).prefault("root").describe("User on the hosts: root, or one who may use sudo without a password."),
  jump: distinct("a list of hosts", jumpHost).prefault([]).describe(
    "Hosts on the way, in their order, each with a user of its own where it is not `user`: as `ssh -J` takes them. knownHosts must have their keys too."
  ),
  knownHosts: knownHosts.optional().describe("The hosts' public keys, as in a known_hosts file. When left out: every host is refused."),
  order: external_exports.enum(["in-turn", "at-once"], { error: expected("in-turn or at-once") }).prefault("in-turn").describe("Whether hosts switch one after the other or all at once. Images are fetched at once in either case.")
};
var compose = {
  name: "compose",
  what: "hosts with Docker, reached over SSH",
  without: "leave it out",
  keys: keys2,
  check: /* @__PURE__ */ __name((value, context) => {
    const hosts = entryOf(value, "hosts");
    if (Array.isArray(hosts) && hosts.length === 0)
      context.addIssue({ code: "custom", path: ["hosts"], message: "lists no host: there is nowhere to run" });
  }, "check"),
  settings: /* @__PURE__ */ __name(({ hosts, user, jump, knownHosts: knownHosts2, order }, common) => ({
    kind: "compose",
    hosts: hosts.map(addressOf),
    user,
    jump: jump.map((one) => jumpOf(one, user)),
    knownHosts: knownHosts2 ?? "",
    order,
    ...common
  }), "settings")
};
function addressOf(written) {
  const [host2 = "", port2 = "22"] = written.split(":");
  return { host: host2, port: Number(port2) };
}
__name(addressOf, "addressOf");
function jumpOf(written, user) {
  const [, own2 = user, address = ""] = /^(?:([^@]+)@)?(.*)$/.exec(written) ?? [];
  return { ...addressOf(address), user: own2 };
}
__name(jumpOf, "jumpOf");

// core/config/target-sandbox.ts
var sandbox = {
  name: "the sandbox",
  what: "such a host inside the engine",
  without: "leave it out: Tollgate makes that host itself",
  keys: {},
  check: /* @__PURE__ */ __name(() => {
  }, "check"),
  settings: /* @__PURE__ */ __name((_written, common) => ({ kind: "sandbox", ...common }), "settings")
};

// core/config/target.ts
var kinds = {
  compose,
  sandbox
};
var types = ["compose", "sandbox"];
var target = mapping("a mapping that says where releases run", {
  type: external_exports.enum(types, { error: expected(types.join(" or ")) }).prefault("compose").describe(types.map((type) => `${type}: ${kinds[type].what}.`).join(" ")),
  ...compose.keys,
  ...sandbox.keys,
  ...commonKeys
}).superRefine((value, context) => {
  const type = types.find((one) => one === entryOf(value, "type"));
  if (!isMapping(value) || type === void 0) return;
  const { name, without, keys: keys3, check: check2 } = kinds[type];
  const others = types.flatMap((one) => Object.entries(kinds[one].keys)).filter(([key]) => !(key in keys3));
  for (const [key, schema] of others)
    if (isGiven(entryOf(value, key), schema))
      context.addIssue({
        code: "custom",
        path: [key],
        message: withHint(`is not for ${name}`, without),
        params: { at: "key" }
      });
  check2(value, context);
}, always);
function isGiven(value, schema) {
  return JSON.stringify(value) !== JSON.stringify(external_exports.safeParse(schema, void 0).data);
}
__name(isGiven, "isGiven");
function targetOf(environment3, written) {
  const given = written ?? (environment3 === "sandbox" ? target.parse({ type: "sandbox" }) : void 0);
  return given === void 0 ? { kind: "none" } : kinds[given.type].settings(given, commonSettings(given));
}
__name(targetOf, "targetOf");

// core/config/environments.ts
var variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
var variable = text(
  "a name of an environment variable: letters, digits and _, not beginning with a digit",
  variablePattern
);
var NOT_A_VARIABLE = "is not a name of an environment variable: expected letters, digits and _, not beginning with a digit";
var variables2 = /* @__PURE__ */ __name((what) => distinct(`a list of names of environment variables ${what}`, variable).prefault([]), "variables");
function variableProblem(name) {
  return variablePattern.test(name) ? null : NOT_A_VARIABLE;
}
__name(variableProblem, "variableProblem");
var defaultValue = external_exports.union([external_exports.string(), external_exports.number(), external_exports.boolean()], {
  error: expected("a text, a number or true/false", (input) => input === null ? 'write "" for an empty one' : null)
}).transform(String);
var config = mapping("a mapping that says what the environment's configuration must hold", {
  extends: external_exports.enum(presetNames, { error: expected("staging, production or none") }).optional().describe(
    "Built-in set of names and rules that this environment begins with. When left out: its own for staging and production, none for others."
  ),
  required: variables2("that must be given").describe("Names that must be given, besides the built-in ones."),
  optional: variables2("that may be given").describe(
    "Names that may be given, besides the built-in ones. A built-in required name that is listed here becomes optional."
  ),
  without: variables2("that this service does not have").describe("Built-in names that this service does not have."),
  defaults: named(
    "a mapping of default values",
    variablePattern,
    defaultValue,
    (name) => variableProblem(name) ?? (soundsSecret(name) ? withHint(
      "sounds like a secret: a secret's value must not be in a file",
      "give it with --secrets, and list its name under required"
    ) : null)
  ).prefault({}).describe("Values of names that are not given. Not for secrets: they stand here for everybody to read."),
  rules: named("a mapping of rules by variable", variablePattern, rule, variableProblem).prefault({}).describe("Rules by variable. A rule that is given replaces the built-in one of its kind; the others stay.")
});
var ORIGIN = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/;
var ecpay = mapping("a mapping with endpoint and timeout", {
  endpoint: text("an address such as https://payment-stage.ecpay.com.tw, without a path", ORIGIN).refine((address) => !/^http:.*\becpay\.com\.tw\b/i.test(address), {
    error: "is ECPay's own without TLS: write https://"
  }).optional().describe(
    "Address of ECPay. When left out: https://payment.ecpay.com.tw for production, https://payment-stage.ecpay.com.tw for every other environment."
  ),
  timeout: duration.prefault("30s").describe("Longest time for ECPay's answer: 10s, 1m.")
});
var MIGRATIONS = ["database", "commands"];
var environment2 = mapping("a mapping of settings for one environment", {
  config: config.prefault({}).describe("What the environment's configuration must hold: check-config."),
  ecpay: ecpay.prefault({}).describe("How ECPay is asked from this environment: check-ecpay."),
  target: target.optional().describe(
    "Where its releases run. When left out: the environment `sandbox` has the sandbox, others cannot be released to."
  ),
  approvals: approvals.prefault({}).describe("Who must approve a deployment, and with which keys."),
  operators: operators.prefault([]).describe("Who may request changes by a signed request. When left out: the approvers, for everything."),
  freeze: freeze.prefault({}).describe("When nothing is deployed."),
  gates: distinct("a list of gates", external_exports.enum(gateSettings, { error: expected(`one of ${gateSettings.join(", ")}`) })).prefault([...gateSettings]).describe(
    "Gates that a deployment must pass, besides those of the image, the configuration and the target, which it always must."
  ),
  migrations: external_exports.enum(MIGRATIONS, { error: expected("database or commands") }).optional().describe(
    "How a deployment migrates: database is the whole of `migration-plan` and `migrate`, by alembic or database.commands; commands is release.before alone. When left out: database on hosts, where the service has alembic, database.commands or Django; else commands."
  )
});
var environmentPattern = /^[a-z][a-z0-9-]{0,62}$/;
var environments = named(
  "a mapping of environments",
  environmentPattern,
  environment2,
  (name) => environmentPattern.test(name) ? null : withHint(
    `is not a name for an environment: expected lower-case letters, digits and -, beginning with a letter${name.length > 63 ? ", at most 63" : ""}`,
    name.length > 63 ? null : suggestedName(name)
  )
).superRefine((listed, context) => {
  for (const name of keysOf(listed))
    for (const { path: path2, message } of contradictions(name, entryOf(entryOf(listed, name), "config"))) {
      context.addIssue({
        code: "custom",
        path: [name, "config", ...path2],
        message,
        ...path2[0] === "rules" ? { params: { at: "key" } } : {}
      });
    }
}, always).transform((listed) => {
  const all2 = {
    staging: environment2.parse({}),
    production: environment2.parse({}),
    sandbox: environment2.parse({}),
    ...listed
  };
  return Object.fromEntries(Object.entries(all2).map(([name, settings2]) => [name, withPreset(name, settings2)]));
});
function suggestedName(name) {
  const better = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");
  return better === "" ? null : `write ${better}`;
}
__name(suggestedName, "suggestedName");
function contradictions(environment3, given) {
  const preset = presetNamed(environment3, entryOf(given, "extends"));
  const builtIn = /* @__PURE__ */ new Set([...preset.required, ...preset.optional]);
  const problems = [];
  const place2 = /* @__PURE__ */ new Map();
  for (const list of ["required", "optional", "without"]) {
    for (const [index, name] of textsIn(entryOf(given, list))) {
      const other = place2.get(name);
      if (other !== void 0 && other !== list)
        problems.push({ path: [list, index], message: `is under ${other} as well` });
      else place2.set(name, list);
      if (list === "without" && !builtIn.has(name))
        problems.push({
          path: [list, index],
          message: withHint("is not a built-in name of this environment", "leave it out: it is not asked for")
        });
    }
  }
  for (const name of keysOf(entryOf(given, "rules"))) {
    const known2 = place2.has(name) ? place2.get(name) !== "without" : builtIn.has(name) || keysOf(entryOf(given, "defaults")).includes(name);
    if (!known2)
      problems.push({
        path: ["rules", name],
        message: withHint("is neither required nor optional here", "list it under required or optional")
      });
  }
  return problems;
}
__name(contradictions, "contradictions");
function presetNamed(environment3, given) {
  const name = presetNames.find((one) => one === given) ?? presetOf(environment3);
  return presets[name];
}
__name(presetNamed, "presetNamed");
function withPreset(name, { config: config2, ecpay: ecpay2, target: target2, approvals: approvals2, operators: operators2, freeze: freeze2, gates, migrations }) {
  const preset = presetNamed(name, config2.extends);
  const endpoint = (ecpay2.endpoint ?? officialEndpoint(name)).replace(/\/$/, "");
  const defaults = { ...preset.defaults, ...config2.defaults };
  const without = new Set(config2.without);
  const optional = /* @__PURE__ */ new Set([...config2.optional, ...preset.optional.filter((one) => !config2.required.includes(one))]);
  const required = new Set([...preset.required, ...config2.required].filter((one) => !config2.optional.includes(one)));
  for (const one of Object.keys(config2.defaults)) if (!required.has(one)) optional.add(one);
  const variables3 = [...required, ...optional].filter((one) => !without.has(one)).map(
    (one) => ({
      name: one,
      need: required.has(one) ? "required" : "optional",
      default: own(defaults, one) ?? null,
      rule: { ...own(commonRules, one), ...own(preset.rules, one), ...own(config2.rules, one) }
    })
  );
  const production2 = name === "production" || preset === presets.production || isProduction(endpoint);
  return {
    variables: variables3,
    production: production2,
    ecpay: { endpoint, timeout: ecpay2.timeout },
    target: targetOf(name, target2),
    approvals: { ...approvals2, requireSeparation: approvals2.requireSeparation ?? production2 },
    operators: operators2,
    freeze: freeze2,
    gates,
    /** null: nobody said. */
    migrations: migrations ?? null
  };
}
__name(withPreset, "withPreset");
function own(record, name) {
  return Object.hasOwn(record, name) ? record[name] : void 0;
}
__name(own, "own");
function officialEndpoint(environment3) {
  return environment3 === "production" ? "https://payment.ecpay.com.tw" : "https://payment-stage.ecpay.com.tw";
}
__name(officialEndpoint, "officialEndpoint");

// core/config/image.ts
var UNITS2 = { kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
var sizePattern = /^(?=.*[1-9])\d+(?:\.\d+)?(?:[kMG]B|[KMG]iB)$/;
function toBytes(size2) {
  const [, amount = "0", unit = ""] = /^([\d.]+)(\D+)$/.exec(size2) ?? [];
  return Math.round(Number(amount) * (UNITS2[unit] ?? 0));
}
__name(toBytes, "toBytes");
var size = text("a size such as 500MB or 1.5GB", sizePattern, (input) => {
  const [, amount, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input)) ?? [];
  if (amount === void 0 || Number(amount) === 0) return null;
  const known2 = Object.keys(UNITS2).find(
    (one) => [one, one.replace("B", "")].some((spelling) => spelling.toLowerCase() === unit.toLowerCase())
  );
  return `write ${amount}${known2 ?? "MB"}`;
}).transform(toBytes);
var namePattern = /^(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
var imageName = text("a name of an image, without a tag, such as ghcr.io/acme/payments", namePattern, (input) => {
  if (typeof input !== "string") return null;
  if (/^https?:\/\//.test(input)) return `leave the scheme out: ${quoted(input.replace(/^https?:\/\//, ""))}`;
  if (/@sha256:|:[\w.-]+$/.test(input)) return "leave the tag out: it is given when the image is published";
  if (/[A-Z]/.test(input)) return `write it in lower case: ${quoted(input.toLowerCase())}`;
  return null;
}).superRefine((written, context) => {
  if (typeof written !== "string" || !namePattern.test(written)) return;
  const [first = "", ...rest] = written.split("/");
  const registry2 = rest.length > 0 && /[.:]|^localhost$/.test(first) ? hostProblem(first) : null;
  if (registry2 !== null) context.addIssue({ code: "custom", message: `its registry ${registry2}` });
  if (written.length > 255)
    context.addIssue({ code: "custom", message: `has ${written.length} characters: a registry takes 255` });
}, always);
var platform = text("a platform such as linux/amd64", /^linux\/[a-z0-9]+(?:\/v\d+)?$/);
var DOCKERFILE_ABOVE = "for a Dockerfile above app.path, set image.context to the folder that it is built from, relative to the source; image.dockerfile is relative to that folder";
var healthPath = text(
  "a path such as /health",
  /^\/[^\s#]*$/,
  (input) => typeof input === "string" && /^https?:/.test(input) ? "give only the path: the host is the image's own container" : null
);
var argumentName2 = /^[A-Za-z_][A-Za-z0-9_]*$/;
var SECRET_ARGUMENT = /pass|secret|token|credential|private|(^|_)key$|api_?key/i;
var PASSWORD_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:(?![$<{])[^\s/@]+@/i;
function buildArgsAreNoSecrets(value, context) {
  for (const name of keysOf(value)) {
    const written = entryOf(value, name);
    const password = typeof written === "string" && PASSWORD_IN_URL.test(written);
    if (!SECRET_ARGUMENT.test(name) && !password) continue;
    const message = withHint(
      `${password ? "has a password in its URL" : "sounds like a secret"}: build arguments can be read in the image`,
      "name it in image.buildSecrets, and read it in the Dockerfile with RUN --mount=type=secret"
    );
    context.addIssue({ code: "custom", path: [name], message, params: { at: "key" } });
  }
}
__name(buildArgsAreNoSecrets, "buildArgsAreNoSecrets");
var argumentProblem = /* @__PURE__ */ __name((name) => argumentName2.test(name) ? null : "is not a name of a build argument: expected letters, digits and _, not beginning with a digit", "argumentProblem");
var buildArgs = named(
  "a mapping of build arguments",
  argumentName2,
  external_exports.union([external_exports.string(), external_exports.number(), external_exports.boolean()], { error: expected("a text, a number or true/false") }).transform(String),
  argumentProblem
).superRefine(buildArgsAreNoSecrets, always);
function namesOneThing(value, context) {
  if (keysOf(value).filter((key) => key === "path" || key === "variable").length === 1) return;
  context.addIssue({ code: "custom", message: "names path or variable: one of the two" });
}
__name(namesOneThing, "namesOneThing");
var notSecret = mapping("a mapping with path or variable, and reason", {
  path: pathGlob("a path in the image, or a pattern, such as srv/tests/keys/*.pem").optional().describe("Path in the image, without the leading /; * and ** are patterns."),
  variable: text("a name of an environment variable", argumentName2).optional().describe("Name of a variable of the image's environment."),
  reason: text("a reason").describe("Why this is no secret: shown in the report.")
}).superRefine(namesOneThing, always);
var registry = mapping("a mapping with user, ca and insecure", {
  user: text("a name of a user", /^\S+$/).optional().describe("User that pushes. --registry-user stands over it."),
  ca: filePath("a path of a file with certificates, relative to the source").optional().describe(
    "Certificates (PEM) of the authority that the registry's own certificate is from, relative to the source."
  ),
  insecure: external_exports.boolean({ error: expected("true or false") }).prefault(false).describe(
    "Whether the registry may speak plain HTTP, or present an untrusted certificate. Anyone on the network can then read the password."
  )
});
var image = mapping("a mapping that says how the image is made and what it must do", {
  name: imageName.optional().describe("Name under which the image is published: registry and repository, without a tag."),
  context: folder("a path of a folder inside the source").optional().describe(
    "Folder that the Dockerfile is built from, relative to the source: a Dockerfile can copy only what is below it. When left out: app.path."
  ),
  dockerfile: filePath("a path of a Dockerfile, relative to app.path", DOCKERFILE_ABOVE).optional().describe(
    "The app's Dockerfile, relative to image.context where that is set, else to app.path. When left out: `Dockerfile` where there is one; otherwise Tollgate's own build for Python."
  ),
  target: text("a name of a build stage", /^\S+$/).optional().describe("Stage of the Dockerfile to build. When left out: the last one."),
  buildArgs: buildArgs.prefault({}).describe("Arguments for the Dockerfile. Not for secrets: an image tells them."),
  buildSecrets: distinct("a list of names of secrets", text("a name of a secret", argumentName2)).prefault([]).describe("Names that --secrets must hold; each is mounted at /run/secrets/NAME where the build asks for it."),
  command: sequence("a list: the program and its arguments", text("a program or an argument")).optional().describe(
    "Program that serves, with its arguments: for Tollgate's own build. Refused beside a Dockerfile, which has its own CMD."
  ),
  dependencies: dependencies("image.dependencies", "none").prefault({}).describe("What Tollgate's own build installs: for running, not for testing."),
  packages: distinct("a list of Debian packages", packageName).prefault([]).describe("Debian packages that Tollgate's own build puts into the image, such as libpq5."),
  buildPackages: distinct("a list of Debian packages", packageName).prefault(["build-essential"]).describe("Debian packages that are there while Tollgate's own build installs dependencies, and not in the image."),
  exclude: distinct("a list of patterns of files", pathGlob("a pattern of files such as docs/**")).prefault([]).describe(
    "Patterns of files that Tollgate's own build leaves out, besides tests, Git's files and dotenv files. Relative to app.path."
  ),
  port: port.prefault(8e3).describe("Port that the service listens on inside the image."),
  health: healthPath.prefault("/health").describe("Path that answers 2xx when the service is healthy."),
  startTimeout: duration.prefault("60s").describe("Longest time from the start of the service until it is healthy."),
  env: variables.prefault({}).describe(
    "Environment variables of the service while the gate runs it. They are not put into the image. Filled in from its Postgres: {host} {port} {user} {password} {database} {url}; from any of its services: {services.NAME.host} {services.NAME.port}."
  ),
  services: services.optional().describe("Services that the image is run with. When left out: those of qa.services."),
  before: sequence("a list of shell commands", command).prefault([]).describe("Shell commands run in the image before the service starts, with its services and environment."),
  maxSize: size.prefault("1GB").describe("Largest size of the image: all of its layers together, uncompressed."),
  notSecret: sequence("a list of what is no secret", notSecret).prefault([]).describe("Files and variables of the image that look like secrets and are none, each with its reason."),
  platforms: distinct("a list of platforms", platform).prefault([]).describe("Platforms to build for. When empty: the engine's own."),
  timestamps: external_exports.enum(["kept", "commit"], { error: expected("kept or commit") }).prefault("kept").describe(
    "Times of the files that the Dockerfile puts into the image: `commit` gives all of them the commit's, so that two builds of it can be the same."
  ),
  source: text("a URL of the source", /^https?:\/\/\S+$/).optional().describe("URL of the repository, for the image's label. When left out: what --source-url says."),
  registry: registry.prefault({}).describe("How the registry is reached.")
});
function imageVariablesHaveOneSource(value, context) {
  const own2 = entryOf(entryOf(value, "image"), "services");
  const place2 = own2 === void 0 ? "qa.services" : "image.services";
  const given = own2 ?? entryOf(entryOf(value, "qa"), "services");
  for (const [service, variable2] of [
    ["postgres", "DATABASE_URL"],
    ["redis", "REDIS_URL"]
  ]) {
    const settings2 = entryOf(given, service);
    if (settings2 === false) continue;
    const name = entryOf(settings2, "env") ?? variable2;
    if (typeof name !== "string" || !keysOf(entryOf(entryOf(value, "image"), "env")).includes(name)) continue;
    const message = withHint(
      `is set by ${place2}.${service}`,
      `leave it out, or write \`image: { services: { ${service}: false } }\``
    );
    context.addIssue({ code: "custom", path: ["image", "env", name], message, params: { at: "key" } });
  }
}
__name(imageVariablesHaveOneSource, "imageVariablesHaveOneSource");
function imagePlaceholdersAreKnown(value, context) {
  const image2 = entryOf(value, "image");
  const own2 = entryOf(image2, "services");
  const place2 = own2 === void 0 ? "qa.services" : "image.services";
  const given = own2 ?? entryOf(entryOf(value, "qa"), "services");
  const missing = entryOf(given, "postgres") === false ? `there is no database: ${place2}.postgres is false` : null;
  for (const section of ["image", "load"])
    placeholdersAreKnown(
      entryOf(entryOf(value, section), "env"),
      [section, "env"],
      { missing, services: serviceNames(given) },
      context
    );
}
__name(imagePlaceholdersAreKnown, "imagePlaceholdersAreKnown");

// core/config/ledger.ts
var ledger = mapping("a mapping of settings for the ledger", {
  service: text("a name of the service: lower-case letters, digits and -", plainName).optional().describe(
    "Name of the service in the ledger and in notifications: several services may share one ledger. Left out: release.name, else the last part of image.name."
  ),
  lease: duration.prefault("30s").describe("How long a run keeps the lease on an environment without a heartbeat. Then the lease expires."),
  patience: duration.prefault("3s").describe("Longest time that a run waits for the ledger at once before it keeps an event for later."),
  logs: external_exports.boolean({ error: expected("true or false") }).prefault(true).describe(
    "Whether log lines of both releases are written to the ledger while a deployment or rollback runs, for the dashboard. Secrets and card numbers are masked."
  )
});

// core/config/json-place.ts
function parsePlace(written) {
  const steps = [];
  const step = /(?:^|(?<=.)\.)([^.[\]\s]+)|\[(\d+)\]/y;
  let end = 0;
  while (end < written.length) {
    step.lastIndex = end;
    const found = step.exec(written);
    if (found === null) return null;
    steps.push(found[2] === void 0 ? found[1] ?? "" : Number(found[2]));
    end = step.lastIndex;
  }
  return steps.length === 0 ? null : steps;
}
__name(parsePlace, "parsePlace");

// core/shared/percentile.ts
function leastRequests(percent2) {
  return Math.ceil(Math.log(0.05) / Math.log(percent2 / 100));
}
__name(leastRequests, "leastRequests");
function percentileOf(sorted, percent2) {
  const place2 = percent2 / 100 * (sorted.length - 1);
  const below = sorted[Math.floor(place2)] ?? 0;
  const above = sorted[Math.ceil(place2)] ?? 0;
  return below + (above - below) * (place2 - Math.floor(place2));
}
__name(percentileOf, "percentileOf");

// core/config/load-volume.ts
function plannedRequests(rate, seconds) {
  return Math.floor(rate.count * seconds / rate.seconds);
}
__name(plannedRequests, "plannedRequests");
function mostRequests(rate, warmUp, duration3) {
  return plannedRequests(rate, warmUp) + 1 + plannedRequests(rate, duration3) + 1;
}
__name(mostRequests, "mostRequests");
function perSecond(rate) {
  return rate.count / rate.seconds;
}
__name(perSecond, "perSecond");
function plannedSeconds(durations, warmUp) {
  return warmUp + Math.max(0, ...durations);
}
__name(plannedSeconds, "plannedSeconds");

// core/config/placeholders.ts
var PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
var VALUES = ["uuid", "iteration", "run"];
var KNOWN = `{{${VALUES.join("}} {{")}}} {{secret.NAME}}`;
function placeholdersIn(text2) {
  return [...text2.matchAll(PLACEHOLDER)].map(([written, name = ""]) => {
    const secret = /^secret\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(name)?.[1] ?? null;
    return { written, secret, known: secret !== null || VALUES.some((value) => value === name) };
  });
}
__name(placeholdersIn, "placeholdersIn");
function textsInJson(value) {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsInJson);
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => [key, ...textsInJson(inner)]);
  return [];
}
__name(textsInJson, "textsInJson");

// core/config/load-rules.ts
function requestHasOneBody(scenario2, context) {
  const method2 = entryOf(scenario2, "method");
  const given = ["body", "json"].filter((key) => entryOf(scenario2, key) !== void 0);
  const [first] = given;
  if (first === void 0) return;
  if (given.length === 2)
    context.addIssue({
      code: "custom",
      path: ["body"],
      message: withHint("is given beside json", "keep one of them"),
      params: { at: "key" }
    });
  else if (method2 === "GET" || method2 === "HEAD")
    context.addIssue({
      code: "custom",
      path: [first],
      message: withHint(`does not go with ${method2}`, "add  method: POST"),
      params: { at: "key" }
    });
}
__name(requestHasOneBody, "requestHasOneBody");
function placeholdersAreKnown2(scenario2, context) {
  const headers = entryOf(scenario2, "headers");
  const parts = [
    [["path"], textsInJson(entryOf(scenario2, "path"))],
    ...keysOf(headers).map((name) => [["headers", name], textsInJson(entryOf(headers, name))]),
    [["body"], textsInJson(entryOf(scenario2, "body"))],
    [["json"], textsInJson(entryOf(scenario2, "json"))]
  ];
  for (const [path2, texts2] of parts) {
    for (const { written } of texts2.flatMap(placeholdersIn).filter(({ known: known2 }) => !known2)) {
      context.addIssue({
        code: "custom",
        path: path2,
        message: withHint(`has the unknown placeholder ${written}`, `known here: ${KNOWN}`)
      });
    }
  }
}
__name(placeholdersAreKnown2, "placeholdersAreKnown");
function pathHasNoSecret(path2, context) {
  if (typeof path2 !== "string" || placeholdersIn(path2).every(({ secret }) => secret === null)) return;
  context.addIssue({
    code: "custom",
    message: withHint("has a secret in it: addresses end in the logs of servers and proxies", "send it in a header")
  });
}
__name(pathHasNoSecret, "pathHasNoSecret");
var CREDENTIAL = /^(?:proxy-)?authorization$|^cookie$|api-?key|token|secret|password/i;
function credentialsAreSecrets(headers, context) {
  for (const name of keysOf(headers)) {
    const value = entryOf(headers, name);
    if (typeof value !== "string" || !CREDENTIAL.test(name) || placeholdersIn(value).some(({ secret }) => secret !== null))
      continue;
    const message = withHint(
      "is a credential: its value must not be in a file",
      "list a name for it in load.secrets, and write {{secret.NAME}} here"
    );
    context.addIssue({ code: "custom", path: [name], message });
  }
}
__name(credentialsAreSecrets, "credentialsAreSecrets");
function secretsAreUsed(load2, context) {
  const scenarios2 = entryOf(load2, "scenarios");
  const listed = textsIn(entryOf(load2, "secrets"));
  const used = /* @__PURE__ */ new Set();
  for (const name of keysOf(scenarios2)) {
    const scenario2 = entryOf(scenarios2, name);
    for (const key of ["headers", "body", "json"]) {
      for (const { secret } of textsInJson(entryOf(scenario2, key)).flatMap(placeholdersIn)) {
        if (secret === null) continue;
        used.add(secret);
        if (listed.some(([, one]) => one === secret)) continue;
        context.addIssue({
          code: "custom",
          path: ["scenarios", name, key],
          message: withHint(
            `uses the secret ${secret}, which load.secrets does not list`,
            `add ${secret} to load.secrets`
          )
        });
      }
    }
  }
  for (const [index, secret] of listed) {
    if (used.has(secret)) continue;
    context.addIssue({
      code: "custom",
      path: ["secrets", index],
      message: withHint(
        "is used by no scenario",
        `write {{secret.${secret}}} into a header or a body, or leave it out`
      )
    });
  }
}
__name(secretsAreUsed, "secretsAreUsed");
function thresholdsCanBeJudged(load2, context) {
  const timeout = entryOf(load2, "timeout");
  const scenarios2 = entryOf(load2, "scenarios");
  for (const name of keysOf(scenarios2)) {
    const scenario2 = entryOf(scenarios2, name);
    const thresholds3 = entryOf(scenario2, "thresholds");
    const path2 = /* @__PURE__ */ __name((key) => ["scenarios", name, "thresholds", key], "path");
    for (const key of ["p50", "p90", "p95", "p99", "max"]) {
      const asked = entryOf(thresholds3, key);
      if (typeof asked !== "number") continue;
      if (typeof timeout === "number" && asked >= timeout) {
        const message = withHint(
          "is not below load.timeout, as which a request without a right answer counts",
          `ask for less than ${duration2(timeout / 1e3)}, or raise load.timeout`
        );
        context.addIssue({ code: "custom", path: path2(key), message });
      }
      const planned = measuredRequests(scenario2);
      const least2 = key === "max" ? 1 : leastRequests(Number(key.slice(1)));
      if (planned !== null && planned < least2) {
        const message = withHint(
          `cannot be judged by ${count(planned, "request")}: ${key} needs ${least2}`,
          "raise rate or duration, or ask for a lower percentile"
        );
        context.addIssue({ code: "custom", path: path2(key), message });
      }
    }
    if (measuredRequests(scenario2) === 0)
      context.addIssue({
        code: "custom",
        path: ["scenarios", name, "rate"],
        message: withHint("sends no request within the duration", "raise rate or duration")
      });
  }
}
__name(thresholdsCanBeJudged, "thresholdsCanBeJudged");
function planIsWithinLimits(load2, context) {
  const warmUp = entryOf(load2, "warmUp");
  const scenarios2 = entryOf(load2, "scenarios");
  if (typeof warmUp !== "number") return;
  const flows = keysOf(scenarios2).flatMap((name) => {
    const flow = flowOf(entryOf(scenarios2, name));
    return flow === null ? [] : [flow];
  });
  const requests = flows.reduce((sum, flow) => sum + mostRequests(flow.rate, warmUp, flow.duration), 0);
  const most = entryOf(load2, "maxRequests");
  if (typeof most === "number" && requests > most) {
    const message = withHint(
      `is ${most}, and the scenarios would send up to ${requests}`,
      "lower a rate or a duration, or raise maxRequests"
    );
    context.addIssue({ code: "custom", path: ["maxRequests"], message });
  }
  const seconds = plannedSeconds(
    flows.map(({ duration: duration3 }) => duration3),
    warmUp
  );
  const longest2 = entryOf(load2, "maxTime");
  if (typeof longest2 === "number" && seconds > longest2) {
    const message = withHint(
      `is ${duration2(longest2)}, and the scenarios would take ${duration2(seconds)}`,
      "lower a duration, or raise maxTime"
    );
    context.addIssue({ code: "custom", path: ["maxTime"], message });
  }
}
__name(planIsWithinLimits, "planIsWithinLimits");
function loadLeavesServicesAlone(settings2, context) {
  const [image2, qa2, load2] = [entryOf(settings2, "image"), entryOf(settings2, "qa"), entryOf(settings2, "load")];
  const place2 = entryOf(image2, "services") === void 0 ? "qa.services" : "image.services";
  const services2 = entryOf(image2, "services") ?? entryOf(qa2, "services");
  for (const service of ["postgres", "redis"]) {
    const name = entryOf(entryOf(services2, service), "env");
    if (typeof name !== "string" || !keysOf(entryOf(load2, "env")).includes(name)) continue;
    context.addIssue({
      code: "custom",
      path: ["load", "env", name],
      message: withHint(`is set by ${place2}.${service}`, "leave it out"),
      params: { at: "key" }
    });
  }
}
__name(loadLeavesServicesAlone, "loadLeavesServicesAlone");
function measuredRequests(scenario2) {
  const flow = flowOf(scenario2);
  return flow === null ? null : plannedRequests(flow.rate, flow.duration);
}
__name(measuredRequests, "measuredRequests");
function flowOf(scenario2) {
  const rate = entryOf(scenario2, "rate");
  const duration3 = entryOf(scenario2, "duration");
  const [count3, seconds] = [entryOf(rate, "count"), entryOf(rate, "seconds")];
  if (!isMapping(rate) || typeof count3 !== "number" || typeof seconds !== "number" || typeof duration3 !== "number")
    return null;
  return { rate: { count: count3, seconds }, duration: duration3 };
}
__name(flowOf, "flowOf");

// core/config/load.ts
var slowest = /* @__PURE__ */ __name((what) => responseTime.optional().describe(`Longest response time of ${what}. When left out: not judged.`), "slowest");
var thresholds = mapping("a mapping of thresholds such as p95 and errors", {
  p50: slowest("50 % of the requests"),
  p90: slowest("90 % of the requests"),
  p95: slowest("95 % of the requests"),
  p99: slowest("99 % of the requests"),
  max: slowest("every single request"),
  errors: share.prefault("0%").describe("Largest share of the requests that may get no right answer."),
  rate: share.prefault("98%").describe("Smallest share of the arrival rate that must really be reached.")
});
var NO_PLACE = withHint("is not a place in a JSON document", "for example checks.postgres or items[0].id");
var place = text("a place in a JSON document such as checks.postgres or items[0].id").superRefine(
  (written, context) => {
    if (written.trim() !== "" && parsePlace(written) === null) context.addIssue({ code: "custom", message: NO_PLACE });
  }
);
var pattern2 = text("a regular expression", /[\s\S]/).superRefine((written, context) => {
  try {
    new RegExp(written);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    context.addIssue({ code: "custom", message: `is not a regular expression: ${why}` });
  }
});
var scalar = external_exports.union([external_exports.string(), external_exports.number(), external_exports.boolean(), external_exports.null()], {
  error: expected("a text, a number, true/false or null")
});
var KINDS = ["equals", "contains", "matches"];
var check = mapping("a mapping such as { json: status, equals: ok }", {
  json: place.optional().describe("Place in a JSON answer: checks.postgres, items[0].id. When left out: the whole body, as text."),
  equals: scalar.optional().describe('The value there, of the same type: 200 is not the text "200".'),
  contains: text("a text", /[\s\S]/).optional().describe("A text that is part of it."),
  matches: pattern2.optional().describe("A regular expression that matches it.")
}).superRefine((value, context) => {
  const given = keysOf(value).filter((key) => KINDS.includes(key) && entryOf(value, key) !== void 0);
  if (!isMapping(value) || given.length === 1) return;
  const none = withHint("does not say what must be there", `add one of ${KINDS.join(", ")}`);
  context.addIssue({
    code: "custom",
    message: given.length === 0 ? none : withHint(`has ${given.join(" and ")}`, "write a check for each")
  });
}, always);
var NO_CHECK = withHint(
  "lists no check: an error page that comes with a right status would do",
  "for example  answer: { contains: order }"
);
var checks2 = named("a mapping of checks", plainName, check, plainNameProblem("check")).superRefine((listed, context) => {
  if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_CHECK });
}, always).meta({ minProperties: 1 });
var path = text("a path that begins with /", /^\/[^\s]*$/, (input) => {
  if (typeof input !== "string" || input === "") return null;
  if (/^[a-z]+:\/\//i.test(input))
    return "write the path alone: the host is the built image's, or the one given with --url";
  return input.startsWith("/") ? "write a space as %20" : `write /${input}`;
});
var METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
var method = external_exports.enum(METHODS, {
  error: expected(
    `one of ${METHODS.join(", ")}`,
    (input) => typeof input === "string" && METHODS.includes(input.toUpperCase()) ? `write ${input.toUpperCase()}` : null
  )
});
var scenario = mapping("a mapping with path, rate, duration and checks", {
  method: method.prefault("GET").describe("HTTP method."),
  path: path.superRefine(pathHasNoSecret, always).describe("Path and query of each request."),
  headers: named("a mapping of headers", headerName, text("a text", /^[^\r\n]+$/), headerNameProblem).superRefine(credentialsAreSecrets, always).prefault({}).describe("Headers of each request."),
  body: text("a text", /[\s\S]/).optional().describe("Body of each request, as text. When left out, and json too: none."),
  json: external_exports.unknown().optional().describe("Body of each request, as JSON; its Content-Type is application/json. When left out: see body."),
  rate: arrivalRate.describe(
    "Requests that begin in each second, minute or hour, whether earlier ones are answered or not: 20/s, 300/m."
  ),
  duration: duration.describe("How long that goes on after the warm-up: 30s, 5m."),
  status: some("a list of statuses", status, "lists no status: no answer would be right").optional().describe("Statuses of a right answer; redirects are not followed. When left out: 200 to 299."),
  checks: checks2.describe("What the body of a right answer is like: every check must hold. At least one."),
  thresholds: thresholds.prefault({}).describe("What is asked of the figures.")
}).superRefine(requestHasOneBody, always).superRefine(placeholdersAreKnown2, always);
var NO_SCENARIO = "lists no scenario: nothing would be sent";
var scenarios = named("a mapping of scenarios", plainName, scenario, plainNameProblem("scenario")).superRefine((listed, context) => {
  if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_SCENARIO });
}, always).meta({ minProperties: 1 });
var load = mapping("a mapping with scenarios", {
  scenarios: scenarios.describe(
    "What is sent, by names of your own; all scenarios run at the same time. At least one."
  ),
  warmUp: duration.prefault("5s").describe("How long the same requests are sent before anything is measured: 5s, 1m."),
  timeout: responseTime.prefault("10s").describe(
    "Longest wait for an answer: 500ms, 10s. A request without a right answer counts as one that took this long."
  ),
  maxVirtualUsers: wholeNumber4(1, 1e3).prefault(50).describe("Most requests of one scenario that wait for an answer at the same time."),
  maxRequests: wholeNumber4(1, 1e6).prefault(5e4).describe("Most requests that one run may send, warm-up included: a guard against a slip."),
  maxTime: duration.prefault("10m").describe("Longest time that one run may send requests, warm-up included."),
  env: variables.prefault({}).describe(
    "Environment variables of the built image while it is under load, over those of image.env. Filled in as they are: {host} {port} {user} {password} {database} {url}."
  ),
  before: sequence("a list of shell commands", command).prefault([]).describe(
    "Shell commands run in a container of the built image before it is started, with its environment and services."
  ),
  secrets: distinct("a list of names", environmentName).prefault([]).describe(
    "Names that --secrets must hold, for {{secret.NAME}} in headers and bodies; no report shows their values."
  ),
  staging: distinct("a list of addresses", origin).prefault([]).describe("Addresses of deployed services that --url may load without a confirmation.")
}).superRefine(thresholdsCanBeJudged, always).superRefine(planIsWithinLimits, always).superRefine(secretsAreUsed, always);

// core/config/notifications.ts
var NOTIFICATIONS = [
  "start",
  "success",
  "failure",
  "rollback",
  "approval-needed",
  "break-glass",
  "ci-failed",
  "ci-recovered"
];
var events = distinct(
  "a list of notifications",
  external_exports.enum(NOTIFICATIONS, {
    error: expected(`one of ${NOTIFICATIONS.join(", ")}`, (input) => {
      const meant = NOTIFICATIONS.find(
        (name) => typeof input === "string" && input.length >= 3 && name.startsWith(input.toLowerCase().slice(0, 3))
      );
      return meant === void 0 ? null : `write ${meant}`;
    })
  })
);
var ADDRESS = /^[^\s@<>"]+@[^\s@<>"]+$/;
var mailAddress = text("an e-mail address such as releases@shop.example", ADDRESS);
var on = events.prefault([...NOTIFICATIONS]).describe(`What is told: ${NOTIFICATIONS.join(", ")}.`);
var slack = mapping("a mapping with url and on", {
  url: environmentName.prefault("SLACK_WEBHOOK_URL").describe("Name in --notify whose value is the address of the webhook: it is a secret."),
  on
});
var webhook = mapping("a mapping with url, secret and on", {
  url: environmentName.prefault("NOTIFY_WEBHOOK_URL").describe("Name in --notify whose value is the address of the webhook: it is a secret."),
  secret: environmentName.prefault("NOTIFY_WEBHOOK_SECRET").describe("Name in --notify whose value is what each request is signed with, 32 characters or more."),
  on
});
var email = mapping("a mapping with url, from, to and on", {
  url: environmentName.prefault("NOTIFY_SMTP_URL").describe("Name in --notify whose value is smtp://USER:PASSWORD@HOST:PORT, or smtps://."),
  from: mailAddress.describe("Sender."),
  to: some("a list of e-mail addresses", mailAddress, "lists no address").describe("Receivers."),
  on
});
var longest = expected("a whole number of seconds from 1 to 10");
var notifications = mapping("a mapping of slack, webhook and email", {
  slack: slack.optional().describe("A webhook that takes Slack's messages: Slack, Mattermost, Discord with /slack. When left out: none."),
  webhook: webhook.optional().describe("A webhook that takes JSON, signed with HMAC-SHA256. When left out: none."),
  email: email.optional().describe("E-mail over SMTP. When left out: none."),
  wait: external_exports.number({ error: longest }).int({ error: longest }).min(1, { error: longest }).max(10, { error: longest }).prefault(4).describe("Longest time in seconds that a command waits for notifications, all of them together.")
}).superRefine((given, context) => {
  const webhookGiven = entryOf(given, "webhook");
  const [url, secret] = [entryOf(webhookGiven, "url"), entryOf(webhookGiven, "secret")];
  if (typeof url === "string" && url === secret)
    context.addIssue({
      code: "custom",
      path: ["webhook", "secret"],
      message: withHint("is the name of the address as well", "two values have two names")
    });
}, always);

// core/config/paths.ts
var patterns = /* @__PURE__ */ __name((gate) => some(
  "a list of patterns of files",
  pathGlob("a pattern of files such as app/**, relative to the source"),
  "lists nothing: remove the key, and the gate always runs"
).optional().describe(
  `Patterns of files, relative to the source, of which one must have changed for ${gate} to run in \`ci\`. When left out: it always runs.`
), "patterns");
var paths = mapping("a mapping of gates to patterns of files", {
  ...Object.fromEntries(gatesWithPaths.map((name) => [name, patterns(name)]))
});

// core/config/suite-command.ts
var VALUES2 = ["suite", "files"];
var PLACEHOLDER2 = /(?<!\$)\{(\w+)\}/g;
var suiteCommand = command.superRefine((written, context) => {
  for (const [placeholder, name = ""] of written.matchAll(PLACEHOLDER2)) {
    if (VALUES2.some((value) => value === name)) continue;
    context.addIssue({
      code: "custom",
      message: withHint(
        `has the unknown placeholder ${placeholder}`,
        `known here: {${VALUES2.join("} {")}}; a shell variable is written \${NAME}`
      )
    });
  }
});
function filledCommand(written, suite2, files) {
  const values = { suite: suite2, files: files.map(quote).join(" ") };
  return written.replace(
    PLACEHOLDER2,
    (whole, name) => VALUES2.flatMap((value) => value === name ? [values[value]] : [])[0] ?? whole
  );
}
__name(filledCommand, "filledCommand");

// core/config/suite.ts
var NO_FILE = "lists no file: nothing would be proven";
var testIds = /* @__PURE__ */ __name((example) => distinct("a list of patterns of test ids", text(`a pattern of test ids such as ${example}`)), "testIds");
var suite = mapping("a mapping with the suite's files", {
  files: some(
    "a list of test files",
    testFiles("a test file, a folder or a pattern such as tests/api/test_*.py, relative to app.path"),
    NO_FILE
  ).describe(
    "Test files that must run in this suite, relative to app.path; a folder stands for its test_*.py and *_test.py. Each file must be collected and have a test that ran; a folder or pattern without one fails the suite."
  ),
  command: suiteCommand.optional().describe(
    "Shell command that runs this suite, such as `tox -e webhook` or `nox -s tests -- {files}`. Filled in: {suite} {files}. Every pytest that it starts must keep the variables PYTEST_*, PYTHONPATH, TOLLGATE_* and COVERAGE_*. When left out: qa.runner, else pytest."
  ),
  timeout: duration.optional().describe("Longest time for this suite. When left out: qa.timeout."),
  env: environment.prefault({}).describe("Environment variables for this suite alone, over those of qa.env."),
  mayDeselect: testIds("tests/test_slow.py::*").prefault([]).describe(
    "Patterns of test ids that the service's own pytest configuration may deselect. Any other deselected test fails the suite."
  ),
  mayLeaveUnhandled: testIds("tests/test_crash.py::*").prefault([]).describe(
    "Patterns of test ids whose threads, asyncio tasks, coroutines and destructors may end with an exception that nothing handles. In any other test it fails the suite."
  ),
  mayReturn: testIds("tests/test_legacy.py::*").prefault([]).describe(
    "Patterns of test ids that may return a value. Any other test that returns one fails the suite: it returns what it should assert."
  ),
  mayFail: testIds("tests/test_known.py::*").optional().describe(
    "Patterns of test ids that may be marked as expected to fail (xfail). When given, any other such test fails the suite. When left out: each may, and none of them counts as executed."
  ),
  maxSkipped: external_exports.int({ error: expected("a whole number, 0 or more") }).min(0, { error: expected("a whole number, 0 or more") }).optional().describe(
    "How many tests of the suite may be skipped. When left out: any number, while each file has a test that ran."
  )
});

// core/config/qa.ts
var NO_SUITE = "lists no suite: nothing would be proven";
var suites = named("a mapping of suites", plainName, suite, plainNameProblem("suite")).superRefine((listed, context) => {
  if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_SUITE });
}, always).meta({ minProperties: 1 });
var LIGHT = ["greenlet", "eventlet", "gevent"];
var concurrency = some(
  "a list of concurrency libraries",
  external_exports.enum(["thread", "greenlet", "eventlet", "gevent", "multiprocessing"], {
    error: expected("one of thread, greenlet, eventlet, gevent, multiprocessing")
  }),
  "lists nothing: expected thread at least"
).superRefine((listed, context) => {
  const light = textsIn(listed).filter(([, name]) => LIGHT.includes(name));
  for (const [index, name] of light.slice(1)) {
    context.addIssue({
      code: "custom",
      path: [index],
      message: `${name} cannot be measured together with ${light[0]?.[1]}`
    });
  }
}, always);
var percent = expected("a percent from 0 to 100", (input) => {
  const number = Number(String(input).replace(/\s*%\s*$/, ""));
  if (!Number.isFinite(number) || number <= 0 || number > 100 || input === true) return null;
  if (number <= 1) return `percent: did you mean ${Math.round(number * 100)}?`;
  return typeof input === "string" ? `write ${number}` : null;
});
var lineCount = expected("a whole number of lines, 1 or more");
var patch = mapping("a mapping with threshold and fewestLines", {
  threshold: external_exports.number({ error: percent }).min(0, { error: percent }).max(100, { error: percent }).refine((number) => number === 0 || number > 1, { error: percent }).meta({ anyOf: [{ const: 0 }, { exclusiveMinimum: 1 }] }).prefault(80).describe("Percent of the changed lines that the suites must cover, 0 to 100."),
  fewestLines: external_exports.number({ error: lineCount }).int({ error: lineCount }).min(1, { error: lineCount }).prefault(10).describe("Changed lines of code from which on the threshold fails `ci`. Below, the figure is only reported.")
});
var coverage = mapping("a mapping with source and threshold", {
  source: some(
    "a list of folders",
    folder("a path of a folder, relative to app.path"),
    "lists nothing: coverage of what?"
  ).describe(
    "Folders whose Python code is measured, relative to app.path. A file that no test imports counts as uncovered."
  ),
  threshold: external_exports.number({ error: percent }).min(0, { error: percent }).max(100, { error: percent }).refine((number) => number === 0 || number > 1, { error: percent }).meta({ anyOf: [{ const: 0 }, { exclusiveMinimum: 1 }] }).describe("Percent of the lines that all suites together must cover, 0 to 100."),
  branch: external_exports.boolean({ error: expected("true or false") }).prefault(false).describe("Whether both ways out of a condition must be covered."),
  omit: distinct("a list of patterns of files", pathGlob("a pattern of files such as app/generated/*")).prefault([]).describe("Patterns of files that do not count, relative to app.path."),
  exclude: distinct("a list of regular expressions", text("a regular expression")).prefault([]).describe("Regular expressions of lines that do not count, besides `pragma: no cover`."),
  concurrency: concurrency.prefault(["thread"]).describe("Concurrency libraries the service uses; SQLAlchemy's asyncio needs greenlet."),
  patch: patch.prefault({}).describe("Coverage of the lines that a change touches, in `ci` with a base.")
});
function oneSourceForEachVariable(value, context) {
  const given = entryOf(value, "services");
  const provider = /* @__PURE__ */ new Map();
  for (const service of keysOf(given)) {
    const name = entryOf(entryOf(given, service), "env");
    if (typeof name !== "string") continue;
    const other = provider.get(name);
    if (other === void 0) provider.set(name, `qa.services.${service}`);
    else
      context.addIssue({
        code: "custom",
        path: ["services", service, "env"],
        message: `is the variable of ${other} as well`
      });
  }
  const suites2 = entryOf(value, "suites");
  const environments2 = [
    [["env"], entryOf(value, "env")],
    ...keysOf(suites2).map((name) => [
      ["suites", name, "env"],
      entryOf(entryOf(suites2, name), "env")
    ])
  ];
  const missing = entryOf(given, "postgres") === false ? "there is no database: qa.services.postgres is false" : null;
  for (const [path2, variables3] of environments2) {
    placeholdersAreKnown(variables3, path2, { missing, services: serviceNames(given) }, context);
    for (const name of keysOf(variables3)) {
      const service = provider.get(name);
      if (service === void 0) continue;
      const message = withHint(
        `is set by ${service}`,
        `leave it out, write \`${service.split(".").pop()}: false\`, or give ${service}.env another name`
      );
      context.addIssue({ code: "custom", path: [...path2, name], message, params: { at: "key" } });
    }
  }
  for (const [index, secret] of textsIn(entryOf(value, "secrets"))) {
    const service = provider.get(secret);
    if (service !== void 0)
      context.addIssue({
        code: "custom",
        path: ["secrets", index],
        message: withHint(`is set by ${service}`, "leave it out here")
      });
    for (const [path2, variables3] of environments2) {
      if (!keysOf(variables3).includes(secret)) continue;
      const place2 = ["qa", ...path2].join(".");
      const message = withHint(
        `is in ${place2} as well: a secret's value must not be in a file`,
        `remove it from ${place2}`
      );
      context.addIssue({ code: "custom", path: ["secrets", index], message });
    }
  }
}
__name(oneSourceForEachVariable, "oneSourceForEachVariable");
function suiteIsTollgatesToChoose(value, context) {
  const flag = entryOf(value, "suiteFlag");
  if (typeof flag !== "string") return;
  for (const [index, argument] of textsIn(entryOf(value, "arguments"))) {
    if (argument !== flag && !argument.startsWith(`${flag}=`)) continue;
    context.addIssue({
      code: "custom",
      path: ["arguments", index],
      message: `${flag} is added by Tollgate, once for each suite`
    });
  }
}
__name(suiteIsTollgatesToChoose, "suiteIsTollgatesToChoose");
var qa = mapping("a mapping with runner and suites", {
  runner: filePath("a path of the QA runner, relative to app.path").optional().describe("The service's QA runner, relative to app.path. When left out: pytest with the suite's files."),
  interpreter: text("a program that runs the runner", /^\S+$/).prefault("python").describe("Python that runs the runner, or pytest."),
  arguments: sequence("a list of arguments", text("an argument for the runner")).prefault(["--verbose"]).describe("Arguments for the runner, after `--suite <name>`; without a runner, for pytest."),
  suiteFlag: text("an option such as --suite", /^--?[A-Za-z][A-Za-z0-9-]*$/).prefault("--suite").describe("Option by which the runner is told the suite."),
  timeout: duration.prefault("10m").describe("Longest time for one suite: 90s, 10m, 1h30m."),
  env: environment.prefault({}).describe(
    "Environment variables for every suite. Filled in from its Postgres: {host} {port} {user} {password} {database} {url}; from any of its services: {services.NAME.host} {services.NAME.port}."
  ),
  secrets: distinct("a list of names of environment variables", environmentName).prefault([]).describe("Names that --secrets must hold; every suite gets them, no report shows them."),
  before: sequence("a list of shell commands", command).prefault([]).describe(
    "Shell commands run in each suite's container before the runner, with source, environment and services. What they start in the background runs until the suite ends."
  ),
  services: services.prefault({}).describe(
    "Services that each suite gets, fresh, for itself: postgres, redis, and others by name. Each is reached by its name."
  ),
  artifacts: distinct("a list of patterns of files", pathGlob("a pattern of files such as screenshots/**")).prefault([]).describe("Patterns of files to keep from each suite, relative to app.path."),
  suites: suites.describe("The suites, by the names that the runner knows. At least one."),
  coverage: coverage.optional().describe("Coverage that all suites together must reach. When left out: coverage is not measured.")
}).superRefine(oneSourceForEachVariable, always).superRefine(suiteIsTollgatesToChoose, always).transform(({ suites: suites2, coverage: coverage2, runner, ...rest }) => ({
  ...rest,
  runner: runner ?? null,
  suites: Object.fromEntries(
    Object.entries(suites2).map(([name, { timeout, env, command: own2, mayFail, maxSkipped, ...suite2 }]) => [
      name,
      {
        ...suite2,
        command: own2 ?? null,
        timeout: timeout ?? rest.timeout,
        env: { ...rest.env, ...env },
        mayFail: mayFail ?? null,
        maxSkipped: maxSkipped ?? null
      }
    ])
  ),
  coverage: coverage2 ?? null
}));

// core/config/monitor.ts
var thresholds2 = mapping("a mapping with errors, p95, payments and connections", {
  errors: share.prefault("1%").describe("Largest share of answers with a status of 500 or more, as the proxy counts them."),
  p95: responseTime.optional().describe("Longest response time of 95 % of the requests, as the proxy measures it. When left out: not judged."),
  payments: share.prefault("95%").describe("Smallest share of payments that succeed. Judged where payments says how they are counted."),
  connections: share.prefault("80%").describe("Largest share of the database's connections that may be in use. Judged where database is given.")
});
var metric = text("a name of a metric such as payments_total", /^[A-Za-z_:][A-Za-z0-9_:]*$/);
var label = text("a name of a label", /^[A-Za-z_][A-Za-z0-9_]*$/);
var payments = mapping("a mapping with metric, label, good and bad", {
  path: text("a path such as /metrics", /^\/[^\s#]*$/).prefault("/metrics").describe("Path at which the service shows its metrics in Prometheus' text format."),
  metric: metric.describe("Counter of payments by what became of them."),
  label: label.describe("Label that says what became of one."),
  good: sequence("a list of values", text("a value")).min(1, { error: "lists no value: no payment could succeed" }).describe("Values of the label for payments that succeeded."),
  bad: sequence("a list of values", text("a value")).min(1, { error: "lists no value: no payment could fail" }).describe("Values of the label for payments that failed. Others count as neither.")
});
var monitor = mapping("a mapping with window and thresholds", {
  window: duration.prefault("5m").describe("How long a release is watched after it got the traffic: 60s, 5m."),
  requests: wholeNumber4(1, 1e6).prefault(20).describe("Fewest requests that a verdict may rest on."),
  inconclusive: external_exports.enum(["keep", "roll-back"], { error: expected("keep or roll-back") }).prefault("keep").describe("What becomes of a release when there was too little traffic for a verdict."),
  thresholds: thresholds2.prefault({}).describe("What the figures must be."),
  payments: payments.optional().describe("How the service counts payments. When left out: payments are not judged."),
  database: environmentName.optional().describe(
    "Variable of the service with the URL of its Postgres, whose connections are counted. When left out: they are not judged."
  )
});

// core/config/release.ts
var process2 = mapping("a mapping with a command", {
  command: sequence("a list: the program and its arguments", text("a program or an argument")).min(1, { error: "names no program: there is nothing to start" }).describe("Program with its arguments.")
});
var processProblem = /* @__PURE__ */ __name((name) => plainNameProblem("process")(name) ?? (name.length > 30 ? withHint("is too long for a name of a process", "30 characters at most") : null), "processProblem");
function nameHint(input) {
  if (typeof input !== "string" || input.length <= LONGEST_SERVICE) return null;
  return `it has ${input.length} characters: with -web- and a release's id it is a container's host name, which may have 63`;
}
__name(nameHint, "nameHint");
var retain = mapping("a mapping with releases and running", {
  releases: wholeNumber4(1, 20).prefault(3).describe("Earlier releases that stay on the target, to go back to."),
  running: wholeNumber4(0, 5).prefault(1).describe("How many of those keep running without traffic: going back to them takes no start.")
});
var versionPlace = mapping("a mapping with variable and path", {
  variable: environmentName.describe(
    "Variable by which the service learns its version: Tollgate sets it to --version."
  ),
  path: text("a path such as /version", /^\/[^\s#]*$/).describe("Path that answers with that version.")
});
var METHODS2 = ["GET", "HEAD", "POST", "PUT", "DELETE"];
var smoke = mapping("a mapping with path and contains", {
  method: external_exports.enum(METHODS2, { error: expected(`one of ${METHODS2.join(", ")}`) }).prefault("GET").describe("HTTP method."),
  path: text("a path that begins with /", /^\/[^\s]*$/).describe(
    "Path and query. {{release}} is the release's id, here, in headers and in json."
  ),
  headers: named("a mapping of headers", headerName, text("a text", /^[^\r\n]+$/), headerNameProblem).prefault({}).describe("Headers of the request."),
  json: external_exports.unknown().optional().describe("Body of the request, as JSON. When left out: none."),
  status: some("a list of statuses", status, "lists no status: no answer would be right").optional().describe("Statuses of a right answer. When left out: 200 to 299."),
  contains: sequence("a list of texts", text("a text", /[\s\S]/)).prefault([]).describe("Texts that the body of a right answer has.")
});
var release = mapping("a mapping that says how the service runs where it is released", {
  name: text(
    `a name such as payments: lower-case letters, digits and -, at most ${LONGEST_SERVICE} characters, ending with a letter or digit`,
    SERVICE_NAME,
    nameHint
  ).optional().describe("Name of the service on its target. When left out: the last part of image.name, or `service`."),
  processes: named("a mapping of processes", plainName, process2, processProblem).prefault({}).describe(
    "Processes by name: `web` has the traffic, every other one is a worker. When web is left out, it is the image's own command."
  ),
  healthPath: text("a path such as /health", /^\/[^\s#]*$/).optional().describe("Path that answers 2xx when the service is healthy. When left out: what image.health says."),
  healthTimeout: duration.prefault("60s").describe("Longest time from the start of a release until it is healthy."),
  drain: duration.prefault("30s").describe("Longest time for requests and jobs under way to end when a release loses the traffic."),
  before: sequence("a list of shell commands", command).prefault([]).describe(
    "Shell commands run as jobs of the new release before it starts, such as migrations. They must leave the running release able to work."
  ),
  beforeTimeout: duration.prefault("5m").describe("Longest time of each of these commands."),
  version: versionPlace.optional().describe("How the service tells its version. When left out: the version is read from the target alone."),
  smoke: named("a mapping of smoke checks", plainName, smoke, plainNameProblem("smoke check")).prefault({}).describe(
    "Requests to a new release before it gets traffic, by names of your own: each must have its right answer."
  ),
  monitor: monitor.prefault({}).describe("How a release is watched, and when it is taken back."),
  retain: retain.prefault({}).describe("What stays on the target to go back to.")
});

// core/config/scan.ts
var SEVERITIES = ["critical", "high", "medium", "low", "unknown"];
var SCANNERS = ["vulnerabilities", "secrets", "misconfiguration"];
var choice = /* @__PURE__ */ __name((options) => expected(`one of ${options.join(", ")}`, (input) => {
  const meant = options.find(
    (option) => typeof input === "string" && input !== "" && option.startsWith(input.toLowerCase().slice(0, 4))
  );
  return meant === void 0 ? null : `write ${meant}`;
}), "choice");
var agePattern = /^(?=.*[1-9])(?:(\d+)d)?(?:(\d+)h)?$/;
var OLDEST_DAYS = 30;
function toAge(written) {
  const [, days = "0", hours = "0"] = agePattern.exec(written) ?? [];
  return Number(days) * 24 + Number(hours);
}
__name(toAge, "toAge");
var age = text(
  "an age such as 24h or 7d",
  agePattern,
  (input) => typeof input === "number" && input > 0 ? `add a unit: ${input}h or ${input}d` : null
).refine((written) => !agePattern.test(written) || toAge(written) <= OLDEST_DAYS * 24, {
  error: expected(`an age of at most ${OLDEST_DAYS}d`)
}).transform(toAge);
var datePattern = /^\d{4}-\d{2}-\d{2}$/;
function isDay2(written) {
  const time2 = Date.parse(`${written}T00:00:00Z`);
  return !Number.isNaN(time2) && new Date(time2).toISOString().startsWith(written);
}
__name(isDay2, "isDay");
var day2 = text("a date such as 2027-05-31", datePattern).refine(
  (written) => !datePattern.test(written) || isDay2(written),
  { error: expected("a day that there is") }
);
var ignored = mapping("a mapping with id, reason and until", {
  id: text("an id such as CVE-2024-1135", /^\S+$/).describe("Id of the finding: a CVE, a GHSA, a rule of Trivy's."),
  package: text("a name of a package", /^\S+$/).optional().describe("Only in this package. When left out: wherever it is found."),
  paths: some(
    "a list of patterns of files",
    pathGlob("a pattern of files such as tests/keys/**"),
    "lists nothing: leave the key out for every file"
  ).optional().describe("Only in files that match one of these patterns. When left out: wherever it is found."),
  reason: text("a reason").describe("Why it may be ignored: shown in every report."),
  until: day2.describe("Last day, in UTC, on which it may be ignored.")
});
function noneTwice(list, context) {
  if (!Array.isArray(list)) return;
  const first = /* @__PURE__ */ new Map();
  list.forEach((entry2, index) => {
    const parsed = ignored.safeParse(entry2);
    if (!parsed.success) return;
    const { id, package: name, paths: paths2 } = parsed.data;
    const key = JSON.stringify([id.toLowerCase(), name?.toLowerCase(), paths2]);
    const before = first.get(key);
    if (before === void 0) first.set(key, index);
    else
      context.addIssue({
        code: "custom",
        path: [index],
        message: withHint(`ignores the same as [${before}]`, "keep one of them")
      });
  });
}
__name(noneTwice, "noneTwice");
var scan = mapping("a mapping that says what is looked for and what is refused", {
  failOn: external_exports.enum(SEVERITIES, { error: choice(SEVERITIES) }).prefault("critical").describe("Severity from which on a finding refuses the gate: critical, high, medium, low, unknown."),
  ignoreUnfixed: external_exports.boolean({ error: expected("true or false") }).prefault(false).describe("Whether a vulnerability without a fix is only reported, and does not fail the gate."),
  scanners: some(
    "a list of scanners",
    external_exports.enum(SCANNERS, { error: choice(SCANNERS) }),
    "lists nothing: nothing would be looked at"
  ).prefault([...SCANNERS]).describe("What is looked for: vulnerabilities, secrets, misconfiguration."),
  image: external_exports.boolean({ error: expected("true or false") }).prefault(true).describe("Whether the built image is scanned."),
  skip: distinct("a list of patterns of files and folders", pathGlob("a pattern such as docs/samples/**")).prefault([]).describe(
    "Patterns of files and folders of the source that are not looked at, relative to the source. The image is not affected."
  ),
  database: containerImage.optional().describe(
    "Where Trivy's vulnerability database is downloaded from, as an OCI artifact. When left out: Trivy's own place, or the engine's."
  ),
  maxDatabaseAge: age.prefault("24h").describe("Oldest vulnerability database that proves anything: 24h, 7d. At most 30d."),
  timeout: duration.prefault("10m").describe("Longest time for one scan: 90s, 10m, 1h30m."),
  ignore: sequence("a list of findings to ignore", ignored).superRefine(noneTwice, always).prefault([]).describe("Findings that do not refuse the gate, each with a reason and a last day.")
});

// core/config/schema.ts
var settings = mapping("a mapping of settings, with `qa` at least", {
  version: external_exports.literal(1, { error: expected("1, the only version there is") }).prefault(1).describe("Version of this file's format."),
  app: app.prefault({}).describe("The service under test."),
  qa: qa.describe("What must be proven before anything goes on."),
  image: image.prefault({}).describe("The container image: how it is made, what it must do, where it goes."),
  scan: scan.prefault({}).describe("What is looked for in the image, the lockfiles and the repository, and what is refused."),
  environments: environments.prefault({}).describe("What each environment needs. staging, production and sandbox are there without being listed."),
  release: release.prefault({}).describe("How the service runs where it is released."),
  ledger: ledger.prefault({}).describe("Where and how releases are recorded."),
  notifications: notifications.prefault({}).describe("Where release notifications are sent. The addresses are secrets: pass them with --notify."),
  database: database.prefault({}).describe("How the service's database is migrated, backed up and checked."),
  load: load.optional().describe("What the service must bear, and how fast it must answer then. When left out: there is no load test."),
  paths: paths.prefault({}).describe("Gates of `ci` that run only after a change to certain files. Without a known base, all of them run.")
}).superRefine(imageVariablesHaveOneSource, always).superRefine(loadLeavesServicesAlone, always).superRefine(imagePlaceholdersAreKnown, always).meta({ title: "tollgate.yaml", description: "Settings of Tollgate for one service." });
function settingsJsonSchema() {
  return external_exports.toJSONSchema(settings, {
    target: "draft-07",
    io: "input",
    override: /* @__PURE__ */ __name(({ jsonSchema }) => {
      if (JSON.stringify(jsonSchema.default) === "{}") delete jsonSchema.default;
    }, "override")
  });
}
__name(settingsJsonSchema, "settingsJsonSchema");

// core/config/keys.ts
var NONE = { known: /* @__PURE__ */ new Map(), chosen: null, entries: null };
var all;
function keysIn(schema) {
  if (typeof schema !== "object") return NONE;
  const branch = schema.anyOf?.find((option) => typeof option === "object" && option.properties !== void 0);
  if (branch !== void 0) return keysIn(branch);
  return {
    known: new Map(Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, keysIn(inner)])),
    chosen: typeof schema.additionalProperties === "object" ? keysIn(schema.additionalProperties) : null,
    entries: typeof schema.items === "object" && !Array.isArray(schema.items) ? keysIn(schema.items) : null
  };
}
__name(keysIn, "keysIn");
function adviseOnKey(path2, key) {
  const root = all ??= keysIn(settingsJsonSchema());
  const here = path2.reduce(
    (keys3, part2) => keys3.known.get(String(part2)) ?? (typeof part2 === "number" ? keys3.entries : keys3.chosen) ?? NONE,
    root
  );
  const known2 = [...here.known.keys()];
  const respelled = known2.find((candidate) => bare(candidate) === bare(key));
  const meant = respelled ?? (placesOf(key, root).length === 0 ? nearest(key, known2) : null);
  if (meant !== null) return { meant, suggestion: `did you mean \`${meant}\`?` };
  const places = placesOf(key, root).slice(0, 3);
  if (places.length > 0) return { meant: null, suggestion: `\`${key}\` belongs under ${places.join(" or ")}` };
  return { meant: null, suggestion: `known here: ${known2.join(", ")}` };
}
__name(adviseOnKey, "adviseOnKey");
function placesOf(key, keys3, path2 = "") {
  const deeper = [...keys3.known].flatMap(
    ([name, inner]) => placesOf(key, inner, path2 === "" ? name : `${path2}.${name}`)
  );
  const chosen = keys3.chosen === null ? [] : placesOf(key, keys3.chosen, `${path2}.<name>`);
  const entries = keys3.entries === null ? [] : placesOf(key, keys3.entries, `${path2}[]`);
  const here = keys3.known.has(key) ? [path2 === "" ? "the top of the file" : path2] : [];
  return [...here, ...deeper, ...chosen, ...entries];
}
__name(placesOf, "placesOf");

// core/config/parse.ts
function parseSettings(text2, file = "tollgate.yaml") {
  const reading = readDocument(text2);
  if (reading.kind === "unreadable") throw new SettingsError(file, reading.problems);
  const { document } = reading;
  const result = settings.safeParse(document.data);
  const problems = [...document.problems, ...result.success ? [] : problemsOf(result.error.issues, document)];
  if (problems.length > 0 || !result.success) throw new SettingsError(file, problems);
  const { data } = result;
  return {
    ...data,
    ledger: { ...data.ledger, service: data.ledger.service ?? serviceName(data.release.name, data.image.name) }
  };
}
__name(parseSettings, "parseSettings");
function problemsOf(issues, document) {
  const flat = issues.flatMap((issue) => branchMeant(issue));
  const unknown = flat.flatMap(
    ({ path: path2, issue }) => issue.code === "unrecognized_keys" ? issue.keys.filter((key) => key !== "__proto__").map((key) => ({ path: path2, key, ...adviseOnKey(path2, key) })) : []
  );
  const meant = new Set(unknown.flatMap(({ path: path2, meant: meant2 }) => meant2 === null ? [] : [printPath([...path2, meant2])]));
  const wrong = flat.filter(
    ({ path: path2, issue }) => issue.code !== "unrecognized_keys" && (document.has(path2) || !meant.has(printPath(path2)))
  );
  const all2 = [
    ...wrong.map(({ path: path2, issue }) => {
      const [message = "", suggestion = null] = issue.message.split("\n");
      return problem(document, path2, placeOf(issue), message, suggestion);
    }),
    ...unknown.map(
      ({ path: path2, key, suggestion }) => problem(document, [...path2, key], "key", "is not a known key", suggestion)
    )
  ];
  return [...new Map(all2.map((one) => [JSON.stringify(one), one])).values()];
}
__name(problemsOf, "problemsOf");
function problem(document, path2, place2, message, suggestion) {
  return { path: printPath(path2), ...document.positionOf(path2, place2), message, suggestion };
}
__name(problem, "problem");
function placeOf(issue) {
  return issue.code === "custom" && issue.params?.["at"] === "key" ? "key" : "value";
}
__name(placeOf, "placeOf");
function branchMeant(issue, before = []) {
  const path2 = [...before, ...issue.path];
  if (issue.code === "invalid_union") {
    const inside = issue.errors.filter(
      (branch2) => branch2.every((one) => one.path.length > 0 || one.code === "unrecognized_keys")
    );
    const [branch] = inside;
    if (branch !== void 0 && inside.length === 1) return branch.flatMap((one) => branchMeant(one, path2));
  }
  return [{ path: path2, issue }];
}
__name(branchMeant, "branchMeant");

// core/config/settings-file.ts
var SETTINGS_FILE = "tollgate.yaml";

// core/source/take.ts
import { mkdtempSync, readFileSync as readFileSync2, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as join2 } from "node:path";

// core/source/default-source.ts
import { dag } from "../sdk/index.ts";
var OWN = ["core/module/index.ts", "dagger.json", "src/release-summary.ts"];
function isTollgate(files) {
  return OWN.every((file) => files.includes(file));
}
__name(isTollgate, "isTollgate");
async function requireOwnSource(files) {
  if (!isTollgate(files)) return;
  const called = await filesOfCaller();
  if (called === null || isTollgate(called)) return;
  throw new TollgateError(
    "source-default",
    "The source is Tollgate's own repository, and this call was made from another folder. Without --source, Dagger loads the repository that the module is from.",
    "Nothing was run. Pass your repository: dagger -m \u2026 call --source=. \u2026; to run Tollgate's own gates, call it in its own clone."
  );
}
__name(requireOwnSource, "requireOwnSource");
async function filesOfCaller() {
  try {
    return await workspace().glob("**/*");
  } catch {
    return null;
  }
}
__name(filesOfCaller, "filesOfCaller");
function workspace() {
  return dag.currentWorkspace().directory("/", { include: OWN });
}
__name(workspace, "workspace");

// core/source/divide.ts
var isGits = /* @__PURE__ */ __name((path2) => /(^|\/)\.git(\/|$)/.test(path2), "isGits");
function divide({ all: all2, unignored }, tracked) {
  const names = new Set(tracked.map(({ path: path2 }) => comparable(path2)));
  const submodules = tracked.filter(({ kind }) => kind === "submodule").map(({ path: path2 }) => `${path2}/`);
  const seen = new Set(unignored);
  const files = all2.filter((path2) => !path2.endsWith("/") && !isGits(path2));
  const isTracked = /* @__PURE__ */ __name((path2) => names.has(comparable(path2)) || submodules.some((folder2) => path2.startsWith(folder2)), "isTracked");
  const kept = files.filter((path2) => seen.has(path2) || names.has(comparable(path2)));
  const keptFiles = new Set(kept);
  const folders = new Set([...kept, ...submodules].flatMap(foldersAbove));
  const there = new Set(all2.map(comparable));
  return {
    outside: withoutNested(all2.filter((path2) => path2.endsWith("/") ? !folders.has(path2) : !keptFiles.has(path2))),
    leftOut: files.filter((path2) => !seen.has(path2) && !names.has(comparable(path2))),
    deleted: tracked.filter(
      ({ path: path2, kind, skipped }) => kind !== "submodule" && kind !== "sparse-folder" && !skipped && !there.has(comparable(path2))
    ).map(({ path: path2 }) => path2),
    untracked: kept.filter((path2) => !isTracked(path2))
  };
}
__name(divide, "divide");
function comparable(path2) {
  return path2.normalize("NFC");
}
__name(comparable, "comparable");
function foldersAbove(path2) {
  return [...path2.matchAll(/\//g)].map(({ index }) => path2.slice(0, index + 1));
}
__name(foldersAbove, "foldersAbove");
function withoutNested(paths2) {
  const whole = new Set(paths2.filter((path2) => path2.endsWith("/")));
  return paths2.filter((path2) => !foldersAbove(path2).some((folder2) => folder2 !== path2 && whole.has(folder2)));
}
__name(withoutNested, "withoutNested");

// core/source/index-file.ts
import { createHash } from "node:crypto";

// core/source/tracked.ts
function kindOf(mode) {
  switch (mode & 61440) {
    case 40960:
      return "symlink";
    case 57344:
      return "submodule";
    case 16384:
      return "sparse-folder";
    default:
      return "file";
  }
}
__name(kindOf, "kindOf");

// core/source/index-file.ts
var HEADER = 12;
var FIXED = 40;
var SKIP_WORKTREE = 16384;
var EXTENDED = 16384;
var WRITE_AGAIN = "Write it again: git update-index --index-version 4 --force-write-index. Then run again.";
function readIndex(bytes) {
  if (bytes.length < HEADER || bytes.toString("latin1", 0, 4) !== "DIRC")
    return { kind: "unreadable", why: "it is not an index of Git", next: WRITE_AGAIN };
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4)
    return { kind: "unreadable", why: `its version is ${version}; versions 2 to 4 can be read`, next: WRITE_AGAIN };
  const length = idLength(bytes);
  if (length === null) return { kind: "unreadable", why: "its checksum is wrong", next: WRITE_AGAIN };
  try {
    const { tracked, extensions } = entriesOf(bytes, version, length);
    if (extensions.includes("link"))
      return {
        kind: "unreadable",
        why: "it is a split index",
        next: "Join it: git update-index --no-split-index. Then run again."
      };
    return { kind: "read", tracked };
  } catch (error) {
    if (error instanceof RangeError) return { kind: "unreadable", why: "it is cut short", next: WRITE_AGAIN };
    throw error;
  }
}
__name(readIndex, "readIndex");
function idLength(bytes) {
  const endsWith = /* @__PURE__ */ __name((hash, length) => createHash(hash).update(bytes.subarray(0, -length)).digest().equals(bytes.subarray(-length)), "endsWith");
  if (endsWith("sha256", 32)) return 32;
  return endsWith("sha1", 20) || bytes.subarray(-20).every((byte) => byte === 0) ? 20 : null;
}
__name(idLength, "idLength");
function entriesOf(bytes, version, length) {
  const byPath = /* @__PURE__ */ new Map();
  let at = HEADER;
  let previous = Buffer.alloc(0);
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const start = at;
    const mode = bytes.readUInt32BE(start + 24);
    const size2 = bytes.readUInt32BE(start + 36);
    const id = bytes.toString("hex", start + FIXED, start + FIXED + length);
    at = start + FIXED + length;
    const extended = (bytes.readUInt16BE(at) & EXTENDED) !== 0;
    const skipped = extended && (bytes.readUInt16BE(at + 2) & SKIP_WORKTREE) !== 0;
    at += extended ? 4 : 2;
    if (version === 4) {
      const [strip, next] = readVarint(bytes, at);
      const end = endOf(bytes, next);
      previous = Buffer.concat([previous.subarray(0, previous.length - strip), bytes.subarray(next, end)]);
      at = end + 1;
    } else {
      const end = endOf(bytes, at);
      previous = bytes.subarray(at, end);
      at = start + Math.ceil((end - start + 1) / 8) * 8;
    }
    const path2 = previous.toString("utf8").replace(/\/$/, "");
    byPath.set(path2, { path: path2, kind: kindOf(mode), skipped, id, size: size2, modified: timeAt(bytes, start + 8) });
  }
  return { tracked: [...byPath.values()], extensions: extensionsOf(bytes, at, length) };
}
__name(entriesOf, "entriesOf");
function timeAt(bytes, at) {
  return BigInt(bytes.readUInt32BE(at)) * 1000000000n + BigInt(bytes.readUInt32BE(at + 4));
}
__name(timeAt, "timeAt");
function endOf(bytes, from) {
  const end = bytes.indexOf(0, from);
  if (end === -1) throw new RangeError("a path has no end");
  return end;
}
__name(endOf, "endOf");
function readVarint(bytes, from) {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    byte = bytes.readUInt8(at++);
    value = value + 1 << 7 | byte & 127;
  }
  return [value, at];
}
__name(readVarint, "readVarint");
function extensionsOf(bytes, from, checksum) {
  const names = [];
  for (let at = from; at + 8 <= bytes.length - checksum; at += 8 + bytes.readUInt32BE(at + 4))
    names.push(bytes.toString("latin1", at, at + 4));
  return names;
}
__name(extensionsOf, "extensionsOf");

// core/source/look.ts
import { createHash as createHash2 } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join, posix } from "node:path";
var POINTER = { least: 100, most: 1024 };
function pointersIn(folder2, tracked) {
  if (!hasFilter(folder2, tracked, /filter=lfs\b/)) return [];
  return tracked.filter(({ path: path2, kind }) => {
    const stat = kind === "file" ? statOf(join(folder2, path2)) : void 0;
    return stat?.isFile() === true && stat.size >= POINTER.least && stat.size < POINTER.most && isPointer(readFileSync(join(folder2, path2), "latin1"));
  }).map(({ path: path2 }) => path2);
}
__name(pointersIn, "pointersIn");
function isPointer(text2) {
  return /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(ext-[^\n]*\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n$/.test(
    text2
  );
}
__name(isPointer, "isPointer");
function hasFilter(folder2, tracked, filter) {
  return tracked.some(
    ({ path: path2, kind }) => kind === "file" && basename(path2) === ".gitattributes" && statOf(join(folder2, path2))?.isFile() === true && filter.test(readFileSync(join(folder2, path2), "utf8"))
  );
}
__name(hasFilter, "hasFilter");
function linksOutOf(folder2, paths2) {
  return paths2.flatMap((path2) => {
    if (statOf(join(folder2, path2))?.isSymbolicLink() !== true) return [];
    const target2 = readlinkSync(join(folder2, path2));
    return leadsOut(path2, target2) ? [{ path: path2, target: target2 }] : [];
  });
}
__name(linksOutOf, "linksOutOf");
function leadsOut(path2, target2) {
  if (posix.isAbsolute(target2)) return true;
  const end = posix.join(posix.dirname(path2), target2);
  return end === ".." || end.startsWith("../");
}
__name(leadsOut, "leadsOut");
function modifiedIn(folder2, tracked) {
  const filtered = hasFilter(folder2, tracked, /filter=(?!lfs\b)/);
  return tracked.filter((one) => isModified(folder2, one, filtered)).map(({ path: path2 }) => path2);
}
__name(modifiedIn, "modifiedIn");
function isModified(folder2, { path: path2, kind, id, size: size2, modified }, filtered) {
  const file = join(folder2, path2);
  const stat = statOf(file);
  if (stat === void 0) return false;
  if (kind === "symlink") return !stat.isSymbolicLink() || objectId(Buffer.from(readlinkSync(file)), id.length) !== id;
  if (kind !== "file" || !stat.isFile()) return kind === "file";
  const sameSize = stat.size === size2;
  if (sameSize && (filtered || stat.mtimeNs === modified)) return false;
  const content = readFileSync(file);
  return ![content, withUnixLineEnds(content), pointerTo(content)].some((one) => objectId(one, id.length) === id);
}
__name(isModified, "isModified");
function objectId(content, length) {
  return createHash2(length === 64 ? "sha256" : "sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
__name(objectId, "objectId");
function withUnixLineEnds(content) {
  return Buffer.from(content.toString("latin1").replace(/\r\n/g, "\n"), "latin1");
}
__name(withUnixLineEnds, "withUnixLineEnds");
function pointerTo(content) {
  const hash = createHash2("sha256").update(content).digest("hex");
  return Buffer.from(`version https://git-lfs.github.com/spec/v1
oid sha256:${hash}
size ${content.length}
`);
}
__name(pointerTo, "pointerTo");
function statOf(file) {
  const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (stat === void 0) return void 0;
  return {
    isFile: /* @__PURE__ */ __name(() => stat.isFile(), "isFile"),
    isSymbolicLink: /* @__PURE__ */ __name(() => stat.isSymbolicLink(), "isSymbolicLink"),
    size: Number(stat.size),
    mtimeNs: stat.mtimeNs
  };
}
__name(statOf, "statOf");

// core/source/not-source.ts
var LEFTOVERS = ["**/__pycache__", "**/.pytest_cache", "tollgate-report"];
var INSTALLED = ["**/node_modules", "**/.venv"];
var IGNORED = [".git/*", "!.git/index", "!.git/info/exclude", "*/**/.git", ...INSTALLED, ...LEFTOVERS];
function isLeftover(path2) {
  return /(^|\/)(__pycache__|\.pytest_cache)\/|^tollgate-report\//.test(path2);
}
__name(isLeftover, "isLeftover");
function installedFolder(path2) {
  return /^(?:.*?\/)?(?:node_modules|\.venv)(?=\/)/.exec(path2)?.[0] ?? null;
}
__name(installedFolder, "installedFolder");

// core/source/pattern.ts
function literalPattern(path2) {
  return path2.replace(/\/$/, "").replace(/[\\*?[\]^!]/g, "\\$&").replace(/\ufffd+/g, "*").replace(/^\s|\s$/g, "[$&]");
}
__name(literalPattern, "literalPattern");

// core/source/remarks.ts
var nothing = {
  modified: [],
  deleted: [],
  untracked: [],
  absent: [],
  sparse: [],
  pointers: [],
  links: [],
  inSubmodules: [],
  unknown: []
};
var SHOWN = 5;
function sayRemarks(remarks, source = "source") {
  for (const line of remarkLines(remarks)) process.stderr.write(`${terminalText(`${source}: ${line}`)}
`);
}
__name(sayRemarks, "sayRemarks");
function remarkLines(remarks) {
  return [
    differences(remarks),
    said(
      remarks.absent,
      (names) => `submodules that are not checked out: ${names}. Run: git submodule update --init --recursive`
    ),
    said(
      remarks.sparse,
      (names) => `tracked files outside of the sparse checkout: ${names}. Run: git sparse-checkout disable`
    ),
    said(remarks.pointers, (names) => `Git LFS pointers instead of files: ${names}. Run: git lfs pull`),
    said(
      remarks.links.map(({ path: path2, target: target2 }) => `${quoted2(path2)} -> ${quoted2(target2)}`),
      (names) => `symlinks that lead out of the source, so that a clone has no file there: ${names}. Commit the files instead`
    ),
    said(
      remarks.inSubmodules,
      (names) => `files in submodules that .gitignore names are left out, also where Git tracks them: ${names}. The command line of \`tollgate\` asks the submodule's Git`
    ),
    said(
      remarks.unknown,
      (names) => `no Git repository, so what .gitignore names is left out: ${names}. For what Git tracks, pass the top of a clone as --source`
    )
  ].filter((line) => line !== null);
}
__name(remarkLines, "remarkLines");
function differences({ modified, deleted, untracked }) {
  const kinds2 = [count2(modified, "modified"), count2(deleted, "deleted"), count2(untracked, "untracked")].filter(
    (kind) => kind !== null
  );
  if (kinds2.length === 0) return null;
  return `differs from a clean clone: ${kinds2.join("; ")}. git status lists ${modified.length + deleted.length + untracked.length === 1 ? "it" : "all"}`;
}
__name(differences, "differences");
function count2(paths2, kind) {
  return paths2.length === 0 ? null : `${paths2.length} ${kind} (${some2(paths2)})`;
}
__name(count2, "count");
function said(names, line) {
  return names.length === 0 ? null : line(some2(names));
}
__name(said, "said");
function some2(paths2) {
  const shown = paths2.slice(0, SHOWN).map(quoted2);
  return paths2.length > SHOWN ? `${shown.join(", ")} and ${paths2.length - SHOWN} more` : shown.join(", ");
}
__name(some2, "some");
function quoted2(path2) {
  return /[\u0000-\u001f\u007f]|^\s|\s$/.test(path2) ? JSON.stringify(path2) : path2;
}
__name(quoted2, "quoted");

// core/source/take.ts
var INDEX = ".git/index";
var EXCLUDE = ".git/info/exclude";
var COMPARED = { files: 2e4, bytes: 2e8 };
var known = /* @__PURE__ */ new WeakMap();
function takeSource(folder2) {
  const before = known.get(folder2);
  if (before !== void 0) return before;
  const taking = take(folder2);
  known.set(folder2, taking);
  return taking;
}
__name(takeSource, "takeSource");
async function take(folder2) {
  const everything = /* @__PURE__ */ __name(() => folder2, "everything");
  const all2 = await folder2.glob("**/*");
  await requireOwnSource(all2);
  const ignoring = (await withExclude(folder2, all2)).filter({ gitignore: true, exclude: ["**/.git"] });
  const [unignored, tracked] = await Promise.all([
    ignoring.glob("**/*"),
    all2.includes(INDEX) ? readTracked(folder2) : []
  ]);
  const division = divide({ all: all2, unignored }, tracked);
  if (!all2.some((path2) => path2 === INDEX || path2 === ".git/")) {
    if (all2.includes(".git")) requireNoneLeftOut(division.leftOut);
    sayRemarks({ ...nothing, unknown: division.leftOut });
    return { root: ignoring, everything };
  }
  requireUploaded(tracked, all2);
  const root = folder2.filter({ exclude: division.outside.map(literalPattern) });
  const there = new Set(all2);
  const submodules = tracked.filter(({ kind }) => kind === "submodule").map(({ path: path2 }) => `${path2}/`);
  sayRemarks({
    ...nothing,
    ...await compared(
      root,
      tracked.filter(({ path: path2 }) => there.has(path2))
    ),
    deleted: division.deleted.filter((path2) => !isLeftover(path2)),
    untracked: division.untracked,
    absent: submodules.filter((below) => !all2.some((path2) => path2.startsWith(below) && path2 !== below)).map((below) => below.slice(0, -1)),
    inSubmodules: division.leftOut.filter((path2) => submodules.some((below) => path2.startsWith(below))),
    sparse: tracked.filter(({ kind, skipped, path: path2 }) => kind === "sparse-folder" || skipped && !there.has(path2)).map(({ path: path2 }) => path2)
  });
  return { root, everything };
}
__name(take, "take");
async function withExclude(folder2, all2) {
  if (!all2.includes(EXCLUDE)) return folder2;
  const patterns2 = await folder2.file(EXCLUDE).contents();
  if (!/^\s*[^#\s]/m.test(patterns2)) return folder2;
  const own2 = all2.includes(".gitignore") ? await folder2.file(".gitignore").contents() : "";
  return folder2.withNewFile(".gitignore", `${patterns2}
${own2}`);
}
__name(withExclude, "withExclude");
async function readTracked(folder2) {
  const reading = await withCopy(
    (place2) => folder2.file(INDEX).export(place2),
    (place2) => readIndex(readFileSync2(place2))
  );
  if (reading.kind === "read") return reading.tracked;
  throw new TollgateError("source-index", `Could not read ${INDEX}: ${reading.why}.`, reading.next);
}
__name(readTracked, "readTracked");
function requireNoneLeftOut(leftOut) {
  if (leftOut.length === 0) return;
  throw new TollgateError(
    "source-index",
    `The source is a linked Git worktree or a submodule, and its index is in another folder. So it is not known whether Git tracks these files, which .gitignore names: ${some2(leftOut)}.`,
    "Nothing was run. Run the same command of `tollgate`, which asks Git; or pass a clone as --source: git clone . ../clone"
  );
}
__name(requireNoneLeftOut, "requireNoneLeftOut");
function requireUploaded(tracked, all2) {
  const there = new Set(all2);
  const missing = tracked.filter(({ path: path2, skipped }) => !skipped && !there.has(path2) && installedFolder(path2) !== null);
  const folders = [...new Set(missing.flatMap(({ path: path2 }) => installedFolder(path2) ?? []))];
  if (folders.length === 0) return;
  throw new TollgateError(
    "source-not-uploaded",
    `Git tracks files in ${some2(folders)}, which are not uploaded by \`dagger call\`: ${some2(missing.map(({ path: path2 }) => path2))}.`,
    `Nothing was run. Run the same command of \`tollgate\`, which uploads them; or stop tracking them: git rm -r --cached ${folders.join(" ")}`
  );
}
__name(requireUploaded, "requireUploaded");
async function compared(root, tracked) {
  const links = tracked.filter(({ kind }) => kind === "symlink").map(({ path: path2 }) => path2);
  const bytes = tracked.reduce((sum, { size: size2 }) => sum + (size2 ?? 0), 0);
  if (tracked.length <= COMPARED.files && bytes <= COMPARED.bytes)
    return await withCopy(
      (place2) => root.export(place2),
      (place2) => ({
        modified: modifiedIn(place2, tracked),
        pointers: pointersIn(place2, tracked),
        links: linksOutOf(place2, links)
      })
    );
  const small = links.length === 0 ? [] : await withCopy(
    (place2) => root.filter({ include: links.map(literalPattern) }).export(place2),
    (place2) => linksOutOf(place2, links)
  );
  return { modified: [], pointers: [], links: small };
}
__name(compared, "compared");
async function withCopy(copy, read) {
  const folder2 = mkdtempSync(join2(tmpdir(), "tollgate-source-"));
  try {
    const place2 = join2(folder2, "copy");
    await copy(place2);
    return read(place2);
  } finally {
    rmSync(folder2, { recursive: true, force: true });
  }
}
__name(withCopy, "withCopy");

// core/source.ts
async function readSettings(source) {
  if (!await source.exists(SETTINGS_FILE, { expectedType: ExistsType.RegularType }))
    throw new TollgateError(
      "settings-missing",
      `No ${SETTINGS_FILE} at the top of the source.`,
      "Add one (docs/getting-started.md has a minimal example), or pass the folder that contains it as --source."
    );
  return parseSettings(await source.file(SETTINGS_FILE).contents(), SETTINGS_FILE);
}
__name(readSettings, "readSettings");
var repositories = /* @__PURE__ */ new WeakMap();
async function appFolder(source, settings2) {
  const { path: path2 } = settings2.app;
  const { root } = await takeSource(source);
  if (path2 !== "." && !await root.exists(path2, { expectedType: ExistsType.DirectoryType }))
    throw new TollgateError(
      "app-missing",
      `The source has no folder ${path2} (app.path).`,
      `Set app.path in ${SETTINGS_FILE} to the service's folder, relative to the source.`
    );
  const app2 = root.directory(path2);
  repositories.set(app2, { root, path: path2 });
  return app2;
}
__name(appFolder, "appFolder");
function repositoryOf(app2) {
  return repositories.get(app2) ?? { root: app2, path: "." };
}
__name(repositoryOf, "repositoryOf");

export {
  USUAL_FILE,
  WEEKDAYS,
  parsePlace,
  leastRequests,
  percentileOf,
  plannedRequests,
  mostRequests,
  perSecond,
  plannedSeconds,
  filledCommand,
  SEVERITIES,
  SETTINGS_FILE,
  takeSource,
  readSettings,
  appFolder,
  repositoryOf
};
