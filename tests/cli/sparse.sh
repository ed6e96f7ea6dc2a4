#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Zeros become holes when decompressing, and only then.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# used FILE: kibibytes on the disk
used() {
    du -k "$1" | cut -f1
}
# sparse NAME FILE, full NAME FILE: all files here have 4 MiB or a little more
sparse() {
    if [ "$(used "$2")" -lt 1024 ]; then ok "$1"; else not_ok "$1" "$(used "$2") KiB"; fi
}
full() {
    if [ "$(used "$2")" -ge 4096 ]; then ok "$1"; else not_ok "$1" "$(used "$2") KiB"; fi
}

truncate -s 4M probe
if [ "$(used probe)" -ge 1024 ]; then
    skip "sparse" "the file system has no holes"
    finish
fi

{
    printf begin
    head -c 4194304 /dev/zero
    printf end
} >middle
head -c 4194304 /dev/zero >all
{
    text 100000
    head -c 4194304 /dev/zero
} >tailed
{
    head -c 4194304 /dev/zero
    text 100000
} >headed
xz -k middle all tailed headed
mkdir out
cd out || exit 1
for file in middle all tailed headed; do
    cp ../$file.xz .
    xz -d $file.xz
    same "$file: contents" ../$file $file
    sparse "$file: sparse" $file
    rm $file
    cp ../$file.xz .
    xz -d --no-sparse $file.xz
    same "$file, --no-sparse: contents" ../$file $file
    full "$file, --no-sparse" $file
    rm $file
    xz -dc ../$file.xz >$file
    same "$file on standard output: contents" ../$file $file
    sparse "$file on standard output: sparse" $file
    rm $file
    echo first >$file
    xz -dc ../$file.xz >>$file
    {
        echo first
        cat ../$file
    } | cmp -s - $file
    equal "$file appended: contents" $? 0
    sparse "$file appended: sparse" $file
    rm $file
done

# Append mode is put back: what follows goes to the end.
{
    xz -dc ../tailed.xz
    echo last
} >>appended
{
    cat ../tailed
    echo last
} | cmp -s - appended
equal "output after a hole at the end" $? 0

# Two files with holes on one standard output.
xz -dc ../all.xz ../headed.xz ../all.xz >several
cat ../all ../headed ../all | cmp -s - several
equal "several files with holes" $? 0

# Writing into the middle of a file must not skip over what is there.
head -c 6000000 /dev/zero | tr '\0' x >filled
xz -dc ../all.xz 1<>filled
head -c 4194304 filled | cmp -s - ../all
equal "no holes over existing data" $? 0

# Compressing makes no holes, pipes get all zeros.
xz -dc ../all.xz | cmp -s - ../all
equal "zeros through a pipe" $? 0

finish
