"""A receiver of webhooks that does as it is told: each test gives it a script of answers."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time


class Delivery:
    """One request, as it came."""

    def __init__(self, path, headers, body, when):
        self.path, self.headers, self.body, self.when = path, headers, body, when

    @property
    def id(self):
        return self.headers["Webhook-Id"]

    @property
    def event(self):
        return json.loads(self.body)

    def signed_by(self, secret):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{self.headers['Webhook-Id']}.{self.headers['Webhook-Timestamp']}.".encode() + self.body
        made = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return made in self.headers["Webhook-Signature"].split()


class Receiver:
    """Answers 204, or what `answers[path]` says: a list of (status, headers) to be used up, or a function of the delivery."""

    def __init__(self):
        self.received, self.asked, self.answers, self.options = [], [], {}, {}
        self.changed = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_OPTIONS(self):
                receiver.asked.append((self.path, self.headers.get("WebHook-Request-Origin")))
                status, headers = receiver.options.get(self.path, (200, {"WebHook-Allowed-Origin": "*"}))
                self.reply(status, headers)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                delivery = Delivery(self.path, self.headers, body, time.monotonic())
                with receiver.changed:
                    receiver.received.append(delivery)
                    script = receiver.answers.get(self.path)
                    answer = script.pop(0) if isinstance(script, list) and script else (204, {})
                    receiver.changed.notify_all()
                if callable(script):
                    answer = script(delivery)
                self.reply(*answer)

            def do_GET(self):
                receiver.received.append(Delivery("GET " + self.path, self.headers, b"{}", time.monotonic()))
                self.reply(200, {})

            def reply(self, status, headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # a server that was killed hangs up: that is a test

        self.http = Server(("127.0.0.1", 0), Handler)
        self.port = self.http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def at(self, path):
        with self.changed:
            return [d for d in self.received if d.path == path]

    def wait(self, path, n, seconds=20):
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                found = [d for d in self.received if d.path == path]
                if len(found) >= n:
                    return found
                left = deadline - time.monotonic()
                assert left > 0, f"{path}: {len(found)} of {n} came: {[d.event['type'] for d in found]}"
                self.changed.wait(left)

    def stop(self):
        self.http.shutdown()
