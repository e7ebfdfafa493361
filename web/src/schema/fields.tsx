/* A schema as a table of its fields. `more` adds columns of what somebody knows about a field (who reads it, a menu). */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Chip, Empty, Name, Notice } from '../design/parts';
import { modelOf, type FieldRow, type Format } from './model';

export interface FieldColumn {
  title: string;
  cell: (row: FieldRow) => ComponentChildren;
  right?: boolean;
}

const anchor = (path: string) => `field-${encodeURIComponent(path)}`;

/* A field may be called "constructor": only what the map has itself counts. */
const tagsAt = (path: string, tags: Record<string, string[]> = {}): string[] => (Object.hasOwn(tags, path) ? (tags[path] as string[]) : []);

function Words({ row }: { row: FieldRow }) {
  return (
    <>
      {row.doc && <p>{row.doc}</p>}
      {row.notes.length > 0 && <p class="meta">{row.notes.join(' · ')}</p>}
      {row.symbols.length > 0 && (
        <div class="symbols">
          {row.symbols.slice(0, 40).map((symbol) => (
            <span class="tag mono" key={symbol}>
              {symbol}
            </span>
          ))}
          {row.symbols.length > 40 && <span class="meta">and {row.symbols.length - 40} more</span>}
        </div>
      )}
    </>
  );
}

function Type({ row }: { row: FieldRow }) {
  return (
    <>
      <span class="type">{row.type}</span>
      {row.nullable && <span class="meta"> or null</span>}
    </>
  );
}

function Presence({ row }: { row: FieldRow }) {
  if (row.default !== undefined)
    return (
      <span class="meta">
        default <code>{row.default.length > 40 ? `${row.default.slice(0, 39)}…` : row.default}</code>
      </span>
    );
  return row.required ? <>required</> : <span class="meta">optional</span>;
}

export function Fields({
  text,
  format,
  tags,
  more = [],
}: {
  text: string;
  format: Format;
  tags?: Record<string, string[]>;
  more?: FieldColumn[];
}) {
  const model = useMemo(() => modelOf(text, format), [text, format]);
  if (model === null) return <Empty title="This text cannot be read as a schema" icon="warn" />;
  return (
    <div class="stack tight">
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Fields">
        <table class="fields">
          <caption class="unseen">Fields of {model.title}</caption>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col" class="narrow-hide">
                Type
              </th>
              <th scope="col" class="narrow-hide">
                Presence
              </th>
              <th scope="col">What it means</th>
              {more.map((column) => (
                <th key={column.title} scope="col" class={column.right ? 'right' : undefined}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {model.rows.map((row) => (
              <tr key={row.pointer + row.path} id={anchor(row.path)} data-row class={`d${Math.min(row.depth, 6)}`}>
                <th scope="row">
                  <span class="name" title={row.path}>
                    <a href={`#${anchor(row.path)}`}>
                      <Name text={row.name} />
                    </a>
                  </span>
                  <div class="narrow-only">
                    <Type row={row} />
                    <div>
                      <Presence row={row} />
                    </div>
                  </div>
                </th>
                <td class="narrow-hide">
                  <Type row={row} />
                </td>
                <td class="must narrow-hide">
                  <Presence row={row} />
                </td>
                <td class="doc">
                  <Words row={row} />
                  {[...row.tags, ...tagsAt(row.path, tags)].map((tag) => (
                    <Chip key={tag} tone="accent" icon="tag">
                      {tag}
                    </Chip>
                  ))}
                </td>
                {more.map((column) => (
                  <td key={column.title} class={column.right ? 'right' : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!model.complete && (
        <Notice title="Not all of this schema is shown">It is very large or refers to itself many times. The source has everything.</Notice>
      )}
    </div>
  );
}

export function FieldCount({ text, format }: { text: string; format: Format }) {
  const model = useMemo(() => modelOf(text, format), [text, format]);
  return <>{model?.rows.length ?? 'unknown'}</>;
}
