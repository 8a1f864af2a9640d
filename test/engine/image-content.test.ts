import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import type { Problem } from "../../core/image/problem.js"
import { imageScreen } from "../../core/image/screen.js"
import { useEngine } from "./session.js"
import { alone, imageKeys, prove, read } from "./shop.js"

useEngine()

const HEALTHY = 'HEALTHCHECK CMD ["/shop", "check"]\nCMD ["/shop"]\n'
const small = (...lines: string[]) => `FROM scratch\nCOPY shop /shop\n${lines.join("\n")}\n${HEALTHY}`
const codes = (problems: Problem[]) => problems.map(({ code }) => code)

describe.concurrent("an image that runs as root fails:", () => {
  test.each([
    ["by name", "USER root", "USER is root"],
    ["by number", "USER 0", "USER is 0"],
    ["by number with its group", "USER 0:0", "USER is 0:0"],
    ["without USER", "", "USER is not set"],
    [
      "by a name that is user 0 in its own /etc/passwd",
      "COPY passwd /etc/passwd\nUSER shop",
      "USER is shop, which is user 0 in the image's /etc/passwd",
    ],
  ])("%s", async (_, lines, said) => {
    const { problems } = await read({
      Dockerfile: small(lines),
      passwd: "root:x:0:0::/:/bin/sh\nshop:x:0:1000::/:/bin/sh\n",
    })
    expect(codes(problems)).toEqual(["runs-as-root"])
    expect(problems[0]?.message).toContain(said)
    expect(problems[0]?.next).toContain("USER 10001:10001")
  })

  test("but not with a number that is a name of root in /etc/passwd, because runtimes read it as a number", async () => {
    const { problems } = await read({
      Dockerfile: small("COPY passwd /etc/passwd", "USER 10001"),
      passwd: "10001:x:0:0::/:/bin/sh\n",
    })
    expect(problems).toEqual([])
  })

  test("and an image whose user does not exist fails too", async () => {
    const { problems } = await read({
      Dockerfile: small("COPY passwd /etc/passwd", "USER shop"),
      passwd: "root:x:0:0::/:/bin/sh\n",
    })
    expect(codes(problems)).toEqual(["user-unknown"])
  })
})

describe.concurrent("an image without a health check fails", () => {
  test.each([
    ["that has none", "", "no HEALTHCHECK"],
    ["that turns its base image's off", 'HEALTHCHECK CMD ["/shop"]\nHEALTHCHECK NONE', "HEALTHCHECK NONE"],
  ])("%s", async (_, lines, said) => {
    const { problems } = await read({
      Dockerfile: `FROM scratch\nCOPY shop /shop\nUSER 10001\n${lines}\nCMD ["/shop"]\n`,
    })
    expect(codes(problems)).toEqual(["no-health-check"])
    expect(problems[0]?.message).toContain(said)
    expect(problems[0]?.details[1]).toContain("urllib.request")
  })
})

test.concurrent("an image over image.maxSize fails: all layers count, deleted files too, and the largest are named", async () => {
  // built now, so that the engine still knows what created the layers
  const { problems, inspected } = await read({
    Dockerfile: `FROM debian:bookworm-slim\nRUN head -c 30000000 /dev/urandom >/var/dump; : ${Date.now()}\nRUN rm /var/dump\nUSER 10001\n${HEALTHY}`,
    ...imageKeys("maxSize: 30MB"),
    "tollgate.yaml": (text) => text.replace("400MB", "30MB"),
  })
  expect(codes(problems)).toEqual(["too-large"])
  const [problem] = problems
  expect(problem?.message).toMatch(
    /^the image has 1\d\d(\.\d)? MB \(all layers, uncompressed\); image\.maxSize is 30 MB/,
  )
  expect(problem?.details).toContainEqual(expect.stringMatching(/layer 1 of 3: .* by the base image/))
  expect(problem?.details).toContainEqual(
    expect.stringMatching(/layer 2 of 3: 30\.1 MB, 1 file, by RUN head -c 30000000/),
  )
  expect(problem?.details).toContainEqual("/var/dump: 30 MB in layer 2, deleted or replaced in layer 3")
  expect(inspected.images[0]?.wasted).toBe(30_000_000)
})

