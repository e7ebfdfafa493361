/* What the pages of changes show alike: states, verdicts, findings with their proof, who is affected. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ServiceLink } from '../catalog/parts';
import { Icon, type IconName } from '../design/icons';
import { Chip, ClassChip, Empty, Table, When, type Column, type Tone } from '../design/parts';
import type { Failure } from '../lib/api';
import { forget } from '../lib/api';
import { dayOf, plural } from '../lib/format';
import { toast } from '../lib/toast';
import { Source } from '../schema/source';
import type { Counterexample, Finding, ImpactRow } from './model';
import './workflow.css';

type Words = Record<string, readonly [Tone, IconName, string]>;

function WordChip({ of, words, title }: { of: string; words: Words; title?: string }) {
  const [tone, icon, word] = words[of] ?? (['mute', 'dot', of.replace(/_/g, ' ')] as const);
  return (
    <Chip tone={tone} icon={icon} title={title}>
      {word}
    </Chip>
  );
}

const states: Words = {
  draft: ['mute', 'pencil', 'Draft'],
  open: ['info', 'change', 'Open'],
  applied: ['good', 'check', 'Applied'],
  rejected: ['bad', 'cross', 'Rejected'],
  withdrawn: ['mute', 'minus', 'Withdrawn'],
  expired: ['mute', 'clock', 'Expired'],
};
export const ChangeState = ({ of }: { of: string }) => <WordChip of={of} words={states} />;

const verdicts: Words = {
  broken: ['bad', 'cross', 'Broken'],
  unknown: ['warn', 'question', 'Unknown'],
  at_risk: ['warn', 'warn', 'At risk'],
  unaffected: ['good', 'check', 'Unaffected'],
};
export const VerdictChip = ({ of, title }: { of: string; title?: string }) => <WordChip of={of} words={verdicts} title={title} />;

const statuses: Words = {
  waiting: ['warn', 'clock', 'Waiting'],
  approved: ['good', 'check', 'Approved'],
  acknowledged: ['good', 'eye', 'Acknowledged'],
  not_affected: ['good', 'check', 'Not affected'],
  changes_requested: ['bad', 'pencil', 'Changes requested'],
  rejected: ['bad', 'cross', 'Rejected'],
  escalated: ['warn', 'bell', 'Escalated'],
};
export const StatusChip = ({ of }: { of: string }) => <WordChip of={of} words={statuses} />;

const classes: Words = {
  compatible: ['good', 'check', 'Compatible'],
  none: ['mute', 'dot', 'No effect'],
};
export const ChangeClass = ({ of }: { of: string }) => (classes[of] ? <WordChip of={of} words={classes} /> : <ClassChip of={of} />);

export const BLOCKERS: Record<string, string> = {
  checks_failed: 'checks fail',
  not_adopted: 'not adopted',
  conflict: 'the line has moved',
  freeze_window: 'frozen',
  changes_requested: 'changes requested',
  approval_missing: 'approvals missing',
  undeliverable: 'not everybody is told',
  notice_running: 'notice period',
  not_before: 'agreed for later',
  dual_publish_unmet: 'new line is not there',
};
export const blockerText = (code: string) => BLOCKERS[code] ?? code.replace(/_/g, ' ');

const EVIDENCE: Record<string, [string, string]> = {
  reader_schema: ['reader schema', 'It attached the schema that it reads with: this is the truth'],
  declared_fields: ['declared fields', 'It said which fields it reads'],
  observed: ['seen reading', 'It was seen, and said nothing'],
  none: ['nothing declared', 'It did not say what it reads'],
};
export const evidenceText = (of: string) => EVIDENCE[of]?.[0] ?? of.replace(/_/g, ' ');

/* A date of one's choice reads as a date; how far it is away is its tip. */
export const Day = ({ at }: { at: string }) => (
  <time dateTime={at} class="nowrap">
    {dayOf(new Date(at))}
  </time>
);

