/* From a trial to a change request: title, reason and plan are filled in, and can be said better. */
import { useState } from 'preact/hooks';
import { Button, Check, Choice, Field, Refusal } from '../../design/parts';
import { post, useGet } from '../../lib/api';
import { splitLine, type Line } from '../../lib/catalog';
import { go } from '../../lib/router';
import { changeHref, type Change, type Impact } from '../../workflow/model';
import { useAct } from '../../workflow/parts';
import { sentence } from '../../lib/format';

type Strategy = 'in_line' | 'new_line';

const dayAfter = (days: number): string => new Date(Date.now() + (days + 1) * 86400e3).toISOString().slice(0, 10);

export function OpenChange({
  line,
  impact,
  proposal,
  title: given,
  onClose,
}: {
  line: Line;
  impact: Impact;
  proposal: Record<string, unknown>;
  title: string;
  onClose: () => void;
}) {
  const breaking = impact.class === 'breaking';
  const { event, major } = splitLine(line.id);
  const policy = useGet<{ effective: { deprecation_min_days: number } }>(`/api/v1/policies/${encodeURIComponent(`event:${event}`)}`);
  const [title, setTitle] = useState(given);
  const [rationale, setRationale] = useState(`${sentence(impact.sentence)}.`);
  const [strategy, setStrategy] = useState<Strategy>(breaking ? 'new_line' : 'in_line');
  const [until, setUntil] = useState<string | null>(null);
  const [guide, setGuide] = useState('');
  const [draft, setDraft] = useState(false);
  const { busy, failure, act } = useAct();
  const days = policy.value?.effective.deprecation_min_days;
  const last = until ?? (days === undefined ? '' : dayAfter(days));
  const wrong = (name: string) => (failure?.more.field?.startsWith(name) ? failure.message : undefined);
  const taken = failure?.code === 'CHANGE_CONFLICT' ? /CR-\d+/.exec(failure.message)?.[0] : undefined;
  const submit = (event: Event) => {
    event.preventDefault();
    const plan: Record<string, unknown> = { strategy };
    if (strategy === 'new_line' && last) plan.dual_publish = { until: `${last}T00:00:00Z` };
    if (guide.trim()) plan.migration_guide = guide.trim();
    const body = { line: line.id, title: title.trim(), rationale: rationale.trim(), plan, draft, ...proposal };
    let made = '';
    void act(
      async () => {
        made = (await post<Change>('/api/v1/changes', body)).id;
      },
      draft ? 'Drafted' : 'Proposed',
    ).then((done) => done && go(changeHref(made)));
  };
  return (
    <form class="stack" onSubmit={submit}>
      <Field label="Title" error={wrong('title')}>
        {(props) => <input class="input" required {...props} value={title} onInput={(e) => setTitle(e.currentTarget.value)} />}
      </Field>
      <Field label="Reason" hint="What it is for. Those who are asked read it first; Markdown." error={wrong('rationale')}>
        {(props) => <textarea class="input" rows={3} {...props} value={rationale} onInput={(e) => setRationale(e.currentTarget.value)} />}
      </Field>
      <Choice<Strategy>
        label="How"
        value={strategy}
        onChange={setStrategy}
        error={wrong('plan.strategy')}
        hint={
          strategy === 'new_line'
            ? 'The new line comes at once and breaks nobody. The old one is retired when its consumers have agreed.'
            : breaking
              ? 'Nothing happens before everybody who would break has agreed.'
              : undefined
        }
        options={[
          ['in_line', `In line ${major} itself`],
          ['new_line', `As line ${major + 1}, beside it`],
        ]}
      />
      {strategy === 'new_line' && (
        <Field
          label="Both are produced until"
          hint={days !== undefined && `The policy gives consumers at least ${days} days.`}
          error={wrong('plan.dual_publish')}
        >
          {(props) => <input class="input" type="date" {...props} value={last} onInput={(e) => setUntil(e.currentTarget.value)} />}
        </Field>
      )}
      {breaking && (
        <Field label="How to move" hint="A link, or a sentence. Empty if there is nothing to say." error={wrong('plan.migration_guide')}>
          {(props) => <input class="input" {...props} value={guide} onInput={(e) => setGuide(e.currentTarget.value)} />}
        </Field>
      )}
      <Check label="Keep it as a draft: nobody is asked yet" checked={draft} onChange={setDraft} />
      <Refusal failure={failure?.more.field && !taken ? null : failure} />
      {taken && (
        <p>
          <a href={changeHref(taken)}>Look at {taken}</a>
        </p>
      )}
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={busy}>
          {draft ? 'Keep' : 'Submit'}
        </Button>
      </div>
    </form>
  );
}
