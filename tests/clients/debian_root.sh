#!/bin/sh
# SPDX-License-Identifier: 0BSD
# A throw-away Debian system whose liblzma5 is ours: apt and dpkg install ten packages.
#
# usage: debian_root.sh LIBRARY
#
# Needs root, mmdebstrap and the package mirror that this machine uses. `make
# check-clients` runs it.

set -eu
library=$(readlink -f "$1")
packages="jq bc less file xz-utils zstd patch diffstat time bsdmainutils"

for tool in mmdebstrap chroot; do
    command -v $tool >/dev/null || { echo "missing: $tool"; exit 1; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: needs root"; echo "0 passed, 0 failed"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
libs=$root/usr/lib/$(gcc -print-multiarch)

# The same mirror and the same trust in its dates as this machine has.
apt-get indextargets --format "deb \$(SITE) \$(RELEASE) \$(COMPONENT)" \
    'Created-By: Packages' | sort -u >"$work/sources"
mmdebstrap --quiet --variant=apt --mode=root \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='Acquire::Check-Date "false"' \
    "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$root" - <"$work/sources"

rm "$libs"/liblzma.so.5*
cp "$library" "$libs/liblzma.so.5.8.3"
ln -s liblzma.so.5.8.3 "$libs/liblzma.so.5"
for name in resolv.conf hosts; do
    [ ! -e /etc/$name ] || cp -L /etc/$name "$root/etc/$name"
done

cat >"$root/install.sh" <<END
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends $packages
dpkg-query -W -f '\${db:Status-Status} \${Package}\n' $packages | grep -c '^installed'
echo text | xz | xz -dc | grep -q text
ldd /usr/bin/xz | grep -q 'liblzma.so.5 =>'
END
if chroot "$root" sh /install.sh >"$work/log" 2>&1 \
    && [ "$(readlink "$libs/liblzma.so.5")" = liblzma.so.5.8.3 ] \
    && cmp -s "$library" "$libs/liblzma.so.5"; then
    echo "1 passed, 0 failed"
else
    tail -n 30 "$work/log"
    echo "0 passed, 1 failed"
    exit 1
fi