export function Due({ at }: { at: string | null }) {
  if (!at) return <span class="quiet">none</span>;
  if (new Date(at).getTime() >= Date.now()) return <When at={at} />;
  return (
    <Chip tone="bad" icon="clock">
      overdue, <When at={at} />
    </Chip>
  );
}

/* --- proof -------------------------------------------------------------------------------------------------------------------- */

export function Proof({ of, about }: { of: Counterexample; about: string }) {
  return (
    <div class="proof">
      <span class="small quiet">{of.verified ? 'A message that breaks, tried and refused' : 'A message that breaks'}</span>
      <Source
        plain
        text={JSON.stringify(of.value)}
        label={`A message that breaks: ${about}`}
        note={`Written by ${of.accepted_by ?? 'the writer'}`}
      />
      {of.reader_error && (
        <span>
          <span class="quiet">{of.rejected_by ? <code class="small">{of.rejected_by}</code> : 'The reader'} says: </span>
          {of.reader_error}
        </span>
      )}
    </div>
  );
}

const DIRECTIONS: Record<string, string> = {
  'reader-old': 'old readers, new messages',
  'reader-new': 'new readers, old messages',
};

/* Anchored by its fingerprint, which stays the same as long as it is about the same. */
export function FindingCard({ finding, hit, children }: { finding: Finding; hit?: string[]; children?: ComponentChildren }) {
  return (
    <article class="finding" id={finding.fingerprint}>
      <div class="row">
        <ClassChip of={finding.class} />
        {finding.path && <code class="small">{(finding.paths ?? [finding.path]).join(', ')}</code>}
        <span class="small quiet grow">
          {finding.rule}
          {DIRECTIONS[finding.direction] && ` · ${DIRECTIONS[finding.direction]}`}
        </span>
        <a class="small quiet no-print" href={`#${finding.fingerprint}`} aria-label={`Link to this finding, ${finding.fingerprint}`}>
          <Icon name="link" />
        </a>
      </div>
      <h3>{finding.message}</h3>
      {hit && hit.length > 0 && (
        <p class="small">
          Hits{' '}
          {hit.map((service, i) => (
            <>
              {i > 0 && ', '}
              <ServiceLink slug={service} />
            </>
          ))}
        </p>
      )}
      {finding.counterexample && <Proof of={finding.counterexample} about={finding.message} />}
      {finding.hint && (
        <p>
          <strong>What would help:</strong> {finding.hint}
        </p>
      )}
      {children}
    </article>
  );
}

const order = ['breaking', 'risky', 'documentation', 'safe'];
const rank = (of: string) => (order.includes(of) ? order.indexOf(of) : order.length);

/* What breaks is shown; what does not is counted, and one click away. */
export function FindingList({ findings, impact }: { findings: Finding[]; impact: ImpactRow[] }) {
  const wanted = window.location.hash.slice(1);
  const sorted = [...findings].sort((a, b) => rank(a.class) - rank(b.class));
  const loud = sorted.filter((finding) => finding.class !== 'safe');
  const quiet = sorted.filter((finding) => finding.class === 'safe');
  const hit = (finding: Finding) =>
    impact.filter((row) => row.verdict !== 'unaffected' && row.because.includes(finding.fingerprint)).map((row) => row.service);
  const cards = (some: Finding[]) => some.map((finding) => <FindingCard key={finding.fingerprint} finding={finding} hit={hit(finding)} />);
  if (findings.length === 0) return <p class="quiet">Nothing that a reader or a writer would notice.</p>;
  return (
    <div class="stack">
      {loud.length > 0 && <div class="card flush">{cards(loud)}</div>}
      {quiet.length > 0 && (
        <details class="fold" open={quiet.some((finding) => finding.fingerprint === wanted) || loud.length === 0}>
          <summary>{plural(quiet.length, 'difference that does', 'differences that do')} no harm</summary>
          <div class="card flush">{cards(quiet)}</div>
        </details>
      )}
    </div>
  );
}

/* --- who is affected ------------------------------------------------------------------------------------------------------------ */

const verdictOrder = ['broken', 'unknown', 'at_risk', 'unaffected'];

