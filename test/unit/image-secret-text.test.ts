import { describe, expect, it } from "vitest"
import { maskedSecrets, variableIsSecret } from "../../core/image/secret-text.js"

describe("a variable of an image's environment", () => {
  it.each([
    ["ECPAY_HASH_KEY", "pwFHCqoQZGmho4w6"],
    ["ECPAY_HASH_IV", "EkRm7iFT261dpevs"],
    ["ADMIN_WEBHOOK_TOKEN", "change-me-to-32-random-characters"],
    ["DB_PASSWORD", "x"],
    ["PASSWORD", "hunter22"],
    ["AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG"],
    ["SECRET_KEY_BASE", "0a1b2c3d4e"],
    ["VAULT_SECRET_ID", "84896a0c"],
    ["apikey", "12345678"],
    ["API_TOKEN2", "abc"],
    ["DATABASE_URL", "postgresql://shop:hunter22@db/shop"],
    ["REDIS_URL", "redis://:hunter22@cache:6379/0"],
    ["ANYTHING", `ghp_${"a1B2".repeat(9)}`],
    ["ANYTHING", "AKIAIOSFODNN7ABCDEFG"],
    ["GPG_KEY", "hunter22"],
  ])("%s=%s holds a secret", (name, value) => {
    expect(variableIsSecret(name, value)).toBe(true)
  })

  it.each([
    ["PATH", "/usr/bin"],
    ["GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"],
    ["ECPAY_HASH_KEY", ""],
    ["TOKEN_FILE", "tokens.txt"],
    ["SECRET_KEY_FILE", "/run/secrets/key"],
    ["ADMIN_TOKEN", "/run/secrets/token"],
    ["TOKEN_TTL", "15m"],
    ["TOKENIZERS_PARALLELISM", "false"],
    ["USE_TOKEN", "true"],
    ["MAX_TOKEN", "4096"],
    ["PASSWORD_HASH_ALGORITHM", "argon2id"],
    ["PUBLIC_KEY", "MFkwEwYHKoZIzj0C"],
    ["CACHE_KEY", "v3"],
    ["KEYCLOAK_URL", "https://login.example.com"],
    ["DATABASE_URL", "postgresql://db/shop"],
    ["MONKEY", "banana"],
    ["PWD", "/srv"],
    ["AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"],
  ])("%s=%s holds none", (name, value) => {
    expect(variableIsSecret(name, value)).toBe(false)
  })
})

describe("a line that made a layer", () => {
  it.each([
    [
      "RUN pip install -i https://bot:hunter22@pypi.example.com/simple x",
      "RUN pip install -i ***pypi.example.com/simple x",
    ],
    ["RUN API_TOKEN=hunter22 make", "RUN API_TOKEN=*** make"],
    ['RUN export DB_PASSWORD="hunter 22" && make', "RUN export DB_PASSWORD=*** && make"],
    ["RUN curl -H 'Authorization: Bearer abcdefghijklmnop1234' x", "RUN curl -H 'Authorization: ***' x"],
    ["RUN login --password hunter22 x", "RUN login *** x"],
    ["RUN login --password=hunter22", "RUN login ***"],
    [`LABEL token: glpat-${"x".repeat(20)}`, "LABEL token: ***"],
  ])("%s is shown as %s", (line, shown) => {
    expect(maskedSecrets(line) ?? line).toBe(shown)
  })

  it.each([
    "RUN pip install -i https://bot:$PASSWORD@pypi.example.com/simple x",
    "RUN pip install -i https://bot:$(cat /run/secrets/x)@pypi.example.com/simple x",
    "RUN API_TOKEN=$(cat /run/secrets/x) make",
    'RUN API_TOKEN="$TOKEN" make',
    "RUN login --password $PASSWORD",
    "RUN login --password-stdin </run/secrets/x",
    "RUN git clone git@github.com:acme/shop.git",
    "RUN groupadd --gid 10001 payments && useradd --uid 10001 payments",
    "COPY",
  ])("%s has no secret", (line) => {
    expect(maskedSecrets(line)).toBeNull()
  })
})
