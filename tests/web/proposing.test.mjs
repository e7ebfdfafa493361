// Journeys about changes, with their clicks counted: what breaks without a field; a break that is proposed and agreed to by two people of two
// teams; reminding; deprecating. The server asks everybody who they are.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { base, launch, open, settle, visit } from './browser.mjs';
import { call } from './seed.mjs';
import { consumes, seedCatalog } from './seed_catalog.mjs';

const own = 'a-password-of-my-own';
let browser;
let change;

// A page that counts what is clicked. Typing is no click, nor is a key.
async function person(login) {
  const page = await open(browser);
  page.clicks = 0;
  page.press = async (what) => {
    page.clicks++;
    await what.click();
    await settle(page);
  };
  if (login) {
    await visit(page, '/sign-in');
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(own);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    await settle(page);
    page.trouble.length = 0; // being asked to sign in is one
  }
  return page;
}

const within = async (page, clicks, steps) => {
  const before = page.clicks;
  await steps();
  assert.ok(page.clicks - before <= clicks, `${page.clicks - before} clicks, not ${clicks}`);
  assert.deepEqual(page.trouble.splice(0), []);
};

before(async () => {
  await seedCatalog();
  await consumes('newsletter', 'sales.offer_accepted@1', ['client_id'], 'Thanks for it.');
  await consumes('funnel', 'sales.lead_noticed@1', ['client_id'], 'Counts.');
  await call('POST', '/api/v1/users', { login: 'root', role: 'admin', name: 'Root' });
  for (const login of ['ada', 'dan', 'root']) {
    await call('PUT', `/api/v1/users/${login}/password`, { password: 'given-by-somebody' });
    await call('PUT', `/api/v1/users/${login}/password`, { current: 'given-by-somebody', password: own });
  }
  await call('POST', '/api/v1/session', { login: 'root', password: own }); // from now on everybody is asked who they are
  browser = await launch();
});
after(() => browser?.close());

test('what breaks without a field: two clicks from the event', async () => {
  const page = await person('ada');
  await visit(page, '/events/sales.offer_accepted');
  await within(page, 2, async () => {
    await page.press(page.getByRole('link', { name: 'What if client_id were removed?' }));
    await page.getByText('Would break: newsletter (client_id)').first().waitFor();
    await page.getByText('A message that breaks, tried and refused').first().waitFor();
  });
  assert.match(page.url(), /\/events\/sales\.offer_accepted\/1\/impact\?drop=client_id$/);
  await page.context().close();
});

test('the lab works without a pointer', async () => {
  const page = await person('ada');
  await visit(page, '/events/sales.offer_accepted');
  const enter = async (what, key = 'Enter') => {
    await what.focus();
    await page.keyboard.press(key);
    await settle(page);
  };
  await enter(page.getByRole('link', { name: 'What if offer_id were removed?' }));
  await enter(page.getByRole('checkbox', { name: 'Remove offer_id' }), 'Space');
  await page.getByText('Nothing is changed yet').waitFor();
  await page.getByLabel('What becomes of client_id').selectOption('rename');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'New name of client_id');
  await page.keyboard.type('buyer_id', { delay: 60 });
  await page.getByText('Would break: newsletter (client_id)').first().waitFor();
  await page.waitForURL(/rename=client_id%3Abuyer_id/);
  await enter(page.getByRole('button', { name: 'Open change from this' }));
  assert.equal(await page.getByLabel('Title').inputValue(), 'Rename client_id to buyer_id');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await enter(page.getByRole('link', { name: 'Another schema' }));
  await page.getByLabel('Schema in place of 1.0.0').fill('"string"');
  await page.getByRole('button', { name: 'Open change from this' }).waitFor();
  assert.deepEqual(page.trouble, []);
  await page.context().close();
});

test('a field is added in the lab, and left out again', async () => {
  const page = await person('ada');
  await visit(page, '/events/sales.offer_accepted/1/impact');
  await page.getByLabel('Add a field').fill('note');
  await page.getByLabel('Default').fill('"none"');
  await page.keyboard.press('Enter');
  await page.waitForURL(/add=note%3Astring%3A%22none%22/);
  await page.getByRole('button', { name: 'Open change from this' }).click();
  assert.equal(await page.getByLabel('Title').inputValue(), 'Add note');
  await page.keyboard.press('Escape');
  await page.getByLabel('Added fields').getByRole('link', { name: 'Leave it out' }).click();
  await page.getByText('Nothing is changed yet').waitFor();
  assert.deepEqual(page.trouble, []);
  await page.context().close();
});

test('a break is proposed in two clicks, and its proposer cannot agree for others', async () => {
  const page = await person('ada');
  await visit(page, '/events/sales.offer_accepted/1/impact?drop=client_id');
  await within(page, 2, async () => {
    await page.press(page.getByRole('button', { name: 'Open change from this' }));
    assert.equal(await page.getByLabel('Title').inputValue(), 'Remove client_id');
    assert.match(await page.getByRole('textbox', { name: 'Reason' }).inputValue(), /newsletter/);
    assert.match(await page.getByLabel('Both are produced until').inputValue(), /^\d{4}-\d\d-\d\d$/);
    await page.press(page.getByRole('button', { name: 'Submit' }));
    await page.waitForURL(/\/ui\/changes\/CR-\d+$/);
  });
  await settle(page);
  change = new URL(page.url()).pathname.split('/').pop();
  assert.equal(await page.locator('h1').innerText(), 'Remove client_id');
  assert.equal(await page.getByRole('heading', { name: 'Your decision' }).count(), 0);
  await page
    .getByRole('row', { name: /growth/ })
    .first()
    .waitFor();
  await page.context().close();
});

