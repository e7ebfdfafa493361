"""The story of OrderPlaced, over HTTP only: four teams, a change that breaks one of them, and the end of a line.

    story.py AVOW     the binary; a server is started on a folder of its own
"""

import json
import sys

from avow import Client, Listener, Refused, Server, administrator, chain

TEAMS = {"order-platform": "olga", "payments": "paul", "inventory": "ines", "analytics": "anna"}
SERVICES = {"checkout": "order-platform", "billing": "payments", "stock": "inventory", "reports": "analytics"}
PASSWORD = "correct horse battery staple 1"
EVENT, LINE1, LINE2 = "orders.order_placed", "orders.order_placed@1", "orders.order_placed@2"
SUBJECT = "orders.order_placed-value"


def field(name, of_type, **more):
    return {"name": name, "type": of_type, **more}


def schema(*fields):
    return json.dumps({"type": "record", "name": "OrderPlaced", "namespace": "orders", "doc": "An order was confirmed.", "fields": list(fields)})


V1 = schema(field("order_id", "string", doc="Id of the order"), field("user_id", "string"),
            field("amount", "long", unit="cents"), field("currency", "string"))
V2 = schema(field("order_id", "string", doc="Id of the order"), field("user_id", "string"),
            field("total_amount", "long", unit="cents"), field("currency", "string", doc="Deprecated: all prices are in EUR."),
            field("items", {"type": "array", "items": "string"}, default=[]),
            field("placed_at", {"type": "long", "logicalType": "timestamp-millis"}, default=0))

CONTRACT = {"ordering": {"scope": "key", "key_fields": ["order_id"]}, "delivery": {"semantics": "at_least_once", "dedup": "order_id"},
            "sla": {"freshness": "PT5S", "availability": 0.999}, "retention": "P7D"}


def step(words):
    print(f"-- {words}", flush=True)


def claim(holds, words, evidence=None):
    if not holds:
        raise Refused(f"does not hold: {words}\n{evidence!r}")
    print(f"   {words}", flush=True)


