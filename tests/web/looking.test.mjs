// Finding one's way through the catalog: each journey in as many clicks as it may take. Enter counts as a click.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { base, launch, open, settle, visit } from './browser.mjs';
import { call, seed } from './seed.mjs';
import { seedCatalog } from './seed_catalog.mjs';

let browser;
let page;
let clicks = 0;

before(async () => {
  await seed();
  await seedCatalog();
  browser = await launch();
  page = await open(browser);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
});
after(() => browser?.close());

const api = (path) => call('GET', `/api/v1${path}`);
const heading = async () => (await page.locator('h1').innerText()).trim();
const button = (name) => page.getByRole('button', { name, exact: true });
const path = () => page.url().replace(/^.*\/ui/, '');

// What somebody does with a pointer, or with Enter.
async function click(what) {
  clicks++;
  await what.click();
  await settle(page);
}
async function enter() {
  clicks++;
  await page.keyboard.press('Enter');
  await settle(page);
}

function journey(name, most, steps) {
  test(name, async () => {
    clicks = 0;
    await steps();
    if (most !== null) assert.ok(clicks <= most, `it took ${clicks} clicks, and may take ${most}`);
    assert.deepEqual(page.trouble.splice(0), []);
  });
}

journey('an event is found, and said to be read, in three clicks', 3, async () => {
  await visit(page, '/');
  await page.keyboard.press('/');
  await page.keyboard.type('accepted');
  await page
    .getByRole('option', { name: /sales\.offer_accepted/ })
    .first()
    .waitFor();
  await enter();
  assert.equal(await heading(), 'sales.offer_accepted');
  await page.getByRole('heading', { name: 'Yes, once you have said so' }).waitFor();
  await click(button('Consume'));
  const form = page.getByRole('dialog');
  await form.getByLabel('Service').fill('newsletter');
  await form.getByLabel('What for').fill('Thanks for the order.');
  await form.getByLabel('client_id', { exact: true }).check();
  await click(form.getByRole('button', { name: 'Declare' }));
  await form.getByText('Declared', { exact: true }).waitFor();
  await form.getByText(/^curl -X POST/).waitFor();
  const { items } = await api('/consumptions?service=newsletter&line=sales.offer_accepted@1');
  assert.deepEqual(
    items.map(({ state, fields }) => [state, fields.map(({ path: at, need }) => `${at} ${need}`)]),
    [['active', ['client_id required']]],
  );
  await form.getByRole('button', { name: 'Done' }).click();
});

journey('a search is kept, found again after other pages, and forgotten', null, async () => {
  await visit(page, '/events?q=offer&state=active');
  await click(button('Keep this search'));
  assert.equal(await button('Keep this search').count(), 0, 'it is kept once');
  await visit(page, '/events');
  const kept = page.getByRole('region', { name: 'Kept searches' }).first();
  await click(kept.getByRole('link', { name: 'offer, state active' }));
  assert.equal(path(), '/events?q=offer&state=active');
  assert.equal(await kept.getByRole('link', { name: 'offer, state active' }).getAttribute('aria-current'), 'true');
  await click(kept.getByRole('button', { name: 'Forget the search offer, state active' }));
  assert.equal(await page.getByRole('region', { name: 'Kept searches' }).count(), 0);
});

journey('what has reached its sunset and is read by nobody is removed in one click; its address tells what it was', 1, async () => {
  await visit(page, '/deprecations');
  assert.equal(await button('Remove sales.offer_made@1').count(), 0, 'what is deprecated has no button yet');
  assert.ok(await button('Remove sales.telex_sent@1').isEnabled());
  await click(button('Remove sales.telex_sent@1'));
  await page.locator('.toast', { hasText: 'sales.telex_sent@1 is removed' }).waitFor();
  assert.equal((await api('/lines/sales.telex_sent@1')).state, 'removed');
  await visit(page, '/events/sales.telex_sent');
  await page.getByText(/^sales\.telex_sent was removed on /).waitFor();
  await page.getByText('To read instead: nothing.').waitFor();
  await page.getByRole('cell', { name: 'Identifies the offer.' }).waitFor();
});

journey('what is still read cannot be removed, and says by whom', null, async () => {
  const line = 'sales.offer_made@1';
  await page.route(`**/api/v1/lines/${encodeURIComponent(line)}`, async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ response: reply, json: { ...(await reply.json()), state: 'sunset' } });
  });
  await visit(page, '/deprecations');
  await page.getByText(/funnel \(team growth\) reads it|reaches its sunset on/).waitFor();
  assert.ok(await button(`Remove ${line}`).isDisabled());
  await page.unroute(`**/api/v1/lines/${encodeURIComponent(line)}`);
});

