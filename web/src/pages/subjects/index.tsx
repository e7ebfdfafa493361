/* Every subject of the registry: search, filters, order in the URL. */
import { Button, Check, Chip, Empty, Field, LinkButton, Name, Page, Pager, Show, Table, When, type Column } from '../../design/parts';
import { get, useGet, type List } from '../../lib/api';
import { addShortcut } from '../../lib/keys';
import { amend, go, href, place } from '../../lib/router';
import { levelName, type SubjectRow } from '../../lib/registry';
import { addSource } from '../../lib/search';

const SIZE = 50;

export const qualify = (row: { context: string; name: string }) => (row.context === '.' ? row.name : `:${row.context}:${row.name}`);

addSource(async (text, abort) => {
  const { items } = await get<List<SubjectRow>>('/api/v1/subjects', { q: text, limit: 6 }, abort);
  return items.map((row) => ({
    href: href(['subjects', qualify(row)]),
    title: row.name,
    note: row.context === '.' ? 'subject' : `subject in ${row.context.slice(1)}`,
    icon: 'subject' as const,
  }));
});
addShortcut({ keys: 'n', label: 'Register a schema', run: () => go(href(['register'])) });

export const FormatChip = ({ format }: { format: string }) => <span class="tag mono">{format === 'JSON' ? 'JSON Schema' : 'Avro'}</span>;

const columns: Column<SubjectRow>[] = [
  {
    key: 'name',
    title: 'Subject',
    head: true,
    cell: (row) => (
      <>
        <a href={href(['subjects', qualify(row)])}>
          <Name text={row.name} />
        </a>
        {row.context !== '.' && <span class="quiet small"> in {row.context.slice(1)}</span>}{' '}
        {row.deleted && (
          <Chip icon="trash" tone="mute">
            deleted
          </Chip>
        )}
      </>
    ),
  },
  { key: 'format', title: 'Format', cell: (row) => <FormatChip format={row.format} /> },
  {
    key: 'version',
    title: 'Latest',
    right: true,
    cell: (row) => <a href={href(['subjects', qualify(row)], { v: row.version })}>v{row.version}</a>,
  },
  { key: 'versions', title: 'Versions', right: true, narrow: 'hide', cell: (row) => row.versions },
  {
    key: 'id',
    title: 'Id',
    right: true,
    narrow: 'hide',
    cell: (row) => <a href={href(['ids', row.id], { context: row.context === '.' ? null : row.context })}>{row.id}</a>,
  },
  {
    key: 'level',
    title: 'Level',
    narrow: 'hide',
    cell: (row) => (row.level ? levelName(row.level) : <span class="quiet">as its context</span>),
  },
  { key: 'registered', title: 'Registered', narrow: 'hide', cell: (row) => <When at={row.registered_at} /> },
];

function Filters({ names }: { names: string[] | undefined }) {
  const { query } = place.use();
  let timer = 0;
  const search = (text: string) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => amend({ q: text, cursor: null }, { replace: true }), 150);
  };
  const pick = (name: string, value: string) => amend({ [name]: value, cursor: null }, { replace: true });
  return (
    <form class="filters" role="search" aria-label="Filter subjects" onSubmit={(e) => e.preventDefault()}>
      <Field label="Name contains" wide>
        {(props) => (
          <input
            class="input"
            type="search"
            {...props}
            defaultValue={query.get('q') ?? ''}
            autocomplete="off"
            spellcheck={false}
            onInput={(e) => search(e.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Format">
        {(props) => (
          <select class="input" {...props} value={query.get('format') ?? ''} onChange={(e) => pick('format', e.currentTarget.value)}>
            <option value="">Any</option>
            <option value="AVRO">Avro</option>
            <option value="JSON">JSON Schema</option>
          </select>
        )}
      </Field>
      {names && names.length > 1 && (
        <Field label="Context">
          {(props) => (
            <select class="input" {...props} value={query.get('context') ?? ''} onChange={(e) => pick('context', e.currentTarget.value)}>
              <option value="">Any</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name === '.' ? 'Default' : name.slice(1)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Check
        label="Deleted ones, too"
        checked={query.get('deleted') === '1'}
        onChange={(on) => amend({ deleted: on ? 1 : null, cursor: null }, { replace: true })}
      />
    </form>
  );
}

export function SubjectsPage() {
  const { query } = place.use();
  const filtered = ['q', 'format', 'context', 'deleted'].some((name) => query.get(name));
  const list = useGet<List<SubjectRow>>('/api/v1/subjects', {
    q: query.get('q'),
    format: query.get('format'),
    context: query.get('context'),
    state: query.get('deleted') === '1' ? 'all' : null,
    cursor: query.get('cursor'),
    limit: SIZE,
  });
  const names = useGet<string[]>('/contexts');
  return (
    <Page
      title="Subjects"
      lead="Schemas by name. Each has its versions, and a promise about how they may change."
      actions={
        <LinkButton kind="primary" icon="plus" href={href(['register'])}>
          Register a schema
        </LinkButton>
      }
    >
      <div class="stack">
        <Filters names={names.value} />
        <Show of={list} what="Loading subjects">
          {({ items, next }) =>
            items.length > 0 ? (
              <>
                <Table caption="Subjects" columns={columns} rows={items} id={qualify} />
                <Pager next={next} />
              </>
            ) : filtered ? (
              <Empty title="No subject fits" icon="search">
                <p>Names are compared letter by letter, in any case.</p>
                <Button onClick={() => go(href(['subjects']))}>Clear the filters</Button>
              </Empty>
            ) : (
              <Empty title="No schema is registered yet" icon="subject">
                <p>Register one here, or point any client of the Confluent Schema Registry API at this server.</p>
                <LinkButton kind="primary" icon="plus" href={href(['register'])}>
                  Register the first schema
                </LinkButton>
              </Empty>
            )
          }
        </Show>
      </div>
    </Page>
  );
}