class Story:
    def __init__(self, binary):
        self.server = Server(binary, "--auth", "on", "--webhook-allow", "127.0.0.1", "--clock-interval", "1s")
        self.listener = Listener()
        self.admin = None
        self.people, self.tokens = {}, {}

    def stop(self):
        self.listener.stop()
        self.server.stop()

    # --- the company ---------------------------------------------------------------------------------------------------

    def found_company(self):
        step("an administrator makes teams, people, services and tokens")
        self.admin = administrator(self.server, PASSWORD)
        for team, login in TEAMS.items():
            self.admin.post("/api/v1/users", {"login": login, "name": login.title(), "role": "editor"})
            self.admin.post("/api/v1/teams", {"slug": team, "name": team.replace("-", " ").title(),
                                              "contact": {"email": f"{team}@example.com"},
                                              "oncall": {"kind": "static", "people": [login]}})
            self.admin.expect((200, 204), "PUT", f"/api/v1/users/{login}/password", {"password": "given " + PASSWORD})
            Client(self.server).expect((200, 204), "PUT", f"/api/v1/users/{login}/password",
                                       {"current": "given " + PASSWORD, "password": PASSWORD})
            self.admin.expect((200, 201, 204), "PUT", f"/api/v1/teams/{team}/members/{login}", {"role": "maintainer"})
            self.people[team] = Client(self.server, login, PASSWORD)
        for service, team in SERVICES.items():
            self.people[team].post("/api/v1/services", {"slug": service, "name": service.title(), "team": team})
            secret = self.people[team].post("/api/v1/tokens", {"name": f"{service} in production", "service": service, "scopes": ["read", "register", "catalog"]})
            self.tokens[service] = Client(self.server, token=secret["secret"], name=service)
        claim(self.tokens["stock"].get("/subjects").body == [], "a service's token reads the registry")
        nobody = Client(self.server)
        claim(nobody.ask("GET", "/subjects").status == 401, "nobody gets in without credentials")

    def hooks(self):
        step("each team has a webhook")
        for team in TEAMS:
            hook = self.people[team].post("/api/v1/webhooks", {"team": team, "url": self.listener.url})
            self.listener.secrets.append(hook["secret"])
        refused = self.people["payments"].ask("POST", "/api/v1/webhooks", {"team": "payments", "url": "http://10.1.2.3/hook"})
        claim(400 <= refused.status < 500, "a webhook to a private address is refused", refused)

    # --- version 1 -----------------------------------------------------------------------------------------------------

    def publish(self):
        step("order-platform publishes OrderPlaced")
        olga = self.people["order-platform"]
        self.admin.post("/api/v1/domains", {"slug": "orders", "name": "Orders", "team": "order-platform"})
        made = olga.post("/api/v1/events", {
            "name": EVENT, "title": "Order placed", "domain": "orders", "owner": "order-platform",
            "reason_to_exist": "Starts invoicing, fulfilment and reports for every confirmed order.",
            "audience": "company", "classification": {"level": "confidential"}, "contract": CONTRACT,
            "line": {"major": 1, "compatibility": "FULL", "subjects": [SUBJECT]}})
        claim(made["readiness"]["complete"] is False and "schema" in made["readiness"]["missing"],
              "the catalog says that a schema is missing", made)
        olga.post("/api/v1/productions", {"service": "checkout", "line": LINE1, "environments": ["production"]})
        registered = self.tokens["checkout"].post(f"/subjects/{SUBJECT}/versions", {"schema": V1})
        self.id1 = registered["id"]
        refused = self.tokens["billing"].ask("POST", f"/subjects/{SUBJECT}/versions", {"schema": V1.replace("Id of the order", "Its id")})
        claim(refused.status == 403, "another team's service may not register there", refused)
        ready = olga.get(f"/api/v1/events/{EVENT}")["readiness"]
        claim(ready["complete"], "with the schema, everything that the policy asks for is there", ready)
        olga.post(f"/api/v1/lines/{LINE1}/activate", {})
        self.listener.wait_for("line.activated.v1", LINE1)

    def consume(self):
        step("payments, inventory and analytics declare what they read")
        self.billing = self.people["payments"].post("/api/v1/consumptions", {
            "service": "billing", "line": LINE1, "environments": ["production"], "purpose": "One invoice per order",
            "reader": {"format": "AVRO", "schema": schema(field("order_id", "string"), field("amount", "long"), field("currency", "string"))},
            "fields": [{"path": "amount", "need": "required"}, {"path": "currency", "need": "required"}]})
        self.stock = self.people["inventory"].post("/api/v1/consumptions", {
            "service": "stock", "line": LINE1, "environments": ["production"], "purpose": "Reserve what was ordered",
            "fields": [{"path": "order_id", "need": "required"}]})
        self.reports = self.people["analytics"].post("/api/v1/consumptions", {
            "service": "reports", "line": LINE1, "environments": ["production"], "purpose": "Daily revenue"})
        other = self.people["inventory"].post("/api/v1/consumptions", {
            "service": "stock", "line": LINE1, "purpose": "x", "fields": [{"path": "order_idd"}]}, status=(201, 400, 409, 422))
        claim(other.status != 201, "the same service does not declare the same line twice", other)
        readers = self.people["payments"].get(f"/api/v1/lines/{LINE1}/fields")
        amount = [f for f in readers["items"] if f["path"] == "amount"][0]
        claim("billing" in json.dumps(amount), "the field amount knows who requires it", amount)

    # --- the change ----------------------------------------------------------------------------------------------------

    def ask_what_if(self):
        step("what would break")
        impact = self.people["order-platform"].post("/api/v1/impact", {"line": LINE1, "schema": {"format": "AVRO", "text": V2}})
        rows = {row["service"]: row for row in impact["impact"]}
        claim(impact["class"] == "breaking", "the new schema is a breaking change", impact)
        claim(rows["billing"]["verdict"] == "broken", "billing breaks", rows)
        claim(rows["stock"]["verdict"] == "unaffected", "stock, which reads order_id alone, does not", rows)
        claim(rows["reports"]["verdict"] == "unknown", "of reports nothing is known", rows)
        text = json.dumps(impact.body)
        claim('"verified": true' in text and "counterexample" in text, "a counterexample was verified", impact)
        claim(self.server.sql("SELECT count(*) FROM change") == "0", "nothing was stored")
        refused = self.tokens["checkout"].ask("POST", f"/subjects/{SUBJECT}/versions", {"schema": V2})
        claim(refused.status == 409 and "billing" in refused.text and "amount" in refused.text,
              "registering it as it is is refused with the service and the path", refused)

    def open_change(self):
        step("order-platform opens the change")
        olga = self.people["order-platform"]
        proposal = {"kind": "schema", "line": LINE1, "title": "A total and the items", "rationale": "Baskets have items now.",
                    "schema": {"format": "AVRO", "text": V2}, "context": "orders#418",
                    "plan": {"strategy": "new_line", "retire": LINE1, "migration_guide": "https://wiki.example/orders-v2",
                             "subject": "orders.order_placed.v2-value"}}
        opened = olga.post("/api/v1/changes", proposal, headers={"Idempotency-Key": "open-418"})
        again = olga.post("/api/v1/changes", proposal, headers={"Idempotency-Key": "open-418"})
        claim(opened["id"] == again["id"] and again["revision"] == 1, "the same idempotency key opens one change", again)
        self.change = opened["id"]
        asked = sorted(r["team"] for r in opened["requirements"] if r["act"] == "approve")
        claim(asked == ["analytics", "payments"], "exactly payments and analytics must approve", opened)
        for team in asked:
            self.listener.wait_for("approval.requested.v1", team=team)
        return proposal

    def requirement(self, team):
        change = self.people[team].get(f"/api/v1/changes/{self.change}").body
        return [r for r in change["requirements"] if r["team"] == team][0]

    def decide(self, team, act="approve", by=None, status=(200, 201), revision=None, of=None):
        change = self.people[team].get(f"/api/v1/changes/{self.change}").body
        return self.people[by or team].post(f"/api/v1/changes/{self.change}/decisions", {
            "requirement": (of or self.requirement(team))["id"], "revision": revision or change["revision"], "act": act}, status=status)

    def approve(self, proposal):
        step("they decide")
        refused = self.decide("payments", by="inventory", status=403)
        claim(refused["code"] == "NOT_TEAM_MEMBER", "nobody approves for another team", refused)
        refused = self.decide("payments", by="order-platform", status=403)
        claim(refused["code"] in ("SELF_APPROVAL", "NOT_TEAM_MEMBER"), "nobody approves their own change for another team", refused)
        self.decide("payments")
        self.listener.wait_for("change.decided.v1")
        olga = self.people["order-platform"]
        pushed = olga.post("/api/v1/changes", proposal)
        claim(pushed["id"] == self.change, "a second push with the same context is the same change", pushed)
        claim(self.requirement("payments")["status"] == "approved", "and the approval stands", self.requirement("payments"))
        self.decide("analytics")
        late = self.server.sql("SELECT count(*) FROM decision WHERE reset_at IS NOT NULL")
        claim(late == "0", "no decision was reset")

    # --- two lines ------------------------------------------------------------------------------------------------------

    def run_both(self):
        step("the new major runs beside the old one")
        olga = self.people["order-platform"]
        first = olga.post(f"/api/v1/changes/{self.change}/apply", {})
        claim(first["state"] == "open" and first["applied"]["line"] == LINE2, "what nobody has to approve is done at once", first)
        again = olga.post(f"/api/v1/changes/{self.change}/apply", {})
        claim(again["applied"] == first["applied"], "applying twice gives the same version", again)
        claim([b["code"] for b in again["blockers"]] == ["notice_running"], "the end of line 1 waits for the notice period", again)
        self.listener.wait_for("line.activated.v1", LINE2)
        self.server.later("31 days")
        applied = olga.post(f"/api/v1/changes/{self.change}/apply", {})
        claim(applied["state"] == "applied" and not applied["blockers"], "after it the change is applied", applied)
        self.listener.wait_for("change.applied.v1")
        event = olga.get(f"/api/v1/events/{EVENT}").body
        states = {line["id"]: line["state"] for line in event["lines"]}
        claim(states[LINE2] == "active", "line 2 is active", states)
        if states[LINE1] == "active":
            olga.post(f"/api/v1/lines/{LINE1}/deprecate", {
                "reason": "Baskets have items", "replacement": LINE2, "migration_guide": "https://wiki.example/orders-v2",
                "sunset_at": self.server.sql("SELECT to_char(catalog_now() + interval '100 days', 'YYYY-MM-DD')")})
        self.listener.wait_for("line.deprecated.v1", LINE1)
        read = self.tokens["billing"].get(f"/subjects/{SUBJECT}/versions/1")
        claim("deprecation" in read.headers and "sunset" in read.headers and "successor-version" in read.headers.get("link", ""),
              "reads of the old schema say that it is deprecated and what follows", read.headers)

    def refuse_new_readers(self):
        step("a deprecated line takes no new readers")
        self.people["inventory"].post("/api/v1/services", {"slug": "forecast", "name": "Forecast", "team": "inventory"})
        refused = self.people["inventory"].post("/api/v1/consumptions", {"service": "forecast", "line": LINE1, "purpose": "late"}, status=409)
        claim(refused["code"] == "LINE_DEPRECATED" and refused["replacement"] == LINE2, "it names its replacement", refused)
        can = self.people["inventory"].get(f"/api/v1/can-i/consume?line={LINE1}&service=forecast")
        claim(can["answer"] == "no", "can-i says no, too", can)
        line = self.people["order-platform"].get(f"/api/v1/lines/{LINE1}")
        shorter = self.people["order-platform"].ask("POST", f"/api/v1/lines/{LINE1}/reschedule", {"sunset_at": "2026-12-01", "reason": "sooner"},
                                                    {"If-Match": line.headers.get("etag", "*")})
        claim(shorter.status == 422 and shorter["code"] in ("SUNSET_SHORTENED", "SUNSET_TOO_SOON"), "a sunset is never moved earlier", shorter)

    def reach_sunset(self):
        step("the clock brings the sunset; the last reader ends; the line is removed")
        olga = self.people["order-platform"]
        for service, made in (("billing", self.billing), ("stock", self.stock)):
            self.tokens[service].post(f"/api/v1/consumptions/{made['id']}/end", {"reason": "reads line 2"})
        change = olga.get(f"/api/v1/lines/{LINE1}").body
        for team in ("analytics",):
            for opened in olga.get(f"/api/v1/changes?state=open&event={EVENT}")["items"]:
                self.change = opened["id"]
                if any(r["team"] == team and r["status"] == "waiting" for r in olga.get(f"/api/v1/changes/{self.change}")["requirements"]):
                    self.decide(team)
        self.server.later("101 days")
        self.listener.wait_for("line.sunset_reached.v1", LINE1)
        claim(olga.get(f"/api/v1/lines/{LINE1}")["state"] == "sunset", "the clock acted", change)
        refused = olga.post(f"/api/v1/lines/{LINE1}/remove", {"reason": "nobody reads it"}, status=409)
        claim("reports" in refused.text, "removal is refused while reports still reads it", refused)
        self.tokens["reports"].post(f"/api/v1/consumptions/{self.reports['id']}/end", {"reason": "reads line 2"})
        for production in olga.get(f"/api/v1/lines/{LINE1}/producers")["items"]:
            olga.post(f"/api/v1/productions/{production['id']}/end", {"reason": "writes line 2"})
        self.server.later("30 days")
        olga.post(f"/api/v1/lines/{LINE1}/remove", {"reason": "nobody reads it"})
        self.listener.wait_for("line.removed.v1", LINE1)
        tomb = olga.get(f"/api/v1/lines/{LINE1}").body
        claim(tomb["state"] == "removed" and tomb["replacement"] == LINE2, "what is left tells what took its place", tomb)
        kept = olga.get(f"/schemas/ids/{self.id1}")
        claim(json.loads(kept["schema"])["name"] == "OrderPlaced", "its schema is still there by id")

    def look_back(self):
        step("looking back")
        olga = self.people["order-platform"]
        moment = self.server.sql(f"SELECT to_char(activated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM line_named WHERE name = '{LINE1}'")
        then = olga.get(f"/api/v1/lines/{LINE1}?as_of={moment}").body
        claim(then["state"] == "active", "as of its first day the line is active", then)
        sealed = chain(self.admin)
        claim(sealed["intact"], "the chain of the audit trail verifies", sealed)
        claim(not self.listener.wrong, "every webhook was signed and whole", self.listener.wrong)

    def tell(self):
        self.found_company()
        self.hooks()
        self.publish()
        self.consume()
        self.ask_what_if()
        proposal = self.open_change()
        self.approve(proposal)
        self.run_both()
        self.refuse_new_readers()
        self.reach_sunset()
        self.look_back()


def main():
    story = Story(sys.argv[1])
    try:
        story.tell()
    except Exception:
        print("--- the server's log, its end:\n" + story.server.printed()[-4000:])
        raise
    finally:
        story.stop()
    print("The story holds.")


if __name__ == "__main__":
    main()
