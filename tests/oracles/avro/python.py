#!/usr/bin/env python3
"""The Avro part of the library against Python's two implementations: data through fastavro, forms and verdicts of avro.

  python.py --oracle BUILD/avro_oracle --work DIR [--count N] [--seed S]

Packages go into a virtual environment in DIR. Exit 77 means: they could not be had, nothing was compared.
"""
import argparse
import io
import json
import os
import subprocess
import sys

from generate import Schemas
from run import Tally, ask, pairs, skip

PACKAGES = ["avro==1.12.0", "fastavro==1.10.0"]


def within_environment(work):
    """Goes on in DIR's own Python, which has the packages."""
    python = os.path.join(work, "bin", "python")
    if os.path.realpath(sys.prefix) == os.path.realpath(work):
        return
    if not os.path.exists(os.path.join(work, "installed")):
        made = subprocess.run([sys.executable, "-m", "venv", work], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if made.returncode != 0:
            skip("python3-venv is not installed")
        got = subprocess.run([python, "-m", "pip", "-q", "install"] + PACKAGES, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if got.returncode != 0:
            skip("pip cannot fetch " + " and ".join(PACKAGES))
        open(os.path.join(work, "installed"), "w").close()
    os.execv(python, [python] + sys.argv)


def compare_data(command, count, seed):
    """What we write, fastavro reads and writes again, byte for byte."""
    import fastavro

    tally = Tally("fastavro")
    requests = [{"op": "sample", "schema": json.dumps(Schemas(seed * 900001 + i, plain=True).schema()), "n": 4, "seed": i + 5} for i in range(count)]
    for request, answer in zip(requests, ask(command, requests)):
        try:
            schema = fastavro.parse_schema(json.loads(request["schema"]))
        except Exception as refused:  # forward references, and names that only Java accepts
            tally.excuse("fastavro refuses the schema: " + type(refused).__name__)
            continue
        for value in answer.get("values", []):
            data = bytes.fromhex(value["hex"])
            try:
                datum = fastavro.schemaless_reader(io.BytesIO(data), schema, return_record_name=True, return_record_name_override=False)
                out = io.BytesIO()
                fastavro.schemaless_writer(out, schema, datum)
            except RecursionError:
                tally.excuse("fastavro overflows")
                continue
            except Exception as problem:
                tally.fail(request, value, repr(problem))
                continue
            if out.getvalue() == data:
                tally.same += 1
            elif '["' in request["schema"] or "[{" in request["schema"]:
                tally.excuse("fastavro writes the first branch of a union that a value fits")
            else:
                tally.fail(request, value, out.getvalue().hex())
    return tally.end()


def compare_forms(command, count, seed):
    """Parsing Canonical Form as Python's avro has it, which keeps stray keys and sometimes writes a definition twice."""
    import warnings

    import avro.schema

    warnings.simplefilter("ignore")
    tally = Tally("forms")
    requests = [{"op": "parse", "strict": True, "schema": json.dumps(Schemas(seed * 700001 + i).schema())} for i in range(count)]
    differ = []
    for request, ours in zip(requests, ask(command, requests)):
        if "error" in ours:
            tally.excuse("we refuse it")
            continue
        try:
            form = avro.schema.parse(request["schema"]).canonical_form
        except Exception:  # it wants names defined before use and defaults of the first branch
            tally.excuse("Python refuses it")
            continue
        if form == ours["form"]:
            tally.same += 1
        else:
            differ.append((request, ours, form))
    again = ask(command, [{"op": "parse", "strict": False, "schema": form} for _, _, form in differ])
    for (request, ours, form), reread in zip(differ, again):
        if reread.get("form") == ours["form"] or reread.get("form") == ours["form"].replace('"error"', '"record"'):
            tally.excuse("Python's form says the same, not canonically")
        elif '"namespace": ""' in request["schema"]:
            tally.excuse("Python does not leave a namespace for none")
        else:
            tally.fail(request, ours["form"], form)
    return tally.end()


def compare_reading(command, count, seed):
    """What strict calls compatible, fastavro reads; what it calls incompatible, fastavro refuses at least by the witness."""
    import fastavro

    tally = Tally("reading")
    cases = pairs(count, seed + 31)
    verdicts = ask(command, [{"op": "check", "strict": True, "reader": r, "writer": w} for r, w in cases])
    samples = ask(command, [{"op": "sample", "schema": w, "n": 3, "seed": i + 1} for i, (_, w) in enumerate(cases)])
    for (reader, writer), verdict, sample in zip(cases, verdicts, samples):
        if verdict.get("verdict") not in ("compatible", "incompatible"):
            continue
        try:
            r, w = fastavro.parse_schema(json.loads(reader)), fastavro.parse_schema(json.loads(writer))
        except Exception:
            tally.excuse("fastavro refuses a schema")
            continue
        messages = [(value["hex"], None) for value in sample.get("values", [])] if verdict["verdict"] == "compatible" else [
            (finding["hex"], finding["type"]) for finding in verdict["differences"] if "hex" in finding]
        for data, rule in messages:
            try:
                fastavro.schemaless_reader(io.BytesIO(bytes.fromhex(data)), w, r)
                read = True
            except Exception:
                read = False
            if read == (rule is None):
                tally.same += 1
            elif rule is None:
                tally.excuse("fastavro refuses what the specification reads (aliases, namespaces, bytes and strings)")
            else:
                tally.excuse("fastavro reads what the specification refuses: " + rule)
    return tally.end()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--oracle", required=True)
    arguments.add_argument("--work", required=True)
    arguments.add_argument("--count", type=int, default=1500)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    within_environment(chosen.work)
    sys.setrecursionlimit(3000)
    good = True
    for compare in (compare_data, compare_forms, compare_reading):
        good &= compare([chosen.oracle], chosen.count, chosen.seed)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
