// What /api/v1/export/asyncapi gives out is read by AsyncAPI's own parser without an error, and says what the catalog says.
import assert from 'node:assert/strict'
import { Parser } from '@asyncapi/parser'
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser'

const base = process.env.REGISTRY_URL

async function ask(method, path, body, status = [200, 201]) {
  const reply = await fetch(base + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await reply.text()
  assert(status.includes(reply.status), `${method} ${path}: ${reply.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}

const post = (path, body) => ask('POST', path, body)

const order = {
  type: 'record', name: 'OrderPlaced', namespace: 'orders', doc: 'An order "as placed" é',
  fields: [{ name: 'order_id', type: 'string' }, { name: 'amount', type: 'long', default: 0 },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['NEW', 'PAID'] } }],
}
const payment = {
  $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { id: { type: 'string' }, amount: { type: 'number', maximum: 1e6 } }, required: ['id'],
}
const refund = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', properties: { id: { type: 'string' } } }

async function company() {
  await post('/api/v1/teams', { slug: 'shop', name: 'Shop', contact: { email: 'shop@example.com' } })
  await post('/api/v1/domains', { slug: 'orders', name: 'Orders', team: 'shop' })
  for (const slug of ['checkout', 'billing']) await post('/api/v1/services', { slug, name: slug, team: 'shop' })
  const events = [['orders.order_placed', 'AVRO', order], ['orders.paid', 'JSON', payment], ['orders.refunded', 'JSON', refund]]
  for (const [name, schemaType, schema] of events) {
    await post('/api/v1/events', {
      name, title: `About ${name}`, domain: 'orders', owner: 'shop', reason_to_exist: 'Others *wait* for it.',
      contract: { ordering: { scope: 'key', key_fields: ['order_id'] }, retention: 'P7D' },
      line: { major: 1, compatibility: 'BACKWARD', subjects: [`${name}-value`] },
    })
    await post(`/subjects/${name}-value/versions`, { schemaType, schema: JSON.stringify(schema) })
    await post('/api/v1/productions', { service: 'checkout', line: `${name}@1`, environments: ['production'] })
    await post('/api/v1/consumptions', { service: 'billing', line: `${name}@1`, environments: ['production'], purpose: 'Bills' })
  }
}

const parser = new Parser()
parser.registerSchemaParser(AvroSchemaParser())

async function parse(version, query = '') {
  const text = await (await fetch(`${base}/api/v1/export/asyncapi?version=${version}${query}`)).text()
  const { document, diagnostics } = await parser.parse(text)
  const errors = diagnostics.filter((d) => d.severity === 0)
  assert.deepEqual(errors.map((d) => `${d.path.join('.')}: ${d.message}`), [], `${version}: no errors`)
  assert(document, `${version}: a document`)
  return document
}

await company()

const three = await parse('3.0')
assert.deepEqual(three.channels().all().map((c) => c.address()).sort(), ['orders.order_placed', 'orders.paid', 'orders.refunded'])
const operations = three.operations().all()
assert.equal(operations.filter((o) => o.action() === 'send').length, 3)
assert.equal(operations.filter((o) => o.action() === 'receive').length, 3)
const message = three.messages().all().find((m) => m.name() === 'orders.order_placed.v1')
assert.equal(message.title(), 'About orders.order_placed')
assert.equal(message.extensions().get('x-owner').value().team, 'shop')
assert.equal(message.extensions().get('x-contract').value().retention, 'P7D')
const other = three.messages().all().find((m) => m.name() === 'orders.refunded.v1')
assert.equal(other.extensions().get('x-payload').value().schemaFormat, 'application/schema+json;version=2020-12')
console.log('3.0: 3 channels, 6 operations, no errors')

const two = await parse('2.6')
assert.deepEqual(two.channels().all().map((c) => c.address()).sort(), ['orders.order_placed', 'orders.paid', 'orders.refunded'])
console.log('2.6: 3 channels, no errors')

const one = await parse('3.0', '&event=orders.paid')
assert.equal(one.channels().all().length, 1)
console.log('one event: one channel')

const entities = (await (await fetch(`${base}/api/v1/export/backstage`)).text()).split('---\n').filter(Boolean).map(JSON.parse)
for (const entity of entities) {
  assert.equal(entity.apiVersion, 'backstage.io/v1alpha1')
  assert.match(entity.metadata.name, /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/)
}
const kinds = Object.groupBy ? Object.groupBy(entities, (e) => e.kind) : entities.reduce((all, e) => ({ ...all, [e.kind]: [...(all[e.kind] ?? []), e] }), {})
assert.equal(kinds.API.length, 3)
assert.equal(kinds.Component.length, 2)
const api = kinds.API.find((e) => e.metadata.name === 'orders.order_placed.v1')
assert.equal(api.spec.owner, 'group:default/shop')
assert.equal((await parser.parse(api.spec.definition)).diagnostics.filter((d) => d.severity === 0).length, 0)
assert(kinds.Component.find((e) => e.metadata.name === 'checkout').spec.providesApis.includes('api:default/orders.order_placed.v1'))
console.log(`backstage: ${entities.length} entities, the definitions of its APIs parse`)

const contract = await ask('GET', '/api/v1/export/odcs?event=orders.order_placed&major=1')
assert.equal(contract.apiVersion, 'v3.0.2')
assert.deepEqual(contract.schema[0].properties.filter((p) => p.name === 'amount').map((p) => p.logicalType), ['integer'])
assert(contract.slaProperties.some((s) => s.property === 'retention' && s.value === 'P7D'))
console.log('odcs: the contract of one line')
