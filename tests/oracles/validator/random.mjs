// Random schemas and values. Names, strings and numbers come from small pools, so that keywords meet values they say something about.

export const DRAFTS = ["4", "6", "7", "2019-09", "2020-12"];

export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }
  next() { // mulberry32
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(n) { return Math.floor(this.next() * n); }
  chance(p) { return this.next() < p; }
  pick(list) { return list[this.below(list.length)]; }
  some(list, most) {
    const left = [...list];
    const n = this.below(Math.min(most, left.length) + 1);
    return Array.from({length: n}, () => left.splice(this.below(left.length), 1)[0]);
  }
}

const NAMES = ["a", "b", "c", "ab", "a/b", "x~y", "é", "constructor", "toString", ""];
const STRINGS = ["", "a", "b", "ab", "aab", "abc", "é", "\u{1F600}", "\u{1F600}\u{1F600}", "1", "12", "a\nb", "\u0000", " "];
const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 10, -1, -2, -3, 0.5, 1.5, 2.5, -0.5, 100, 1e15, 0.1, 0.3, 0.75, 1e-7, 9007199254740991];
const PATTERNS = ["a", "^a", "b$", "^[ab]*$", "^.$", "^\\d+$", "^[^a]", "(a|b)c", "^a{2}", "\\bb", "^\\w+$", "\\s", "^(?=a).{2}$", "^\\S*$",
                  "^(a|ab)(c|bc)?$", "^[\\u00e9-\\u{1F600}]+$", "\\p{L}", "^$", "(?:)"];
const TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"];

// A pattern of ECMA-262 with the u flag; what it means is everybody's to say.
export function randomPattern(r, depth = 3) {
  const atoms = ["a", "b", "c", "1", "é", ".", "\\d", "\\w", "\\s", "\\S", "\\W", "[ab]", "[^a]", "[a-c1]", "[^\\d]", "\\u{1F600}", "[\\u00e9-\\u{1F600}]",
                 "^", "$", "\\b", "(?=a)", "(?!b)", "\\p{L}", "\\n"];
  const sequence = () => Array.from({length: r.below(4)}, () => {
    const group = depth > 0 && r.chance(0.3);
    const atom = group ? r.pick(["(", "(?:", "(?:"]) + randomPattern(r, depth - 1) + ")" : r.pick(atoms);
    const repeats = group || !/^[\^$]$|^\\b$|^\(\?/.test(atom);
    return atom + (repeats && r.chance(0.35) ? r.pick(["*", "+", "?", "*?", "{2}", "{1,3}", "{2,}", "{0,2}?"]) : "");
  }).join("");
  return Array.from({length: 1 + (r.chance(0.25) ? 1 : 0)}, sequence).join("|");
}

export function randomValue(r, depth = 3) {
  const kind = r.below(depth > 0 ? 9 : 5);
  switch (kind) {
    case 0: return null;
    case 1: return r.chance(0.5);
    case 2: case 3: return r.pick(NUMBERS);
    case 4: return r.pick(STRINGS);
    case 5: case 6: return Array.from({length: r.below(5)}, () => randomValue(r, depth - 1 - r.below(2)));
    default: return Object.fromEntries(Array.from({length: r.below(5)}, () => [r.pick(NAMES), randomValue(r, depth - 1 - r.below(2))]));
  }
}

// A value that one schema was written for: its constants, its properties, its items, some of them bent.
export function valueFor(r, schema, root, depth = 4) {
  if (typeof schema !== "object" || depth <= 0 || r.chance(0.1)) return randomValue(r, depth - 1);
  if (schema.$ref && r.chance(0.8)) {
    const target = schema.$ref.split("#")[1].split("/").slice(1).reduce((at, token) => at?.[token], root);
    if (target) return valueFor(r, target, root, depth - 1);
  }
  if ("const" in schema && r.chance(0.8)) return schema.const;
  if (schema.enum?.length && r.chance(0.8)) return r.pick(schema.enum);
  for (const keyword of ["allOf", "anyOf", "oneOf"])
    if (schema[keyword] && r.chance(0.5)) return valueFor(r, r.pick(schema[keyword]), root, depth - 1);
  const types = [schema.type ?? []].flat();
  const wants = name => types.includes(name) || (types.length === 0 && r.chance(0.5));
  const has = (...names) => names.some(name => name in schema);
  if (wants("object") && (has("properties", "required", "patternProperties", "additionalProperties", "unevaluatedProperties",
                              "dependencies", "dependentSchemas", "dependentRequired", "propertyNames") || types.length)) {
    const names = [...Object.keys(schema.properties ?? {}), ...(schema.required ?? [])];
    const entries = names.filter(() => r.chance(0.8)).map(name => [name, valueFor(r, own(schema.properties, name) ?? {}, root, depth - 1)]);
    if (r.chance(0.4)) entries.push([r.pick(NAMES), randomValue(r, depth - 2)]);
    return Object.fromEntries(entries);
  }
  if (wants("array") && (has("items", "prefixItems", "contains", "unevaluatedItems", "uniqueItems", "minItems") || types.length)) {
    const prefix = schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : []);
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    const list = prefix.filter(() => r.chance(0.9)).map(item => valueFor(r, item, root, depth - 1));
    while (r.chance(0.5)) list.push(valueFor(r, r.chance(0.5) ? rest ?? {} : schema.contains ?? {}, root, depth - 1));
    return list;
  }
  if (wants("string")) return r.pick(STRINGS);
  if (wants("number") || wants("integer")) {
    const near = [schema.minimum, schema.maximum, schema.exclusiveMinimum, schema.exclusiveMaximum].filter(n => typeof n === "number");
    if (near.length && r.chance(0.7)) return r.pick(near) + r.pick([0, 0, 1, -1, 0.5]);
    if (schema.multipleOf && r.chance(0.6)) return schema.multipleOf * r.below(6);
    return r.pick(NUMBERS);
  }
  return randomValue(r, depth - 1);
}

