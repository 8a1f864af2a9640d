#!/bin/sh
# Inside: network, the registry of base images, dockerd.
set -eu
folder=$1
umount -l /mnt
cd /
ip link set lo up
tries=0
until ip link show eth0 >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { echo "no network device appeared" >&2; exit 1; }
  sleep 0.1
done
. "$folder/network"
ip link set eth0 mtu "$TOLLGATE_MTU" up
ip addr add "$TOLLGATE_ROOM_ADDRESS" dev eth0
ip route add default via "$TOLLGATE_GATEWAY"
# where images look for the registry of the engine that built them
ip addr add "$REGISTRY_ADDRESS/32" dev lo
docker-registry serve "$folder/registry.yml" >"$folder/registry.log" 2>&1 &
exec dockerd --host="unix://$folder/run/docker.sock" --group=root --cgroup-parent="$CGROUP" --storage-driver=overlay2 --mtu="$TOLLGATE_MTU" --shutdown-timeout=1
