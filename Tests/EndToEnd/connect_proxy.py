"""An HTTP proxy for tests."""

import socket
import threading


class ConnectProxy:
    """Opens tunnels to wherever it is told, and notes where that was."""

    def __init__(self, refuses=False):
        self.targets, self.credentials, self.refuses = [], [], refuses
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4_096)
        lines = head.decode().split("\r\n")
        target = lines[0].split(" ")[1]
        self.targets.append(lines[0])
        self.credentials += [line.split(": ", 1)[1] for line in lines if line.lower().startswith("proxy-authorization")]
        if self.refuses:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
            return client.close()
        host, _, port = target.rpartition(":")
        server = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self._copy, args=(server, client), daemon=True).start()
        self._copy(client, server)

    @staticmethod
    def _copy(source, sink):
        try:
            while piece := source.recv(65_536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
