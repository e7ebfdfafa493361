"""What always holds, whoever does what at the same time: random use of two servers on one database, then the laws, one by one.

    invariants.py AVOW [SECONDS] [SEED]

Each law is a question to the database or to the API whose answer must be empty. A server may refuse as it likes; it may never fail (5xx).
"""

import json
import random
import sys
import threading
import time

from avow import Client, Refused, Server, administrator, chain

TEAMS = ["alpha", "beta", "gamma", "delta"]
SERVICES = {f"{team}-{n}": team for team in TEAMS for n in (1, 2)}
EVENTS = {f"{team}.event_{n}": team for team in TEAMS for n in (1, 2)}
TYPES = ["string", "long", "boolean", "double"]

# Questions that give no row while the law holds.
LAWS = [
    ("1. no breaking change was applied over somebody who had to approve and did not",
     """SELECT c.id FROM change c JOIN requirement r ON r.change_id = c.id
         WHERE c.state = 'applied' AND c.class = 'breaking' AND c.strategy = 'in_line' AND c.override IS NULL AND r.act = 'approve'
           AND NOT EXISTS (SELECT FROM decision d WHERE d.requirement_id = r.id AND d.reset_at IS NULL
                            AND d.act IN ('approve', 'not_affected', 'acknowledge'))"""),
    ("2. a break that stayed in its line carries its mark",
     """SELECT v.id FROM line_version v JOIN change c ON c.id = v.change_id
         WHERE c.class = 'breaking' AND c.strategy = 'in_line' AND c.kind = 'schema' AND v.state IN ('active', 'superseded')
           AND v.accepted_break IS NULL"""),
    ("3. an override has its author, its reason and whom it hit",
     "SELECT id FROM change WHERE override IS NOT NULL AND NOT (override ? 'by' AND override->>'reason' <> '' AND override ? 'affected')"),
    ("4. a sunset never moves to an earlier date",
     """SELECT * FROM (SELECT id, state, sunset_at, lag(sunset_at) OVER w AS before, lag(state) OVER w AS state_before
                         FROM line_history WINDOW w AS (PARTITION BY id ORDER BY lower(valid))) l
         WHERE sunset_at < before AND state IN ('deprecated', 'sunset') AND state_before IN ('deprecated', 'sunset')"""),
    ("5. nobody began to consume a line that was deprecated, without a waiver",
     """SELECT c.id FROM consumption c JOIN line_history l ON l.id = c.line_id AND l.valid @> c.created_at
         WHERE l.state IN ('deprecated', 'sunset', 'removed')
           AND NOT EXISTS (SELECT FROM waiver w WHERE w.line_id = c.line_id AND w.created_at <= c.created_at)"""),
    ("6. a removed line has no reader and no writer",
     """SELECT l.id FROM line l WHERE l.state = 'removed' AND (
            EXISTS (SELECT FROM production p WHERE p.line_id = l.id AND p.ended_at IS NULL)
         OR EXISTS (SELECT FROM consumption c WHERE c.line_id = l.id AND c.state = 'active' AND c.reminded < 2
                     AND NOT EXISTS (SELECT FROM change o WHERE o.line_id = l.id AND o.override IS NOT NULL)))"""),
    ("8. every event has an owner, and the catalog says when nobody is left in it",
     """SELECT e.id FROM event e LEFT JOIN team t ON t.id = e.team_id WHERE t.id IS NULL"""),
    ("9. whoever decided was of the team then",
     """SELECT d.id FROM decision d JOIN requirement r ON r.id = d.requirement_id
         WHERE NOT d.automatic AND NOT EXISTS (
               SELECT FROM membership_history m JOIN person p ON p.id = m.person_id
                WHERE m.team_id = r.team_id AND p.login = d.person AND m.valid @> d.created_at)"""),
    ("9. what was decided is never edited",
     """SELECT id FROM decision_history GROUP BY id
        HAVING count(DISTINCT (act, person, revision, comment, fingerprints::text, not_before)) > 1"""),
    ("10. a name that a line lost comes back with its type, or with one that its readers widen to",
     """SELECT path, type, next FROM (
            SELECT path, type, removed, lead(type) OVER (PARTITION BY line_id, role, path ORDER BY lower(valid)) AS next
              FROM line_field_history) f
         WHERE removed IS NOT NULL AND type <> next AND (type, next) <> ('long', 'double')"""),
    ("12. nothing of the catalog changed without an audit entry at its moment",
     """SELECT moment FROM (SELECT lower(valid) AS moment FROM line_history UNION SELECT lower(valid) FROM event_history
                         UNION SELECT lower(valid) FROM consumption_history UNION SELECT lower(valid) FROM change_history
                         UNION SELECT lower(valid) FROM decision_history UNION SELECT lower(valid) FROM team_history) m
        EXCEPT SELECT at FROM audit"""),
    ("12. the chain of the trail has no gap",
     "SELECT position FROM audit_seal s WHERE position > 1 AND NOT EXISTS (SELECT FROM audit_seal p WHERE p.position = s.position - 1)"),
    ("13. at most one breaking change of a line is open",
     "SELECT line_id FROM change WHERE state = 'open' AND class = 'breaking' AND NOT suggestion GROUP BY line_id HAVING count(*) > 1"),
    ("14. a change was applied once",
     "SELECT change_id FROM line_version WHERE change_id IS NOT NULL AND state <> 'withdrawn' GROUP BY change_id HAVING count(*) > 1"),
    ("15. a delivery was recorded before it was tried",
     "SELECT d.id FROM delivery d JOIN delivery_attempt a ON a.delivery_id = d.id WHERE a.at < d.created_at"),
    ("18. a name leads to one event, and none is given twice",
     "SELECT e.id FROM event e LEFT JOIN event_name n ON n.name = e.name AND n.event_id = e.id WHERE n.id IS NULL"),
    ("versions of a line are numbered without a gap in what they promise",
     "SELECT line_id FROM line_version WHERE state = 'active' GROUP BY line_id, subject HAVING count(*) > 1"),
    ("there is one consumption of a line for a service",
     "SELECT line_id FROM consumption WHERE state IN ('active', 'requested') GROUP BY line_id, service_id HAVING count(*) > 1"),
]


