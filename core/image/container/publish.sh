# Pushes an OCI layout: first under its digest, then, once it is complete, under its tag.
# usage: publish.sh NAME TAG DIGEST
# Environment: REGISTRY, REGISTRY_USER, INSECURE (true or false). /run/registry is in memory, so no layer contains the login.
set -u
name=$1 tag=$2 digest=$3
login=/run/registry/login.json
echo '{}' >"$login"

options="--authfile $login"
verify=$([ "$INSECURE" = true ] && echo "tls-verify=false" || echo "tls-verify=true")
certificates=/run/certificates

# Each step has its own exit code, which tells the caller what failed.
step() {
  code=$1
  shift
  timeout -k 5 900 "$@" || exit "$code"
}

if [ -e /run/secrets/registry-password ]; then
  step 11 skopeo login $options --cert-dir "$certificates" "--$verify" --username "$REGISTRY_USER" --password-stdin "$REGISTRY" </run/secrets/registry-password >/dev/null
fi
step 12 skopeo copy --quiet $options --dest-cert-dir "$certificates" "--dest-$verify" --retry-times 2 --all --preserve-digests "oci:/layout" "docker://$name@$digest"
step 13 skopeo copy --quiet $options --src-cert-dir "$certificates" --dest-cert-dir "$certificates" "--src-$verify" "--dest-$verify" --retry-times 2 --all --preserve-digests "docker://$name@$digest" "docker://$name:$tag"
step 14 skopeo inspect --raw $options --cert-dir "$certificates" "--$verify" --retry-times 2 "docker://$name:$tag" >/run/registry/manifest
echo "sha256:$(sha256sum </run/registry/manifest | cut -d' ' -f1)"
