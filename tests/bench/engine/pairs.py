"""Python's avro.compatibility on parsed schemas; the protocol is in peer.h."""
import sys
import time

import avro.compatibility
import avro.schema


def compatible(reader, writer):
    checker = avro.compatibility.ReaderWriterCompatibilityChecker()
    return checker.get_compatibility(reader, writer).compatibility == avro.compatibility.SchemaCompatibilityType.compatible


def main():
    folder = sys.argv[1]
    schemas, pairs, refused = [], [], []
    for i, text in enumerate(open(folder + "/schemas.txt", encoding="utf-8").read().split("\n")[:-1]):
        try:
            schemas.append(avro.schema.parse(text, validate_names=False))
        except Exception:  # whatever it dislikes
            schemas.append(None)
            refused.append(i)
    print(" ".join(["refused"] + [str(i) for i in refused]), flush=True)
    for line in sys.stdin:
        if line.startswith("load"):
            for case in open(folder + "/cases.txt", encoding="utf-8").read().split("\n")[:-1]:
                reader, writer = case.split(" ")
                pairs.append((schemas[int(reader)], schemas[int(writer)]))
            print("ready " + "".join("1" if compatible(*pair) else "0" for pair in pairs), flush=True)
        else:
            start = time.thread_time_ns()
            for _ in range(int(line.split()[1])):
                for reader, writer in pairs:
                    compatible(reader, writer)
            print(time.thread_time_ns() - start, flush=True)


main()
