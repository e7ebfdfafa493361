// How long a page of an event takes until it can be read and used, in a catalog that is there already (tests/bench/catalog fills one).
// A bench: prints figures, and fails above the bar.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { base, launch, open } from './browser.mjs';
import { call } from './seed.mjs';

const BAR_MS = 1000;
const ASKS = 20;
const MOST_REQUESTS = 3;

const fields = ['id', 'amount', 'currency', 'status', 'placed_at', 'customer_id', 'email', 'street', 'city', 'country'];
const schema = (n) =>
  JSON.stringify({
    type: 'record',
    name: 'Measured',
    fields: fields.map((name) => ({ name, type: 'string', doc: `What ${name} means here.` })).slice(0, 10 - (n % 2)),
  });

// A whole event: documented, with a schema and readers of its fields.
async function event(n) {
  const name = `measured.event_${n}`;
  const line = `${name}@1`;
  await call('POST', '/api/v1/events', {
    name,
    owner: 'team-1',
    title: `Measured ${n}`,
    reason_to_exist: 'To be looked at.',
    line: { major: 1, compatibility: 'NONE', subjects: [`${name}-value`] },
  });
  await call('PUT', `/api/v1/policies/event:${name}`, { required_documentation: [] }, { 'If-Match': '*' });
  await call('POST', `/subjects/${name}-value/versions`, { schema: schema(n) });
  await call('POST', `/api/v1/lines/${line}/activate`, {});
  for (const k of [1, 2, 3])
    await call('POST', '/api/v1/consumptions', {
      service: `service-${3 * n + k}`,
      line,
      purpose: 'Reads.',
      fields: [{ path: fields[k], need: 'required' }],
    });
  return name;
}

// Milliseconds from the start of the navigation until the field table with its readers stands there, and nothing is loading any more.
async function opened(page, name) {
  const asked = [];
  const note = (request) => request.url().includes('/api/') && asked.push(request.url());
  page.on('request', note);
  await page.goto(`${base}/ui/events/${name}`, { waitUntil: 'commit' });
  const ms = await page.waitForFunction(
    (title) =>
      document.querySelector('h1')?.textContent === title &&
      document.querySelectorAll('[data-row]').length >= 9 &&
      !document.querySelector('.skeleton') &&
      performance.now(),
    name,
  );
  page.off('request', note);
  return { ms: await ms.jsonValue(), asked };
}

const said = (times) => {
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  return { p50: sorted[sorted.length >> 1], p95: sorted[Math.floor(sorted.length * 0.95)] };
};

test(`the page of an event can be used within ${BAR_MS} ms`, async () => {
  const names = [];
  for (let n = 0; n < ASKS; n++) names.push(await event(n));
  const browser = await launch();
  const cold = [];
  const warm = [];
  for (const name of names) {
    const page = await open(browser); // a context of its own: nothing is cached
    cold.push(await opened(page, name));
    warm.push(await opened(page, name));
    assert.deepEqual(page.trouble, []);
    await page.context().close();
  }
  await browser.close();
  for (const [what, times] of Object.entries({ 'first visit': cold, 'next visit': warm })) {
    const { p50, p95 } = said(times);
    console.log(`event page, ${what.padEnd(14)}${p50.toFixed(0).padStart(16)}${p95.toFixed(0).padStart(6)}  < ${BAR_MS}`);
    assert.ok(p95 < BAR_MS, `${what}: ${p95} ms`);
    for (const { asked } of times) assert.ok(asked.length <= MOST_REQUESTS, asked.join('\n'));
  }
});
