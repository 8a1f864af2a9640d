import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isOfficial,
  isProduction
} from "./shared.core.config.ecpay-endpoint.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  TEST_MERCHANTS,
  isPublishedKey,
  isTestMerchant
} from "./shared.core.config.ecpay-test-merchants.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  redact
} from "./shared.core.secrets.plain-form.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  duration
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/ecpay/check.ts
import { randomBytes } from "node:crypto";

// core/ecpay/mac.ts
import { createHash, timingSafeEqual } from "node:crypto";
var MAC_FIELD = "CheckMacValue";
function dotnetUrlEncode(text) {
  return encodeURIComponent(text).replaceAll("%20", "+").replaceAll("~", "%7e").replaceAll("'", "%27").toLowerCase();
}
__name(dotnetUrlEncode, "dotnetUrlEncode");
function checkMacValue(fields, { hashKey, hashIv }) {
  const signed = fields.filter(([name]) => name !== MAC_FIELD).map(([name, value]) => ({ rank: name.toLowerCase(), written: `${name}=${value}` })).sort((one, other) => one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0).map(({ written }) => written);
  const whole = [`HashKey=${hashKey}`, ...signed, `HashIV=${hashIv}`].join("&");
  return createHash("sha256").update(dotnetUrlEncode(whole)).digest("hex").toUpperCase();
}
__name(checkMacValue, "checkMacValue");
function isAuthentic(fields, keys) {
  const given = Buffer.from(fields.find(([name]) => name === MAC_FIELD)?.[1] ?? "");
  const right = Buffer.from(checkMacValue(fields, keys));
  return given.length === right.length && timingSafeEqual(given, right);
}
__name(isAuthentic, "isAuthentic");

// core/ecpay/published.ts
var [paymentTests, , , olderTests] = TEST_MERCHANTS;
var publishedExamples = [
  {
    source: "developers.ecpay.com.tw/2902: an order",
    fields: fieldsOf(
      "TradeDesc=\u4FC3\u92B7\u65B9\u6848&PaymentType=aio&MerchantTradeDate=2023/03/12 15:30:23&MerchantTradeNo=ecpay20230312153023&MerchantID=3002607&ReturnURL=https://www.ecpay.com.tw/receive.php&ItemName=Apple iphone 15&TotalAmount=30000&ChoosePayment=ALL&EncryptType=1"
    ),
    keys: paymentTests,
    mac: "6C51C9E6888DE861FD62FB1DD17029FC742634498FD813DC43D4243B5685B840"
  },
  {
    source: "developers.ecpay.com.tw/2878: a payment's notification",
    fields: fieldsOf(
      "CustomField1=&CustomField2=&CustomField3=&CustomField4=&MerchantID=3002607&MerchantTradeNo=D9RMXNrihUYM&PaymentDate=2024/12/31 12:26:09&PaymentType=Credit_CreditCard&PaymentTypeChargeFee=10&RtnCode=1&RtnMsg=\u4EA4\u6613\u6210\u529F&SimulatePaid=0&StoreID=&TradeAmt=402&TradeDate=2024/12/31 12:25:43&TradeNo=2412311225437371"
    ),
    keys: paymentTests,
    mac: "85D927637935683EA756CDEF76498FEB9F5D098A7A1AC4F0CB3B3609A9D4116A"
  },
  {
    source: "developers.ecpay.com.tw/2881: a code to pay by",
    fields: fieldsOf(
      "Barcode1=&Barcode2=&Barcode3=&ExpireDate=2017/12/28 00:39:03&MerchantID=2000132&MerchantTradeNo=Test1513787899&PaymentNo=LLL17355880822&PaymentType=CVS_CVS&RtnCode=10100073&RtnMsg=Get CVS Code Succeeded.&TradeAmt=2000&TradeDate=2017/12/21 00:39:03&TradeNo=17122100383415923452&StoreID=&CustomField1=&CustomField2=&CustomField3=&CustomField4="
    ),
    keys: olderTests,
    mac: "C25373CE6379BB6116FAE8398F4A8E60B71B289D955F6B8A9D9F53FDCC97F571"
  },
  {
    source: "github.com/ECPay/ECPay-API-Skill, test-vectors/checkmacvalue.json: an apostrophe",
    fields: fieldsOf("MerchantID=3002607&ItemName=Tom's Shop&TotalAmount=100"),
    keys: paymentTests,
    mac: "CF0A3D4901D99459D8641516EC57210700E8A5C9AB26B1D021301E9CB93EF78D"
  },
  {
    source: "github.com/ECPay/ECPay-API-Skill, test-vectors/checkmacvalue.json: a tilde",
    fields: fieldsOf("MerchantID=3002607&ItemName=Test~Product&TotalAmount=200"),
    keys: paymentTests,
    mac: "CEEAE01D2F9A8E74D4AC0DCE7735B046D73F35A5EC99558A31A2EE03159DA1C9"
  }
];
function verifyExamples(examples = publishedExamples) {
  const wrong = examples.filter(({ fields, keys, mac }) => checkMacValue(fields, keys) !== mac).map(({ source }) => source);
  return { right: examples.length - wrong.length, of: examples.length, wrong };
}
__name(verifyExamples, "verifyExamples");
function fieldsOf(written) {
  return written.split("&").flatMap((pair) => {
    const equals = pair.indexOf("=");
    return equals === -1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]];
  });
}
__name(fieldsOf, "fieldsOf");

