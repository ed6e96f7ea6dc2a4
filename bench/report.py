# SPDX-License-Identifier: 0BSD
"""Tables in Markdown, and the plot of time against size."""

import statistics
import subprocess
import sys
import textwrap

import measure

ONE_THREAD = ["preset", "CPU s: ours", "xz", "7zz", "ours / xz", "wall s: ours", "xz",
              "size: ours", "xz", "7zz", "ours / xz", "peak MiB: ours", "xz", "7zz"]
THREADS = ["preset", "Blocks", "wall s, -T1: ours", "-T2: ours", "-T2: xz", "ours T2 / T1",
           "ours / xz", "size, -T1: ours", "-T2: ours", "-T2: xz", "peak MiB, -T2: ours", "xz"]
DECODE = ["preset", "CPU s: ours", "xz", "7zz", "ours / xz", "peak MiB: ours", "xz"]
AWKWARD = ["data", "ns a byte: ours", "xz", "ours / xz", "ours / ordinary text",
           "size: ours", "xz"]
SMALL = ["preset", "what", "a second: ours", "xz", "ours / xz"]
SMALL_DECODE = ["what", "ns a file: ours", "xz", "ours / xz"]


def table(title, head, rows):
    """A Markdown table with a title."""
    lines = ["", f"### {title}", "", "| " + " | ".join(head) + " |",
             "|" + "---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def progress(what, row):
    """One finished row, for those who wait."""
    print(f"{what}: {' '.join(row[1:])}", file=sys.stderr, flush=True)


def figure(runs, engine, field, form):
    """A median, or nothing where the engine has no such level."""
    if engine not in runs:
        return ""
    return form(getattr(measure.median_run(runs[engine]), field))


def seconds(value):
    return f"{value:.2f}"


def mebibytes(value):
    return f"{value / (1 << 20):.0f}"


def count(value):
    return f"{value:,.0f}"


def ratio(runs, field, digits=2):
    """Ours to xz."""
    return f"{measure.median_ratio(runs['ours'], runs['xz'], field):.{digits}f}"


def one_thread_row(level, runs):
    row = [f"-{level}"]
    row += [figure(runs, name, "cpu", seconds) for name in ("ours", "xz", "7zz")]
    row += [ratio(runs, "cpu")]
    row += [figure(runs, name, "wall", seconds) for name in ("ours", "xz")]
    row += [figure(runs, name, "size", count) for name in ("ours", "xz", "7zz")]
    row += [ratio(runs, "size", 4)]
    return row + [figure(runs, name, "peak", mebibytes) for name in ("ours", "xz", "7zz")]


def threads_row(level, blocks, one, two):
    gain = measure.median_ratio(two["ours"], one["ours"], "wall")
    return [f"-{level}", blocks, figure(one, "ours", "wall", seconds),
            figure(two, "ours", "wall", seconds), figure(two, "xz", "wall", seconds),
            f"{gain:.2f}", ratio(two, "wall"),
            figure(one, "ours", "size", count), figure(two, "ours", "size", count),
            figure(two, "xz", "size", count), figure(two, "ours", "peak", mebibytes),
            figure(two, "xz", "peak", mebibytes)]


def decode_row(level, runs):
    row = [f"-{level}"]
    row += [figure(runs, name, "cpu", seconds) for name in ("ours", "xz", "7zz")]
    row += [ratio(runs, "cpu")]
    return row + [figure(runs, name, "peak", mebibytes) for name in ("ours", "xz")]


def awkward_row(name, size, runs, ordinary):
    ours = measure.median_run(runs["ours"])
    other = measure.median_run(runs["xz"])
    return [name, f"{ours.cpu / size * 1e9:.1f}", f"{other.cpu / size * 1e9:.1f}",
            ratio(runs, "cpu", 3), f"{ours.cpu / ordinary:.2f}", count(ours.size),
            count(other.size)]


def small_row(level, kind, size, found):
    what = f"{size} B encoded" if kind == "call" else f"flush after {size} B"
    pairs = zip(found["ours"], found["xz"])
    return [f"-{level}", what, count(statistics.median(found["ours"])),
            count(statistics.median(found["xz"])),
            f"{statistics.median(a / b for a, b in pairs):.2f}"]


def small_decode_row(what, found):
    """found: files a second; what is shown is time."""
    pairs = zip(found["ours"], found["xz"])
    return [what, count(1e9 / statistics.median(found["ours"])),
            count(1e9 / statistics.median(found["xz"])),
            f"{statistics.median(b / a for a, b in pairs):.2f}"]


def put(path, name, about, text):
    """Replaces what stands between the marks of a table."""
    begin, end = f"<!-- bench {name} -->\n", f"<!-- end of {name} -->"
    page = path.read_text()
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    path.write_text(before + begin + about + "\n" + text + "\n" + end + after)


PLOT = """set terminal svg size 800,520 background "white"
set output "{target}"
set title "{title}, one thread: size against CPU time"
set logscale x
set xlabel "CPU seconds"
set ylabel "size, MB"
set grid
plot {curves}
"""


def short(line):
    """A line of SVG within 160 columns: any blank between its words may be a line's end."""
    return "\n".join(textwrap.wrap(line, 160, break_long_words=False,
                                   break_on_hyphens=False)) or line


def plot(points, folder):
    """Draws one picture an input: points are (input, engine, level, run)."""
    for name in {point[0] for point in points}:
        blocks, curves = [], []
        for engine in ("ours", "xz", "7zz"):
            mine = [p for p in points if p[0] == name and p[1] == engine]
            if not mine:
                continue
            lines = [f"{run.cpu} {run.size / 1e6} -{level}" for _, _, level, run in mine]
            blocks.append(f"${engine.replace('7', 'seven')} << END\n" + "\n".join(lines)
                          + "\nEND\n")
            curves.append(f"${engine.replace('7', 'seven')} using 1:2:3 with labels point "
                          f"pt {len(curves) + 5} offset 1,0.6 title \"{engine}\"")
        target = folder / f"performance-{name.split('.')[0]}.svg"
        script = "".join(blocks) + PLOT.format(target=target, title=name,
                                               curves=", ".join(curves))
        subprocess.run(["gnuplot"], input=script, text=True, check=True)
        text = target.read_text().replace(
            "\n", "\n<!-- SPDX-License-Identifier: 0BSD -->\n", 1)
        target.write_text("\n".join(short(line.rstrip()) for line in text.splitlines()
                                    if line.strip()) + "\n")
