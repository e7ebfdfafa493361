// From an open server to one that asks for credentials, by the page: a password of one's own, a session, a change by cookie, and out.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { base, launch, open, settle, visit } from './browser.mjs';
import { call, register } from './seed.mjs';

let browser;
let page;
const own = 'a-password-of-my-own';

before(async () => {
  await register('orders-value', '"string"');
  await call('POST', '/api/v1/users', { login: 'root', role: 'admin', name: 'Ada Root' });
  await call('PUT', '/api/v1/users/root/password', { password: 'given-by-somebody' });
  browser = await launch();
  page = await open(browser);
});
after(() => browser?.close());

const fill = async (login, password) => {
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
};

test('an open server shows everything to everybody', async () => {
  await visit(page, '/subjects');
  await page.getByRole('link', { name: 'orders-value' }).waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByText('This server asks nobody to sign in yet').waitFor();
  assert.deepEqual(page.trouble, []);
});

test('a given password is replaced by one of one’s own at the first sign-in', async () => {
  page.mayFail = (response) => [403, 422].includes(response.status());
  await fill('root', 'given-by-somebody');
  await page.getByLabel('New password').fill('short');
  await page.keyboard.press('Enter');
  await page.locator('[role=alert]').waitFor();
  await page.getByLabel('New password').fill(own);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out Ada Root' }).waitFor();
  page.mayFail = undefined;
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Lax');
  assert.deepEqual(page.trouble, []);
});

test('what changes something goes with the token that only our pages know', async () => {
  await visit(page, '/subjects/orders-value/settings');
  await page.getByLabel('Compatibility level').selectOption('FULL');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  await page.reload();
  await settle(page);
  assert.equal(await page.getByLabel('Compatibility level').inputValue(), 'FULL');
  const refused = await page.evaluate(
    async () => (await fetch('/config/orders-value', { method: 'DELETE', credentials: 'same-origin' })).status,
  );
  assert.equal(refused, 403);
  page.trouble.length = 0;
});

test('out again, a page asks to sign in and comes back to where one wanted to be', async () => {
  page.mayFail = (response) => response.status() === 401;
  await page.getByRole('button', { name: 'Sign out Ada Root' }).click();
  await page.waitForURL(/\/ui\/sign-in/);
  assert.equal((await fetch(`${base}/subjects`)).status, 401);
  await page.goto(`${base}/ui/subjects/orders-value/versions?sort=version`);
  await page.waitForURL(/\/ui\/sign-in\?to=/);
  await fill('root', 'wrong');
  await page.getByText('Login and password do not fit together').waitFor();
  await fill('root', own);
  await page.waitForURL(/\/ui\/subjects\/orders-value\/versions\?sort=version$/);
  await page.getByRole('link', { name: 'Version 1' }).waitFor();
  assert.deepEqual(page.trouble, []);
});
