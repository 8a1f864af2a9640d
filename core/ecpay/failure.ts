import type { EcpayProblem, Outcome } from "./result.js"

type Failed = Extract<Outcome, { kind: "failed" }>

/** Why there is no answer, and what to do about it. */
export function judgeFailure({ code, detail }: Failed, endpoint: string): EcpayProblem {
  const host = new URL(endpoint).host
  const [message, next] = explain(code, detail, host)
  return { code, message, next }
}

function explain(code: Failed["code"], detail: string, host: string): [message: string, next: string] {
  const look = "look at environments.<name>.ecpay.endpoint, and at what is between here and there: proxy, firewall, VPN"
  const named = detail === "" ? "" : ` (${detail})`
  switch (code) {
    case "dns":
      return [`the name ${host} cannot be resolved${named}`, "is it spelled right, and does this machine have a name server?"]
    case "refused":
      return [`${host} refuses the connection: nothing listens there${named}`, look]
    case "unreachable":
      return [`there is no way to ${host} from here${named}`, look]
    case "connect-timeout":
      return [
        `${host} does not answer to a connection (${detail})`,
        "a firewall drops it: let this machine out to port 443 of ECPay",
      ]
    case "no-answer":
      return [
        `${host} takes the connection and does not answer (${detail})`,
        "try again; ecpay.timeout says how long is waited (ECPay advises 30 s)",
      ]
    case "stalled":
      return [
        `${host} begins an answer and does not end it (${detail})`,
        "try again; if it stays, look for a proxy between here and ECPay",
      ]
    case "closed":
      return [
        `${host} closed the connection without a whole answer${named}`,
        "try again; if it stays, look for a firewall or a proxy between here and ECPay",
      ]
    case "tls-untrusted":
      return [
        `the certificate of ${host} is signed by nobody that this machine trusts${named}`,
        "somebody reads along, or a company's proxy does: add its certificate to this machine (NODE_EXTRA_CA_CERTS)",
      ]
    case "tls-expired":
      return [
        `the certificate of ${host} has expired, or is not valid yet${named}`,
        "compare this machine's clock; if it is right, it is for ECPay or the proxy to renew",
      ]
    case "tls-wrong-host":
      return [
        `the certificate there is not for ${host}${named}`,
        "it is another server that answers: look at the address and at the name server",
      ]
    case "tls-other":
      return [
        `no TLS connection to ${host} can be made${named}`,
        "ECPay speaks TLS 1.2 and newer: look for what speaks otherwise in its place",
      ]
    case "too-large":
      return [
        `${host} answers without end (${detail}), where a few hundred bytes are due`,
        "it is another server that answers: look at the address",
      ]
    case "failed":
      return [`the query to ${host} failed${named}`, look]
  }
}
