/* Any two schemas: does the one read what the other writes, and if not, which message shows it. */
import { useEffect, useState } from 'preact/hooks';
import { Button, Choice, Field, Page, Refusal } from '../../design/parts';
import { Failure, get } from '../../lib/api';
import { place } from '../../lib/router';
import { formatOf, type Version } from '../../lib/registry';
import { Editor, problemOf } from '../../schema/editor';
import { linesOf } from '../../schema/source';
import type { Format } from '../../schema/model';
import { ask, Changes, Findings, Verdict, type Report } from '../../schema/report';

/* "id:42" of the query becomes the text of that schema. */
function useStart(name: string, set: (text: string, format: Format) => void): void {
  const given = place.get().query.get(name);
  useEffect(() => {
    const found = /^id:(\d+)$/.exec(given ?? '');
    if (!found) return;
    get<Version>(`/schemas/ids/${found[1]}`).then(
      (version) => set(linesOf(version.schema).join('\n'), formatOf(version)),
      () => undefined,
    );
  }, []);
}

export function CheckPage() {
  const [reader, setReader] = useState('');
  const [writer, setWriter] = useState('');
  const [format, setFormat] = useState<Format>('AVRO');
  const [mode, setMode] = useState<'strict' | 'confluent'>('strict');
  const [report, setReport] = useState<Report | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  useStart('reader', (text, of) => (setReader(text), setFormat(of)));
  useStart('writer', (text, of) => (setWriter(text), setFormat(of)));
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    setReport(null);
    try {
      setReport((await ask({ reader: { schema: reader }, writer: { schema: writer }, format, mode })).value);
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  const wrong = [reader, writer].some((text) => text.trim() === '' || problemOf(text) !== null);
  return (
    <Page title="Compare schemas" lead="Does the reader understand everything that the writer may write? Nothing is stored.">
      <div class="stack wide">
        <form class="stack" onSubmit={submit}>
          <div class="columns">
            <Choice
              label="Format"
              value={format}
              onChange={setFormat}
              options={[
                ['AVRO', 'Avro'],
                ['JSON', 'JSON Schema'],
              ]}
            />
            <Choice
              label="Verdicts"
              value={mode}
              onChange={setMode}
              options={[
                ['strict', 'Strict: the truth, with a message that proves it'],
                ['confluent', "As Confluent's registry"],
              ]}
            />
          </div>
          <div class="columns">
            <Field label="Writer: the schema that messages are written with">
              {(props) => <Editor props={props} value={writer} onChange={setWriter} rows={14} />}
            </Field>
            <Field label="Reader: the schema that they are read with">
              {(props) => <Editor props={props} value={reader} onChange={setReader} rows={14} />}
            </Field>
          </div>
          <Refusal failure={failure} />
          <div>
            <Button kind="primary" type="submit" icon="check" busy={busy} disabled={wrong}>
              Compare
            </Button>
          </div>
        </form>
        {report && (
          <section class="stack" aria-label="Result">
            <Verdict report={report} yes="The reader understands everything" no="The reader does not understand everything" />
            {report.findings.length > 0 && (
              <Findings findings={report.findings} takeFix={(fixed) => setReader(linesOf(fixed).join('\n'))} />
            )}
            <h2>What changed from writer to reader</h2>
            <div class="card flush">
              <Changes changes={report.changes} judged={[{ findings: report.findings, reader: 'after' }]} />
            </div>
          </section>
        )}
      </div>
    </Page>
  );
}
