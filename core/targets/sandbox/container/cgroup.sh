#!/bin/sh
# Lets the containers of this host have controllers on cgroup v2: a group that has processes of its own cannot give controllers to its
# children ("no internal processes"), so all processes move into a child first. The official engine's entrypoint does the same.
# usage: cgroup.sh ROOT, for example /sys/fs/cgroup. On cgroup v1 there is nothing to do.
set -eu
root=$1
[ -f "$root/cgroup.controllers" ] || exit 0
mkdir -p "$root/init"
wanted=$(sed -e 's/ / +/g' -e 's/^\(.\)/+\1/' "$root/cgroup.controllers")
[ -n "$wanted" ] || exit 0
tries=0
while :; do
  # one id for each write; a process that has ended meanwhile cannot be moved
  for process in $(cat "$root/cgroup.procs"); do
    echo "$process" >>"$root/init/cgroup.procs" 2>/dev/null || :
  done
  # refused while a process that started meanwhile is still in the root
  if echo "$wanted" 2>/dev/null >>"$root/cgroup.subtree_control"; then exit 0; fi
  tries=$((tries + 1))
  if [ "$tries" -ge 20 ]; then
    echo "cgroup v2: the controllers $wanted of $root could not be enabled for containers" >&2
    exit 1
  fi
  sleep 0.1
done
