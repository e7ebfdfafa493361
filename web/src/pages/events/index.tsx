/* Explore: every event of the catalog. Words, facets and order are in the URL. */
import { useRef } from 'preact/hooks';
import { Icon } from '../../design/icons';
import {
  Button,
  Chip,
  Empty,
  Field,
  LinkButton,
  Name,
  Page,
  Pager,
  Segments,
  Show,
  Table,
  Tag,
  When,
  type Column,
} from '../../design/parts';
import { get, useGet, type List } from '../../lib/api';
import { count, plural } from '../../lib/format';
import { amend, amended, go, href, place } from '../../lib/router';
import { addSource, type Hit } from '../../lib/search';
import { api, type EventRow } from '../../lib/catalog';
import { StateChip, TeamLink } from '../../catalog/parts';
import { KeepSearch, Searches } from './saved';

const SIZE = 50;
const FILTERS = ['q', 'domain', 'owner', 'state', 'tag', 'field', 'format', 'audience', 'classification'] as const;

interface Found {
  kind: string;
  name: string;
  title?: string;
  owner?: string;
  team?: string;
  fields?: string[];
}

const hits: Record<string, (found: Found) => Hit> = {
  event: ({ name, fields = [], title, owner }) => ({
    href: href(['events', name]),
    title: name,
    note: fields.length > 0 ? `has field ${fields.slice(0, 3).join(', ')}` : title,
    icon: 'event',
    answers: owner ? { team: owner, path: api.event(name) } : undefined,
  }),
  team: ({ name, title }) => ({
    href: href(['teams', name]),
    title: name,
    note: title === name ? 'team' : `team ${title}`,
    icon: 'team',
    answers: { team: name, path: api.team(name) },
  }),
  service: ({ name, team }) => ({
    href: href(['services', name]),
    title: name,
    note: `service of ${team}`,
    icon: 'service',
    answers: team ? { team, path: api.service(name) } : undefined,
  }),
};

addSource(async (text, abort) => {
  const word = /^[\w.]+$/.test(text) ? text : '';
  const [found, fields] = await Promise.all([
    get<{ items: Found[] }>('/api/v1/search', { q: text, limit: 8 }, abort),
    word.length > 2
      ? get<List<{ path: string }>>('/api/v1/fields', { path: word, limit: 1 }, abort).catch(() => ({ items: [] }))
      : { items: [] },
  ]);
  const list = found.items.flatMap((one) => hits[one.kind]?.(one) ?? []);
  if (fields.items.length > 0)
    list.push({ href: href(['fields'], { path: word }), title: word, note: 'field: every event that has it', icon: 'field' });
  return list;
});

const columns: Column<EventRow>[] = [
  {
    key: 'name',
    title: 'Event',
    head: true,
    cell: (row) => (
      <>
        <a href={href(['events', row.name])}>
          <Name text={row.name} />
        </a>
        {row.version && <span class="quiet small num"> {row.version}</span>}
        {row.summary && <div class="summary">{row.summary}</div>}
        <div class="narrow-only small">
          <StateChip of={row.state} /> <span class="quiet">{row.owner}</span>
        </div>
      </>
    ),
  },
  { key: 'owner', title: 'Owner', narrow: 'hide', cell: (row) => <TeamLink slug={row.owner} /> },
  {
    key: 'state',
    title: 'State',
    narrow: 'hide',
    cell: (row) => (
      <span class="stack tight">
        <StateChip of={row.state} />
        {row.changes > 0 && (
          <Chip tone="info" icon="change" title="Changes that are open">
            {plural(row.changes, 'change')}
          </Chip>
        )}
      </span>
    ),
  },
  { key: 'consumers', title: 'Consumers', right: true, narrow: 'hide', cell: (row) => count(row.consumers) },
  { key: 'updated', title: 'Changed', narrow: 'hide', cell: (row) => <When at={row.updated_at} /> },
];

/* --- facets -------------------------------------------------------------------------------------------------------------------- */

interface Facets {
  total: number;
  facets: Record<string, { value: string; count: number }[]>;
}

const titles: [string, string][] = [
  ['state', 'State'],
  ['domain', 'Domain'],
  ['owner', 'Owner'],
  ['format', 'Format'],
  ['audience', 'Audience'],
  ['classification', 'Classification'],
];
const words: Record<string, string> = { AVRO: 'Avro', JSON: 'JSON Schema' };
const FACET_MAX = 12;

