#!/bin/bash
# Makes a database cluster on the first start, from the environment and /docker-entrypoint-initdb.d, then serves it.
# While it is being made the server listens on its unix socket only: a TCP connection that succeeds means that all is ready.
set -Eeuo pipefail

scripts=/docker-entrypoint-initdb.d

fail() {
  printf '%s\n' "postgres: $*" >&2
  exit 1
}

# NAME or NAME_FILE (a file that holds the value, as secrets are mounted), else a default
setting() {
  local name=$1 file="$1_FILE" value=${2-}
  [[ -z ${!name-} || -z ${!file-} ]] || fail "$name and $file are both set: set one of them"
  if [[ -n ${!name-} ]]; then
    value=${!name}
  elif [[ -n ${!file-} ]]; then
    [[ -r ${!file} ]] || fail "$file names ${!file}, which cannot be read"
    value=$(<"${!file}")
  fi
  export "$name=$value"
  unset "$file"
}

only_asks_for_help() {
  local argument
  for argument in "$@"; do
    case "$argument" in -'?' | --help | --describe-config | -V | --version) return 0 ;; esac
  done
  return 1
}

read_settings() {
  setting POSTGRES_PASSWORD
  setting POSTGRES_USER postgres
  setting POSTGRES_DB "$POSTGRES_USER"
  setting POSTGRES_INITDB_ARGS
  : "${POSTGRES_HOST_AUTH_METHOD:=}"
}

make_folders() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA" 2>/dev/null || true
  chmod 3777 /var/run/postgresql 2>/dev/null || true
  if [[ -n ${POSTGRES_INITDB_WALDIR-} ]]; then
    mkdir -p "$POSTGRES_INITDB_WALDIR"
    chmod 700 "$POSTGRES_INITDB_WALDIR"
  fi
  if [[ $(id -u) == 0 ]]; then
    find "$PGDATA" ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"} ! -user postgres -exec chown postgres {} +
    chown postgres:postgres /var/run/postgresql
  fi
}

require_password() {
  [[ -n $POSTGRES_PASSWORD || $POSTGRES_HOST_AUTH_METHOD == trust ]] && return
  fail "there is no database yet and no password for its superuser.
Set POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE) to something that is not empty, for example: -e POSTGRES_PASSWORD=secret
To let everyone in without a password, which is only for throw-away databases, set POSTGRES_HOST_AUTH_METHOD=trust."
}

make_cluster() {
  local arguments=(--pgdata "$PGDATA" --username "$POSTGRES_USER")
  [[ -z ${POSTGRES_INITDB_WALDIR-} ]] || arguments+=(--waldir "$POSTGRES_INITDB_WALDIR")
  # the value is shell words, quotes included
  local extra=()
  eval "extra=($POSTGRES_INITDB_ARGS)"
  # handed over as a file, never as an argument; the file lives as long as the command it is given to
  if [[ -n $POSTGRES_PASSWORD ]]; then
    initdb "${arguments[@]}" "${extra[@]}" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")
  else
    initdb "${arguments[@]}" "${extra[@]}"
  fi

  local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -D "$PGDATA" -C password_encryption)}
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

start_for_setup() {
  shift
  PGUSER=${PGUSER:-$POSTGRES_USER} pg_ctl -D "$PGDATA" -w -s -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")" start
}

stop_after_setup() {
  PGUSER=${PGUSER:-postgres} pg_ctl -D "$PGDATA" -m fast -w -s stop
}

sql() {
  PGHOST='' PGHOSTADDR='' PGPASSWORD=$POSTGRES_PASSWORD \
    psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"
}

# init scripts of others call it by this name
docker_process_sql() {
  sql --dbname "$POSTGRES_DB" "$@"
}

make_database() {
  local there
  there=$(sql --dbname postgres --tuples-only --no-align -v name="$POSTGRES_DB" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")
  [[ -n $there ]] || sql --dbname postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
}

run_scripts() {
  local script
  for script in "$scripts"/*; do
    case "$script" in
      *.sh)
        echo "postgres: running $script"
        # a script that cannot be executed is read into this shell, functions and variables included
        if [[ -x $script ]]; then "$script"; else . "$script"; fi
        ;;
      *.sql) echo "postgres: running $script" && docker_process_sql -f "$script" ;;
      *.sql.gz) echo "postgres: running $script" && gunzip -c "$script" | docker_process_sql ;;
      *.sql.xz) echo "postgres: running $script" && xzcat "$script" | docker_process_sql ;;
      *.sql.zst) echo "postgres: running $script" && zstd -dc "$script" | docker_process_sql ;;
      */\*) ;;
      *) echo "postgres: ignoring $script" ;;
    esac
  done
}

# SIGTERM means to PostgreSQL: wait until every client has gone. Who stops a container means: now, but orderly.
serve() {
  "$@" &
  local server=$! code
  trap 'kill -INT "$server" 2>/dev/null || true' TERM INT
  trap 'kill -QUIT "$server" 2>/dev/null || true' QUIT
  trap 'kill -HUP "$server" 2>/dev/null || true' HUP
  while :; do
    code=0
    wait "$server" || code=$?
    kill -0 "$server" 2>/dev/null || break
  done
  exit "$code"
}

[[ ${1-} != -* ]] || set -- postgres "$@"
[[ ${1-} == postgres ]] && ! only_asks_for_help "$@" || exec "$@"

read_settings
make_folders
[[ $(id -u) != 0 ]] || exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$BASH_SOURCE" "$@"

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  require_password
  make_cluster
  start_for_setup "$@"
  make_database
  run_scripts
  stop_after_setup
  echo "postgres: the database is set up"
fi
unset POSTGRES_PASSWORD
serve "$@"
