/* A field through all events: where it is, as what, and where its types disagree. */
import { useRef } from 'preact/hooks';
import { Chip, Empty, Field, Name, Notice, Page, Pager, Show, Table, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { lineHref } from '../../lib/catalog';
import { count, plural } from '../../lib/format';
import { amend, href, place } from '../../lib/router';
import { LineLink, StateChip, TeamLink } from '../../catalog/parts';

interface FieldOf {
  path: string;
  role: string;
  line: string;
  event: string;
  state: string;
  owner: string;
  type: string;
  logical: string | null;
  required: boolean;
  unit: string | null;
  tags: string[];
  doc: string;
  readers: number;
}

/* "null | string" and "string" are the same to whoever asks what a customer's id is. */
const plain = (row: FieldOf) => [row.type.replace(/\bnull \| | \| null\b/g, ''), row.logical, row.unit].filter(Boolean).join(', ');

const columns = (common: string | undefined): Column<FieldOf>[] => [
  {
    key: 'line',
    title: 'Event',
    head: true,
    cell: (row) => (
      <>
        <LineLink line={row.line} /> {row.state !== 'active' && <StateChip of={row.state} />}
      </>
    ),
  },
  { key: 'path', title: 'Path', cell: (row) => <Name text={row.path} /> },
  {
    key: 'type',
    title: 'Type',
    cell: (row) => (
      <>
        <code>{plain(row)}</code>{' '}
        {plain(row) !== common && (
          <Chip tone="warn" icon="warn">
            differs
          </Chip>
        )}
      </>
    ),
  },
  { key: 'required', title: 'Presence', narrow: 'hide', cell: (row) => (row.required ? 'required' : <span class="quiet">optional</span>) },
  {
    key: 'doc',
    title: 'What it means',
    narrow: 'hide',
    cell: (row) => (
      <>
        {row.doc}{' '}
        {row.tags.map((tag) => (
          <Chip key={tag} tone="accent" icon="tag">
            {tag}
          </Chip>
        ))}
      </>
    ),
  },
  { key: 'owner', title: 'Owner', narrow: 'hide', cell: (row) => <TeamLink slug={row.owner} /> },
  {
    key: 'readers',
    title: 'Readers',
    right: true,
    cell: (row) =>
      row.readers > 0 ? (
        <a href={lineHref(row.line, 'consumers')} aria-label={`${plural(row.readers, 'reader')} of ${row.path} in ${row.line}`}>
          {count(row.readers)}
        </a>
      ) : (
        '0'
      ),
  },
];

function mostly(rows: FieldOf[]): { common: string | undefined; types: number } {
  const n = new Map<string, number>();
  for (const row of rows) n.set(plain(row), (n.get(plain(row)) ?? 0) + 1);
  return { common: [...n.entries()].sort((a, b) => b[1] - a[1])[0]?.[0], types: n.size };
}

export function FieldsPage() {
  const { query } = place.use();
  const path = query.get('path') ?? '';
  const list = useGet<List<FieldOf>>(path ? '/api/v1/fields' : null, { path, limit: 200, cursor: query.get('cursor') });
  const timer = useRef(0);
  return (
    <Page title="Fields" lead="Every event that has a field, and whether they mean the same by it.">
      <div class="stack">
        <form class="filters" role="search" aria-label="Find a field" onSubmit={(e) => e.preventDefault()}>
          <Field label="Field" wide hint="Its name, or its whole path such as lines.sku">
            {(props) => (
              <input
                class="input"
                type="search"
                {...props}
                defaultValue={path}
                spellcheck={false}
                autocomplete="off"
                onInput={(e) => {
                  const { value } = e.currentTarget;
                  window.clearTimeout(timer.current);
                  timer.current = window.setTimeout(() => amend({ path: value.trim(), cursor: null }, { replace: true }), 200);
                }}
              />
            )}
          </Field>
        </form>
        {path === '' ? (
          <Empty title="Which field?" icon="field">
            <p>A name such as currency finds every event that has it, and shows where its types disagree.</p>
          </Empty>
        ) : (
          <Show of={list} what="Looking for the field">
            {({ items, next }) => {
              const { common, types } = mostly(items);
              if (items.length === 0)
                return (
                  <Empty title={`No event has a field ${path}`} icon="search">
                    <a href={href(['events'], { q: path })}>Look for the word in events</a>
                  </Empty>
                );
              return (
                <>
                  {types > 1 ? (
                    <Notice tone="warn" title={`${plural(items.length, 'field')}, ${types} types`}>
                      Most say <code>{common}</code>. Who joins them has to convert.
                    </Notice>
                  ) : (
                    <Notice tone="good" title={`${plural(items.length, 'field')}, one type`}>
                      <code>{common}</code>
                    </Notice>
                  )}
                  <Table
                    caption={`Fields called ${path}`}
                    columns={columns(common)}
                    rows={items}
                    id={(row) => `${row.line} ${row.role} ${row.path}`}
                  />
                  <Pager next={next} />
                </>
              );
            }}
          </Show>
        )}
      </div>
    </Page>
  );
}
