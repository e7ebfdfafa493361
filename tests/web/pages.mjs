// Every page that is walked in both themes and at both widths: a name for its picture, its path below /ui, and what it shows when
// it is there (a heading). Add a line for a page.
const subject = '/subjects/orders.order_placed-value';

export const pages = [
  { name: 'subjects', path: '/subjects', heading: 'Subjects' },
  { name: 'subjects-search', path: '/subjects?q=order&deleted=1', heading: 'Subjects' },
  { name: 'subjects-nothing', path: '/subjects?q=zzz', heading: 'Subjects' },
  { name: 'subject', path: subject, heading: 'orders.order_placed-value' },
  { name: 'subject-source', path: `${subject}?as=source`, heading: 'orders.order_placed-value' },
  { name: 'subject-json-schema', path: '/subjects/customers.registered-value', heading: 'customers.registered-value' },
  { name: 'subject-references', path: '/subjects/shipping.parcel_sent-value', heading: 'shipping.parcel_sent-value' },
  { name: 'subject-deleted', path: '/subjects/payments.old_event-value', heading: 'payments.old_event-value' },
  {
    name: 'subject-context',
    path: `/subjects/${encodeURIComponent(':.staging:orders.order_placed-value')}`,
    heading: 'orders.order_placed-value',
  },
  { name: 'subject-missing', path: '/subjects/nobody-knows-it', heading: 'nobody-knows-it', fails: true },
  { name: 'versions', path: `${subject}/versions`, heading: 'orders.order_placed-value' },
  { name: 'differences', path: `${subject}/diff?from=1&to=3`, heading: 'orders.order_placed-value' },
  { name: 'differences-breaking', path: '/subjects/customers.registered-value/diff', heading: 'customers.registered-value' },
  { name: 'differences-text', path: `${subject}/diff?from=1&to=3&as=text`, heading: 'orders.order_placed-value' },
  { name: 'check-and-register', path: `${subject}/next`, heading: 'orders.order_placed-value' },
  { name: 'subject-settings', path: `${subject}/settings`, heading: 'orders.order_placed-value' },
  { name: 'register', path: '/register', heading: 'Register a schema' },
  { name: 'ids', path: '/ids', heading: 'Schema by id' },
  { name: 'id', path: '/ids/1', heading: 'Schema id 1' },
  { name: 'compare', path: '/check', heading: 'Compare schemas' },
  { name: 'contexts', path: '/contexts', heading: 'Contexts' },
  { name: 'levels', path: '/config', heading: 'Levels and modes' },
  { name: 'sign-in', path: '/sign-in', heading: 'Sign in to Avow' },
  { name: 'unknown', path: '/no/such/page', heading: 'No such page' },
];
