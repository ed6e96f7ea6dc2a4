# SPDX-License-Identifier: 0BSD
"""The page of xz-audit summary --html in a real browser: rows, nothing loaded, no script."""

import html.parser
import http.server
import json
import pathlib
import shutil
import subprocess
import threading
import unittest

from audit_case import AuditCase, MANIPULATED, SANITIZED, implant, liblzma, run

BROWSER = shutil.which("chromium") or shutil.which("chromium-headless-shell")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--no-first-run", "--no-default-browser-check", "--enable-logging=stderr")


class Counter(http.server.BaseHTTPRequestHandler):
    """A server that keeps what it was asked for."""

    asked = []

    def do_GET(self):  # pylint: disable=invalid-name
        self.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


class Document(html.parser.HTMLParser):
    """The table of a page as the browser gives it back: rows of texts, classes of cells."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.classes, self.title, self.inside = [], [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.classes.append(dict(attrs).get("class"))
        if tag in ("td", "th", "title"):
            self.inside = tag
        elif tag == "br" and self.inside:
            self.rows[-1][-1] += "\n"

    def handle_data(self, data):
        if self.inside == "title":
            self.title += data
        elif self.inside:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = ""


@unittest.skipIf(SANITIZED, "the page is the same in every build")
@unittest.skipIf(BROWSER is None, "no chromium on this machine")
class InBrowser(AuditCase):
    """What people see."""

    def setUp(self):
        super().setUp()
        Counter.asked.clear()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counter)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def show(self, page):
        """(document, messages of the page's console)."""
        done = subprocess.run([BROWSER, *FLAGS, f"--user-data-dir={self.folder / 'profile'}",
                               "--virtual-time-budget=1000", "--dump-dom", page.as_uri()],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              timeout=120, env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin",
                                                "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        console = [line for line in done.stderr.decode("utf-8", "replace").splitlines()
                   if "CONSOLE" in line]
        return done.stdout.decode(), console

    def report(self, host, path):
        self.put(f"reports/{len(host)}-{len(str(path))}.json",
                 run("elf", path, "--json", "--host-name", host).stdout)

    def test_summary(self):
        evil = (f"<script>document.title='x';fetch('{self.url}script')</script>"
                f"<img src={self.url}image onerror=console.error(1)>")
        self.report("clean.example", self.put("a.so", liblzma().build()))
        self.report("bad.example", self.put("b.so", implant().build()))
        self.report(evil, self.put("\"><style>@import url(x)</style>.so", liblzma().build()))
        done = run("summary", "--html", self.folder / "reports")
        self.assertEqual(done.returncode, MANIPULATED)
        text, console = self.show(self.put("page.html", done.stdout))
        page = Document(text)
        self.assertEqual(console, [])
        self.assertEqual(Counter.asked, [])
        self.assertEqual(page.title, "xz-audit")
        self.assertNotRegex(text, "<script|<img|<iframe|<link")
        self.assertEqual(page.rows[0], ["Host", "Verdict", "Versions", "Rules and places",
                                        "Files", "Not looked at"])
        self.assertEqual([row[1] for row in page.rows[1:]], ["manipulated", "clean", "clean"])
        self.assertEqual([cell for cell in page.classes if cell], ["v4", "v0", "v0"])
        bad = page.rows[1]
        self.assertEqual(bad[0].split("\n"), ["bad.example", str(self.folder / "b.so")])
        self.assertIn("IMPLANT-HOOK", bad[3])
        self.assertEqual((bad[2], bad[4], bad[5]), ("5.6.1", "1", "0"))
        hosts = [row[0].split("\n")[0] for row in page.rows[1:]]
        self.assertIn("clean.example", hosts)
        self.assertIn(evil, hosts)

    def test_watching_works(self):
        """A page that loads and runs something is seen to do so."""
        page = self.put("page.html", f"<table><tr><td>x</td></tr></table><img src={self.url}image>"
                        "<script>document.title='y';console.error('oh')</script>")
        text, console = self.show(page)
        self.assertEqual(Document(text).title, "y")
        self.assertEqual(Counter.asked, ["/image"])
        self.assertIn("oh", json.dumps(console))


if __name__ == "__main__":
    if BROWSER is None:
        print("skipped: no chromium; apt-get install chromium", pathlib.Path(__file__).name)
    unittest.main(argv=["audit_page_test"])
