/* What POST /api/v1/checks says, as people read it: what changed, who breaks, the message that proves it, the fix. */
import { Chip, ClassChip, Empty, Name } from '../design/parts';
import { Icon } from '../design/icons';
import { send, useLoad, type Loaded } from '../lib/api';
import { plural } from '../lib/format';
import { diff, words } from './diff';
import type { Format } from './model';
import { Source } from './source';

export interface Place {
  path?: string;
  pointer?: string;
  line?: number;
  column?: number;
}

export interface Witness {
  message?: unknown;
  hex?: string;
  refusal?: string;
  verified?: boolean;
}

export interface Finding {
  rule: string;
  class: string;
  reader?: Place;
  writer?: Place;
  sentence: string;
  witness?: Witness;
  fix?: string;
  fixed?: string;
}

export interface Change {
  change: string;
  class: string;
  fact?: string;
  before?: Place;
  after?: Place;
  from?: string;
  to?: string;
  sentence: string;
}

export interface Report {
  mode: string;
  compatible: boolean;
  verdict: 'compatible' | 'incompatible' | 'undecided';
  reason?: string;
  findings: Finding[];
  witness?: Witness;
  changes: Change[];
  semver?: string;
}

export type Side = { schema: string; references?: { name: string; schema: string }[] } | { subject: string; version: number | string };

export interface Question {
  reader: Side;
  writer: Side;
  format?: Format;
  mode?: 'strict' | 'confluent';
}

export const ask = (question: Question, abort?: AbortSignal) => send<Report>('POST', '/api/v1/checks', { body: question, signal: abort });

export const useReport = (question: Question | null): Loaded<Report> =>
  useLoad<Report>(question === null ? null : `check ${JSON.stringify(question)}`, (abort) => ask(question as Question, abort));

const order = ['breaking', 'risky', 'safe', 'documentation'];
const rank = (of: string) => (order.includes(of) ? order.indexOf(of) : order.length);

/* Long texts are shown as one, with the words that went and came marked. */
const isWords = (change: Change) =>
  change.from !== undefined && change.to !== undefined && change.from.length + change.to.length > 60 && /\s/.test(change.from + change.to);

function Reworded({ from, to }: { from: string; to: string }) {
  const gone = diff(words(from), words(to));
  const a = words(from);
  const b = words(to);
  return (
    <p class="reworded">
      {gone.map((edit, i) =>
        edit.kind === 'same' ? (
          a[edit.before as number]
        ) : edit.kind === 'del' ? (
          <del key={i}>{a[edit.before as number]}</del>
        ) : (
          <ins key={i}>{b[edit.after as number]}</ins>
        ),
      )}
    </p>
  );
}

/* A place and what happened to it, with both values where they are short; otherwise the sentence that the server wrote. */
function What({ change }: { change: Change }) {
  const place = change.after?.path || change.before?.path || 'the schema';
  if (isWords(change))
    return (
      <>
        <span>
          <Name text={place} />: {change.fact ?? 'text'} reworded
        </span>
        <Reworded from={change.from as string} to={change.to as string} />
      </>
    );
  if (change.from === undefined || change.to === undefined || change.from.length + change.to.length > 80)
    return <span>{change.sentence}</span>;
  return (
    <span class="values">
      <Name text={place} />
      <span class="how">{change.fact && change.fact !== 'name' ? change.fact : change.change}</span>
      <del>
        <span class="unseen">was </span>
        {change.from}
      </del>
      <Icon name="arrow" />
      <ins>
        <span class="unseen">is </span>
        {change.to}
      </ins>
    </span>
  );
}

/* Findings of a check between the two versions, and which of them was the reader. */
export interface Judged {
  findings: Finding[];
  reader: 'before' | 'after';
}

const within = (inner: string | undefined, outer: string | undefined) =>
  !!inner && !!outer && (inner === outer || inner.startsWith(`${outer}/`));

/* Whether somebody breaks by this change: a breaking finding is at its place, or names it where its place is the list of required members. */
function breaks(change: Change, { findings, reader }: Judged): boolean {
  const [read, written] = reader === 'after' ? [change.after, change.before] : [change.before, change.after];
  const names = [change.before, change.after].flatMap((place) => (place?.path ? [`"${place.path.split('.').pop()}"`] : []));
  return findings.some(
    (finding) =>
      finding.class === 'breaking' &&
      change.class !== 'documentation' &&
      (within(finding.reader?.pointer, read?.pointer) ||
        within(finding.writer?.pointer, written?.pointer) ||
        (/required$/.test(finding.reader?.pointer ?? '') && names.some((name) => finding.sentence.includes(name)))),
  );
}

