/* A domain: its events by state, who owns them, what is decided for it. */
import { Empty, LinkButton, Page, Show, Table, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { api, type Domain, type EventRow } from '../../lib/catalog';
import { count } from '../../lib/format';
import { href } from '../../lib/router';
import { EventLink, StateChip, TeamLink } from '../../catalog/parts';

const rows: Column<Domain & { events: number }>[] = [
  {
    key: 'name',
    title: 'Domain',
    head: true,
    cell: (row) => (
      <>
        <a href={href(['domains', row.slug])}>{row.name || row.slug}</a>
        {row.description && <div class="summary">{row.description}</div>}
      </>
    ),
  },
  { key: 'team', title: 'Team', cell: (row) => (row.team ? <TeamLink slug={row.team} /> : <span class="quiet">none</span>) },
  { key: 'events', title: 'Events', right: true, cell: (row) => count(row.events) },
];

export function DomainsPage() {
  const list = useGet<List<Domain & { events: number }>>('/api/v1/domains', { limit: 200 });
  return (
    <Page title="Domains" lead="Parts of the company whose events belong together.">
      <Show of={list} what="Loading domains">
        {({ items }) =>
          items.length > 0 ? (
            <Table caption="Domains" columns={rows} rows={items} id={(row) => row.slug} />
          ) : (
            <Empty title="There is no domain yet" icon="context" />
          )
        }
      </Show>
    </Page>
  );
}

const events: Column<EventRow>[] = [
  {
    key: 'name',
    title: 'Event',
    head: true,
    cell: (row) => (
      <>
        <EventLink name={row.name} />
        {row.summary && <div class="summary">{row.summary}</div>}
      </>
    ),
  },
  { key: 'owner', title: 'Owner', cell: (row) => <TeamLink slug={row.owner} /> },
  { key: 'state', title: 'State', cell: (row) => <StateChip of={row.state} /> },
  { key: 'consumers', title: 'Consumers', right: true, narrow: 'hide', cell: (row) => count(row.consumers) },
];

interface Facets {
  total: number;
  facets: Record<string, { value: string; count: number }[]>;
}

const policyWords: [string, string, string][] = [
  ['notice_days', 'Notice before a change', 'days'],
  ['deprecation_min_days', 'From deprecation to sunset, at least', 'days'],
  ['sunset_quiet_days', 'Quiet before a removal', 'days'],
  ['stale_days', 'Silent readers count as stale after', 'days'],
];

export function DomainPage({ params }: { params: Record<string, string> }) {
  const slug = params.domain as string;
  const loaded = useGet<Domain>(api.domain(slug));
  const list = useGet<List<EventRow>>('/api/v1/events', { domain: slug, limit: 200 });
  const facets = useGet<Facets>('/api/v1/facets', { domain: slug });
  const policy = useGet<{ effective: Record<string, unknown> }>(`/api/v1/policies/${encodeURIComponent(`domain:${slug}`)}`);
  return (
    <Page title={loaded.value?.name || slug} crumbs={[{ label: 'Domains', href: href(['domains']) }]} lead={loaded.value?.description}>
      <Show of={loaded} what="Loading the domain">
        {(found) => (
          <div class="stack wide">
            <div class="numbers">
              {(facets.value?.facets.state ?? []).map(({ value, count: n }) => (
                <a key={value} href={href(['events'], { domain: slug, state: value })}>
                  <strong>{count(n)}</strong>
                  <span>{value}</span>
                </a>
              ))}
            </div>
            <div class="columns">
              <section class="card stack">
                <h2>Who owns its events</h2>
                <ul role="list" class="stack tight">
                  {(facets.value?.facets.owner ?? []).map(({ value, count: n }) => (
                    <li key={value} class="row">
                      <span class="grow">
                        <TeamLink slug={value} />
                        {value === found.team && <span class="quiet small"> answers for the domain</span>}
                      </span>
                      <span class="num">{count(n)}</span>
                    </li>
                  ))}
                </ul>
              </section>
              <section class="card stack">
                <h2>What is decided for it</h2>
                <dl class="facts">
                  {policyWords.map(([key, title, unit]) => (
                    <>
                      <dt>{title}</dt>
                      <dd>
                        {String(policy.value?.effective[key] ?? '')} {unit}
                      </dd>
                    </>
                  ))}
                </dl>
              </section>
            </div>
            <section class="stack tight">
              <div class="row">
                <h2 class="grow">Events</h2>
                <LinkButton size="small" icon="compass" href={href(['events'], { domain: slug })}>
                  Explore them
                </LinkButton>
              </div>
              <Show of={list}>
                {({ items }) =>
                  items.length > 0 ? (
                    <Table caption="Events" columns={events} rows={items} id={(row) => row.name} />
                  ) : (
                    <p class="quiet">None yet.</p>
                  )
                }
              </Show>
            </section>
          </div>
        )}
      </Show>
    </Page>
  );
}
