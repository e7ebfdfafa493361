/* The parts that pages are made of. Each renders one accessible pattern; pages bring words and data. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Failure, Loaded } from '../lib/api';
import { ago, dayOf, daysAgo, momentOf } from '../lib/format';
import { amended, go, place } from '../lib/router';
import { toast } from '../lib/toast';
import { Icon, type IconName } from './icons';

type Kids = { children?: ComponentChildren };
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'accent' | 'mute';

/* --- actions -------------------------------------------------------------------------------------------------------------- */

type ButtonLook = { kind?: 'primary' | 'danger' | 'plain'; size?: 'small'; icon?: IconName; class?: string };
const look = ({ kind, size, class: extra }: ButtonLook, square = false) =>
  ['button', kind, size, square && 'square', extra].filter(Boolean).join(' ');

export function Button({
  kind,
  size,
  icon,
  class: extra,
  busy,
  children,
  ...rest
}: Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'size' | 'class'> & ButtonLook & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      class={look({ kind, size, class: extra })}
      aria-disabled={busy || undefined}
      onClick={busy ? (e) => e.preventDefault() : rest.onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/* A button that shows only an icon: the label is its name and its tip. */
export function IconButton({
  label,
  icon,
  size,
  ...rest
}: { label: string; icon: IconName; size?: 'small' } & Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'size' | 'class'>) {
  return (
    <button type="button" {...rest} class={look({ kind: 'plain', size }, true)} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}

export function LinkButton({
  href,
  kind,
  size,
  icon,
  class: extra,
  children,
  ...rest
}: { href: string } & ButtonLook & Kids & { 'aria-current'?: 'page' }) {
  return (
    <a href={href} {...rest} class={look({ kind, size, class: extra })}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast('Copied'),
      () => toast('The browser did not allow copying'),
    );
  return <IconButton icon="copy" label={label} size="small" onClick={copy} />;
}

/* --- words with a meaning --------------------------------------------------------------------------------------------------- */

export function Chip({ tone = 'mute', icon, title, children }: { tone?: Tone; icon: IconName; title?: string } & Kids) {
  return (
    <span class={`chip ${tone}`} title={title}>
      <Icon name={icon} />
      {children}
    </span>
  );
}

const classes: Record<string, [Tone, IconName, string]> = {
  breaking: ['bad', 'cross', 'Breaking'],
  risky: ['warn', 'warn', 'Risky'],
  safe: ['good', 'check', 'Safe'],
  documentation: ['info', 'info', 'Documentation'],
};

/* The class of a finding or of a difference. */
export function ClassChip({ of }: { of: string }) {
  const [tone, icon, word] = classes[of] ?? (['mute', 'dot', of] as const);
  return (
    <Chip tone={tone} icon={icon}>
      {word}
    </Chip>
  );
}

/* A name of code, which may break after a dot, a dash or an underscore rather than anywhere. */
export function Name({ text, class: extra }: { text: string; class?: string }) {
  return (
    <span class={`mono ${extra ?? ''}`}>
      {text.split(/(?<=[._\-/:])/).map((part, i) => (
        <>
          {i > 0 && <wbr />}
          {part}
        </>
      ))}
    </span>
  );
}

export const Tag = ({ children }: Kids) => <span class="tag">{children}</span>;

export function When({ at }: { at: string | number | Date }) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return <span>unknown</span>;
  if (typeof at === 'string' && at.length === 10)
    return (
      <time dateTime={at} title={dayOf(moment)} class="nowrap">
        {daysAgo(moment)}
      </time>
    );
  return (
    <time dateTime={moment.toISOString()} title={momentOf(moment)} class="nowrap">
      {ago(moment)}
    </time>
  );
}

export function Notice({
  tone = 'info',
  title,
  children,
  icon,
}: { tone?: 'good' | 'warn' | 'bad' | 'info'; title?: string; icon?: IconName } & Kids) {
  const icons: Record<string, IconName> = { good: 'check', warn: 'warn', bad: 'cross', info: 'info' };
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={icon ?? (icons[tone] as IconName)} />
      <div class="stack tight">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}

/* --- a page ------------------------------------------------------------------------------------------------------------------ */

export interface Crumb {
  label: string;
  href: string;
}

/* Title, path to it, actions; sets the document's title. The heading takes the focus when the page was reached by a link. */
export function Page({
  title,
  heading,
  crumbs,
  lead,
  actions,
  children,
}: { title: string; heading?: ComponentChildren; crumbs?: Crumb[]; lead?: ComponentChildren; actions?: ComponentChildren } & Kids) {
  useEffect(() => {
    document.title = `${title} · Avow`;
  }, [title]);
  return (
    <>
      <div class="page-head">
        <div class="grow">
          {crumbs && (
            <nav aria-label="Path">
              <ol role="list" class="crumbs">
                {crumbs.map((crumb) => (
                  <li key={crumb.href}>
                    <a href={crumb.href}>{crumb.label}</a>
                  </li>
                ))}
              </ol>
            </nav>
          )}
          <h1 tabIndex={-1}>{heading ?? title}</h1>
          {lead && <div class="lead">{lead}</div>}
        </div>
        {actions && <div class="acts no-print">{actions}</div>}
      </div>
      {children}
    </>
  );
}

export interface TabItem {
  href: string;
  label: string;
  count?: number;
  current: boolean;
}

/* Tabs have URLs, so they are links. */
export function Tabs({ label, items }: { label: string; items: TabItem[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {items.map((item) => (
        <a key={item.href} class="tab" href={item.href} aria-current={item.current ? 'page' : undefined}>
          {item.label}
          {item.count !== undefined && <span class="count num">{item.count}</span>}
        </a>
      ))}
    </nav>
  );
}

/* A few choices of which one holds; each is a link because each has a URL. */
export function Segments({ label, items }: { label: string; items: TabItem[] }) {
  return (
    <nav class="segments" aria-label={label}>
      {items.map((item) => (
        <a key={item.href} href={item.href} aria-current={item.current ? 'true' : undefined}>
          {item.label}
        </a>
      ))}
    </nav>
  );
}

/* --- states ------------------------------------------------------------------------------------------------------------------- */

export function Empty({ title, icon = 'info', children }: { title: string; icon?: IconName } & Kids) {
  return (
    <div class="state">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="unseen">{what}</span>
      <i />
      <i />
      <i />
      <i />
    </div>
  );
}

export function Failed({ failure, retry }: { failure: Failure; retry?: () => void }) {
  return (
    <div class="state failed" role="alert">
      <Icon name={failure.missing ? 'question' : 'warn'} />
      <h2>
        {failure.missing ? 'Not here' : failure.status === 0 ? 'No answer' : failure.status === 403 ? 'Not allowed' : 'This did not work'}
      </h2>
      <p>{failure.message}</p>
      {failure.more.next && <p>{failure.more.next}</p>}
      {retry && !failure.missing && <Button onClick={retry}>Try again</Button>}
      <p class="small">
        Code {failure.code}
        {failure.more.requestId && (
          <>
            {' · request '}
            <code>{failure.more.requestId}</code>
          </>
        )}
      </p>
    </div>
  );
}

/* What was loaded, or the state it is in instead. A value that is there stays while it is read again. */
export function Show<T>({ of, what, children }: { of: Loaded<T>; what?: string; children: (value: T) => ComponentChildren }) {
  if (of.value !== undefined) return <>{children(of.value)}</>;
  if (of.failure) return <Failed failure={of.failure} retry={of.reload} />;
  return <Loading what={what} />;
}

/* --- tables ------------------------------------------------------------------------------------------------------------------- */

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ComponentChildren;
  sort?: (a: T, b: T) => number /* sorted here */;
  head?: boolean /* the cell that names the row */;
  right?: boolean;
  narrow?: 'hide';
  unseen?: boolean /* the title is for screen readers */;
}

/* The order is in the query (`sort`, with "-" before it for descending). With `sorted`, the server did it and the rows stay as they came. */
export function Table<T>({
  caption,
  columns,
  rows,
  id,
  order,
  sorted,
  param = 'sort',
}: {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  id: (row: T) => string | number;
  order?: string | null;
  sorted?: boolean;
  param?: string;
}) {
  const down = order?.startsWith('-') ?? false;
  const by = order ? columns.find((column) => column.key === order.replace(/^-/, '')) : undefined;
  const shown = by?.sort && !sorted ? [...rows].sort((a, b) => (down ? -1 : 1) * (by.sort as (a: T, b: T) => number)(a, b)) : rows;
  const look = (column: Column<T>) =>
    [column.right && 'right', column.narrow === 'hide' && 'narrow-hide'].filter(Boolean).join(' ') || undefined;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                class={look(column)}
                aria-sort={column.sort ? (by !== column ? 'none' : down ? 'descending' : 'ascending') : undefined}
              >
                {column.sort ? (
                  <button
                    type="button"
                    class="sort"
                    onClick={() => go(amended({ [param]: by === column && !down ? `-${column.key}` : column.key }), { replace: true })}
                  >
                    {column.title}
                    <Icon name="sort" />
                  </button>
                ) : column.unseen ? (
                  <span class="unseen">{column.title}</span>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={id(row)} data-row>
              {columns.map((column) =>
                column.head ? (
                  <th key={column.key} scope="row" class={look(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} class={look(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/* Pages of a listing go forward by cursor; back is the browser's. */
export function Pager({ next }: { next: string | null }) {
  const later = place.use().query.has('cursor');
  if (!later && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {later ? (
        <LinkButton size="small" icon="left" href={amended({ cursor: null })}>
          First page
        </LinkButton>
      ) : (
        <span />
      )}
      {next !== null && (
        <LinkButton size="small" icon="right" href={amended({ cursor: next })}>
          Next page
        </LinkButton>
      )}
    </nav>
  );
}

/* --- forms -------------------------------------------------------------------------------------------------------------------- */

export interface ControlProps {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: 'true';
}

/* A label, a control that gets the ids, a hint, and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  wide,
  children,
}: {
  label: string;
  hint?: ComponentChildren;
  error?: string;
  wide?: boolean;
  children: (props: ControlProps) => ComponentChildren;
}) {
  const id = useId();
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={wide ? 'field wide' : 'field'}>
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': notes || undefined, 'aria-invalid': error ? 'true' : undefined })}
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error && (
        <div class="error" id={`${id}-error`}>
          <Icon name="warn" />
          {error}
        </div>
      )}
    </div>
  );
}

export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  hint,
  error,
}: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  hint?: ComponentChildren;
  error?: string;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <select class="input" {...props} value={value} onChange={(e) => onChange(e.currentTarget.value as T)}>
          {options.map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Check({ label, checked, onChange }: { label: ComponentChildren; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(e) => onChange(e.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/* What a form says when the server refused it. It takes the focus, so that nobody misses it. */
export function Refusal({ failure }: { failure: Failure | null | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failure) box.current?.focus();
  }, [failure]);
  if (!failure) return null;
  return (
    <div ref={box} tabIndex={-1}>
      <Notice tone="bad" title={failure.message}>
        {failure.more.next && <p>{failure.more.next}</p>}
        <span class="small quiet">Code {failure.code}</span>
      </Notice>
    </div>
  );
}

/* --- dialogs ------------------------------------------------------------------------------------------------------------------- */

export function Dialog({ open, title, onClose, children }: { open: boolean; title: string; onClose: () => void } & Kids) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose} onClick={(e) => e.target === e.currentTarget && onClose()}>
      {open && (
        <div class="inside">
          <div class="row">
            <h2 id={id} class="grow">
              {title}
            </h2>
            <IconButton icon="close" label="Close" size="small" onClick={onClose} />
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}

/* Asks before something that cannot be taken back; shows why it was refused. */
export function Confirm({
  open,
  title,
  action,
  danger,
  onClose,
  run,
  children,
}: { open: boolean; title: string; action: string; danger?: boolean; onClose: () => void; run: () => Promise<void> } & Kids) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const start = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await run();
      onClose();
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  return (
    <Dialog open={open} title={title} onClose={onClose}>
      <div class="prose">{children}</div>
      <Refusal failure={failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind={danger ? 'danger' : 'primary'} busy={busy} onClick={start}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
