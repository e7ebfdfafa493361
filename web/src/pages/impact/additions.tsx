/* Fields that are not there yet: those that were thought of, and the next one. */
import { useRef, useState } from 'preact/hooks';
import { Button, Field, LinkButton, Name } from '../../design/parts';
import { go } from '../../lib/router';
import type { Format } from '../../schema/model';
import { editsHref, type Edit } from '../../workflow/edits';
import { typeNames } from './types';

const EMPTY = { name: '', type: 'string', fallback: '' };

function Added({ edit, edits }: { edit: Edit; edits: Edit[] }) {
  return (
    <li class="row">
      <span class="grow">
        <Name text={edit.path} /> <span class="small quiet">{edit.to}</span>
        {edit.fallback && <span class="small quiet"> = {edit.fallback}</span>}
      </span>
      <LinkButton size="small" href={editsHref(edits.filter((other) => other !== edit))}>
        Leave it out
      </LinkButton>
    </li>
  );
}

export function Additions({ edits, format }: { edits: Edit[]; format: Format }) {
  const [next, setNext] = useState(EMPTY);
  const form = useRef<HTMLFormElement>(null);
  const added = edits.filter(({ op }) => op === 'add');
  const add = (event: Event) => {
    event.preventDefault();
    const path = next.name.trim();
    const others = edits.filter((edit) => edit.op !== 'add' || edit.path !== path);
    go(editsHref([...others, { op: 'add', path, to: next.type.trim(), fallback: next.fallback.trim() }]), { replace: true });
    setNext({ ...EMPTY, type: next.type });
    form.current?.querySelector('input')?.focus();
  };
  const input = (key: keyof typeof EMPTY, label: string, hint: string, list?: string) => (
    <Field label={label}>
      {(props) => (
        <input
          class="input mono"
          {...props}
          required={key !== 'fallback'}
          value={next[key]}
          placeholder={hint}
          list={list}
          spellcheck={false}
          autocomplete="off"
          onInput={(e) => setNext({ ...next, [key]: e.currentTarget.value })}
        />
      )}
    </Field>
  );
  return (
    <section class="stack tight" aria-label="Added fields">
      {added.length > 0 && (
        <ul role="list" class="additions">
          {added.map((edit) => (
            <Added key={edit.path} edit={edit} edits={edits} />
          ))}
        </ul>
      )}
      <form class="filters" ref={form} onSubmit={add}>
        {input('name', 'Add a field', 'name')}
        {input('type', 'Type', 'type', typeNames(format))}
        {input('fallback', 'Default', 'none')}
        <Button type="submit" icon="plus">
          Add
        </Button>
      </form>
    </section>
  );
}
