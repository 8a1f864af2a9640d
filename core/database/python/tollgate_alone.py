"""Runs a program where one database can be reached and nothing else: in a network of its own, in which this program answers at the
database's name and port and passes on every byte.

    tollgate_alone.py BRIDGE PROGRAM ARGUMENT…

BRIDGE is JSON: {"host": …, "port": …, "to": {"socket": PATH} or {"host": …, "port": …}}: where the program finds the database, and
where it is; with "root", the files that the program sees instead of these, and "folder", where among them it begins. Needs CAP_SYS_ADMIN for the network; the program gets no more rights than a container's programs have.
"""

import array
import ctypes
import fcntl
import ipaddress
import json
import os
import signal
import socket
import struct
import sys
import tempfile
import threading

LIBC = ctypes.CDLL(None, use_errno=True)
NEW_MOUNTS, NEW_NETWORK = 0x00020000, 0x40000000
BIND, PRIVATE, RECURSIVE = 4096, 1 << 18, 16384
SET_ADDRESS, SET_MASK, GET_FLAGS, SET_FLAGS, UP = 0x8916, 0x891C, 0x8913, 0x8914, 1
DEATH_SIGNAL, DROP_BOUNDING, NO_NEW_PRIVILEGES, DUMPABLE, AMBIENT, CLEAR_AMBIENT = 1, 24, 38, 4, 47, 4
CAPABILITY_VERSION = 0x20080522
# what a container's root may do: https://docs.docker.com/engine/security/#linux-kernel-capabilities, without devices and raw sockets
CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, BIND_SERVICE, CHROOT = (
    0,
    1,
    3,
    4,
    5,
    6,
    7,
    8,
    10,
    18,
)
KEPT = sum(1 << one for one in (CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, BIND_SERVICE, CHROOT))
BLOCK = 1 << 18
FREE_BIND = 78
FAILED = 97


def main(bridge, program):
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        here.close()
        try:
            enclose(bridge, there)
            os.execvp(program[0], program)
        except OSError as error:
            print(f"tollgate: no network of its own for the migration: {error}", file=sys.stderr)
            os._exit(FAILED)
    there.close()
    # processes inside must not read this one, which is outside
    LIBC.prctl(DUMPABLE, 0, 0, 0, 0)
    threading.Thread(target=pass_on, args=(here, bridge["to"]), daemon=True).start()
    _, status = os.waitpid(child, 0)
    code = (
        os.waitstatus_to_exitcode(status)
        if hasattr(os, "waitstatus_to_exitcode")
        else (os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status))
    )
    sys.stderr.flush()
    # as a shell has it: 128 and the signal's number
    os._exit(code if code >= 0 else 128 - code)


def enclose(bridge, parent):
    checked(LIBC.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0))
    checked(LIBC.unshare(NEW_NETWORK | NEW_MOUNTS))
    raise_loopback()
    listener = listen(bridge["host"], bridge["port"])
    parent.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [listener.fileno()]))])
    listener.close()
    parent.close()
    if "root" in bridge:
        enter(bridge["root"], bridge["folder"])
    drop_rights()


def enter(root, folder):
    """Another image's files: it needs neither Python nor anything of ours."""
    for name in ("/proc", "/dev", "/sys", "/etc"):
        os.makedirs(root + name, exist_ok=True)
    with open("/etc/hosts", encoding="utf-8") as own, open(f"{root}/etc/hosts", "w", encoding="utf-8") as file:
        file.write(own.read())
    for name in ("/proc", "/dev", "/sys"):
        checked(LIBC.mount(name.encode(), (root + name).encode(), None, BIND | RECURSIVE, None))
    os.chroot(root)
    os.chdir(folder)


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        name = b"lo".ljust(16, b"\0")
        (flags,) = struct.unpack_from("16xH", fcntl.ioctl(handle, GET_FLAGS, name.ljust(40, b"\0")))
        fcntl.ioctl(handle, SET_FLAGS, struct.pack("16sH22x", name, flags | UP))


def listen(host, port):
    """At the address that the program will look for: its own where it is written as one, else by a line of /etc/hosts."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = ipaddress.ip_address("127.0.0.1")
    if not address.is_loopback:
        own_address(address)
    write_hosts("" if str(address) == host or host == "localhost" else f"127.0.0.1 {host}\n")
    listener = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if address.version == 6:
        # its address takes a moment to be there
        listener.setsockopt(socket.IPPROTO_IPV6, FREE_BIND, 1)
    listener.bind((str(address), port))
    listener.listen(128)
    return listener


def own_address(address):
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as handle:
        if address.version == 4:
            for what, value in ((SET_ADDRESS, address.packed), (SET_MASK, b"\xff" * 4)):
                fcntl.ioctl(handle, what, struct.pack("16sHH4s16x", b"lo:0", socket.AF_INET, 0, value))
        else:
            fcntl.ioctl(handle, SET_ADDRESS, struct.pack("16sIi", address.packed, 128, socket.if_nametoindex("lo")))


def write_hosts(line):
    checked(LIBC.mount(b"none", b"/", None, RECURSIVE | PRIVATE, None))
    with tempfile.NamedTemporaryFile("w", suffix=".hosts", delete=False) as file:
        file.write(f"127.0.0.1 localhost\n{line}")
    os.chmod(file.name, 0o644)
    checked(LIBC.mount(file.name.encode(), b"/etc/hosts", None, BIND, None))
    os.unlink(file.name)


def drop_rights():
    checked(LIBC.prctl(AMBIENT, CLEAR_AMBIENT, 0, 0, 0))
    for one in range(64):
        if not KEPT >> one & 1 and LIBC.prctl(DROP_BOUNDING, one, 0, 0, 0) != 0:
            break_if_unknown(one)
    kept = KEPT if os.geteuid() == 0 else 0
    header = struct.pack("Ii", CAPABILITY_VERSION, 0)
    checked(LIBC.capset(header, struct.pack("6I", kept, kept, 0, 0, 0, 0)))
    checked(LIBC.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))


def break_if_unknown(capability):
    # a kernel that does not know it has no such right to give
    if ctypes.get_errno() != 22:
        raise OSError(ctypes.get_errno(), f"capability {capability} was not dropped")


def checked(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def pass_on(parent, to):
    _, ancillary, _, _ = parent.recvmsg(1, socket.CMSG_SPACE(4))
    if not ancillary:
        return
    listener = socket.socket(fileno=array.array("i", ancillary[0][2][:4])[0])
    while True:
        client, _ = listener.accept()
        threading.Thread(target=connect, args=(client, to), daemon=True).start()


def connect(client, to):
    try:
        server = reach(to)
    except OSError as error:
        print(f"tollgate: the database was not reached: {error}", file=sys.stderr, flush=True)
        client.close()
        return
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    pump(server, client)


def reach(to):
    if "socket" in to:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.connect(to["socket"])
        return server
    server = socket.create_connection((to["host"], to["port"]), 15)
    server.settimeout(None)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return server


def pump(source, target):
    block = bytearray(BLOCK)
    view = memoryview(block)
    try:
        while (size := source.recv_into(block)) > 0:
            target.sendall(view[:size])
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # one side is gone: so is the connection
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
