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
    links: [...document.querySelectorAll('a')] // in a drawing, too
      .map((a) => new URL(typeof a.href === 'string' ? a.href : a.href.baseVal, location.href))
      .filter((to) => !/^https?:$/.test(to.protocol) || to.origin !== location.origin)
      .map(String),
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

// The same in the catalog: wherever somebody can write more than a name, they have.
const markdown = `# ${bite}\n\n[click](javascript:alert(1)) ![pixel](data:image/svg+xml,x) <b onmouseover=alert(1)>b</b>\n\n\`${bite}\`\n\n* ${bite}\n\n> ${bite}`;
const labels = { constructor: bite.slice(0, 60), 'x-y': bite.slice(0, 60) };
const api = (path) => `/api/v1${path}`;
const post = (path, body) => call('POST', api(path), body);

async function catalogOfHostile() {
  await post('/users', { login: 'mallory', name: bite, role: 'editor' });
  for (const slug of ['h-owners', 'h-readers']) {
    await post('/teams', { slug, name: bite, description: markdown, labels });
    await call('PUT', api(`/teams/${slug}/members/mallory`), { role: 'maintainer' });
  }
  await post('/domains', { slug: 'h', name: bite, description: markdown, team: 'h-owners', labels });
  for (const [slug, team] of [
    ['h-writer', 'h-owners'],
    ['h-reader', 'h-readers'],
    ['h-quiet', 'h-readers'],
  ])
    await post('/services', { slug, team, name: bite, description: markdown, kind: 'service', labels });
  await call('PUT', api('/policies/domain:h'), {
    required_documentation: [],
    deprecation_min_days: 0,
    freeze_windows: [{ from: '2035-01-01T00:00:00Z', until: '2035-02-01T00:00:00Z', reason: bite }],
  });
  for (const name of ['h.hostile', 'h.gone']) {
    await post('/events', {
      name,
      owner: 'h-owners',
      domain: 'h',
      title: bite,
      summary: bite,
      description: markdown,
      reason_to_exist: bite,
      tags: [bite.slice(0, 60)],
      labels,
      contract: { sla: { support_hours: bite }, ordering: { scope: 'key', key_fields: [bite] } },
      line: { compatibility: 'NONE', subjects: [`${name}-value`] },
    });
    await call('POST', `/subjects/${name}-value/versions`, { schema: JSON.stringify(jsonSchema(1)), schemaType: 'JSON' });
    await call('POST', `/subjects/${name}-value/versions`, { schema: JSON.stringify(jsonSchema(2)), schemaType: 'JSON' });
    await post(`/lines/${name}@1/activate`);
  }
  const line = 'h.hostile@1';
  await post('/productions', { service: 'h-writer', line, environments: ['production'], labels });
  await post('/consumptions', { service: 'h-reader', line, purpose: bite, fields: [{ path: bite, need: 'required' }], labels });
  await post('/consumptions', { service: 'h-quiet', line, purpose: markdown });
  await post('/deployments', { service: 'h-reader', version: bite.slice(0, 60), environment: 'production' });
  await post('/channels', { slug: 'h-channel', address: bite, broker: bite, lines: [line] });
  await post('/observations', { observations: [{ line, client: bite.slice(0, 90) }] });
  const { id: change } = await post('/changes', {
    line,
    title: bite,
    rationale: markdown,
    context: bite,
    schema: {
      format: 'JSON',
      text: JSON.stringify({ title: bite, type: 'object', properties: { v: { type: 'string' } }, required: ['v'] }),
    },
    plan: { strategy: 'in_line', migration_guide: 'javascript:alert(1)' },
    labels,
  });
  await post(`/changes/${change}/comments`, { body: markdown });
  await post(`/changes/${change}/decisions`, { team: 'h-readers', act: 'request_changes', comment: markdown });
  await post('/lines/h.gone@1/deprecate', {
    reason: bite,
    replacement: line,
    migration_guide: 'javascript:alert(1)',
    sunset_at: new Date(Date.now() + 5 * 86400e3).toISOString().slice(0, 10),
  });
  const hook = await post('/webhooks', { url: 'https://hooks.evil.example/"><img>', team: 'h-owners', description: bite });
  await post(`/webhooks/${hook.id}/pause`, { reason: bite });
  await post('/tokens', { name: bite, service: 'h-writer', scopes: ['read'] });
  return { change, hook: hook.id };
}

