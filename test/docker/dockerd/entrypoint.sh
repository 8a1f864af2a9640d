#!/bin/sh
# As the official engine's (toolchains/engine-dev/config.go of v0.21.8), with a pool of networks that two cores can make.
set -e
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 </sys/fs/cgroup/cgroup.procs >/sys/fs/cgroup/init/cgroup.procs || :
  sed -e 's/ / +/g' -e 's/^/+/' </sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
fi
ulimit -n 1048576 || echo "cannot increase open FDs with ulimit, ignoring"
exec tini -- /opt/dagger/engine --oci-cni-pool-size 24 "$@"
