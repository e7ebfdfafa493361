"""Webhooks, tried with a receiver that misbehaves: python3 notices.py AVOW [TEST...]

Each test is a claim. All of them run against one server but for those that kill it.
"""

import subprocess
import sys
import time
import traceback

from receiver import Receiver
from registry import Client, Server

OPTIONS = ["--webhook-allow", "127.0.0.1", "--auth", "off"]
ANSWERED = "io.avow.test.ping.v1"


class Try:
    def __init__(self, server, receiver):
        self.server, self.receiver = server, receiver
        self.api = Client(server)
        self.n = 0

    def path(self):
        self.n += 1
        return f"/hook-{self.n}-{time.monotonic_ns()}"

    def hook(self, path, **more):
        made = self.api.post("/api/v1/webhooks", {"url": self.receiver.url + path, **more}, 201)
        return made["id"], made["secret"]

    def drop(self, hook):
        self.api.expect(204, "DELETE", f"/api/v1/webhooks/{hook}", None, {"If-Match": "*"})

    def register(self, subject, n=1):
        for i in range(n):
            name = f"{subject}_{i}".replace("-", "_")
            self.api.post(f"/subjects/{subject}/versions", {"schema": f'{{"type":"record","name":"{name}","fields":[]}}'}, 200)

    def free(self, subject):
        self.api.expect(200, "PUT", f"/config/{subject}", {"compatibility": "NONE"})

    def verify(self):
        return subprocess.run([self.server.binary, "audit", "verify", "--server", self.server.url], capture_output=True, text=True, check=False)

    def deliveries(self, hook, state=None):
        return self.api.get(f"/api/v1/webhooks/{hook}/deliveries" + (f"?state={state}" if state else ""))["items"]

    def until(self, what, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = what()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError("it did not happen in time")


def a_test_is_delivered_signed_and_logged(t):
    path = t.path()
    hook, secret = t.hook(path)
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    got = t.until(lambda: [d for d in t.receiver.at(path) if d.event["type"] == ANSWERED])[0]
    assert got.signed_by(secret)
    assert not got.signed_by("whsec_" + "A" * 44)
    event = got.event
    assert event["specversion"] == "1.0" and event["id"] == got.id and event["datacontenttype"] == "application/json"
    assert event["source"] == t.server.url and len(event["sequence"]) == 20
    assert got.headers["Content-Type"].startswith("application/cloudevents+json")
    assert abs(int(got.headers["Webhook-Timestamp"]) - time.time()) < 60
    log = t.until(lambda: [d for d in t.deliveries(hook, "delivered") if d["type"] == ANSWERED])[0]
    assert log["status"] == 204 and log["attempts"] == 1 and log["latency_ms"] is not None and log["event_id"] == got.id
    assert log["body"]["redacted"] and "data" not in log["body"] and len(log["tries"]) == 1
    schema = t.api.expect(200, "GET", event["dataschema"].removeprefix(t.server.url))
    assert schema["type"] == "object"
    t.drop(hook)


def the_secret_is_shown_once(t):
    path = t.path()
    hook, secret = t.hook(path)
    assert secret.startswith("whsec_")
    for text in (t.api.get(f"/api/v1/webhooks/{hook}").text, t.api.get("/api/v1/webhooks").text,
                 t.api.get(f"/api/v1/audit?object=webhook:{hook}").text):
        assert hook in text and secret not in text
    t.drop(hook)


def events_about_one_thing_come_in_order_and_once(t):
    path = t.path()
    hook, secret = t.hook(path, filter={"types": ["schema.registered"]})
    subjects = [f"order-{t.n}-{i}" for i in range(4)]
    for subject in subjects:
        t.free(subject)
    for i in range(10):
        for subject in subjects:
            name = f"v{i}"
            t.api.post(f"/subjects/{subject}/versions", {"schema": f'{{"type":"record","name":"{name}","fields":[]}}'}, 200)
    got = t.receiver.wait(path, 40)
    time.sleep(0.5)
    assert len(t.receiver.at(path)) == 40, "nothing twice"
    assert all(d.signed_by(secret) for d in got)
    for subject in subjects:
        versions = [d.event["data"]["version"] for d in got if d.event["subject"] == subject]
        assert versions == list(range(1, 11)), versions
        sequence = [d.event["sequence"] for d in got if d.event["subject"] == subject]
        assert sequence == sorted(sequence)
    t.drop(hook)


def a_failure_holds_up_what_comes_after_it_about_the_same_thing_alone(t):
    path = t.path()
    hook, _ = t.hook(path, filter={"types": ["schema.registered"]})
    first, other = f"held-{t.n}", f"free-{t.n}"
    for subject in (first, other):
        t.free(subject)

    failing = [True]
    t.receiver.answers[path] = lambda d: (500, {}) if d.event["subject"] == first and failing[0] else (200, {})
    t.register(first, 3)
    t.receiver.wait(path, 1)
    t.register(other, 2)
    t.until(lambda: len([d for d in t.receiver.at(path) if d.event["subject"] == other]) == 2)
    held = [d for d in t.receiver.at(path) if d.event["subject"] == first]
    assert {d.event["data"]["version"] for d in held} == {1}, "the second waits for the first"
    failing[0] = False
    t.server.later("10 minutes")
    t.until(lambda: {d.event["data"]["version"] for d in t.receiver.at(path) if d.event["subject"] == first} == {1, 2, 3})
    ids = [d.id for d in t.receiver.at(path) if d.event["subject"] == first and d.event["data"]["version"] == 1]
    assert len(ids) >= 2 and len(set(ids)) == 1, "the same id each time"
    tried = [d for d in t.deliveries(hook) if d["event_id"] == ids[0]][0]
    assert [a["status"] for a in tried["tries"]][0] == 500 and tried["tries"][-1]["status"] == 200
    t.drop(hook)


def redirects_are_not_followed(t):
    path = t.path()
    hook, _ = t.hook(path, filter={"types": ["test"]})
    t.receiver.answers[path] = [(302, {"Location": t.receiver.url + "/elsewhere"})]
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    log = t.until(lambda: t.deliveries(hook, "dead"))[0]
    assert not t.receiver.at("/elsewhere") and not t.receiver.at("GET /elsewhere")
    assert log["status"] == 302 and "redirect" in log["error"]
    t.drop(hook)


def retry_after_is_obeyed(t):
    for status in (429, 503):
        path = t.path()
        hook, _ = t.hook(path, filter={"types": ["schema.registered"]})
        t.receiver.answers[path] = [(status, {"Retry-After": "2"})]
        t.register(f"later-{t.n}")
        first, second = t.receiver.wait(path, 2)[:2]
        assert 1.8 <= second.when - first.when < 5, second.when - first.when
        assert first.id == second.id
        t.drop(hook)


def gone_disables(t):
    path = t.path()
    hook, _ = t.hook(path, filter={"types": ["schema.registered"]})
    t.receiver.answers[path] = [(410, {})]
    t.register(f"gone-{t.n}")
    t.receiver.wait(path, 1)
    shown = t.until(lambda: (lambda w: w if w["state"] == "disabled" else None)(t.api.get(f"/api/v1/webhooks/{hook}").body))
    assert "410" in shown["state_reason"]
    t.register(f"gone-too-{t.n}")
    time.sleep(0.6)
    assert len(t.receiver.at(path)) == 1
    t.drop(hook)


def after_a_day_it_is_dead_and_the_webhook_paused_and_its_team_told(t):
    team = f"keepers{t.n}"
    t.api.post("/api/v1/teams", {"slug": team, "name": team}, 201)
    path, watch = t.path(), t.path()
    watcher, _ = t.hook(watch, filter={"types": ["webhook"]})
    hook, _ = t.hook(path, team=team, filter={"types": ["schema.registered"]})
    t.receiver.answers[path] = lambda d: (500, {})
    t.register(f"dead-{t.n}")
    t.receiver.wait(path, 1)
    t.until(lambda: t.deliveries(hook)[0]["attempts"] == 1)
    t.server.later("12 hours")
    t.until(lambda: t.deliveries(hook)[0]["attempts"] == 2)
    assert t.deliveries(hook)[0]["state"] == "waiting"
    t.server.later("13 hours")
    t.until(lambda: t.deliveries(hook, "dead"))
    assert t.api.get(f"/api/v1/webhooks/{hook}")["state"] == "paused"
    told = t.until(lambda: [d.event for d in t.receiver.at(watch)
                            if d.event["type"] == "io.avow.webhook.paused.v1" and d.event["subject"] == hook])[0]
    assert told["data"]["team"] == team
    items = t.until(lambda: t.api.get(f"/api/v1/inbox?team={team}")["items"])
    assert items[0]["type"] == "io.avow.webhook.paused.v1" and hook in items[0]["title"]

    t.receiver.answers[path] = lambda d: (200, {})
    t.register(f"dead-later-{t.n}")
    time.sleep(0.6)
    n = len(t.receiver.at(path))
    t.api.post(f"/api/v1/webhooks/{hook}/resume")
    t.until(lambda: len(t.receiver.at(path)) == n + 1)
    assert t.api.post(f"/api/v1/webhooks/{hook}/redeliver", {}, 202)["redelivered"] == 1
    t.until(lambda: not t.deliveries(hook, "dead") and not t.deliveries(hook, "waiting"))
    assert len({d.id for d in t.receiver.at(path)}) == 2
    t.drop(hook)
    t.drop(watcher)


def a_delivery_is_made_again_with_its_id(t):
    path = t.path()
    hook, secret = t.hook(path, filter={"types": ["schema.registered"]})
    t.register(f"again-{t.n}")
    t.receiver.wait(path, 1)
    done = t.until(lambda: t.deliveries(hook, "delivered"))[0]
    t.api.post(f"/api/v1/webhooks/{hook}/redeliver", {"delivery": done["id"]}, 202)
    first, second = t.receiver.wait(path, 2)
    assert first.id == second.id and first.body == second.body and second.signed_by(secret)
    t.api.expect(404, "POST", f"/api/v1/webhooks/{hook}/redeliver", {"delivery": done["id"] + 1000000})
    t.drop(hook)


def both_secrets_count_while_one_is_replaced(t):
    path = t.path()
    hook, old = t.hook(path)
    new = t.api.post(f"/api/v1/webhooks/{hook}/secret")["secret"]
    assert new != old
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    got = t.until(lambda: [d for d in t.receiver.at(path) if d.event["type"] == ANSWERED])[-1]
    assert got.signed_by(old) and got.signed_by(new)
    newest = t.api.post(f"/api/v1/webhooks/{hook}/secret", {"overlap_hours": 0})["secret"]
    n = len(t.receiver.at(path))
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    got = t.until(lambda: [d for d in t.receiver.at(path)[n:] if d.event["type"] == ANSWERED])[-1]
    assert got.signed_by(newest) and not got.signed_by(old) and not got.signed_by(new)
    t.drop(hook)


def binary_mode_puts_the_attributes_into_headers(t):
    path = t.path()
    hook, secret = t.hook(path, mode="binary", filter={"types": ["test"]})
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    got = t.receiver.wait(path, 1)[0]
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["ce-type"] == ANSWERED and got.headers["ce-id"] == got.id and got.headers["ce-specversion"] == "1.0"
    assert got.event["webhook"] == hook and got.signed_by(secret)
    t.drop(hook)


def a_paused_webhook_waits_and_is_still_testable(t):
    path = t.path()
    hook, _ = t.hook(path, filter={"types": ["schema.registered", "test"]})
    t.api.post(f"/api/v1/webhooks/{hook}/pause", {"reason": "night shift"})
    t.api.expect(409, "POST", f"/api/v1/webhooks/{hook}/pause", {})
    t.register(f"paused-{t.n}")
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    t.receiver.wait(path, 1)
    time.sleep(0.5)
    assert [d.event["type"] for d in t.receiver.at(path)] == [ANSWERED]
    t.api.post(f"/api/v1/webhooks/{hook}/resume")
    assert t.receiver.wait(path, 2)[1].event["type"] == "io.avow.schema.registered.v1"
    t.drop(hook)


def a_receiver_is_asked_first_and_its_no_counts(t):
    path = t.path()
    hook, _ = t.hook(path)
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    t.receiver.wait(path, 1)
    asked = [a for a in t.receiver.asked if a[0] == path]
    assert asked and asked[0][1] == "127.0.0.1"
    assert t.api.get(f"/api/v1/webhooks/{hook}")["receiver"]["agreed"] is True
    t.drop(hook)

    path = t.path()
    t.receiver.options[path] = (200, {"WebHook-Allowed-Origin": "somebody.example"})
    hook, _ = t.hook(path)
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    t.until(lambda: t.api.get(f"/api/v1/webhooks/{hook}")["state"] == "disabled")
    assert not t.receiver.at(path)
    t.drop(hook)

    silent = t.path()
    t.receiver.options[silent] = (405, {})
    hook, _ = t.hook(silent)
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    t.receiver.wait(silent, 1)
    t.drop(hook)

    strict = t.path()
    t.receiver.options[strict] = (405, {})
    hook, _ = t.hook(strict, handshake="required")
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    t.until(lambda: t.api.get(f"/api/v1/webhooks/{hook}")["state"] == "disabled")
    assert not t.receiver.at(strict)
    t.drop(hook)


def filters_all_have_to_fit(t):
    path = t.path()
    hook, _ = t.hook(path, filter={"types": ["config", "io.avow.mode.set"]})
    subject = f"filtered-{t.n}"
    t.register(subject)
    t.free(subject)
    t.api.expect(200, "PUT", f"/mode/{subject}", {"mode": "READONLY"})
    got = t.receiver.wait(path, 2)
    assert [d.event["type"] for d in got] == ["io.avow.config.set.v1", "io.avow.mode.set.v1"]
    t.drop(hook)


def private_addresses_are_refused_in_every_spelling(t):
    for host in ("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.100.100.200", "0.0.0.0", "[::1]", "[::]",
                 "[fd00::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::10.0.0.1]", "[2002:a00:1::]",
                 "localhost", "LOCALHOST.", "service.internal", "167772161", "0x0a000001", "012.0.0.1", "10.1", "224.0.0.1"):
        answer = t.api.expect(422, "POST", "/api/v1/webhooks", {"url": f"http://{host}:9/hook"})
        assert answer["code"] == "FIELD_INVALID" and answer["field"] == "url", answer
    for url in ("ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "http://user:pass@example.com/", "not a url",
                "http://", "https://example.com/#part"):
        t.api.expect(422, "POST", "/api/v1/webhooks", {"url": url})
    made = t.api.post("/api/v1/webhooks", {"url": "https://hooks.example/avow"}, 201)
    t.api.expect(422, "PATCH", f"/api/v1/webhooks/{made['id']}", {"url": "http://10.0.0.1/"}, {"If-Match": "*"})
    t.drop(made["id"])


def a_name_that_leads_into_the_private_network_is_refused_when_it_is_connected_to(t):
    path = t.path()
    hook, _ = t.hook(path, filter={"types": ["test"]})
    # As if the name had led elsewhere when it was given: what is connected to counts.
    t.server.sql(f"UPDATE webhook SET url = 'http://localhost.:{t.receiver.port}{path}' WHERE public_id = '{hook}'")
    t.server.sql(f"UPDATE webhook SET url = 'http://127.0.0.2:{t.receiver.port}{path}' WHERE public_id = '{hook}'")
    t.api.post(f"/api/v1/webhooks/{hook}/test", status=202)
    log = t.until(lambda: t.deliveries(hook, "dead"))[0]
    assert "refused" in log["error"] and log["status"] is None, log
    assert not t.receiver.at(path)
    t.drop(hook)


def a_webhook_is_changed_only_as_it_was_read(t):
    path = t.path()
    hook, _ = t.hook(path)
    etag = t.api.get(f"/api/v1/webhooks/{hook}").headers["etag"]
    t.api.expect(428, "PATCH", f"/api/v1/webhooks/{hook}", {"description": "x"})
    t.api.expect(200, "PATCH", f"/api/v1/webhooks/{hook}", {"description": "x"}, {"If-Match": etag})
    t.api.expect(412, "PATCH", f"/api/v1/webhooks/{hook}", {"description": "y"}, {"If-Match": etag})
    t.api.expect(422, "PATCH", f"/api/v1/webhooks/{hook}", {"secret": "mine"}, {"If-Match": "*"})
    for body in ({"url": t.receiver.url, "mode": "carrier pigeon"}, {"url": t.receiver.url, "filter": {"colour": ["red"]}},
                 {"url": t.receiver.url, "filter": {"types": "x"}}, {}, {"url": t.receiver.url, "team": "no-such-team"}):
        t.api.expect((400, 422), "POST", "/api/v1/webhooks", body)
    t.api.expect(404, "GET", "/api/v1/webhooks/wh_nothing")
    t.drop(hook)


def a_server_killed_between_delivery_and_commit_delivers_again_with_the_same_id(t):
    path = t.path()
    hook, secret = t.hook(path, filter={"types": ["schema.registered"]})
    t.until(lambda: t.api.get(f"/api/v1/webhooks/{hook}").body)

    def kill(delivery):
        if len(t.receiver.at(path)) == 1:
            t.server.kill()
        return 200, {}

    t.receiver.answers[path] = kill
    t.register(f"killed-{t.n}")
    t.receiver.wait(path, 1)
    t.until(lambda: t.server.process.poll() is not None)
    t.server.start()
    first, second = t.receiver.wait(path, 2, 40)[:2]
    assert first.id == second.id and first.event == second.event | {"source": first.event["source"]}
    assert second.signed_by(secret)
    t.drop(hook)


def two_servers_deliver_once_and_the_second_takes_over(t):
    other = Server(t.server.binary, *OPTIONS, "--workers", "1", database=t.server.conninfo())
    try:
        path = t.path()
        hook, _ = t.hook(path, filter={"types": ["schema.registered"]})
        subject = f"two-{t.n}"
        t.free(subject)
        second = Client(other)
        for i in range(20):
            body = {"schema": f'{{"type":"record","name":"v{i}","fields":[]}}'}
            (t.api if i % 2 else second).post(f"/subjects/{subject}/versions", body, 200)
        got = t.receiver.wait(path, 20)
        time.sleep(0.5)
        assert len(t.receiver.at(path)) == 20
        assert [d.event["data"]["version"] for d in got] == list(range(1, 21))
        before = t.server.sql("SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = hashtext('avow notices')::oid")
        assert before == "1", "one leads"
        t.drop(hook)
    finally:
        other.stop()


def a_team_counts_as_told_once_its_own_webhook_took_the_event(t):
    ours, theirs = f"ours{t.n}", f"theirs{t.n}"
    for team in (ours, theirs):
        t.api.post("/api/v1/teams", {"slug": team, "name": team}, 201)
    path, other = t.path(), t.path()
    t.receiver.answers[path] = [(500, {})]
    hook, _ = t.hook(path, team=ours, filter={"types": ["approval.requested"]})
    stranger, _ = t.hook(other, team=theirs, filter={"types": ["approval.requested"]})
    change = t.server.sql(f"""
        WITH o AS (SELECT id FROM team WHERE slug = '{ours}'),
             s AS (INSERT INTO service (slug, name, team_id) SELECT 'reader{t.n}', 'Reader', id FROM o RETURNING id),
             e AS (INSERT INTO event (name, team_id) SELECT 'told{t.n}.thing_done', id FROM team WHERE slug = '{theirs}' RETURNING id),
             l AS (INSERT INTO line (event_id, major, state) SELECT id, 1, 'active' FROM e RETURNING id),
             c AS (INSERT INTO consumption (public_id, service_id, line_id, state) SELECT 'cns_told{t.n}', s.id, l.id, 'active' FROM s, l RETURNING id),
             h AS (INSERT INTO change (kind, event_id, line_id, title, author, state) SELECT 'schema', e.id, l.id, 'T', 'a', 'open' FROM e, l RETURNING id),
             n AS (INSERT INTO notice (change_id, consumption_id, team_id) SELECT h.id, c.id, o.id FROM h, c, o)
        SELECT id FROM h""")
    told = f"SELECT coalesce(delivered_by, 'nobody') FROM notice WHERE change_id = {change}"

    def tell():
        t.server.sql(f"""INSERT INTO outbox (seq, type, subject, data) VALUES (0, 'io.avow.approval.requested.v1', 'told{t.n}.thing_done@1',
                         '{{"change": "CR-{change}", "team": "{ours}", "title": "T", "actor": "a", "at": "2026-01-01T00:00:00Z"}}')""")

    tell()
    t.receiver.wait(path, 1)
    t.receiver.wait(other, 1)
    t.until(lambda: t.deliveries(stranger, "delivered"))
    assert t.server.sql(told) == "nobody", "neither a failure nor a delivery to another team counts"
    t.server.later("1 minute")
    t.receiver.wait(path, 2)
    t.until(lambda: t.server.sql(told) == "webhook")
    t.until(lambda: t.api.get("/api/v1/audit?kind=notice.delivered")["items"])
    entries = t.api.get(f"/api/v1/audit?object=change:CR-{change}")["items"]
    assert [e["kind"] for e in entries] == ["notice.delivered"] and entries[0]["detail"]["team"] == ours
    items = t.api.get(f"/api/v1/inbox?team={ours}")["items"]
    assert items[0]["waits"] and items[0]["change"] == f"CR-{change}", items
    tell()
    t.receiver.wait(path, 3)
    time.sleep(0.5)
    assert len(t.api.get(f"/api/v1/audit?object=change:CR-{change}")["items"]) == 1, "once"
    item = t.api.get(f"/api/v1/inbox?team={ours}&waiting=true")["items"][0]
    t.api.post(f"/api/v1/inbox/{item['id']}/done")
    assert item["id"] not in [i["id"] for i in t.api.get(f"/api/v1/inbox?team={ours}&waiting=true")["items"]]
    t.drop(hook)
    t.drop(stranger)


def the_trail_is_sealed_and_a_row_edited_behind_its_back_is_found(t):
    def sealed():
        report = t.api.get("/api/v1/audit/verify")
        return report.body if report["unsealed"] == 0 else None

    t.register(f"trail-{t.n}", 1)
    report = t.until(sealed)
    assert report["intact"] and report["entries"] > 10
    assert t.verify().returncode == 0
    seq = t.server.sql("SELECT seq FROM audit_seal ORDER BY position OFFSET 5 LIMIT 1")
    actor = t.server.sql(f"SELECT actor FROM audit WHERE seq = {seq}")
    t.server.sql(f"UPDATE audit SET actor = 'somebody else' WHERE seq = {seq}")
    report = t.api.get("/api/v1/audit/verify")
    assert not report["intact"] and report["broken_seq"] == int(seq)
    told = t.verify()
    assert told.returncode == 1 and f"seq {seq}" in told.stdout, told.stdout + told.stderr
    t.server.sql(f"UPDATE audit SET actor = '{actor}' WHERE seq = {seq}")
    assert t.api.get("/api/v1/audit/verify")["intact"]
    row = t.server.sql(f"DELETE FROM audit WHERE seq = {seq} RETURNING seq")
    report = t.api.get("/api/v1/audit/verify")
    assert row == seq and not report["intact"] and report["broken_seq"] == int(seq) and "gone" in report["reason"]
    listed = t.api.get("/api/v1/audit?kind=schema.registered&limit=1")["items"][0]
    assert listed["object"] == f"subject:trail-{t.n}" and len(listed["seal"]) == 64
    lines = t.api.expect(200, "GET", "/api/v1/audit/export?kind=webhook.").text.splitlines()
    assert lines and all('"webhook.' in line for line in lines)


TESTS = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__" and isinstance(value, type(lambda: 0))]


def main():
    binary, chosen = sys.argv[1], sys.argv[2:]
    server, receiver, failed = Server(binary, *OPTIONS), Receiver(), 0
    try:
        tried = Try(server, receiver)
        for test in TESTS:
            if test.__name__ == "main" or chosen and test.__name__ not in chosen:
                continue
            began = time.monotonic()
            try:
                test(tried)
                print(f"ok    {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
            except Exception as error:  # noqa: BLE001: every failure is told, then the next test runs
                failed += 1
                print(f"FAIL  {test.__name__}: {error!r}", flush=True)
                traceback.print_exc()
        if failed:
            print(server.log.read_text()[-4000:])
    finally:
        server.stop()
        receiver.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