// core/ecpay/answer.ts
var NO_SUCH_ORDER = "10200047";
var MAC_REFUSED = "10200073";
function judgeAnswer(outcome, query) {
  const { status, body } = outcome;
  const page = /^\s*</.test(body);
  if (/維護|maintenance/i.test(body) && (page || status >= 500))
    return problem("maintenance", "is under maintenance", "retry later; ECPay announces maintenance on its vendor site");
  if (status >= 300 && status < 400)
    return problem(
      "redirected",
      `answered with a redirect (HTTP ${status}); signed queries do not follow redirects`,
      `check the address ${query.endpoint} (environments.NAME.ecpay.endpoint)`
    );
  if (status === 403 || status === 429)
    return problem(
      "rate-limited",
      `rejected this machine's address (HTTP ${status})`,
      "ECPay does this after too many queries: wait 30 minutes (developers.ecpay.com.tw ?p=2890)"
    );
  if (status >= 500)
    return problem(
      "server-error",
      `answered HTTP ${status}`,
      "retry; if it persists, check HashKey and HashIV: ECPay has answered like this to a wrong key too"
    );
  if (status >= 400)
    return problem(
      "http-error",
      `answered HTTP ${status}`,
      `check the address ${query.endpoint} (environments.NAME.ecpay.endpoint)`
    );
  if (body.trim() === "")
    return problem("empty", "sent an empty answer", "retry; if it persists, contact ECPay's support");
  if (page && !saysMacRefused(body))
    return problem(
      "html",
      "answered with an HTML page instead of form data",
      "a proxy or an error page answers there: open the address in a browser"
    );
  return judgeFields(body, query);
}
__name(judgeAnswer, "judgeAnswer");
function judgeFields(body, { credentials, order }) {
  const { fields, authentic } = read(body, credentials);
  const valueNamed = /* @__PURE__ */ __name((name) => fields.find(([one]) => one === name)?.[1], "valueNamed");
  const [merchant, status] = [valueNamed("MerchantID"), valueNamed("TradeStatus") ?? valueNamed("RtnCode")];
  if (valueNamed(MAC_FIELD) === void 0) return judgeUnsigned(body, fields, status, credentials);
  if (merchant !== void 0 && merchant !== "" && merchant !== credentials.merchantId)
    return problem(
      "other-merchant",
      "answered for another merchant",
      "check for a proxy or cache between this machine and ECPay"
    );
  if (!authentic)
    return problem(
      "wrong-signature",
      "signed its answer with another key, or the answer was modified in transit",
      "compare HashKey and HashIV with ECPay's vendor site; if they are right, check for a proxy that modifies traffic"
    );
  if (valueNamed("MerchantTradeNo") !== order)
    return problem(
      "other-order",
      "answered about another order",
      "an old answer was replayed: check for a cache between this machine and ECPay"
    );
  if (status === MAC_REFUSED) return macRefused();
  if (status !== NO_SUCH_ORDER) return refused(status, fields, credentials);
  return null;
}
__name(judgeFields, "judgeFields");
function read(body, credentials) {
  const plain = fieldsOf(body.trim());
  if (isAuthentic(plain, credentials)) return { fields: plain, authentic: true };
  const unescaped = [...new URLSearchParams(body.trim())];
  return { fields: unescaped, authentic: isAuthentic(unescaped, credentials) };
}
__name(read, "read");
function judgeUnsigned(body, fields, status, credentials) {
  const said = fields.some(([, value]) => value !== "") ? fields.map(([, value]) => value).join(" ") : body;
  if (status === MAC_REFUSED || saysMacRefused(said)) return macRefused();
  if (/MerchantID|特店編號|廠商編號/i.test(said))
    return problem(
      "merchant-unknown",
      "does not know this merchant",
      "compare the merchant id with ECPay's vendor site: it may belong to the other environment, or not be active yet"
    );
  if (/Time\s?Stamp|驗證時間/i.test(said))
    return problem("clock", "rejected the query's timestamp: it allows 3 minutes", "set this machine's clock");
  if (status !== void 0 && !["0", "1", NO_SUCH_ORDER].includes(status)) return refused(status, fields, credentials);
  if (fields.length === 0 || /^\s*[[{]/.test(body) || !fields.some(([, value]) => value !== ""))
    return problem(
      "not-form-data",
      "did not answer with form data",
      "the server there is not ECPay's QueryTradeInfo: check environments.NAME.ecpay.endpoint"
    );
  return problem(
    "unsigned",
    "did not sign its answer: it could be from anyone",
    "do not continue; find out which server answers in ECPay's place"
  );
}
__name(judgeUnsigned, "judgeUnsigned");
function saysMacRefused(said) {
  return said.includes(MAC_REFUSED) || /CheckMacValue\b[^=]{0,40}(error|fail|verify|錯誤|失敗)/i.test(said);
}
__name(saysMacRefused, "saysMacRefused");
function macRefused() {
  return problem(
    "key-refused",
    "rejected CheckMacValue: HashKey or HashIV does not belong to this merchant",
    "copy both from ECPay's vendor site again; each merchant id and environment has its own"
  );
}
__name(macRefused, "macRefused");
function refused(status, fields, credentials) {
  const said = fields.find(([name]) => name === "RtnMsg" || name === "TradeStatusDesc")?.[1] ?? "";
  const message = redact(said, Object.values(credentials)).slice(0, 80);
  const code = status !== void 0 && /^\d{1,10}$/.test(status) ? status : "no code";
  return problem(
    "refused-query",
    `rejected the query: ${code}${message === "" ? "" : ` ${message}`}`,
    "look up the code on ECPay's vendor site"
  );
}
__name(refused, "refused");
function problem(code, what, next) {
  return { code, message: `ECPay ${what}`, next };
}
__name(problem, "problem");

// core/ecpay/credentials.ts
var CREDENTIAL_NAMES = {
  merchantId: "ECPAY_MERCHANT_ID",
  hashKey: "ECPAY_HASH_KEY",
  hashIv: "ECPAY_HASH_IV"
};
function judgeCredentials(values, environment, settings) {
  const valueNamed = /* @__PURE__ */ __name((name) => values.get(name) ?? "", "valueNamed");
  const credentials = {
    merchantId: valueNamed(CREDENTIAL_NAMES.merchantId),
    hashKey: valueNamed(CREDENTIAL_NAMES.hashKey),
    hashIv: valueNamed(CREDENTIAL_NAMES.hashIv)
  };
  const missing = Object.values(CREDENTIAL_NAMES).filter((name) => valueNamed(name).trim() === "");
  const problems = [];
  if (missing.length > 0)
    problems.push({
      code: "credentials-missing",
      message: `--secrets does not contain ${missing.join(", ")}`,
      next: "signing a query needs all three"
    });
  if (!missing.includes(CREDENTIAL_NAMES.merchantId))
    problems.push(...judgeMerchant(credentials.merchantId, environment, settings));
  for (const [name, key] of [
    [CREDENTIAL_NAMES.hashKey, credentials.hashKey],
    [CREDENTIAL_NAMES.hashIv, credentials.hashIv]
  ]) {
    if (!missing.includes(name)) problems.push(...judgeKey(name, key, settings.ecpay.endpoint));
  }
  if (missing.length === 0 && credentials.hashKey === credentials.hashIv)
    problems.push(
      malformed(
        `${CREDENTIAL_NAMES.hashKey} and ${CREDENTIAL_NAMES.hashIv} have the same value`,
        "they are two different keys: copy each from ECPay's vendor site again"
      )
    );
  return { credentials, problems };
}
__name(judgeCredentials, "judgeCredentials");
function judgeMerchant(merchantId, environment, settings) {
  const name = CREDENTIAL_NAMES.merchantId;
  if (!/^[0-9]{7,10}$/.test(merchantId))
    return [
      malformed(
        `${name} is not a number of 7 to 10 digits${blanks(merchantId)}`,
        "copy it from ECPay's vendor site again"
      )
    ];
  const { startsWith = [], notStartsWith = [] } = settings.variables.find((variable) => variable.name === name)?.rule ?? {};
  const { endpoint } = settings.ecpay;
  if (isProduction(endpoint) && (isTestMerchant(merchantId) || merchantId.startsWith("3002")))
    return [elsewhere(`${name} belongs to ECPay's test environment, and ${endpoint} is production`, environment)];
  const forbidden = notStartsWith.filter((beginning) => merchantId.startsWith(beginning));
  if (forbidden.length > 0) return [elsewhere(`${name} begins with ${forbidden.join(", ")}`, environment)];
  if (startsWith.length > 0 && !startsWith.some((beginning) => merchantId.startsWith(beginning)))
    return [elsewhere(`${name} does not begin with ${startsWith.join(" or ")}`, environment)];
  return [];
}
__name(judgeMerchant, "judgeMerchant");
function judgeKey(name, key, endpoint) {
  if (!/^[A-Za-z0-9]{16}$/.test(key)) {
    const what = key.length === 16 ? "contains characters other than letters and digits" : "does not have 16 characters";
    return [
      malformed(
        `${name} ${what}${blanks(key)}`,
        "ECPay's keys have 16 letters and digits: copy it from the vendor site again"
      )
    ];
  }
  if (isProduction(endpoint) && isPublishedKey(key))
    return [
      {
        code: "published-key",
        message: `${name} is published in ECPay's documentation`,
        next: "use your own merchant's key, from ECPay's vendor site"
      }
    ];
  return [];
}
__name(judgeKey, "judgeKey");
function malformed(message, next) {
  return { code: "credentials-malformed", message, next };
}
__name(malformed, "malformed");
function elsewhere(message, environment) {
  return {
    code: "other-environment",
    message: `${message}: these are not the credentials of ${environment}`,
    next: `pass the secrets of ${environment}, or correct environments.${environment} in tollgate.yaml`
  };
}
__name(elsewhere, "elsewhere");
function blanks(value) {
  return value === value.trim() ? "" : ": it begins or ends with whitespace";
}
__name(blanks, "blanks");

// core/ecpay/failure.ts
function judgeFailure({ code, detail }, endpoint) {
  const host = new URL(endpoint).host;
  const [message, next] = explain(code, detail, host);
  return { code, message, next };
}
__name(judgeFailure, "judgeFailure");
function explain(code, detail, host) {
  const look = "check environments.NAME.ecpay.endpoint, and any proxy, firewall or VPN in between";
  const named = detail === "" ? "" : ` (${detail})`;
  switch (code) {
    case "dns":
      return [`could not resolve ${host}${named}`, "check the spelling and this machine's DNS"];
    case "refused":
      return [`${host} refused the connection: nothing listens there${named}`, look];
    case "unreachable":
      return [`${host} is not reachable from this machine${named}`, look];
    case "connect-timeout":
      return [
        `connecting to ${host} timed out (${detail})`,
        "a firewall may drop it: allow this machine to connect to port 443 of ECPay"
      ];
    case "no-answer":
      return [
        `${host} accepted the connection but did not answer (${detail})`,
        "retry; environments.NAME.ecpay.timeout sets the time limit (ECPay advises 30 s)"
      ];
    case "stalled":
      return [
        `${host} did not finish its answer (${detail})`,
        "retry; if it persists, check for a proxy between this machine and ECPay"
      ];
    case "closed":
      return [
        `${host} closed the connection before its answer was complete${named}`,
        "retry; if it persists, check for a firewall or proxy between this machine and ECPay"
      ];
    case "tls-untrusted":
      return [
        `the certificate of ${host} is signed by an authority that this machine does not trust${named}`,
        "a proxy may intercept the connection: if it is your company's, add its certificate to this machine (NODE_EXTRA_CA_CERTS)"
      ];
    case "tls-expired":
      return [
        `the certificate of ${host} has expired or is not yet valid${named}`,
        "check this machine's clock; if it is right, ECPay or the proxy must renew the certificate"
      ];
    case "tls-wrong-host":
      return [
        `the server's certificate is not for ${host}${named}`,
        "another server answers: check the address and the DNS"
      ];
    case "tls-other":
      return [
        `the TLS handshake with ${host} failed${named}`,
        "ECPay supports TLS 1.2 and newer: check for a proxy that does not"
      ];
    case "too-large":
      return [
        `${host} sent too much data (${detail}); a few hundred bytes are expected`,
        "another server answers: check environments.NAME.ecpay.endpoint"
      ];
    case "failed":
      return [`the query to ${host} failed${named}`, look];
  }
}
__name(explain, "explain");

// core/ecpay/request.ts
import diagnostics from "node:diagnostics_channel";
var LARGEST = 64 * 1024;
async function postForm(url, fields, timeout) {
  const began = performance.now();
  const seconds = /* @__PURE__ */ __name(() => (performance.now() - began) / 1e3, "seconds");
  const connection = watchConnection(new URL(url));
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeout * 1e3);
  let phase = "answer";
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html", "user-agent": "tollgate" },
      body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString(),
      redirect: "manual",
      signal: clock.signal
    });
    phase = "body";
    const body = await readBody(response);
    if (body === null)
      return { kind: "failed", code: "too-large", detail: `more than ${LARGEST / 1024} KiB`, seconds: seconds() };
    return {
      kind: "answered",
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      body,
      seconds: seconds()
    };
  } catch (error) {
    const code = clock.signal.aborted ? phase === "body" ? "stalled" : connection.open ? "no-answer" : "connect-timeout" : failureOf(error);
    return { kind: "failed", code, detail: clock.signal.aborted ? `${timeout} s` : codeOf(error), seconds: seconds() };
  } finally {
    clearTimeout(timer);
    connection.stop();
    clock.abort();
  }
}
__name(postForm, "postForm");
async function readBody(response) {
  const chunks = [];
  let size = 0;
  if (response.body === null) return "";
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > LARGEST) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
__name(readBody, "readBody");
function watchConnection(url) {
  const state = { open: false, stop: /* @__PURE__ */ __name(() => diagnostics.unsubscribe("undici:client:sendHeaders", listen), "stop") };
  const listen = /* @__PURE__ */ __name((message) => {
    const origin = property(property(message, "request"), "origin");
    if (String(origin).replace(/\/$/, "") === url.origin) state.open = true;
  }, "listen");
  diagnostics.subscribe("undici:client:sendHeaders", listen);
  return state;
}
__name(watchConnection, "watchConnection");
function failureOf(error) {
  const code = codeOf(error);
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
    case "EAI_NONAME":
      return "dns";
    case "ECONNREFUSED":
      return "refused";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
    case "EACCES":
      return "unreachable";
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return "connect-timeout";
    case "UND_ERR_HEADERS_TIMEOUT":
      return "no-answer";
    case "UND_ERR_BODY_TIMEOUT":
      return "stalled";
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
    case "UND_ERR_CLOSED":
      return "closed";
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return "tls-expired";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "tls-wrong-host";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_UNTRUSTED":
      return "tls-untrusted";
    default:
      return /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|HPE_)/.test(code) ? code.startsWith("HPE_") ? "failed" : "tls-other" : "failed";
  }
}
__name(failureOf, "failureOf");
function codeOf(error) {
  const inner = property(error, "cause") ?? first(property(error, "errors"));
  const innermost = inner === void 0 ? "" : codeOf(inner);
  if (innermost !== "") return innermost;
  const code = property(error, "code");
  return typeof code === "string" ? code : "";
}
__name(codeOf, "codeOf");
function first(list) {
  return Array.isArray(list) ? list[0] : void 0;
}
__name(first, "first");
function property(of, name) {
  return typeof of === "object" && of !== null && name in of ? Reflect.get(of, name) : void 0;
}
__name(property, "property");

