// node verdicts.mjs DRIVER PAIRS SEED: random pairs of schemas in every draft; strict verdicts judged by ajv, and by Hyperjump where ajv differs.
//
//   compatible    no value of ours that the writer accepts (samples that strict mode made, values made here) may be refused by the reader:
//                 not by our own validator, and not by ajv unless Hyperjump accepts it
//   incompatible  the witness must convince: accepted under the writer, refused under the reader by ajv, else by Hyperjump
//   rewritten     a schema and the same schema said in other words must never be incompatible
import {spawn} from "node:child_process";
import {createInterface} from "node:readline";
import Ajv from "ajv";
import Ajv04 from "ajv-draft-04";
import Ajv2019 from "ajv/dist/2019.js";
import Ajv2020 from "ajv/dist/2020.js";
import draft6Meta from "ajv/dist/refs/json-schema-draft-06.json" with {type: "json"};
import {registerSchema, unregisterSchema, validate} from "@hyperjump/json-schema/draft-2020-12";
import "@hyperjump/json-schema/draft-2019-09";
import "@hyperjump/json-schema/draft-07";
import "@hyperjump/json-schema/draft-06";
import "@hyperjump/json-schema/draft-04";
import {DRAFTS, Random, SchemaMaker, randomValue, valueFor} from "./random.mjs";

