"""Finds files of an image that look like secrets, by name or by contents.

A finding has a path and a kind, never a value.
"""

import json
import re

# Names that identify a secret file, except for templates.
DOTENV = re.compile(r"^\.env(\..+)?$|^[^.].*\.env$")
TEMPLATE = re.compile(r"(^|[._-])(example|sample|template|dist|defaults?|tpl|schema)($|[._-])", re.IGNORECASE)
SSH_KEY = re.compile(r"^id_(rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)$")
KEYSTORE = re.compile(r"\.(p12|pfx|jks|keystore|ppk|kdbx)$", re.IGNORECASE)
TERRAFORM_STATE = re.compile(r"\.tfstate(\.backup)?$")

# A whole key, not just the marker that programs search for. In JSON, line ends are written as \n.
LINE_END = rb"(?:\\r)?(?:\\n|\r?\n)"
PRIVATE_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    + LINE_END
    +
    # PGP and old OpenSSL write header lines such as `Proc-Type: 4,ENCRYPTED`
    rb"(?:[A-Za-z-]+: [^\n\\]*"
    + LINE_END
    + rb")*(?:"
    + LINE_END
    + rb")?"
    rb"[A-Za-z0-9+/=]{24,}(?:" + LINE_END + rb"|-----END)"
)
MARK = b"PRIVATE KEY"

# Folders of installed packages, whose files are public.
PACKAGES = re.compile(
    r"(^|/)(site-packages|dist-packages|node_modules|lib/python3(\.\d+)?|gems|go/pkg/mod|\.cargo/registry/src|share/perl5?|share/doc)/"
)

# Keys that are no secret: published packages contain keys for their tests, as source and compiled, and GnuTLS has one in its
# library for a self-test.
TEST_FOLDER = re.compile(
    r"/(_?tests?|[a-z0-9_]+_tests?|_?testing|_?test_?data|self_?tests?|__tests__|_?(test_?)?fixtures?|spec|examples?|samples?|demos?|mocks?|__mocks__)/",
    re.IGNORECASE,
)
_TEST_MODULE = r"(test[_-][^/.]*|[^/.]*[_-]tests?|tests?([_-][^/.]*)?|testing|conftest|self_?test|[^/.]*[_-]fixtures?)"
TEST_FILE = re.compile(
    rf"/({_TEST_MODULE}\.py|__pycache__/{_TEST_MODULE}\.[^/]*\.pyc|[^/]*[._-](test|spec)\.([cm]?[jt]s|go|rb|rs))$",
    re.IGNORECASE,
)
GNUTLS = re.compile(r"^(usr/)?lib/([^/]+/)?libgnutls\.so[.\d]*$")

# System files, which the team did not write.
SYSTEM = re.compile(r"^(usr|lib|lib32|lib64|bin|sbin|boot|proc|sys|dev|var/(lib|cache|log))/")
# Programs and data that do not consist of lines of NAME=value.
OTHER_ENDING = re.compile(
    r"\.(pyc?|[cm]?[jt]sx?|so|o|a|h|c|json|ya?ml|toml|html?|css|svg|xml|md|rst|png|jpe?g|gif|woff2?|gz|zip|whl|map|sql|pem|crt|key|lock)$",
    re.IGNORECASE,
)

LARGEST_TEXT = 1 << 20
LARGEST_DOTENV = 1 << 16


def by_name(path):
    """The kind of secret that the name of a non-empty file indicates."""
    name = path.rpartition("/")[2]
    if DOTENV.match(name) and not TEMPLATE.search(name.removeprefix(".env")):
        return "dotenv"
    if SSH_KEY.match(name):
        return "ssh-key"
    if KEYSTORE.search(name):
        return "keystore"
    if TERRAFORM_STATE.search(name):
        return "terraform-state"
    if name in (".git-credentials", ".vault-token"):
        return "credentials"
    return None


def read_it(path, size=0):
    """Whether the file must be read, because only its contents tell."""
    return bool(READERS.get(reader_name(path))) or maybe_dotenv(path, size)


def by_text(path, text):
    reader = READERS.get(reader_name(path))
    return reader(text) if reader else dotenv(text)


def maybe_dotenv(path, size):
    """A dotenv file may have any name, except in packages, in system folders, or as a template."""
    name = path.rpartition("/")[2]
    return size <= LARGEST_DOTENV and not (
        SYSTEM.match(path) or PACKAGES.search(path) or OTHER_ENDING.search(name) or TEMPLATE.search(name)
    )


def private_key(contents):
    """A private key in bytes, a memory map or the like."""
    return PRIVATE_KEY.search(contents) is not None


def of_package_tests(path):
    package = PACKAGES.search(path)
    if package is None:
        return bool(GNUTLS.match(path))
    inside = path[package.end() - 1 :]
    return bool(TEST_FOLDER.search(inside) or TEST_FILE.search(inside))


def reader_name(path):
    folder, _, name = path.rpartition("/")
    parent = folder.rpartition("/")[2]
    if name.startswith(".envrc") and not TEMPLATE.search(name):
        return ".envrc"
    if name == "config" and parent == ".git":
        return "git-config"
    if name == "config" and parent == ".kube":
        return "kubeconfig"
    if name == "credentials" and parent == ".aws":
        return "aws"
    if name == "config.json" and parent == ".docker" or name == ".dockercfg" or name == ".dockerconfigjson":
        return "docker"
    if name == "auth.json" and parent == "containers":
        return "docker"
    if name in ("pip.conf", "pip.ini"):
        return "pip"
    if name == "application_default_credentials.json":
        return "google"
    if name == "auth.toml" and parent == "pypoetry":
        return "poetry"
    return name


