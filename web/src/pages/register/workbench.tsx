/* Write a schema, see what it means and whom it breaks, register it. The check comes first; registering without one is possible, as for
 * any client, and the server checks again either way. */
import { useEffect, useState } from 'preact/hooks';
import { Button, Choice, Field, IconButton, Notice, Refusal } from '../../design/parts';
import { Failure, get, useGet } from '../../lib/api';
import {
  checkAgainst,
  formatOf,
  paths,
  register,
  type Reference,
  type Submission,
  type Version,
  type VersionRow,
} from '../../lib/registry';
import { go, href } from '../../lib/router';
import { toast } from '../../lib/toast';
import { Editor, problemOf } from '../../schema/editor';
import { Fields } from '../../schema/fields';
import { linesOf } from '../../schema/source';
import { ask, Changes, Findings, Verdict, type Report } from '../../schema/report';
import type { Format } from '../../schema/model';

const examples: Record<Format, string> = {
  AVRO: '{\n  "type": "record",\n  "name": "OrderPlaced",\n  "namespace": "com.example.orders",\n  "fields": [\n    { "name": "order_id", "type": "string", "doc": "" }\n  ]\n}',
  JSON: '{\n  "$schema": "https://json-schema.org/draft/2020-12/schema",\n  "type": "object",\n  "properties": {\n    "order_id": { "type": "string", "description": "" }\n  },\n  "required": ["order_id"],\n  "additionalProperties": false\n}',
};

interface Outcome {
  of: string /* the text that was checked */;
  accepted: boolean;
  messages: string[];
  report: Report | null /* the latest version's messages, read with this schema; null: nothing to compare with */;
}

async function check(subject: string, body: Submission, latest: number | undefined): Promise<Outcome> {
  if (latest === undefined) return { of: body.schema, accepted: true, messages: [], report: null };
  const verdict = await checkAgainst(subject, body);
  let report: Report | null = null;
  if (!body.references?.length)
    report = (await ask({ reader: { schema: body.schema }, writer: { subject, version: latest }, format: body.schemaType })).value;
  return { of: body.schema, accepted: verdict.is_compatible, messages: verdict.messages ?? [], report };
}

function ReferenceRows({ value, onChange }: { value: Reference[]; onChange: (value: Reference[]) => void }) {
  const set = (i: number, change: Partial<Reference>) => onChange(value.map((row, j) => (i === j ? { ...row, ...change } : row)));
  return (
    <fieldset class="stack tight">
      <legend class="legend">References</legend>
      {value.map((row, i) => (
        <div class="row" key={i}>
          <Field label="Name in the schema">
            {(props) => <input class="input mono" {...props} value={row.name} onInput={(e) => set(i, { name: e.currentTarget.value })} />}
          </Field>
          <Field label="Subject">
            {(props) => (
              <input class="input mono" {...props} value={row.subject} onInput={(e) => set(i, { subject: e.currentTarget.value })} />
            )}
          </Field>
          <Field label="Version">
            {(props) => (
              <input
                class="input num"
                {...props}
                type="number"
                min={-1}
                value={row.version}
                onInput={(e) => set(i, { version: Number(e.currentTarget.value) })}
              />
            )}
          </Field>
          <IconButton icon="trash" label={`Remove reference ${row.name}`} onClick={() => onChange(value.filter((_, j) => j !== i))} />
        </div>
      ))}
      <div>
        <Button size="small" icon="plus" onClick={() => onChange([...value, { name: '', subject: '', version: -1 }])}>
          Add a reference
        </Button>
      </div>
    </fieldset>
  );
}

