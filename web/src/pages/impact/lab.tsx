/* The lab itself, on a page of its own and as a tab of the event: fields with what is to become of them on one side, what would happen on the
 * other. Edits are in the address; a pasted schema stays in this browser. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Dialog, Empty, Field, LinkButton, Name, Notice, Refusal, Segments, Show } from '../../design/parts';
import { send, useGet, useLoad } from '../../lib/api';
import { api, lineHref, type Line, type LineField, type LineFields, type LineVersion } from '../../lib/catalog';
import { plural, sentence } from '../../lib/format';
import { amended, asOf, go, href, place } from '../../lib/router';
import { Editor, problemOf } from '../../schema/editor';
import type { Format } from '../../schema/model';
import { linesOf } from '../../schema/source';
import { bodyOf, editsHref, readEdits, titleOf, type Edit, type Op } from '../../workflow/edits';
import { changeHref, changePath, type Change, type Impact } from '../../workflow/model';
import { ChangeClass, FindingList, ImpactTable, Tally } from '../../workflow/parts';
import { Additions } from './additions';
import { OpenChange } from './open';
import { Revise } from './revise';
import { TypeNames, typeNames } from './types';

/* --- what is to become of the fields ------------------------------------------------------------------------------------------- */

const WORDS: Record<Exclude<Op, 'add'>, string> = { drop: 'removed', rename: 'renamed', retype: 'retyped', optional: 'made optional' };
const inside = (path: string, above: string) => path !== above && (path.startsWith(`${above}.`) || path.startsWith(`${above}[`));

interface RowProps {
  field: LineField;
  format: Format;
  edit: Edit | undefined;
  gone: boolean /* with something above it */;
  total: number;
  set: (op: Op | null, to?: string) => void;
}

function FieldEdit({ field, format, edit, gone, total, set }: RowProps) {
  const [to, setTo] = useState(edit?.to ?? '');
  const box = useRef<HTMLInputElement>(null);
  /* The address follows what is typed, and not the other way round. */
  useEffect(() => {
    if (document.activeElement !== box.current || box.current === null) setTo(edit?.to ?? '');
  }, [edit?.to, edit?.op]);
  const detailed = edit?.op === 'rename' || edit?.op === 'retype';
  const opened = useRef(detailed);
  useEffect(() => {
    if (detailed && !opened.current) box.current?.focus();
    opened.current = detailed;
  }, [detailed]);
  useEffect(() => {
    if (!detailed || to === edit.to) return;
    const timer = window.setTimeout(() => set(edit.op, to), 350);
    return () => window.clearTimeout(timer);
  }, [to]);
  return (
    <tr data-row class={[edit && 'touched', (gone || edit?.op === 'drop') && 'gone'].filter(Boolean).join(' ') || undefined}>
      <td>
        <input
          type="checkbox"
          aria-label={`Remove ${field.path}`}
          checked={gone || edit?.op === 'drop'}
          disabled={gone}
          onChange={(e) => set(e.currentTarget.checked ? 'drop' : null)}
        />
      </td>
      <th scope="row">
        <Name text={field.path} />
        <div class="small quiet lab-type">{field.type}</div>
      </th>
      <td class="right num">
        <span aria-label={`${field.readers.length} of ${total} consumers read it`}>{field.readers.length}</span>
      </td>
      <td>
        <select
          class="input"
          aria-label={`What becomes of ${field.path}`}
          value={gone ? 'drop' : (edit?.op ?? '')}
          disabled={gone}
          onChange={(e) => set((e.currentTarget.value || null) as Op | null)}
        >
          <option value="">stays</option>
          {(Object.keys(WORDS) as (keyof typeof WORDS)[]).map((op) => (
            <option key={op} value={op}>
              {WORDS[op]}
            </option>
          ))}
        </select>
        {detailed && !gone && (
          <input
            class="input mono"
            aria-label={edit.op === 'rename' ? `New name of ${field.path}` : `New type of ${field.path}`}
            placeholder={edit.op === 'rename' ? 'new name' : 'new type'}
            list={edit.op === 'retype' ? typeNames(format) : undefined}
            value={to}
            spellcheck={false}
            autocomplete="off"
            ref={box}
            onInput={(e) => setTo(e.currentTarget.value)}
          />
        )}
      </td>
    </tr>
  );
}