def lines(text):
    return [line for line in (raw.strip() for raw in text.splitlines()) if line and not line.startswith(("#", ";"))]


# ${NPM_TOKEN} and the like refer to a variable and are fine
VALUE = r"\s*(?!\$|<|\{\{|%)[^\s]+"


def has(pattern, kind):
    found = re.compile(pattern, re.IGNORECASE)
    return lambda text: kind if any(found.search(line) for line in lines(text)) else None


def docker(text):
    try:
        document = json.loads(text)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    entries = document.get("auths", document)
    if not isinstance(entries, dict):
        return None
    keys = ("auth", "password", "identitytoken", "registrytoken")
    return (
        "registry-login"
        if any(isinstance(one, dict) and any(one.get(key) for key in keys) for one in entries.values())
        else None
    )


DOTENV_LINE = re.compile(r"^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$")
ASSIGNMENT = re.compile(r"^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$")
SECRET_NAME = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|CREDENTIALS?)(_|\d*$)|(^|_)(KEY|IV|PWD|PASS)(_(B64|BASE64|PEM|HEX))?\d*$"
    r"|(PASSWORD|PASSWD|SECRET|(AUTH|ACCESS|API)TOKEN|(SECRET|PRIVATE|ACCESS)KEY)\d*$",
    re.IGNORECASE,
)
HARMLESS_NAME = re.compile(
    r"(^|_)(PUBLIC|CACHE|SORT|PARTITION|PRIMARY|FOREIGN|KEYBOARD)(_|$)"
    r"|(^|_)(URL|URI|ENDPOINT|HOST|PORT|TTL|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|EXPIRY|EXPIRES|ALGORITHM|ALG|LENGTH|SIZE|NAME|TYPE|HEADER|FILE|PATH|DIR|ENABLED"
    r"|ISSUER|AUDIENCE|PREFIX|COUNT|LIMIT|VERSION|(?<!SECRET_)ID)$|^GPG_|^(OLD)?PWD$",
    re.IGNORECASE,
)
HARMLESS_VALUE = re.compile(
    r"^(|true|false|yes|no|on|off|none|null|\d{1,6}|/.*|[$<{%`].*|change[-_ ]?me.*|x{3,}|\*{3,}|(your|my)[-_ ].*)$",
    re.IGNORECASE,
)


def dotenv(text):
    """Mostly lines of NAME=value, at least one of them a secret, and no sections as in an .ini."""
    rows = lines(text)
    found = [match.groups() for match in map(DOTENV_LINE.match, rows) if match]
    if not rows or "\0" in text or any(row.startswith("[") for row in rows) or len(found) * 5 < len(rows) * 3:
        return None
    return "dotenv" if any(holds_secret(name, value) for name, value in found) else None


def envrc(text):
    """Lines of NAME=value among direnv's commands; $(…) is not a secret."""
    found = [match.groups() for match in map(ASSIGNMENT.match, lines(text)) if match]
    return "dotenv" if any(holds_secret(name, value) for name, value in found) else None


def holds_secret(name, written):
    quoted = re.match(r"""^(["'])(.*)\1\s*(#.*)?$""", written)
    value = quoted.group(2) if quoted else written.split(" #", 1)[0].strip()
    if re.search(URL_WITH_PASSWORD, value, re.IGNORECASE):
        return True
    # `key=value` is no dotenv line of a service
    if name in ("key", "iv"):
        return False
    return bool(SECRET_NAME.search(name)) and not HARMLESS_NAME.search(name) and not HARMLESS_VALUE.match(value)


URL_WITH_PASSWORD = r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?!\$|<|\{)[^/\s:@]+@"

READERS = {
    ".envrc": envrc,
    ".npmrc": has(r"(_authToken|_auth|_password)\s*=" + VALUE, "package-registry-token"),
    ".yarnrc.yml": has(r"npmAuth(Token|Ident):" + VALUE, "package-registry-token"),
    ".pypirc": has(r"^password\s*[=:]" + VALUE, "package-registry-token"),
    "pip": has(URL_WITH_PASSWORD, "package-registry-token"),
    "poetry": has(r"^(password|token|.*)\s*=\s*\"[^\"]+\"", "package-registry-token"),
    ".netrc": has(r"\bpassword\s+\S+", "login"),
    "_netrc": has(r"\bpassword\s+\S+", "login"),
    ".pgpass": has(r"^[^:]*:[^:]*:[^:]*:[^:]*:[^:]+", "login"),
    ".my.cnf": has(r"^password\s*=" + VALUE, "login"),
    "aws": has(r"^aws_(secret_access_key|session_token)\s*=" + VALUE, "cloud-credentials"),
    "google": has(r"\"(refresh_token|private_key)\"", "cloud-credentials"),
    "docker": docker,
    "kubeconfig": has(r"\b(client-key-data|token|password):" + VALUE, "cluster-credentials"),
    "git-config": has(URL_WITH_PASSWORD, "login"),
}
