#!/usr/bin/env python3
"""Serves the console's files from this folder as they are, and hands everything else on to a running Sira.

    sira serve &                                   # its admin listener is on 127.0.0.1:8081
    web/serve.py                                   # http://127.0.0.1:8640
    web/serve.py --port 9000 --sira 127.0.0.1:18081

For work on the console: a change is there when the page is loaded again, without building anything.
"""

import argparse
import http.client
import mimetypes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).resolve().parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue"
)


class Handler(BaseHTTPRequestHandler):
    sira = ""

    def answer(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/a/dev/"):
            self.send_file(HERE / path.removeprefix("/a/dev/"))
        elif path.startswith(("/api/", "/auth/", "/metrics", "/health/")):
            self.hand_on()
        else:
            self.send_file(HERE / "index.html")

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def send_file(self, path: Path) -> None:
        if not path.resolve().is_relative_to(HERE) or not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes().replace(b"{tree}", b"dev").replace(b"{preloads}", b"") if path.suffix == ".html" else path.read_bytes()
        self.send_response(200)
        self.send_header("content-type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def hand_on(self) -> None:
        connection = http.client.HTTPConnection(self.sira, timeout=600)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection", "accept-encoding")}
        headers["Host"] = self.sira
        if "Origin" in headers:
            headers["Origin"] = f"http://{self.sira}"
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
        except OSError as error:
            self.send_error(502, str(error))
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()
        try:
            while part := answer.read1(65_536):
                self.wfile.write(part)
                self.wfile.flush()
        except OSError:
            pass
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8640)
    parser.add_argument("--sira", default="127.0.0.1:8081")
    arguments = parser.parse_args()
    Handler.sira = arguments.sira
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("font/woff2", ".woff2")
    print(f"http://127.0.0.1:{arguments.port}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
