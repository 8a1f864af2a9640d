"""Makes an image as the engine exports it into what is judged and published: an OCI layout that depends on nothing but
what is in the image.

The engine writes into the image's configuration when each layer came into its cache. Here every time becomes the one
that is given, usually the commit's. In the layers above the base image folders, or everything, can get one time too:
what ran in them left its own there. All else stays as it is, byte by byte.

usage: finish.py LAYOUT CREATED kept|folders|everything SECONDS PLATFORM=ARCHIVE…

Of several platforms an index is made.
"""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile

# how the engine describes a layer that it got with an image
FROM_BASE = "import image layer "
INDEX = "application/vnd.oci.image.index.v1+json"


def main(layout, created, retimed, seconds, *images):
    blobs = os.path.join(layout, "blobs", "sha256")
    os.makedirs(blobs)
    manifests = []
    for image in images:
        platform, _, archive = image.partition("=")
        descriptor = finish(archive, blobs, created, retimed, int(seconds), platform)
        manifests.append(descriptor if len(images) == 1 else {**descriptor, "platform": parts(platform)})
    if len(images) == 1:
        root = manifests[0]
    else:
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
        root = {"mediaType": INDEX, **put(blobs, compact(index))}
    write(layout, "oci-layout", {"imageLayoutVersion": "1.0.0"})
    write(layout, "index.json", {"schemaVersion": 2, "mediaType": INDEX, "manifests": [root]})


def finish(path, blobs, created, retimed, seconds, platform):
    with tarfile.open(path) as archive:

        def read(descriptor):
            return archive.extractfile("blobs/sha256/" + digits(descriptor)).read()

        def copy(descriptor):
            path = os.path.join(blobs, digits(descriptor))
            hashed = hashlib.sha256()
            source = archive.extractfile("blobs/sha256/" + digits(descriptor))
            with open(path, "wb") as file:
                while chunk := source.read(1 << 20):
                    hashed.update(chunk)
                    file.write(chunk)
            if hashed.hexdigest() != digits(descriptor):
                raise SystemExit(f"{descriptor['digest']} is not what it says")

        found = json.loads(archive.extractfile("index.json").read())["manifests"]
        if len(found) != 1:
            raise SystemExit(f"expected one image in the archive, there are {len(found)}")
        manifest = json.loads(read(found[0]))
        configuration = json.loads(read(manifest["config"]))
        # the engine takes what is built from scratch for an image of its own platform
        configuration = {key: value for key, value in configuration.items() if key not in ("os", "architecture", "variant")} | parts(platform)
        configuration["created"] = created
        for entry in configuration.get("history", []):
            entry["created"] = created
        for index, layer in enumerate(manifest["layers"]):
            created_by = configuration["history"][index]["created_by"]
            if retimed != "kept" and not created_by.startswith(FROM_BASE):
                timed = with_one_time(gzip.decompress(read(layer)), seconds, only_folders=retimed == "folders")
                if timed is not None:
                    configuration["rootfs"]["diff_ids"][index] = "sha256:" + hashlib.sha256(timed).hexdigest()
                    layer |= put(blobs, gzip.compress(timed, 6, mtime=0))
                    continue
            copy(layer)
        manifest["config"] |= put(blobs, compact(configuration))
        return {"mediaType": manifest["mediaType"], **put(blobs, compact(manifest))}


def parts(platform):
    return dict(zip(("os", "architecture", "variant"), platform.split("/")))


def put(blobs, contents):
    digest = hashlib.sha256(contents).hexdigest()
    with open(os.path.join(blobs, digest), "wb") as file:
        file.write(contents)
    return {"digest": "sha256:" + digest, "size": len(contents)}


def with_one_time(layer, seconds, only_folders):
    """The layer with one time for its folders or for everything in it; None when that is how it is."""
    patched = bytearray(layer)
    changed = False
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:") as entries:
        for entry in entries:
            if "mtime" in entry.pax_headers:
                raise SystemExit(f"{entry.name} has a time in fractions of a second")
            if entry.mtime == seconds or (only_folders and not entry.isdir()):
                continue
            begin = entry.offset_data - tarfile.BLOCKSIZE
            header = patched[begin : begin + tarfile.BLOCKSIZE]
            header[136:148] = b"%011o\0" % seconds
            header[148:156] = b" " * 8
            header[148:156] = b"%06o\0 " % sum(header)
            patched[begin : begin + tarfile.BLOCKSIZE] = header
            changed = True
    return bytes(patched) if changed else None


def compact(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def write(layout, name, document):
    with open(os.path.join(layout, name), "wb") as file:
        file.write(compact(document))


def digits(descriptor):
    return descriptor["digest"].removeprefix("sha256:")


if __name__ == "__main__":
    main(*sys.argv[1:])