function Facet({ name, title, values }: { name: string; title: string; values: { value: string; count: number }[] }) {
  const chosen = place.use().query.get(name);
  if (values.length === 0 || (values.length === 1 && !chosen)) return null;
  const shown = values.filter(({ value }, i) => i < FACET_MAX || value === chosen);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul role="list">
        {shown.map(({ value, count: n }) => (
          <li key={value}>
            <a
              href={amended({ [name]: value === chosen ? null : value, cursor: null })}
              aria-current={value === chosen ? 'true' : undefined}
            >
              <span class="grow">{words[value] ?? value}</span>
              {value === chosen ? <Icon name="close" label="take this filter away" /> : <span class="num">{count(n)}</span>}
            </a>
          </li>
        ))}
        {values.length > shown.length && <li class="small quiet">and {count(values.length - shown.length)} more: search for them</li>}
      </ul>
    </section>
  );
}

function FacetColumn({ of }: { of: Facets | undefined }) {
  const { query } = place.use();
  const chosen = titles.filter(([name]) => query.get(name)).length;
  const lists = (
    <>
      <Searches filters={FILTERS} />
      {titles.map(([name, title]) => (
        <Facet key={name} name={name} title={title} values={of?.facets[name] ?? []} />
      ))}
    </>
  );
  return (
    <aside class="facets" aria-label="Narrow down">
      <div class="wide-only">{lists}</div>
      <details class="narrow-only">
        <summary>Narrow down{chosen > 0 && ` (${plural(chosen, 'filter')})`}</summary>
        {lists}
      </details>
    </aside>
  );
}

/* --- the page -------------------------------------------------------------------------------------------------------------------- */

function Filters() {
  const { query } = place.use();
  const timer = useRef(0);
  const later = (name: string, text: string) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => amend({ [name]: text.trim(), cursor: null }, { replace: true }), 150);
  };
  const input = (name: string, label: string, wide?: boolean, hint?: string) => (
    <Field label={label} wide={wide}>
      {(props) => (
        <input
          class="input"
          type="search"
          {...props}
          defaultValue={query.get(name) ?? ''}
          placeholder={hint}
          autocomplete="off"
          spellcheck={false}
          onInput={(e) => later(name, e.currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <form class="filters" role="search" aria-label="Find events" onSubmit={(e) => e.preventDefault()}>
      {input('q', 'Words', true, 'name, title, why it exists')}
      {input('field', 'With the field')}
      {input('tag', 'With the tag')}
    </form>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty title="No event fits" icon="search">
        <p>Words are looked for in names, titles, summaries, reasons and tags.</p>
        <Button onClick={() => go(href(['events']))}>Clear the filters</Button>
      </Empty>
    );
  return (
    <Empty title="The catalog is empty" icon="event">
      <p>
        An event says what has happened, who owns it and who reads it. Subjects that are registered already can be adopted, with all of
        their versions.
      </p>
      <div class="row">
        <LinkButton kind="primary" icon="subject" href={href(['adopt'])}>
          Adopt an uncatalogued subject
        </LinkButton>
        <LinkButton icon="plus" href={href(['new-event'])}>
          Create an event
        </LinkButton>
      </div>
    </Empty>
  );
}

export function EventsPage() {
  const { query } = place.use();
  const asked = Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]));
  const recent = query.get('sort') === '-updated';
  const list = useGet<List<EventRow>>('/api/v1/events', { ...asked, sort: query.get('sort'), cursor: query.get('cursor'), limit: SIZE });
  const facets = useGet<Facets>('/api/v1/facets', asked);
  const filtered = FILTERS.some((name) => query.get(name));
  return (
    <Page
      title="Explore events"
      lead="What happens in the company: who says it, who hears it, and what they promise each other."
      actions={
        <>
          <LinkButton icon="subject" href={href(['adopt'])}>
            Adopt a subject
          </LinkButton>
          <LinkButton kind="primary" icon="plus" href={href(['new-event'])}>
            Create an event
          </LinkButton>
        </>
      }
    >
      <div class="stack">
        <Filters />
        <div class="explore">
          <FacetColumn of={facets.value} />
          <div class="stack">
            <div class="row">
              <span class="small quiet" role="status">
                {facets.value && plural(facets.value.total, 'event')}
                {query.get('field') && (
                  <>
                    {' with field '}
                    <a href={href(['fields'], { path: query.get('field') })}>
                      <Tag>{query.get('field')}</Tag>
                    </a>
                  </>
                )}
              </span>
              <KeepSearch filters={FILTERS} />
              <span class="grow" />
              <Segments
                label="Order"
                items={[
                  { href: amended({ sort: null, cursor: null }), label: 'By name', current: !recent },
                  { href: amended({ sort: '-updated', cursor: null }), label: 'Last changed', current: recent },
                ]}
              />
            </div>
            <Show of={list} what="Loading events">
              {({ items, next }) =>
                items.length > 0 ? (
                  <>
                    <Table caption="Events" columns={columns} rows={items} id={(row) => row.name} />
                    <Pager next={next} />
                  </>
                ) : (
                  <Nothing filtered={filtered} />
                )
              }
            </Show>
          </div>
        </div>
      </div>
    </Page>
  );
}
