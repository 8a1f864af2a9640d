"""Makes an image as the engine exports it into what is judged and published: an OCI layout that depends on nothing but
what is in the image.

The engine writes into the image's configuration when each layer came into its cache. Here every time becomes the one
that is given, usually the commit's. In the layers above the base image folders, or everything, can get one time too:
what ran in them left its own there. All else stays as it is, byte by byte.

It writes there too how it made each layer, and has forgotten that when it comes back with its cache: the same layers would
give another digest. So no such words are in the image, and which layers are the base image's is told by what is in them.
For people the words are written to ORIGINS. Those that a folder of WORDS has from earlier builds stand in for forgotten
ones; builds at the same time may share it.

usage: finish.py LAYOUT ORIGINS WORDS CREATED kept|folders|everything SECONDS PLATFORM=ARCHIVE=BASE…

BASE is an archive of the base image, "scratch" when there is none, or "unknown": then what is known of the engine's words
has to tell.

Of several platforms an index is made.
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

# how the engine describes a layer that it got with an image, and one of which it has forgotten the description
FROM_BASE = "import image layer "
FORGOTTEN = "rehydrated persisted snapshot"
# what the image itself says of its layers, whatever the engine remembers
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
                raise SystemExit(f"{descriptor['digest']} is not what it says")

        manifest, configuration = image_in(archive)
        # the engine takes what is built from scratch for an image of its own platform
        configuration = {key: value for key, value in configuration.items() if key not in ("os", "architecture", "variant")} | parts(platform)
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
    """What made each layer; None where nobody knows any more."""
    chain, known = b"", []
    for diff_id, text in zip(diff_ids, made_by):
        # many steps can leave the same changes, fewer of them on the same layers
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
    """Another build may read or write the same file meanwhile: it finds all of it, or nothing."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(path), delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def layers_of(base, diff_ids):
    """How many layers, from the bottom, are those of the base image; None where that cannot be seen."""
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
