# Runs the image's command and records its state. usage: supervise.sh PROGRAM [ARGUMENT…]
# Uses static busybox only: the image may have no shell and no tools.
set -u
tools=/.tollgate
state=$tools/state
bin=$tools/busybox

# Without a slash, this shell would run busybox's own program instead of the image's.
resolve() {
  case $1 in */*) echo "$1"; return ;; esac
  oldifs=$IFS; IFS=:
  for folder in ${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}; do
    if [ -f "$folder/$1" ] && [ -x "$folder/$1" ]; then IFS=$oldifs; echo "$folder/$1"; return; fi
  done
  IFS=$oldifs
  # not found: gives the same error as a container runtime
  echo "/$1"
}

# Seconds since the machine started, independent of changes to the clock.
now() { read -r uptime _ </proc/uptime; echo "$uptime"; }

# Written atomically, because the files may be read at any moment.
record() { echo "$2" >"$state/$1.new"; mv "$state/$1.new" "$state/$1"; }

listening() {
  for table in /proc/net/tcp /proc/net/tcp6; do
    [ -r $table ] && awk '$4 == "0A" { print $2 }' $table
  done | sort -u
}

wait_to_be_read() {
  while [ $stopping = no ]; do sleep 3600 & wait $!; done
  exit 143
}

stopping=no
service=
trap 'stopping=yes; [ -z "$service" ] || kill -TERM $service 2>/dev/null' TERM INT

shell=/bin/sh
[ -x $shell ] || shell="$bin sh"

: >"$state/output"
listening >"$state/listening.before"
httpd -p "$TOLLGATE_STATE_PORT" -h "$state"
unset TOLLGATE_STATE_PORT TOLLGATE_APP
# shows the service's output in the engine's log
tail -n +1 -f "$state/output" &

for before in "$tools"/before/*; do
  [ -e "$before" ] || continue
  $shell "$before" >>"$state/output" 2>&1
  code=$?
  [ $stopping = no ] || exit 143
  if [ $code -ne 0 ]; then
    record before-failed "${before##*/} $code"
    wait_to_be_read
  fi
done

program=$(resolve "$1")
shift
record started "$(now)"
"$program" "$@" >>"$state/output" 2>&1 &
service=$!

(
  trap - TERM INT
  limit=$(cat "$tools/health-timeout" 2>/dev/null)
  while kill -0 $service 2>/dev/null; do
    listening >"$state/listening.new" && mv "$state/listening.new" "$state/listening"
    if [ -e "$tools/health" ]; then
      . "$tools/health"
      check=$(resolve "$1")
      shift
      timeout -s KILL "$limit" "$check" "$@" >"$state/health-output.new" 2>&1
      code=$?
      mv "$state/health-output.new" "$state/health-output"
      record health "$code $(now)"
    fi
    sleep 0.5
  done
) &

wait $service
code=$?
# wait also returns for a signal, while the service still runs
while kill -0 $service 2>/dev/null; do wait $service; code=$?; done
record exit "$code $(now)"
wait_to_be_read
