"""What the stories need: a server of their own, somebody who asks it, and somebody who listens to its webhooks.

Only the standard library: python3 of the system is enough.
"""

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse


class Refused(AssertionError):
    """An answer that the story did not expect."""


class Server:
    """avow serve on a data folder, with its embedded PostgreSQL, or on the database of another server."""

    def __init__(self, binary, *options, database=None, folder=None):
        self.own_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="avow-story-")
        self.binary, self.options, self.database = binary, options, database
        self.password = None
        self.start()

    def start(self):
        command = [self.binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", self.folder, *self.options]
        if self.database:
            command += ["--database", self.database]
        self.log_path = os.path.join(self.folder, f"server-{'b' if self.database else 'a'}.log")
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        deadline = time.time() + 60
        while time.time() < deadline:
            text = self.printed()
            ready = re.findall(r"Avow is ready at (http://\S+)", text)
            if ready:
                self.url = ready[-1]
                given = re.findall(r"first password (\S+)", text)
                self.password = given[-1] if given else self.password
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise Refused("the server did not start:\n" + self.printed())

    def printed(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def socket_folder(self):
        """Its fifth line: the name of a socket must be short, so that it is not always below the data folder."""
        with open(os.path.join(self.folder, "postgres", "postmaster.pid"), encoding="utf-8") as file:
            return file.read().split("\n")[4].strip()

    def conninfo(self):
        return self.database or f"host={self.socket_folder()} port=5432 user=avow dbname=avow"

    def sql(self, text):
        """For what has no other way in: the clock, and looking behind the API."""
        psql = shutil.which("psql") or "/usr/lib/postgresql/15/bin/psql"
        done = subprocess.run([psql, "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(), "-c", text],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Refused(f"{text}: {done.stderr}")
        return done.stdout.strip()

    def later(self, interval):
        self.sql(f"UPDATE catalog_clock SET ahead = ahead + interval '{interval}'")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class Answer:
    def __init__(self, request, status, headers, text):
        self.request, self.status, self.headers, self.text = request, status, headers, text
        try:
            self.body = json.loads(text) if text else None
        except ValueError:
            self.body = None

    def __getitem__(self, name):
        return self.body[name]

    def __repr__(self):
        return f"{self.request}\n  {self.status} {self.text[:3000]}"


class Client:
    """Somebody who asks: a user by password, a service by token, or nobody."""

    def __init__(self, server, login=None, password=None, token=None, name=None):
        self.server, self.name = server, name or login
        self.headers = {"Accept": "application/json"}
        if token:
            self.headers["Authorization"] = "Bearer " + token
        elif login:
            self.headers["Authorization"] = "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()
        self.connection = None

    def ask(self, method, path, body=None, headers=None):
        where = urllib.parse.urlsplit(self.server.url)
        text = None if body is None else json.dumps(body)
        extra = {"Content-Type": "application/json"} if body is not None else {}
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
            try:
                self.connection.request(method, path, text, {**self.headers, **extra, **(headers or {})})
                reply = self.connection.getresponse()
                return Answer(f"{self.name or 'anybody'}: {method} {path} {text or ''}", reply.status,
                              {k.lower(): v for k, v in reply.getheaders()}, reply.read().decode())
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
        return None

    def expect(self, status, method, path, body=None, headers=None):
        answer = self.ask(method, path, body, headers)
        wanted = status if isinstance(status, tuple) else (status,)
        if answer.status not in wanted:
            raise Refused(f"expected {status}: {answer!r}")
        return answer

    def get(self, path):
        return self.expect(200, "GET", path)

    def post(self, path, body=None, status=(200, 201), headers=None):
        return self.expect(status, "POST", path, body if body is not None else {}, headers)

    def patch(self, path, body):
        etag = self.get(path).headers.get("etag", "*")
        return self.expect(200, "PATCH", path, body, {"If-Match": etag})


def administrator(server, password):
    """Signs in for the first time: the printed password has to be replaced by one of one's own."""
    anybody = Client(server)
    first = anybody.expect(403, "POST", "/api/v1/session", {"login": "admin", "password": server.password})
    if first["code"] != "PASSWORD_CHANGE_REQUIRED":
        raise Refused(f"the printed password has to be replaced: {first!r}")
    anybody.expect((200, 204), "PUT", "/api/v1/users/admin/password", {"current": server.password, "password": password})
    anybody.expect((200, 201), "POST", "/api/v1/session", {"login": "admin", "password": password})
    return Client(server, "admin", password)


def chain(client):
    """What verifying the audit trail says once all of it is sealed, which happens soon after each commit."""
    for _ in range(200):
        told = client.get("/api/v1/audit/verify").body
        if told["unsealed"] == 0 or not told["intact"]:
            break
        time.sleep(0.1)
    return told


class Listener:
    """Receives webhooks and checks what every one of them must have."""

    def __init__(self):
        self.received, self.wrong = [], []
        self.secrets = []
        self.lock = threading.Condition()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_OPTIONS(self):
                self.send_response(200)
                self.send_header("WebHook-Allowed-Origin", self.headers.get("WebHook-Request-Origin", "*"))
                self.send_header("WebHook-Allowed-Rate", "*")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                listener.take(self.headers, body)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/hooks"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def signed(self, headers, body):
        signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
        given = [part.split(",", 1)[1] for part in headers["Webhook-Signature"].split()]
        for secret in self.secrets:
            for key in keys_of(secret):
                made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
                if made in given:
                    return True
        return False

    def take(self, headers, body):
        with self.lock:
            try:
                event = json.loads(body)
                if not self.signed(headers, body):
                    self.wrong.append(f"a signature that does not fit: {body[:200]!r}")
                for name in ("specversion", "id", "source", "type", "subject", "time", "dataschema", "sequence", "data"):
                    if name not in event:
                        self.wrong.append(f"{event.get('type')} lacks {name}")
                self.received.append(event)
            except (ValueError, KeyError) as error:
                self.wrong.append(f"{error!r} in {body[:200]!r}")
            self.lock.notify_all()

    def wait_for(self, suffix, subject=None, seconds=90, **data):
        """The event of the type io.avow.<suffix> about the subject, as soon as it has come."""
        kind = "io.avow." + suffix
        deadline = time.time() + seconds
        with self.lock:
            while True:
                for event in self.received:
                    fits = all(event["data"].get(name) == value for name, value in data.items())
                    if event["type"] == kind and subject in (None, event["subject"]) and fits:
                        return event
                left = deadline - time.time()
                if left <= 0 or not self.lock.wait(left):
                    seen = sorted({(e["type"], e["subject"]) for e in self.received if ".avow:" not in e["subject"]})
                    raise Refused(f"no {kind} about {subject} {data} came; these did: {seen}")

    def stop(self):
        self.http.shutdown()


def keys_of(secret):
    """A secret as it is, and decoded where it is written whsec_<base64>."""
    keys = [secret.encode()]
    if secret.startswith("whsec_"):
        try:
            keys.append(base64.b64decode(secret[6:]))
        except ValueError:
            pass
    return keys
