/* Level, verdicts and mode of a scope: a subject, a context, or everything. Shown, changed, and left to what is above. */
import { useEffect, useState } from 'preact/hooks';
import { Button, Chip, Choice, Failed, Loading, Notice, Refusal, Table } from '../../design/parts';
import { Failure, send, useGet } from '../../lib/api';
import { LEVELS, MODES, levelName, modeName, paths, type Config } from '../../lib/registry';
import { toast } from '../../lib/toast';

const NONE = '';

function Effect({ level }: { level: string }) {
  const [, , words] = LEVELS.find(([name]) => name === level) ?? ['', '', ''];
  return <>{words}</>;
}

interface Draft {
  level: string;
  verdict: string;
  mode: string;
}

/* Each of the three is sent only when it was changed, so that nobody overwrites what somebody else just set. */
async function save(scope: string | undefined, before: Draft, draft: Draft, force: boolean): Promise<void> {
  const body: Record<string, string | null> = {};
  if (draft.level !== before.level) body.compatibility = draft.level || null;
  if (draft.verdict !== before.verdict) body.verdictMode = draft.verdict || null;
  if (Object.keys(body).length > 0) await send('PUT', paths.config(scope), { body });
  if (draft.mode === before.mode) return;
  if (draft.mode === NONE) await send('DELETE', paths.mode(scope));
  else await send('PUT', paths.mode(scope), { body: { mode: draft.mode }, query: { force: force || null } });
}

const own = (config: Config | undefined, mode: { mode: string } | undefined): Draft => ({
  level: config?.compatibilityLevel ?? NONE,
  verdict: config?.verdictMode ?? NONE,
  mode: mode?.mode ?? NONE,
});

function Form({ scope, before, holds, inherits }: { scope: string | undefined; before: Draft; holds: Draft; inherits: string }) {
  /* Only what was changed: what holds may be loaded again meanwhile, and nothing that was chosen is lost by it. */
  const [edits, setEdits] = useState<Partial<Draft>>({});
  const draft = { ...before, ...edits };
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    setEdits((old) => Object.fromEntries(Object.entries(old).filter(([name, value]) => before[name as keyof Draft] !== value)));
  }, [before.level, before.verdict, before.mode]);
  const dirty = draft.level !== before.level || draft.verdict !== before.verdict || draft.mode !== before.mode;
  const submit = async (event: Event, force = false) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await save(scope, before, draft, force);
      toast('Saved');
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  const inherited = (what: string) => `As ${inherits} says: ${what}`;
  return (
    <form class="form" onSubmit={submit}>
      <Refusal failure={failure} />
      <Choice
        label="Compatibility level"
        value={draft.level}
        onChange={(level) => setEdits({ ...edits, level })}
        options={[
          [NONE, before.level === NONE ? inherited(levelName(holds.level)) : `As ${inherits} says`],
          ...LEVELS.map(([name, text]) => [name, text] as const),
        ]}
        hint={<Effect level={draft.level || holds.level} />}
      />
      <Choice
        label="Verdicts"
        value={draft.verdict}
        onChange={(verdict) => setEdits({ ...edits, verdict })}
        options={[
          [
            NONE,
            before.verdict === NONE ? inherited(holds.verdict === 'STRICT' ? 'Strict' : 'As Confluent’s registry') : `As ${inherits} says`,
          ],
          ['CONFLUENT', 'As Confluent’s registry'],
          ['STRICT', 'Strict'],
        ]}
        hint="Strict verdicts are the truth: each no comes with a message that really breaks. The others are those that Confluent's registry gives, for drop-in use."
      />
      <Choice
        label="Mode"
        value={draft.mode}
        onChange={(mode) => setEdits({ ...edits, mode })}
        options={[
          [NONE, before.mode === NONE ? inherited(modeName(holds.mode)) : `As ${inherits} says`],
          ...MODES.filter(([name]) => scope === undefined || name !== 'FORWARD').map(([name, text]) => [name, text] as const),
        ]}
        hint={MODES.find(([name]) => name === (draft.mode || holds.mode))?.[2]}
      />
      {draft.mode === 'IMPORT' && before.mode !== 'IMPORT' && (
        <Notice tone="warn" title="Importing switches the checks off">
          <p>Where there are live subjects the server refuses this; forcing it leaves them as they are.</p>
          <Button size="small" kind="danger" onClick={(e) => void submit(e, true)}>
            Force it
          </Button>
        </Notice>
      )}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={!dirty}>
          Save
        </Button>
        {dirty && <Button onClick={() => setEdits({})}>Undo</Button>}
      </div>
    </form>
  );
}

export function ConfigCard({ scope, inherits }: { scope: string | undefined; inherits: string }) {
  const config = useGet<Config>(paths.config(scope));
  const mode = useGet<{ mode: string }>(paths.mode(scope));
  const wholeConfig = useGet<Config>(paths.config(scope), { defaultToGlobal: true });
  const wholeMode = useGet<{ mode: string }>(paths.mode(scope), { defaultToGlobal: true });
  const all = [config, mode, wholeConfig, wholeMode];
  const broken = all.find((one) => one.failure && one.failure.status !== 404);
  if (broken?.failure) return <Failed failure={broken.failure} retry={broken.reload} />;
  if (all.some((one) => one.loading && one.value === undefined)) return <Loading what="Loading level and mode" />;
  const before = own(config.value, mode.value);
  const holds: Draft = {
    level: wholeConfig.value?.compatibilityLevel ?? 'BACKWARD',
    verdict: wholeConfig.value?.verdictMode ?? 'CONFLUENT',
    mode: wholeMode.value?.mode ?? 'READWRITE',
  };
  return (
    <div class="columns config">
      <section class="card" aria-label="Level and mode">
        <Form key={scope ?? ''} scope={scope} before={before} holds={holds} inherits={inherits} />
      </section>
      <section class="stack tight">
        <h2>What the levels promise</h2>
        <Table
          caption="Levels of compatibility"
          rows={LEVELS}
          id={([name]) => name}
          columns={[
            {
              key: 'level',
              title: 'Level',
              head: true,
              cell: ([name, text]) => (
                <>
                  {text}{' '}
                  {name === (before.level || holds.level) && (
                    <Chip tone="accent" icon="check">
                      holds
                    </Chip>
                  )}
                </>
              ),
            },
            { key: 'words', title: 'Promise', cell: ([, , words]) => words },
          ]}
        />
      </section>
    </div>
  );
}
