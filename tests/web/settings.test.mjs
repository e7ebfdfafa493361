// What is set by the pages holds: policies, environments, people, webhooks; who asks to read is answered; the trail can be searched and taken along.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { base, launch, open, settle, visit } from './browser.mjs';
import { call } from './seed.mjs';
import { event, seedCatalog } from './seed_catalog.mjs';

const get = (path) => call('GET', `/api/v1${path}`);
let browser;
let page;

before(async () => {
  await seedCatalog();
  browser = await launch();
  page = await open(browser, { acceptDownloads: true });
});
after(() => browser?.close());

const button = (name) => page.getByRole('button', { name, exact: true });
const journey = (name, steps) =>
  test(name, async () => {
    await steps();
    assert.deepEqual(page.trouble.splice(0), []);
  });

journey('a policy holds for its scope, and what is cleared is inherited again', async () => {
  await visit(page, '/settings/policies?scope=domain:sales');
  await page.getByLabel('Notice, in days').fill('12');
  await page.getByLabel('Every member decides for a team').selectOption('no');
  await page.getByLabel('Silence of blocking consumers').selectOption('consent');
  await page.getByLabel('Tags of personal data').fill('PII, secret');
  await button('Add a window').click();
  await page.getByLabel('From', { exact: true }).fill('2035-12-20');
  await page.getByLabel('Until', { exact: true }).fill('2036-01-03');
  await page.getByRole('textbox', { name: 'Reason' }).first().fill('Christmas');
  await page.getByRole('textbox', { name: 'Reason' }).last().fill('As agreed in the round.');
  await button('Save').click();
  await page.getByText('Saved').waitFor();
  const { settings, effective } = await get('/policies/domain:sales');
  assert.equal(settings.notice_days, 12);
  assert.equal(settings.members_decide, false);
  assert.deepEqual(settings.silence, { blocking: 'consent' });
  assert.deepEqual(settings.pii_tags, ['PII', 'secret']);
  assert.equal(settings.freeze_windows[0].reason, 'Christmas');
  assert.equal(effective.stale_days, 90);
  await page.reload();
  await settle(page);
  assert.equal(await page.getByLabel('Notice, in days').inputValue(), '12');
  await page.getByLabel('Notice, in days').fill('');
  await page.getByLabel('Tags of personal data').fill('');
  await button('Remove the window from 2035-12-20').click();
  await page.getByLabel('Every member decides for a team').selectOption('');
  await page.getByLabel('Silence of blocking consumers').selectOption('');
  await button('Save').click();
  await page.getByText('Saved').last().waitFor();
  await settle(page);
  assert.deepEqual((await get('/policies/domain:sales')).settings, {});
});

journey('an environment is added and moved', async () => {
  await visit(page, '/settings/environments');
  await button('New environment').click();
  await page.getByLabel('Name').fill('canary');
  await button('Add').click();
  await page.getByRole('row', { name: /canary/ }).waitFor();
  await button('Edit canary').click();
  await page.getByLabel('Position').fill('70');
  await page.getByLabel('It is production').check();
  await button('Save').click();
  await page.getByRole('row', { name: /canary 70 production/ }).waitFor();
});

journey('a person comes, gets a password for once, and leaves', async () => {
  await visit(page, '/settings/people');
  await button('New person').click();
  await page.getByLabel('Login').fill('eve');
  await page.getByLabel('Name').fill('Eve');
  await button('Add').click();
  await button('Password of eve').click();
  await page.getByLabel('Password for the first sign-in').fill('good-for-once-only');
  await button('Set it').click();
  await page.getByText('eve can sign in with it once').waitFor();
  await button('Edit eve').click();
  await page.getByLabel('Disabled').check();
  await button('Save').click();
  await page.getByRole('row', { name: /Eve.*disabled/ }).waitFor();
});

