# SPDX-License-Identifier: 0BSD
"""Roots of systems: os-release and the package database of each kind, from a version."""

import pathlib
import sqlite3
import struct
import subprocess

RELEASES = {
    "debian": "ID=debian\nVERSION_CODENAME=trixie\n",
    "ubuntu": "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\n",
    "kali": "ID=kali\nID_LIKE=debian\n",
    "fedora": "ID=fedora\nVERSION_ID=40\n",
    "opensuse": "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n",
    "arch": "NAME=\"Arch Linux\"\nID=arch\n",
    "alpine": "ID=alpine\n",
    "gentoo": "ID='gentoo'\n",
    "rhel": "ID=\"rhel\"\nID_LIKE=\"fedora\"\n",
    "void": "ID=\"void\"\n",
    "kairos": "ID=kairos\n",
    "other": "ID=other\n",
}


def put(root, name, content):
    path = pathlib.Path(root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def dpkg(root, version, name="liblzma5", status="install ok installed"):
    put(root, "var/lib/dpkg/status",
        f"Package: base-files\nStatus: install ok installed\nVersion: 13\n\n"
        f"Package: {name}\nStatus: {status}\nArchitecture: amd64\nVersion: {version}\n"
        f"Description: x\n Version: 5.6.1-1\n .\n Package: liblzma5\n\n")


def dpkg_status_d(root, version, name="liblzma5"):
    """What images without dpkg have."""
    put(root, f"var/lib/dpkg/status.d/{name}", f"Package: {name}\nVersion: {version}\n")
    put(root, f"var/lib/dpkg/status.d/{name}.md5sums", "Package: liblzma5\nVersion: 5.6.1-1\n")


def apk(root, version, name="xz-libs"):
    put(root, "lib/apk/db/installed",
        f"C:Q1\nP:musl\nV:1.2.5-r0\n\nC:Q1\nP:{name}\nV:{version}\nA:x86_64\n\n")


def pacman(root, version, name="xz"):
    put(root, f"var/lib/pacman/local/{name}-{version}/desc",
        f"%NAME%\n{name}\n\n%VERSION%\n{version}\n\n%DESC%\n%VERSION%\n\n")
    put(root, "var/lib/pacman/local/ALPM_DB_VERSION", "9\n")


def xbps(root, version, name="liblzma"):
    """A property list: each package a key and a dictionary."""
    packages = "".join(f"<key>{each}</key>\n<dict>\n<key>pkgname</key>\n<string>{each}</string>\n"
                       f"\t<key>pkgver</key>\n\t<string>{each}-{text}</string>\n</dict>\n"
                       for each, text in (("base-files", "0.145_1"), (name, version)))
    put(root, "var/db/xbps/pkgdb-0.38.plist", f"<plist version=\"1.0\">\n<dict>\n{packages}</dict>")


def rpm_header(name, version, release, padding=0):
    """A header as the database holds it: name, version, release, a long description."""
    store, entries = b"", b""
    for tag, text in ((1000, name), (1001, version), (1002, release), (1005, "d" * padding)):
        entries += struct.pack(">IIII", tag, 6, len(store), 1)
        store += text.encode() + b"\0"
    return struct.pack(">II", 4, len(store)) + entries + store


def split_rpm(version):
    number, _, release = version.rpartition("-")
    return number, release


def rpm_sqlite(root, version, name="xz-libs", page_size=4096):
    """The table that rpm makes; long blobs use overflow pages, many rows inner pages."""
    folder = pathlib.Path(root, "usr/lib/sysimage/rpm")
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "rpmdb.sqlite") as db:
        db.execute(f"PRAGMA page_size = {page_size}")
        db.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, "
                   "blob BLOB NOT NULL)")
        for number in range(60):
            blob = rpm_header(f"filler{number}", "1", "1", 100 * number)
            db.execute("INSERT INTO Packages (blob) VALUES (?)", (blob,))
        blob = rpm_header(name, *split_rpm(version), padding=70000)
        db.execute("INSERT INTO Packages (blob) VALUES (?)", (blob,))
    db.close()


def rpm_sqlite_wal(root, version, name="xz-libs", before="5.4.6-1.fc40"):
    """The same with its last change in the log, as after a crash: `before` was replaced."""
    rpm_sqlite(root, before, name)
    folder = pathlib.Path(root, "usr/lib/sysimage/rpm")
    db = sqlite3.connect(folder / "rpmdb.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA wal_autocheckpoint = 0")
    for number in (1, 2):
        blob = rpm_header(name, *split_rpm(version), padding=9000 * number)
        db.execute("DELETE FROM Packages WHERE hnum = (SELECT MAX(hnum) FROM Packages)")
        db.execute("INSERT INTO Packages (blob) VALUES (?)", (blob,))
        db.commit()
    files = {each: (folder / each).read_bytes() for each in ("rpmdb.sqlite", "rpmdb.sqlite-wal")}
    db.close()
    for each, content in files.items():
        put(folder, each, content)