journey('the burn-down of a line says how many are left, drawn and as a table', 1, async () => {
  await visit(page, '/deprecations?line=sales.telex_sent@1');
  await click(page.getByRole('link', { name: /consumers left of sales\.offer_made@1: burn-down/ }));
  await page.getByText(/^3 consumers left, \d+ days left\.$/).waitFor();
  const table = page.getByRole('region', { name: 'Consumers, and when they moved on' });
  assert.equal(await table.getByRole('row').count(), 5);
  await table.getByRole('row', { name: /newsletter .*ended/ }).waitFor();
});

journey('who is on call stands in the page of an event', 0, async () => {
  await visit(page, '/events/sales.offer_made');
  const facts = page.locator('.promises');
  assert.match(await facts.innerText(), /On call now\s+ada/);
});

journey('who is on call stands under the results of a search, and the rota with its team', 1, async () => {
  await visit(page, '/');
  await page.keyboard.press('/');
  await page.keyboard.type('growth');
  await page
    .getByRole('option', { name: /growth/ })
    .first()
    .waitFor();
  await page.getByText(/^Team growth, on call now: (dan|ben)$/).waitFor();
  await enter();
  assert.equal(await heading(), 'Growth');
  const card = page.locator('.card', { hasText: 'On call now' });
  assert.match(await card.innerText(), /(dan|ben) until[\s\S]*(dan|ben) from/);
});

journey('a message that cannot be decoded leads to event, version, difference and who is on call in two clicks', 2, async () => {
  const { id } = await call('GET', '/subjects/sales.offer_made-value/versions/1');
  await visit(page, '/');
  await page.keyboard.press('/');
  await page.keyboard.type(`000000${id.toString(16).padStart(4, '0')}`);
  await page.getByRole('option', { name: `Schema id ${id}`, exact: true }).waitFor();
  await enter();
  const whose = page.locator('.promises');
  await whose.getByRole('link', { name: 'sales.offer_made@1' }).waitFor();
  assert.match(await whose.innerText(), /1\.0\.0[\s\S]*Owner\s+sales[\s\S]*On call now\s+ada/);
  await click(whose.getByRole('link', { name: 'what changed to 1.2.0' }));
  await page
    .getByText(/note .*was added/)
    .first()
    .waitFor();
});

journey('whoever is new in a team sees what it owns, reads and owes', 1, async () => {
  await visit(page, '/teams');
  await click(page.getByRole('link', { name: 'Billing', exact: true }));
  const reads = page.getByRole('region', { name: 'Consumes' });
  await reads.getByRole('row', { name: /sales\.offer_made .*invoice-writer .*active .*production/ }).waitFor();
  await page.locator('.numbers').getByRole('link', { name: '2 reads of lines that end' }).waitFor();
});

test('the page of an event asks three times at most', async () => {
  const own = await open(browser);
  for (const event of ['sales.offer_made', 'sales.offer_sent']) {
    const asked = [];
    own.on('request', (request) => asked.push(request.url()));
    await own.goto(`${base}/ui/events/${event}`);
    await settle(own);
    const api = asked.filter((url) => !url.includes('/ui/'));
    assert.ok(api.length > 0 && api.length <= 3, `it asked ${api.length} times: ${api.join(' ')}`);
    own.removeAllListeners('request');
  }
  await own.context().close();
});

