// What pages make of schemas, without a browser: exact JSON, fields, differences.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { diff, pairs, wordParts } from './made/schema/diff.mjs';
import { compact, JsonError, parse, print, tokens } from './made/schema/json.mjs';
import { modelOf } from './made/schema/model.mjs';
import { blocks, inlines, safeHref } from './made/lib/markdown.mjs';

test('numbers keep their digits, members their order and repetitions', () => {
  const text = '{"b": 12345678901234567890.10, "a": [1e+2, -0], "b": null}';
  assert.equal(compact(parse(text)), '{ "b": 12345678901234567890.10, "a": [1e+2, -0], "b": null }');
});

test('what is wrong with a text is told with its place', () => {
  const wrong = [
    ['{\n  "a": 1,\n}', 3, 1, /name of a member/],
    ['{"a" 1}', 1, 6, /colon/],
    ['[1 2]', 1, 4, /comma/],
    ['{"a": "x', 1, 7, /string begins/],
    ['{"a": "\\x"}', 1, 7, /escape/],
    ['1 2', 1, 3, /goes on/],
    ['{"a": ', 1, 7, /ends where/],
    ['['.repeat(5000), 1, 401, /deeply/],
    ['{"a": 01}', 1, 8, /comma/],
  ];
  for (const [text, line, column, message] of wrong)
    assert.throws(
      () => parse(text),
      (error) => error instanceof JsonError && error.line === line && error.column === column && message.test(error.message),
      text.slice(0, 20),
    );
});

test('tokens are all of the text, and keys are not strings', () => {
  for (const text of ['{"a" : "b", "c":[1,true,null]}', '{"a', '\u0000<script>', '"\\u0041" : x'])
    assert.equal(
      tokens(text)
        .map((t) => t.text)
        .join(''),
      text,
    );
  assert.deepEqual(
    tokens('{"a" : "b"}')
      .filter((t) => t.kind !== 'space')
      .map((t) => t.kind),
    ['punct', 'key', 'punct', 'string', 'punct'],
  );
});

test('the printer breaks what does not fit, and knows where every place went', () => {
  const node = parse(
    '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":{"type":"array","items":"string"},"doc":"' +
      'long '.repeat(30) +
      '"}]}',
  );
  const { lines, places } = print(node, 60);
  assert.deepEqual(lines.slice(0, 6), [
    '{',
    '  "type": "record",',
    '  "name": "R",',
    '  "fields": [',
    '    { "name": "a", "type": "int" },',
    '    {',
  ]);
  assert.equal(places.get('/fields/0/type'), 4);
  assert.match(lines[places.get('/fields/1/type/items')], /array/);
  assert.equal(compact(parse(lines.join('\n'))), compact(node));
});

const avro = (schema) => modelOf(JSON.stringify(schema), 'AVRO');
const json = (schema) => modelOf(JSON.stringify(schema), 'JSON');
const brief = (model) =>
  model.rows.map((r) => [
    r.path,
    r.type + (r.nullable ? '?' : ''),
    r.default !== undefined ? `= ${r.default}` : r.required ? 'required' : 'optional',
  ]);

test('an Avro record is its fields, records inside indented', () => {
  const model = avro({
    type: 'record',
    name: 'R',
    namespace: 'n',
    doc: 'words',
    fields: [
      {
        name: 'a',
        type: ['null', { type: 'long', logicalType: 'timestamp-millis' }],
        default: null,
        doc: 'when',
        aliases: ['b'],
        'confluent:tags': ['PII'],
      },
      {
        name: 'items',
        type: {
          type: 'array',
          items: {
            type: 'record',
            name: 'I',
            fields: [
              { name: 'x', type: 'int' },
              { name: 'again', type: ['null', 'I'] },
            ],
          },
        },
      },
      { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A', 'B'], default: 'A' } },
      { name: 'f', type: 'E', default: 'B' },
      { name: 'm', type: { type: 'map', values: ['null', 'string'] } },
      { name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } },
    ],
  });
  assert.deepEqual(brief(model), [
    ['a', 'long · timestamp-millis?', '= null'],
    ['items', 'array<I>', 'required'],
    ['items[].x', 'int', 'required'],
    ['items[].again', 'I?', 'required'],
    ['e', 'enum E', 'required'],
    ['f', 'E', '= "B"'],
    ['m', 'map<string?>', 'required'],
    ['d', 'bytes · decimal(9, 2)', 'required'],
  ]);
  assert.equal(model.title, 'n.R');
  assert.deepEqual(model.rows[0].tags, ['PII']);
  assert.deepEqual(model.rows[0].notes, ['also known as b']);
  assert.deepEqual(model.rows[5].symbols, ['A', 'B']);
  assert.deepEqual(model.rows[4].notes, ['unknown symbols read as A']);
  assert.deepEqual([model.rows[2].depth, model.rows[2].pointer], [1, '/fields/1/type/items/fields/0']);
});

