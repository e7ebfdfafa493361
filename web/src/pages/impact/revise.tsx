/* The next revision of a change: who agreed already keeps their word, unless it is worse for them than what they saw. */
import { Button, Refusal } from '../../design/parts';
import { post } from '../../lib/api';
import { asOf, go } from '../../lib/router';
import { changeHref, changePath, type Change } from '../../workflow/model';
import { useAct } from '../../workflow/parts';

export function Revise({ change, proposal, done }: { change: Change; proposal: Record<string, unknown> | null; done: () => void }) {
  const { busy, failure, act } = useAct();
  const submit = async () => {
    const said = `${change.id} has its revision ${change.revision + 1}`;
    if (!(await act(() => post(`${changePath(change.id)}/revisions`, proposal ?? {}), said))) return;
    done();
    go(changeHref(change.id));
  };
  return (
    <div class="stack tight no-print">
      <div class="row">
        <Button kind="primary" icon="change" busy={busy} disabled={asOf() !== null || proposal === null} onClick={() => void submit()}>
          {`Propose as revision ${change.revision + 1}`}
        </Button>
        <span class="small quiet">Approvals stay, but of those for whom it gets worse.</span>
      </div>
      <Refusal failure={failure} />
    </div>
  );
}
