/* JSON as it was written: numbers keep their digits, members their order and their repetitions. Tokens for colouring, a tree for
 * reading, and a printer that fits lines to a width and remembers where each place went. */

export type TokenKind = 'key' | 'string' | 'number' | 'literal' | 'punct' | 'space' | 'bad';
export interface Token {
  kind: TokenKind;
  text: string;
}

const TOKEN = /("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)\b|([{}[\]:,])|([ \t\r\n]+)|([\s\S])/gy;

export function tokens(text: string): Token[] {
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [all, string, number, literal, punct, space] = found;
    const kind = string ? 'string' : number ? 'number' : literal ? 'literal' : punct ? 'punct' : space ? 'space' : 'bad';
    if (punct === ':') {
      for (let i = out.length - 1; i >= 0; i--) {
        const before = out[i] as Token;
        if (before.kind === 'space') continue;
        if (before.kind === 'string') before.kind = 'key';
        break;
      }
    }
    out.push({ kind, text: all });
  }
  return out;
}

export type Node =
  | { kind: 'object'; members: { key: string; value: Node }[] }
  | { kind: 'array'; items: Node[] }
  | { kind: 'string'; value: string }
  | { kind: 'number'; text: string }
  | { kind: 'literal'; value: boolean | null };

export class JsonError extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

const DEPTH_MAX = 400;

/* Throws JsonError. */
export function parse(text: string): Node {
  let at = 0;
  let depth = 0;
  const fail = (what: string): never => {
    const before = text.slice(0, at).split('\n');
    throw new JsonError(what, before.length, (before[before.length - 1] as string).length + 1);
  };
  const skip = () => {
    while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++;
  };
  const string = (): string => {
    const found = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
    found.lastIndex = at;
    const hit = found.exec(text);
    if (!hit) return fail('A string begins here and does not end on its line');
    try {
      const value = JSON.parse(hit[0]) as string;
      at = found.lastIndex;
      return value;
    } catch {
      return fail('This string has an escape that JSON does not know');
    }
  };
  const value = (): Node => {
    if (++depth > DEPTH_MAX) fail('This is nested too deeply');
    skip();
    const c = text[at];
    let node: Node;
    if (c === '{') node = { kind: 'object', members: list('}', member) };
    else if (c === '[') node = { kind: 'array', items: list(']', value) };
    else if (c === '"') node = { kind: 'string', value: string() };
    else {
      const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
      word.lastIndex = at;
      const hit = word.exec(text);
      if (!hit) return fail(at >= text.length ? 'The text ends where a value should come' : 'A value should come here');
      at = word.lastIndex;
      node = /^[tfn]/.test(hit[0]) ? { kind: 'literal', value: JSON.parse(hit[0]) as boolean | null } : { kind: 'number', text: hit[0] };
    }
    depth--;
    return node;
  };
  const member = () => {
    skip();
    if (text[at] !== '"') fail('The name of a member should come here, in double quotes');
    const key = string();
    skip();
    if (text[at] !== ':') fail('A colon should come here');
    at++;
    return { key, value: value() };
  };
  function list<T>(end: string, item: () => T): T[] {
    const out: T[] = [];
    at++;
    skip();
    if (text[at] === end) {
      at++;
      return out;
    }
    for (;;) {
      out.push(item());
      skip();
      if (text[at] === ',') at++;
      else if (text[at] === end) {
        at++;
        return out;
      } else fail(`A comma or ${end} should come here`);
    }
  }
  const root = value();
  skip();
  if (at < text.length) fail('The text goes on after its end');
  return root;
}

export const parsed = (text: string): Node | null => {
  try {
    return parse(text);
  } catch {
    return null;
  }
};

export const member = (node: Node | undefined, key: string): Node | undefined =>
  node?.kind === 'object' ? node.members.find((m) => m.key === key)?.value : undefined;
export const textOf = (node: Node | undefined): string | undefined => (node?.kind === 'string' ? node.value : undefined);
export const listOf = (node: Node | undefined): Node[] => (node?.kind === 'array' ? node.items : []);

export function compact(node: Node): string {
  switch (node.kind) {
    case 'object':
      return node.members.length === 0
        ? '{}'
        : `{ ${node.members.map((m) => `${JSON.stringify(m.key)}: ${compact(m.value)}`).join(', ')} }`;
    case 'array':
      return `[${node.items.map(compact).join(', ')}]`;
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.text;
    case 'literal':
      return String(node.value);
  }
}

export interface Printed {
  lines: string[];
  places: Map<string, number> /* JSON pointer -> line, from 0 */;
}

const escape = (key: string) => key.replace(/~/g, '~0').replace(/\//g, '~1');

/* What fits on a line stays on it; what does not is broken into one item a line. */
export function print(node: Node, width = 100): Printed {
  const lines: string[] = [];
  const places = new Map<string, number>();
  const write = (prefix: string, value: Node, indent: number, tail: string, pointer: string) => {
    places.set(pointer, lines.length);
    const pad = '  '.repeat(indent);
    const short =
      value.kind === 'object' || value.kind === 'array'
        ? shortText(value, width - pad.length - prefix.length - tail.length)
        : compact(value);
    if (short !== null) {
      lines.push(pad + prefix + short + tail);
      mark(value, pointer, lines.length - 1);
      return;
    }
    const items: [string, Node, string][] =
      value.kind === 'object'
        ? value.members.map((m) => [`${JSON.stringify(m.key)}: `, m.value, `${pointer}/${escape(m.key)}`])
        : (value as { items: Node[] }).items.map((item, i) => ['', item, `${pointer}/${i}`]);
    lines.push(pad + prefix + (value.kind === 'object' ? '{' : '['));
    items.forEach(([head, item, where], i) => write(head, item, indent + 1, i + 1 < items.length ? ',' : '', where));
    lines.push(pad + (value.kind === 'object' ? '}' : ']') + tail);
  };
  const mark = (value: Node, pointer: string, line: number) => {
    const inside: [string, Node][] =
      value.kind === 'object'
        ? value.members.map((m) => [escape(m.key), m.value])
        : value.kind === 'array'
          ? value.items.map((item, i) => [String(i), item])
          : [];
    for (const [name, item] of inside) {
      places.set(`${pointer}/${name}`, line);
      mark(item, `${pointer}/${name}`, line);
    }
  };
  write('', node, 0, '', '');
  return { lines, places };
}

/* The text on one line, or null when it needs more than `room`; a list of records never goes on one line. */
function shortText(value: Node, room: number): string | null {
  if (nested(value) > 2) return null;
  const text = compact(value);
  return text.length <= room ? text : null;
}

function nested(node: Node): number {
  const inside = node.kind === 'object' ? node.members.map((m) => m.value) : node.kind === 'array' ? node.items : null;
  if (inside === null) return 0;
  return inside.length > 24 ? 3 : 1 + Math.max(0, ...inside.map(nested));
}
