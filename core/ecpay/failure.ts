import type { EcpayProblem, Outcome } from "./result.js"

type Failed = Extract<Outcome, { kind: "failed" }>

/** Why ECPay could not be reached, and what to do. */
export function judgeFailure({ code, detail }: Failed, endpoint: string): EcpayProblem {
  const host = new URL(endpoint).host
  const [message, next] = explain(code, detail, host)
  return { code, message, next }
}

function explain(code: Failed["code"], detail: string, host: string): [message: string, next: string] {
  const look = "check environments.NAME.ecpay.endpoint, and any proxy, firewall or VPN in between"
  const named = detail === "" ? "" : ` (${detail})`
  switch (code) {
    case "dns":
      return [`could not resolve ${host}${named}`, "check the spelling and this machine's DNS"]
    case "refused":
      return [`${host} refused the connection: nothing listens there${named}`, look]
    case "unreachable":
      return [`${host} is not reachable from this machine${named}`, look]
    case "connect-timeout":
      return [
        `connecting to ${host} timed out (${detail})`,
        "a firewall may drop it: allow this machine to connect to port 443 of ECPay",
      ]
    case "no-answer":
      return [
        `${host} accepted the connection but did not answer (${detail})`,
        "retry; environments.NAME.ecpay.timeout sets the time limit (ECPay advises 30 s)",
      ]
    case "stalled":
      return [
        `${host} did not finish its answer (${detail})`,
        "retry; if it persists, check for a proxy between this machine and ECPay",
      ]
    case "closed":
      return [
        `${host} closed the connection before its answer was complete${named}`,
        "retry; if it persists, check for a firewall or proxy between this machine and ECPay",
      ]
    case "tls-untrusted":
      return [
        `the certificate of ${host} is signed by an authority that this machine does not trust${named}`,
        "a proxy may intercept the connection: if it is your company's, add its certificate to this machine (NODE_EXTRA_CA_CERTS)",
      ]
    case "tls-expired":
      return [
        `the certificate of ${host} has expired or is not yet valid${named}`,
        "check this machine's clock; if it is right, ECPay or the proxy must renew the certificate",
      ]
    case "tls-wrong-host":
      return [
        `the server's certificate is not for ${host}${named}`,
        "another server answers: check the address and the DNS",
      ]
    case "tls-other":
      return [
        `the TLS handshake with ${host} failed${named}`,
        "ECPay supports TLS 1.2 and newer: check for a proxy that does not",
      ]
    case "too-large":
      return [
        `${host} sent too much data (${detail}); a few hundred bytes are expected`,
        "another server answers: check environments.NAME.ecpay.endpoint",
      ]
    case "failed":
      return [`the query to ${host} failed${named}`, look]
  }
}