test('the graph: the table is the first stop, the drawing one more; arrows follow edges, and it is said where one is', async () => {
  await visit(page, '/graph?focus=sales.offer_made@1');
  await page.locator('h1').focus();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Table');
  const drawing = page.getByRole('application');
  await drawing.focus();
  const said = page.getByRole('status').filter({ hasText: 'column' });
  assert.match(await said.innerText(), /^event sales\.offer_made@1, team sales, column 2 of 3, 4 connections$/);
  await page.keyboard.press('ArrowRight');
  assert.match(await said.innerText(), /^service (reminder|funnel|invoice-writer), team \w+, column 3 of 3, 1 connection$/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.match(await said.innerText(), /^service offer-desk/);
  await page.keyboard.press('Tab');
  assert.equal(await drawing.evaluate((node) => node.contains(document.activeElement)), false, 'it is one stop for Tab');
  await drawing.focus();
  await page.keyboard.press('Enter');
  await settle(page);
  assert.equal(await heading(), 'offer-desk');
  await page.goBack();
  await settle(page);
  await page.keyboard.press('t');
  await page.getByRole('region', { name: 'Nodes and what they are connected with' }).waitFor();
  assert.match(path(), /as=table/);
  await page.getByRole('columnheader', { name: 'Connections' }).getByRole('button').click();
  await page.getByRole('columnheader', { name: 'Connections' }).getByRole('button').click();
  assert.equal(await page.locator('tbody th a').first().innerText(), 'sales.offer_made@1');
});

test('many nodes are shown by team and by owner, and the table has each', async () => {
  const nodes = Array.from({ length: 300 }, (_, i) => ({
    id: `service:s${i}`,
    kind: 'service',
    name: `s${i}`,
    team: `team-${i % 7}`,
    focus: false,
    links: { ui: `/ui/services/s${i}` },
  }));
  const line = { id: 'line:a@1', kind: 'line', name: 'a@1', team: 'x', focus: true, state: 'active', links: { ui: '/ui/events/a/1' } };
  await page.route('**/api/v1/graph?**', (route) =>
    route.fulfill({
      json: {
        focus: 'a@1',
        truncated: true,
        nodes: route.request().url().includes('direction=down') ? [line, ...nodes] : [line],
        edges: route.request().url().includes('direction=down')
          ? nodes.map((node) => ({ from: line.id, to: node.id, kind: 'consumes', state: 'active' }))
          : [],
      },
    }),
  );
  await visit(page, '/graph?focus=a@1');
  assert.equal(await page.locator('.graph .node').count(), 8);
  await page.getByText('300 services are shown by team').waitFor();
  await page.getByText('There is more than is shown').waitFor();
  await page.getByRole('link', { name: 'the table', exact: true }).click();
  await settle(page);
  assert.equal(await page.locator('tbody tr').count(), 301);
  await page.unroute('**/api/v1/graph?**');
});

test('a former name leads to the event, and stays in the address of nothing', async () => {
  await visit(page, '/events/sales.lead_seen/1/docs');
  assert.equal(await heading(), 'sales.lead_noticed');
  assert.match(path(), /^\/events\/sales\.lead_noticed\/1\/docs/);
  await page.getByText('formerly sales.lead_seen').waitFor();
});

test('the copied link shows the same version when there is a newer one', async () => {
  await visit(page, '/events/sales.offer_sent');
  await button('Copy link').click();
  await page.getByText(/^Copied/).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link.replace(base, ''), '/ui/events/sales.offer_sent/1?v=1.1.0');
});

test('the past is shown under a banner, is kept by links, cannot be changed, and is left by one click', async () => {
  const then = new Date().toISOString();
  await new Promise((done) => setTimeout(done, 30));
  await call('POST', '/api/v1/services', { slug: 'latecomer', name: 'latecomer', team: 'sales', kind: 'service' });
  await visit(page, `/teams/sales?as_of=${then}`);
  await page.getByText(/^The catalog as it was on/).waitFor();
  assert.equal(await page.getByRole('link', { name: 'latecomer' }).count(), 0);
  await page.getByRole('link', { name: 'sales.offer_sent' }).first().click();
  await settle(page);
  assert.match(path(), /as_of=/);
  await page.getByText(/^The catalog as it was on/).waitFor();
  await page.getByRole('link', { name: 'Back to now' }).click();
  await settle(page);
  assert.doesNotMatch(path(), /as_of/);
  assert.equal(await page.getByText(/^The catalog as it was on/).count(), 0);
  await visit(page, '/teams/sales');
  await page.getByRole('link', { name: 'latecomer' }).waitFor();
});

test('a field whose types differ says so', async () => {
  await call('POST', '/api/v1/events', { name: 'sales.odd', owner: 'sales', line: { subjects: ['sales.odd-value'] } });
  await call('POST', '/subjects/sales.odd-value/versions', {
    schema: JSON.stringify({ type: 'record', name: 'Odd', fields: [{ name: 'client_id', type: 'long' }] }),
  });
  await visit(page, '/fields?path=client_id');
  await page.getByText(/^\d fields, 2 types$/).waitFor();
  await page.getByRole('row', { name: /sales\.odd .*long.*differs/ }).waitFor();
});

test('badges say what holds', async () => {
  const badge = async (name) => (await fetch(`${base}/badge/${name}`)).text();
  assert.match(await badge('sales.offer_made.svg'), /<title>sales\.offer_made: active 2\.0\.0<\/title>/);
  assert.match(await badge('sales.lead_seen.svg'), /<title>sales\.lead_noticed: active/);
  await page.goto('about:blank');
  const [width, height] = await page.evaluate(
    async (from) => {
      const image = new Image();
      image.src = from;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    },
    `data:image/svg+xml,${encodeURIComponent(await badge('reminder/can-deploy/production.svg'))}`,
  );
  assert.ok(width > 100 && height === 20);
});
