#!/bin/sh
# update-ca-certificates, for the case that only the authorities under /usr/local/share changed. Debian's own program reads and hashes
# every authority there is; where a machine has authorities of its own the engine calls it twice around each command, and it would take
# longer than most commands. Everything else is left to it.
set -e
certificates=/etc/ssl/certs
ours=/usr/local/share/ca-certificates
packaged=/usr/share/ca-certificates/.bundle

if [ $# -gt 0 ] || [ /etc/ca-certificates.conf -nt "$packaged" ] || [ -n "$(ls /etc/ca-certificates/update.d 2>/dev/null)" ]; then
  exec /usr/sbin/update-ca-certificates "$@"
fi

# links to what was removed: first its name, then the hashes that point to the name
find "$certificates" -maxdepth 1 -xtype l -delete
find "$certificates" -maxdepth 1 -xtype l -delete

bundle=$(mktemp "$certificates/.bundle.XXXXXX")
trap 'rm -f "$bundle"' EXIT
cat "$packaged" >"$bundle"
find -L "$ours" -type f -name '*.crt' | sort | while read -r certificate; do
  cat "$certificate" >>"$bundle"
  echo >>"$bundle"
  name=$(basename "$certificate" .crt | tr ' ,()' '__==').pem
  ln -sf "$certificate" "$certificates/$name"
  hash=$(openssl x509 -noout -subject_hash -in "$certificate" 2>/dev/null) || continue
  number=0
  while [ -e "$certificates/$hash.$number" ] && [ "$(readlink "$certificates/$hash.$number")" != "$name" ]; do number=$((number + 1)); done
  ln -sf "$name" "$certificates/$hash.$number"
done
chmod 644 "$bundle"
mv "$bundle" "$certificates/ca-certificates.crt"
trap - EXIT