test('an Avro schema that is no record is one row', () => {
  assert.deepEqual(brief(avro('string')), [['', 'string', 'required']]);
  assert.deepEqual(brief(avro(['null', 'int'])), [['', 'int?', 'required']]);
  assert.deepEqual(avro({ type: 'enum', name: 'E', symbols: ['A'] }).rows[0].symbols, ['A']);
});

test('a JSON Schema is its properties, references followed, once', () => {
  const model = json({
    title: 'T',
    type: 'object',
    required: ['id', 'tree'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', format: 'uuid', maxLength: 36 },
      'a.b/c~d': { type: ['integer', 'null'], minimum: 1, default: 5 },
      list: { type: 'array', items: { type: 'object', properties: { x: { enum: ['A', 1] } } } },
      tree: { $ref: '#/definitions/node' },
      one: { oneOf: [{ type: 'string' }, { type: 'null' }, { type: 'object', properties: { y: true } }] },
      far: { $ref: 'other.json' },
    },
    definitions: { node: { type: 'object', properties: { child: { $ref: '#/definitions/node' } } } },
  });
  assert.deepEqual(brief(model), [
    ['id', 'string', 'required'],
    ['a.b/c~d', 'integer?', '= 5'],
    ['list', 'array<object>', 'optional'],
    ['list[].x', 'enum', 'optional'],
    ['tree', 'node', 'required'],
    ['tree.child', 'node', 'optional'],
    ['one', 'string | object?', 'optional'],
    ['one.y', 'anything', 'optional'],
    ['far', 'other.json', 'optional'],
  ]);
  assert.deepEqual(model.rows[0].notes, ['uuid', 'at most 36 long']);
  assert.equal(model.rows[1].pointer, '/properties/a.b~1c~0d');
  assert.deepEqual(model.rows[3].symbols, ['A', '1']);
});

test('hostile schemas end soon and say that they are not complete', () => {
  const wide = { type: 'object', properties: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, true])) };
  assert.equal(json(wide).complete, false);
  let deep = { type: 'string' };
  for (let i = 0; i < 90; i++) deep = { type: 'object', properties: { a: deep } };
  assert.equal(json(deep).complete, false);
  assert.ok(json({ $ref: '#' }).rows.length >= 1);
  assert.ok(
    json({ $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } } }).rows.length >= 1,
  );
  const bush = { definitions: {}, $ref: '#/definitions/d0' };
  for (let i = 0; i < 20; i++)
    bush.definitions[`d${i}`] = { properties: { l: { $ref: `#/definitions/d${i + 1}` }, r: { $ref: `#/definitions/d${i + 1}` } } };
  const began = Date.now();
  assert.equal(json(bush).complete, false);
  assert.ok(Date.now() - began < 2000);
  for (const text of [
    '',
    'x',
    '[',
    '5',
    'null',
    '{"type":5}',
    '{"type":"record"}',
    '{"type":"record","fields":{}}',
    '{"type":{"type":{"type":"array"}}}',
    '[[["null"]]]',
    '{"properties":5,"required":"x","enum":{}}',
  ]) {
    modelOf(text, 'AVRO');
    modelOf(text, 'JSON');
  }
});

test('a difference rebuilds both texts, and is as short as can be', () => {
  const tries = [
    ['', ''],
    ['abc', 'abc'],
    ['abc', ''],
    ['', 'abc'],
    ['abcabba', 'cbabac'],
    ['xaxbxc', 'abc'],
    ['kitten', 'sitting'],
  ];
  for (const [a, b] of tries) {
    const edits = diff([...a], [...b]);
    assert.equal(
      edits
        .filter((e) => e.kind !== 'add')
        .map((e) => a[e.before])
        .join(''),
      a,
      `${a} ${b}`,
    );
    assert.equal(
      edits
        .filter((e) => e.kind !== 'del')
        .map((e) => b[e.after])
        .join(''),
      b,
      `${a} ${b}`,
    );
    for (const e of edits) if (e.kind === 'same') assert.equal(a[e.before], b[e.after]);
  }
  assert.equal(diff([...'abcabba'], [...'cbabac']).filter((e) => e.kind !== 'same').length, 5);
});