function lastSeen(row: ImpactRow) {
  const found = Object.entries(row.last_seen ?? {}).sort((a, b) => b[1].localeCompare(a[1]))[0];
  return found ? (
    <>
      <When at={found[1]} /> <span class="quiet small">{found[0]}</span>
    </>
  ) : (
    <span class="quiet">never</span>
  );
}

function Because({ row, findings }: { row: ImpactRow; findings: Finding[] }) {
  const paths = new Map(findings.filter((f) => row.because.includes(f.fingerprint)).map((f) => [f.path || f.rule, f.fingerprint]));
  if (paths.size === 0)
    return (
      <span class="quiet small">{row.note ?? (row.verdict === 'unaffected' ? 'nothing that it reads' : evidenceText(row.evidence))}</span>
    );
  return (
    <span class="small">
      {[...paths].map(([path, fingerprint], i) => (
        <>
          {i > 0 && ', '}
          <a href={`#${fingerprint}`}>
            <code>{path}</code>
          </a>
        </>
      ))}
    </span>
  );
}

const columns = (findings: Finding[]): Column<ImpactRow>[] => [
  {
    key: 'service',
    title: 'Service',
    head: true,
    sort: (a, b) => a.service.localeCompare(b.service),
    cell: (row) => (
      <>
        <ServiceLink slug={row.service} />
        <div class="small quiet">
          {row.team}
          {row.criticality === 'informational' && ' · informational'}
        </div>
      </>
    ),
  },
  {
    key: 'verdict',
    title: 'Effect',
    sort: (a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict) || a.service.localeCompare(b.service),
    cell: (row) => (
      <span class="row">
        <VerdictChip of={row.verdict} />
        {row.stale && (
          <Chip icon="moon" title="No sign of life for long: it is not asked">
            stale
          </Chip>
        )}
      </span>
    ),
  },
  { key: 'because', title: 'Because of', cell: (row) => <Because row={row} findings={findings} /> },
  {
    key: 'evidence',
    title: 'Evidence',
    narrow: 'hide',
    sort: (a, b) => a.evidence.localeCompare(b.evidence),
    cell: (row) => <span title={EVIDENCE[row.evidence]?.[1]}>{evidenceText(row.evidence)}</span>,
  },
  { key: 'seen', title: 'Last seen', narrow: 'hide', cell: lastSeen },
];

export function ImpactTable({ rows, findings, order: sort }: { rows: ImpactRow[]; findings: Finding[]; order?: string | null }) {
  if (rows.length === 0)
    return (
      <Empty title="Nobody has declared to read this" icon="service">
        <p>No consumer is registered for the line, so nobody has to be asked.</p>
      </Empty>
    );
  return (
    <Table
      caption="Services and what becomes of them"
      columns={columns(findings)}
      rows={rows}
      id={(row) => row.consumption}
      order={sort ?? 'verdict'}
    />
  );
}

const COUNTED = ['broken', 'unknown', 'at_risk', 'unaffected'] as const;

export function Tally({ counts }: { counts: Record<string, number> }) {
  return (
    <ul role="list" class="tally">
      {COUNTED.map((verdict) => (
        <li key={verdict} class={`${verdict} ${counts[verdict] ? '' : 'zero'}`}>
          <strong class="num">{counts[verdict] ?? 0}</strong>
          <span>{(verdicts[verdict]?.[2] ?? verdict).toLowerCase()}</span>
        </li>
      ))}
    </ul>
  );
}

/* --- doing something ----------------------------------------------------------------------------------------------------------- */

/* One call at a time: whether it runs, why it was refused, and what is said when it worked. */
export function useAct() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const act = async (call: () => Promise<unknown>, said: string): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setFailure(null);
    try {
      await call();
      forget();
      toast(said);
      setBusy(false);
      return true;
    } catch (reason) {
      setFailure(reason as Failure);
      setBusy(false);
      return false;
    }
  };
  return { busy, failure, act, clear: () => setFailure(null) };
}
