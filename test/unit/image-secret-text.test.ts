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
    ["dbPassword", "x"],
    ["POSTGRESPASSWORD", "x"],
    ["SIGNING_KEY_B64", "aGVsbG8="],
    ["JAVA_OPTS", "-Xmx1g -Ddb.password=hunter22"],
    ["CONFIG", '{"clientSecret": "Zx9k2LmQpR7"}'],
    ["TLS", "-----BEGIN PRIVATE KEY-----\nMIIB"],
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
    ["CMD curl -H 'Authorization: Token 1c7e90ab' x", "CMD curl -H 'Authorization: Token ***' x"],
    ["CMD curl -H 'Authorization: 1c7e90ab2f4d' x", "CMD curl -H 'Authorization: ***' x"],
    ["CMD curl -H X-Health-Token:1c7e90ab x", "CMD curl -H X-Health-Token:*** x"],
    ["CMD curl --header='X-Internal-Auth: 1c7e90ab' x", "CMD curl --header='X-Internal-Auth: ***' x"],
    ["CMD curl -uadmin:hunter22 x", "CMD curl -uadmin:*** x"],
    ["CMD python -c \"get(x, auth=('bot', 'hunter22'))\"", "CMD python -c \"get(x, auth=('bot', '***'))\""],
    ["CMD redis-cli --pass hunter22 ping", "CMD redis-cli *** ping"],
    ["CMD mysqladmin ping -uroot -p'hunter22'", "CMD mysqladmin ping -uroot -p'***'"],
    ["CMD mongosh -u bot -p hunter22", "CMD mongosh -u bot -p ***"],
    ["CMD serve --db-password hunter22", "CMD serve ***"],
    ["RUN sshpass -p hunter22 scp a b:", "RUN sshpass -p *** scp a b:"],
    ["RUN docker login -u bot -p hunter22 registry", "RUN docker login -u bot -p *** registry"],
    [
      "RUN npm config set //npm.acme.example/:_authToken 1c7e90ab",
      "RUN npm config set //npm.acme.example/:_authToken ***",
    ],
    ["RUN aws configure set aws_secret_access_key wJalrXUtnFEMI", "RUN aws configure set aws_secret_access_key ***"],
    ["RUN poetry config http-basic.acme bot hunter22", "RUN poetry config http-basic.acme bot ***"],
    ["RUN echo machine x login bot password hunter22 >~/.netrc", "RUN echo machine x login bot password *** >~/.netrc"],
    ["RUN echo '-----BEGIN RSA PRIVATE KEY-----' >/k", "RUN echo '***"],
    ["CMD mosquitto_pub -p 1883 -u bot -P hunter22 -t x", "CMD mosquitto_pub -p 1883 -u bot -P *** -t x"],
    ["CMD rabbitmqadmin -u bot -p hunter22 list queues", "CMD rabbitmqadmin -u bot -p *** list queues"],
    ["CMD ldapwhoami -x -D cn=bot -w hunter22", "CMD ldapwhoami -x -D cn=bot -w ***"],
    ["CMD curl --cert /c.p12:hunter22 https://x", "CMD curl --cert /c.p12:*** https://x"],
    ["CMD echo AUTH hunter22 | nc cache 6379", "CMD echo AUTH *** | nc cache 6379"],
    ["CMD curl http://x/health?key=1c7e90ab", "CMD curl http://x/health?key=***"],
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
    "RUN SECRET_KEY=build-only python manage.py collectstatic",
    "RUN adduser --disabled-password app && make build-pass PACKAGE=1",
    "RUN npm config set //npm.acme.example/:_authToken ${NPM_TOKEN}",
    'RUN docker login -u bot -p "$TOKEN" registry',
    "CMD serve --password-file /run/secrets/db --token-ttl 15m --secret id=db",
    'CMD redis-cli -a "$REDIS_PASSWORD" ping',
    "CMD curl -H 'Authorization: AWS4-HMAC-SHA256 $SIGNED' x",
    "LABEL description=token: required for administrators",
    "RUN groupadd --gid 10001 payments && useradd --uid 10001 payments",
    "CMD wget -qO- http://127.0.0.1/health?key=status",
    "CMD mosquitto_sub -p 1883 -t x -W 3",
    "CMD ldapsearch -W -D cn=bot",
    'CMD curl -E /c.pem -e http://x "https://y"',
    "CMD echo AUTH $REDIS_PASSWORD | nc cache 6379",
    "COPY",
    `RUN ${"mysql -p ".repeat(4000)}`,
  ])("%s has no secret", (line) => {
    expect(maskedSecrets(line)).toBeNull()
  })
})

describe("one megabyte of a line", () => {
  // each is where a pattern begins or goes on: without a bound, one of them takes hours
  it.each([
    " ",
    " \t",
    "a",
    "a1",
    "a='",
    'a="',
    "-",
    "--password ",
    "login x password ",
    "token: ",
    "Authorization: ",
    'auth = ("',
    "set token ",
    "http-basic x ",
    "pypi-token.x ",
    "curl -u ",
    "mysql -p ",
    "ldapsearch -w ",
    "curl -E a:",
    "echo -n AUTH ",
    "docker login -p ",
    "a://b:",
    "-----BEGIN A ",
    "API_TOKEN=",
  ])("of %j is read in steps that grow with its length alone", (piece) => {
    const work = (length: number) => {
      const line = piece.repeat(length / piece.length)
      return () => maskedSecrets(line)
    }
    const least = Math.max(500, Math.min(...Array.from({ length: 3 }, () => cpuOf(work(2 ** 13)))))
    // 8 times the length first: a pattern that grows with the square would take hours of a whole megabyte
    expect(cpuOf(work(2 ** 16)) / least).toBeLessThan(40)
    expect(cpuOf(work(2 ** 20)) / least).toBeLessThan(1280)
  })

  it("that begins like a stand-in of a build is read once", () => {
    expect(cpuOf(() => variableIsSecret("API_KEY", `dummy${"_-".repeat(40)}!`))).toBeLessThan(1_000_000)
    expect(maskedSecrets(`API_KEY=dummy${"_-".repeat(40)}!`)).toBe("API_KEY=***")
  })
})

/** In microseconds of this process's CPU time, which does not count what others do. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
