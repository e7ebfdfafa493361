// What the server says about the pages: redirect, policy, caching, compression, and how much there is.
import { strict as assert } from 'node:assert';
import http from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { base } from './browser.mjs';

const BUDGET = 120 * 1024; /* bytes of script, compressed */

function ask(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, headers }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end();
  });
}

const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const assets = async () => [...(await ask('/ui/')).body.toString().matchAll(/"(\/ui\/assets\/[^"]+)"/g)].map((found) => found[1]);

test('a browser is sent from the root to the pages, and nobody else is', async () => {
  const { status, headers } = await ask('/', asBrowser);
  assert.equal(status, 303);
  assert.equal(headers.location, '/ui/');
  assert.equal(headers.vary, 'accept');
  for (const accept of ['application/json', 'application/vnd.schemaregistry.v1+json', '*/*', 'text/html;q=0, */*'])
    assert.equal((await ask('/', { accept })).body.toString(), '{}', accept);
  assert.equal((await ask('/')).body.toString(), '{}');
  assert.equal((await ask('/contexts/.x/', asBrowser)).status, 200);
});

test('every address of a page answers with the shell, whose policy allows nothing from elsewhere and nothing inline', async () => {
  const shell = (await ask('/ui/')).body.toString();
  assert.doesNotMatch(shell, /<script(?![^>]*src=)|<style|style=| on[a-z]+=/);
  for (const path of ['/ui', '/ui/', '/ui/subjects/a%2Fb', '/ui/subjects/a/diff?from=1', '/ui/events/a/1/consumers']) {
    const { status, headers, body } = await ask(path);
    assert.equal(status, 200, path);
    assert.equal(body.toString(), shell);
    assert.match(headers['content-security-policy'], /default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
    assert.match(headers['content-security-policy'], /require-trusted-types-for 'script'/);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe|https?:|\*/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'same-origin');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  }
});

test('files keep for ever, come compressed to those who take it, and are not sent again', async () => {
  for (const path of await assets()) {
    const plain = await ask(path);
    assert.equal(plain.status, 200, path);
    assert.match(path, /-[A-Z0-9]{8}\.(js|css|svg|woff2)$/);
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(plain.headers['x-content-type-options'], 'nosniff');
    assert.equal(plain.headers['content-encoding'], undefined);
    const small = await ask(path, { 'accept-encoding': 'gzip, br' });
    if (/\.(js|css|svg)$/.test(path)) {
      assert.equal(small.headers['content-encoding'], 'gzip');
      assert.equal(small.headers.vary, 'accept-encoding');
      assert.ok(gunzipSync(small.body).equals(plain.body));
    }
    const again = await ask(path, { 'if-none-match': `"x", ${plain.headers.etag}` });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    assert.equal((await ask(path, {}, 'HEAD')).body.length, 0);
  }
});

test('what is no file is not found, and nothing is written here', async () => {
  for (const path of ['/ui/assets/main.js', '/ui/assets/..%2f..%2fetc%2fpasswd', '/ui/assets/', '/ui/a/b/c/d/e/f']) {
    const { status } = await ask(path);
    assert.ok(status === 404 || path === '/ui/assets/', `${path}: ${status}`);
  }
  for (const method of ['POST', 'PUT', 'DELETE']) assert.equal((await ask('/ui/', {}, method)).status, 405, method);
});

test('all script together stays within its budget', async () => {
  let bytes = 0;
  const scripts = (await assets()).filter((path) => path.endsWith('.js'));
  for (const path of scripts) {
    const { body } = await ask(path, { 'accept-encoding': 'gzip' });
    bytes += body.length;
    assert.doesNotMatch(gunzipSync(body).toString(), /\bimport\(|sourceMappingURL/, 'a part that is loaded later would have to be counted');
  }
  console.log(`${scripts.length} script, ${(bytes / 1024).toFixed(1)} KiB compressed of ${BUDGET / 1024}`);
  assert.ok(bytes > 1000 && bytes <= BUDGET, `${bytes} bytes`);
});
