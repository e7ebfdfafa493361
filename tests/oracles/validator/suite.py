#!/usr/bin/env python3
"""suite.py DRIVER FOLDER: the official JSON-Schema-Test-Suite, all five drafts.

Every required case must be right. The optional ones are reported as a table. The suite comes from the package registry
(requirements.txt, pinned by hash) into FOLDER, once.
"""
import glob
import os
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
DRAFTS = [("4", "draft4"), ("6", "draft6"), ("7", "draft7"), ("2019-09", "draft2019-09"), ("2020-12", "draft2020-12")]
# Cases of the pinned suite: a run that finds fewer has not run it.
REQUIRED = {"draft4": 610, "draft6": 829, "draft7": 913, "draft2019-09": 1227, "draft2020-12": 1257}
# Optional files in which some cases are meant to fail, and why (compat/README.md, "JSON validation").
EXPLAINED = {
    "optional/content.json": "content* annotates",
    "optional/dependencies-compatibility.json": "not a keyword since 2019-09",
    "optional/format/idn-hostname.json": "not known, asserts nothing",
    "optional/zeroTerminatedFloats.json": "1.0 is an integer by value",
}


def skip(sentence):
    print("SKIPPED: " + sentence)
    sys.exit(77)


def fetch(folder):
    """The folder of the suite: unpacked on the first run."""
    found = glob.glob(os.path.join(folder, "jsonschema-*", "json"))
    if found:
        return found[0]
    os.makedirs(folder, exist_ok=True)
    venv = os.path.join(folder, "venv")
    if subprocess.run([sys.executable, "-m", "venv", venv]).returncode != 0:
        skip("python3 cannot make a virtual environment (python3-venv)")
    command = [os.path.join(venv, "bin", "pip"), "-q", "--disable-pip-version-check", "download", "--no-deps", "--no-binary",
               ":all:", "--require-hashes", "-d", folder, "-r", os.path.join(HERE, "requirements.txt")]
    if subprocess.run(command).returncode != 0:
        skip("the package with the official suite could not be fetched from the registry")
    with tarfile.open(glob.glob(os.path.join(folder, "jsonschema-*.tar.gz"))[0]) as package:
        members = [m for m in package.getmembers() if "/json/" in m.name and (m.isfile() or m.isdir())]
        package.extractall(folder, members=members)
    return glob.glob(os.path.join(folder, "jsonschema-*", "json"))[0]


def run(driver, suite, draft, files):
    """[(file below the draft's folder, passed, failed, undecided)], and what the driver says about failures."""
    remotes = os.path.join(suite, "remotes")
    result = subprocess.run([driver, "suite", draft, remotes] + files, capture_output=True, text=True)
    if result.returncode != 0:
        print(result.stderr)
        sys.exit("the driver failed")
    rows = []
    for line in result.stdout.splitlines():
        path, passed, failed, undecided = line.rsplit(" ", 3)
        rows.append((path, int(passed), int(failed), int(undecided)))
    return rows, result.stderr


def main():
    driver, folder = sys.argv[1:]
    suite = fetch(folder)
    wrong = total = 0
    optional = {}
    for draft, name in DRAFTS:
        top = os.path.join(suite, "tests", name)
        rows, said = run(driver, suite, draft, sorted(glob.glob(os.path.join(top, "*.json"))))
        passed = sum(row[1] for row in rows)
        missed = sum(row[2] + row[3] for row in rows)
        print(f"{name:>13}: {passed} of {passed + missed} required cases in {len(rows)} files")
        if missed:
            print(said)
        if passed + missed != REQUIRED[name]:
            print(f"{name} has {passed + missed} required cases; {REQUIRED[name]} were expected")
            wrong += 1
        wrong += missed
        total += passed
        for path, *counts in run(driver, suite, draft, sorted(glob.glob(os.path.join(top, "optional", "**", "*.json"),
                                                                           recursive=True)))[0]:
            optional.setdefault(os.path.relpath(path, top), {})[name] = counts

    print("\noptional cases, passed/all")
    print(" " * 45 + "".join(f"{name.replace('draft', ''):>10}" for _, name in DRAFTS))
    unexplained = []
    for path in sorted(optional):
        cells = []
        for _, name in DRAFTS:
            counts = optional[path].get(name)
            cells.append("" if counts is None else f"{counts[0]}/{sum(counts)}")
            if counts is not None and counts[0] < sum(counts) and path not in EXPLAINED:
                unexplained.append(f"{name}/{path}")
        print(f"{path:<45}" + "".join(f"{cell:>10}" for cell in cells) + "  " + EXPLAINED.get(path, ""))
    if unexplained:
        print("optional cases that fail without an explanation: " + ", ".join(unexplained))
        wrong += len(unexplained)
    print(f"\n{total} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)


main()
