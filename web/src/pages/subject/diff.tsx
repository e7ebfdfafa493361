/* Two versions: what changed in words first, then the texts side by side. Without a choice, the one before and the selected one. */
import { Empty, LinkButton, Segments, Show } from '../../design/parts';
import { useGet } from '../../lib/api';
import { amended, place } from '../../lib/router';
import { paths, type Version, type VersionRow } from '../../lib/registry';
import { Changes, Findings, useReport, Verdict } from '../../schema/report';
import { TextDiff } from '../../schema/textdiff';
import { VersionPicker } from './schema';
import type { TabProps } from '.';

function numberOf(text: string | null, rows: VersionRow[]): number | undefined {
  if (text === 'latest') return rows.find((row) => !row.deleted)?.version;
  return rows.find((row) => row.version === Number(text))?.version;
}

function Semantic({ subject, from, to }: { subject: string; from: number; to: number }) {
  const before = { subject, version: from };
  const after = { subject, version: to };
  const forward = useReport({ reader: after, writer: before });
  const back = useReport({ reader: before, writer: after });
  return (
    <div class="stack">
      <Show of={forward} what="Comparing">
        {(report) => (
          <section class="card flush" aria-label="What changed">
            <Changes
              changes={report.changes}
              judged={[
                { findings: report.findings, reader: 'after' },
                { findings: back.value?.findings ?? [], reader: 'before' },
              ]}
            />
          </section>
        )}
      </Show>
      <div class="columns">
        {[
          {
            loaded: forward,
            title: `Version ${to} reads what version ${from} wrote`,
            no: `Version ${to} cannot read all that version ${from} wrote`,
          },
          {
            loaded: back,
            title: `Version ${from} reads what version ${to} writes`,
            no: `Version ${from} cannot read all that version ${to} writes`,
          },
        ].map(({ loaded, title, no }) => (
          <section class="stack tight" key={title} aria-label={title}>
            <Show of={loaded} what="Checking">
              {(report) => (
                <>
                  <Verdict report={report} yes={title} no={no} />
                  {report.verdict !== 'compatible' && <Findings findings={report.findings.filter((f) => f.class === 'breaking')} />}
                </>
              )}
            </Show>
          </section>
        ))}
      </div>
    </div>
  );
}

function Texts({ subject, from, to }: { subject: string; from: number; to: number }) {
  const before = useGet<Version>(paths.version(subject, from), { deleted: true });
  const after = useGet<Version>(paths.version(subject, to), { deleted: true });
  return (
    <Show of={before} what="Loading">
      {(a) => <Show of={after}>{(b) => <TextDiff before={a.schema} after={b.schema} names={[`Version ${from}`, `Version ${to}`]} />}</Show>}
    </Show>
  );
}

export function DiffTab({ subject, rows, selected }: TabProps) {
  const { query } = place.use();
  const to = numberOf(query.get('to'), rows) ?? selected.version;
  const older = rows.filter((row) => row.version < to);
  const from = numberOf(query.get('from'), rows) ?? (older.find((row) => !row.deleted) ?? older[0])?.version;
  const text = query.get('as') === 'text';
  if (from === undefined)
    return (
      <Empty title="There is nothing to compare with yet" icon="swap">
        <p>Version {to} is the first one.</p>
      </Empty>
    );
  return (
    <div class="stack">
      <div class="row">
        <VersionPicker rows={rows} selected={from} param="from" label="From" />
        <VersionPicker rows={rows} selected={to} param="to" label="to" />
        <LinkButton kind="plain" icon="swap" href={amended({ from: to, to: from })}>
          Swap
        </LinkButton>
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
        <Texts subject={subject} from={from} to={to} />
      ) : (
        <Semantic subject={subject} from={from} to={to} />
      )}
    </div>
  );
}
