#!/bin/sh
# Inside the room, after the host's root was left: network, registry, engine. PID 1 becomes tini, which hands SIGTERM
# to the engine and ends with it; the kernel then ends whatever is left in the room.
set -eu
umount -l /mnt
cd /
ip link set lo up
# the other end of the cable is plugged in from outside
tries=0
until ip link show eth0 >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { echo "room: no network device appeared" >&2; exit 1; }
  sleep 0.1
done
. /etc/dagger/network
ip link set eth0 mtu "$TOLLGATE_MTU" up
ip addr add "$TOLLGATE_ROOM_ADDRESS" dev eth0
ip route add default via "$TOLLGATE_GATEWAY"

# the registry is for the engine, and read-only for its containers: nobody comes in from the host, where other users are
iptables -w -A INPUT -i eth0 -p tcp --dport 5001 -j DROP
for config in registry registry-containers; do
  (while :; do docker-registry serve "/etc/$config.yml" || true; sleep 1; done) >"/var/log/$config.log" 2>&1 &
done
# a small pool of ready-made networks: the default of 128 keeps two cores busy at the start and for 20 s at the stop
exec tini -- /opt/dagger/engine --network-cidr "$TOLLGATE_CONTAINERS" --oci-cni-pool-size 24
