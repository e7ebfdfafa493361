// Somebody registers names, words and schemas that would like to be more than text. Every page that shows them shows them as text.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { base, launch, open, settle, visit } from './browser.mjs';
import { call, register } from './seed.mjs';

const bite = '"><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>{{1237*1291}}${1237*1291}';
const names = [
  `a${bite}`,
  "'-alert(1)-'",
  'javascript:alert(1)',
  '..',
  '.',
  'a/b?c#d%2e%2e',
  '../../etc',
  'ünï cödé ✓ \u202Eevil',
  'x'.repeat(600),
  '__proto__',
  'constructor',
  ':.ctx:weird "quoted"',
];
const schema = (n) => ({
  type: 'record',
  name: `Hostile${n}`,
  namespace: 'h',
  doc: bite,
  fields: [
    { name: 'constructor', type: 'string', doc: bite, 'confluent:tags': [bite] },
    { name: '__proto__', type: ['null', 'string'], default: null, doc: `[click](javascript:alert(1)) ${'long '.repeat(200)}` },
    { name: 'e', type: { type: 'enum', name: `E${n}`, symbols: ['A', 'B'] }, default: 'A', doc: '<b>bold</b>' },
  ],
});
const jsonSchema = (n) => ({
  title: bite,
  description: bite,
  type: 'object',
  required: ['__proto__'],
  properties: {
    __proto__x: { type: 'string' },
    [bite]: { type: 'string', pattern: '<script>', description: bite, enum: [bite, 'b'], default: bite },
    ['n'.repeat(300)]: { const: bite },
    v: { const: n },
  },
});
let browser;

before(async () => {
  for (const [i, name] of names.entries()) {
    const path = `/subjects/${encodeURIComponent(/^\.+$/.test(name) ? `:.:${name}` : name)}`;
    await call('PUT', path.replace('/subjects', '/config'), { compatibility: 'NONE' });
    for (const n of [1, 2]) {
      const body = i % 2 === 0 ? { schema: JSON.stringify(schema(n)) } : { schema: JSON.stringify(jsonSchema(n)), schemaType: 'JSON' };
      await call('POST', `${path}/versions`, { ...body, metadata: { properties: { [bite]: bite }, tags: { constructor: [bite] } } });
    }
  }
  browser = await launch();
});
after(() => browser?.close());

const spoiled = (page) =>
  page.evaluate(() => ({
    images: document.querySelectorAll('img, iframe, object, embed, base, form[action], [onerror], [onload], [onclick]').length,
    scripts: document.querySelectorAll('script').length,
    links: [...document.querySelectorAll('a')]
      .filter((a) => !/^https?:$/.test(a.protocol) || a.origin !== location.origin)
      .map((a) => a.href),
    computed: document.body.innerText.includes('1596967'),
  }));

async function innocent(page, where) {
  assert.deepEqual(page.trouble.splice(0), [], where);
  assert.deepEqual(await spoiled(page), { images: 0, scripts: 1, links: [], computed: false }, where);
}

test('hostile subjects are text on every page that shows them', async (t) => {
  const page = await open(browser);
  for (const name of names) {
    await t.test(name.slice(0, 40), async () => {
      await visit(page, `/subjects?q=${encodeURIComponent(name.replace(/^:\.ctx:/, '').slice(0, 60))}&deleted=1`);
      const rows = page.locator('tbody tr');
      assert.ok((await rows.count()) > 0, 'it is found by its name');
      await innocent(page, 'the list');
      const link = page.locator('tbody th a', { hasText: name.replace(/^:\.ctx:/, '').slice(0, 60) }).first();
      await link.click();
      await settle(page);
      assert.equal((await page.locator('h1').innerText()).replace(/\s+/g, ' ').trim(), name.replace(/^:\.ctx:/, '').replace(/\s+/g, ' '));
      await innocent(page, 'fields');
      const at = new URL(page.url()).pathname.slice(3);
      for (const more of ['?as=source', '/versions', '/diff', '/diff?as=text', '/next', '/settings']) {
        await visit(page, at + more);
        assert.equal(await page.locator('.state.failed').count(), 0, more);
        await innocent(page, more);
      }
    });
  }
  await page.context().close();
});

test('hostile words in the address are words', async () => {
  const page = await open(browser);
  page.mayFail = () => true;
  for (const path of [
    `/subjects?q=${encodeURIComponent(bite)}&context=${encodeURIComponent(bite)}&cursor=${encodeURIComponent(bite)}`,
    `/ids/${encodeURIComponent(bite)}`,
    `/subjects/${encodeURIComponent(bite)}?v=${encodeURIComponent(bite)}`,
    `/config?context=${encodeURIComponent(bite)}`,
    `/check?reader=${encodeURIComponent(bite)}`,
    `/nothing#${encodeURIComponent(bite)}`,
  ]) {
    await visit(page, path);
    await innocent(page, path);
  }
  await page.context().close();
});

test('signing in leads back to our own pages only', async () => {
  const page = await open(browser);
  for (const to of [
    'https://example.com/',
    '//example.com/ui/',
    'javascript:alert(1)',
    '/subjects',
    '/ui/../subjects',
    '/ui//example.com',
  ]) {
    await visit(page, `/sign-in?to=${encodeURIComponent(to)}`);
    await innocent(page, to);
    assert.equal(new URL(page.url()).origin, base);
  }
  await page.context().close();
});

test('what is typed into the search and the editor stays text', async () => {
  const page = await open(browser);
  await visit(page, '/register');
  await page.keyboard.press('/');
  await page.keyboard.type('a"><img');
  await page.locator('[role=option]').first().waitFor();
  await innocent(page, 'search');
  await page.keyboard.press('Escape');
  await page.locator('textarea').fill(JSON.stringify(schema(1)).replace('bold', bite.replaceAll('"', '\\"')));
  await page.getByText('Preview as fields').click();
  await innocent(page, 'editor');
  await page.context().close();
});