test('texts without anything in common do not take for ever', () => {
  const long = (c) => Array.from({ length: 20000 }, (_, i) => `${c}${i}`);
  const began = Date.now();
  assert.equal(diff(long('a'), long('b')).length, 40000);
  assert.ok(Date.now() - began < 3000);
});

test('what was replaced stands beside what replaced it, by words', () => {
  assert.deepEqual(pairs(diff(['a', 'b', 'c'], ['a', 'x', 'y', 'c'])), [
    { before: 0, after: 0, same: true },
    { before: 1, after: 1, same: false },
    { before: undefined, after: 2, same: false },
    { before: 2, after: 3, same: true },
  ]);
  const { before, after } = wordParts('"type": "int",', '"type": "long",');
  assert.deepEqual(
    before.filter(([, changed]) => changed),
    [['int', true]],
  );
  assert.deepEqual(
    after.filter(([, changed]) => changed),
    [['long', true]],
  );
});

test('Markdown becomes blocks, and HTML in it stays text', () => {
  assert.deepEqual(blocks('# A *b*\n\none\ntwo\n\n- x\n- `y`\n\n1. z\n\n> q\n\n```\n<b>\n```\n---'), [
    {
      kind: 'heading',
      level: 1,
      inside: [
        { kind: 'text', text: 'A ' },
        { kind: 'em', inside: [{ kind: 'text', text: 'b' }] },
      ],
    },
    { kind: 'p', inside: [{ kind: 'text', text: 'one\ntwo' }] },
    {
      kind: 'list',
      ordered: false,
      items: [[{ kind: 'p', inside: [{ kind: 'text', text: 'x' }] }], [{ kind: 'p', inside: [{ kind: 'code', text: 'y' }] }]],
    },
    { kind: 'list', ordered: true, items: [[{ kind: 'p', inside: [{ kind: 'text', text: 'z' }] }]] },
    { kind: 'quote', inside: [{ kind: 'p', inside: [{ kind: 'text', text: 'q' }] }] },
    { kind: 'code', text: '<b>' },
    { kind: 'rule' },
  ]);
  assert.deepEqual(inlines('<img onerror=x> a_b_c'), [{ kind: 'text', text: '<img onerror=x> a_b_c' }]);
  assert.deepEqual(inlines('see https://example.com/a.'), [
    { kind: 'text', text: 'see ' },
    { kind: 'link', href: 'https://example.com/a', inside: [{ kind: 'text', text: 'https://example.com/a' }] },
    { kind: 'text', text: '.' },
  ]);
});

test('a link leads to a page or a mailbox, or is no link', () => {
  for (const good of ['https://example.com', 'mailto:a@b.c', '/ui/events/a', '#part', '?v=1']) assert.equal(safeHref(good), good);
  for (const bad of [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//example.com',
    'java\nscript:x',
    '/\\example.com',
    'https://',
    'file:///etc',
  ])
    assert.equal(safeHref(bad), null, bad);
  assert.deepEqual(inlines('[x](javascript:alert(1))'), [{ kind: 'text', text: '[x](javascript:alert(1))' }]);
});

test('hostile Markdown ends soon', () => {
  const began = Date.now();
  for (const text of [
    '>'.repeat(20000),
    '- '.repeat(20000),
    '*'.repeat(20000),
    '**a '.repeat(5000),
    '[a]('.repeat(5000),
    '`'.repeat(20001),
    '```\n'.repeat(3000),
    '_a'.repeat(10000),
    'https://'.repeat(5000),
    '\n- x'.repeat(5000),
  ])
    blocks(text);
  assert.ok(Date.now() - began < 4000, `${Date.now() - began} ms`);
});

test('an object that came is shown as one, from its bracket to its bracket', () => {
  const a = ['[', '{', '1', '},', '{', '3', '}', ']'];
  const b = ['[', '{', '1', '},', '{', '2', '},', '{', '3', '}', ']'];
  const added = (from, to) =>
    diff(from, to)
      .filter((e) => e.kind !== 'same')
      .map((e) => (e.kind === 'add' ? to[e.after] : from[e.before]));
  assert.deepEqual(added(a, b), ['{', '2', '},']);
  assert.deepEqual(added(b, a), ['{', '2', '},']);
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    const edits = diff(from, to);
    assert.deepEqual(
      edits.filter((e) => e.kind !== 'add').map((e) => e.before),
      from.map((_, i) => i),
    );
    assert.deepEqual(
      edits.filter((e) => e.kind !== 'del').map((e) => e.after),
      to.map((_, i) => i),
    );
    for (const e of edits) if (e.kind === 'same') assert.equal(from[e.before], to[e.after]);
  }
});
