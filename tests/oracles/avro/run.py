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
    def __init__(self, name):
        self.name, self.same, self.excused, self.failed, self.shown = name, 0, {}, 0, 0

    def fail(self, request, ours, theirs):
        self.failed += 1
        if self.shown < 5:
            self.shown += 1
            print("--- %s\n    request %s\n    ours    %s\n    theirs  %s" % (self.name, json.dumps(request), json.dumps(ours), json.dumps(theirs)))

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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--oracle", required=True)
    arguments.add_argument("--work", required=True)
    arguments.add_argument("--count", type=int, default=3000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only")
    chosen = arguments.parse_args()
    reference = java(chosen.work)
    comparisons = {"parse": compare_parse, "check": compare_check}
    good = True
    for name, compare in comparisons.items():
        if chosen.only in (None, name):
            good &= compare([chosen.oracle], reference, chosen.count, chosen.seed)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