/* What happened, where it is no trouble: that it is "safe" would be a verdict, and verdicts are the checks'. */
function KindChip({ of }: { of: string }) {
  const icon = /added/.test(of) ? 'plus' : /removed/.test(of) ? 'minus' : 'pencil';
  return <Chip icon={icon}>{of[0]?.toUpperCase() + of.slice(1)}</Chip>;
}

export function Changes({ changes, judged = [] }: { changes: Change[]; judged?: Judged[] }) {
  if (changes.length === 0) return <Empty title="Nothing that readers notice has changed" icon="check" />;
  const classOf = new Map(changes.map((change) => [change, judged.some((one) => breaks(change, one)) ? 'breaking' : change.class]));
  const sorted = [...changes].sort((a, b) => rank(classOf.get(a) as string) - rank(classOf.get(b) as string));
  return (
    <ul role="list" class="changes">
      {sorted.map((change, i) => (
        <li key={i} data-row>
          <span>{classOf.get(change) === 'safe' ? <KindChip of={change.change} /> : <ClassChip of={classOf.get(change) as string} />}</span>
          <div class="what">
            <What change={change} />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function Proof({ witness, of }: { witness: Witness; of: string }) {
  return (
    <div class="proof">
      <span class="small quiet">{witness.verified ? 'A message that breaks, tried and refused' : 'A message that breaks'}</span>
      <Source plain text={JSON.stringify(witness.message)} label={`A message that breaks: ${of}`} note="The writer may write" />
      {witness.refusal && (
        <span>
          <span class="quiet">The reader says: </span>
          {witness.refusal}
        </span>
      )}
      {witness.hex && (
        <span class="small quiet">
          In Avro's binary: <code>{witness.hex}</code>
        </span>
      )}
    </div>
  );
}

/* A place under a witness is JSON's own object: order and digits as the server printed them, but for numbers beyond 2^53. */
export function FindingCard({ finding, takeFix }: { finding: Finding; takeFix?: (fixed: string) => void }) {
  const at = finding.reader?.pointer || finding.writer?.pointer;
  return (
    <article class="finding" id={`finding-${finding.rule}`}>
      <div class="row">
        <ClassChip of={finding.class} />
        <code class="small quiet">{finding.rule}</code>
        {at && <code class="small quiet">{at}</code>}
      </div>
      <h3>{finding.sentence}</h3>
      {finding.witness && <Proof witness={finding.witness} of={finding.sentence} />}
      {finding.fix && (
        <p>
          <strong>What would help:</strong> {finding.fix}{' '}
          {finding.fixed && takeFix && (
            <button type="button" class="button small" onClick={() => takeFix(finding.fixed as string)}>
              Take this over
            </button>
          )}
        </p>
      )}
    </article>
  );
}

export function Findings({ findings, takeFix }: { findings: Finding[]; takeFix?: (fixed: string) => void }) {
  const shown = [...findings].sort((a, b) => rank(a.class) - rank(b.class));
  return (
    <div class="card flush">
      {shown.map((finding, i) => (
        <FindingCard key={i} finding={finding} takeFix={takeFix} />
      ))}
    </div>
  );
}

export function Verdict({ report, yes, no }: { report: Report; yes: string; no: string }) {
  const breaking = report.findings.filter((f) => f.class === 'breaking').length;
  const tone = report.verdict === 'compatible' ? 'good' : report.verdict === 'undecided' ? 'warn' : 'bad';
  return (
    <div class={`verdict ${tone}`} role="status">
      <Icon name={tone === 'good' ? 'check' : tone === 'warn' ? 'warn' : 'cross'} />
      <div>
        <h2>{report.verdict === 'compatible' ? yes : report.verdict === 'undecided' ? 'This could not be decided' : no}</h2>
        <p>
          {report.verdict === 'compatible'
            ? 'Every message that the writer may write can be read.'
            : report.verdict === 'undecided'
              ? (report.reason ?? 'The schemas are too large to be decided within the limits; treat it as a no.')
              : breaking > 0
                ? `${plural(breaking, 'reason')}, each with the place and a way out below.`
                : (report.reason ?? 'The reasons are below.')}
        </p>
      </div>
    </div>
  );
}
