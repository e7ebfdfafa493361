/* The schema of a line: every field with who reads it, and what would happen without it. */
import { Empty, LinkButton, Segments, Show, Tag } from '../../design/parts';
import { useGet } from '../../lib/api';
import { api, type LineFields, type LineVersion } from '../../lib/catalog';
import { amended, href, place } from '../../lib/router';
import { Fields, type FieldColumn } from '../../schema/fields';
import { Source } from '../../schema/source';
import type { TabProps } from '.';

function Readers({ path, of, total }: { path: string; of: LineFields | undefined; total: number }) {
  const field = of?.items.find((one) => one.path === path);
  if (!field) return null;
  if (field.readers.length === 0) return <span class="quiet small">{(of?.undeclared.length ?? 0) > 0 ? 'perhaps' : 'nobody'}</span>;
  const shown = field.readers.slice(0, 4);
  return (
    <details class="readers-of">
      <summary class="num" aria-label={`${field.readers.length} of ${total} consumers read ${path}`}>
        {field.readers.length} of {total}
      </summary>
      <div class="readers">
        {(field.readers.length > 12 ? shown : field.readers).map((reader) => (
          <a
            key={reader.service}
            class={reader.need === 'required' ? 'tag must' : 'tag'}
            href={href(['services', reader.service])}
            title={`${reader.need}, team ${reader.team}`}
          >
            {reader.service}
            {reader.need === 'required' ? '' : ' (optional)'}
          </a>
        ))}
        {field.readers.length > 12 && <Tag>and {field.readers.length - 4} more</Tag>}
      </div>
    </details>
  );
}

export function SchemaTab({ event, line, main }: TabProps) {
  const { query } = place.use();
  const source = query.get('as') === 'source';
  const asked = query.get('v');
  const own = main && event.current && (!asked || asked === event.current.semver) ? event.current : null;
  const semver = asked ?? line.current?.semver;
  const other = useGet<LineVersion>(own || !semver ? null : `${api.line(line.id)}/versions/${encodeURIComponent(semver)}`);
  const fields = useGet<LineFields>(`${api.line(line.id)}/fields`);
  if (!semver)
    return (
      <Empty title="There is no schema yet" icon="subject">
        <p>
          Register one for {line.subjects[0]?.subject ?? 'a subject of this line'}; from then on every version is checked against what is
          promised.
        </p>
        <LinkButton kind="primary" href={href(['register'], { subject: line.subjects[0]?.subject })}>
          Register a schema
        </LinkButton>
      </Empty>
    );
  const more: FieldColumn[] = [
    { title: 'Readers', cell: (row) => <Readers path={row.path} of={fields.value} total={line.consumers} /> },
    {
      title: 'What if',
      cell: (row) => (
        <span class="small nowrap no-print">
          <a href={href(['events', event.name, line.major, 'impact'], { drop: row.path })} aria-label={`What if ${row.path} were removed?`}>
            removed?
          </a>{' '}
          ·{' '}
          <a href={href(['fields'], { path: row.name })} aria-label={`Who else has ${row.name}?`}>
            elsewhere
          </a>
        </span>
      ),
    },
  ];
  const loaded = own ? { value: own, etag: null, failure: undefined, loading: false, reload: () => undefined } : other;
  return (
    <Show of={loaded} what="Loading the schema">
      {(version) => (
        <div class="stack">
          <div class="row">
            <span class="small quiet">
              Version {version.semver} · <a href={href(['subjects', version.subject], { v: version.version })}>{version.subject}</a> version{' '}
              {version.version} · schema id <a href={href(['ids', version.schema_id])}>{version.schema_id}</a>
            </span>
            <span class="grow" />
            <LinkButton size="small" icon="flask" href={href(['events', event.name, line.major, 'impact'])}>
              What if
            </LinkButton>
            <Segments
              label="Show as"
              items={[
                { href: amended({ as: null }), label: 'Fields', current: !source },
                { href: amended({ as: 'source' }), label: 'Source', current: source },
              ]}
            />
          </div>
          {source ? (
            <Source text={version.text ?? ''} label={`Source of ${version.id}`} note={version.id} />
          ) : (
            <Fields text={version.text ?? ''} format={version.format} more={more} />
          )}
        </div>
      )}
    </Show>
  );
}
