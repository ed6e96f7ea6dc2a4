# SPDX-License-Identifier: 0BSD
"""Reading ahead and writing behind: threads only where they help, and nothing lost.

usage: relay_test.py [LIBRARY]

The command is in the environment variable XZ. One Block that comes through a pipe is
decoded by the thread that also reads and writes, so with -T2 it gets a reader and a
writer; with -T1, or for less than a megabyte, it must not.
"""

import functools
import os
import random
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

XZ = os.path.abspath(os.environ.get("XZ", "build/bin/xz"))
MIB = 1 << 20
TIMES = 2 if os.environ.get("SANITIZED") else 4  # of the text, where a signal comes early


def text(size, seed):
    """Bytes that compress to about three quarters."""
    letters = random.Random(seed).randbytes(size)
    return letters.translate(bytes(i % 64 + 32 for i in range(256)))


@functools.lru_cache
def compress(data, *options):
    """One Block without sizes in its header, unless options say otherwise."""
    return subprocess.run([XZ, "-0", "-T1", "-c", *options], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


PLAIN = text(6 * MIB, 1)
PACKED = compress(PLAIN)


def threads_of(process):
    return len(os.listdir(f"/proc/{process.pid}/task"))


def wait_until(condition):
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def feed(process, data, close=False):
    """Write on a thread, as the process may not take all before its output is read."""
    def work():
        try:
            process.stdin.write(data)
            process.stdin.flush()
            if close:
                process.stdin.close()
        except BrokenPipeError:
            pass
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


class Relay(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "f")

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *options, **others):
        others.setdefault("stdout", subprocess.PIPE)
        return subprocess.Popen([XZ, *options], stdin=subprocess.PIPE,
                                stderr=subprocess.PIPE, **others)

    def threads_in_the_middle(self, data, *options):
        """Threads while the input stands still, and the output after it has gone on."""
        with open(self.path, "wb") as target, self.start(*options, stdout=target) as p:
            p.stdin.write(data[:-100])
            p.stdin.flush()
            wait_until(lambda: os.path.getsize(self.path) > 0)
            time.sleep(0.2)
            count = threads_of(p)
            _, errors = p.communicate(data[-100:])
            self.assertEqual((p.returncode, errors), (0, b""))
        with open(self.path, "rb") as target:
            return count, target.read()

    def test_threads_where_wanted(self):
        for options, count in (("-T1", 1), ("-T2", 3)):
            with self.subTest(options):
                self.assertEqual(self.threads_in_the_middle(PACKED, "-dc", options),
                                 (count, PLAIN))

    def test_small_files_start_none(self):
        plain = PLAIN[:800000]
        packed = compress(plain, "-Flzma")
        self.assertEqual(self.threads_in_the_middle(packed, "-dc", "-T2"), (1, plain))

    def test_every_format(self):
        for options in (["-Fxz"], ["-Flzma"], ["-Fraw", "--lzma2=preset=0"]):
            decode = [option for option in options if option != "-Fxz"]
            for extra in ([], ["--no-sparse"]):
                with self.subTest(options + extra):
                    done = subprocess.run([XZ, "-dc", "-T2", *decode, *extra],
                                          input=compress(PLAIN, *options),
                                          stdout=subprocess.PIPE, check=True)
                    self.assertEqual(done.stdout, PLAIN)

    def test_encoder_in_one_thread(self):
        done = subprocess.run([XZ, "-c", "-0", "-Flzma", "-T2"], input=PLAIN,
                              stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout, compress(PLAIN, "-Flzma"))

    def test_output_comes_while_input_waits(self):
        with self.start("-dc", "-T2") as p:
            feeder = feed(p, PACKED[:-1000])
            got = b""
            while len(got) < 5 * MIB:
                self.assertTrue(select.select([p.stdout], [], [], 60)[0])
                got += os.read(p.stdout.fileno(), MIB)
            feeder.join(60)
            feed(p, PACKED[-1000:], close=True)
            got += p.stdout.read()
            self.assertEqual((p.wait(), got), (0, PLAIN))

    def test_holes(self):
        plain = PLAIN[:2 * MIB] + bytes(5 * MIB) + PLAIN[:4096] + bytes(3 * MIB)
        for append in (False, True):
            with self.subTest(append=append), open(self.path, "ab" if append else "wb") as out:
                subprocess.run([XZ, "-dc", "-T2"], input=compress(plain), stdout=out,
                               check=True)
                with open(self.path, "rb") as target:
                    target.seek(-len(plain), os.SEEK_END)
                    self.assertEqual(target.read(), plain)

    def test_all_that_could_be_decoded(self):
        for what, data in (("cut", PACKED[:-1000]),
                           ("damaged", PACKED[:-1000] + bytes(1000))):
            results = [subprocess.run([XZ, "-dc", threads], input=data, check=False,
                                      capture_output=True) for threads in ("-T1", "-T2")]
            with self.subTest(what):
                self.assertEqual(results[0].returncode, 1)
                self.assertGreater(len(results[0].stdout), 5 * MIB)
                for part in ("returncode", "stdout", "stderr"):
                    self.assertEqual(getattr(results[0], part), getattr(results[1], part))

    def test_signal_while_the_writer_sleeps(self):
        with self.start("-dc", "-T2") as p:
            os.set_blocking(p.stdin.fileno(), False)
            sent = os.write(p.stdin.fileno(), PACKED)
            while sent < 3 * MIB and select.select([], [p.stdin], [], 1)[1]:
                sent += os.write(p.stdin.fileno(), PACKED[sent:])
            for number in (signal.SIGUSR1, signal.SIGTERM):
                p.send_signal(number)
            self.assertEqual(p.wait(60), -signal.SIGTERM)

    def test_signal_removes_the_target(self):
        name = self.path + ".lzma"
        with open(name, "wb") as source:
            source.write(compress(PLAIN * TIMES, "-Flzma"))
        with self.start("-dk", "-T2", name) as p:
            wait_until(lambda: os.path.exists(self.path)
                       and os.path.getsize(self.path) > 2 * MIB)
            p.send_signal(signal.SIGTERM)
            p.wait(60)
            complete = (p.returncode == 0
                        and os.path.getsize(self.path) == TIMES * len(PLAIN))
            self.assertTrue(complete or not os.path.exists(self.path)
                            or os.path.getsize(self.path) == TIMES * len(PLAIN))
            self.assertIn(p.returncode, (0, -signal.SIGTERM))

    def test_reader_of_the_output_goes_away(self):
        for ignored, want in ((False, (-signal.SIGPIPE, False)), (True, (0, False))):
            action = signal.SIG_IGN if ignored else signal.SIG_DFL
            with self.subTest(ignored=ignored):
                with self.start("-dc", "-T2", restore_signals=False,
                                preexec_fn=lambda a=action: signal.signal(
                                    signal.SIGPIPE, a)) as p:
                    feeder = feed(p, PACKED, close=True)
                    p.stdout.read(2 * MIB)
                    p.stdout.close()
                    errors = p.stderr.read()
                    feeder.join(60)
                    self.assertEqual((p.wait(60), bool(errors)), want)

    def test_no_room_for_the_output(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MIB, 3 * MIB))
        name = self.path + ".lzma"
        with open(name, "wb") as source:
            source.write(compress(PLAIN, "-Flzma"))
        done = subprocess.run([XZ, "-d", "-T2", name], preexec_fn=limit, check=False,
                              restore_signals=False, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"f: Write error: File too large", done.stderr)
        self.assertEqual(os.listdir(self.folder.name), ["f.lzma"])

    def test_bytes_behind_the_data(self):
        """A relay may not turn a good file with a second one behind it into a bad one."""
        done = subprocess.run([XZ, "-dc", "-T2"], input=PACKED + compress(PLAIN[:99]),
                              stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout, PLAIN + PLAIN[:99])
        done = subprocess.run([XZ, "-dc", "-T2", "--single-stream"], input=PACKED + PACKED,
                              stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout, PLAIN)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
