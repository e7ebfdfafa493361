/* What changes: in words first, then the texts side by side. Terms and dates, where it is no schema. */
import { LineLink } from '../../catalog/parts';
import { Segments, Show, Table, type Column } from '../../design/parts';
import { useGet } from '../../lib/api';
import { amended, place } from '../../lib/router';
import { Changes, useReport, type Side } from '../../schema/report';
import { Source } from '../../schema/source';
import { TextDiff } from '../../schema/textdiff';
import type { Change } from '../../workflow/model';
import { Day } from '../../workflow/parts';

interface LineVersion {
  text: string;
  semver: string;
}

function Schemas({ change, base, text }: { change: Change; base: string; text: string }) {
  const as = place.use().query.get('as') === 'text' ? 'text' : 'words';
  const plain = (change.candidate.references ?? []).length === 0;
  const side = (schema: string): Side => ({ schema });
  const report = useReport(
    plain && as === 'words' ? { reader: side(text), writer: side(base), format: change.candidate.format, mode: 'strict' } : null,
  );
  const texts = <TextDiff before={base} after={text} names={[`Version ${change.base}`, change.id]} />;
  if (!plain) return texts;
  return (
    <div class="stack">
      <Segments
        label="How it is shown"
        items={[
          { href: amended({ as: null }), label: 'In words', current: as === 'words' },
          { href: amended({ as: 'text' }), label: 'Side by side', current: as === 'text' },
        ]}
      />
      {as === 'text' ? (
        texts
      ) : (
        <Show of={report} what="Comparing">
          {(found) => (
            <div class="card flush">
              <Changes changes={found.changes} judged={[{ findings: found.findings, reader: 'after' }]} />
            </div>
          )}
        </Show>
      )}
    </div>
  );
}

/* "sla.availability" and its value, for every term. */
function flat(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [[path, Array.isArray(value) ? value.join(', ') : String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => flat(inner, path === '' ? name : `${path}.${name}`));
}

interface Term {
  name: string;
  before: string;
  after: string;
}

const terms: Column<Term>[] = [
  { key: 'name', title: 'Term', head: true, cell: (row) => row.name.replace(/_/g, ' ').replace(/\./g, ', ') },
  { key: 'before', title: 'Promised now', cell: (row) => row.before || <span class="quiet">nothing</span> },
  {
    key: 'after',
    title: 'Promised then',
    cell: (row) =>
      row.before === row.after ? (
        <span class="quiet">the same</span>
      ) : row.after === '' ? (
        <strong>nothing any more</strong>
      ) : (
        <strong>{row.after}</strong>
      ),
  },
];

function TermsDiff({ change }: { change: Change }) {
  const now = useGet<{ terms: Record<string, unknown> }>(`/api/v1/lines/${encodeURIComponent(change.line)}/contract`);
  if (change.state === 'applied') return <Source text={JSON.stringify(change.candidate, null, 2)} label="The terms that were agreed to" />;
  return (
    <Show of={now} what="Loading the contract">
      {(contract) => {
        const before = new Map(flat(contract.terms ?? {}));
        const after = new Map(flat(change.candidate));
        const names = [...new Set([...before.keys(), ...after.keys()])].sort();
        const rows = names.map((name) => ({ name, before: before.get(name) ?? '', after: after.get(name) ?? '' }));
        return <Table caption="Terms, now and then" columns={terms} rows={rows} id={(row) => row.name} />;
      }}
    </Show>
  );
}

function Target({ change }: { change: Change }) {
  const { state, sunset_at: sunset, replacement, reason, migration_guide: guide } = change.candidate as Record<string, string | undefined>;
  return (
    <dl class="facts card">
      <dt>Line</dt>
      <dd>
        <LineLink line={change.line} />
      </dd>
      <dt>Becomes</dt>
      <dd>{state}</dd>
      {sunset && (
        <>
          <dt>Ends</dt>
          <dd>
            <Day at={sunset} />
          </dd>
        </>
      )}
      {replacement && (
        <>
          <dt>Instead</dt>
          <dd>{replacement === 'none' ? 'nothing takes its place' : <LineLink line={replacement} />}</dd>
        </>
      )}
      {reason && (
        <>
          <dt>Because</dt>
          <dd>{reason}</dd>
        </>
      )}
      {guide && (
        <>
          <dt>How to move</dt>
          <dd>{guide}</dd>
        </>
      )}
    </dl>
  );
}

export function WhatChanges({ change }: { change: Change }) {
  const { text } = change.candidate;
  const isSchema = change.kind === 'schema' && typeof text === 'string';
  const base = useGet<LineVersion>(
    isSchema && change.base ? `/api/v1/lines/${encodeURIComponent(change.line)}/versions/${encodeURIComponent(change.base)}` : null,
  );
  if (!isSchema) return change.kind === 'contract' ? <TermsDiff change={change} /> : <Target change={change} />;
  if (!change.base) return <Source text={text} label="The schema that is proposed" />;
  return (
    <Show of={base} what="Loading the version before">
      {(version) => <Schemas change={change} base={version.text} text={text} />}
    </Show>
  );
}
