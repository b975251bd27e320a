"""Answers one JSON request a line with Python's own TLS, chains verified by RFC 5280's letter (VERIFY_X509_STRICT)."""

import http.client
import itertools
import json
import platform
import socket
import ssl
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Bounds every connection, handshake and read, in seconds.
TIMEOUT = 120
VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
CLIENT_AUTH = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}

handles = itertools.count(1)
servers = {}


def context_for(request, protocol, authorities):
    context = ssl.SSLContext(protocol)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    if request.get("partialChain"):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    highest = request.get("maxVersion") or "TLSv1.3"
    lowest = request.get("minVersion") or min("TLSv1.2", highest)
    if lowest < "TLSv1.2":
        # OpenSSL 3 speaks TLS below 1.2 at its security level 0 only.
        context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version, context.maximum_version = VERSIONS[lowest], VERSIONS[highest]
    if request.get("certificate"):
        passphrase = request.get("passphrase")
        password = Path(passphrase).read_bytes() if passphrase else b""
        context.load_cert_chain(request["certificate"], request["key"], password)
    for authority in authorities or []:
        context.load_verify_locations(authority)
    return context


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address, context):
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.context = context
        super().__init__(address, Handler)

    def finish_request(self, request, client_address):
        """Shakes hands in the connection's own thread, so that a slow client delays no other."""
        request.settimeout(TIMEOUT)
        try:
            with self.context.wrap_socket(request, server_side=True) as connection:
                super().finish_request(connection, client_address)
        except OSError:
            pass  # The client learns of a refusal by its own error.

    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        certificate = self.connection.getpeercert()
        subject = None
        if certificate:
            subject = ",".join(f"{name}={value}" for pairs in certificate["subject"] for name, value in pairs)
        body = json.dumps({"clientCertificate": bool(certificate), "subject": subject}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Standard error is for errors of the validator itself."""


def serve(request):
    context = context_for(request, ssl.PROTOCOL_TLS_SERVER, request.get("clientCas"))
    context.verify_mode = CLIENT_AUTH[request.get("clientAuth") or "none"]
    listening = [Server(("127.0.0.1", request.get("port") or 0), context)]
    port = listening[0].server_address[1]
    try:
        listening.append(Server(("::1", port), context))
    except OSError:
        pass  # A machine without IPv6 serves on one address.
    for server in listening:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    handle = str(next(handles))
    servers[handle] = listening
    return {"port": port, "server": handle}


def close(request):
    if request.get("server") not in servers:
        raise ValueError(f"no server has the handle {request.get('server')!r}")
    for server in servers.pop(request["server"]):
        server.shutdown()
        server.server_close()
    return {}


def connect(request):
    """The whole answer is read: under TLS 1.3 a client learns of a refusal only then."""
    context = context_for(request, ssl.PROTOCOL_TLS_CLIENT, request.get("cas"))
    name = request.get("serverName") or "localhost"
    plain = socket.create_connection(("127.0.0.1", request["port"]), TIMEOUT)
    with plain, context.wrap_socket(plain, server_hostname=name) as connection:
        # Without brackets the end of an IPv6 address would be taken for a port.
        client = http.client.HTTPConnection(f"[{name}]" if ":" in name else name)
        client.sock = connection
        client.request("GET", "/", headers={"Connection": "close"})
        response = client.getresponse()
        body = response.read()
        if response.status != 200:
            raise ValueError(f"answered {response.status}")
        return {**json.loads(body), "protocol": connection.version()}


def capabilities(_):
    return {
        "versions": {"python": platform.python_version(), "openssl": ssl.OPENSSL_VERSION},
        "roles": ["server", "client"],
        "ops": ["serve", "connect", "close"],
        "algorithms": ["ecdsa", "rsa", "ed25519"],
        "keys": ["pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"],
        "oldest": "TLSv1",
        "optionalUnknown": "refused",
        "withholds": False,
        "reload": False,
        "verifies": [],
    }


OPS = {"capabilities": capabilities, "serve": serve, "connect": connect, "close": close}


def answer(line, writing):
    number = 0
    try:
        request = json.loads(line)
        number = request.get("id", 0)
        if request.get("op") not in OPS:
            raise ValueError(f"unknown op {request.get('op')!r}")
        result = {**OPS[request["op"]](request), "id": number, "ok": True}
    except Exception as error:  # A failing request must not end the process.
        result = {"id": number, "ok": False, "error": str(error) or type(error).__name__}
    with writing:
        print(json.dumps(result), flush=True)


def main():
    writing = threading.Lock()
    with ThreadPoolExecutor(16) as pool:
        for line in sys.stdin:
            pool.submit(answer, line, writing)


if __name__ == "__main__":
    main()
