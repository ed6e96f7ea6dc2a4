# SPDX-License-Identifier: 0BSD
"""What xz writes with --json, compared with the schemas in docs/json.md."""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
XZ = os.path.abspath(os.environ.get("XZ", "build/bin/xz"))
SCHEMAS = json.loads(re.search(r"```json\n(.*?)```", (ROOT / "docs/json.md").read_text(), re.S)[1])


def check(kind, value):
    """Compare with one of the schemas; returns the value."""
    jsonschema.Draft202012Validator(dict(SCHEMAS, **{"$ref": f"#/$defs/{kind}"})).validate(value)
    return value


class Json(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory(prefix="xzjson.")
        self.addCleanup(self.work.cleanup)
        self.here = pathlib.Path(self.work.name)
        (self.here / "a").write_bytes(bytes(range(256)) * 400)
        self.xz("-k", "-T2", "--block-size=20000", "a")

    def xz(self, *arguments, status=0):
        done = subprocess.run([XZ, *arguments], cwd=self.work.name, check=False,
                              capture_output=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def records(self, data):
        return [check("record", json.loads(line)) for line in data.splitlines()]

    def test_schemas_are_schemas(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMAS)
        with self.assertRaises(jsonschema.ValidationError):
            check("record", {"type": "file", "name": "x"})

    def test_list(self):
        for verbose in ([], ["-v"], ["-vv"]):
            done = self.xz("-l", "--json", *verbose, "a.xz", "a.xz")
            value = check("list", json.loads(done.stdout))
            self.assertEqual(value["totals"]["files"], 2)
            first = value["files"][0]
            self.assertEqual((first["name"], first["blocks"]), ("a.xz", 6))
            self.assertEqual(first["compressed_size"], (self.here / "a.xz").stat().st_size)
            self.assertEqual(len(first.get("block_list", [])), 6 if verbose else 0)
            self.assertEqual("memory" in first, verbose == ["-vv"])

    def test_list_of_nothing(self):
        done = self.xz("-l", "--json", "a", status=1)
        value = check("list", json.loads(done.stdout))
        self.assertEqual((value["files"], value["totals"]["checks"]), ([], []))
        self.assertEqual(self.records(done.stderr)[0]["type"], "error")

    def test_memory(self):
        value = check("memory", json.loads(self.xz("--json", "--info-memory", "-T3").stdout))
        self.assertIsNone(value["limits"]["compress"])
        value = json.loads(self.xz("--json", "-M", "1GiB", "--info-memory").stdout)
        self.assertEqual(check("memory", value)["limits"]["compress"], 1 << 30)

    def test_behind_what_prints(self):
        memory = self.xz("--json", "--info-memory").stdout
        for options in (["--json"], ["a", "-k", "--js"], ["-T0", "--json", "-9", "--wrong"]):
            self.assertEqual(self.xz("--info-memory", *options).stdout, memory)
        self.assertEqual(self.xz("-V", "--json").stdout, self.xz("--json", "-V").stdout)
        for options in (["--wrong"], ["--wrong", "--json"], ["--", "--json"], ["-S", "--json"]):
            self.assertTrue(self.xz("--info-memory", *options).stdout.startswith(b"Hardware"))

    def test_version(self):
        value = check("version", json.loads(self.xz("--json", "-V").stdout))
        self.assertIn(value["liblzma"].encode(), self.xz("-V").stdout)

    def test_help_is_for_people(self):
        self.assertEqual(self.xz("--json", "-h").stdout, self.xz("-h").stdout)

    def test_test(self):
        done = self.xz("-t", "--json", "a.xz", "a", "none", status=1)
        self.assertEqual(done.stderr, b"")
        records = self.records(done.stdout)
        files = [(r["name"], r["good"]) for r in records if r["type"] == "file"]
        self.assertEqual(files, [("a.xz", True), ("a", False), ("none", False)])
        self.assertEqual([r["name"] for r in records if r["type"] == "error"], ["a", "none"])
        self.assertEqual(records[0]["out"], 102400)

    def test_compress(self):
        done = self.xz("--json", "-vvkf", "a")
        records = self.records(done.stderr)
        self.assertEqual(done.stdout, b"")
        self.assertEqual([r["in"] for r in records if r["type"] == "file"], [102400])
        self.assertIn("note", {r["type"] for r in records})
        done = self.xz("--json", "a.xz", status=2)
        self.assertEqual([r["type"] for r in self.records(done.stderr)], ["warning", "file"])

    def test_names(self):
        name = b'q"\\\n\x1b\xff\xc3\xbc'
        (self.here / os.fsdecode(name)).write_bytes(b"x")
        done = self.xz("--json", "-k", os.fsdecode(name))
        record = self.records(done.stderr)[0]
        self.assertEqual(os.fsencode(record["name"]), name)

    def test_progress(self):
        with subprocess.Popen([XZ, "-T1", "--json", "-v", "--size-hint=8000"],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE) as run:
            run.stdin.write(b"x" * 4000)
            run.stdin.flush()
            line = run.stderr.readline()  # comes after a second
            record = check("record", json.loads(line))
            self.assertEqual((record["type"], record["in"], record["size"]),
                             ("progress", 0, 8000))  # what waits is not done
            time.sleep(0.01)
            run.send_signal(signal.SIGUSR1)
            self.assertEqual(json.loads(run.stderr.readline())["type"], "progress")
            run.stdin.close()
            last = run.stderr.read().splitlines()[-1]
            last = check("record", json.loads(last))
            self.assertEqual((last["type"], last["in"]), ("file", 4000))

    def test_benchmark(self):
        records = self.records(self.xz("--benchmark", "--json", "-1", "-T1", "a").stdout)
        self.assertEqual([(r["level"], r["threads"]) for r in records], [("1", 1)])
        records = self.records(self.xz("--benchmark", "--json", "-0e", "-T3", "a").stdout)
        self.assertEqual([(r["level"], r["threads"]) for r in records], [("0e", 3)])

    def test_refused(self):
        self.xz("--json", "--robot", "-l", "a.xz", status=1)


if __name__ == "__main__":
    unittest.main(argv=["json_test"])
