// A browser of one's own, and pages that notice what must not happen: errors, refused loads, requests to elsewhere.
import { chromium } from 'playwright-core';

export const base = process.env.REGISTRY_URL;

const options = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: options });

// Answers that pages ask for and live without: settings that nobody made, a server without accounts.
const expected = (response) =>
  response.status() === 404 && (/\/(config|mode)(\/|$|\?)/.test(response.url()) || response.url().endsWith('/api/v1/session'));

// A page with `trouble`, a list of sentences, which every test expects to be empty.
export async function open(browser, { theme = 'light', width = 1280, height = 900, ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  page.pending = new Set();
  page.on('request', (request) => page.pending.add(request));
  page.on('requestfinished', (request) => page.pending.delete(request));
  page.on('requestfailed', (request) => page.pending.delete(request));
  const trouble = [];
  page.trouble = trouble;
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) trouble.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !expected(response) && !page.mayFail?.(response))
      trouble.push(`${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) trouble.push(`a request to elsewhere: ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    trouble.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    window.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return page;
}

// A frame was drawn, and what it asked for is on its way. False: the page was left meanwhile.
const drawn = (page) =>
  page
    .evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30))))
    .then(() => true)
    .catch(() => false);

// Until nothing is loaded any more and no skeleton is left. ("networkidle" is a moment after a navigation: what a click asks for is not
// waited for by it.)
export async function settle(page) {
  const until = Date.now() + 30000;
  await page.waitForLoadState('load');
  for (let calm = 0; calm < 3; ) {
    calm = page.pending.size === 0 && (await drawn(page)) && page.pending.size === 0 ? calm + 1 : 0;
    if (calm === 0) await page.waitForTimeout(20);
    if (Date.now() > until) throw new Error(`still loading: ${[...page.pending].map((request) => request.url()).join(', ')}`);
  }
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
  await page.evaluate(() => document.fonts.ready);
}

export async function visit(page, path) {
  await page.goto(`${base}/ui${path}`);
  await settle(page);
}
