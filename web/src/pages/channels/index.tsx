/* A channel: where it is, and which events flow through it under which subjects. */
import { Empty, LinkButton, Name, Page, Pager, Show, Table, Tag, type Column } from '../../design/parts';
import { get, useGet, useLoad, type List } from '../../lib/api';
import { api, durationOf, type Line } from '../../lib/catalog';
import { count, plural } from '../../lib/format';
import { href, place } from '../../lib/router';
import { LineLink, StateChip, TeamLink } from '../../catalog/parts';

interface Channel {
  slug: string;
  address: string;
  broker: string;
  environments: string[];
  settings: { partitions?: number; retention?: string; cleanup?: string; key_serializer?: string };
  lines: string[];
  managed_by: string;
}

const LINES_MAX = 40;

const columns: Column<Channel>[] = [
  {
    key: 'slug',
    title: 'Channel',
    head: true,
    cell: (row) => (
      <a href={href(['channels', row.slug])}>
        <Name text={row.slug} />
      </a>
    ),
  },
  { key: 'broker', title: 'Broker', cell: (row) => row.broker },
  { key: 'lines', title: 'Events', right: true, cell: (row) => count(row.lines.length) },
];

export function ChannelsPage() {
  const list = useGet<List<Channel>>('/api/v1/channels', { limit: 100, cursor: place.use().query.get('cursor') });
  return (
    <Page title="Channels" lead="Where events flow.">
      <Show of={list} what="Loading channels">
        {({ items, next }) =>
          items.length > 0 ? (
            <div class="stack">
              <Table caption="Channels" columns={columns} rows={items} id={(row) => row.slug} />
              <Pager next={next} />
            </div>
          ) : (
            <Empty title="There is no channel yet" icon="swap">
              <p>A channel comes with POST /api/v1/channels, which names its lines, its broker and its settings.</p>
            </Empty>
          )
        }
      </Show>
    </Page>
  );
}

const lines: Column<Line>[] = [
  { key: 'line', title: 'Event', head: true, cell: (line) => <LineLink line={line.id} /> },
  { key: 'state', title: 'State', cell: (line) => <StateChip of={line.state} /> },
  { key: 'owner', title: 'Owner', narrow: 'hide', cell: (line) => <TeamLink slug={line.owner} /> },
  {
    key: 'subjects',
    title: 'Subjects',
    cell: (line) => (
      <ul role="list">
        {line.subjects.map(({ subject, role }) => (
          <li key={subject}>
            <a href={href(['subjects', subject])}>
              <Name text={subject} />
            </a>{' '}
            <span class="quiet small">{role}</span>
          </li>
        ))}
      </ul>
    ),
  },
  { key: 'consumers', title: 'Consumers', right: true, narrow: 'hide', cell: (line) => count(line.consumers) },
];

export function ChannelPage({ params }: { params: Record<string, string> }) {
  const slug = params.channel as string;
  const loaded = useGet<Channel>(`/api/v1/channels/${encodeURIComponent(slug)}`);
  const channel = loaded.value;
  const names = channel?.lines.slice(0, LINES_MAX) ?? [];
  const flows = useLoad<Line[]>(channel ? `lines of ${names.join(' ')}` : null, async (abort) => ({
    value: await Promise.all(names.map((name) => get<Line>(api.line(name), {}, abort))),
    etag: null,
    status: 200,
  }));
  return (
    <Page
      title={slug}
      heading={<Name text={slug} />}
      crumbs={[{ label: 'Channels', href: href(['channels']) }]}
      lead={
        channel && (
          <span class="row">
            <Tag>{channel.broker}</Tag>
            {channel.address !== slug && <code>{channel.address}</code>}
          </span>
        )
      }
      actions={
        names[0] && (
          <LinkButton icon="graph" href={href(['graph'], { focus: names[0] })}>
            Graph
          </LinkButton>
        )
      }
    >
      <Show of={loaded} what="Loading the channel">
        {(found) => (
          <div class="stack wide">
            <dl class="promises">
              <div>
                <dt>Environments</dt>
                <dd>{found.environments.length > 0 ? found.environments.join(', ') : <span class="quiet">all</span>}</dd>
              </div>
              <div>
                <dt>Partitions</dt>
                <dd>{found.settings.partitions ? count(found.settings.partitions) : <span class="quiet">not said</span>}</dd>
              </div>
              <div>
                <dt>Retention</dt>
                <dd>{found.settings.retention ? durationOf(found.settings.retention) : <span class="quiet">not said</span>}</dd>
              </div>
              {found.settings.cleanup && (
                <div>
                  <dt>Cleanup</dt>
                  <dd>{found.settings.cleanup}</dd>
                </div>
              )}
            </dl>
            <section class="stack tight">
              <h2>
                Events <span class="count num">{found.lines.length}</span>
              </h2>
              {found.lines.length === 0 ? (
                <p class="quiet">Nothing flows through it.</p>
              ) : (
                <Show of={flows} what="Loading events">
                  {(rows) => <Table caption="Events of the channel" columns={lines} rows={rows} id={(line) => line.id} />}
                </Show>
              )}
              {found.lines.length > LINES_MAX && <p class="quiet">And {plural(found.lines.length - LINES_MAX, 'line')} more.</p>}
            </section>
          </div>
        )}
      </Show>
    </Page>
  );
}
