"""Reads all layers of an image and prints its contents as JSON, without a verdict.

usage: inspect_image.py LAYOUT ORIGINS
"""

import collections
import gzip
import heapq
import json
import mmap
import os
import shutil
import sys
import tarfile
import tempfile

import secret_files

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
BIGGEST = 12
# e_machine of ELF, with the names used in platforms
MACHINES = {3: "386", 21: "ppc64le", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64", 258: "loong64"}


class Layout:
    def __init__(self, folder):
        self.folder = folder

    def open(self, descriptor):
        return open(os.path.join(self.folder, "blobs", "sha256", descriptor["digest"].removeprefix("sha256:")), "rb")

    def json(self, descriptor):
        with self.open(descriptor) as file:
            return json.load(file)

    def root(self):
        with open(os.path.join(self.folder, "index.json")) as file:
            return json.load(file)["manifests"][0]

    def images(self):
        waiting = [self.root()]
        while waiting:
            descriptor = waiting.pop(0)
            document = self.json(descriptor)
            if "manifests" in document:
                waiting = document["manifests"] + waiting
            else:
                yield descriptor, document


class Files:
    """The files of an image after applying its layers."""

    def __init__(self):
        self.there = {}  # path: (layer, size)
        self.gone = []  # (path, layer, size, layer that hides it)

    def add(self, path, layer, size):
        self.hide(path, layer)
        self.there[path] = (layer, size)

    def hide(self, path, layer):
        before = self.there.pop(path, None)
        if before is not None and before[0] != layer:
            self.gone.append((path, *before, layer))

    def hide_below(self, folder, layer):
        prefix = f"{folder}/" if folder else ""
        for path in [path for path, (own, _) in self.there.items() if path.startswith(prefix) and own != layer]:
            self.hide(path, layer)

    def wasted(self):
        return sum(size for _, _, size, _ in self.gone)

    def hidden_in(self, path, layer):
        return next((by for gone, own, _, by in self.gone if gone == path and own == layer), None)


def inspect(layout, descriptor, manifest, origins):
    configuration = layout.json(manifest["config"])
    files, layers, findings, passwd, machines = Files(), [], [], b"", {}
    for index, blob in enumerate(manifest["layers"]):
        with tempfile.TemporaryFile() as plain:
            with layout.open(blob) as packed, gzip.GzipFile(fileobj=packed) as unpacked:
                shutil.copyfileobj(unpacked, plain, 1 << 20)
            size = plain.tell()
            count, found, users = read_layer(plain, index, files, machines)
        findings += found
        passwd = passwd if users is None else users
        layers.append(
            {
                "origin": origins[index],
                "size": size,
                "compressed": blob["size"],
                "files": count,
            }
        )
    everything = [(size, path, layer, None) for path, (layer, size) in files.there.items()]
    everything += [(size, path, layer, by) for path, layer, size, by in files.gone]
    biggest = heapq.nlargest(BIGGEST, everything, key=lambda one: (one[0], one[1]))
    return {
        "platform": "/".join(
            filter(None, (configuration["os"], configuration["architecture"], configuration.get("variant")))
        ),
        "digest": descriptor["digest"],
        "config": {
            key: configuration.get("config", {}).get(key)
            for key in ("User", "Env", "Entrypoint", "Cmd", "Healthcheck", "Shell", "OnBuild", "Labels")
        },
        "layers": layers,
        "biggest": [{"path": path, "size": size, "layer": layer, "goneIn": by} for size, path, layer, by in biggest],
        "wasted": files.wasted(),
        "users": users_of(passwd),
        "programs": dict(collections.Counter(machine for path, machine in machines.items() if path in files.there)),
        "findings": [
            {**finding, "goneIn": files.hidden_in(finding.pop("of", finding["path"]), finding["layer"])}
            for finding in findings
        ],
    }


def read_layer(plain, index, files, machines):
    """The number of files, what looks like a secret, and /etc/passwd if the layer has one."""
    if plain.tell() == 0:
        return 0, [], None
    findings, passwd, count, repositories = [], None, 0, set()
    plain.seek(0)
    with (
        mmap.mmap(plain.fileno(), 0, access=mmap.ACCESS_READ) as view,
        tarfile.open(fileobj=plain, mode="r:") as entries,
    ):
        for entry in entries:
            path = entry.name.removeprefix("./").strip("/")
            folder, _, name = path.rpartition("/")
            if name == OPAQUE:
                files.hide_below(folder, index)
                continue
            if name.startswith(WHITEOUT):
                hidden = f"{folder}/{name.removeprefix(WHITEOUT)}".lstrip("/")
                files.hide(hidden, index)
                files.hide_below(hidden, index)
                continue
            if entry.isdir():
                continue
            count += 1
            # the bytes of a hard link count for its other name
            files.add(path, index, entry.size if entry.isreg() else 0)
            if not entry.isreg() or entry.size == 0:
                continue
            header = view[entry.offset_data : entry.offset_data + 20]
            if header[:4] == b"\x7fELF" and len(header) == 20:
                machines[path] = MACHINES.get(int.from_bytes(header[18:20], "little"), "another processor")
            if path == "etc/passwd":
                passwd = view[entry.offset_data : entry.offset_data + entry.size]
            repository = git_folder(path)
            if repository is not None:
                # one finding per repository; its first file tells whether it was deleted
                if repository not in repositories:
                    repositories.add(repository)
                    findings.append({"kind": "git-folder", "path": repository, "layer": index, "of": path})
                continue
            kind = look_into(path, entry, view)
            if kind is not None:
                findings.append({"kind": kind, "path": path, "layer": index})
    return count, findings, passwd


def git_folder(path):
    parts = path.split("/")
    return "/".join(parts[: parts.index(".git") + 1]) if ".git" in parts[:-1] else None


def look_into(path, entry, view):
    begin, end = entry.offset_data, entry.offset_data + entry.size
    kind = secret_files.by_name(path)
    if kind is None and secret_files.read_it(path, entry.size) and entry.size <= secret_files.LARGEST_TEXT:
        kind = secret_files.by_text(path, view[begin:end].decode("utf-8", "replace"))
    if kind is None and view.find(secret_files.MARK, begin, end) >= 0 and secret_files.private_key(view[begin:end]):
        kind = "private-key"
    return "package-test-key" if kind in ("private-key", "keystore") and secret_files.of_package_tests(path) else kind


def users_of(passwd):
    fields = [line.split(":") for line in passwd.decode("utf-8", "replace").splitlines()]
    return [{"name": parts[0], "uid": int(parts[2])} for parts in fields if len(parts) > 2 and parts[2].isdigit()]


def main():
    layout = Layout(sys.argv[1])
    with open(sys.argv[2]) as file:
        origins = json.load(file)
    images = [
        inspect(layout, descriptor, manifest, origins[descriptor["digest"]]) for descriptor, manifest in layout.images()
    ]
    json.dump({"digest": layout.root()["digest"], "images": images}, sys.stdout)


if __name__ == "__main__":
    main()