const own = (object, name) => object && Object.hasOwn(object, name) ? object[name] : undefined;

// Keywords by draft: from the first that has them to the last.
const since = (first, last = 4) => ({first, last});
const KEYWORDS = {
  type: since(0), enum: since(0), const: since(1),
  multipleOf: since(0), minimum: since(0), maximum: since(0), exclusiveMinimum: since(0), exclusiveMaximum: since(0),
  minLength: since(0), maxLength: since(0), pattern: since(0),
  items: since(0), prefixItems: since(4), additionalItems: since(0, 3), minItems: since(0), maxItems: since(0), uniqueItems: since(0),
  contains: since(1), minContains: since(3), maxContains: since(3), unevaluatedItems: since(3),
  properties: since(0), patternProperties: since(0), additionalProperties: since(0), propertyNames: since(1), required: since(0),
  minProperties: since(0), maxProperties: since(0), dependencies: since(0, 2), dependentRequired: since(3), dependentSchemas: since(3),
  unevaluatedProperties: since(3),
  allOf: since(0), anyOf: since(0), oneOf: since(0), not: since(0), if: since(2), $ref: since(0), $dynamicRef: since(4), $recursiveRef: since(3, 3),
};
// What reads others is worth more often.
const WEIGHTS = {type: 4, properties: 4, $ref: 3, required: 2, items: 3, additionalProperties: 2, anyOf: 2, unevaluatedProperties: 2, unevaluatedItems: 2};

export class SchemaMaker {
  constructor(r, draft, address) {
    this.r = r;
    this.draft = DRAFTS.indexOf(draft);
    this.address = address;
    this.names = Object.keys(KEYWORDS).filter(name => KEYWORDS[name].first <= this.draft && this.draft <= KEYWORDS[name].last)
        .flatMap(name => Array(WEIGHTS[name] ?? 1).fill(name));
    this.defs = this.draft >= 3 ? "$defs" : "definitions";
    this.nDefs = r.below(4);
  }

  // A whole document. A definition refers in place only to later ones, so that no reference loops without consuming. Since 2019-09 the
  // document and some definitions are resources of their own, with places for dynamic references.
  document() {
    const {r} = this;
    const root = this.schema(4, -1);
    const document = typeof root === "object" ? root : {allOf: [root === true ? {} : {not: {}}]};
    if (this.nDefs > 0) document[this.defs] = {};
    for (let i = 0; i < this.nDefs; i++) {
      const definition = this.schema(3, i);
      if (typeof definition === "object" && this.draft >= 3 && r.chance(0.3)) {
        definition.$id = `${this.address}/d${i}`;
        if (this.draft === 4) definition.$dynamicAnchor = "node";
        if (this.draft === 3 && r.chance(0.6)) definition.$recursiveAnchor = true;
      }
      document[this.defs][`d${i}`] = definition;
    }
    if (this.draft >= 3) document.$id = `${this.address}/root`;
    if (this.draft === 4) document.$dynamicAnchor = "node";
    if (this.draft === 3 && r.chance(0.6)) document.$recursiveAnchor = true;
    return document;
  }

  boolean() { return this.draft === 0 ? (this.r.chance(0.5) ? {} : {not: {}}) : this.r.chance(0.5); }

