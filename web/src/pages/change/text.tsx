/* What changes: in words first, then the texts side by side. Terms and dates, where it is no schema. */
import { Segments, Show } from '../../design/parts';
import { useGet } from '../../lib/api';
import { amended, place } from '../../lib/router';
import { Changes, useReport, type Side } from '../../schema/report';
import { Source } from '../../schema/source';
import { TextDiff } from '../../schema/textdiff';
import type { Change } from '../../workflow/model';

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

export function WhatChanges({ change }: { change: Change }) {
  const { text } = change.candidate;
  const isSchema = change.kind === 'schema' && typeof text === 'string';
  const base = useGet<LineVersion>(
    isSchema && change.base ? `/api/v1/lines/${encodeURIComponent(change.line)}/versions/${encodeURIComponent(change.base)}` : null,
  );
  if (!isSchema)
    return (
      <Source
        text={JSON.stringify(change.candidate, null, 2)}
        label={change.kind === 'contract' ? 'The terms that are proposed' : 'What the line shall become'}
      />
    );
  if (!change.base) return <Source text={text} label="The schema that is proposed" />;
  return (
    <Show of={base} what="Loading the version before">
      {(version) => <Schemas change={change} base={version.text} text={text} />}
    </Show>
  );
}
