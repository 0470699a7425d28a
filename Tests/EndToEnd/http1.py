"""HTTP/1.1 by hand, for what proper clients refuse to send and for what they hide of the answer."""

import http.client
import json
import socket
import ssl


class Connection:
    """A connection whose answers are read one after another: what comes behind one stays for the next."""

    def __init__(self, opened):
        self.socket = opened
        self.reader = opened.makefile("rb")

    def makefile(self, mode):
        """What `HTTPResponse` reads from; it closes its file, and must not close ours."""
        return Unclosed(self.reader)

    def sendall(self, data):
        self.socket.sendall(data)

    def recv(self, count):
        return self.reader.read1(count)

    def close(self):
        self.reader.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Unclosed:
    def __init__(self, file):
        self.read, self.read1, self.readline, self.readinto = file.read, file.read1, file.readline, file.readinto
        self.peek, self.closed = file.peek, False

    def flush(self):
        pass

    def close(self):
        pass


def connect(port, seconds=15):
    """An open connection to the port."""
    return Connection(socket.create_connection(("127.0.0.1", port), seconds))


def request(method, path, body=b"", key=None, headers=()):
    """The bytes of a request. A body that is not bytes is written as JSON."""
    if not isinstance(body, bytes):
        body = json.dumps(body, ensure_ascii=False).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if body or method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Answer:
    """A whole answer."""

    def __init__(self, response, body):
        self.status, self.body = response.status, body
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def json(self):
        return json.loads(self.body)

    @property
    def id(self):
        return self.headers["x-sira-request-id"]

    @property
    def code(self):
        """The stable code of an error, in whichever protocol it came."""
        return self.json()["error"].get("code")

    @property
    def events(self):
        """The `data` of a stream's events."""
        return [line[6:] for line in self.body.decode().split("\n") if line.startswith("data: ")]

    @property
    def comments(self):
        return [line for line in self.body.decode().split("\n") if line.startswith(":")]


def read(connection, method="POST"):
    """The next answer on a connection."""
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return Answer(response, response.read())


def send(port, raw, method="POST", seconds=15):
    """Sends bytes on a new connection and returns the first answer; None when the connection is just closed."""
    with connect(port, seconds) as connection:
        try:
            connection.sendall(raw)
        except (BrokenPipeError, ConnectionResetError):
            pass  # The gateway need not read all of what it refuses; its answer may be there nevertheless.
        try:
            return read(connection, method)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            return None


def call(port, path, body, key=None, headers=(), seconds=15):
    """One POST on a connection of its own."""
    answer = send(port, request("POST", path, body, key, headers), seconds=seconds)
    assert answer is not None, "the connection was closed without an answer"
    return answer


def get(port, path, key=None, headers=(), method="GET"):
    answer = send(port, request(method, path, key=key, headers=headers), method)
    assert answer is not None, "the connection was closed without an answer"
    return answer


def chat(model="fake", text="hello", **more):
    """The body of a chat completion."""
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


def message(model="fake", text="hello", **more):
    """The body of a message of Anthropic's protocol."""
    return {"model": model, "max_tokens": 64, "messages": [{"role": "user", "content": text}], **more}


def client_tls(certificate, protocols):
    """A TLS context that trusts one certificate and offers these application protocols."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.set_alpn_protocols(list(protocols))
    return context
