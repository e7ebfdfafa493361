"""A server of one's own for a test: started, asked, looked behind, stopped."""

import http.client
import json
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse


class Server:
    def __init__(self, binary, *options, database=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="avow-notices-"))
        self.folder.chmod(0o755)  # PostgreSQL may run as another user
        self.binary, self.options, self.database = binary, options, database
        self.log = self.folder / "server.log"
        self.start()

    def start(self):
        command = [self.binary, "serve", "--listen", "127.0.0.1:0", *self.options]
        command += ["--database", self.database] if self.database else ["--data-dir", str(self.folder / "data")]
        said = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            ready = re.search(r"Avow is ready at (http://\S+)", self.log.read_text()[said:])
            if ready:
                self.url = ready[1]
                return
            time.sleep(0.05)
        raise AssertionError("the server did not start:\n" + self.log.read_text())

    def conninfo(self):
        if self.database:
            return self.database
        pid_file = next(self.folder.glob("data/**/postmaster.pid")).read_text().splitlines()
        return f"host={pid_file[4]} port={pid_file[3]} user=avow dbname=avow"

    def sql(self, text):
        """What has no other way in: the clock of tests, and tampering."""
        psql = shutil.which("psql") or "/usr/lib/postgresql/15/bin/psql"
        done = subprocess.run([psql, "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(), "-c", text],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def later(self, interval):
        self.sql(f"UPDATE catalog_clock SET ahead = ahead + interval '{interval}'")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
        code = self.process.returncode
        shutil.rmtree(self.folder, ignore_errors=True)
        return code


class Answer:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text
        self.body = json.loads(text) if text.startswith(("{", "[", '"')) and "\n{" not in text else None

    def __getitem__(self, name):
        return self.body[name]


class Client:
    def __init__(self, server):
        self.server = server

    def ask(self, method, path, body=None, headers=None):
        where = urllib.parse.urlsplit(self.server.url)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        sent = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, None if body is None else json.dumps(body), {**sent, **(headers or {})})
        reply = connection.getresponse()
        answer = Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read().decode())
        connection.close()
        return answer

    def expect(self, status, method, path, body=None, headers=None):
        answer = self.ask(method, path, body, headers)
        wanted = status if isinstance(status, tuple) else (status,)
        assert answer.status in wanted, f"{method} {path} {body}: {answer.status} {answer.text}"
        return answer

    def get(self, path):
        return self.expect(200, "GET", path)

    def post(self, path, body=None, status=(200, 201)):
        return self.expect(status, "POST", path, body if body is not None else {})