test('the producer’s morning: what blocks, and a reminder in one click', async () => {
  const page = await person('ada');
  await visit(page, '/');
  await page.getByText(/Waits: .*approvals missing/).waitFor();
  await within(page, 1, async () => {
    await page.press(page.getByRole('button', { name: `Remind about ${change}` }));
    await page.getByText(`${change}: growth reminded`).waitFor();
  });
  await page.context().close();
});

test('the consumer comes from the inbox and agrees in two clicks, with a date and by keyboard, too', async () => {
  const page = await person('dan');
  await visit(page, '/');
  await within(page, 2, async () => {
    await page.press(page.getByRole('region', { name: 'Waits for us' }).getByRole('link', { name: 'Remove client_id' }));
    await page.getByText('Would break: newsletter (client_id)').first().waitFor();
    await page.getByText('A message that breaks, tried and refused').first().waitFor();
    await page.locator('h1').focus();
    await page.keyboard.press('a');
    const agree = page.getByRole('button', { name: 'Approve for growth' });
    assert.ok(await agree.evaluate((button) => button === document.activeElement));
    await page.getByLabel('Not before').fill('2030-03-01');
    await page.press(agree);
    await page.getByText('growth approves').waitFor();
  });
  const row = page.getByRole('row', { name: /growth.*Approved/ });
  await row.waitFor();
  assert.match(await row.innerText(), /1 Mar 2030/);
  await page.context().close();
});

test('the proposer sees the answer, who gave it, and what is still in the way', async () => {
  const page = await person('ada');
  await visit(page, `/changes/${change}`);
  assert.match(await page.getByRole('row', { name: /growth.*Approved/ }).innerText(), /by dan/);
  await page.getByText('Agreed for later').waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.getByRole('heading', { name: 'Who has to agree' }).isVisible());
  assert.equal(await page.getByRole('navigation', { name: 'Sections' }).isVisible(), false);
  assert.equal(await page.getByRole('button', { name: 'Comment' }).isVisible(), false);
  assert.deepEqual(page.trouble, []);
  await page.context().close();
});

test('the proposer says it better in two clicks; who agreed still agrees, because it is no worse for them', async () => {
  const page = await person('ada');
  await visit(page, `/changes/${change}`);
  await within(page, 2, async () => {
    await page.press(page.getByRole('link', { name: 'Revise' }));
    const editor = page.getByLabel(`What ${change} proposes in place of 1.0.0`);
    const schema = JSON.parse(await editor.inputValue());
    assert.deepEqual(
      schema.fields.map(({ name }) => name),
      ['offer_id'],
    );
    schema.fields.push({ name: 'note', type: 'string', default: '' });
    await editor.fill(JSON.stringify(schema));
    await page.press(page.getByRole('button', { name: 'Propose as revision 2' }));
    await page.waitForURL(/\/ui\/changes\/CR-\d+$/);
  });
  await settle(page);
  assert.match(await page.getByRole('row', { name: /growth.*Approved/ }).innerText(), /by dan/);
  assert.match(await page.getByRole('region', { name: 'About' }).innerText(), /revision 2/);
  await page.context().close();
});

test('an event is deprecated in two clicks, on the date that the policy gives', async () => {
  const page = await person('ada');
  page.mayFail = (response) => response.status() === 409; // others read it: the refusal names the change that asks them
  await visit(page, '/events/sales.lead_noticed');
  await within(page, 2, async () => {
    await page.press(page.getByRole('button', { name: 'Deprecate', exact: true }));
    assert.match(await page.getByLabel('Sunset').inputValue(), /^\d{4}-\d\d-\d\d$/);
    await page.getByRole('textbox', { name: 'Reason' }).fill('Nobody sells by it any more.');
    await page.press(page.getByRole('button', { name: 'Submit' }));
    await page.waitForURL(/\/ui\/changes\/CR-\d+$/);
  });
  await settle(page);
  assert.equal(await page.locator('h1').innerText(), 'sales.lead_noticed@1 deprecated');
  await page.context().close();
});

test('whoever does not own it sees it all, and is refused what is not theirs', async () => {
  const page = await person('dan');
  page.mayFail = (response) => response.status() === 403;
  await visit(page, `/events/sales.offer_accepted`);
  assert.equal(await page.getByRole('button', { name: 'Deprecate', exact: true }).count(), 0);
  await visit(page, '/settings/tokens');
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('Name').fill('mine');
  await page.getByLabel('Service').fill('offer-desk');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.locator('dialog [role=alert]').waitFor();
  page.trouble.length = 0;
  assert.equal((await fetch(`${base}/api/v1/changes`)).status, 401);
  await page.context().close();
});

test('a secret is shown once; a token that is revoked says so', async () => {
  const page = await person('root');
  await visit(page, '/settings');
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('Name').fill('Pipeline');
  await page.getByLabel('Service').fill('offer-desk');
  await page.getByRole('button', { name: 'Make it' }).click();
  const secret = await page.locator('.secret code').innerText();
  assert.match(secret, /^cat_/);
  assert.equal((await fetch(`${base}/api/v1/changes`, { headers: { Authorization: `Bearer ${secret}` } })).status, 200);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row', { name: /Pipeline/ }).waitFor();
  assert.equal((await page.content()).includes(secret), false);
  await page.getByRole('button', { name: 'Revoke Pipeline' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('row', { name: /Pipeline.*revoked/ }).waitFor();
  assert.equal((await fetch(`${base}/api/v1/changes`, { headers: { Authorization: `Bearer ${secret}` } })).status, 401);
  assert.deepEqual(page.trouble, []);
  await page.context().close();
});