const PRIVATE = [
  "-----BEGIN PRIVATE KEY-----",
  ...Array.from({ length: 4 }, () => "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg".padEnd(64, "x")),
  "-----END PRIVATE KEY-----",
  "",
].join("\n")

const SECRET = {
  ".env": "TOKEN=abc\n",
  "deploy/.env.production": "TOKEN=abc\n",
  "deploy/staging.env": "TOKEN=abc\n",
  "keys/server.txt": PRIVATE.replace(/PRIVATE/g, "RSA PRIVATE"),
  "keys/google.json": JSON.stringify({ type: "service_account", private_key: PRIVATE }),
  "keys/old.pem": PRIVATE.replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"),
  "keys/signing.asc": `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${PRIVATE.split("\n").slice(1, 5).join("\n")}\n-----END PGP PRIVATE KEY BLOCK-----\n`,
  "home/.ssh/id_ed25519": "in a form that nobody knows\n",
  "home/.npmrc": "//registry.npmjs.org/:_authToken=npm_0123456789\n",
  "home/.pypirc": "[pypi]\nusername = __token__\npassword = pypi-AgEIcHlwaS5vcmc\n",
  "home/.netrc": "machine git.example.com\nlogin bot\npassword hunter22\n",
  "home/.pgpass": "db.example.com:5432:shop:shop:hunter22\n",
  "home/.aws/credentials": "[default]\naws_access_key_id = AKIA\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG\n",
  "home/.docker/config.json": '{"auths": {"ghcr.io": {"auth": "Ym90Omh1bnRlcg=="}}}',
  "home/.kube/config": "users:\n- name: admin\n  user:\n    client-key-data: LS0tLS1CRUdJTg==\n",
  "home/.git-credentials": "https://bot:hunter22@git.example.com\n",
  "home/.config/pip/pip.conf": "[global]\nindex-url = https://bot:hunter22@pypi.example.com/simple\n",
  "keys/store.p12": "0\u0082\u0001",
  "infra/terraform.tfstate": "{}",
  "work/.envrc": "use flake\nlayout python\nexport API_TOKEN=5f2b8c1de0a94763\n",
  "work/.envrc.local": "source_up\nexport PGPASSWORD=5f2b8c1de0a94763\n",
  "settings/lower": "debug=false\ndb_password=5f2b8c1de0a94763\n",
  "settings/production": "# of the till\nDEBUG=false\nexport SECRET_KEY='5f2b8c1de0a94763'\n",
  "settings/database": "DATABASE_URL=postgresql://shop:hunter22@db/shop\n",
  "site-packages/signing/keys.py": PRIVATE,
  "repo/.git/HEAD": "ref: refs/heads/main\n",
  "repo/.git/config": "[core]\n",
}

const HARMLESS = {
  "opt/.envrc": "use flake\nexport PATH=$PWD/bin:$PATH\nexport API_TOKEN=$(pass api-token)\n",
  "settings/staging": "DEBUG=true\nSECRET_KEY=${SECRET_KEY}\nTOKEN_TTL=3600\n",
  "settings/start": "#!/bin/sh\nset -e\nPASSWORD=$(cat /run/secrets/password)\nexport PASSWORD\nexec serve\n",
  "settings/production.template": "SECRET_KEY=fill-in-please\n",
  "site-packages/signing/test_keys.py": PRIVATE,
  "site-packages/signing/__pycache__/test_keys.cpython-311.pyc": PRIVATE,
  "site-packages/Ciphers/SelfTest/PublicKey/import_rsa.py": PRIVATE,
  "site-packages/jwcrypto/tests-cookbook.py": PRIVATE,
  "site-packages/jwcrypto/__pycache__/tests-cookbook.cpython-311.pyc": PRIVATE,
  "node_modules/http-proxy/examples/key.pem": PRIVATE,
  "gems/openssl-3.3/spec/fixtures/key.pem": PRIVATE,
  "settings/keys": "sort=name\nkey=value\n",
  "site-packages/defaults.cfg": "api_token=5f2b8c1de0a94763\n",
  ".env.example": "TOKEN=put-it-here\n",
  "deploy/.env.production.sample": "TOKEN=\n",
  "deploy/example.env": "TOKEN=\n",
  "keys/ca.pem": "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----\n",
  "keys/public.pem": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----\n",
  "keys/id_ed25519.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 bot\n",
  "app/keys.py": 'BEGIN = b"-----BEGIN PRIVATE KEY-----"\nEND = b"-----END PRIVATE KEY-----"\n',
  "app/id_rsa.md": "How to make one\n",
  "home/.npmrc.md": "_authToken=x\n",
  "web/.npmrc": "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\nsave-exact=true\n",
  "other/.pypirc": "[distutils]\nindex-servers = pypi\n",
  "other/.netrc": "machine git.example.com\nlogin bot\n",
  "other/.docker/config.json": '{"credsStore": "desktop", "auths": {"ghcr.io": {}}}',
  "other/.aws/credentials": "# aws_secret_access_key = put it here\n",
  "other/pip.conf": "[global]\nindex-url = https://pypi.example.com/simple\n",
  "site-packages/tornado/test/test.key": PRIVATE,
}

