// A small registry with something of everything that pages show.
import { base } from './browser.mjs';

export async function call(method, path, body, headers = {}) {
  const type = path.startsWith('/api/') ? 'application/json' : 'application/vnd.schemaregistry.v1+json';
  const reply = await fetch(base + path, {
    method,
    headers: { 'Content-Type': type, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

export const register = (subject, schema, more = {}) =>
  call('POST', `/subjects/${encodeURIComponent(subject)}/versions`, {
    schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
    ...more,
  });

const money = { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 2 };
const line = {
  type: 'record',
  name: 'OrderLine',
  fields: [
    { name: 'sku', type: 'string', doc: 'Stock keeping unit, as the warehouse writes it.' },
    { name: 'quantity', type: 'int', doc: 'How many; at least one.' },
    { name: 'unit_price', type: money, doc: 'Price of one, in the currency of the order.' },
  ],
};
const order = (fields) => ({
  type: 'record',
  name: 'OrderPlaced',
  namespace: 'com.example.orders',
  doc: 'A customer has confirmed an order and payment is authorised.',
  fields: [
    { name: 'order_id', type: 'string', doc: 'Identifies the order, for ever.' },
    { name: 'placed_at', type: { type: 'long', logicalType: 'timestamp-millis' }, doc: 'When the customer confirmed.' },
    { name: 'customer_id', type: 'string', doc: 'Who ordered.', 'confluent:tags': ['PII'] },
    ...fields,
    { name: 'lines', type: { type: 'array', items: line }, doc: 'What was ordered; never empty.' },
    {
      name: 'status',
      type: { type: 'enum', name: 'Status', symbols: ['PLACED', 'PAID', 'SHIPPED'], default: 'PLACED' },
      doc: 'Where the order is.',
    },
  ],
});

export async function seed() {
  await register('orders.order_placed-value', order([{ name: 'total', type: money, doc: 'Sum of all lines.' }]));
  await register(
    'orders.order_placed-value',
    order([
      { name: 'total', type: money, doc: 'Sum of all lines, taxes included.' },
      { name: 'currency', type: 'string', default: 'EUR', doc: 'ISO 4217.' },
    ]),
  );
  await register(
    'orders.order_placed-value',
    order([
      { name: 'total', type: money, doc: 'Sum of all lines, taxes included.' },
      { name: 'currency', type: 'string', default: 'EUR', doc: 'ISO 4217.' },
      { name: 'coupon_code', type: ['null', 'string'], default: null, doc: 'The coupon that was used, if any.' },
    ]),
  );
  await call('PUT', '/config/orders.order_placed-value', { compatibility: 'FULL' });

  const customer = (properties, required) => ({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Customer registered',
    description: 'Somebody has opened an account.',
    type: 'object',
    properties: { customer_id: { type: 'string', format: 'uuid', description: 'Identifies the customer.' }, ...properties },
    required,
    additionalProperties: false,
  });
  await call('PUT', '/config/customers.registered-value', { compatibility: 'NONE' });
  await register(
    'customers.registered-value',
    customer({ email: { type: 'string', maxLength: 254, description: 'Where receipts go.' }, age: { type: 'integer', minimum: 18 } }, [
      'customer_id',
      'email',
    ]),
    { schemaType: 'JSON' },
  );
  await register(
    'customers.registered-value',
    customer(
      {
        email: { type: 'string', maxLength: 120, description: 'Where receipts go.' },
        address: {
          type: 'object',
          properties: { street: { type: 'string' }, country: { enum: ['DE', 'FR', 'GB'] } },
          required: ['street'],
        },
      },
      ['customer_id', 'email', 'address'],
    ),
    { schemaType: 'JSON' },
  );

  await register('shared.address-value', {
    type: 'record',
    name: 'Address',
    namespace: 'com.example.shared',
    fields: [
      { name: 'street', type: 'string' },
      { name: 'country', type: 'string', doc: 'ISO 3166-1.' },
    ],
  });
  await register(
    'shipping.parcel_sent-value',
    {
      type: 'record',
      name: 'ParcelSent',
      namespace: 'com.example.shipping',
      fields: [
        { name: 'parcel_id', type: 'string' },
        { name: 'to', type: 'com.example.shared.Address' },
      ],
    },
    {
      references: [{ name: 'com.example.shared.Address', subject: 'shared.address-value', version: 1 }],
    },
  );
  await register('payments.old_event-value', '"string"');
  await call('DELETE', '/subjects/payments.old_event-value');
  await register(':.staging:orders.order_placed-value', order([]));
  for (let i = 1; i <= 60; i++)
    await register(`metrics.gauge_${String(i).padStart(2, '0')}-value`, {
      type: 'record',
      name: `Gauge${i}`,
      fields: [
        { name: 'at', type: 'long' },
        { name: 'value', type: 'double' },
      ],
    });
}
