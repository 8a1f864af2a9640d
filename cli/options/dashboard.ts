import { z } from "zod"
import { ledger, source } from "./common.js"
import { flag, list, secret, text, textOr, wholeNumber } from "./option.js"

export const dashboardOptions = z.object({
  source,
  env: text("without --ledger: the environment whose own ledger is read, sandbox", { alias: "environment" }),
  ledger,
  host: textOr("127.0.0.1", "address of this machine to listen on; another than the loopback needs --url"),
  port: wholeNumber(8070, "port to listen on; 0: any free port", { min: 0, max: 65_535 }),
  url: text("where people open it, when a proxy terminates TLS in front of it", {
    form: "https://dash.example",
    usual: "host and port",
  }),
  oidcIssuer: text("issuer of the OIDC provider that people sign in with", {
    form: "https://login.example",
    usual: "none: sign-in by a printed link",
  }),
  oidcClientId: text("id of the client that is registered there, with the redirect URI <url>/sign-in/callback"),
  oidcClientSecret: secret("secret of that client"),
  oidcAllow: list("who may read; repeat it for several", {
    form: "mei@shop.example, @shop.example or groups=payments",
    usual: "nobody",
  }),
  oidcScope: list("scopes to request besides openid, email and profile", { form: "groups" }),
  link: flag("with OIDC: print a one-time link as well"),
  zone: textOr("", "time zone shown beside UTC", { form: "Asia/Taipei", usual: "this machine's" }),
})
