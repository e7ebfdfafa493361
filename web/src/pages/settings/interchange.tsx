/* The catalog for other tools, as files; and documents that add what the catalog lacks. */
import { useState } from 'preact/hooks';
import { Icon } from '../../design/icons';
import { Button, Choice, Field, Notice, Refusal } from '../../design/parts';
import { Failure, post, urlOf } from '../../lib/api';
import { plural } from '../../lib/format';
import { amend, place } from '../../lib/router';
import { PickTeam } from '../../catalog/parts';

const EXPORTS: [string, string, string, string, Record<string, string>][] = [
  [
    'asyncapi',
    'AsyncAPI 3.0',
    'A channel for each line, operations of who writes and reads it, schemas inlined.',
    'asyncapi.json',
    { version: '3.0' },
  ],
  ['asyncapi', 'AsyncAPI 2.6', 'The same for tools that are older.', 'asyncapi-2.6.json', { version: '2.6' }],
  ['backstage', 'Backstage', 'Domains, groups, users, components, and an API for each line.', 'catalog-info.yaml', {}],
  ['odcs', 'Open Data Contract Standard', 'A contract for each line.', 'contracts.json', {}],
  ['bundle', 'Everything', 'By names, for another server: avow import bundle.', 'avow-bundle.json', {}],
];

const CHOSEN: [string, string][] = [
  ['team', 'Team'],
  ['domain', 'Domain'],
  ['event', 'Event'],
];

function Export() {
  const { query } = place.use();
  const chosen = Object.fromEntries(CHOSEN.map(([name]) => [name, query.get(name)]));
  return (
    <section class="stack" aria-labelledby="export">
      <h2 id="export">Export</h2>
      <div class="filters">
        {CHOSEN.map(([name, label]) => (
          <Field key={name} label={`${label} only`}>
            {(props) => (
              <input
                class="input"
                {...props}
                value={chosen[name] ?? ''}
                placeholder="all"
                spellcheck={false}
                onChange={(e) => amend({ [name]: e.currentTarget.value.trim() })}
              />
            )}
          </Field>
        ))}
      </div>
      <ul role="list" class="card flush exports">
        {EXPORTS.map(([path, title, says, file, more]) => (
          <li key={title}>
            <div>
              <strong>{title}</strong>
              <div class="small quiet">{says}</div>
            </div>
            <a
              class="button small"
              href={urlOf(`/api/v1/export/${path}`, path === 'bundle' ? more : { ...chosen, ...more })}
              download={file}
              aria-label={`Download ${title}`}
            >
              <Icon name="down" />
              Download
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Imported {
  added: Record<string, number>;
  register: { subject: string }[];
}

function Import() {
  const [format, setFormat] = useState<'bundle' | 'asyncapi'>('bundle');
  const [owner, setOwner] = useState('');
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [found, setFound] = useState<{ tried: boolean; value: Imported } | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (tried: boolean) => {
    setBusy(true);
    setFailure(null);
    setFound(null);
    try {
      let document: unknown;
      try {
        document = JSON.parse(text);
      } catch {
        throw new Failure(422, 'JSON', 'This is not JSON. Convert YAML first.');
      }
      const body = { format, document, ...(owner && { owner }) };
      setFound({ tried, value: await post<Imported>('/api/v1/import', body, { dry_run: tried || null }) });
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  const added = Object.entries(found?.value.added ?? {}).filter(([, n]) => n > 0);
  return (
    <section class="stack" aria-labelledby="import">
      <h2 id="import">Import</h2>
      <form
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void run(true);
        }}
      >
        <p class="quiet">What the catalog lacks is added, all of it or nothing. What is there stays as it is.</p>
        <div class="columns">
          <Choice
            label="Format"
            value={format}
            onChange={setFormat}
            options={[
              ['bundle', 'a bundle of another server'],
              ['asyncapi', 'an AsyncAPI document'],
            ]}
          />
          {format === 'asyncapi' && <PickTeam label="Owner of what is new" value={owner} onChange={setOwner} required />}
        </div>
        <Field label="File" hint="Or paste it below.">
          {(props) => (
            <input
              class="input"
              type="file"
              accept=".json,application/json"
              {...props}
              onChange={(e) => void e.currentTarget.files?.[0]?.text().then(setText)}
            />
          )}
        </Field>
        <Field label="Document">
          {(props) => (
            <textarea
              class="input mono"
              rows={8}
              spellcheck={false}
              {...props}
              value={text}
              onInput={(e) => setText(e.currentTarget.value)}
            />
          )}
        </Field>
        <Refusal failure={failure} />
        {found && (
          <Notice
            tone={found.tried ? 'info' : 'good'}
            title={added.length === 0 ? 'Nothing of it is new' : found.tried ? 'This would be added' : 'Added'}
          >
            {added.map(([what, n]) => plural(n, what.replace(/ies$/, 'y').replace(/s$/, ''), what)).join(', ')}
            {found.value.register.length > 0 && (
              <p>
                {plural(found.value.register.length, 'schema')} {found.value.register.length === 1 ? 'is' : 'are'} registered as always:{' '}
                <code>avow import</code> sends them.
              </p>
            )}
          </Notice>
        )}
        <div class="row">
          <Button type="submit" icon="eye" busy={busy} disabled={text.trim() === ''}>
            Try
          </Button>
          <Button kind="primary" busy={busy} disabled={!found?.tried || added.length === 0} onClick={() => void run(false)}>
            Import
          </Button>
        </div>
      </form>
    </section>
  );
}

export function InterchangeTab() {
  return (
    <div class="stack wide">
      <Export />
      <Import />
    </div>
  );
}
