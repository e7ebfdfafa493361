/* A schema as rows of fields, as people read it: path, type, whether it must be there, default, words, tags. Avro and JSON Schema give
 * the same rows. Types that refer to themselves stop at the second time; depth and number of rows are bounded. */
import { compact, listOf, member, type Node, parsed, textOf } from './json';

export type Format = 'AVRO' | 'JSON';

export interface FieldRow {
  path: string;
  name: string;
  depth: number;
  type: string;
  required: boolean;
  nullable: boolean;
  default?: string;
  doc?: string;
  tags: string[];
  symbols: string[] /* of an enum, as JSON would write them or plain */;
  notes: string[] /* aliases, limits, format, ... */;
  pointer: string;
  parent: boolean /* rows below belong to it */;
}

export interface Model {
  title: string /* full name of the record, title of the JSON Schema */;
  kind: string /* "record", "enum", "object", ... */;
  doc?: string;
  rows: FieldRow[];
  complete: boolean;
}

const DEPTH_MAX = 24;
const ROWS_MAX = 3000;

export function modelOf(text: string, format: Format): Model | null {
  const root = parsed(text);
  if (root === null) return null;
  return format === 'JSON' ? jsonModel(root) : avroModel(root);
}

const escapePointer = (key: string) => key.replace(/~/g, '~0').replace(/\//g, '~1');
const textsOf = (node: Node | undefined): string[] => listOf(node).map((item) => textOf(item) ?? compact(item));
const tagsOf = (node: Node): string[] => [...textsOf(member(node, 'confluent:tags')), ...textsOf(member(node, 'tags'))];

/* --- Avro ------------------------------------------------------------------------------------------------------------------ */

interface Described {
  text: string;
  nullable: boolean;
  symbols: string[];
  notes: string[];
  inside: { node: Node; pointer: string; suffix: string }[] /* records whose fields come below */;
}

const PLAIN = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

function avroModel(root: Node): Model {
  const rows: FieldRow[] = [];
  const named = new Map<string, Node>();
  let complete = true;

  const fullName = (node: Node, space: string): string => {
    const name = textOf(member(node, 'name')) ?? '';
    if (name.includes('.')) return name;
    const own = textOf(member(node, 'namespace')) ?? space;
    return own === '' ? name : `${own}.${name}`;
  };
  const spaceOf = (full: string) => full.slice(0, Math.max(0, full.lastIndexOf('.')));
  const shortName = (full: string) => full.slice(full.lastIndexOf('.') + 1);

  const describe = (node: Node, space: string, pointer: string, depth: number): Described => {
    const out: Described = { text: '', nullable: false, symbols: [], notes: [], inside: [] };
    if (depth > DEPTH_MAX) return { ...out, text: '…' };
    if (node.kind === 'string') {
      if (PLAIN.has(node.value)) return { ...out, text: node.value };
      const known = named.get(node.value) ?? named.get(space === '' ? node.value : `${space}.${node.value}`);
      return {
        ...out,
        text: shortName(node.value),
        symbols: known ? textsOf(member(known, 'symbols')) : [],
        notes: known ? [] : [`named type ${node.value}`],
      };
    }
    if (node.kind === 'array') {
      const branches = node.items.map((item, i) => describe(item, space, `${pointer}/${i}`, depth + 1));
      const real = branches.filter((b) => b.text !== 'null');
      return {
        text: real.map((b) => b.text).join(' | ') || 'null',
        nullable: real.length < branches.length,
        symbols: real.flatMap((b) => b.symbols),
        notes: real.flatMap((b) => b.notes),
        inside: real.flatMap((b) => b.inside),
      };
    }
    const type = member(node, 'type');
    const kind = textOf(type);
    if (kind === undefined) return type ? describe(type, space, `${pointer}/type`, depth + 1) : { ...out, text: '?' };
    const logical = textOf(member(node, 'logicalType'));
    switch (kind) {
      case 'record':
      case 'error': {
        const full = fullName(node, space);
        named.set(full, node);
        return { ...out, text: shortName(full), inside: [{ node, pointer, suffix: '' }] };
      }
      case 'enum': {
        const full = fullName(node, space);
        named.set(full, node);
        const fallback = member(node, 'default');
        return {
          ...out,
          text: `enum ${shortName(full)}`,
          symbols: textsOf(member(node, 'symbols')),
          notes: fallback ? [`unknown symbols read as ${textOf(fallback)}`] : [],
        };
      }
      case 'fixed': {
        named.set(fullName(node, space), node);
        const size = member(node, 'size');
        return { ...out, text: `fixed(${size ? compact(size) : '?'})${logical ? ` · ${logicalText(node, logical)}` : ''}` };
      }
      case 'array':
      case 'map': {
        const key = kind === 'array' ? 'items' : 'values';
        const item = member(node, key);
        const inner = item ? describe(item, space, `${pointer}/${key}`, depth + 1) : { ...out, text: '?' };
        return {
          ...inner,
          nullable: false,
          text: `${kind}<${inner.text}${inner.nullable ? '?' : ''}>`,
          inside: inner.inside.map((i) => ({ ...i, suffix: (kind === 'array' ? '[]' : '{}') + i.suffix })),
        };
      }
      default:
        if (!PLAIN.has(kind)) return describe(type as Node, space, pointer, depth + 1);
        return { ...out, text: logical ? `${kind} · ${logicalText(node, logical)}` : kind };
    }
  };

  const walk = (record: Node, space: string, pointer: string, prefix: string, depth: number) => {
    const full = fullName(record, space);
    listOf(member(record, 'fields')).forEach((field, i) => {
      if (rows.length >= ROWS_MAX || depth > DEPTH_MAX) {
        complete = false;
        return;
      }
      const name = textOf(member(field, 'name')) ?? '?';
      const at = `${pointer}/fields/${i}`;
      const type = member(field, 'type');
      const what = type
        ? describe(type, spaceOf(full), `${at}/type`, 0)
        : { text: '?', nullable: false, symbols: [], notes: [], inside: [] };
      const fallback = member(field, 'default');
      const aliases = textsOf(member(field, 'aliases'));
      const path = prefix === '' ? name : `${prefix}.${name}`;
      rows.push({
        path,
        name,
        depth,
        type: what.text,
        required: fallback === undefined,
        nullable: what.nullable,
        default: fallback ? compact(fallback) : undefined,
        doc: textOf(member(field, 'doc')),
        tags: tagsOf(field),
        symbols: what.symbols,
        notes: [...what.notes, ...(aliases.length > 0 ? [`also known as ${aliases.join(', ')}`] : [])],
        pointer: at,
        parent: what.inside.length > 0,
      });
      for (const inner of what.inside) walk(inner.node, spaceOf(full), inner.pointer, path + inner.suffix, depth + 1);
    });
  };

  const top = describe(root, '', '', 0);
  for (const inner of top.inside) walk(inner.node, '', inner.pointer, inner.suffix, 0);
  const only = top.inside.length === 1 && root.kind === 'object' ? root : undefined;
  if (!only && top.inside.length === 0)
    rows.push({
      ...emptyRow,
      type: top.text,
      nullable: top.nullable,
      symbols: top.symbols,
      notes: top.notes,
      doc: textOf(member(root, 'doc')),
    });
  return {
    title: root.kind === 'object' && member(root, 'name') ? fullName(root, '') : top.text,
    kind: root.kind === 'object' ? (textOf(member(root, 'type')) ?? 'schema') : root.kind === 'array' ? 'union' : 'schema',
    doc: textOf(member(root, 'doc')),
    rows,
    complete,
  };
}

const emptyRow: FieldRow = {
  path: '',
  name: '(the value itself)',
  depth: 0,
  type: '',
  required: true,
  nullable: false,
  tags: [],
  symbols: [],
  notes: [],
  pointer: '',
  parent: false,
};

function logicalText(node: Node, logical: string): string {
  const precision = member(node, 'precision');
  const scale = member(node, 'scale');
  return precision ? `${logical}(${compact(precision)}${scale ? `, ${compact(scale)}` : ''})` : logical;
}

/* --- JSON Schema ------------------------------------------------------------------------------------------------------------ */

const LIMITS: [string, (v: string) => string][] = [
  ['format', (v) => v],
  ['pattern', (v) => `matches ${v}`],
  ['minimum', (v) => `≥ ${v}`],
  ['maximum', (v) => `≤ ${v}`],
  ['exclusiveMinimum', (v) => `> ${v}`],
  ['exclusiveMaximum', (v) => `< ${v}`],
  ['multipleOf', (v) => `multiple of ${v}`],
  ['minLength', (v) => `at least ${v} long`],
  ['maxLength', (v) => `at most ${v} long`],
  ['minItems', (v) => `at least ${v} items`],
  ['maxItems', (v) => `at most ${v} items`],
  ['uniqueItems', (v) => (v === 'true' ? 'no item twice' : '')],
  ['minProperties', (v) => `at least ${v} members`],
  ['maxProperties', (v) => `at most ${v} members`],
  ['unit', (v) => `in ${v}`],
  ['deprecated', (v) => (v === 'true' ? 'deprecated' : '')],
  ['readOnly', (v) => (v === 'true' ? 'read only' : '')],
  ['writeOnly', (v) => (v === 'true' ? 'write only' : '')],
];

function jsonModel(root: Node): Model {
  const rows: FieldRow[] = [];
  let complete = true;

  /* A reference into this schema, followed; others stay as they are. */
  const resolve = (node: Node, pointer: string, seen: string[]): { node: Node; pointer: string; ref?: string; cycle: boolean } => {
    const ref = textOf(member(node, '$ref'));
    if (ref === undefined) return { node, pointer, cycle: false };
    if (seen.includes(ref) || seen.length > DEPTH_MAX) return { node, pointer, ref, cycle: true };
    if (!ref.startsWith('#')) return { node, pointer, ref, cycle: true };
    let at: Node | undefined = root;
    for (const part of ref.slice(1).split('/').filter(Boolean)) {
      const key = decode(part).replace(/~1/g, '/').replace(/~0/g, '~');
      at = at?.kind === 'array' ? at.items[Number(key)] : member(at, key);
    }
    if (at === undefined) return { node, pointer, ref, cycle: true };
    const next = resolve(at, ref.slice(1), [...seen, ref]);
    return { ...next, ref };
  };
  const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1) || ref;

  const typeText = (node: Node, pointer: string, seen: string[], depth: number): { text: string; nullable: boolean } => {
    if (depth > DEPTH_MAX) return { text: '…', nullable: false };
    if (node.kind === 'literal') return { text: node.value ? 'anything' : 'nothing', nullable: false };
    const found = resolve(node, pointer, seen);
    if (found.cycle && found.ref) return { text: nameOf(found.ref), nullable: false };
    const at = found.node;
    const inner = found.ref ? [...seen, found.ref] : seen;
    const types = member(at, 'type');
    let names = types?.kind === 'string' ? [types.value] : textsOf(types);
    const nullable = names.includes('null') && names.length > 1;
    if (nullable) names = names.filter((n) => n !== 'null');
    const items = member(at, 'items');
    if (names.length === 1 && names[0] === 'array') {
      const each = items && items.kind !== 'array' ? typeText(items, pointer, inner, depth + 1).text : items ? 'by place' : 'anything';
      return { text: `array<${each}>`, nullable };
    }
    if (names.length === 0) {
      const some = ['oneOf', 'anyOf'].map((key) => member(at, key)).find((n) => n?.kind === 'array');
      if (some) {
        const all = listOf(some).map((item) => typeText(item, pointer, inner, depth + 1));
        const real = [...new Set(all.map((t) => t.text).filter((t) => t !== 'null'))];
        return {
          text: real.slice(0, 6).join(' | ') + (real.length > 6 ? ' | …' : ''),
          nullable: all.some((t) => t.text === 'null' || t.nullable),
        };
      }
      if (member(at, 'enum')) return { text: 'enum', nullable: false };
      if (member(at, 'const')) return { text: 'constant', nullable: false };
      if (member(at, 'properties') || member(at, 'allOf')) return { text: found.ref ? nameOf(found.ref) : 'object', nullable };
      return { text: 'anything', nullable: false };
    }
    if (names.length === 1 && names[0] === 'object' && found.ref) return { text: nameOf(found.ref), nullable };
    return { text: (member(at, 'enum') ? 'enum ' : '') + names.join(' | '), nullable };
  };

  const notesOf = (node: Node): string[] => {
    const notes: string[] = [];
    for (const [key, say] of LIMITS) {
      const value = member(node, key);
      if (value && value.kind !== 'object' && value.kind !== 'array') notes.push(say(textOf(value) ?? compact(value)));
    }
    const constant = member(node, 'const');
    if (constant) notes.push(`always ${compact(constant)}`);
    const more = member(node, 'additionalProperties');
    if (more?.kind === 'literal' && more.value === false) notes.push('no other members');
    return notes.filter(Boolean);
  };

  const add = (name: string, path: string, depth: number, given: Node, pointer: string, required: boolean, seen: string[]) => {
    if (rows.length >= ROWS_MAX || depth > DEPTH_MAX) {
      complete = false;
      return;
    }
    const found = resolve(given, pointer, seen);
    const node = found.node;
    const type = typeText(given, pointer, seen, 0);
    const fallback = member(given, 'default') ?? member(node, 'default');
    const row: FieldRow = {
      path,
      name,
      depth,
      type: type.text,
      required,
      nullable: type.nullable,
      default: fallback ? compact(fallback) : undefined,
      doc: textOf(member(given, 'description')) ?? textOf(member(node, 'description')) ?? textOf(member(node, 'title')),
      tags: tagsOf(node),
      symbols: listOf(member(node, 'enum')).map((item) => textOf(item) ?? compact(item)),
      notes: notesOf(node),
      pointer,
      parent: false,
    };
    rows.push(row);
    const before = rows.length;
    if (!found.cycle) inside(node, path, depth + 1, found.pointer, found.ref ? [...seen, found.ref] : seen);
    row.parent = rows.length > before;
  };

  const inside = (node: Node, path: string, depth: number, pointer: string, seen: string[]) => {
    if (depth > DEPTH_MAX) {
      complete = false;
      return;
    }
    const required = new Set(textsOf(member(node, 'required')));
    const join = (name: string) => (path === '' ? name : `${path}.${name}`);
    const properties = member(node, 'properties');
    if (properties?.kind === 'object')
      for (const { key, value } of properties.members)
        add(key, join(key), depth, value, `${pointer}/properties/${escapePointer(key)}`, required.has(key), seen);
    const items = member(node, 'items');
    if (items?.kind === 'object') {
      const found = resolve(items, `${pointer}/items`, seen);
      if (!found.cycle) inside(found.node, `${path}[]`, depth, found.pointer, found.ref ? [...seen, found.ref] : seen);
    }
    const other = member(node, 'additionalProperties');
    if (other?.kind === 'object' && other.members.length > 0)
      add('(any other)', join('*'), depth, other, `${pointer}/additionalProperties`, false, seen);
    for (const key of ['allOf', 'anyOf', 'oneOf'])
      listOf(member(node, key)).forEach((branch, i) => {
        const found = resolve(branch, `${pointer}/${key}/${i}`, seen);
        if (!found.cycle) inside(found.node, path, depth, found.pointer, found.ref ? [...seen, found.ref] : seen);
      });
  };

  const top = resolve(root, '', []);
  inside(top.node, '', 0, top.pointer, top.ref ? [top.ref] : []);
  const type = typeText(root, '', [], 0);
  if (rows.length === 0)
    rows.push({
      ...emptyRow,
      type: type.text,
      nullable: type.nullable,
      symbols: listOf(member(root, 'enum')).map(compact),
      notes: notesOf(root),
      doc: textOf(member(root, 'description')),
    });
  return {
    title: textOf(member(root, 'title')) ?? textOf(member(root, '$id')) ?? textOf(member(root, 'id')) ?? type.text,
    kind: type.text,
    doc: textOf(member(root, 'description')),
    rows,
    complete,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
