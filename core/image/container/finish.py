"""Turns an image exported by the engine into the OCI layout that is judged and published, which depends only on the image's
contents.

The engine records in the image's configuration when each layer entered its cache. All these times become CREATED, usually the
commit's time. In the layers above the base image, folders or all files can get one time as well, because RUN and COPY leave
the time of the build. Everything else stays the same, byte by byte.

The engine also records how it created each layer, and forgets that on restart, so the same layers would get another digest.
The image therefore has no such descriptions, and the base image's layers are recognised by their contents. For people, the
descriptions are written to ORIGINS. Descriptions of earlier builds in the folder WORDS replace forgotten ones; concurrent
builds may share that folder.

usage: finish.py LAYOUT ORIGINS WORDS CREATED kept|folders|everything SECONDS PLATFORM=ARCHIVE=BASE…

BASE is an archive of the base image, "scratch", or "unknown": in that case the engine's descriptions decide.

For several platforms, an index is written.
"""

import gzip
import hashlib
import io
import itertools
import json
import os
import sys
import tarfile
import tempfile

# the engine's descriptions of a layer from a pulled image, and of a layer whose description it has forgotten
FROM_BASE = "import image layer "
FORGOTTEN = "rehydrated persisted snapshot"
# the descriptions in the published image
BASE_LAYER, OWN_LAYER = "base image", "built by Tollgate"
INDEX = "application/vnd.oci.image.index.v1+json"


def main(layout, origins_file, words, created, retimed, seconds, *images):
    blobs = os.path.join(layout, "blobs", "sha256")
    os.makedirs(blobs)
    manifests, origins = [], {}
    for image in images:
        platform, archive, base = image.split("=")
        descriptor, layers = finish(archive, base, words, blobs, created, retimed, int(seconds), platform)
        origins[descriptor["digest"]] = layers
        manifests.append(descriptor if len(images) == 1 else {**descriptor, "platform": parts(platform)})
    if len(images) == 1:
        root = manifests[0]
    else:
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
        root = {"mediaType": INDEX, **put(blobs, compact(index))}
    write(layout, "oci-layout", {"imageLayoutVersion": "1.0.0"})
    write(layout, "index.json", {"schemaVersion": 2, "mediaType": INDEX, "manifests": [root]})
    with open(origins_file, "wb") as file:
        file.write(compact(origins))


def finish(path, base, words, blobs, created, retimed, seconds, platform):
    with tarfile.open(path) as archive:

        def copy(descriptor):
            path = os.path.join(blobs, digits(descriptor))
            hashed = hashlib.sha256()
            source = archive.extractfile("blobs/sha256/" + digits(descriptor))
            with open(path, "wb") as file:
                while chunk := source.read(1 << 20):
                    hashed.update(chunk)
                    file.write(chunk)
            if hashed.hexdigest() != digits(descriptor):
                raise SystemExit(f"{descriptor['digest']} does not match its contents")

        manifest, configuration = image_in(archive)
        # the engine labels an image built from scratch with its own platform
        configuration = {
            key: value for key, value in configuration.items() if key not in ("os", "architecture", "variant")
        } | parts(platform)
        configuration["created"] = created
        diff_ids = configuration["rootfs"]["diff_ids"]
        made_by = recalled(words, diff_ids, [entry["created_by"] for entry in configuration["history"]])
        seen = layers_of(base, diff_ids)
        of_base = said_to_be_of_base(made_by) if seen is None else seen
        origins = [origin(index < of_base, text) for index, text in enumerate(made_by)]
        for index, entry in enumerate(configuration["history"]):
            entry |= {"created": created, "created_by": BASE_LAYER if index < (seen or 0) else OWN_LAYER}
        for index, layer in enumerate(manifest["layers"]):
            if retimed != "kept" and index >= of_base:
                timed = with_one_time(gzip.decompress(read(archive, layer)), seconds, only_folders=retimed == "folders")
                if timed is not None:
                    configuration["rootfs"]["diff_ids"][index] = "sha256:" + hashlib.sha256(timed).hexdigest()
                    layer |= put(blobs, gzip.compress(timed, 6, mtime=0))
                    continue
            copy(layer)
        manifest["config"] |= put(blobs, compact(configuration))
        return {"mediaType": manifest["mediaType"], **put(blobs, compact(manifest))}, origins


def image_in(archive):
    found = json.loads(archive.extractfile("index.json").read())["manifests"]
    if len(found) != 1:
        raise SystemExit(f"expected one image in the archive, there are {len(found)}")
    manifest = json.loads(read(archive, found[0]))
    configuration = json.loads(read(archive, manifest["config"]))
    layers, history = len(manifest["layers"]), configuration.get("history", [])
    if not layers == len(history) == len(configuration["rootfs"]["diff_ids"]):
        raise SystemExit(f"the archive's image has {layers} layers and a history of {len(history)}")
    return manifest, configuration


def read(archive, descriptor):
    return archive.extractfile("blobs/sha256/" + digits(descriptor)).read()


def recalled(folder, diff_ids, made_by):
    """What created each layer; None if no longer known."""
    chain, known = b"", []
    for diff_id, text in zip(diff_ids, made_by):
        # different steps can produce the same layer, but rarely on top of the same layers
        chain = hashlib.sha256(chain + diff_id.encode()).digest()
        path = os.path.join(folder, chain.hex())
        try:
            with open(path, encoding="utf-8") as file:
                before = file.read()
        except FileNotFoundError:
            before = ""
        if text != FORGOTTEN and text != before:
            keep(path, text)
        known.append((before or None) if text == FORGOTTEN else text)
    return known


def keep(path, text):
    """Written atomically, because concurrent builds may read or write the same file."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(path), delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def layers_of(base, diff_ids):
    """Number of lowest layers that belong to the base image; None if unknown."""
    if base == "unknown":
        return None
    if base == "scratch":
        return 0
    with tarfile.open(base) as archive:
        own = image_in(archive)[1]["rootfs"]["diff_ids"]
    return len(own) if diff_ids[: len(own)] == own else None


def said_to_be_of_base(made_by):
    return sum(1 for _ in itertools.takewhile(lambda text: text is not None and text.startswith(FROM_BASE), made_by))


def origin(of_base, words):
    if of_base:
        return {"kind": "base"}
    return {"kind": "forgotten"} if words is None else {"kind": "step", "words": words}


def parts(platform):
    return dict(zip(("os", "architecture", "variant"), platform.split("/")))


def put(blobs, contents):
    digest = hashlib.sha256(contents).hexdigest()
    with open(os.path.join(blobs, digest), "wb") as file:
        file.write(contents)
    return {"digest": "sha256:" + digest, "size": len(contents)}


def with_one_time(layer, seconds, only_folders):
    """The layer with one time for its folders or for all entries; None if it already has that time."""
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
