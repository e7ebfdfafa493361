/* From the id in a message to the schema and where it is used. */
import { useState } from 'preact/hooks';
import { Button, Empty, Field, LinkButton, Name, Page, Segments, Show, Table } from '../../design/parts';
import { useGet } from '../../lib/api';
import { api, lineHref, splitLine, type EventFull } from '../../lib/catalog';
import { amended, go, href, place } from '../../lib/router';
import { addSource } from '../../lib/search';
import { formatOf, splitName, type Reference, type Version } from '../../lib/registry';
import { OnCallNowText, onCallNow, Reach, TeamLink } from '../../catalog/parts';
import { Fields } from '../../schema/fields';
import { Source } from '../../schema/source';
import { FormatChip } from '../subjects';

/* A number, or the first five bytes of a message in hexadecimal: zero, then the id. */
export function readId(text: string): number | null {
  const plain = text.trim();
  const hex = plain.replace(/^0x/i, '').replace(/[\s:]/g, '');
  if (/^00[0-9a-f]{8}/i.test(hex)) return parseInt(hex.slice(2, 10), 16);
  return /^\d{1,10}$/.test(plain) ? Number(plain) : null;
}

addSource(async (text) => {
  const id = readId(text);
  return id === null ? [] : [{ href: href(['ids', id]), title: `Schema id ${id}`, icon: 'hash' }];
});

export function IdsPage() {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | undefined>();
  const submit = (event: Event) => {
    event.preventDefault();
    const id = readId(text);
    if (id === null) setError('Write a number, or the first five bytes of a message in hexadecimal, like 00 00 00 00 2a.');
    else go(href(['ids', id]));
  };
  return (
    <Page title="Schema by id" lead="A message names the schema it was written with by an id. This finds the schema, and whose it is.">
      <form class="form" onSubmit={submit}>
        <Field label="Id" hint="The number, or the first bytes of the message: a zero byte and four bytes of id." error={error}>
          {(props) => (
            <input class="input mono" {...props} value={text} autocomplete="off" onInput={(e) => setText(e.currentTarget.value)} />
          )}
        </Field>
        <div>
          <Button kind="primary" type="submit">
            Find
          </Button>
        </div>
      </form>
    </Page>
  );
}

interface Use {
  subject: string;
  version: number;
}

interface Bound {
  line: string | null;
  versions: { version: number; semver: string | null }[];
}

/* Whose a subject is, for somebody in a hurry: the event, its version, what has changed since, and who is on call. */
function Whose({ use }: { use: Use }) {
  const bound = useGet<Bound>(`/api/v1/subjects/${encodeURIComponent(use.subject)}/versions`);
  const line = bound.value?.line ?? null;
  const event = useGet<EventFull>(line === null ? null : api.event(splitLine(line).event));
  if (line === null || !event.value) return null;
  const { owner, oncall, contact, lines } = event.value;
  const semver = bound.value?.versions.find((one) => one.version === use.version)?.semver ?? undefined;
  const latest = lines.find((one) => one.id === line)?.current?.semver;
  return (
    <dl class="promises">
      <div>
        <dt>Event</dt>
        <dd>
          <a href={lineHref(line, undefined, { v: semver ?? null })}>
            <Name text={line} />
          </a>
          {semver && <span class="num"> {semver}</span>}
        </dd>
      </div>
      <div>
        <dt>Owner</dt>
        <dd>
          <TeamLink slug={owner} />
        </dd>
      </div>
      <div>
        <dt>On call now</dt>
        <dd>
          <OnCallNowText now={onCallNow(oncall)} />
        </dd>
      </div>
      <div>
        <dt>Contact</dt>
        <dd>
          <Reach contact={contact} />
        </dd>
      </div>
      <div>
        <dt>Since then</dt>
        <dd>
          {semver && latest && semver !== latest ? (
            <a href={lineHref(line, 'diff', { from: semver, to: latest })}>what changed to {latest}</a>
          ) : (
            'it is the newest version'
          )}
        </dd>
      </div>
    </dl>
  );
}

