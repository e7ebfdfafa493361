/* Services: what each writes and reads, and where it runs. */
import { Chip, Empty, LinkButton, Name, Page, Pager, Show, Table, Tag, When, type Column } from '../../design/parts';
import { get, useGet, useLoad, type List } from '../../lib/api';
import { api, type Answer, type Consumption, type Production, type Service } from '../../lib/catalog';
import { daysIn, plural } from '../../lib/format';
import { href, place } from '../../lib/router';
import { AnswerChip, isWeb, OnCallNowText, ServiceLink, TeamLink } from '../../catalog/parts';
import { Part, reads, writes } from '../teams';

const columns: Column<Service>[] = [
  {
    key: 'slug',
    title: 'Service',
    head: true,
    cell: (row) => (
      <>
        <ServiceLink slug={row.slug} />{' '}
        {row.retired_at && (
          <Chip tone="mute" icon="stop">
            retired
          </Chip>
        )}
      </>
    ),
  },
  { key: 'team', title: 'Team', cell: (row) => <TeamLink slug={row.team} /> },
  { key: 'kind', title: 'Kind', cell: (row) => row.kind },
  { key: 'tier', title: 'Tier', narrow: 'hide', cell: (row) => row.tier ?? '' },
];

export function ServicesPage() {
  const { query } = place.use();
  const list = useGet<List<Service>>('/api/v1/services', { limit: 100, team: query.get('team'), cursor: query.get('cursor') });
  return (
    <Page title="Services" lead="What writes events, and what reads them.">
      <Show of={list} what="Loading services">
        {({ items, next }) =>
          items.length > 0 ? (
            <div class="stack">
              <Table caption="Services" columns={columns} rows={items} id={(row) => row.slug} />
              <Pager next={next} />
            </div>
          ) : (
            <Empty title="There is no service yet" icon="service">
              <p>A service comes with POST /api/v1/services, or with the file in its repository that says what it reads and writes.</p>
            </Empty>
          )
        }
      </Show>
    </Page>
  );
}

interface Deployment {
  id: string;
  version: string;
  environment: string;
  at: string;
  ended_at: string | null;
}

const deployments: Column<Deployment>[] = [
  { key: 'version', title: 'Version', head: true, cell: (row) => <code>{row.version}</code> },
  { key: 'environment', title: 'Environment', cell: (row) => row.environment },
  { key: 'at', title: 'Since', cell: (row) => <When at={row.at} /> },
];

/* Whether what it declared holds where it would go, for each environment. */
function Deployable({ slug }: { slug: string }) {
  const environments = useGet<List<{ name: string }>>('/api/v1/environments');
  const names = (environments.value?.items ?? []).map((one) => one.name).slice(0, 6);
  const answers = useLoad<[string, Answer][]>(names.length > 0 ? `can ${slug} deploy ${names.join(' ')}` : null, async (abort) => ({
    value: await Promise.all(
      names.map(
        async (environment): Promise<[string, Answer]> => [
          environment,
          await get<Answer>('/api/v1/can-i/deploy', { service: slug, environment }, abort),
        ],
      ),
    ),
    etag: null,
    status: 200,
  }));
  if (names.length === 0) return null;
  return (
    <section class="stack tight">
      <h2>Can it be deployed?</h2>
      <Show of={answers} what="Asking for each environment">
        {(rows) => (
          <Table
            caption="Can it be deployed?"
            columns={[
              { key: 'environment', title: 'Environment', head: true, cell: ([environment]) => environment },
              { key: 'answer', title: 'Answer', cell: ([, { answer }]) => <AnswerChip of={answer} /> },
              {
                key: 'because',
                title: 'Because',
                cell: ([, { because }]) =>
                  because.length === 0 ? (
                    <span class="quiet">what it reads and writes fits what runs there</span>
                  ) : (
                    <>
                      {daysIn(because[0]?.detail ?? '')}
                      {because.length > 1 && <span class="quiet"> and {plural(because.length - 1, 'reason')} more</span>}
                    </>
                  ),
              },
            ]}
            rows={rows}
            id={([environment]) => environment}
          />
        )}
      </Show>
    </section>
  );
}

export function ServicePage({ params }: { params: Record<string, string> }) {
  const slug = params.service as string;
  const loaded = useGet<Service>(api.service(slug));
  const service = loaded.value;
  return (
    <Page
      title={service?.name || slug}
      heading={<Name text={slug} />}
      crumbs={[{ label: 'Services', href: href(['services']) }]}
      lead={
        service && (
          <span class="row">
            <Tag>{service.kind}</Tag>
            <span>
              team <TeamLink slug={service.team} />
            </span>
            <span>
              on call now: <OnCallNowText now={service.oncall} />
            </span>
            {isWeb(service.repo ?? undefined) && (
              <a href={service.repo as string} rel="noopener noreferrer">
                repository
              </a>
            )}
            {service.retired_at && (
              <Chip tone="mute" icon="stop">
                retired
              </Chip>
            )}
          </span>
        )
      }
      actions={
        service && (
          <LinkButton icon="graph" href={href(['graph'], { focus: `service:${slug}` })}>
            Graph
          </LinkButton>
        )
      }
    >
      <Show of={loaded} what="Loading the service">
        {(found) => (
          <div class="stack wide">
            {found.description && <p class="why">{found.description}</p>}
            <Part
              title="Produces"
              path="/api/v1/productions"
              query={{ service: slug }}
              columns={writes.filter((column) => column.key !== 'service')}
              id={(row: Production) => row.id}
              none="Nothing was declared."
            />
            <Part
              title="Consumes"
              path="/api/v1/consumptions"
              query={{ service: slug }}
              columns={reads.filter((column) => column.key !== 'service')}
              id={(row: Consumption) => row.id}
              none="Nothing was declared."
            />
            {!found.retired_at && <Deployable slug={slug} />}
            <Part
              title="Runs"
              path="/api/v1/deployments"
              query={{ service: slug }}
              columns={deployments}
              id={(row: Deployment) => row.id}
              none="No deployment was told."
            />
          </div>
        )}
      </Show>
    </Page>
  );
}
