#!/bin/sh
# First process of the room: the engine's own mount, process, network, IPC and host-name namespaces.
# The host's files stay as they are: the engine gets a root of its own (a Debian tree under a memory-backed layer), and
# everything that it mounts, starts or configures ends with the namespaces, however it dies.
# usage: enter.sh HOME SOCKET_FOLDER (what the room is put together from is laid out by the caller in HOME/room)
set -eu
home=$1
sockets=$2
room=$home/room

mkdir -p "$room/mount" "$home/cache" "$home/registry" "$home/tmp"
mount -t tmpfs -o mode=755 tmpfs "$room/mount"
mkdir "$room/mount/upper" "$room/mount/work" "$room/mount/root"
# relative: a comma or a colon in the home's name would end an overlay option
cd "$room"
mount -t overlay overlay -o "lowerdir=rootfs,upperdir=mount/upper,workdir=mount/work" mount/root
cd mount/root

mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p run/dagger opt/dagger var/lib/dagger var/lib/registry usr/local/share/dagger/content etc/dagger tmp
mount --bind "$home/cache" var/lib/dagger
mount --bind "$home/registry" var/lib/registry
mount --bind "$home/tmp" tmp
mount --bind "$sockets" run/dagger
mount --bind "$room/engine" opt/dagger
mount --bind "$room/content" usr/local/share/dagger/content
cp "$room/engine.json" etc/dagger/engine.json
cp "$room/registry.yml" "$room/registry-containers.yml" etc/
rm -f etc/resolv.conf
cp "$room/resolv.conf" etc/resolv.conf
cp "$room/network" etc/dagger/network
printf '127.0.0.1 localhost\n' >etc/hosts
for certificate in /usr/local/share/ca-certificates/*.crt; do
  [ -f "$certificate" ] && cp "$certificate" usr/local/share/ca-certificates/
done

# the places where the engine looks for its helpers
mkdir -p opt/cni/bin
for plugin in usr/lib/cni/*; do ln -sf "/$plugin" opt/cni/bin/; done
ln -sf /opt/dagger/dnsname opt/cni/bin/dnsname
ln -sf /opt/dagger/init usr/local/bin/dagger-init
ln -sf /usr/sbin/runc usr/local/bin/runc
ln -sf /usr/bin/tini usr/local/bin/tini
ln -sf /usr/sbin/xtables-legacy-multi usr/bin/xtables-legacy-multi
ln -sf /usr/sbin/xtables-nft-multi usr/bin/xtables-nft-multi
cp "$room/serve.sh" opt/serve.sh

mkdir -p mnt
pivot_root . mnt
exec chroot . /bin/sh /opt/serve.sh
