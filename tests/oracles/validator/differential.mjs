// node differential.mjs DRIVER SCHEMAS SEED: random schemas of every draft and values for each, judged by our validator, ajv and Hyperjump.
//
// Where ours stands alone the test fails. Where one of the others stands alone the case must be of a kind that is known and explained
// (KNOWN, and compat/README.md, "JSON validation"), else the test fails too.
import {spawn} from "node:child_process";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";
import Ajv from "ajv";
import Ajv04 from "ajv-draft-04";
import Ajv2019 from "ajv/dist/2019.js";
import Ajv2020 from "ajv/dist/2020.js";
import {registerSchema, unregisterSchema, validate} from "@hyperjump/json-schema/draft-2020-12";
import "@hyperjump/json-schema/draft-2019-09";
import "@hyperjump/json-schema/draft-07";
import "@hyperjump/json-schema/draft-06";
import "@hyperjump/json-schema/draft-04";
import {DRAFTS, Random, SchemaMaker, randomValue, valueFor} from "./random.mjs";

const draft6Meta = createRequire(import.meta.url)("ajv/dist/refs/json-schema-draft-06.json");
const [driver, nSchemas, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const VALUES = 12;
const ADDRESSES = {
  "4": "http://json-schema.org/draft-04/schema#", "6": "http://json-schema.org/draft-06/schema#",
  "7": "http://json-schema.org/draft-07/schema#", "2019-09": "https://json-schema.org/draft/2019-09/schema",
  "2020-12": "https://json-schema.org/draft/2020-12/schema",
};

// --- the three ----------------------------------------------------------------------------------------------------------------------

function startOurs() {
  const child = spawn(driver, ["lines"], {stdio: ["pipe", "pipe", "inherit"]});
  const waiting = [];
  createInterface({input: child.stdout}).on("line", line => waiting.shift()(JSON.parse(line)));
  child.on("exit", code => { if (waiting.length) { console.error(`the driver ended with ${code}`); process.exit(1); } });
  return {
    ask: question => new Promise(resolve => { waiting.push(resolve); child.stdin.write(JSON.stringify(question) + "\n"); }),
    end: () => child.stdin.end(),
  };
}

function askAjv(draft, schema, values) {
  const options = {strict: false, validateFormats: false, ownProperties: true, logger: false, allErrors: false};
  const Kind = {"4": Ajv04, "2019-09": Ajv2019, "2020-12": Ajv2020}[draft] ?? Ajv;
  const ajv = new (Kind.default ?? Kind)(options);
  if (draft === "6") ajv.addMetaSchema(draft6Meta);
  const check = ajv.compile(schema);
  return values.map(value => check(value));
}

async function askHyperjump(draft, schema, values) {
  const address = schema.$id ?? "http://example.test/plain";
  registerSchema(schema, address);
  try {
    const check = await validate(address);
    return values.map(value => check(value).valid);
  } finally {
    unregisterSchema(address);
  }
}

// --- known differences of the others --------------------------------------------------------------------------------------------------

const mentions = (schema, ...keywords) => {
  if (Array.isArray(schema)) return schema.some(item => mentions(item, ...keywords));
  if (schema === null || typeof schema !== "object") return false;
  return Object.entries(schema).some(([name, value]) => keywords.includes(name) || mentions(value, ...keywords));
};

// Any sub-schema for which `test` holds, wherever it stands.
const some = (schema, test) => schema !== null && typeof schema === "object" &&
    ((!Array.isArray(schema) && test(schema)) || Object.values(schema).some(value => some(value, test)));
const names = schema => [schema.required, ...Object.values(schema.dependentRequired ?? {}), ...Object.values(schema.dependencies ?? {})]
    .filter(Array.isArray).flat();

const KNOWN = [
  {who: "ajv", why: "ajv does not miss a required property whose name is empty",
   when: schema => some(schema, at => names(at).includes(""))},
  {who: "ajv", why: "ajv reckons multipleOf in doubles", when: schema => mentions(schema, "multipleOf")},
  {who: "ajv and hyperjump", why: "2019-09: `contains` leaves items unevaluated (core, 9.3.1.3), as it no longer does in 2020-12",
   when: (schema, draft) => draft === "2019-09" && mentions(schema, "contains") && mentions(schema, "unevaluatedItems")},
  {who: "hyperjump", why: "2019-09: `contains` leaves items unevaluated (core, 9.3.1.3), as it no longer does in 2020-12",
   when: (schema, draft) => draft === "2019-09" && mentions(schema, "contains") && mentions(schema, "unevaluatedItems")},
  {who: "hyperjump", why: "Hyperjump reckons multipleOf in doubles, with a tolerance", when: schema => mentions(schema, "multipleOf")},
  {who: "ajv", why: "ajv takes an empty array to fit `contains` true, false or {}",
   when: schema => some(schema, at => at.contains === true || at.contains === false ||
                                      (at.contains && Object.keys(at.contains).length === 0))},
  {who: "ajv", why: "ajv counts what was evaluated by alternatives that failed, or knows it only at compile time",
   when: schema => mentions(schema, "unevaluatedItems", "unevaluatedProperties")},
];

const explain = (who, draft, schema) => KNOWN.find(known => known.who === who && known.when(schema, draft))?.why;

// --- the run ------------------------------------------------------------------------------------------------------------------------

// Hyperjump does not look below a root that is only a $ref, as drafts up to 7 may be read; such schemas are judged by ajv alone.
const totals = {schemas: 0, values: 0, agreed: 0, notCompiled: {}, undecided: 0};
const explained = new Map(), open = [];

async function judge(draft, schema, values, ours) {
  const attempt = async (who, ask) => {
    try {
      return await ask(draft, schema, values);
    } catch (error) {
      const key = `${who}: ${String(error.message).replace(/[#\d/].*$/s, "").slice(0, 60)}`;
      totals.notCompiled[key] = (totals.notCompiled[key] ?? 0) + 1;
      return null;
    }
  };
  const theirs = {ajv: await attempt("ajv", askAjv), hyperjump: await attempt("hyperjump", askHyperjump)};
  values.forEach((value, i) => {
    totals.values++;
    if (typeof ours[i] === "string") { totals.undecided++; return; }
    const against = Object.keys(theirs).filter(who => theirs[who] && theirs[who][i] !== ours[i]);
    if (against.length === 0) { totals.agreed++; return; }
    const why = explain(against.join(" and "), draft, schema);
    if (why) explained.set(why, (explained.get(why) ?? 0) + 1);
    else open.push({draft, against, ours: ours[i], schema, value});
  });
}

const driverOfOurs = startOurs();
const r = new Random(seed);
for (const draft of DRAFTS) {
  for (let n = 0; n < nSchemas; n++) {
    const schema = new SchemaMaker(r, draft, `http://example.test/s${n}`).document();
    const full = {$schema: ADDRESSES[draft], ...schema};
    const values = Array.from({length: VALUES}, (_, i) => i % 3 === 2 ? randomValue(r) : valueFor(r, schema, schema));
    const answer = await driverOfOurs.ask({draft, schema: full, instances: values});
    totals.schemas++;
    if (answer.fault) {
      const key = `ours: ${answer.fault.slice(0, 100)}`;
      totals.notCompiled[key] = (totals.notCompiled[key] ?? 0) + 1;
      continue;
    }
    await judge(draft, full, values, answer.results);
  }
}
driverOfOurs.end();

console.log(`seed ${seed}: ${totals.schemas} schemas, ${totals.values} judgements, ${totals.agreed} unanimous, ${totals.undecided} undecided`);
for (const [key, n] of Object.entries(totals.notCompiled)) console.log(`  not compiled by ${key}: ${n}`);
for (const [why, n] of explained) console.log(`  explained: ${why}: ${n}`);
for (const {draft, against, ours, schema, value} of open.slice(0, Number(process.env.SHOW ?? 10)))
  console.log(`OPEN ${draft}: ours says ${ours}, ${against.join(" and ")} not: ${JSON.stringify(value)} under ${JSON.stringify(schema)}`);
console.log(`${totals.agreed + [...explained.values()].reduce((a, b) => a + b, 0)} passed, ${open.length} failed`);
process.exit(open.length ? 1 : 0);
