// A small company in the catalog: something of everything that its pages show. Names stay away from those of seed.mjs.
import { call, register } from './seed.mjs';

const day = (days) => new Date(Date.now() + days * 86400e3).toISOString().slice(0, 10);
const post = (path, body) => call('POST', `/api/v1${path}`, body);
const record = (name, fields) => ({
  type: 'record',
  name,
  namespace: 'com.example.sales',
  doc: `${name} has happened.`,
  fields,
});
const field = (name, type, doc, more = {}) => ({ name, type, doc, ...more });

const id = field('offer_id', 'string', 'Identifies the offer.');
const total = field('total', { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 2 }, 'What the customer would pay.');
const customer = field('client_id', 'string', 'Whom it was made to.');
const note = field('note', ['null', 'string'], 'What the seller wrote.', {
  default: null,
});

async function people() {
  for (const [login, name] of [
    ['ada', 'Ada'],
    ['ben', 'Ben'],
    ['cleo', 'Cleo'],
    ['dan', 'Dan'],
  ])
    await post('/users', {
      login,
      name,
      role: 'editor',
      email: `${login}@shop.example`,
    });
  for (const [slug, name, description, ...members] of [
    ['sales', 'Sales', 'Everything until an order is placed.', 'ada', 'ben'],
    ['billing', 'Billing', 'Invoices and reminders.', 'cleo'],
    ['growth', 'Growth', 'Brings customers back.', 'dan', 'ben'],
    ['archive', 'Archive', 'Was busy once.'],
  ]) {
    await post('/teams', {
      slug,
      name,
      description,
      contact: {
        email: `${slug}@shop.example`,
        chat_url: `https://chat.shop.example/${slug}`,
      },
      ...(members.length > 0 && {
        oncall: {
          kind: 'rota',
          people: members,
          rotates: 'weekly',
          tz: 'Europe/Berlin',
          since: '2026-01-05T09:00',
        },
      }),
    });
    for (const [i, login] of members.entries())
      await call('PUT', `/api/v1/teams/${slug}/members/${login}`, {
        role: i === 0 ? 'maintainer' : 'member',
      });
  }
}

async function services() {
  await post('/domains', {
    slug: 'sales',
    name: 'Sales',
    team: 'sales',
    description: 'From the first look to the order.',
  });
  for (const [slug, team, kind] of [
    ['offer-desk', 'sales', 'service'],
    ['invoice-writer', 'billing', 'service'],
    ['reminder', 'billing', 'service'],
    ['newsletter', 'growth', 'service'],
    ['funnel', 'growth', 'job'],
    ['old-printer', 'archive', 'service'],
  ])
    await post('/services', {
      slug,
      name: slug,
      team,
      kind,
      description: `What ${slug} does.`,
    });
}

const promise = {
  ordering: { scope: 'key', key_fields: ['offer_id'] },
  delivery: { semantics: 'at_least_once' },
  sla: {
    freshness: 'PT5S',
    availability: 0.999,
    support_hours: 'office hours',
  },
};

// An event with its first line, and versions of it.
export async function event(
  name,
  { owner = 'sales', title = '', why = 'Others act on it.', major = 1, versions, active = true, more = {} },
) {
  const subject = `${name}-value`;
  await post('/events', {
    name,
    owner,
    title,
    domain: 'sales',
    summary: why,
    reason_to_exist: why,
    oncall: { kind: 'static', people: ['ada'] },
    contract: promise,
    line: { major, compatibility: 'FULL', subjects: [subject] },
    ...more,
  });
  for (const version of versions) await register(subject, version);
  if (active) await post(`/lines/${name}@${major}/activate`);
}

const produces = (service, line) =>
  post('/productions', {
    service,
    line,
    environments: ['staging', 'production'],
  });
export const consumes = (service, line, paths, purpose, more = {}) =>
  post('/consumptions', {
    service,
    line,
    environments: ['staging', 'production'],
    purpose,
    ...(paths.length > 0 && {
      fields: paths.map((path) => ({ path, need: 'required' })),
    }),
    ...more,
  });

// What ends where others read it goes by a change.
async function end(line, target) {
  const { id: change } = await post('/changes', {
    kind: 'lifecycle',
    line,
    title: `The end of ${line}`,
    target: { state: 'deprecated', ...target },
  });
  await post(`/changes/${change}/apply`);
}

