#!/bin/sh
# SPDX-License-Identifier: 0BSD
# A release is exactly its tag: made, verified, and caught when one byte is other.
#
# usage: release_test.sh [LIBRARY]
# Works in a clone of this repository, with a tag of its own and keys made on the fly.

set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
XZ=${XZ:-$root/build/bin/xz}
export XZ
passed=0
failed=0

case_is() { # NAME EXPECTED-STATUS COMMAND...
    name=$1
    wanted=$2
    shift 2
    "$@" >said 2>&1
    got=$?
    if [ "$got" -eq "$wanted" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok %s: status %s instead of %s\n' "$name" "$got" "$wanted"
        head -n 5 said
    fi
}

finish() {
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
    exit
}

if [ -n "${SANITIZED:-}" ] || ! git -C "$root" rev-parse -q --verify HEAD >/dev/null 2>&1; then
    echo "skipped: needs the ordinary build, in a git repository"
    passed=1
    finish
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
git clone -q --no-local "$root" repo 2>/dev/null || exit 1
# The scripts as they are now, committed or not.
cp "$root"/scripts/* repo/scripts/
cp "$root"/include/clearxz.h repo/include/
cp "$root"/Makefile "$root"/sources.mk repo/
g() {
    git -C repo -c user.name=test -c user.email=test@example.org "$@"
}
g add -A >/dev/null
g commit -q --allow-empty -m "a release to be"
version=$(sed -n 's/^#define CLEARXZ_VERSION_STRING "\(.*\)"$/\1/p' repo/include/clearxz.h)
g tag -f -a -m "release" "v$version" >/dev/null
tar=clearxz-$version.tar

case_is "a release is made" 0 repo/scripts/release "v$version" out
# The second time everything around is other that may be.
git config --file foreign tar.umask user
git config --file foreign core.autocrlf true
# shellcheck disable=SC2016  # the other shell expands it
case_is "and again" 0 env TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 HOME=/nonexistent \
    GIT_CONFIG_GLOBAL="$PWD/foreign" \
    sh -c 'umask 077 && cd / && "$0" "$1" "$2"' "$PWD/repo/scripts/release" "v$version" \
    "$PWD/again"
case_is "twice the same bytes" 0 diff -r out again
echo "/README.md export-ignore" >repo/.git/info/attributes
case_is "attributes of a clone are refused" 1 repo/scripts/release "v$version" none
case_is "and nothing is verified with them" 2 repo/scripts/verify-release "out/$tar"
rm repo/.git/info/attributes
case_is "a tag that is not there" 1 repo/scripts/release v0.0.0 none
g tag -a -m "another number" v99.0.0
case_is "a tag whose number is not the source's" 1 repo/scripts/release v99.0.0 none
case_is "the .tar is the tag" 0 repo/scripts/verify-release "out/$tar"
case_is "the .tar.xz is the tag" 0 repo/scripts/verify-release "out/$tar.xz"
# By make, which need not build here: -o all.
# shellcheck disable=SC2317  # case_is calls it
by_make() {
    env -u MAKEFLAGS -u MAKELEVEL make -s -C repo -o all "$@"
}
case_is "make release" 0 by_make release TAG="v$version" B="$PWD/by-make"
case_is "is the same" 0 diff -r out by-make/release
case_is "make verify-release" 0 by_make verify-release TARBALL="$PWD/out/$tar.xz"
case_is "the sums are right" 0 sh -c 'cd out && sha256sum -c --quiet SHA256SUMS'

# One byte of a file, of a header, and at the end.
for place in 5000 100 -1; do
    cp "out/$tar" "$tar"
    python3 - "$tar" "$place" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 1
open(sys.argv[1], "wb").write(data)
PYTHON
    case_is "one changed byte at $place is seen" 1 repo/scripts/verify-release "$tar"
    case_is "by make too" 2 by_make verify-release TARBALL="$PWD/$tar"
done
mkdir tampered
tar -xf "out/$tar" -C tampered
echo 'echo added' >"tampered/clearxz-$version/m4.sh"
tar -cf "$tar" -C tampered "clearxz-$version"
case_is "an added file is seen" 1 repo/scripts/verify-release "$tar"
cp said named
case_is "and named" 0 grep -q "m4.sh" named
"$XZ" -kf "$tar"
case_is "also in a .tar.xz" 1 repo/scripts/verify-release "$tar.xz"
head -c 3000 "out/$tar.xz" >"$tar.xz"
case_is "half a .tar.xz" 2 repo/scripts/verify-release "$tar.xz"
case_is "a file that is not there" 2 repo/scripts/verify-release none.tar
case_is "a foreign name" 2 repo/scripts/verify-release repo/README.md

# The list of files is whole, and the statement names what was built.
case_is "SBOM and provenance" 0 python3 - "$version" <<'PYTHON'
import hashlib, json, subprocess, sys
version = sys.argv[1]
sbom = json.load(open(f"out/clearxz-{version}.spdx.json"))
assert sbom["spdxVersion"] == "SPDX-2.3" and sbom["dataLicense"] == "CC0-1.0"
tracked = subprocess.run(["git", "-C", "repo", "ls-tree", "-r", "-z", "--name-only",
                          f"v{version}"], stdout=subprocess.PIPE, text=True,
                         check=True).stdout.split("\0")[:-1]
assert sorted("./" + n for n in tracked) == sorted(f["fileName"] for f in sbom["files"])
ids = [f["SPDXID"] for f in sbom["files"]]
assert len(ids) == len(set(ids))
assert len(sbom["relationships"]) == len(ids) + 1
statement = json.load(open(f"out/clearxz-{version}.intoto.json"))
assert statement["_type"] == "https://in-toto.io/Statement/v1"
for subject in statement["subject"]:
    data = open("out/" + subject["name"], "rb").read()
    assert subject["digest"]["sha256"] == hashlib.sha256(data).hexdigest()
made_from = statement["predicate"]["buildDefinition"]["resolvedDependencies"][0]["digest"]
commit = subprocess.run(["git", "-C", "repo", "rev-parse", f"v{version}^{{commit}}"],
                        stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
assert made_from["gitCommit"] == commit
PYTHON

# Signatures, with keys made here.
for who in alice mallory; do
    ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$who"
done
printf 'alice@example.org namespaces="clearxz-release" %s\n' "$(cat alice.pub)" >signers
sums=out/SHA256SUMS
case_is "a missing signature" 1 repo/scripts/sign check signers alice@example.org $sums
case_is "signed" 0 repo/scripts/sign make alice $sums
case_is "checked" 0 repo/scripts/sign check signers alice@example.org $sums
case_is "another name" 1 repo/scripts/sign check signers mallory@example.org $sums
echo "0000  more" >>$sums
case_is "changed after signing" 1 repo/scripts/sign check signers alice@example.org $sums
case_is "signed by a stranger" 0 repo/scripts/sign make mallory $sums
case_is "is not accepted" 1 repo/scripts/sign check signers alice@example.org $sums
case_is "usage" 2 repo/scripts/sign make
finish
