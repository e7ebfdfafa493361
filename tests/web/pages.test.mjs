// Each page, light and dark, wide and narrow: it is there, nothing is refused or broken, nothing hangs over the edge; axe finds nothing in light on
// a wide window, and nothing in dark on a phone.
// The pictures are left in $WEB_SCREENSHOTS.
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, open, settle, visit } from './browser.mjs';
import { pages } from './pages.mjs';
import { seed } from './seed.mjs';
import { seedCatalog } from './seed_catalog.mjs';
import { seedWork } from './seed_work.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.WEB_SCREENSHOTS ?? 'screenshots';
const only = process.env.WEB_PAGE && new RegExp(`^(${process.env.WEB_PAGE})$`);
let browser;
let made;

// Pages of what gets its name when it is made have functions as paths.
const where = (path) => (typeof path === 'function' ? path(made) : path);

before(async () => {
  mkdirSync(pictures, { recursive: true });
  await seed();
  await seedCatalog();
  made = { ...(await seedWork()), past: new Date().toISOString() };
  browser = await launch();
});
after(() => browser?.close());

async function violations(page) {
  const { violations: found } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

// A page is loaded once, as a screen reader or a phone would keep it, and then looked at in every way.
async function look(page, theme, width) {
  await page.emulateMedia({ colorScheme: theme });
  await page.setViewportSize({ width, height: width < 600 ? 800 : 900 });
  await settle(page);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `in ${theme} at ${width} px the page is ${over} px wider than the window`);
}

test('pages are whole, in light and dark, at 1280, 375 and 320 px', async (t) => {
  const page = await open(browser, {});
  for (const { name, path, heading, fails } of pages) {
    if (only && !only.test(name)) continue;
    await t.test(name, async () => {
      page.mayFail = fails ? () => true : undefined;
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 900 });
      await visit(page, where(path));
      assert.equal((await page.locator('h1').innerText()).trim(), where(heading));
      assert.equal(await page.locator('.state.failed').count(), fails ? 1 : 0);
      assert.deepEqual(page.trouble.splice(0), []);
      // What axe brings along must not be refused; that the policy holds is what the other tests are about, and `trouble` before it runs.
      await page.evaluate(axe);
      for (const theme of ['light', 'dark'])
        for (const width of [1280, 375]) {
          await look(page, theme, width);
          await page.screenshot({ path: join(pictures, `${name}-${theme}-${width}.png`), fullPage: true, animations: 'disabled' });
          if ((theme === 'light') === width > 600) assert.deepEqual(await violations(page), [], `in ${theme} at ${width} px`);
        }
      await look(page, 'light', 320);
      page.trouble.length = 0;
    });
  }
  await page.context().close();
});
