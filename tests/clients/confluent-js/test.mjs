// Confluent's own JavaScript client: registers, evolves, is refused, fetches, encodes and decodes, deletes.
import assert from 'node:assert/strict';
import sr from '@confluentinc/schemaregistry';

const { SchemaRegistryClient, AvroSerializer, AvroDeserializer, JsonSerializer, JsonDeserializer, SerdeType, Compatibility, RestError } = sr;
const registry = () => new SchemaRegistryClient({ baseURLs: [process.env.REGISTRY_URL], maxRetries: 0 });
const client = registry();

const v1 = { schemaType: 'AVRO', schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields: [{ name: 'id', type: 'long' }] }) };
const v2 = { schemaType: 'AVRO', schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields: [
  { name: 'id', type: 'long' }, { name: 'note', type: ['null', 'string'], default: null }] }) };
const breaking = { schemaType: 'AVRO', schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields: [
  { name: 'id', type: 'long' }, { name: 'total', type: 'double' }] }) };

const refused = (status, code) => (error) => {
  assert.ok(error instanceof RestError, `not an error of the registry: ${error}`);
  assert.equal(error.status, status);
  assert.equal(error.errorCode, code);
  return true;
};

// registers, and evolves
const subject = 'orders value-é';
const id1 = await client.register(subject, v1, false);
assert.equal(await registry().register(subject, v1, false), id1, 'the same schema has the same id');
const id2 = await client.register(subject, v2, false);
assert.notEqual(id1, id2);
assert.deepEqual(await client.getAllVersions(subject), [1, 2]);
assert.ok((await client.getAllSubjects()).includes(subject));
const latest = await client.getLatestSchemaMetadata(subject);
assert.equal(latest.version, 2);
assert.equal(latest.id, id2);
const slashed = 'orders/eu'; // most of its methods encode a slash
assert.equal(await client.register(slashed, v1, false), id1);
assert.equal((await client.getLatestSchemaMetadata(slashed)).subject, slashed);
const full = await client.registerFullResponse('full', v1, true);
assert.equal(full.id, id1);

// is refused
await assert.rejects(client.register(subject, breaking, false), refused(409, 409));
assert.equal(await client.testCompatibility(subject, 2, breaking), false);
assert.equal(await client.testSubjectCompatibility(subject, v2), true);
await assert.rejects(client.getLatestSchemaMetadata('nobody'), refused(404, 40401));
await assert.rejects(client.getSchemaMetadata(subject, 77, false), refused(404, 40402));
await assert.rejects(client.register('broken', { schema: '{"type":"nonsense"}' }, false), refused(422, 42201));

// fetches by id
const fetched = await registry().getBySubjectAndId(subject, id1);
assert.deepEqual(JSON.parse(fetched.schema), JSON.parse(v1.schema));
assert.equal(await registry().getId(subject, v2, false), id2);
assert.equal(await registry().getVersion(subject, v1, false, false), 1);

// encodes and decodes: with what is registered already, and registering by itself
for (const auto of [false, true]) {
  const topic = auto ? 'payments' : 'orders';
  if (!auto) await client.register('orders-value', v2, false);
  const serializer = new AvroSerializer(registry(), SerdeType.VALUE, auto ? { autoRegisterSchemas: true } : { useLatestVersion: true, autoRegisterSchemas: false });
  const deserializer = new AvroDeserializer(registry(), SerdeType.VALUE, {});
  const message = auto ? { id: 5 } : { id: 7, note: 'seven' };
  const bytes = await serializer.serialize(topic, message);
  assert.equal(bytes[0], 0, 'the magic byte');
  assert.deepEqual({ ...(await deserializer.deserialize(topic, bytes)) }, message);
}
const jsonSchema = { schemaType: 'JSON', schema: JSON.stringify({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }) };
await client.register('people-value', jsonSchema, false);
const jsonSerializer = new JsonSerializer(registry(), SerdeType.VALUE, { useLatestVersion: true, autoRegisterSchemas: false, validate: true });
const jsonBytes = await jsonSerializer.serialize('people', { name: 'Ada' });
assert.deepEqual(await new JsonDeserializer(registry(), SerdeType.VALUE, {}).deserialize('people', jsonBytes), { name: 'Ada' });

// metadata
const withMetadata = { ...v1, metadata: { properties: { owner: 'shop' } } };
await client.register('described', withMetadata, false);
assert.equal((await client.getLatestWithMetadata('described', { owner: 'shop' }, false)).version, 1);

// config
await client.updateCompatibility(subject, Compatibility.FULL);
assert.equal(await registry().getCompatibility(subject), 'FULL');
await client.updateDefaultCompatibility(Compatibility.BACKWARD);
assert.equal(await registry().getDefaultCompatibility(), 'BACKWARD');

// deletes
assert.equal(await client.deleteSubjectVersion(subject, 1, false), 1);
assert.equal(await client.deleteSubjectVersion(subject, 1, true), 1);
assert.deepEqual(await client.deleteSubject(subject, false), [2]);
assert.deepEqual(await client.deleteSubject(subject, true), [2]);
await assert.rejects(registry().getAllVersions(subject), refused(404, 40401));
console.log('confluent-js: registered, evolved, refused, fetched, encoded, decoded, deleted');
