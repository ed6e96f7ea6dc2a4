# SPDX-License-Identifier: 0BSD
"""Programs of the system run on our liblzma.so.5 and behave as they do on their own.

usage: clients_test.py LIBRARY

A scenario is a shell script. It runs twice, in two empty folders, with the system's
library and with ours (LD_LIBRARY_PATH). Exit status of every line, and what the script
writes to the file `result`, must be equal; the dynamic linker's own log (LD_DEBUG=libs)
must show that the program used our library. Compressed bytes may differ, so scenarios
put into `result` what they restored.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

# Made before each scenario: `text`, `text.xz`, `bad.xz` (damaged), `cut.xz` (cut off).
PREPARE = r"""
cat /usr/share/common-licenses/* > text 2>/dev/null
/usr/bin/xz -k -T2 --block-size=64KiB text
/usr/bin/xz --format=lzma -k text
size=$(stat -c %s text.xz)
head -c $((size / 2)) text.xz > cut.xz
{ head -c 5000 text.xz; printf 'DAMAGE'; tail -c +5007 text.xz; } > bad.xz
"""

# name, program that must load our library, script
SCENARIOS = [
    ("python3 lzma module", "/usr/bin/python3", r"""
cat > t.py <<'END'
import lzma, sys
data = open('text', 'rb').read()
out = b''
for form, check in ((lzma.FORMAT_XZ, lzma.CHECK_SHA256), (lzma.FORMAT_ALONE, -1)):
    for preset in (0, 6, 9 | lzma.PRESET_EXTREME):
        out += lzma.decompress(lzma.compress(data, form, check, preset))
chain = [{'id': lzma.FILTER_DELTA, 'dist': 4}, {'id': lzma.FILTER_X86},
         {'id': lzma.FILTER_LZMA2, 'preset': 3, 'lc': 1, 'lp': 2}]
out += lzma.decompress(lzma.compress(data, lzma.FORMAT_RAW, filters=chain),
                       lzma.FORMAT_RAW, filters=chain)
with lzma.open('text.xz') as f:
    f.seek(100000); out += f.read(1000)
for name in ('bad.xz', 'cut.xz', 'text'):
    try:
        lzma.open(name).read()
    except (lzma.LZMAError, EOFError) as error:
        out += str(error).encode()
open('result', 'wb').write(out)
END
/usr/bin/python3 t.py
"""),
    ("levels as libarchive's own tests compare them", "/usr/bin/python3", r"""
cat > t.py <<'END'
import io, lzma, tarfile
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode='w', format=tarfile.USTAR_FORMAT) as tar:
    for i in range(100):
        member = tarfile.TarInfo(f'file{i:03}')
        member.size = 10000
        tar.addfile(member, io.BytesIO(bytes(10000)))
def size(**options):
    chain = [{'id': lzma.FILTER_LZMA1, **options}]
    return len(lzma.compress(archive.getvalue(), lzma.FORMAT_RAW, filters=chain))
least = size(dict_size=1 << 16, nice_len=32, mf=lzma.MF_HC3, mode=lzma.MODE_FAST)
usual = size(dict_size=1 << 23, nice_len=64, mf=lzma.MF_BT4, mode=lzma.MODE_NORMAL)
most = size(dict_size=1 << 25, nice_len=64, mf=lzma.MF_BT4, mode=lzma.MODE_NORMAL)
open('result', 'w').write(f'{usual < least} {most <= usual}\n')
END
/usr/bin/python3 t.py
"""),
    ("bsdtar", "bsdtar", r"""
mkdir in out; cp text in/a; cp text.xz in/b
bsdtar -c -J -f t.tar.xz in
bsdtar -c --lzma -f t.tar.lzma in
bsdtar -c -J --options xz:threads=2 -f t2.tar.xz in
bsdtar -x -f t.tar.xz -C out; cat out/in/a >> result; rm -r out/in
bsdtar -x -f t.tar.lzma -C out; cat out/in/b >> result; rm -r out/in
bsdtar -x -f t2.tar.xz -C out; cat out/in/a >> result
head -c 200000 t.tar.xz | head -c -60 > c.tar.xz; bsdtar -t -f c.tar.xz
"""),
    ("dpkg-deb", "dpkg-deb", r"""
mkdir -p p/DEBIAN p/usr/share/x; cp text p/usr/share/x/
printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x.x>\nDescription: x\n' \
    > p/DEBIAN/control
dpkg-deb -Zxz -z6 --root-owner-group -b p x.deb
dpkg-deb -Zxz -z9 -Sextreme --root-owner-group -b p y.deb
dpkg-deb -x x.deb out; cat out/usr/share/x/text > result
dpkg-deb -f y.deb >> result
dpkg-deb --fsys-tarfile y.deb | tar -xO ./usr/share/x/text >> result
size=$(stat -c %s x.deb); head -c $((size - 3000)) x.deb > c.deb; dpkg-deb -x c.deb out2
"""),
    ("apt-helper", "/usr/lib/apt/apt-helper", r"""
/usr/lib/apt/apt-helper cat-file text.xz > result
/usr/lib/apt/apt-helper cat-file text.lzma >> result
/usr/lib/apt/apt-helper cat-file bad.xz > out
/usr/lib/apt/apt-helper cat-file cut.xz > out
"""),
    ("file -z", "file", r"""
file -b -z text.xz text.lzma > result
file -b -z bad.xz > out
"""),
    ("xmllint", "xmllint", r"""
{ echo '<a>'; for i in $(seq 3000); do echo "<b n='$i'>text</b>"; done; echo '</a>'; } > x.xml
/usr/bin/xz x.xml
xmllint --xpath 'count(//b)' x.xml.xz > result
head -c 300 x.xml.xz > y.xml.xz; xmllint --noout y.xml.xz
"""),
    ("zstd", "zstd", r"""
zstd -q --format=xz -6 -k text -o t.xz; zstd -q --format=lzma -3 -k text -o t.lzma
zstd -q -d -c t.xz > result; zstd -q -d -c t.lzma >> result
/usr/bin/env -u LD_LIBRARY_PATH /usr/bin/xz -dc t.xz >> result
zstd -q -d -c bad.xz > out
zstd -q -d -c cut.xz > out
"""),
    ("pixz", "pixz", r"""
mkdir in; cp text in/a; tar -cf t.tar in
pixz -2 t.tar t.tpxz; pixz -d t.tpxz t2.tar; cat t2.tar | tar -xO > result
pixz -l t.tpxz >> result
pixz -x in/a < t.tpxz | tar -xO >> result
pixz -d < text.xz >> result
"""),
    ("mksquashfs", "mksquashfs", r"""
mkdir in; cp text in/a; cp /bin/ls in/ls
mksquashfs in s.img -comp xz -Xbcj x86 -Xdict-size 100% -no-progress -quiet
mksquashfs in s2.img -comp lzma -no-progress -quiet
"""),
    ("unsquashfs", "unsquashfs", r"""
mkdir in; cp text in/a; cp /bin/ls in/ls
env -u LD_LIBRARY_PATH mksquashfs in s.img -comp xz -no-progress -quiet
unsquashfs -no-progress -quiet -d out s.img; cat out/a out/ls > result
"""),
    ("modinfo", "modinfo", r"""
printf '%s\n' '#define S __attribute__((section(".modinfo"), used))' \
    'static const char a[] S = "license=0BSD";' \
    'static const char b[] S = "description=made for a test";' > m.c
cc -c m.c -o m.ko; /usr/bin/xz --check=crc32 m.ko
modinfo ./m.ko.xz | grep -v filename > result
head -c 200 m.ko.xz > c.ko.xz; modinfo ./c.ko.xz
"""),
    ("gdb with mini-debuginfo", "gdb", r"""
printf '%s\n' '#include <stdio.h>' \
    'static __attribute__((noinline)) int hidden_one(int x) { return printf("%d", x); }' \
    'int main(int c, char **v) { (void)v; return hidden_one(c); }' > g.c
cc -O1 g.c -o g
objcopy --only-keep-debug g g.debug; objcopy -S --keep-symbol=hidden_one g.debug g.mini
/usr/bin/xz g.mini; strip -s g; objcopy --add-section .gnu_debugdata=g.mini.xz g
gdb -nx -batch -ex 'info address hidden_one' ./g > result
"""),
]


def run(script, folder, library_folder):
    """Runs one scenario; returns (statuses, result file, linker's log)."""
    folder.mkdir()
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder),
                   "LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": "1700000000"}
    if library_folder is not None:
        environment["LD_LIBRARY_PATH"] = str(library_folder)
    subprocess.run(["sh", "-c", PREPARE], cwd=folder, check=True,
                   env={"PATH": environment["PATH"]}, stderr=subprocess.DEVNULL)
    # Each line of the script reports its status; LD_DEBUG goes to files.
    traced = f"""export LD_DEBUG=libs LD_DEBUG_OUTPUT={folder}/ld
trap 'echo $? >> {folder}/status' DEBUG
{script}
echo $? >> {folder}/status
"""
    done = subprocess.run(["bash", "-c", traced], cwd=folder, env=environment,
                          check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=300)
    log = "".join(path.read_text(errors="replace") for path in folder.glob("ld.*"))
    result = folder / "result"
    return ((folder / "status").read_text().split(),
            result.read_bytes() if result.exists() else b"",
            log, done.stdout.decode("utf-8", "replace"))


def used_our_library(log, program, library_folder):
    """True if some process of program initialised our library."""
    del program
    return f"{library_folder}/liblzma.so.5" in log and any(
        "calling init" in line and str(library_folder) in line
        for line in log.splitlines())


def check(name, program, script, library_folder, folder):
    """Runs a scenario on both libraries; returns what is wrong."""
    theirs = run(script, folder / "theirs", None)
    ours = run(script, folder / "ours", library_folder)
    problems = []
    if theirs[0] != ours[0]:
        problems.append(f"exit statuses {theirs[0]} on the system's, {ours[0]} on ours")
    if theirs[1] != ours[1]:
        problems.append(f"results differ: {theirs[1][-300:]!r} and {ours[1][-300:]!r}")
    if not theirs[1] and "result" in script:
        problems.append("the scenario gave no result on the system's library")
    if not used_our_library(ours[2], program, library_folder):
        problems.append("our library was not used")
    if problems:
        problems.append("output: " + ours[3][-1500:])
    return problems


def main():
    if os.environ.get("SANITIZED"):
        print("skipped: programs of the system do not load a sanitized library")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    library_folder = pathlib.Path(sys.argv[1]).resolve().parent
    passed = failed = 0
    for name, program, script in SCENARIOS:
        if shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin") is None:
            print(f"not ok {name}: {program} is not installed (scripts/test-deps)")
            failed += 1
            continue
        with tempfile.TemporaryDirectory() as folder:
            problems = check(name, program, script, library_folder, pathlib.Path(folder))
        print(("not ok " if problems else "ok ") + name)
        for problem in problems:
            print("    " + problem)
        failed += bool(problems)
        passed += not problems
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
