/* The versions of a line, and what changed from one to another: in meaning first, then as text. */
import { Chip, Empty, Segments, Show, Table, When, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { api, type LineDiff, type LineVersion } from '../../lib/catalog';
import { amend, amended, href, place } from '../../lib/router';
import { Changes, Findings } from '../../schema/report';
import { TextDiff } from '../../schema/textdiff';
import type { TabProps } from '.';

function Pick({ param, label, value, rows }: { param: string; label: string; value: string; rows: LineVersion[] }) {
  return (
    <label class="row tight small">
      {label}
      <select class="input version-picker" value={value} onChange={(e) => amend({ [param]: e.currentTarget.value }, { replace: true })}>
        {rows.map((row) => (
          <option key={row.id} value={row.semver}>
            {row.semver}
          </option>
        ))}
      </select>
    </label>
  );
}

function Meaning({ line, from, to }: { line: string; from: string; to: string }) {
  const diff = useGet<LineDiff>(`${api.line(line)}/diff`, { from, to });
  return (
    <Show of={diff} what="Comparing">
      {(found) => (
        <div class="stack">
          <div class="row">
            <Chip tone={found.new_reader.compatible ? 'good' : 'bad'} icon={found.new_reader.compatible ? 'check' : 'cross'}>
              {to} {found.new_reader.compatible ? 'reads' : 'does not read'} {from}
            </Chip>
            <Chip tone={found.old_reader.compatible ? 'good' : 'bad'} icon={found.old_reader.compatible ? 'check' : 'cross'}>
              {from} {found.old_reader.compatible ? 'reads' : 'does not read'} {to}
            </Chip>
            {found.step && <span class="small quiet">a {found.step} step</span>}
          </div>
          <section class="card flush" aria-label="What changed">
            <Changes
              changes={found.changes}
              judged={[
                { findings: found.new_reader.findings, reader: 'after' },
                { findings: found.old_reader.findings, reader: 'before' },
              ]}
            />
          </section>
          {[found.new_reader, found.old_reader].map((side, i) => {
            const breaking = side.findings.filter((finding) => finding.class === 'breaking');
            return breaking.length > 0 && <Findings key={i} findings={breaking} />;
          })}
        </div>
      )}
    </Show>
  );
}

function Texts({ line, from, to }: { line: string; from: string; to: string }) {
  const before = useGet<LineVersion>(`${api.line(line)}/versions/${encodeURIComponent(from)}`);
  const after = useGet<LineVersion>(`${api.line(line)}/versions/${encodeURIComponent(to)}`);
  return (
    <Show of={before} what="Loading">
      {(a) => <Show of={after}>{(b) => <TextDiff before={a.text ?? ''} after={b.text ?? ''} names={[from, to]} />}</Show>}
    </Show>
  );
}

export function DiffTab({ event, line }: TabProps) {
  const { query } = place.use();
  const list = useGet<List<LineVersion>>(`${api.line(line.id)}/versions`, { limit: 200 });
  const text = query.get('as') === 'text';
  const columns: Column<LineVersion>[] = [
    {
      key: 'semver',
      title: 'Version',
      head: true,
      cell: (row) => <a href={href(['events', event.name, line.major], { v: row.semver })}>{row.semver}</a>,
    },
    {
      key: 'state',
      title: 'State',
      cell: (row) =>
        row.state === 'active' ? (
          <Chip tone="good" icon="check">
            current
          </Chip>
        ) : (
          <span class="quiet">{row.state}</span>
        ),
    },
    { key: 'role', title: 'Part', narrow: 'hide', cell: (row) => row.role },
    {
      key: 'subject',
      title: 'Subject',
      narrow: 'hide',
      cell: (row) => <a href={href(['subjects', row.subject], { v: row.version })}>{`${row.subject} v${row.version}`}</a>,
    },
    { key: 'id', title: 'Id', right: true, narrow: 'hide', cell: (row) => <a href={href(['ids', row.schema_id])}>{row.schema_id}</a> },
    {
      key: 'change',
      title: 'Change',
      narrow: 'hide',
      cell: (row) => (row.change ? <a href={href(['changes', row.change])}>{row.change}</a> : <span class="quiet">compatible</span>),
    },
    { key: 'at', title: 'Registered', cell: (row) => <When at={row.created_at} /> },
  ];
  return (
    <Show of={list} what="Loading versions">
      {({ items }) => {
        const rows = items.filter((row) => row.role === 'value');
        const to = rows.find((row) => row.semver === query.get('to')) ?? rows[0];
        const older = to ? rows[rows.indexOf(to) + 1] : undefined;
        const from = rows.find((row) => row.semver === query.get('from')) ?? older;
        return (
          <div class="stack wide">
            {to && from ? (
              <div class="stack">
                <div class="row">
                  <Pick param="from" label="From" value={from.semver} rows={rows} />
                  <Pick param="to" label="to" value={to.semver} rows={rows} />
                  <span class="grow" />
                  <Segments
                    label="Show as"
                    items={[
                      { href: amended({ as: null }), label: 'What it means', current: !text },
                      { href: amended({ as: 'text' }), label: 'Text', current: text },
                    ]}
                  />
                </div>
                {from === to ? (
                  <Empty title="Both are the same version" icon="swap" />
                ) : text ? (
                  <Texts line={line.id} from={from.semver} to={to.semver} />
                ) : (
                  <Meaning line={line.id} from={from.semver} to={to.semver} />
                )}
              </div>
            ) : (
              <Empty title={to ? 'There is nothing to compare with yet' : 'There is no version yet'} icon="swap">
                {to && <p>Version {to.semver} is the first one.</p>}
              </Empty>
            )}
            {items.length > 0 && (
              <section class="stack tight">
                <h2>Versions</h2>
                <Table caption="Versions" columns={columns} rows={items} id={(row) => row.id + row.role} />
              </section>
            )}
          </div>
        );
      }}
    </Show>
  );
}
