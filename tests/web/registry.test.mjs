// A plain registry user's work, by keyboard alone unless it says otherwise.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { launch, open, settle, visit } from './browser.mjs';
import { call, seed } from './seed.mjs';

let browser;
let page;

before(async () => {
  await seed();
  browser = await launch();
  page = await open(browser);
});
after(() => browser?.close());

const heading = async () => (await page.locator('h1').innerText()).trim();
const path = () => page.url().replace(/^.*\/ui/, '');
const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

// Tabs on until the focused thing has this name, as somebody without a pointer does.
async function tabTo(name, most = 60) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const said = await page.evaluate(() => {
      const at = document.activeElement;
      const label = at?.id ? document.querySelector(`label[for="${at.id}"]`)?.textContent : '';
      return (at?.getAttribute('aria-label') || label || at?.textContent || '').trim();
    });
    if (said === name) return;
  }
  assert.fail(`${name} cannot be reached with Tab`);
}

function journey(name, steps) {
  test(name, async () => {
    await steps();
    assert.deepEqual(page.trouble.splice(0), []);
  });
}

journey('"/" finds a subject as one types, Enter opens it', async () => {
  await visit(page, '/');
  await press('/');
  await page.keyboard.type('order_pl');
  await page.locator('[role=option]').first().waitFor();
  await press('ArrowDown', 'ArrowUp', 'Enter');
  await settle(page);
  assert.equal(await heading(), 'orders.order_placed-value');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the heading has the focus');
  assert.match(await page.title(), /^orders\.order_placed-value · Avow$/);
});

journey('an id from a message leads to its schema', async () => {
  await visit(page, '/');
  await press('/');
  await page.keyboard.type('1');
  await page.getByRole('option', { name: 'Schema id 1', exact: true }).waitFor();
  await press('Escape', 'g', 'i');
  await settle(page);
  assert.equal(await heading(), 'Schema by id');
  await tabTo('Id');
  await page.keyboard.type('00 00 00 00 02');
  await press('Enter');
  await settle(page);
  assert.equal(await heading(), 'Schema id 2');
  await page.getByRole('link', { name: 'orders.order_placed-value', exact: true }).waitFor();
});

journey('"g s" lists subjects; "j" and "k" walk, Enter opens; back returns to the filtered list', async () => {
  await visit(page, '/ids');
  await press('g', 's');
  await settle(page);
  await page.getByLabel('Name contains').fill('order_placed');
  await page.waitForURL(/q=order_placed/);
  await settle(page);
  await page.locator('h1').focus();
  await press('j', 'j', 'k');
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  assert.match(focused, /order_placed/);
  await press('Enter');
  await settle(page);
  assert.equal(await heading(), 'orders.order_placed-value');
  await page.goBack();
  await settle(page);
  assert.equal(await page.getByLabel('Name contains').inputValue(), 'order_placed');
});

journey('filters, deleted subjects and pages are in the address', async () => {
  await visit(page, '/subjects?q=old_event');
  await page.getByText('No subject fits').waitFor();
  await page.getByLabel('Deleted ones, too').check();
  await page.getByRole('link', { name: 'payments.old_event-value' }).waitFor();
  assert.equal(path(), '/subjects?q=old_event&deleted=1');
  await visit(page, '/subjects?format=JSON');
  assert.equal(await page.locator('tbody tr').count(), 1);
  await visit(page, '/subjects?context=.staging');
  assert.equal(await page.locator('tbody tr').count(), 1);
  await visit(page, '/subjects?q=metrics');
  assert.equal(await page.locator('tbody tr').count(), 50);
  await page.getByRole('link', { name: 'Next page' }).click();
  await settle(page);
  assert.equal(await page.locator('tbody tr').count(), 10);
  await page.getByRole('link', { name: 'First page' }).click();
  await settle(page);
  assert.equal(await page.locator('tbody tr').count(), 50);
});

journey('differences begin with the version before the selected one, in words first', async () => {
  await visit(page, '/subjects/orders.order_placed-value?v=2');
  await page.getByRole('link', { name: 'Differences' }).click();
  await settle(page);
  assert.equal(await page.getByLabel('From', { exact: true }).inputValue(), '1');
  assert.equal(await page.getByLabel('to', { exact: true }).inputValue(), '2');
  await page.getByText(/currency .*was added/).waitFor();
  await page.getByText('Version 2 reads what version 1 wrote').waitFor();
  await page.getByRole('link', { name: 'Text', exact: true }).click();
  await settle(page);
  assert.ok((await page.locator('td.add').count()) > 0);
  assert.match(path(), /as=text/);
});

journey('a breaking difference shows the message that proves it', async () => {
  await visit(page, '/subjects/customers.registered-value/diff');
  const proof = page.locator('.finding').first();
  await proof.getByText('A message that breaks, tried and refused').waitFor();
  await proof.getByText('What would help:').waitFor();
});

journey('registering: what breaks is said before, the fix can be taken over, then it is registered', async () => {
  await visit(page, '/subjects/orders.order_placed-value/next');
  const editor = page.getByLabel('Schema', { exact: true });
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('OrderPlaced'));
  const before = await editor.inputValue();
  await editor.fill(before.replace('"fields": [', '"fields": [{"name": "channel", "type": "string", "doc": "Where it was ordered."},'));
  await tabTo('Check');
  await press('Enter');
  await page.getByText('This would be refused').waitFor();
  await page.getByText('What would help:').first().waitFor();
  await page.getByRole('button', { name: 'Take this over' }).first().click();
  assert.match(await editor.inputValue(), /"channel"[^}]*"default"/);
  await page.getByText('The text has changed since').waitFor();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByText('This would be registered').waitFor();
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.waitForURL((url) => url.pathname.endsWith('/subjects/orders.order_placed-value'));
  await settle(page);
  await page.getByText('version 4', { exact: false }).first().waitFor();
  assert.equal((await call('GET', '/subjects/orders.order_placed-value/versions')).length, 4);
});