// core/ecpay/check.ts
var QUERY_PATH = "/Cashier/QueryTradeInfo/V5";
async function checkEcpay(settings, environment, secrets) {
  const { ecpay, ...rest } = environmentSettings(settings, environment);
  const { values } = readDotenv(secrets);
  const { credentials, problems } = judgeCredentials(values, environment, { ecpay, ...rest });
  const examples = verifyExamples();
  const before = [...problems, ...examples.wrong.length === 0 ? [] : [computationWrong(examples.wrong)]];
  const steps = [
    {
      step: "credentials",
      ...stateOf(problems),
      said: problems.length === 0 ? "right form, and of this environment" : codesOf(problems)
    },
    {
      step: "CheckMacValue",
      state: examples.wrong.length === 0 ? "passed" : "failed",
      said: `${examples.right} of ECPay's ${examples.of} published examples match`
    }
  ];
  const result = { tollgateVersion: version, environment, endpoint: ecpay.endpoint };
  if (before.length > 0) {
    steps.push(
      { step: "query", state: "skipped", said: "nothing was sent" },
      { step: "answer", state: "skipped", said: "" }
    );
    return { ...result, steps, verdict: { kind: "failed", problems: before } };
  }
  const query = { credentials, order: impossibleOrder(), endpoint: ecpay.endpoint };
  const outcome = await postForm(`${ecpay.endpoint}${QUERY_PATH}`, signedQuery(query), ecpay.timeout);
  const problem2 = judge(outcome, query);
  return {
    ...result,
    steps: [...steps, ...querySteps(outcome, problem2)],
    verdict: problem2 === null ? { kind: "passed" } : { kind: "failed", problems: [problem2] }
  };
}
__name(checkEcpay, "checkEcpay");
function judge(outcome, query) {
  return outcome.kind === "failed" ? judgeFailure(outcome, query.endpoint) : judgeAnswer(outcome, query);
}
__name(judge, "judge");
function impossibleOrder() {
  return `TG${BigInt(`0x${randomBytes(16).toString("hex")}`).toString(36).toUpperCase().padStart(18, "0").slice(-18)}`;
}
__name(impossibleOrder, "impossibleOrder");
function signedQuery({ credentials, order }) {
  const fields = [
    ["MerchantID", credentials.merchantId],
    ["MerchantTradeNo", order],
    // ECPay accepts a timestamp for 3 minutes
    ["TimeStamp", String(Math.floor(Date.now() / 1e3))]
  ];
  return [...fields, [MAC_FIELD, checkMacValue(fields, credentials)]];
}
__name(signedQuery, "signedQuery");
function querySteps(outcome, problem2) {
  const took = duration(outcome.seconds);
  if (outcome.kind === "failed")
    return [
      { step: "query", state: "failed", said: `${outcome.code}, after ${took}` },
      { step: "answer", state: "skipped", said: "" }
    ];
  return [
    { step: "query", state: "passed", said: `HTTP ${outcome.status} in ${took}` },
    {
      step: "answer",
      state: problem2 === null ? "passed" : "failed",
      said: problem2 === null ? "signed with this merchant's key: no such order, as expected" : problem2.code
    }
  ];
}
__name(querySteps, "querySteps");
function codesOf(problems) {
  return [...new Set(problems.map(({ code }) => code))].join(", ");
}
__name(codesOf, "codesOf");
function stateOf(problems) {
  return { state: problems.length === 0 ? "passed" : "failed" };
}
__name(stateOf, "stateOf");
function computationWrong(wrong) {
  return {
    code: "computation-wrong",
    message: `CheckMacValue does not match ECPay's published examples: ${wrong.join("; ")}`,
    next: `this is a bug in Tollgate, not in ${CREDENTIAL_NAMES.hashKey}: open an issue`
  };
}
__name(computationWrong, "computationWrong");

