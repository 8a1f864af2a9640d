#!/bin/sh
# First process of a machine with Docker alone: mount, process, network, IPC and host-name namespaces of its own, which end with it.
# usage: enter.sh FOLDER REGISTRY (FOLDER/rootfs: a Debian that has dockerd; REGISTRY: the folder of an image registry, only read)
set -eu
folder=$1
registry=$2
cd "$folder/rootfs"
mount --bind . .
cd "$folder/rootfs"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p srv/registry var/lib/docker mnt ".$folder"
mount --bind -o ro "$registry" srv/registry
mount --bind "$folder/docker" var/lib/docker
# the same paths as outside: dockerd mounts them for its client
mount --bind "$folder" ".$folder"
rm -f etc/resolv.conf
cp "$folder/resolv.conf" etc/resolv.conf
pivot_root . mnt
exec chroot . /bin/sh "$folder/serve.sh" "$folder"