function Uses({ id, context }: { id: string; context: string | null }) {
  const uses = useGet<Use[]>(`/schemas/ids/${encodeURIComponent(id)}/versions`, { subject: context ? `:${context}:` : null });
  return (
    <section class="stack tight">
      <h2>Used by</h2>
      <Show of={uses} what="Loading uses">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No live version uses it">
              <p>The versions that did are deleted. Messages that were written with it can still be read.</p>
            </Empty>
          ) : (
            <>
              {rows.slice(0, 3).map((use) => (
                <Whose key={`${use.subject} ${use.version}`} use={use} />
              ))}
              <Table
                caption="Versions that use this schema"
                rows={rows}
                id={(use) => `${use.subject} ${use.version}`}
                columns={[
                  {
                    key: 'subject',
                    title: 'Subject',
                    head: true,
                    cell: (use) => (
                      <a href={href(['subjects', use.subject], { v: use.version })}>
                        <Name text={splitName(use.subject).name} />
                      </a>
                    ),
                  },
                  {
                    key: 'context',
                    title: 'Context',
                    narrow: 'hide',
                    cell: (use) => (splitName(use.subject).context === '.' ? 'Default' : splitName(use.subject).context.slice(1)),
                  },
                  { key: 'version', title: 'Version', right: true, cell: (use) => `v${use.version}` },
                  {
                    key: 'diff',
                    title: 'Difference',
                    unseen: true,
                    right: true,
                    cell: (use) => (
                      <a href={href(['subjects', use.subject, 'diff'], { from: use.version, to: 'latest' })}>
                        Compare with the latest<span class="unseen"> of {use.subject}</span>
                      </a>
                    ),
                  },
                ]}
              />
            </>
          )
        }
      </Show>
    </section>
  );
}

export const References = ({ references }: { references: Reference[] }) => (
  <Table
    caption="What this schema refers to"
    rows={references}
    id={(reference) => reference.name}
    columns={[
      { key: 'name', title: 'Name in the schema', head: true, cell: (reference) => <code>{reference.name}</code> },
      {
        key: 'subject',
        title: 'Subject',
        cell: (reference) => (
          <a class="mono" href={href(['subjects', reference.subject], { v: reference.version })}>
            {reference.subject}
          </a>
        ),
      },
      { key: 'version', title: 'Version', right: true, cell: (reference) => `v${reference.version}` },
    ]}
  />
);

export function IdPage({ params }: { params: Record<string, string> }) {
  const id = params.id as string;
  const { query } = place.use();
  const context = query.get('context');
  const source = query.get('as') === 'source';
  const schema = useGet<Version>(`/schemas/ids/${encodeURIComponent(id)}`, { subject: context ? `:${context}:` : null });
  return (
    <Page
      title={`Schema id ${id}`}
      crumbs={[{ label: 'Schema by id', href: href(['ids']) }]}
      actions={
        <LinkButton href={href(['check'], { reader: `id:${id}` })} icon="scale">
          Compare
        </LinkButton>
      }
    >
      <Show of={schema} what="Loading the schema">
        {(found) => (
          <div class="stack wide">
            <div class="row">
              <FormatChip format={formatOf(found)} />
              {found.guid && (
                <span class="small quiet">
                  guid <code>{found.guid}</code>
                </span>
              )}
              <span class="grow" />
              <Segments
                label="Show as"
                items={[
                  { href: amended({ as: null }), label: 'Fields', current: !source },
                  { href: amended({ as: 'source' }), label: 'Source', current: source },
                ]}
              />
            </div>
            <Uses id={id} context={context} />
            {source ? (
              <Source text={found.schema} label={`Source of schema ${id}`} />
            ) : (
              <Fields text={found.schema} format={formatOf(found)} tags={found.metadata?.tags} />
            )}
            {found.references && found.references.length > 0 && (
              <section class="stack tight">
                <h2>Refers to</h2>
                <References references={found.references} />
              </section>
            )}
          </div>
        )}
      </Show>
    </Page>
  );
}