// core/ecpay/screen.ts
function ecpayScreen(result) {
  const titles = ["check", "verdict", "result"];
  const rows = result.steps.map(({ step, state, said }) => [step, state === "failed" ? "FAILED" : state, safe(said)]);
  return `${[
    line(`Tollgate ${result.tollgateVersion} \xB7 check-ecpay \xB7 ${result.environment} \xB7 ${result.endpoint}`),
    "",
    ...alignColumns([titles, ...rows], ["left", "left", "left"]).map((row) => fit(row, screenColumns)),
    ...why(result),
    "",
    fit(verdictLine(result), screenColumns)
  ].join("\n")}
`;
}
__name(ecpayScreen, "ecpayScreen");
function why({ verdict }) {
  if (verdict.kind === "passed") return [];
  return [
    "",
    "Why it failed",
    ...verdict.problems.flatMap(({ code, message, next }) => [`  ${code}`, ...wrapped(message), ...wrapped(next)])
  ];
}
__name(why, "why");
function wrapped(text) {
  return wrapWords(safe(text), screenColumns - 4, 2).map((part) => `    ${part}`);
}
__name(wrapped, "wrapped");
function verdictLine({ environment, endpoint, verdict }) {
  const who = isOfficial(endpoint) ? "ECPay" : `${new URL(endpoint).host} (not ECPay's own)`;
  if (verdict.kind === "passed")
    return safe(`PASSED: ${who} accepts the credentials of ${environment} and signs with them`);
  const codes = [...new Set(verdict.problems.map(({ code }) => code))].join(", ");
  return safe(`FAILED: ${count(verdict.problems.length, "problem")} with ECPay in ${environment}: ${codes}`);
}
__name(verdictLine, "verdictLine");

export {
  checkEcpay,
  ecpayScreen
};
