// The two pictures of the README, of the company that `avow demo` makes: docs/images/event.png and change.png are copies of what this
// leaves in $WEB_SCREENSHOTS/readme.
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { base, launch, open, visit } from './browser.mjs';

const folder = join(process.env.WEB_SCREENSHOTS ?? 'screenshots', 'readme');
const most = 250 * 1024;
const own = 'a-password-of-my-own';
let browser;

async function api(method, path, body, user) {
  const reply = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(user && { Authorization: `Basic ${btoa(`${user}:${own}`)}` }) },
    body: body && JSON.stringify(body),
  });
  const text = await reply.text();
  assert.ok(reply.ok, `${method} ${path}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

// Some have answered, some have not: a board that somebody waits for.
async function answers(change) {
  for (const user of ['paul', 'ines']) {
    await api('PUT', `/users/${user}/password`, { password: 'given-by-somebody' });
    await api('PUT', `/users/${user}/password`, { current: 'given-by-somebody', password: own });
  }
  const { revision } = await api('GET', `/changes/${change}`);
  const inMonths = new Date(Date.now() + 75 * 86400e3).toISOString().slice(0, 10);
  const decide = (user, body) => api('POST', `/changes/${change}/decisions`, { revision, ...body }, user);
  await decide('paul', {
    team: 'payments',
    act: 'approve',
    not_before: `${inMonths}T00:00:00Z`,
    comment: 'Invoices read the total from version 2 on.',
  });
  await decide('ines', { team: 'inventory', act: 'acknowledge' });
}

before(async () => {
  mkdirSync(folder, { recursive: true });
  await promisify(execFile)(process.env.AVOW_BINARY, ['demo', '--server', base]);
  await answers('CR-1001');
  browser = await launch();
});
after(() => browser?.close());

const pictures = [
  { name: 'event', path: '/events/orders.order_placed', height: 1190 },
  { name: 'change', path: '/changes/CR-1001?team=risk', height: 1180 },
];

for (const { name, path, height } of pictures)
  test(`the picture of the ${name} is made and small enough for a README`, async () => {
    const page = await open(browser, { theme: 'light', width: 1280, height });
    await visit(page, path);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    assert.deepEqual(page.trouble, []);
    assert.ok(statSync(file).size <= most, `${file} has ${statSync(file).size} bytes`);
    await page.context().close();
  });
