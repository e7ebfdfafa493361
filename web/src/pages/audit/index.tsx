/* The audit trail: who did what to what, when and why; whether the chain of seals is whole; the same to take along. */
import { useState } from 'preact/hooks';
import { Icon } from '../../design/icons';
import { Button, Chip, Empty, Field, LinkButton, Name, Page, Pager, Refusal, Show, Table, When, type Column } from '../../design/parts';
import { get, urlOf, useGet, type Failure, type List } from '../../lib/api';
import { count, momentOf, plural } from '../../lib/format';
import { amend, amended, place } from '../../lib/router';
import { objectHref, type AuditEntry } from '../../workflow/model';

const words = (kind: string) => kind.replace(/_/g, ' ').replace('.', ': ');

/* What is worth a line: the detail as "name: value", without what the other columns say. */
function detailOf(entry: AuditEntry): string {
  return Object.entries(entry.detail ?? {})
    .filter(([name, value]) => name !== 'guid' && value !== null && value !== '' && typeof value !== 'object')
    .slice(0, 6)
    .map(([name, value]) => `${name.replace(/_/g, ' ')}: ${String(value)}`)
    .join(', ');
}

function Thing({ object }: { object: string }) {
  const to = objectHref(object);
  const name = <Name text={object} class="small" />;
  return (
    <span class="row tight">
      {to ? <a href={to}>{name}</a> : name}
      <a class="filter-by" href={amended({ object, cursor: null })} title={`Only ${object}`} aria-label={`Only ${object}`}>
        <Icon name="search" />
      </a>
    </span>
  );
}

const columns: Column<AuditEntry>[] = [
  { key: 'at', title: 'When', cell: (row) => <When at={row.at} /> },
  {
    key: 'what',
    title: 'What',
    head: true,
    cell: (row) => (
      <>
        <a href={amended({ kind: row.kind, cursor: null })} title={`Only ${row.kind}`}>
          {words(row.kind)}
        </a>
        {row.reason && <div class="small">{row.reason}</div>}
        {detailOf(row) && <div class="small quiet">{detailOf(row)}</div>}
        <div class="narrow-only small">
          <Thing object={row.object} />
        </div>
      </>
    ),
  },
  { key: 'object', title: 'To what', narrow: 'hide', cell: (row) => <Thing object={row.object} /> },
  {
    key: 'actor',
    title: 'Who',
    cell: (row) => (
      <a href={amended({ actor: row.actor, cursor: null })} title={`Only ${row.actor}`}>
        {row.actor}
      </a>
    ),
  },
  {
    key: 'seal',
    title: 'Entry',
    narrow: 'hide',
    right: true,
    cell: (row) => (
      <span class="num small quiet" title={row.seal ? `Sealed: ${row.seal}` : 'Not sealed yet'}>
        {row.seq}
      </span>
    ),
  },
];

interface Chain {
  intact: boolean;
  entries: number;
  unsealed: number;
  head: string;
  broken_seq?: number;
  reason?: string;
}

function ChainStatus() {
  const [found, setFound] = useState<Chain | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    setFailure(null);
    try {
      setFound(await get<Chain>('/api/v1/audit/verify', { as_of: null }));
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  return (
    <section class="card stack tight" aria-label="The chain of seals">
      <div class="row" role="status">
        {found === null ? (
          <span class="grow">Every entry carries the digest of the one before it. What was changed afterwards shows.</span>
        ) : found.intact ? (
          <>
            <Chip tone="good" icon="check">
              intact
            </Chip>
            <span class="grow">
              {plural(found.entries, 'entry', 'entries')}, each sealed onto the one before
              {found.unsealed > 0 && ` (${count(found.unsealed)} not sealed yet)`}.
            </span>
          </>
        ) : (
          <>
            <Chip tone="bad" icon="cross">
              broken
            </Chip>
            <span class="grow">
              At entry {found.broken_seq}: {found.reason}
            </span>
          </>
        )}
        <Button size="small" icon="lock" busy={busy} onClick={() => void check()}>
          Check the chain
        </Button>
      </div>
      {found && (
        <p class="small quiet">
          Head: <code class="breaks">{found.head}</code>. Keep it elsewhere; <code>avow audit verify --head</code> compares.
        </p>
      )}
      <Refusal failure={failure} />
    </section>
  );
}

function Filter({ name, label, placeholder, type = 'text' }: { name: string; label: string; placeholder?: string; type?: string }) {
  const value = place.use().query.get(name) ?? '';
  return (
    <Field label={label}>
      {(props) => (
        <input
          class="input"
          type={type}
          {...props}
          value={value}
          placeholder={placeholder}
          spellcheck={false}
          onChange={(e) => amend({ [name]: e.currentTarget.value.trim(), cursor: null })}
        />
      )}
    </Field>
  );
}

const NAMES = ['actor', 'object', 'kind', 'from', 'to'];

export function AuditPage() {
  const { query } = place.use();
  const filters = Object.fromEntries(NAMES.map((name) => [name, query.get(name)]));
  const filtered = NAMES.some((name) => filters[name]);
  const list = useGet<List<AuditEntry>>('/api/v1/audit', { ...filters, limit: 50, cursor: query.get('cursor') });
  const span =
    query.get('from') && !Number.isNaN(Date.parse(query.get('from') as string)) ? momentOf(new Date(query.get('from') as string)) : null;
  return (
    <Page
      title="Audit"
      lead={span ? `What happened from ${span} on.` : 'Everything that was changed, by whom, and why.'}
      actions={
        <a class="button" href={urlOf('/api/v1/audit/export', filters)} download="avow-audit.ndjson">
          <Icon name="down" />
          Export
        </a>
      }
    >
      <div class="stack">
        <ChainStatus />
        <div class="filters">
          <Filter name="actor" label="Who" placeholder="login, or service:name" />
          <Filter name="object" label="To what" placeholder="change:CR-1001, or line:" />
          <Filter name="kind" label="What" placeholder="change.opened, or line." />
          <Filter name="from" label="From" type="date" />
          <Filter name="to" label="Before" type="date" />
          {filtered && (
            <LinkButton
              size="small"
              icon="close"
              href={amended({ actor: null, object: null, kind: null, from: null, to: null, cursor: null })}
            >
              All
            </LinkButton>
          )}
        </div>
        <Show of={list} what="Loading the trail">
          {({ items, next }) =>
            items.length > 0 ? (
              <>
                <Table caption="Audit trail, newest first" columns={columns} rows={items} id={(row) => row.seq} />
                <Pager next={next} />
              </>
            ) : (
              <Empty title={filtered ? 'Nothing fits' : 'Nothing has happened yet'} icon="audit">
                {filtered && <p>Fewer words, another day, or a whole group such as "change." may find it.</p>}
              </Empty>
            )
          }
        </Show>
      </div>
    </Page>
  );
}