function Result({ outcome, level, stale, takeFix }: { outcome: Outcome; level: string; stale: boolean; takeFix: (text: string) => void }) {
  const { report } = outcome;
  return (
    <section class="stack" aria-label="Result of the check">
      {stale && <Notice tone="warn">The text has changed since. Check it again.</Notice>}
      <div class={`notice ${outcome.accepted ? 'good' : 'bad'}`} role="status">
        <span />
        <div class="stack tight">
          <strong>{outcome.accepted ? 'This would be registered' : 'This would be refused'}</strong>
          {report === null && outcome.accepted && <span>There is no earlier version that it has to fit.</span>}
          {!outcome.accepted && <span>The subject's level is {level}.</span>}
          {!outcome.accepted && outcome.messages.length > 0 && (
            <details>
              <summary>What the registry API says</summary>
              <ul>
                {outcome.messages.map((message, i) => (
                  <li key={i}>
                    <code>{message}</code>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </div>
      {report && (
        <>
          <Verdict report={report} yes="It reads all that the latest version wrote" no="It cannot read all that the latest version wrote" />
          {report.verdict !== 'compatible' && (
            <Findings findings={report.findings.filter((f) => f.class === 'breaking')} takeFix={takeFix} />
          )}
          <h2>What changes</h2>
          <div class="card flush">
            <Changes changes={report.changes} judged={[{ findings: report.findings, reader: 'after' }]} />
          </div>
        </>
      )}
    </section>
  );
}

export function Workbench({ subject: given, rows = [], selected }: { subject?: string; rows?: VersionRow[]; selected?: VersionRow }) {
  const [subject, setSubject] = useState(given ?? '');
  const [format, setFormat] = useState<Format>(selected?.format ?? 'AVRO');
  const [text, setText] = useState(given === undefined ? examples.AVRO : '');
  const [references, setReferences] = useState<Reference[]>([]);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const base = useGet<Version>(selected ? paths.version(given as string, selected.version) : null, { deleted: true });
  const config = useGet<{ compatibilityLevel?: string }>(given ? paths.config(given) : null, { defaultToGlobal: true });

  useEffect(() => {
    if (!base.value || text !== '') return;
    setText(linesOf(base.value.schema).join('\n'));
    setFormat(formatOf(base.value));
    setReferences(base.value.references ?? []);
  }, [base.value]);

  const submission = (): Submission => ({ schema: text, schemaType: format, references: references.filter((r) => r.name !== '') });
  const start = async (work: () => Promise<void>) => {
    setMissing(subject === '');
    if (busy || subject === '') return;
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (reason) {
      setFailure(reason instanceof Failure ? reason : new Failure(0, 'PAGE', String(reason)));
    }
    setBusy(false);
  };
  const onCheck = () =>
    start(async () => {
      let latest = rows.find((row) => !row.deleted)?.version;
      if (given === undefined)
        latest = await get<Version>(paths.version(subject, 'latest')).then(
          (version) => version.version,
          () => undefined,
        );
      setOutcome(await check(subject, submission(), latest));
    });
  const onRegister = () =>
    start(async () => {
      const { id } = await register(subject, submission());
      toast(`Registered with id ${id}`);
      go(href(['subjects', subject]));
    });
  const takeFormat = (next: Format) => {
    if (text === examples[format]) setText(examples[next]);
    setFormat(next);
  };
  const wrong = problemOf(text) !== null || text.trim() === '';
  return (
    <div class="stack wide">
      <form class="stack" onSubmit={(e) => (e.preventDefault(), void onCheck())}>
        {given === undefined && (
          <div class="columns">
            <Field label="Subject" error={missing ? 'Name the subject that this is to be a version of.' : undefined}>
              {(props) => (
                <input
                  class="input mono"
                  {...props}
                  value={subject}
                  autocomplete="off"
                  spellcheck={false}
                  placeholder="orders-value"
                  onInput={(e) => setSubject(e.currentTarget.value)}
                />
              )}
            </Field>
            <Choice
              label="Format"
              value={format}
              onChange={takeFormat}
              options={[
                ['AVRO', 'Avro'],
                ['JSON', 'JSON Schema'],
              ]}
            />
          </div>
        )}
        <Field label="Schema">{(props) => <Editor props={props} value={text} onChange={setText} />}</Field>
        <ReferenceRows value={references} onChange={setReferences} />
        <Refusal failure={failure} />
        <div class="row">
          <Button kind="primary" type="submit" icon="check" busy={busy} disabled={wrong}>
            Check
          </Button>
          <Button busy={busy} disabled={wrong} onClick={() => void onRegister()}>
            Register
          </Button>
        </div>
      </form>
      {outcome && (
        <Result
          outcome={outcome}
          level={config.value?.compatibilityLevel ?? 'what the registry says'}
          stale={outcome.of !== text}
          takeFix={(fixed) => setText(linesOf(fixed).join('\n'))}
        />
      )}
      {!wrong && (
        <details>
          <summary>Preview as fields</summary>
          <Fields text={text} format={format} />
        </details>
      )}
    </div>
  );
}