const [driver, nPairs, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const VALUES = 10;
const ADDRESSES = {
  "4": "http://json-schema.org/draft-04/schema#", "6": "http://json-schema.org/draft-06/schema#",
  "7": "http://json-schema.org/draft-07/schema#", "2019-09": "https://json-schema.org/draft/2019-09/schema",
  "2020-12": "https://json-schema.org/draft/2020-12/schema",
};

// --- the judges ---------------------------------------------------------------------------------------------------------------------

function startOurs() {
  const child = spawn(driver, [], {stdio: ["pipe", "pipe", "inherit"]});
  const waiting = [];
  createInterface({input: child.stdout}).on("line", line => waiting.shift()(JSON.parse(line)));
  child.on("exit", code => { if (waiting.length) { console.error(`the driver ended with ${code}`); process.exit(1); } });
  return {
    ask: question => new Promise(resolve => { waiting.push(resolve); child.stdin.write(JSON.stringify(question) + "\n"); }),
    end: () => child.stdin.end(),
  };
}

const unjudged = () => null;

function ajvFor(draft, schema) {
  const Kind = {"4": Ajv04, "2019-09": Ajv2019, "2020-12": Ajv2020}[draft] ?? Ajv;
  const ajv = new (Kind.default ?? Kind)({strict: false, validateFormats: false, ownProperties: true, logger: false});
  if (draft === "6") ajv.addMetaSchema(draft6Meta);
  try {
    const check = ajv.compile(schema);
    return value => { try { return check(value); } catch { return null; } };
  } catch {
    return unjudged;
  }
}

let counter = 0;
async function hyperjump(draft, schema, value) {
  const address = `https://hyperjump.test/${counter++}`;
  const {$schema, $id, ...rest} = schema;
  try {
    registerSchema($id === undefined ? rest : {...rest, $id: address}, address, ADDRESSES[draft]);
    return (await validate(address, value)).valid;
  } catch {
    return null;
  } finally {
    try { unregisterSchema(address); } catch { /* it was not registered */ }
  }
}

// --- pairs ---------------------------------------------------------------------------------------------------------------------------

const IN_MAPS = ["properties", "patternProperties", "definitions", "$defs", "dependentSchemas"];
const IN_LISTS = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const ALONE = ["not", "if", "then", "else", "items", "additionalItems", "contains", "additionalProperties", "unevaluatedItems", "unevaluatedProperties"];

// Every schema object of a document, with a way to put another one in its place.
function places(schema, list = [], replace = null) {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return list;
  list.push({schema, replace});
  for (const name of IN_MAPS)
    for (const key of Object.keys(schema[name] ?? {})) places(schema[name][key], list, other => { schema[name][key] = other; });
  for (const name of IN_LISTS)
    if (Array.isArray(schema[name])) schema[name].forEach((item, i) => places(item, list, other => { schema[name][i] = other; }));
  for (const name of ALONE)
    if (schema[name] && !Array.isArray(schema[name])) places(schema[name], list, other => { schema[name] = other; });
  return list;
}

const FIXED = ["$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "definitions", "$defs", "$ref"];

function mutate(r, maker, document) {
  for (let n = 1 + r.below(2); n > 0; n--) {
    const {schema, replace} = r.pick(places(document));
    const names = Object.keys(schema).filter(name => !FIXED.includes(name));
    const name = names.length ? r.pick(names) : undefined;
    switch (r.below(5)) {
      case 0: if (name) delete schema[name]; break;
      case 1: if (name && typeof schema[name] === "number" && name !== "multipleOf") schema[name] += name.startsWith("m") && /Length|Items|Properties|Contains/.test(name) ? 1 : r.pick([1, -1, 0.5]); break;
      case 2: if (name && Array.isArray(schema[name]) && schema[name].length > 1) schema[name].splice(r.below(schema[name].length), 1); break;
      case 3: if (replace && !("$id" in schema)) replace({type: maker.types()}); break;
      default: if (!("$ref" in schema) || maker.draft >= 3) maker.keyword(schema, r.pick(maker.names), 2, maker.nDefs); break;
    }
  }
  return document;
}

// The same in other words. Where unevaluated keywords look on, only what lets annotations through.
function rewrite(r, maker, document) {
  const looked = JSON.stringify(document).includes("unevaluated");
  for (let n = 1 + r.below(3); n > 0; n--) {
    const {schema, replace} = r.pick(places(document));
    if (!replace || ["$id", "$dynamicAnchor", "$recursiveAnchor"].some(name => name in schema) || "unevaluatedItems" in schema || "unevaluatedProperties" in schema)
      continue;
    const words = [() => ({allOf: [schema]}), () => ({allOf: [schema, schema]}), () => ({anyOf: [schema, schema]}), () => ({oneOf: [schema]})];
    if (!looked) words.push(() => ({not: {not: schema}}), () => ({anyOf: [schema, {allOf: [schema, {type: "string"}]}]}),
                            () => ({oneOf: [{allOf: [schema, {type: "object"}]}, {allOf: [schema, {not: {type: "object"}}]}]}));
    replace(r.pick(words)());
  }
  return document;
}

const copy = value => JSON.parse(JSON.stringify(value));

function makePair(r, draft, n) {
  const maker = new SchemaMaker(r, draft, `http://example.test/s${n}`);
  const schema = maker.document();
  const kind = r.pick(["mutated", "mutated", "mutated", "rewritten", "same", "unrelated"]);
  const other = kind === "mutated" ? mutate(r, maker, copy(schema)) : kind === "rewritten" ? rewrite(r, maker, copy(schema))
      : kind === "same" ? copy(schema) : new SchemaMaker(r, draft, `http://example.test/t${n}`).document();
  const full = s => ({$schema: ADDRESSES[draft], ...s});
  return {kind, pair: r.chance(0.5) ? [full(schema), full(other)] : [full(other), full(schema)]};
}

// --- judging ---------------------------------------------------------------------------------------------------------------------------

const totals = {compatible: 0, incompatible: 0, undecided: 0, fault: 0, values: 0, unjudged: 0, alone: 0};
const reasons = new Map(), failures = [];

const fail = (what, draft, reader, writer, value) => failures.push({what, draft, reader, writer, value});

// A value that JavaScript can hold as it was written; undefined otherwise.
function exactly(text) {
  const value = JSON.parse(text);
  return JSON.stringify(value) === text ? value : undefined;
}

async function judgeCompatible(draft, reader, writer, answer, values) {
  const all = [...values, ...answer.samples.map(exactly)];
  for (const i of answer.breaking) fail("compatible, but our own validator knows a break", draft, reader, writer, all[i]);
  const [byReader, byWriter] = [ajvFor(draft, reader), ajvFor(draft, writer)];
  for (const value of all.filter(value => value !== undefined)) {
    totals.values++;
    if (byWriter(value) !== true || byReader(value) !== false) continue;
    if (await hyperjump(draft, writer, value) === true && await hyperjump(draft, reader, value) === false)
      fail("compatible, but ajv and Hyperjump know a break", draft, reader, writer, value);
    else
      totals.alone++;
  }
}

async function judgeIncompatible(draft, reader, writer, answer) {
  const value = exactly(answer.witness);
  if (value === undefined) { totals.unjudged++; return; }
  const [valid, invalid] = [ajvFor(draft, writer)(value), ajvFor(draft, reader)(value)];
  if (valid === true && invalid === false) return;
  const [validToo, invalidToo] = [await hyperjump(draft, writer, value), await hyperjump(draft, reader, value)];
  if (validToo === true && invalidToo === false) { totals.alone++; return; }
  if (validToo === null || invalidToo === null || valid === null || invalid === null) { totals.unjudged++; return; }
  fail(`incompatible, but ajv says ${valid}/${invalid} and Hyperjump ${validToo}/${invalidToo}`, draft, reader, writer, value);
}

const ours = startOurs();
const r = new Random(seed);
for (const draft of DRAFTS) {
  for (let n = 0; n < nPairs; n++) {
    const {kind, pair: [reader, writer]} = makePair(r, draft, n);
    const values = Array.from({length: VALUES}, (_, i) => i % 4 === 3 ? randomValue(r) : valueFor(r, writer, writer));
    const answer = await ours.ask({draft, reader, writer, values});
    if (answer.fault) { totals.fault++; continue; }
    totals[answer.verdict]++;
    if (answer.verdict === "undecided") reasons.set(answer.reason, (reasons.get(answer.reason) ?? 0) + 1);
    if (answer.verdict === "compatible") await judgeCompatible(draft, reader, writer, answer, values);
    if (answer.verdict === "incompatible") await judgeIncompatible(draft, reader, writer, answer);
    if (answer.verdict === "incompatible" && (kind === "rewritten" || kind === "same"))
      fail(`incompatible, but ${kind}`, draft, reader, writer, answer.witness);
    if (process.env.SHOW_UNDECIDED && answer.verdict === "undecided")
      console.log(`UNDECIDED ${answer.reason} ${draft}: ${JSON.stringify({reader, writer})}`);
  }
}
ours.end();

console.log(`seed ${seed}: ${totals.compatible} compatible, ${totals.incompatible} incompatible, ${totals.undecided} undecided, ${totals.fault} not read; ` +
            `${totals.values} values; ajv alone against us ${totals.alone}, nobody could judge ${totals.unjudged}`);
for (const [reason, n] of reasons) console.log(`  undecided: ${reason}: ${n}`);
for (const {what, draft, reader, writer, value} of failures.slice(0, Number(process.env.SHOW ?? 10)))
  console.log(`WRONG ${draft} ${what}: ${JSON.stringify(value)}\n  reader ${JSON.stringify(reader)}\n  writer ${JSON.stringify(writer)}`);
console.log(`${failures.length} wrong`);
process.exit(failures.length ? 1 : 0);
