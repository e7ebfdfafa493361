// What goes on in the company of seed_catalog.mjs: changes in all states, somebody who waits, a webhook whose receiver is gone, a token.
import { call } from './seed.mjs';
import { consumes } from './seed_catalog.mjs';

const post = (path, body) => call('POST', `/api/v1${path}`, body);

export async function seedWork() {
  await consumes('newsletter', 'sales.offer_accepted@1', ['client_id'], 'Thanks for it.');
  await consumes('invoice-writer', 'sales.offer_accepted@1', ['offer_id', 'client_id'], 'Writes to the client.');
  await consumes('funnel', 'sales.offer_accepted@1', [], 'Counts.');
  const breaking = await post('/changes', {
    line: 'sales.offer_accepted@1',
    title: 'Accepted offers without the client',
    rationale:
      'The client stands in the **offer**. Who needs it reads it there.\n\n* invoices do already\n* [the plan](https://wiki.shop.example/plan)',
    edits: [{ op: 'remove_field', path: 'client_id' }],
    plan: { strategy: 'in_line', migration_guide: 'https://wiki.shop.example/clients' },
    context: 'offers#12',
  });
  await post(`/changes/${breaking.id}/decisions`, { team: 'growth', act: 'request_changes', comment: 'Not before the *campaign*.' });
  await post(`/changes/${breaking.id}/comments`, { body: 'Would `coupon` be enough?\n\n1. first\n2. second' });
  await post('/changes', {
    line: 'sales.lead_noticed@1',
    title: 'Say where the lead came from',
    rationale: 'Growth wants to know.',
    edits: [{ op: 'add_field', path: 'source', type: ['null', 'string'], default: null }],
    draft: true,
  });
  const gone = await post('/changes', {
    line: 'sales.lead_noticed@1',
    title: 'Leads without clients',
    edits: [{ op: 'remove_field', path: 'client_id' }],
  });
  await post(`/changes/${gone.id}/withdraw`, { reason: 'Nobody liked it.' });

  await call('PUT', '/api/v1/policies/domain:sales', {
    notice_days: 20,
    freeze_windows: [{ from: '2027-12-20T00:00:00Z', until: '2028-01-03T00:00:00Z', reason: 'Christmas' }],
  });
  const hook = await post('/webhooks', {
    url: 'https://hooks.shop.example/sales',
    team: 'sales',
    description: 'Into the channel of the team.',
    filter: { types: ['change', 'approval'], classes: ['breaking'] },
  });
  await post(`/webhooks/${hook.id}/test`);
  await post(`/webhooks/${hook.id}/pause`);
  await post('/tokens', { name: 'Pipeline', service: 'offer-desk', scopes: ['read', 'register'] });
  const old = await post('/tokens', { name: 'Laptop', user: 'ada', scopes: ['read'], expires_at: '2030-01-01T00:00:00Z' });
  await call('DELETE', `/api/v1/tokens/${old.id}`);
  return { change: breaking.id, hook: hook.id };
}
