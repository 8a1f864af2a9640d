#!/bin/sh
# A host as a team would rent one: sshd and dockerd. What it keeps is on a volume, so that a later start is a reboot.
set -eu
state=/var/lib/sandbox
# without controllers containers still run, unless they ask for a limit
cgroup /sys/fs/cgroup || true
mkdir -p /run/sshd /root/.ssh $state/docker $state/tollgate
[ -e /var/lib/tollgate ] || ln -s $state/tollgate /var/lib/tollgate
install -m 600 /identity/client.pub /root/.ssh/authorized_keys
install -m 600 /identity/host /etc/ssh/ssh_host_ed25519_key
/usr/sbin/sshd -e -o HostKey=/etc/ssh/ssh_host_ed25519_key -o PasswordAuthentication=no -o PrintMotd=no -o MaxSessions=100 -o MaxStartups=200 -o LoginGraceTime=20 -o UseDNS=no
# Whoever waits for these volumes in another session can be told why.
(while :; do date +%s >/identity/alive.next; mv /identity/alive.next /identity/alive; sleep 2; done) &
# A test asks for a reboot of dockerd alone; the host stays.
trap 'kill -TERM "$docker" 2>/dev/null; wait "$docker"; exit 0' TERM INT
while :; do
  rm -f /var/run/docker.pid
  # the registry is in the same network: if two pulls fail, it does not have the image, and Docker's five attempts take 75 seconds
  dockerd --max-download-attempts=2 --host=unix:///var/run/docker.sock --data-root=$state/docker --storage-driver=overlay2 --shutdown-timeout=5 --insecure-registry=registry:5000 --log-level=warn >>/var/log/dockerd.log 2>&1 &
  docker=$!
  wait "$docker" || true
  sleep 0.2
done