journey('a refused registration says why and keeps what was typed', async () => {
  await visit(page, '/register');
  await page.getByLabel('Schema', { exact: true }).fill('{"type": "record", "name": "9"}');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.getByText('Name the subject that this is to be a version of.').waitFor();
  await page.getByLabel('Subject', { exact: true }).fill('new-value');
  page.mayFail = (response) => response.status() === 422;
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page
    .locator('[role=alert]')
    .getByText(/Invalid schema/)
    .waitFor();
  assert.match(await page.getByLabel('Schema', { exact: true }).inputValue(), /"9"/);
  await page.getByLabel('Schema', { exact: true }).fill('{"type": "record", "name": "N" "fields": []}');
  await page.getByText('Line 1, column 32').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Check', exact: true }).isDisabled());
  page.mayFail = undefined;
});

journey('level and mode are changed, and left to the registry again', async () => {
  const subject = 'shared.address-value';
  await visit(page, `/subjects/${subject}/settings`);
  await page.getByLabel('Compatibility level').selectOption('FORWARD');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  assert.equal((await call('GET', `/config/${subject}`)).compatibilityLevel, 'FORWARD');
  await settle(page);
  await page.getByLabel('Mode', { exact: true }).selectOption('READONLY');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.toast').length > 1);
  assert.equal((await call('GET', `/mode/${subject}`)).mode, 'READONLY');
  await settle(page);
  await page.getByLabel('Mode', { exact: true }).selectOption('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.toast').length > 2);
  await assert.rejects(call('GET', `/mode/${subject}`), /404/);
  assert.equal((await call('GET', `/config/${subject}`)).compatibilityLevel, 'FORWARD', 'what was not changed stays');
});

journey('deleting asks first, and says why it is refused', async () => {
  await visit(page, '/subjects/shared.address-value/versions');
  page.mayFail = (response) => response.status() === 422;
  await page.getByRole('button', { name: 'Delete version 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByText(/referen/i)
    .waitFor();
  await press('Escape');
  page.mayFail = undefined;
  await visit(page, '/subjects/metrics.gauge_01-value/versions');
  await page.getByRole('button', { name: 'Delete version 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Remove version 1 for good' }).waitFor();
  await page.getByRole('button', { name: 'Remove the subject for good' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click();
  await page.waitForURL(/\/subjects$/);
  await assert.rejects(call('GET', '/subjects/metrics.gauge_01-value/versions?deleted=true'), /404/);
});

journey('any two schemas can be compared', async () => {
  await visit(page, '/check');
  await page.getByLabel(/^Writer/).fill('{"type": "record", "name": "A", "fields": [{"name": "x", "type": "long"}]}');
  await page.getByLabel(/^Reader/).fill('{"type": "record", "name": "A", "fields": [{"name": "x", "type": "int"}]}');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('The reader does not understand everything').waitFor();
  await page.getByLabel(/^Reader/).fill('{"type": "record", "name": "A", "fields": [{"name": "x", "type": "double"}]}');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('The reader understands everything').waitFor();
});

journey('"?" lists the shortcuts, which can be switched off', async () => {
  await visit(page, '/subjects');
  await press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.getByLabel('Shortcuts are on').uncheck();
  await press('Escape', 'g', 'i');
  await settle(page);
  assert.equal(await heading(), 'Subjects');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await page.getByLabel('Shortcuts are on').check();
  await press('Escape', 'g', 'i');
  await page.waitForURL(/\/ids$/);
});

journey('the first Tab skips to the page, and the colours can be chosen', async () => {
  await visit(page, '/');
  await press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the page');
  await press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  await page.getByRole('button', { name: 'Colours: as the system' }).click();
  await page.getByRole('button', { name: 'Colours: light' }).click();
  await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
  const dark = await page.evaluate(() => getComputedStyle(document.body).color);
  await page.reload();
  await settle(page);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), dark, 'the choice is kept');
  await page.getByRole('button', { name: 'Colours: dark' }).click();
});

journey('tables are sorted by their headings, and say so', async () => {
  await visit(page, '/subjects/orders.order_placed-value/versions');
  const column = page.getByRole('columnheader', { name: 'Version', exact: true });
  assert.equal(await column.getAttribute('aria-sort'), 'descending');
  await column.getByRole('button').press('Enter');
  await page.waitForURL(/sort=version/);
  assert.equal(await column.getAttribute('aria-sort'), 'ascending');
  assert.equal(await page.locator('tbody th a').first().innerText(), 'Version 1');
});

journey('a server that does not answer is told, and asked again', async () => {
  await visit(page, '/subjects');
  await page.route('**/api/v1/subjects?**', (route) => route.abort());
  await page.getByLabel('Name contains').fill('met');
  await page.getByRole('heading', { name: 'No answer' }).waitFor();
  await page.unroute('**/api/v1/subjects?**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('tbody tr').first().waitFor();
  page.trouble.length = 0;
});

journey('printing leaves the frame away', async () => {
  await visit(page, '/subjects/orders.order_placed-value');
  await page.emulateMedia({ media: 'print' });
  assert.ok(!(await page.locator('.side').isVisible()));
  assert.ok(!(await page.locator('.top').isVisible()));
  assert.ok(await page.locator('table.fields').isVisible());
  await page.emulateMedia({ media: 'screen' });
});
