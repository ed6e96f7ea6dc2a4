#!/bin/sh
# SPDX-License-Identifier: 0BSD
# cgroup.sh with real groups of version 2, in a kernel of its own that runs as a program
# (User Mode Linux), as the machine's kernel may have lent its controllers to version 1.
# shellcheck source=tests/cli/lib.sh
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

if [ "$(id -u)" -ne 0 ] || [ -n "${SANITIZED:-}" ]; then
    skip "groups in a kernel of our own" "it sees files as this user does; wants no sanitizer"
    finish
fi
if ! command -v linux.uml >/dev/null; then
    skip "groups in a kernel of our own" "no linux.uml: scripts/assurance groups has it"
    finish
fi

# The machine's files, not to be written to, and memory for what is.
cat >init <<END
#!/bin/sh
export PATH='$PATH' XZ='$XZ' TMPDIR='$work/memory'
mount -t proc none /proc
mount -t tmpfs none '$work/memory'
echo booted
sh '$here/cgroup.sh' 2>&1
echo finished
echo o >/proc/sysrq-trigger
sleep 60
END
chmod 755 init
mkdir uml memory
TMPDIR=$work timeout 300 linux.uml rootfstype=hostfs rootflags=/ ro mem=600M quiet \
    uml_dir="$work/uml" "init=$work/init" con=null con0=null,fd:1 </dev/null >console 2>&1
tr -d '\r' <console >said
if ! grep -q '^booted$' said; then
    skip "groups in a kernel of our own" "it does not start here: $(tail -n 1 said)"
    finish
fi
contains "the tests came to their end" said '^finished$'
for name in "memory.max, version 2" "memory.high, version 2" "CPU, version 2"; do
    contains "$name: tried with a real group" said "^ok $name: [a-z ]*$"
    if grep -q "^ok $name # SKIP" said; then not_ok "$name: skipped there"; fi
done
equal "nothing failed there" "$(grep '^not ok' said)" ''

finish
