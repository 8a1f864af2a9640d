# Makes, once, what the sandbox and its registry know each other by, and hands out what a client needs.
set -eu
umask 077
cd /identity
exec 9>lock
flock 9
for name in host client; do
  [ -s $name ] || { rm -f $name $name.pub; ssh-keygen -q -t ed25519 -N "" -C "tollgate-sandbox-$name" -f $name; }
done
[ -s password ] || { head -c 24 /dev/urandom | base64 | tr -d '+/=\n' >password; }
htpasswd -Bic htpasswd tollgate <password 2>/dev/null
chmod 644 htpasswd
mkdir -p /out
cp host.pub client password /out/
# Seconds since the host was last seen running. Empty is what one that was killed while it wrote has left.
alive=$(cat alive 2>/dev/null || true)
echo $(($(date +%s) - ${alive:-0})) >/out/idle
