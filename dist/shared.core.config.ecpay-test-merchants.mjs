import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/config/ecpay-test-merchants.ts
var TEST_MERCHANTS = [
  { merchantId: "3002607", hashKey: "pwFHCqoQZGmho4w6", hashIv: "EkRm7iFT261dpevs" },
  { merchantId: "3002599", hashKey: "spPjZn66i0OhqJsQ", hashIv: "hT5OJckN45isQTTs" },
  { merchantId: "3003008", hashKey: "FCnGLNS7P3xQ2q3E", hashIv: "awL5GRWRhyaybq13" },
  { merchantId: "2000132", hashKey: "5294y06JbISpM5x9", hashIv: "v77hoKGq4kWxNNIS" },
  { merchantId: "2000214", hashKey: "5294y06JbISpM5x9", hashIv: "v77hoKGq4kWxNNIS" },
  { merchantId: "2000933", hashKey: "XBERn1YOvpM9nfZc", hashIv: "h1ONHk4P4yqbl5LK" },
  { merchantId: "2000132", hashKey: "ejCk326UnaZWKisg", hashIv: "q9jcZX8Ib9LM8wYk" },
  { merchantId: "3085340", hashKey: "HwiqPsywG1hLQNuN", hashIv: "YqITWD4TyKacYXpn" },
  { merchantId: "3085672", hashKey: "b15bd8514fed472c", hashIv: "9c8458263def47cd" },
  { merchantId: "3085676", hashKey: "7b53896b742849d3", hashIv: "37a0ad3c6ffa428b" },
  { merchantId: "3362787", hashKey: "c539115ea7674f20", hashIv: "86f625e60cb1473a" },
  { merchantId: "3361934", hashKey: "1069c84afab54f16", hashIv: "795c968d90c14971" }
];
var KEYS = TEST_MERCHANTS.flatMap(({ hashKey, hashIv }) => [hashKey, hashIv]);
var TEST_MERCHANT_IDS = [...new Set(TEST_MERCHANTS.map(({ merchantId }) => merchantId))];
function isTestMerchant(merchantId) {
  return TEST_MERCHANT_IDS.includes(merchantId);
}
__name(isTestMerchant, "isTestMerchant");
function isPublishedKey(key) {
  return KEYS.includes(key);
}
__name(isPublishedKey, "isPublishedKey");
function holdsPublishedKey(value) {
  const texts = [value, ...decodings(value)];
  return KEYS.some((key) => texts.some((text) => text.includes(key)));
}
__name(holdsPublishedKey, "holdsPublishedKey");
function holdsTestMerchant(value) {
  const texts = [value, ...decodings(value)];
  return texts.some((text) => (text.match(/\d+/g) ?? []).some(isTestMerchant));
}
__name(holdsTestMerchant, "holdsTestMerchant");
function decodings(value) {
  const trimmed = value.trim();
  return [
    .../^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(trimmed) ? [Buffer.from(trimmed, "base64").toString("latin1")] : [],
    .../^([0-9a-f]{2}){7,}$/i.test(trimmed) ? [Buffer.from(trimmed, "hex").toString("latin1")] : [],
    .../%[0-9a-f]{2}/i.test(trimmed) ? [trimmed.replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))] : []
  ];
}
__name(decodings, "decodings");

export {
  TEST_MERCHANTS,
  TEST_MERCHANT_IDS,
  isTestMerchant,
  isPublishedKey,
  holdsPublishedKey,
  holdsTestMerchant
};