def rpm_bdb(root, version, name="xz-libs", order="<", page_size=4096):
    """A hash table of Berkeley DB: values in overflow pages, keys and pointers in one page."""
    pages, entries = [b"", b""], [(struct.pack("<I", 0), struct.pack("<I", 2))]

    def page(kind, number, following, count, offset, content):
        head = struct.pack(order + "8xIIIHHBB", number, 0, following, count, offset, 0, kind)
        return (head + content).ljust(page_size, b"\0")
    for number, (each, text) in enumerate((("filler", "1-1"), (name, version)), 1):
        blob = rpm_header(each, *split_rpm(text), padding=9000)
        entries.append((struct.pack("<I", number),
                        b"\3\0\0\0" + struct.pack(order + "II", len(pages), len(blob))))
        room = page_size - 26
        parts = [blob[i:i + room] for i in range(0, len(blob), room)]
        for part in parts:
            following = len(pages) + 1 if part is not parts[-1] else 0
            pages.append(page(7, len(pages), following, 1, len(part), part))
    offsets, data = [], b""
    for key, value in entries:
        for item in (b"\1" + key, value if value[:1] == b"\3" else b"\1" + value):
            data = item + data
            offsets.append(page_size - len(data))
    table = struct.pack(f"{order}{len(offsets)}H", *offsets)
    filling = bytes(page_size - 26 - len(table) - len(data))
    pages[1] = page(13, 1, 0, len(offsets), offsets[-1], table + filling + data)
    meta = struct.pack(order + "8xIIII4BII", 0, 0x061561, 9, page_size, 0, 8, 0, 0, 0,
                       len(pages) - 1)
    pages[0] = meta.ljust(page_size, b"\0")
    put(root, "var/lib/rpm/Packages", b"".join(pages))


def rpm_bdb_big_endian(root, version, name="xz-libs"):
    rpm_bdb(root, version, name, ">", 512)


def rpm_bdb_loaded(root, version, name="xz-libs"):
    """The same as Berkeley DB itself writes it."""
    lines = ["VERSION=3", "format=bytevalue", "type=hash", "db_pagesize=4096", "HEADER=END",
             " 00000000", " 03000000"]
    for number in range(1, 41):
        each, text = (name, version) if number == 17 else (f"filler{number}", "1-1")
        blob = rpm_header(each, *split_rpm(text), padding=number * 400)
        lines += [f" {struct.pack('<I', number).hex()}", f" {blob.hex()}"]
    path = pathlib.Path(root, "var/lib/rpm/Packages")
    path.parent.mkdir(parents=True)
    subprocess.run(["db5.3_load", path], check=True,
                   input="\n".join([*lines, "DATA=END", ""]).encode())


def rpm_ndb(root, version, name="liblzma5"):
    """rpm's own format: a page of slots, then blobs at multiples of 16."""
    data = bytearray(b"RpmP" + struct.pack("<IIII", 0, 1, 1, 3) + bytes(12)).ljust(4096, b"\0")
    for number, (each, text) in enumerate((("filler", "1-1"), (name, version)), 1):
        blob = rpm_header(each, *split_rpm(text), padding=300)
        struct.pack_into("<4sIII", data, 32 + 16 * number, b"Slot", number, len(data) // 16,
                         (len(blob) + 28 + 15) // 16)
        data += b"BlbS" + struct.pack("<III", number, 1, len(blob)) + blob
        data += bytes(-len(data) % 16) + b"BlbE" + bytes(12)
    put(root, "usr/lib/sysimage/rpm/Packages.db", bytes(data))


def gentoo(root, version):
    put(root, f"var/db/pkg/app-arch/xz-utils-{version}/PF", f"xz-utils-{version}\n")


def homebrew(root, version):
    put(root, f"home/linuxbrew/.linuxbrew/Cellar/xz/{version}/INSTALL_RECEIPT.json", "{}")


def nix(root, version):
    put(root, f"nix/store/{'0' * 32}-xz-{version}/bin/xz", "#!/bin/sh\n")


def make_root(root, distro, database, *arguments, **more):
    """A root with an os-release and one database."""
    put(root, "etc/os-release", RELEASES[distro])
    database(root, *arguments, **more)
    return root