journey('a webhook is made, tested, paused, given a new key, and its deliveries are sent again', async () => {
  await visit(page, '/settings/webhooks');
  await button('New webhook').click();
  await page.getByLabel('URL').fill('https://127.0.0.1/x');
  page.mayFail = (response) => response.status() === 422;
  await button('Make it').click();
  await page.getByText('address of this machine').waitFor();
  page.mayFail = undefined;
  await page.getByLabel('URL').fill('https://nowhere.invalid/hook');
  await page.getByLabel('Team', { exact: true }).fill('sales');
  await page.getByLabel('Kinds').fill('change, line.deprecated');
  await button('Make it').click();
  assert.match(await page.locator('.secret code').innerText(), /^whsec_/);
  await button('Show the webhook').click();
  await page.getByText('https://nowhere.invalid/hook').first().waitFor();
  await button('Test').click();
  await page.getByRole('row', { name: /test\.ping/ }).waitFor();
  await page.reload();
  const row = page.getByRole('row', { name: /test\.ping.*dead/ });
  for (let i = 0; i < 20 && (await row.count()) === 0; i++) {
    await new Promise((done) => setTimeout(done, 500));
    await page.reload();
    await settle(page);
  }
  await page.getByRole('button', { name: /^Send delivery \d+ again$/ }).click();
  await page.getByText('Sent again').waitFor();
  await button('Pause').click();
  await button('Resume').waitFor();
  await button('New key …').click();
  await button('Make a new key').click();
  assert.match(await page.locator('.secret code').innerText(), /^whsec_/);
  await button('Done').click();
  await button('Resume').click();
  await button('Pause').waitFor();
  await button('Delete …').click();
  await button('Delete').click();
  await page.waitForURL(/\/settings\/webhooks$/);
  await page.getByText('There is no webhook yet').waitFor();
});

journey('who asks to read personal data is answered where one sees it', async () => {
  const fields = (n) => [{ name: 'mail', type: 'string', 'confluent:tags': ['PII'], doc: `${n}` }];
  for (const [n, name] of ['sales.address_given', 'sales.address_taken'].entries()) {
    await event(name, { versions: [{ type: 'record', name: 'Address', fields: fields(n) }] });
    await call('POST', '/api/v1/consumptions', {
      service: 'newsletter',
      line: `${name}@1`,
      purpose: 'Writes.',
      fields: [{ path: 'mail', need: 'required' }],
    });
  }
  await new Promise((done) => setTimeout(done, 1500)); // what happened becomes items
  await visit(page, '/?team=sales');
  await button('Agree: newsletter asks to read sales.address_given@1').click();
  await page.getByText('newsletter may read sales.address_given@1').waitFor();
  await button('Refuse: newsletter asks to read sales.address_taken@1').click();
  await page.getByText('Refused').waitFor();
  const states = async (line) => (await get(`/consumptions?line=${line}&state=active`)).items.length;
  assert.equal(await states('sales.address_given@1'), 1);
  assert.equal(await states('sales.address_taken@1'), 0);
});

journey('notices are marked as read', async () => {
  await visit(page, '/?team=sales');
  const notices = page.getByRole('region', { name: 'Notices', exact: true });
  const before = await notices.getByRole('listitem').count();
  assert.ok(before > 0);
  await notices.getByRole('button', { name: 'Mark all read' }).click();
  await page.getByText('Everything is read.').waitFor();
});

journey('the trail is searched, its chain checked, and taken along', async () => {
  await visit(page, '/audit');
  await page.getByLabel('What', { exact: true }).fill('policy.');
  await page.keyboard.press('Enter');
  await page.waitForURL(/kind=policy\./);
  await settle(page);
  await page.getByText('As agreed in the round.').waitFor();
  await button('Check the chain').click();
  await page.getByText('intact').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
  const { readFileSync } = await import('node:fs');
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n')
    .map(JSON.parse);
  assert.ok(lines.length > 0 && lines.every((line) => line.kind.startsWith('policy.')));
});

journey('the catalog is taken along, and adds nothing where it came from', async () => {
  await visit(page, '/settings/interchange');
  for (const title of ['AsyncAPI 3.0', 'Backstage', 'Open Data Contract Standard', 'Everything']) {
    const link = page.getByRole('link', { name: `Download ${title}` });
    const reply = await fetch(base + (await link.getAttribute('href')));
    assert.equal(reply.status, 200, title);
  }
  const bundle = await (await fetch(`${base}/api/v1/export/bundle`)).text();
  await page.getByLabel('Document').fill(bundle);
  await button('Try').click();
  await page.getByText('Nothing of it is new').waitFor();
  assert.ok(await button('Import').isDisabled());
});