test.concurrent("files that look like secrets are found in every layer, by name and by contents, and harmless files are not", async () => {
  const files = Object.fromEntries(
    Object.entries({ ...SECRET, ...HARMLESS }).map(([path, text]) => [`tree/${path}`, text]),
  )
  const dockerfile = [
    "FROM debian:bookworm-slim",
    "COPY tree /srv",
    // a layer that deletes a file does not remove it from the image
    "RUN rm -rf /srv/.env /srv/home/.ssh /srv/repo/.git && echo ok >/srv/keys/server.txt",
    "USER 10001",
    HEALTHY,
  ]
  const { problems, inspected } = await read({
    ...files,
    Dockerfile: dockerfile.join("\n"),
    ...imageKeys("notSecret:\n  - { path: 'srv/infra/*.tfstate', reason: no state }"),
  })
  expect(codes(problems)).toEqual(["secret-file"])
  const found = inspected.images[0]?.findings
    .filter(({ kind }) => kind !== "package-test-key")
    .map(({ path }) => path.replace(/^srv\//, ""))
  expect(found?.sort()).toEqual(
    [...Object.keys(SECRET).filter((path) => !path.startsWith("repo/")), "repo/.git"].sort(),
  )
  const details = problems[0]?.details ?? []
  expect(details).toContain("/srv/.env: a dotenv file, in layer 2; deleted in layer 3, but still in the image")
  expect(details).toContain(
    "/srv/keys/server.txt: a private key, in layer 2; deleted in layer 3, but still in the image",
  )
  expect(details).toContain(
    "/srv/repo/.git: a Git repository with its history, in layer 2; deleted in layer 3, but still in the image",
  )
  expect(details).toContain("/srv/keys/google.json: a private key, in layer 2")
  expect(details.join()).not.toContain("tfstate")
  expect(JSON.stringify(problems)).not.toContain("hunter22")
})

test.concurrent("files excluded by .dockerignore are not in the image", async () => {
  const { problems, inspected } = await read({
    ".env": "TOKEN=abc\n",
    ".dockerignore": ".env\n",
    Dockerfile: `FROM scratch\nCOPY . /srv\nUSER 10001\n${HEALTHY}`,
  })
  expect(problems).toEqual([])
  expect(inspected.images[0]?.layers[0]?.files).toBeGreaterThan(3)
  const { problems: without } = await read({
    ".env": "TOKEN=abc\n",
    Dockerfile: `FROM scratch\nCOPY . /srv\nUSER 10001\n${HEALTHY}`,
  })
  expect(without[0]?.details).toEqual(["/srv/.env: a dotenv file, in layer 1"])
  // the ignore file of a Dockerfile replaces the one of the context
  const { problems: own } = await read({
    ".env": "TOKEN=abc\n",
    ".dockerignore": "nothing\n",
    "deploy/api.Dockerfile": `FROM scratch\nCOPY . /srv\nUSER 10001\n${HEALTHY}`,
    "deploy/api.Dockerfile.dockerignore": ".env\n",
    ...imageKeys("dockerfile: deploy/api.Dockerfile"),
  })
  expect(own).toEqual([])
})

test.concurrent("secrets in the environment, in lines that created a layer and in the command fail the image, and are never repeated", async () => {
  const { problems } = await read({
    Dockerfile: [
      "FROM debian:bookworm-slim",
      "ARG INDEX",
      "ENV ECPAY_HASH_KEY=pwFHCqoQZGmho4w6 SESSION_KEY=session REDIS_URL=redis://:hunter22@cache:6379 TOKEN_TTL=3600 KEY_FILE=/run/secrets/key GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
      "RUN echo https://bot:hunter22@pypi.example.com/simple >/dev/null && DB_PASSWORD=hunter22 true",
      "RUN --mount=type=secret,id=x echo https://bot:$(cat /run/secrets/x 2>/dev/null)@pypi.example.com >/dev/null",
      "USER 10001",
      'HEALTHCHECK CMD ["true"]',
      'CMD ["serve", "--token", "hunter22"]',
    ].join("\n"),
    ...imageKeys("notSecret: [{ variable: SESSION_KEY, reason: name of a cookie }]"),
  })
  expect(codes(problems)).toEqual(["secret-in-environment", "secret-in-history"])
  expect(problems[0]?.details).toEqual(["ECPAY_HASH_KEY=***", "REDIS_URL=***"])
  expect(problems[1]?.details).toContain("RUN echo ***pypi.example.com/simple >/dev/null && DB_PASSWORD=*** true")
  expect(problems[1]?.details.join("\n")).toContain("ENTRYPOINT and CMD: serve ***")
  expect(JSON.stringify(problems)).not.toContain("hunter22")
})

test.concurrent("a build argument is available to RUN, and in the image only through ENV", async () => {
  const { inspected } = await read({
    Dockerfile: `FROM debian:bookworm-slim\nARG LANG=en\nARG MARK\nARG KEPT=1\nENV KEPT=$KEPT\nRUN test "$MARK" = abc\nUSER 10001\n${HEALTHY}`,
    ...imageKeys("buildArgs: { MARK: abc }"),
  })
  const names = inspected.images[0]?.config.Env?.map((entry) => entry.split("=")[0])
  expect(names).toContain("KEPT")
  expect(names).not.toContain("MARK")
  expect(names).not.toContain("LANG")
})

test.concurrent("a secret of image.buildSecrets is there for the line that asks for it, and nowhere in the image", async () => {
  const value = "pip-t0ken-of-the-build"
  const secrets = dag.setSecret("build-secrets", `PIP_TOKEN=${value}\n`)
  const run = await prove(
    {
      Dockerfile: (text) =>
        text.replace(
          "USER",
          `RUN --mount=type=secret,id=PIP_TOKEN test "$(cat /run/secrets/PIP_TOKEN)" = ${value.slice(0, 3)}${"$"}{EMPTY}${value.slice(3)}\nUSER`,
        ),
      ...imageKeys(`${alone}\nbuildSecrets: [PIP_TOKEN]\nbefore: ["test ! -s /run/secrets/PIP_TOKEN"]`),
    },
    { secrets },
  )
  expect(run.result.problems).toEqual([])
  const found = dag
    .container()
    .from("debian:bookworm-slim")
    .withMountedDirectory("/layout", run.layout)
    .withExec(["sh", "-c", `for blob in /layout/blobs/sha256/*; do zcat -f $blob | grep -c '${value}'; done | sort -u`])
  expect((await found.stdout()).trim()).toBe("0")
})

test.concurrent("all that is wrong is said at once, on one screen", async () => {
  const run = await prove({
    ".env": "TOKEN=abc\n",
    Dockerfile: (text) =>
      text
        .replace(/HEALTHCHECK[^]*?timeout=4\)"\]\n/, "")
        .replace("USER 10001:10001", "COPY .env /srv/.env\nRUN rm /srv/.env\nENV API_TOKEN=0123456789abcdef"),
    "tollgate.yaml": (text) => `${text.replace("400MB", "100MB")}  ${alone}\n  env: { MODE: crash }\n`,
  })
  const expected = ["runs-as-root", "no-health-check", "too-large", "secret-file", "secret-in-environment", "crashed"]
  expect(codes(run.result.problems)).toEqual(expected)
  const screen = imageScreen(run.result, { report: "report.html" })
  for (const code of expected) expect(screen).toContain(`  ${code}  `)
  const lines = screen.trimEnd().split("\n")
  expect(lines.length).toBeLessThanOrEqual(40)
  expect(lines.filter((line) => line.length > 100)).toEqual([])
  expect(lines.at(-1)).toMatch(/^FAILED: 6 problems: /)
})