function FieldEdits({ fields, format, edits, total }: { fields: LineField[]; format: Format; edits: Edit[]; total: number }) {
  const change = (path: string, op: Op | null, to = '') => {
    const others = edits.filter((edit) => edit.op === 'add' || edit.path !== path);
    go(editsHref(op === null ? others : [...others, { op, path, to }]), { replace: true });
  };
  const dropped = edits.filter(({ op }) => op === 'drop').map(({ path }) => path);
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Fields and what becomes of them">
      <table class="lab-fields">
        <caption class="unseen">Fields and what becomes of them</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Remove</span>
            </th>
            <th scope="col">Field</th>
            <th scope="col" class="right">
              Readers
            </th>
            <th scope="col">What if it is</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <FieldEdit
              key={field.path}
              field={field}
              format={format}
              edit={edits.find((edit) => edit.op !== 'add' && edit.path === field.path)}
              gone={dropped.some((above) => inside(field.path, above))}
              total={total}
              set={(op, to) => change(field.path, op, to)}
            />
          ))}
        </tbody>
      </table>
      <TypeNames format={format} />
    </div>
  );
}

/* --- what would happen ----------------------------------------------------------------------------------------------------------- */

/* The last answer stays while the next one is on its way. */
function useImpact(body: Record<string, unknown> | null) {
  const answer = useLoad<Impact>(body && `impact ${JSON.stringify(body)}`, (abort) =>
    send<Impact>('POST', '/api/v1/impact', { body, signal: abort }),
  );
  const last = useRef<Impact>();
  if (answer.value) last.current = answer.value;
  if (body === null) last.current = undefined;
  return { answer, shown: answer.value ?? last.current };
}

function Result({ impact, stale, children }: { impact: Impact; stale: boolean; children: ComponentChildren }) {
  const { query } = place.use();
  if (impact.same) return <Notice title="That is the schema as it is">Nothing would change.</Notice>;
  const said = sentence(impact.sentence);
  return (
    <div class={stale ? 'stack stale-answer' : 'stack'} aria-busy={stale}>
      <section class="card stack answer" aria-labelledby="answer">
        <div class="row">
          <h2 id="answer" class="unseen">
            What would happen
          </h2>
          <ChangeClass of={impact.class} />
          {impact.semver && (
            <span class="small quiet num">
              {impact.semver_from} → {impact.semver}
            </span>
          )}
          {impact.violates_level && <span class="small">does not keep the promised {impact.level}</span>}
        </div>
        <p class="sentence" role="status">
          {said}.
        </p>
        <Tally counts={impact.summary} />
        {(impact.checks ?? []).map((check) => (
          <Notice key={check.code + check.detail} tone="bad" title={check.detail} />
        ))}
        {children}
      </section>
      <ImpactTable rows={impact.impact} findings={impact.findings} order={query.get('sort')} />
      <section class="stack tight" aria-labelledby="proof">
        <h2 id="proof">Why</h2>
        <FindingList findings={impact.findings} impact={impact.impact} />
      </section>
      {impact.alternatives.length > 0 && (
        <section class="stack tight" aria-labelledby="ways">
          <h2 id="ways">Gentler ways</h2>
          <div class="prose">
            <ul>
              {impact.alternatives.map((way) => (
                <li key={way}>{way}</li>
              ))}
            </ul>
          </div>
        </section>
      )}
    </div>
  );
}

/* --- together ------------------------------------------------------------------------------------------------------------------------ */

interface BenchProps {
  line: Line;
  version: LineVersion;
  fields: LineFields;
  revised?: Change /* an open change, whose schema is where one starts from */;
}

