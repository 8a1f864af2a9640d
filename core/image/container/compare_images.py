"""Compares two images of the same source. usage: compare_images.py LAYOUT OTHER ORIGINS

Prints JSON: `differences`, lines for people, empty if the images are identical byte by byte; and `copied`, folders created by
COPY. They have the time of the build, and the second image has them from the engine's cache. ORIGINS belongs to the second
image: a layer without a description was not built now.
"""

import gzip
import hashlib
import json
import os
import sys
import tarfile

MOST = 5
# the engine's description of a layer from COPY or ADD
COPY = "DockerfileCompat"
OTHER_ORIGINS = {"base": "the base image", "forgotten": "a step of an earlier build"}


def images(folder):
    def load(descriptor):
        with open(path(folder, descriptor), "rb") as file:
            return json.load(file)

    with open(os.path.join(folder, "index.json")) as file:
        waiting = json.load(file)["manifests"]
    while waiting:
        descriptor = waiting.pop(0)
        document = load(descriptor)
        if "manifests" in document:
            waiting = document["manifests"] + waiting
        else:
            yield descriptor["digest"], document, load(document["config"])


def path(folder, descriptor):
    return os.path.join(folder, "blobs", "sha256", descriptor["digest"].removeprefix("sha256:"))


def entries(file_name):
    """A layer's entries: for each path the attributes that must be equal, under readable names."""
    held = {}
    with gzip.open(file_name) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
        for entry in archive:
            contents = hashlib.sha256()
            if entry.isreg():
                file = archive.extractfile(entry)
                while chunk := file.read(1 << 20):
                    contents.update(chunk)
            held[entry.name] = {
                "contents": (entry.size, contents.digest()),
                "time": entry.mtime,
                "mode": entry.mode,
                "owner": (entry.uid, entry.gid),
                "type": entry.type,
                "link": entry.linkname,
            }
    return held


def compare_layers(one, other):
    names = sorted(one.keys() | other.keys())
    different = []
    for name in names:
        if name not in one or name not in other:
            different.append(f"/{name}: only in one of the images")
        elif one[name] != other[name]:
            aspects = [aspect for aspect in one[name] if one[name][aspect] != other[name][aspect]]
            different.append(f"/{name}: {' and '.join(aspects)}")
    if not different:
        return ["the same files in another order or compression"]
    # contents first: a time is rarely the cause
    different.sort(key=lambda line: ("contents" not in line, "only in" not in line))
    more = [f"and {len(different) - MOST} more"] if len(different) > MOST else []
    return different[:MOST] + more


def main(folder, other, origins):
    with open(origins) as file:
        origins = json.load(file)
    lines, copied = [], []
    for (_, manifest, config), (digest, manifest2, config2) in zip(images(folder), images(other)):
        if len(manifest["layers"]) != len(manifest2["layers"]):
            lines.append(f"{len(manifest['layers'])} layers and {len(manifest2['layers'])}")
            continue
        for index, (layer, layer2) in enumerate(zip(manifest["layers"], manifest2["layers"])):
            origin = origins[digest][index]
            made = " ".join(origin.get("words", OTHER_ORIGINS.get(origin["kind"])).split())
            if layer["digest"] == layer2["digest"]:
                if COPY in made or origin["kind"] == "forgotten":
                    copied += [
                        f"/{name}"
                        for name, entry in entries(path(folder, layer)).items()
                        if entry["type"] == tarfile.DIRTYPE
                    ]
                continue
            lines.append(f"layer {index + 1}, {made}")
            lines += [
                f"  {line}" for line in compare_layers(entries(path(folder, layer)), entries(path(other, layer2)))
            ]
        if config["config"] != config2["config"]:
            lines.append("the configuration")
    json.dump({"differences": lines, "copied": copied}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
