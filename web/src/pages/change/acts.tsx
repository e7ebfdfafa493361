/* What can be done with a change as a whole: apply, remind, adopt, withdraw, override. */
import { useState } from 'preact/hooks';
import { Button, Confirm, Dialog, Field, LinkButton, Notice, Refusal } from '../../design/parts';
import { post } from '../../lib/api';
import { lineHref } from '../../lib/catalog';
import { toast } from '../../lib/toast';
import { changePath, type Change } from '../../workflow/model';
import { useAct } from '../../workflow/parts';
import { Blockers } from './board';
import { sentence } from '../../lib/format';

function Override({ change, onClose }: { change: Change; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const [confirm, setConfirm] = useState('');
  const { busy, failure, act } = useAct();
  const wrong = (name: string) => (failure?.more.field === name ? failure.message : undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { reason, ticket: ticket || undefined, confirm };
    if (await act(() => post(`${changePath(change.id)}/override`, body), `${change.id} was overridden`)) onClose();
  };
  return (
    <form class="stack" onSubmit={submit}>
      <Notice tone="warn" title="This goes over the heads of those who were asked">
        They are told, with your name and reason, and both stay on this change for ever.
      </Notice>
      <Field label="Reason" hint="For everybody who is affected." error={wrong('reason')}>
        {(props) => <textarea class="input" required {...props} value={reason} onInput={(e) => setReason(e.currentTarget.value)} />}
      </Field>
      <Field label="Ticket" error={wrong('ticket')}>
        {(props) => <input class="input" {...props} value={ticket} onInput={(e) => setTicket(e.currentTarget.value)} />}
      </Field>
      <Field label={`Type ${change.line} to confirm`} error={wrong('confirm')}>
        {(props) => <input class="input mono" required {...props} value={confirm} onInput={(e) => setConfirm(e.currentTarget.value)} />}
      </Field>
      <Refusal failure={failure?.more.field ? null : failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" type="submit" busy={busy} disabled={confirm !== change.line || reason.trim() === ''}>
          Override
        </Button>
      </div>
    </form>
  );
}

export function Acts({ change, own, past }: { change: Change; own: boolean; past: boolean }) {
  const [asked, setAsked] = useState<'apply' | 'withdraw' | 'reject' | 'override' | null>(null);
  const { busy, failure, act } = useAct();
  const path = changePath(change.id);
  const close = () => setAsked(null);
  const codes = change.blockers.map((blocker) => blocker.code);
  const remindable = codes.includes('approval_missing') || codes.includes('undeliverable');
  const call = (verb: string, said: string) => async () => {
    await post(`${path}/${verb}`);
    toast(said);
  };
  const remind = () => act(() => post(`${path}/remind`), 'Those who have to decide were reminded');
  return (
    <section class="card stack" aria-labelledby="state">
      <h2 id="state">
        {change.state === 'draft' ? 'A draft' : change.blockers.length === 0 ? 'Nothing is in the way' : 'What is in the way'}
      </h2>
      {change.blockers.length > 0 && <Blockers blockers={change.blockers} />}
      {change.may_apply_now.length > 0 && !past && (
        <p class="small">
          <span class="quiet">Applying it now would </span>
          {change.may_apply_now.join(', then ')}.
        </p>
      )}
      <Refusal failure={failure} />
      <div class="wrap-acts no-print" hidden={past}>
        {change.state === 'draft' && (
          <Button kind="primary" busy={busy} onClick={() => void act(() => post(`${path}/open`), `${change.id} is open`)}>
            Open it
          </Button>
        )}
        {change.suggestion && (
          <Button kind="primary" busy={busy} onClick={() => void act(() => post(`${path}/adopt`), `${change.id} is adopted`)}>
            Adopt it
          </Button>
        )}
        {change.may_apply_now.length > 0 && (
          <Button kind="primary" icon="check" onClick={() => setAsked('apply')}>
            Apply
          </Button>
        )}
        {remindable && (
          <Button icon="bell" busy={busy} onClick={() => void remind()}>
            Remind
          </Button>
        )}
        {own && change.kind === 'schema' && (
          <LinkButton href={lineHref(change.line, 'impact', { revise: change.id })} icon="pencil">
            Revise
          </LinkButton>
        )}
        {own && <Button onClick={() => setAsked('withdraw')}>Withdraw</Button>}
        {own && change.suggestion && <Button onClick={() => setAsked('reject')}>Turn down</Button>}
        {change.you_can.some((way) => way.includes('override')) && (
          <Button kind="danger" onClick={() => setAsked('override')}>
            Override
          </Button>
        )}
      </div>
      <Confirm
        open={asked === 'apply'}
        title={`Apply ${change.id}`}
        action="Apply"
        onClose={close}
        run={call('apply', `${change.id}: done`)}
      >
        <ul>
          {change.may_apply_now.map((step) => (
            <li key={step}>{sentence(step)}</li>
          ))}
        </ul>
      </Confirm>
      <Confirm
        open={asked === 'withdraw'}
        title={`Withdraw ${change.id}`}
        action="Withdraw"
        danger
        onClose={close}
        run={call('withdraw', `${change.id} is withdrawn`)}
      >
        <p>Those who were asked need not decide any more. What was said stays here.</p>
      </Confirm>
      <Confirm
        open={asked === 'reject'}
        title={`Turn ${change.id} down`}
        action="Turn down"
        danger
        onClose={close}
        run={call('reject', `${change.id} is turned down`)}
      >
        <p>The suggestion is closed. What was said stays here.</p>
      </Confirm>
      <Dialog open={asked === 'override'} title={`Override ${change.id}`} onClose={close}>
        <Override change={change} onClose={close} />
      </Dialog>
    </section>
  );
}
