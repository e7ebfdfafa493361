/* The impact lab: try a change of a line's schema out and see at once who breaks, and the message that proves it. */
import { useEffect, useState } from 'preact/hooks';
import { Empty, Field, Name, Page, Show, Table, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { api, lineHref, type EventRow, type Line } from '../../lib/catalog';
import { plural } from '../../lib/format';
import { amend, amended, href, place } from '../../lib/router';
import { StateChip } from '../../catalog/parts';
import { Lab } from './lab';

const columns: Column<EventRow>[] = [
  {
    key: 'name',
    title: 'Event',
    head: true,
    cell: (row) => (
      <>
        <a href={amended({ line: row.lines.find((line) => line.state === row.state)?.id ?? row.lines[0]?.id, q: null })}>
          <Name text={row.name} />
        </a>
        {row.summary && <div class="summary">{row.summary}</div>}
      </>
    ),
  },
  { key: 'state', title: 'State', narrow: 'hide', cell: (row) => <StateChip of={row.state} /> },
  { key: 'readers', title: 'Consumers', right: true, cell: (row) => <span class="num">{row.consumers}</span> },
];

function Pick() {
  const q = place.use().query.get('q') ?? '';
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  useEffect(() => {
    const timer = window.setTimeout(() => text !== q && amend({ q: text }, { replace: true }), 200);
    return () => window.clearTimeout(timer);
  }, [text]);
  const list = useGet<List<EventRow>>('/api/v1/events', { q, limit: 25 });
  return (
    <div class="stack">
      <Field label="Which event?" hint="A part of its name, its owner, a field.">
        {(props) => (
          <input class="input" type="search" {...props} value={text} spellcheck={false} onInput={(e) => setText(e.currentTarget.value)} />
        )}
      </Field>
      <Show of={list} what="Loading events">
        {({ items }) => {
          const rows = items.filter((row) => row.version !== null);
          return rows.length > 0 ? (
            <Table caption="Events" columns={columns} rows={rows} id={(row) => row.name} />
          ) : (
            <Empty title="No event with a schema fits" icon="event">
              <p>Other words may find it. An event needs a version before one can try out another.</p>
            </Empty>
          );
        }}
      </Show>
    </div>
  );
}

export function ImpactPage() {
  const line = place.use().query.get('line') ?? '';
  const loaded = useGet<Line>(line ? api.line(line) : null);
  const found = loaded.value;
  return (
    <Page
      title={line ? `Impact lab: ${line}` : 'Impact lab'}
      heading={line ? <Name text={line} /> : undefined}
      crumbs={line ? [{ label: 'Impact lab', href: href(['impact']) }] : undefined}
      lead={
        found ? (
          <span class="row">
            <StateChip of={found.state} />
            <a href={lineHref(line)}>The event</a>
            <span class="quiet">{plural(found.consumers, 'consumer')}</span>
          </span>
        ) : line ? undefined : (
          'Try a change out before you propose it: who would break, and the message that proves it.'
        )
      }
    >
      {line ? (
        <Show of={loaded} what="Loading the line">
          {(value) => <Lab line={value} />}
        </Show>
      ) : (
        <Pick />
      )}
    </Page>
  );
}
