# SPDX-License-Identifier: 0BSD
"""The harnesses fuzz/audit_*.c over their seeds and beginnings of these, without a fuzzer."""

import subprocess
import tempfile
import unittest

from audit_case import BUILD, ROOT
from audit_seeds import SEEDS, write_seeds


class Replay(unittest.TestCase):
    """Each harness ends well on each seed."""

    def test_all(self):
        names = {path.stem for path in (ROOT / "fuzz").glob("audit_*.c")} - {"audit_feed"}
        self.assertEqual(names, set(SEEDS))
        with tempfile.TemporaryDirectory() as folder:
            for name, paths in write_seeds(folder).items():
                done = subprocess.run([BUILD / "replay" / name, *paths], check=False,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True, timeout=300)
                self.assertEqual(done.returncode, 0, (name, done.stdout[-3000:]))
                self.assertIn(f"{len(paths)} passed", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=["audit_fuzz_test"])
