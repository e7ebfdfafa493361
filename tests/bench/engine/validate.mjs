// ajv's compiled validators; the protocol is in peer.h. With AVOW_PEER_PARSES=1 a round reads each instance from its text as well.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import Ajv from "ajv";

const folder = process.argv[2];
const parses = process.env.AVOW_PEER_PARSES === "1";
const lines = (name) => readFileSync(`${folder}/${name}`, "utf8").split("\n").slice(0, -1);
const validators = [];
const refused = [];
lines("schemas.txt").forEach((text, i) => {
  const schema = JSON.parse(text);
  delete schema.$schema; // of the corpus' own making
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, logger: false });
  try {
    validators.push(ajv.compile(schema));
  } catch {
    validators.push(null);
    refused.push(i);
  }
});
console.log(["refused", ...refused].join(" "));

const cases = [];
const judge = (one) => one.validate(parses ? JSON.parse(one.text) : one.value);
const round = (times) => {
  const before = process.cpuUsage();
  let n = 0;
  for (let i = 0; i < times; i++) for (const one of cases) n += judge(one) ? 1 : 0;
  const took = process.cpuUsage(before);
  return n < 0 ? 0 : (took.user + took.system) * 1000;
};
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "load") {
    for (const each of lines("cases.txt")) {
      const space = each.indexOf(" ");
      const text = each.slice(space + 1);
      cases.push({ validate: validators[Number(each.slice(0, space))], text, value: JSON.parse(text) });
    }
    for (let warm = 0; warm < 2e9; ) warm += round(10) + 1;
    console.log("ready " + cases.map((one) => (judge(one) ? "1" : "0")).join(""));
  } else {
    console.log(round(Number(line.split(" ")[1])));
  }
}