async function events() {
  await event('sales.offer_made', {
    title: 'Offer made',
    why: 'Billing prepares the invoice, growth counts what becomes of offers.',
    versions: [
      record('OfferMade', [id, total]),
      record('OfferMade', [id, total, note]),
      record('OfferMade', [id, total, note, field('currency', 'string', 'ISO 4217.', { default: 'EUR' })]),
    ],
    more: { tags: ['core'], classification: { level: 'internal' } },
  });
  await produces('offer-desk', 'sales.offer_made@1');
  await consumes('invoice-writer', 'sales.offer_made@1', ['offer_id', 'total'], 'Prepares the invoice.');
  await consumes('reminder', 'sales.offer_made@1', ['offer_id'], 'Reminds who has not answered.');
  await consumes('funnel', 'sales.offer_made@1', [], 'Counts.', {
    criticality: 'informational',
  });

  await event('sales.offer_sent', {
    title: 'Offer sent',
    why: 'Starts the clock for an answer.',
    versions: [record('OfferSent', [id, field('client_id', 'long', 'Whom it was sent to.')])],
  });
  await produces('offer-desk', 'sales.offer_sent@1');
  await consumes('newsletter', 'sales.offer_sent@1', ['client_id'], 'Leaves them alone for a week.');
  await consumes('reminder', 'sales.offer_sent@1', ['offer_id'], 'Waits for an answer.');

  await event('sales.offer_accepted', {
    title: 'Offer accepted',
    why: 'An order follows.',
    versions: [record('OfferAccepted', [id, customer])],
  });
  await produces('offer-desk', 'sales.offer_accepted@1');

  await event('sales.lead_seen', {
    title: 'Lead seen',
    why: 'Somebody looked.',
    versions: [record('LeadSeen', [id, customer])],
  });
  const seen = await fetchEtag('/events/sales.lead_seen');
  await call('POST', '/api/v1/events/sales.lead_seen/rename', { name: 'sales.lead_noticed' }, { 'If-Match': seen });

  await event('sales.fax_arrived', {
    owner: 'archive',
    title: 'Fax arrived',
    why: 'Paper came in.',
    versions: [record('FaxArrived', [id])],
    active: false,
  });
  await call('PUT', '/api/v1/teams/archive/members/dan', {
    role: 'maintainer',
  });
  await post('/lines/sales.fax_arrived@1/activate');
  await call('DELETE', '/api/v1/teams/archive/members/dan');
  await event('sales.draft_kept', {
    why: 'Somebody will finish it.',
    versions: [record('DraftKept', [id])],
    active: false,
    more: { contract: {} },
  });
}

async function fetchEtag(path) {
  const { base } = await import('./browser.mjs');
  return (await fetch(`${base}/api/v1${path}`)).headers.get('etag');
}

async function ends() {
  await post('/events/sales.offer_made/lines', {
    major: 2,
    subjects: ['sales.offer_made.v2-value'],
  });
  await register('sales.offer_made.v2-value', record('OfferMade', [id, customer, total]));
  await call('PUT', '/api/v1/lines/sales.offer_made@2/contract', promise);
  await post('/lines/sales.offer_made@2/activate');
  await produces('offer-desk', 'sales.offer_made@2');
  const reads = await consumes('newsletter', 'sales.offer_made@1', ['offer_id'], 'Writes a mail.');
  await end('sales.offer_made@1', {
    reason: 'Nobody could tell whom the offer was made to.',
    replacement: 'sales.offer_made@2',
    migration_guide: 'https://wiki.shop.example/offers',
    sunset_at: day(120),
  });
  await post(`/consumptions/${reads.id}/end`, { reason: 'Moved to line 2.' });

  // One that is gone, and one that could be removed today: their policies leave no time.
  for (const name of ['sales.carbon_copied', 'sales.telex_sent']) {
    await event(name, {
      title: 'Of former times',
      why: 'Paper had to be kept.',
      versions: [record('Former', [id])],
    });
    const { id: last } = await consumes('offer-desk', `${name}@1`, ['offer_id'], 'Kept a copy.');
    await post(`/consumptions/${last}/end`, { reason: 'Nobody asked for it.' });
    await call('PUT', `/api/v1/policies/event:${name}`, {
      deprecation_min_days: 0,
      sunset_quiet_days: 0,
    });
    await post(`/lines/${name}@1/deprecate`, {
      reason: 'Paper is not kept any more.',
      replacement: 'none',
      sunset_at: day(0),
    });
    await post(`/lines/${name}@1/sunset`);
  }
  await post('/lines/sales.carbon_copied@1/remove', {
    reason: 'The last reader is gone.',
  });
}

// Somebody is overruled.
async function overruled() {
  const line = 'sales.offer_sent@1';
  const text = JSON.stringify(record('OfferSent', [id, field('client_id', 'string', 'Whom it was sent to.')]));
  const { id: change } = await post('/changes', {
    kind: 'schema',
    line,
    title: 'Clients have names',
    rationale: 'The long was never filled in.',
    schema: { format: 'AVRO', text },
    plan: { strategy: 'in_line' },
  });
  await post(`/changes/${change}/override`, {
    reason: 'The audit waits for it.',
    ticket: 'AUD-7',
    confirm: line,
  });
  await post(`/changes/${change}/apply`);
}

async function runtime() {
  for (const service of ['offer-desk', 'invoice-writer', 'funnel'])
    for (const environment of ['staging', 'production']) await post('/deployments', { service, version: '1.4.0', environment });
  for (const [environment, version] of [
    ['staging', '1.2.0'],
    ['production', '1.0.0'],
  ])
    await post('/deployments', {
      service: 'reminder',
      version: '0.9.1',
      environment,
      consumes: [{ line: 'sales.offer_made@1', version }],
    });
  await post('/observations', {
    observations: [
      {
        line: 'sales.offer_made@1',
        service: 'old-printer',
        environment: 'production',
      },
      { line: 'sales.offer_made@1', client: 'group-7' },
      {
        line: 'sales.offer_made@1',
        service: 'funnel',
        environment: 'production',
      },
    ],
  });
  await post('/channels', {
    slug: 'offers',
    lines: ['sales.offer_made@1', 'sales.offer_made@2'],
    settings: { partitions: 12 },
  });
}

export async function seedCatalog() {
  await people();
  await services();
  await events();
  await ends();
  await overruled();
  await runtime();
}
