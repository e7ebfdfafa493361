#!/usr/bin/env python3
"""The Avro part of the library against the Java reference, thousands of random cases a run.

  run.py --oracle BUILD/avro_oracle --work DIR [--count N] [--seed S] [--only NAME]

Maven fetches Avro Java into its own cache. Exit 77 means: the toolchain is not here, nothing was compared.
Known differences, decided by the specification, are in `excused` below and in compat/README.md.
"""
import argparse
import json
import os
import shutil
import struct
import subprocess
import sys

from generate import Schemas

HERE = os.path.dirname(os.path.abspath(__file__))


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def java(work):
    """The command that runs Oracle.java."""
    for tool in ("mvn", "javac", "java"):
        if not shutil.which(tool):
            skip(tool + " is not installed")
    os.makedirs(work, exist_ok=True)
    path = os.path.join(work, "classpath")
    if not os.path.exists(path):
        done = subprocess.run(["mvn", "-q", "-B", "-f", os.path.join(HERE, "pom.xml"), "dependency:build-classpath",
                               "-Dmdep.outputFile=" + path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0 or not os.path.exists(path):
            skip("Maven cannot fetch Avro Java: " + done.stdout.decode()[-300:].replace("\n", " "))
    classes = work + ":" + open(path).read().strip()
    subprocess.run(["javac", "-cp", classes, "-d", work, os.path.join(HERE, "Oracle.java")], check=True)
    return ["java", "-Xss64m", "-cp", classes, "Oracle"]


def ask(command, requests):
    text = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, stderr=sys.stderr, check=False)
    if done.returncode != 0:
        print("FAIL: %s ended with %d after %d answers" % (command[0], done.returncode, done.stdout.count(b"\n")))
        sys.exit(1)
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


class Tally:
    verbose = False

    def __init__(self, name):
        self.name, self.same, self.excused, self.failed, self.shown = name, 0, {}, 0, 0

    def fail(self, request, ours, theirs):
        self.failed += 1
        if self.shown < 5:
            self.shown += 1
            shown = [json.dumps(each)[:4000 if self.verbose else 300] for each in (request, ours, theirs)]
            print("--- %s\n    request %s\n    ours    %s\n    theirs  %s" % (self.name, *shown))

    def excuse(self, why):
        self.excused[why] = self.excused.get(why, 0) + 1

    def end(self):
        print("%-10s same %d, failed %d, excused %s" % (self.name, self.same, self.failed, self.excused or "none"))
        return self.failed == 0


def excused_parse(ours, theirs):
    """Why a different answer to "parse" is right, or None."""
    if "error" in ours and "error" in theirs:
        return "both refuse"
    error = theirs.get("error", "")
    if "unresolved schema" in error or "UnresolvedSchema" in error or "not set yet" in error:
        return "Java checks a default against a type it has not read yet"
    if "Invalid default for field" in error and "error" not in ours:
        return "Java checks the writer's defaults when it applies aliases"
    if any(text in error for text in ("AvroRuntimeException: Not a", "is not in the enum symbol set", "No default value for")) and "error" not in ours:
        return "Java takes the first branch of a union for a default"
    if "StackOverflowError" in error:
        return "Java overflows on a record that always holds itself"
    if "Duplicate field" in error and "error" not in ours:
        return "Java applies aliases to types that no message has"
    if "Can't set a property to null" in error:
        return "Java loses a big property of a record"
    return None


def compare_parse(command, reference, count, seed):
    requests = []
    for i in range(count):
        generator = Schemas(seed * 1000003 + i)
        schema = generator.schema()
        if i % 4 == 3:
            schema = generator.mutated(schema, 2)
        requests.append({"op": "parse", "schema": json.dumps(schema, ensure_ascii=i % 2 == 0), "strict": i % 3 != 0})
    tally = Tally("parse")
    for request, ours, theirs in zip(requests, ask(command, requests), ask(reference, requests)):
        normalized = ours.pop("normalized", None)
        if ours == theirs:
            tally.same += 1
        else:
            why = excused_parse(ours, theirs)
            if why:
                tally.excuse(why)
            else:
                tally.fail(request, ours, theirs)
    return tally.end()


def pairs(count, seed):
    out = []
    for i in range(count):
        generator = Schemas(seed * 7000003 + i, plain=True)
        writer = generator.schema()
        reader = generator.mutated(writer, 1 + i % 3)
        if i % 2:
            reader, writer = writer, reader
        out.append((json.dumps(reader), json.dumps(writer)))
    return out


def compare_check(command, reference, count, seed):
    requests = [{"op": "check", "reader": r, "writer": w} for r, w in pairs(count, seed)]
    tally = Tally("check")
    compatible = 0
    for request, ours, theirs in zip(requests, ask(command, requests), ask(reference, requests)):
        if "error" in theirs and "matches multiple fields" in theirs["error"]:
            theirs = {"differences": [{"type": "UNEXPECTED_EXCEPTION"}], "compatible": False}
            ours["differences"] = [{"type": d["type"]} for d in ours.get("differences", [])]
        elif "error" in ours or "error" in theirs:
            if "error" in ours and "error" in theirs:
                tally.excuse("both refuse a schema")
            elif excused_parse(ours, theirs):
                tally.excuse(excused_parse(ours, theirs))
            else:
                tally.fail(request, ours, theirs)
            continue
        ours.pop("verdict", None)
        for difference in ours["differences"]:
            difference.pop("class", None)
        compatible += theirs["compatible"]
        if ours == theirs:
            tally.same += 1
        else:
            tally.fail(request, ours, theirs)
    print("           of these %d compatible" % compatible)
    return tally.end()


def single(value):
    """Numbers as floats of 32 bits: Java prints a float with the digits of a double."""
    if isinstance(value, float):
        return struct.pack("f", value + 0.0) if abs(value) < 3.5e38 else value
    if isinstance(value, list):
        return [single(item) for item in value]
    return {key: single(item) for key, item in value.items()} if isinstance(value, dict) else value


def same_json(theirs, ours):
    try:
        return single(json.loads(theirs)) == single(json.loads(ours))
    except ValueError:
        return theirs == "" and json.loads(ours) in (None, {})  # Java prints nothing for what has no bytes


def compare_data(command, reference, count, seed):
    """Values of random schemas: read back by ourselves, and by Java in both encodings."""
    requests = [{"op": "sample", "schema": json.dumps(Schemas(seed * 500009 + i, plain=True).schema()), "n": 4, "seed": i + 1} for i in range(count)]
    tally = Tally("data")
    asked = []
    for request, answer in zip(requests, ask(command, requests)):
        for value in answer.get("values", []):
            if value["ambiguous"]:
                tally.excuse("a union of one simple name twice")
            elif not value["binary_again"] or not value["json_again"]:
                tally.fail(request, value, "must be read back")
            else:
                asked.append(({"op": "encode", "schema": request["schema"], "hex": value["hex"]}, value))
    for (request, ours), theirs in zip(asked, ask(reference, [request for request, _ in asked])):
        if "error" in theirs and excused_parse({}, theirs):
            tally.excuse(excused_parse({}, theirs))
        elif "json" in theirs and (not ours["hex"] or same_json(theirs["json"], ours["json"])):
            tally.same += 1
        else:
            tally.fail(request, ours, theirs)
    return tally.end()


# Where a break by the specification is none for Java's reader: compat/README.md, "Avro".
LENIENT_JAVA = {
    "decimal-mismatch": "Java ignores precision and scale",
    "name-mismatch": "Java does not look at record names outside unions",
    "bad-default": "Java fills in what is no value",
    "alias-clash": "Java resolves aliases by rewriting",
    "alias-collides": "Java resolves aliases by rewriting",
    "type-alias-collides": "Java resolves aliases by rewriting",
    "no-branch": "Java takes a record by structure",
}


def compare_strict(command, reference, count, seed):
    """Strict verdicts: what is compatible is read by Java for every sampled value; what is not is refused, as its witness shows."""
    cases = pairs(count, seed + 77)
    verdicts = ask(command, [{"op": "check", "strict": True, "reader": r, "writer": w} for r, w in cases])
    samples = ask(command, [{"op": "sample", "schema": w, "n": 5, "seed": i + 1} for i, (_, w) in enumerate(cases)])
    tally = Tally("strict")
    asked, totals = [], {}
    for (reader, writer), verdict, sample in zip(cases, verdicts, samples):
        totals[verdict.get("verdict", "error")] = totals.get(verdict.get("verdict", "error"), 0) + 1
        if verdict.get("verdict") == "undecided":
            tally.fail({"reader": reader, "writer": writer}, verdict, "decided")
        request = {"op": "read", "reader": reader, "writer": writer}
        if verdict.get("verdict") == "compatible":
            for value in sample.get("values", []):
                asked.append((dict(request, hex=value["hex"]), None))
        elif verdict.get("verdict") == "incompatible":
            for finding in verdict["differences"]:
                if "hex" in finding:
                    asked.append((dict(request, hex=finding["hex"]), finding["type"]))
    ours = ask(command, [request for request, _ in asked])
    full = ask(command, [dict(request, full_names_first=True) for request, _ in asked])
    theirs = ask(reference, [request for request, _ in asked])
    for (request, rule), mine, mine_full, java_says in zip(asked, ours, full, theirs):
        if rule is None:
            if "error" in mine or "error" in mine_full:
                tally.fail(request, mine, "compatible, so it must be read")
            elif "error" in java_says:
                why = excused_parse(mine, java_says)
                tally.excuse(why) if why else tally.fail(request, mine, java_says)
            elif mine["hex"] == java_says["hex"]:
                tally.same += 1
            elif mine_full["hex"] == java_says["hex"]:
                tally.excuse("same data in another branch of the union")
            elif '"default"' in request["reader"] and len(mine["hex"]) != len(java_says["hex"]):
                tally.excuse("Java takes the first branch of a union for a default")
            else:
                tally.fail(request, mine, java_says)
        elif "error" not in mine and "error" not in mine_full:
            tally.fail(request, mine, "a witness must be refused")
        elif "error" in java_says:
            tally.same += 1
        elif "error" not in mine_full:
            tally.excuse("Java takes a record by structure")
        elif rule in LENIENT_JAVA:
            tally.excuse(LENIENT_JAVA[rule])
        else:
            tally.fail(dict(request, rule=rule), mine, java_says)
    print("           verdicts %s" % totals)
    return tally.end()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--oracle", required=True)
    arguments.add_argument("--work", required=True)
    arguments.add_argument("--count", type=int, default=3000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only")
    arguments.add_argument("--verbose", action="store_true")
    chosen = arguments.parse_args()
    Tally.verbose = chosen.verbose
    reference = java(chosen.work)
    comparisons = {"parse": compare_parse, "check": compare_check, "data": compare_data, "strict": compare_strict}
    good = True
    for name, compare in comparisons.items():
        if chosen.only in (None, name):
            good &= compare([chosen.oracle], reference, chosen.count, chosen.seed)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