  // `level` is the definition we are in: references in place lead to later ones. Inside a part of the value they lead anywhere (-1).
  schema(depth, level) {
    const {r} = this;
    if (depth <= 0 || r.chance(0.05)) return r.chance(0.3) ? this.boolean() : {type: this.types()};
    const schema = {};
    for (let n = 1 + r.below(4); n > 0; n--) this.keyword(schema, r.pick(this.names), depth, level);
    if ("$ref" in schema && this.draft < 3) return {$ref: schema.$ref}; // siblings: see compat/README.md
    return schema;
  }

  types() { return this.r.chance(0.8) ? this.r.pick(TYPES) : [...new Set([this.r.pick(TYPES), this.r.pick(TYPES)])]; }
  list(make, most = 3) { return Array.from({length: 1 + this.r.below(most)}, make); }
  map(names, make) { return Object.fromEntries(names.map(name => [name, make()])); }
  unique(values) { return [...new Map(values.map(value => [JSON.stringify(value), value])).values()]; }

  reference(level) {
    const {r} = this;
    if (level + 1 >= this.nDefs) return undefined;
    const i = level + 1 + r.below(this.nDefs - level - 1);
    return `${this.draft >= 3 ? `${this.address}/root` : ""}#/${this.defs}/d${i}`;
  }

  keyword(schema, name, depth, level) {
    const {r} = this;
    const inside = () => this.schema(depth - 1, -1);    // at a part of the value
    const beside = () => this.schema(depth - 1, level); // at the value itself
    const count = () => r.below(4);
    switch (name) {
      case "type": schema.type = this.types(); break;
      case "enum": schema.enum = this.unique(this.list(() => randomValue(r, 2), 4)); break;
      case "const": schema.const = randomValue(r, 2); break;
      case "multipleOf": schema.multipleOf = r.pick([1, 2, 3, 0.5, 1.5, 0.25]); break; // exact in doubles, too
      case "minimum": case "maximum": schema[name] = r.pick(NUMBERS); break;
      case "exclusiveMinimum": case "exclusiveMaximum":
        if (this.draft > 0) { schema[name] = r.pick(NUMBERS); break; }
        schema[name] = r.chance(0.7);
        schema[name === "exclusiveMinimum" ? "minimum" : "maximum"] ??= r.pick(NUMBERS);
        break;
      case "minLength": case "maxLength": case "minItems": case "maxItems": case "minProperties": case "maxProperties":
      case "minContains": case "maxContains": schema[name] = count(); break;
      case "pattern": schema.pattern = r.chance(0.5) ? r.pick(PATTERNS) : randomPattern(r); break;
      case "uniqueItems": schema.uniqueItems = r.chance(0.8); break;
      case "items":
        schema.items = this.draft < 4 && r.chance(0.4) ? this.list(inside) : inside();
        break;
      case "prefixItems": schema.prefixItems = this.list(inside); break;
      case "additionalItems": case "contains": case "unevaluatedItems": case "additionalProperties": case "unevaluatedProperties":
        schema[name] = r.chance(0.4) ? this.boolean() : inside();
        if (this.draft === 0 && r.chance(0.5) && name.startsWith("additional")) schema[name] = r.chance(0.3);
        break;
      case "propertyNames": schema.propertyNames = r.pick([{maxLength: 1}, {pattern: "^a"}, {enum: ["a", "b", "c"]}, {minLength: 1}]); break;
      case "properties": schema.properties = this.map(r.some(NAMES, 4), inside); break;
      case "patternProperties": schema.patternProperties = this.map([...r.some(PATTERNS, 1), ...r.chance(0.3) ? [randomPattern(r)] : []], inside); break;
      case "required": {
        const names = r.some(NAMES, 3);
        if (names.length || this.draft > 0) schema.required = names;
        break;
      }
      case "dependencies":
        schema.dependencies = Object.fromEntries(r.some(NAMES, 2).map(key => [key, r.chance(0.5) ? [r.pick(NAMES)] : beside()]));
        break;
      case "dependentRequired": schema.dependentRequired = this.map(r.some(NAMES, 2), () => r.some(NAMES, 2)); break;
      case "dependentSchemas": schema.dependentSchemas = this.map(r.some(NAMES, 2), beside); break;
      case "allOf": case "anyOf": case "oneOf": schema[name] = this.list(beside); break;
      case "not": schema.not = beside(); break;
      case "if":
        schema.if = beside();
        if (r.chance(0.8)) schema.then = beside();
        if (r.chance(0.6)) schema.else = beside();
        break;
      case "$ref": {
        const reference = this.reference(level);
        if (reference) schema.$ref = reference;
        else schema.items ??= {$ref: "#"};
        break;
      }
      case "$dynamicRef": schema.properties = {...schema.properties, c: {$dynamicRef: "#node"}}; break;
      case "$recursiveRef": schema.properties = {...schema.properties, c: {$recursiveRef: "#"}}; break;
    }
  }
}