test('hostile words in the catalog are words on every page that shows them', async (t) => {
  const { change, hook } = await catalogOfHostile();
  for (const name of [bite, '<b>', "h.'x", 'h..x', 'h.__proto__ x'])
    assert.equal(
      (
        await fetch(`${base}/api/v1/events`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ name, owner: 'h-owners' }),
        })
      ).status,
      422,
      name,
    );
  const page = await open(browser);
  const q = encodeURIComponent(bite);
  for (const path of [
    '/',
    '/?team=h-owners',
    '/?team=h-readers',
    '/events',
    `/events?q=${encodeURIComponent('onerror')}`,
    '/events?domain=h',
    '/events/h.hostile',
    '/events/h.hostile?as=source',
    '/events/h.hostile?service=h-reader',
    ...['diff', 'diff?as=text', 'consumers', 'timeline', 'docs', 'docs?edit=about', 'docs?edit=contract'].map(
      (tab) => `/events/h.hostile/1/${tab}`,
    ),
    '/events/h.gone',
    '/events/h.gone/1/timeline',
    `/events/h.hostile/1/impact?drop=${q}`,
    `/events/h.hostile/1/impact?rename=v:${encodeURIComponent(encodeURIComponent(bite))}`,
    `/impact?line=h.hostile%401&as=schema`,
    `/impact?line=h.hostile%401&drop=${encodeURIComponent('no such field')}&retype=v:%22%3E%3Cimg%3E`,
    '/changes',
    '/changes?state=all&event=h.hostile',
    `/changes/${change}`,
    `/changes/${change}?as=text`,
    '/graph?focus=h.hostile%401',
    '/graph?focus=team%3Ah-owners&depth=2',
    '/graph?focus=service%3Ah-reader&as=table',
    '/teams',
    '/teams/h-owners',
    '/teams/h-readers',
    '/services',
    '/services/h-writer',
    '/services/h-reader',
    '/domains',
    '/domains/h',
    '/channels',
    '/channels/h-channel',
    '/fields',
    `/fields?path=${q}`,
    '/fields?path=__proto__x',
    '/deprecations',
    '/health',
    '/audit',
    '/audit?object=line%3A',
    '/settings/tokens',
    '/settings/webhooks',
    `/settings/webhooks/${hook}`,
    '/settings/policies?scope=domain%3Ah',
    '/settings/environments',
    '/settings/people',
    '/settings/interchange',
    '/new-event',
    '/adopt',
  ])
    await t.test(path.slice(0, 60), async () => {
      page.mayFail = (response) => response.status() === 422; // a field that the schema does not have
      await visit(page, path);
      assert.equal(await page.locator('.state.failed').count(), 0, path);
      assert.notEqual(await page.locator('h1').innerText(), 'No such page');
      await innocent(page, path);
    });
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
    `/?team=${encodeURIComponent(bite)}`,
    `/events/${encodeURIComponent(bite)}`,
    `/events?q=${encodeURIComponent(bite)}&owner=${encodeURIComponent(bite)}&cursor=${encodeURIComponent(bite)}`,
    `/changes?team=${encodeURIComponent(bite)}&event=${encodeURIComponent(bite)}&state=${encodeURIComponent(bite)}`,
    `/changes/${encodeURIComponent(bite)}`,
    `/impact?line=${encodeURIComponent(bite)}&drop=${encodeURIComponent(bite)}`,
    `/audit?actor=${encodeURIComponent(bite)}&object=${encodeURIComponent(bite)}&from=${encodeURIComponent(bite)}`,
    `/settings/${encodeURIComponent(bite)}`,
    `/settings/webhooks/${encodeURIComponent(bite)}`,
    `/settings/policies?scope=${encodeURIComponent(bite)}`,
    `/settings/interchange?team=${encodeURIComponent(bite)}`,
    `/teams/${encodeURIComponent(bite)}`,
    `/services/${encodeURIComponent(bite)}`,
    `/domains/${encodeURIComponent(bite)}`,
    `/graph?focus=${encodeURIComponent(bite)}`,
    `/fields?path=${encodeURIComponent(bite)}`,
    `/events?as_of=${encodeURIComponent(bite)}`,
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
