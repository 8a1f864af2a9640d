"""Publishes a folder as an OCI artifact of the kind that Trivy's databases are. usage: push-artifact.py REFERENCE FOLDER"""

import gzip
import hashlib
import io
import json
import sys
import tarfile
import urllib.request

reference, folder = sys.argv[1:]
registry, _, rest = reference.partition("/")
repository, _, tag = rest.rpartition(":")
base = f"http://{registry}/v2/{repository}"


def send(method: str, url: str, body: bytes, media_type: str = "application/octet-stream"):
    request = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": media_type})
    return urllib.request.urlopen(request, timeout=60)


def push(blob: bytes, media_type: str) -> dict:
    digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
    place = send("POST", f"{base}/blobs/uploads/", b"").headers["Location"]
    if place.startswith("/"):
        place = f"http://{registry}{place}"
    send("PUT", f"{place}{'&' if '?' in place else '?'}digest={digest}", blob)
    return {"mediaType": media_type, "digest": digest, "size": len(blob)}


packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w") as archive:
    for name in ("trivy.db", "metadata.json"):
        archive.add(f"{folder}/{name}", arcname=name)

layer = push(gzip.compress(packed.getvalue()), "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip")
layer["annotations"] = {"org.opencontainers.image.title": "db.tar.gz"}
manifest = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": push(b"{}", "application/vnd.aquasec.trivy.config.v1+json"),
    "layers": [layer],
}
send("PUT", f"{base}/manifests/{tag}", json.dumps(manifest).encode(), manifest["mediaType"])