function Bench({ line, version, fields, revised }: BenchProps) {
  const { query } = place.use();
  const paste = revised !== undefined || query.get('as') === 'schema';
  const draft = `avow.lab ${revised?.id ?? line.id}`;
  const original = linesOf(revised?.candidate.text ?? version.text ?? '').join('\n');
  const [text, setText] = useState(() => sessionStorage.getItem(draft) ?? original);
  const [settled, setSettled] = useState(text);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (text === original) sessionStorage.removeItem(draft);
    else sessionStorage.setItem(draft, text);
    const timer = window.setTimeout(() => setSettled(text), 400);
    return () => window.clearTimeout(timer);
  }, [text]);
  const edits = readEdits(query);
  const asked = bodyOf(edits);
  const wrong = paste && (problemOf(settled) !== null || settled.trim() === '');
  const proposal: Record<string, unknown> | null = paste
    ? wrong || settled === original
      ? null
      : { schema: { format: version.format, text: settled, references: revised?.candidate.references } }
    : asked.length > 0
      ? { edits: asked }
      : null;
  const { answer, shown } = useImpact(proposal && { line: line.id, ...proposal });
  const rows = fields.items.filter((field) => field.role === 'value');
  const unknown = edits.filter((edit) => edit.op !== 'add' && !rows.some((row) => row.path === edit.path));
  return (
    <div class="lab">
      <section class="stack tight" aria-label="What if">
        <div class="row">
          {revised ? (
            <span class="quiet">
              The next revision of <a href={changeHref(revised.id)}>{revised.id}</a>
            </span>
          ) : (
            <Segments
              label="How to try"
              items={[
                { href: amended({ as: null }), label: 'Fields', current: !paste },
                { href: amended({ as: 'schema' }), label: 'Another schema', current: paste },
              ]}
            />
          )}
          <span class="grow" />
          {paste && text !== original && (
            <Button size="small" onClick={() => setText(original)}>
              As it is
            </Button>
          )}
          {!paste && edits.length > 0 && (
            <LinkButton size="small" href={editsHref([])}>
              As it is
            </LinkButton>
          )}
        </div>
        {paste ? (
          <Field label={revised ? `What ${revised.id} proposes in place of ${version.semver}` : `Schema in place of ${version.semver}`}>
            {(props) => <Editor props={props} value={text} onChange={setText} rows={24} />}
          </Field>
        ) : (
          <>
            {unknown.map((edit) => (
              <Notice key={edit.op + edit.path} tone="warn" title={`Version ${version.semver} has no field ${edit.path}`}>
                <a href={editsHref(edits.filter((other) => other !== edit))}>Leave it out</a>
              </Notice>
            ))}
            <FieldEdits fields={rows} format={version.format} edits={edits} total={line.consumers} />
            <Additions edits={edits} format={version.format} />
          </>
        )}
      </section>
      <div class="stack tight" aria-live="polite">
        {shown ? (
          <Result impact={shown} stale={answer.value === undefined}>
            {revised ? (
              <Revise change={revised} proposal={proposal} done={() => sessionStorage.removeItem(draft)} />
            ) : (
              <div class="row no-print">
                <Button kind="primary" icon="change" disabled={asOf() !== null} onClick={() => setOpen(true)}>
                  Open change from this
                </Button>
                <span class="small quiet">Nothing is stored until you do.</span>
              </div>
            )}
          </Result>
        ) : (
          !answer.failure && (
            <Empty title={proposal ? 'Asking' : 'Nothing is changed yet'} icon="flask">
              {!proposal && (
                <p>
                  {paste
                    ? wrong
                      ? 'The answer comes as soon as the text can be read.'
                      : 'Change the text, or paste another schema.'
                    : 'Tick a field to see what breaks without it, rename it, give it another type, or add one.'}{' '}
                  {plural(line.consumers, 'consumer is', 'consumers are')} asked at once.
                </p>
              )}
            </Empty>
          )
        )}
        <Refusal failure={answer.failure} />
      </div>
      <Dialog open={open} title={`Propose a change of ${line.id}`} onClose={() => setOpen(false)}>
        {shown && proposal && (
          <OpenChange
            line={line}
            impact={shown}
            proposal={proposal}
            title={titleOf(paste ? [] : edits, line.id)}
            onClose={() => setOpen(false)}
          />
        )}
      </Dialog>
    </div>
  );
}

export function Lab({ line }: { line: Line }) {
  const semver = line.current?.semver;
  const version = useGet<LineVersion>(semver ? `${api.line(line.id)}/versions/${encodeURIComponent(semver)}` : null);
  const fields = useGet<LineFields>(`${api.line(line.id)}/fields`);
  const revise = place.use().query.get('revise');
  const change = useGet<Change>(revise && changePath(revise));
  if (!semver)
    return (
      <Empty title="There is no schema to change yet" icon="flask">
        <p>The first version of {line.id} breaks nobody.</p>
        <LinkButton href={href(['register'], { subject: line.subjects[0]?.subject })}>Register a schema</LinkButton>
      </Empty>
    );
  if (line.state === 'removed' || line.state === 'sunset' || line.state === 'abandoned')
    return (
      <Empty title={`This line takes no new versions: it is ${line.state}`} icon="moon">
        <LinkButton href={lineHref(line.id)}>Show the event</LinkButton>
      </Empty>
    );
  return (
    <Show of={version} what="Loading the schema">
      {(found) => (
        <Show of={fields}>
          {(index) =>
            revise ? (
              <Show of={change} what="Loading the change">
                {(revised) => <Bench line={line} version={found} fields={index} revised={revised} />}
              </Show>
            ) : (
              <Bench line={line} version={found} fields={index} />
            )
          }
        </Show>
      )}
    </Show>
  );
}
