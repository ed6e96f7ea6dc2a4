# SPDX-License-Identifier: 0BSD
"""Running a program and weighing it: CPU seconds, wall seconds, peak memory, output size."""

import collections
import os
import pathlib
import statistics
import subprocess

Run = collections.namedtuple("Run", "cpu wall peak size")


def run(weigh, command, target, stdout, prefix=()):
    """One run through the program bench/weigh.c. The result is in target, where stdout goes
    if that is where the command writes it."""
    pathlib.Path(target).unlink(missing_ok=True)
    words = [*prefix, weigh, target if stdout else os.devnull, *command]
    done = subprocess.run([str(word) for word in words], text=True, stdout=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit(f"bench: failed: {' '.join(map(str, command))}")
    cpu, wall, peak = map(float, done.stdout.split())
    return Run(cpu, wall, peak, os.path.getsize(target))


def median_run(runs):
    """Each figure's median."""
    return Run(*(statistics.median(column) for column in zip(*runs)))


def median_ratio(runs, others, field):
    """Median of the quotients of runs that were made one after the other."""
    pairs = zip(runs, others)
    return statistics.median(getattr(a, field) / max(getattr(b, field), 1e-9) for a, b in pairs)


def machine():
    """One line about this machine."""
    cpu = "unknown CPU"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    kernel = os.uname()
    return (f"{cpu}, {os.cpu_count()} CPUs, {memory} GiB of memory, "
            f"{kernel.sysname} {kernel.release} {kernel.machine}")