class World:
    def __init__(self, binary):
        self.first = Server(binary, "--auth", "on", "--clock-interval", "1s", "--workers", "40")
        self.second = Server(binary, "--auth", "on", "--clock-interval", "1s", "--workers", "6", database=self.first.conninfo())
        self.lock = threading.Lock()
        self.by_id, self.broken, self.counts, self.reads = {}, [], {}, []
        self.tokens = {}

    def stop(self):
        self.second.stop()
        self.first.stop()

    def client(self, name, server=None):
        return Client(server or random.choice((self.first, self.second)), token=self.tokens[name], name=name)

    # --- the company ---------------------------------------------------------------------------------------------------------

    def found(self):
        password = "a long enough passphrase 7"
        admin = administrator(self.first, password)
        self.tokens["admin"] = admin.post("/api/v1/tokens", {"name": "test", "user": "admin", "scopes": ["read", "register", "catalog", "admin"]})["secret"]
        admin = self.client("admin", self.first)
        for team in TEAMS:
            admin.post("/api/v1/teams", {"slug": team, "name": team, "contact": {"email": f"{team}@example.com"},
                                         "oncall": {"kind": "url", "url": "https://oncall.example"}})
            for n in (1, 2):
                login = f"{team}.{n}"
                admin.post("/api/v1/users", {"login": login, "name": login, "role": "editor"})
                admin.expect((200, 201, 204), "PUT", f"/api/v1/teams/{team}/members/{login}", {"role": "maintainer" if n == 1 else "member"})
                self.tokens[login] = admin.post("/api/v1/tokens", {"name": "test", "user": login, "scopes": ["read", "register", "catalog"]})["secret"]
        for service, team in SERVICES.items():
            admin.post("/api/v1/services", {"slug": service, "name": service, "team": team})
        for event, team in EVENTS.items():
            admin.post("/api/v1/events", {
                "name": event, "title": event, "owner": team, "reason_to_exist": "To be tried",
                "contract": {"ordering": {"scope": "key", "key_fields": ["id"]}, "sla": {"freshness": "PT5S"}, "retention": "P7D",
                             "delivery": {"semantics": "at_least_once"}},
                "line": {"major": 1, "compatibility": "BACKWARD", "subjects": [f"{event}-value"]}})
            admin.post(f"/subjects/{event}-value/versions", {"schema": self.schema(event, random.Random(1), 3)})
            admin.post(f"/api/v1/lines/{event}@1/activate", {})

    @staticmethod
    def schema(event, dice, n=None):
        fields = [{"name": "id", "type": "string"}]
        for name in dice.sample("abcdefgh", n or dice.randint(1, 6)):
            field = {"name": name, "type": dice.choice(TYPES) if dice.random() < 0.15 else TYPES[ord(name) % 2]}
            if dice.random() < 0.7:
                field["default"] = {"string": "", "long": 0, "boolean": False, "double": 0.5}[field["type"]]
            fields.append(field)
        return json.dumps({"type": "record", "name": event.split(".")[1].title().replace("_", ""), "fields": fields})

    # --- what people do -----------------------------------------------------------------------------------------------------------

    def ask(self, client, method, path, body=None, headers=None):
        answer = client.ask(method, path, body, headers)
        with self.lock:
            key = f"{method} {path.split('?')[0].split('/')[-1] if path.startswith('/api') else 'registry'} {answer.status}"
            self.counts[key] = self.counts.get(key, 0) + 1
            if answer.status >= 500:
                self.broken.append(repr(answer))
        return answer

    def a_line(self, dice, client):
        event = dice.choice(list(EVENTS))
        lines = self.ask(client, "GET", f"/api/v1/events/{event}")
        if lines.status != 200:
            return event, f"{event}@1", {}
        line = dice.choice(lines["lines"])
        return event, line["id"], line

    def do_register(self, dice, client):
        event = dice.choice(list(EVENTS))
        answer = self.ask(client, "POST", f"/subjects/{event}-value/versions", {"schema": self.schema(event, dice)})
        if answer.status == 200:
            text = self.ask(client, "GET", f"/schemas/ids/{answer['id']}").text
            with self.lock:
                known = self.by_id.setdefault(answer["id"], text)
                if known != text:
                    self.broken.append(f"7. schema {answer['id']} changed: {known} and {text}")

    def do_consume(self, dice, client):
        _, line, _ = self.a_line(dice, client)
        service = dice.choice(list(SERVICES))
        body = {"service": service, "line": line, "purpose": "x", "environments": ["production"],
                "criticality": dice.choice(["blocking", "blocking", "informational"])}
        if dice.random() < 0.7:
            body["fields"] = [{"path": dice.choice("abcdefgh"), "need": dice.choice(["required", "optional"])}]
        if dice.random() < 0.2:
            return self.dry_run(client, "/api/v1/consumptions", body)
        return self.ask(client, "POST", "/api/v1/consumptions", body)

    def dry_run(self, client, path, body):
        """17. A dry run answers, and leaves nothing behind: its request id is in no audit entry."""
        answer = self.ask(client, "POST", path + "?dry_run=true", body)
        request = answer.headers.get("x-request-id", "")
        if request and self.first.sql(f"SELECT count(*) FROM audit WHERE request_id = '{request}'") != "0":
            with self.lock:
                self.broken.append(f"17. a dry run wrote: {answer!r}")

    def do_produce(self, dice, client):
        _, line, _ = self.a_line(dice, client)
        self.ask(client, "POST", "/api/v1/productions", {"service": dice.choice(list(SERVICES)), "line": line})

    def do_end(self, dice, client):
        _, line, _ = self.a_line(dice, client)
        kind = dice.choice(["consumptions", "productions"])
        where = "consumers" if kind == "consumptions" else "producers"
        listed = self.ask(client, "GET", f"/api/v1/lines/{line}/{where}")
        if listed.status == 200 and listed["items"]:
            one = dice.choice(listed["items"])
            self.ask(client, "POST", f"/api/v1/{kind}/{one['id']}/{dice.choice(['end', 'attest'])}", {"reason": "over"})

    def do_open(self, dice, client):
        event, line, _ = self.a_line(dice, client)
        body = {"kind": "schema", "line": line, "title": "Try", "rationale": "x",
                "schema": {"format": "AVRO", "text": self.schema(event, dice)}, "context": f"{event}#{dice.randint(1, 3)}",
                "plan": {"strategy": dice.choice(["in_line", "in_line", "new_line"])}}
        if dice.random() < 0.2:
            body.update(kind="contract", contract={"retention": dice.choice(["P1D", "P30D"])})
            del body["schema"]
        self.ask(client, "POST", "/api/v1/changes", body)

    def a_change(self, dice, client):
        listed = self.ask(client, "GET", "/api/v1/changes?state=open&limit=50")
        return dice.choice(listed["items"])["id"] if listed.status == 200 and listed["items"] else None

    def do_decide(self, dice, client):
        change = self.a_change(dice, client)
        if change is None:
            return
        detail = self.ask(client, "GET", f"/api/v1/changes/{change}")
        if detail.status == 200 and detail["requirements"]:
            requirement = dice.choice(detail["requirements"])
            team = requirement["team"]
            speaker = self.client(f"{team}.{dice.randint(1, 2)}") if dice.random() < 0.8 and f"{team}.1" in self.tokens else client
            self.ask(speaker, "POST", f"/api/v1/changes/{change}/decisions", {
                "requirement": requirement["id"], "revision": detail["revision"] - (dice.random() < 0.1),
                "act": dice.choice(["approve", "approve", "approve", "acknowledge", "request_changes", "not_affected"])})

    def do_apply(self, dice, client):
        change = self.a_change(dice, client)
        if change is None:
            return
        answers = [self.ask(self.client("admin"), "POST", f"/api/v1/changes/{change}/apply", {}) for _ in (1, 2)]
        if all(a.status == 200 for a in answers) and answers[0].body.get("version") != answers[1].body.get("version"):
            with self.lock:
                self.broken.append(f"14. applied twice: {answers}")

    def do_settle(self, dice, client):
        change = self.a_change(dice, client)
        if change is None:
            return
        act = dice.choice(["withdraw", "override", "comments"])
        if act == "override":
            detail = self.ask(client, "GET", f"/api/v1/changes/{change}")
            body = {"reason": "now", "ticket": "INC-1", "confirm": detail.body.get("line", "")}
            self.ask(self.client("admin"), "POST", f"/api/v1/changes/{change}/override", body)
        else:
            self.ask(client, "POST", f"/api/v1/changes/{change}/{act}", {"withdraw": {"reason": "no"}, "comments": {"body": "Hm."}}[act])

    def do_transition(self, dice, client):
        _, line, state = self.a_line(dice, client)
        act = dice.choice({"active": ["deprecate"], "deprecated": ["reactivate", "reschedule", "reschedule", "sunset"],
                           "sunset": ["remove", "reschedule"]}.get(state.get("state"), ["activate"]))
        if act == "deprecate" and dice.random() < 0.8:
            return
        days = dice.randint(1, 400)
        day = self.first.sql(f"SELECT to_char(catalog_now() + interval '{days} days', 'YYYY-MM-DD')")
        self.ask(client, "POST", f"/api/v1/lines/{line}/{act}", {"reason": "x", "replacement": "none", "sunset_at": day} if act != "activate" else {})

    def do_rename(self, dice, client):
        event = dice.choice(list(EVENTS))
        if dice.random() < 0.8:
            return
        self.ask(client, "POST", f"/api/v1/events/{event}/rename", {"name": dice.choice(list(EVENTS)) + dice.choice(["", "x", "y"])}, {"If-Match": "*"})

    def do_ask(self, dice, client):
        _, line, _ = self.a_line(dice, client)
        answer = self.ask(client, "GET", f"/api/v1/can-i/{dice.choice(['remove', 'retire'])}?line={line}")
        if answer.status == 200 and answer["answer"] == "yes":
            live = self.first.sql(f"""SELECT count(*) FROM consumption c JOIN line_named l ON l.id = c.line_id
                                       WHERE l.name = '{line}' AND c.state = 'active' AND c.created_at < now() - interval '1 hour'""")
            if live != "0":
                with self.lock:
                    self.broken.append(f"11. {answer!r} although somebody reads it")

    def do_read(self, dice, client):
        """16. What a read answered is what it answers as of its moment."""
        path = dice.choice([f"/api/v1/lines/{dice.choice(list(EVENTS))}@1", "/api/v1/teams", f"/api/v1/lines/{dice.choice(list(EVENTS))}@1/versions"])
        answer = self.ask(client, "GET", path)
        if answer.status == 200 and "x-as-of" in answer.headers:
            with self.lock:
                self.reads.append((path, answer.headers["x-as-of"], answer.text))

    def do_wait(self, dice, _):
        if dice.random() < 0.2:
            self.first.later(f"{dice.choice([1, 5, 20, 40])} days")

    def work(self, seed, until):
        dice = random.Random(seed)
        does = [self.do_register, self.do_register, self.do_consume, self.do_consume, self.do_produce, self.do_end, self.do_open, self.do_open,
                self.do_decide, self.do_decide, self.do_decide, self.do_apply, self.do_settle, self.do_transition, self.do_rename, self.do_ask,
                self.do_read, self.do_read, self.do_wait]
        clients = {name: self.client(name, (self.first, self.second)[seed % 2]) for name in self.tokens}
        while time.time() < until:
            try:
                dice.choice(does)(dice, clients[dice.choice(list(clients))])
            except Exception as error:  # a thread that ends in silence proves nothing
                with self.lock:
                    self.broken.append(f"{error!r}")

    # --- the laws --------------------------------------------------------------------------------------------------------------------

    def judge(self):
        bad = list(self.broken)
        for words, question in LAWS:
            rows = self.first.sql(question)
            print(f"   {'holds ' if rows == '' else 'BROKEN'}  {words}")
            if rows:
                bad.append(f"{words}: {rows[:400]}")
        client = self.client("admin")
        for schema_id, text in self.by_id.items():
            if client.get(f"/schemas/ids/{schema_id}").text != text:
                bad.append(f"7. schema {schema_id} is another one now")
        print(f"   holds   7. {len(self.by_id)} schemas by id are what they were")
        differ = [path for path, moment, text in self.reads
                  if client.get(f"{path}?as_of={moment.replace('+', '%2B')}").text != text]
        bad += [f"16. {path} as of then is not what was read then" for path in differ[:5]]
        print(f"   {'holds ' if not differ else 'BROKEN'}  16. {len(self.reads)} reads of the past are what was read")
        sealed = chain(client)
        if not sealed["intact"]:
            bad.append(f"12. the chain does not verify: {sealed}")
        return bad


def main():
    seconds, seed = (int(sys.argv[i]) if len(sys.argv) > i else given for i, given in ((2, 20), (3, 1)))
    world = World(sys.argv[1])
    try:
        world.found()
        until = time.time() + seconds
        threads = [threading.Thread(target=world.work, args=(seed * 100 + n, until)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"{sum(world.counts.values())} calls in {seconds} s, seed {seed}")
        for key in sorted(world.counts):
            print(f"   {world.counts[key]:6}  {key}")
        bad = world.judge()
        if bad:
            raise Refused("\n".join(bad[:20]))
    except Exception:
        print("--- the first server's log, its end:\n" + world.first.printed()[-3000:])
        raise
    finally:
        world.stop()
    print("The laws hold.")


if __name__ == "__main__":
    main()
