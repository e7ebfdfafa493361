// The KafkaJS registry client: it reads the config before the first registration, and writes one.
import assert from 'node:assert/strict';
import registryModule from '@kafkajs/confluent-schema-registry';

const { SchemaRegistry, SchemaType, COMPATIBILITY } = registryModule;
const fresh = () => new SchemaRegistry({ host: process.env.REGISTRY_URL, retry: { retries: 0 } });
const registry = fresh();

const order = (...fields) => ({ type: SchemaType.AVRO, schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields }) });
const id = { name: 'id', type: 'long' };
const note = { name: 'note', type: ['null', 'string'], default: null };

// registers, and evolves
const first = await registry.register(order(id), { subject: 'kafkajs/orders-value' });
assert.equal((await fresh().register(order(id), { subject: 'kafkajs/orders-value' })).id, first.id, 'the same schema has the same id');
const second = await registry.register(order(id, note), { subject: 'kafkajs/orders-value' });
assert.notEqual(first.id, second.id);
assert.equal(await fresh().getLatestSchemaId('kafkajs/orders-value'), second.id);
assert.equal(await fresh().getRegistryId('kafkajs/orders-value', 1), first.id);

// the name of the subject comes from the schema when none is given
assert.ok((await registry.register(order(id))).id > 0);
await registry.register({ type: SchemaType.AVRO, schema: JSON.stringify({ type: 'record', name: 'Full', namespace: 'shop', fields: [] }) }, { compatibility: COMPATIBILITY.FULL });

// is refused
await assert.rejects(registry.register(order(id, { name: 'total', type: 'double' }), { subject: 'kafkajs/orders-value' }),
  (error) => error.status === 409 && /incompatible/.test(error.message));

// fetches by id, encodes and decodes
const reader = fresh();
assert.equal((await reader.getSchema(first.id)).name, 'shop.Order');
const bytes = await registry.encode(second.id, { id: 7, note: 'seven' });
assert.equal(bytes[0], 0, 'the magic byte');
assert.equal(bytes.readInt32BE(1), second.id);
assert.deepEqual({ ...(await reader.decode(bytes)) }, { id: 7, note: 'seven' });
await assert.rejects(reader.getSchema(99999999), (error) => error.status === 404);

// JSON Schema, with a reference
await registry.register({ type: SchemaType.JSON, schema: JSON.stringify({ type: 'string', minLength: 2 }) }, { subject: 'kafkajs-city' });
const json = await registry.register({ type: SchemaType.JSON,
  schema: JSON.stringify({ $id: 'https://example.com/person.json', type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }) }, { subject: 'kafkajs-person' });
assert.deepEqual(await fresh().decode(await registry.encode(json.id, { name: 'Ada' })), { name: 'Ada' });

// it cannot delete: plain HTTP does
const gone = await fetch(`${process.env.REGISTRY_URL}/subjects/kafkajs-person`, { method: 'DELETE' });
assert.deepEqual(await gone.json(), [1]);
console.log('kafkajs: registered, evolved, refused, fetched, encoded, decoded');
