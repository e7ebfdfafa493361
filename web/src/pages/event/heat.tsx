/* Consumers against versions: which version each deployed service was built with, where, and whether that is what it declared. It is a
 * table, so that it needs no twin; shade and word both say how far behind somebody is. */
import { Chip, Show } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { api, type Consumption, type Line, type LineVersion } from '../../lib/catalog';
import { plural } from '../../lib/format';
import { href } from '../../lib/router';
import { Seen, ServiceLink } from '../../catalog/parts';

const VERSIONS_MAX = 10;

interface Deployment {
  service: string;
  team: string;
  environment: string;
  version: string;
  consumes: { line: string; version: string | null }[];
}

interface Drift {
  kind: string;
  service?: string;
  detail: string;
}

interface Row {
  service: string;
  team: string;
  at: Map<string, string[]> /* where, by version */;
  declared: Consumption | undefined;
  drift: string[];
}

function rowsOf(line: Line, consumers: Consumption[], deployments: Deployment[], drift: Drift[]): Row[] {
  const rows = new Map<string, Row>();
  const row = (service: string, team: string): Row => {
    const known = rows.get(service) ?? { service, team, at: new Map(), declared: undefined, drift: [] };
    rows.set(service, known);
    return known;
  };
  for (const one of consumers) row(one.service, one.team).declared = one;
  for (const { service, team, environment, consumes } of deployments)
    for (const read of consumes)
      if (read.line === line.id && read.version) {
        const { at } = row(service, team);
        at.set(read.version, [...(at.get(read.version) ?? []), environment]);
      }
  for (const { service, kind, detail } of drift)
    if (service && kind !== 'undeclared_write') row(service, rows.get(service)?.team ?? '').drift.push(detail);
  return [...rows.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
}

function Cell({ where, behind }: { where: string[] | undefined; behind: number }) {
  if (!where) return <td class="heat" />;
  return (
    <td class={`heat h${Math.min(behind, 3)}`}>
      {where.join(', ')}
      {behind > 0 && <div class="small">{behind === 1 ? 'one behind' : `${behind} behind`}</div>}
    </td>
  );
}

function Matrix({ line, rows, versions }: { line: Line; rows: Row[]; versions: LineVersion[] }) {
  const shown = versions.filter((version) => version.role === 'value').slice(0, VERSIONS_MAX);
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Consumers and the versions they run with">
      <table class="matrix">
        <caption class="unseen">Consumers and the versions they run with</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            {shown.map((version) => (
              <th scope="col" key={version.semver}>
                <a href={href(['events', line.event, line.major], { v: version.semver })} class="num">
                  {version.semver}
                </a>
              </th>
            ))}
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.service} data-row>
              <th scope="row">
                <ServiceLink slug={row.service} />
                <div class="summary">{row.team}</div>
                {row.drift.map((detail) => (
                  <div key={detail}>
                    <Chip tone="warn" icon="warn" title={detail}>
                      {row.declared ? 'differs from what it declared' : 'not declared'}
                    </Chip>
                  </div>
                ))}
              </th>
              {shown.map((version, i) => (
                <Cell key={version.semver} where={row.at.get(version.semver)} behind={i} />
              ))}
              <td>{row.declared ? <Seen of={row.declared.last_seen} /> : <span class="quiet">seen, not declared</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Heat({ line, consumers }: { line: Line; consumers: Consumption[] }) {
  const deployments = useGet<List<Deployment>>('/api/v1/deployments', { line: line.id, limit: 200 });
  const versions = useGet<List<LineVersion>>(`${api.line(line.id)}/versions`, { limit: 50 });
  const drift = useGet<List<Drift>>('/api/v1/drift', { line: line.id, limit: 100 });
  return (
    <section class="stack tight">
      <h2>Who runs with which version</h2>
      <Show of={deployments} what="Loading deployments">
        {({ items: deployed }) => (
          <Show of={versions} what="Loading versions">
            {({ items }) => {
              const rows = rowsOf(line, consumers, deployed, drift.value?.items ?? []);
              const running = rows.filter((row) => row.at.size > 0).length;
              if (running === 0 && !rows.some((row) => row.drift.length > 0))
                return <p class="quiet">No deployment of a consumer was told: POST /api/v1/deployments says what runs where.</p>;
              return (
                <>
                  <p class="small quiet">
                    {plural(running, 'service')} of {rows.length} told which version they were deployed with.
                  </p>
                  <Matrix line={line} rows={rows} versions={items} />
                </>
              );
            }}
          </Show>
        )}
      </Show>
    </section>
  );
}
