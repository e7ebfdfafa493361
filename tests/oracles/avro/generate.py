"""Random Avro schemas, mutations of them, and data, from a seed. Nothing here knows about compatibility."""
import copy
import random

PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]
SPACES = ["", "a", "a.b", "z"]


class Schemas:
    def __init__(self, seed, plain=False):
        self.random = random.Random(seed)
        self.plain = plain  # no properties, docs or odd spellings: for pairs
        self.names = []
        self.count = 0

    def chance(self, p):
        return self.random.random() < p

    def schema(self):
        self.names = []
        self.count = 0
        return self.type("", 0, in_union=False)

    def decorate(self, node, where):
        if self.plain:
            return node
        r = self.random
        if self.chance(0.15):
            node["x" + str(r.randrange(3))] = r.choice(
                [1, 1.5, 1e30, 100.0, 0.001, 1e-5, -0.0, 12345678.9, "s", None, True, {"b": 1, "a": [1.10, {}]}, [], "\u00e9\u2028\x01\"\\/"])
        if where == "type" and self.chance(0.1):
            node["logicalType"] = r.choice(["date", "decimal", "uuid", "timestamp-millis", "nope", "duration"])
            if self.chance(0.7):
                node["precision"] = r.choice([4, 0, 40, "4"])
                node["scale"] = r.choice([0, 2, 9])
        if self.chance(0.05):
            node.setdefault(r.choice(["doc", "order", "default", "size", "items", "symbols"]), "d")  # reserved, misplaced
        items = list(node.items())
        if self.chance(0.2):
            r.shuffle(items)
        return dict(items)

    def name(self, node, space):
        r = self.random
        self.count += 1
        simple = r.choice(["R", "S", "T", "E", "F"]) + str(self.count)
        mine = space
        if self.chance(0.3):
            mine = r.choice(SPACES)
            if self.chance(0.3) and mine:
                node["name"] = mine + "." + simple
                if self.chance(0.3):
                    node["namespace"] = "ignored"
            else:
                node["name"] = simple
                node["namespace"] = mine
        else:
            node["name"] = simple
        if self.chance(0.15):
            node["aliases"] = [r.choice(["Old", "R1", "a.R2", "b.E", "E1"]) for _ in range(r.randrange(1, 3))]
        if not self.plain and self.chance(0.2):
            node["doc"] = r.choice(["", "words \u00fc \n", "d"])
        return (mine + "." if mine else "") + simple, mine

    def reference(self, space):
        full = self.random.choice(self.names)
        head, _, tail = full.rpartition(".")
        if head == space and self.chance(0.7):
            return tail
        return full

    def type(self, space, depth, in_union):
        r = self.random
        roll = r.random()
        if self.names and roll < 0.12:
            return self.reference(space)
        if depth > 4 or roll < 0.45:
            kind = r.choice(PRIMITIVES)
            node = self.decorate({"type": kind}, "type")
            return kind if node == {"type": kind} and self.chance(0.9) else node
        if roll < 0.55:
            return self.decorate({"type": "array", "items": self.type(space, depth + 1, False)}, "type")
        if roll < 0.62:
            return self.decorate({"type": "map", "values": self.type(space, depth + 1, False)}, "type")
        if roll < 0.70:
            return self.enum(space)
        if roll < 0.75:
            node = {"type": "fixed"}
            full, _ = self.name(node, space)
            node["size"] = r.choice([0, 1, 4, 12, 16])
            self.names.append(full)
            return self.decorate(node, "type")
        if roll < 0.86 and not in_union:
            return self.union(space, depth)
        return self.record(space, depth)

    def enum(self, space):
        r = self.random
        node = {"type": "enum"}
        full, _ = self.name(node, space)
        node["symbols"] = r.sample(["A", "B", "C", "D", "E"], r.randrange(1, 5))
        if self.chance(0.3):
            node["default"] = r.choice(node["symbols"])
        self.names.append(full)
        return self.decorate(node, "type")

    def union(self, space, depth):
        branches, seen = [], set()
        for _ in range(self.random.randrange(1, 5)):
            branch = self.type(space, depth + 1, True)
            key = branch if isinstance(branch, str) else branch["type"] if branch["type"] in PRIMITIVES + ["array", "map"] else None
            if isinstance(branch, str) and branch not in PRIMITIVES:
                key = branch.rpartition(".")[2]
            elif key is None:
                key = branch["name"].rpartition(".")[2]
            if key not in seen:
                seen.add(key)
                branches.append(branch)
        return branches

    def record(self, space, depth):
        r = self.random
        node = {"type": "error" if self.chance(0.03) else "record"}
        full, mine = self.name(node, space)
        if self.chance(0.5):
            self.names.append(full)  # may be used inside itself
        fields = []
        for i in range(r.randrange(0, 5)):
            field = {"name": "abcdefgh"[i], "type": self.type(mine, depth + 1, False)}
            if self.chance(0.35):
                default = self.default(field["type"])
                if default is not Ellipsis:
                    field["default"] = default
            if self.chance(0.1):
                field["aliases"] = [r.choice("xyzab")]
            if not self.plain:
                if self.chance(0.1):
                    field["order"] = r.choice(["ascending", "descending", "ignore", "IGNORE"])
                if self.chance(0.1):
                    field["doc"] = r.choice(["", "field"])
                field = self.decorate(field, "field")
            fields.append(field)
        node["fields"] = fields
        if full not in self.names:
            self.names.append(full)
        return self.decorate(node, "type")

    def default(self, type_):
        r = self.random
        if isinstance(type_, list):
            return self.default(r.choice(type_)) if type_ else Ellipsis
        if isinstance(type_, dict):
            kind = type_["type"]
            if kind == "enum":
                return r.choice(type_["symbols"])
            if kind == "fixed":
                return "\u00ff" * type_["size"]
            if kind == "array":
                return []
            if kind == "map":
                return {}
            if kind in ("record", "error"):
                value = {}
                for field in type_["fields"]:
                    if "default" in field and r.random() < 0.5:
                        continue
                    value[field["name"]] = self.default(field["type"])
                return Ellipsis if Ellipsis in value.values() else value
            type_ = kind
        table = {"null": [None], "boolean": [True, False], "int": [0, -1, 2147483647], "long": [0, 2**53, -2**63],
                 "float": [0, 1, 0.1, -1.5, 1e10], "double": [0, 2, 0.1, 1e-7, 1e300], "bytes": ["", "\u0000\u00ff"],
                 "string": ["", "s", "\u4e2d"]}
        return r.choice(table[type_]) if isinstance(type_, str) and type_ in table else Ellipsis

    # --- a changed copy ----------------------------------------------------------------------------------------------

    def mutated(self, schema, n=1):
        schema = copy.deepcopy(schema)
        for _ in range(n):
            spots = []
            self.spots(schema, lambda v: None, spots)
            if not spots:
                return self.random.choice(PRIMITIVES)
            root = [schema]
            node = self.random.choice(spots)
            changed = self.change(node)
            if changed is not None:
                schema = self.replace(schema, node, changed)
            del root
        return schema

    def spots(self, node, put, out):
        out.append(node)
        if isinstance(node, list):
            for item in node:
                self.spots(item, put, out)
        elif isinstance(node, dict):
            for key in ("items", "values"):
                if key in node and node["type"] in ("array", "map"):
                    self.spots(node[key], put, out)
            for field in node.get("fields", []) if isinstance(node.get("fields"), list) else []:
                out.append(field)
                self.spots(field["type"], put, out)

    def replace(self, node, old, new):
        if node is old:
            return new
        if isinstance(node, list):
            return [self.replace(item, old, new) for item in node]
        if isinstance(node, dict):
            return {key: self.replace(value, old, new) if key in ("items", "values", "fields", "type") else value
                    for key, value in node.items()}
        return node

    def change(self, node):
        r = self.random
        if isinstance(node, str):
            return r.choice([r.choice(PRIMITIVES), ["null", node], [node], {"type": "array", "items": node},
                             {"int": "long", "long": "double", "float": "double", "string": "bytes", "bytes": "string"}.get(node, "int")])
        if isinstance(node, list):
            other = list(node)
            r.shuffle(other)
            return r.choice([node + ["null"] if "null" not in node else node[1:], node[:-1], other, node[0] if node else "int"])
        if "name" in node and "type" in node and "fields" not in node and "symbols" not in node and "size" not in node:
            return self.change_field(node)
        node = dict(node)
        if "fields" in node:
            fields = list(node["fields"])
            roll = r.randrange(6)
            if roll == 0 and fields:
                fields.pop(r.randrange(len(fields)))
            elif roll == 1:
                fields.append({"name": "n%d" % r.randrange(3), "type": "int"})
            elif roll == 2:
                fields.append({"name": "n%d" % r.randrange(3), "type": ["null", "int"], "default": None})
            elif roll == 3:
                r.shuffle(fields)
            elif roll == 4:
                node["aliases"] = [node["name"].rpartition(".")[2]]
                node["name"] = "Renamed%d" % r.randrange(3)
            else:
                node["name"] = r.choice(["Renamed1", node["name"].rpartition(".")[2], "q." + node["name"].rpartition(".")[2]])
            seen, kept = set(), []
            for field in fields:
                if field["name"] not in seen:
                    seen.add(field["name"])
                    kept.append(field)
            node["fields"] = kept
        elif "symbols" in node:
            symbols = list(node["symbols"])
            roll = r.randrange(5)
            if roll == 0 and len(symbols) > 1:
                dropped = symbols.pop()
                if node.get("default") == dropped:
                    del node["default"]
            elif roll == 1 and "Z" not in symbols:
                symbols.append("Z")
            elif roll == 2:
                node["default"] = symbols[0]
            elif roll == 3:
                r.shuffle(symbols)
            else:
                node["name"] = "Renamed1"
            node["symbols"] = symbols
        elif "size" in node:
            node["size"] = r.choice([1, 2, 4, 16])
        elif node.get("type") in ("array", "map"):
            inner = node.get("items", node.get("values"))
            return r.choice([{"type": "map", "values": inner}, {"type": "array", "items": inner}, inner, ["null", node]])
        else:
            return self.change(node["type"]) if isinstance(node.get("type"), str) else None
        return node

    def change_field(self, field):
        r = self.random
        field = dict(field)
        roll = r.randrange(5)
        if roll == 0:
            field["aliases"] = [field["name"]]
            field["name"] = "ren%d" % r.randrange(3)
        elif roll == 1:
            field["name"] = "ren%d" % r.randrange(3)
        elif roll == 2:
            field.pop("default", None)
        elif roll == 3:
            default = self.default(field["type"])
            if default is not Ellipsis:
                field["default"] = default
        else:
            field["aliases"] = [r.choice("abcxyz")]
        return field
