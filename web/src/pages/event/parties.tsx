/* Who reads and who writes a line: what for, with what proof, where, and when they were last seen. */
import { Chip, Empty, Show, Table, Tag, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { api, type Consumption, type Production } from '../../lib/catalog';
import { place } from '../../lib/router';
import { EvidenceChip, Seen, ServiceLink, StateChip, TeamLink } from '../../catalog/parts';
import { Heat } from './heat';
import type { TabProps } from '.';

function FieldTags({ of }: { of: Consumption }) {
  if (of.fields.length === 0) return <span class="quiet">{of.evidence === 'reader_schema' ? 'those of its schema' : 'has not said'}</span>;
  return (
    <span class="readers">
      {of.fields.slice(0, 8).map((field) => (
        <span key={field.path} class={field.need === 'required' ? 'tag mono must' : 'tag mono'} title={field.need}>
          {field.path}
        </span>
      ))}
      {of.fields.length > 8 && <Tag>and {of.fields.length - 8} more</Tag>}
    </span>
  );
}

const by =
  <T,>(pick: (row: T) => string) =>
  (a: T, b: T) =>
    pick(a) < pick(b) ? -1 : pick(a) > pick(b) ? 1 : 0;

const consumers: Column<Consumption>[] = [
  {
    key: 'service',
    title: 'Service',
    head: true,
    sort: by((row) => row.service),
    cell: (row) => (
      <>
        <ServiceLink slug={row.service} /> {row.state !== 'active' && <StateChip of={row.state} />}
        {row.purpose && <div class="summary">{row.purpose}</div>}
      </>
    ),
  },
  { key: 'team', title: 'Team', sort: by((row) => row.team), cell: (row) => <TeamLink slug={row.team} /> },
  { key: 'fields', title: 'Fields', cell: (row) => <FieldTags of={row} /> },
  { key: 'evidence', title: 'Known by', sort: by((row) => row.evidence), cell: (row) => <EvidenceChip of={row.evidence} /> },
  { key: 'where', title: 'Environments', narrow: 'hide', cell: (row) => row.environments.join(', ') },
  {
    key: 'seen',
    title: 'Last seen',
    cell: (row) => (
      <>
        <Seen of={row.last_seen} />{' '}
        {row.stale && (
          <Chip tone="warn" icon="clock" title="Silent for long: changes do not wait for it">
            stale
          </Chip>
        )}
      </>
    ),
  },
];

const producers: Column<Production>[] = [
  { key: 'service', title: 'Service', head: true, cell: (row) => <ServiceLink slug={row.service} /> },
  { key: 'team', title: 'Team', cell: (row) => <TeamLink slug={row.team} /> },
  { key: 'evidence', title: 'Known by', cell: (row) => <EvidenceChip of={row.evidence} /> },
  { key: 'where', title: 'Environments', narrow: 'hide', cell: (row) => row.environments.join(', ') },
  { key: 'seen', title: 'Last seen', cell: (row) => <Seen of={row.last_seen} /> },
];

export function ConsumersTab({ line }: TabProps) {
  const reads = useGet<List<Consumption>>(`${api.line(line.id)}/consumers`, { limit: 200 });
  const writes = useGet<List<Production>>(`${api.line(line.id)}/producers`, { limit: 200 });
  const order = place.use().query.get('sort');
  return (
    <div class="stack wide">
      <section class="stack tight">
        <h2>Consumers</h2>
        <Show of={reads} what="Loading consumers">
          {({ items }) =>
            items.length > 0 ? (
              <Table caption="Consumers" columns={consumers} rows={items} id={(row) => row.id} order={order} />
            ) : (
              <Empty title="Nobody has said that they read it" icon="service">
                <p>Reads that the registry sees without a declaration are under Health.</p>
              </Empty>
            )
          }
        </Show>
      </section>
      {reads.value && <Heat line={line} consumers={reads.value.items} />}
      <section class="stack tight">
        <h2>Producers</h2>
        <Show of={writes} what="Loading producers">
          {({ items }) =>
            items.length > 0 ? (
              <Table caption="Producers" columns={producers} rows={items} id={(row) => row.id} />
            ) : (
              <Empty title="Nobody has said that they write it" icon="service" />
            )
          }
        </Show>
      </section>
    </div>
  );
}
