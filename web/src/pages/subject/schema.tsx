/* The selected version: fields or source, what it refers to, who refers to it. */
import { useId } from 'preact/hooks';
import { CopyButton, Empty, Segments, Show, Tag, When } from '../../design/parts';
import { useGet } from '../../lib/api';
import { amend, amended, href, place } from '../../lib/router';
import { formatOf, paths, type Version, type VersionRow } from '../../lib/registry';
import { Fields } from '../../schema/fields';
import { Source } from '../../schema/source';
import { References } from '../ids';
import type { TabProps } from '.';

export function VersionPicker({
  rows,
  selected,
  param = 'v',
  label,
}: {
  rows: VersionRow[];
  selected: number;
  param?: string;
  label: string;
}) {
  const id = useId();
  return (
    <span class="row tight small">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input version-picker"
        value={selected}
        onChange={(e) => amend({ [param]: e.currentTarget.value }, { replace: true })}
      >
        {rows.map((row) => (
          <option key={row.version} value={row.version}>
            v{row.version}
            {row.deleted ? ' (deleted)' : ''}
          </option>
        ))}
      </select>
    </span>
  );
}

function Properties({ version }: { version: Version }) {
  const properties = Object.entries(version.metadata?.properties ?? {});
  if (properties.length === 0 && !version.ruleSet) return null;
  return (
    <section class="card">
      <h2>Metadata</h2>
      <dl class="facts">
        {properties.map(([key, value]) => (
          <>
            <dt>{key}</dt>
            <dd>{version.metadata?.sensitive?.includes(key) ? <Tag>sensitive</Tag> : <code>{value}</code>}</dd>
          </>
        ))}
      </dl>
      {version.ruleSet !== undefined && <Source text={JSON.stringify(version.ruleSet)} label="Rules" note="Rules, which clients run" />}
    </section>
  );
}

/* In single quotes a shell takes everything but a single quote. */
const quoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;

function Commands({ subject, selected }: { subject: string; selected: VersionRow }) {
  const { origin } = window.location;
  const lines = [
    `curl ${quoted(`${origin}${paths.version(subject, selected.version)}/schema`)}`,
    `curl ${quoted(`${origin}/schemas/ids/${selected.id}/schema`)}`,
    `avow register --server ${origin} --subject ${quoted(subject)} ${selected.format === 'JSON' ? 'schema.json' : 'schema.avsc'}`,
  ];
  return (
    <details class="no-print">
      <summary>From the command line</summary>
      <ul role="list" class="stack tight commands">
        {lines.map((line) => (
          <li key={line} class="row tight">
            <code class="grow">{line}</code>
            <CopyButton text={line} label={`Copy ${line.split(' ')[0]} command`} />
          </li>
        ))}
      </ul>
    </details>
  );
}

export function SchemaTab({ subject, rows, selected }: TabProps) {
  const source = place.use().query.get('as') === 'source';
  const version = useGet<Version>(paths.version(subject, selected.version), { deleted: true });
  const referrers = useGet<number[]>(`${paths.version(subject, selected.version)}/referencedby`, { deleted: selected.deleted || null });
  return (
    <div class="stack">
      <div class="row">
        <VersionPicker rows={rows} selected={selected.version} label="Version" />
        <span class="small quiet">
          registered <When at={selected.registered_at} />
        </span>
        <span class="grow" />
        <Segments
          label="Show as"
          items={[
            { href: amended({ as: null }), label: 'Fields', current: !source },
            { href: amended({ as: 'source' }), label: 'Source', current: source },
          ]}
        />
      </div>
      <Show of={version} what="Loading the schema">
        {(found) => (
          <>
            {source ? (
              <Source
                text={found.schema}
                label={`Source of ${subject}, version ${selected.version}`}
                note={`${subject}, version ${selected.version}`}
              />
            ) : (
              <Fields text={found.schema} format={formatOf(found)} tags={found.metadata?.tags} />
            )}
            <Properties version={found} />
            {found.references && found.references.length > 0 && (
              <section class="stack tight">
                <h2>Refers to</h2>
                <References references={found.references} />
              </section>
            )}
          </>
        )}
      </Show>
      {referrers.value && referrers.value.length > 0 && (
        <section class="stack tight">
          <h2>Referred to by</h2>
          <ul role="list" class="row">
            {referrers.value.map((id) => (
              <li key={id}>
                <a href={href(['ids', id])}>Schema id {id}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Commands subject={subject} selected={selected} />
      {rows.every((row) => row.deleted) && (
        <Empty title="This subject is deleted" icon="trash">
          <p>It can still be read, and its messages can still be decoded. Registering a schema brings it back.</p>
        </Empty>
      )}
    </div>
  );
}
