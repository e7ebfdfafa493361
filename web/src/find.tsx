/* The search field: a combobox over whatever lib/search.ts knows. "/" goes there from anywhere. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './design/icons';
import { useGet } from './lib/api';
import type { OnCall } from './lib/catalog';
import { useShortcut } from './lib/keys';
import { go } from './lib/router';
import { search, type Hit } from './lib/search';

const PAUSE_MS = 90;

/* Under the results: who answers for the one that is chosen, so that an incident needs no click. */
function Answers({ team, path }: { team: string; path: string }) {
  const { value } = useGet<{ oncall: OnCall | null }>(path);
  const now = value?.oncall?.current?.people ?? value?.oncall?.people;
  return (
    <p class="answers" role="status">
      <Icon name="bell" />
      <span>
        Team {team}
        {value && (
          <>
            , on call now: <strong>{now && now.length > 0 ? now.join(', ') : 'nobody'}</strong>
          </>
        )}
      </span>
    </p>
  );
}

export function Find() {
  const [text, setText] = useState('');
  const [hits, setHits] = useState<Hit[] | null>(null);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Search', () => input.current?.focus());

  useEffect(() => {
    const wanted = text.trim();
    if (wanted === '') {
      setHits(null);
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(
      () =>
        search(wanted, abort.signal).then((found) => {
          if (abort.signal.aborted) return;
          setHits(found);
          setAt(0);
        }),
      PAUSE_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);

  const close = () => {
    setText('');
    setHits(null);
  };
  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    go(hit.href);
    close();
    input.current?.blur();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const n = hits?.length ?? 0;
      if (n > 0) setAt((at + (event.key === 'ArrowDown' ? 1 : n - 1)) % n);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (hits) open(hits[at]);
      else void search(text.trim(), new AbortController().signal).then((found) => open(found[0]));
    } else if (event.key === 'Escape') {
      close();
      input.current?.blur();
    }
  };
  const shown = hits !== null && hits.length > 0;
  return (
    <div class="find" role="search" onFocusOut={(e) => !e.currentTarget.contains(e.relatedTarget as Node | null) && setHits(null)}>
      <Icon name="search" />
      <input
        ref={input}
        class="input"
        type="text"
        placeholder="Search"
        aria-label="Search"
        role="combobox"
        aria-expanded={shown}
        aria-controls="hits"
        aria-autocomplete="list"
        aria-activedescendant={shown ? `hit-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={onKey}
      />
      <kbd aria-hidden="true">/</kbd>
      <div class="hits" hidden={!shown}>
        <div id="hits" role="listbox" aria-label="Found">
          {hits?.map((hit, i) => (
            <div
              key={hit.href}
              class="hit"
              id={`hit-${i}`}
              role="option"
              aria-selected={i === at}
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => open(hit)}
              onMouseEnter={() => setAt(i)}
            >
              <Icon name={hit.icon} />
              <span class="mono">{hit.title}</span>
              {hit.note && <small>{hit.note}</small>}
            </div>
          ))}
        </div>
        {shown && hits[at]?.answers && <Answers {...hits[at].answers} />}
      </div>
      <span class="unseen" role="status">
        {hits && (hits.length === 0 ? 'Nothing found' : `${hits.length} found`)}
      </span>
    </div>
  );
}
