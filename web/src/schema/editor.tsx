/* A text area for schemas: its own coloured copy lies below it, so that typing, selecting, undo and assistive technology are the
 * browser's. Tab moves on, as everywhere. */
import { useMemo } from 'preact/hooks';
import { Button, type ControlProps } from '../design/parts';
import { JsonError, parse, parsed, print } from './json';
import { Coloured } from './source';

export function problemOf(text: string): JsonError | null {
  if (text.trim() === '') return null;
  try {
    parse(text);
    return null;
  } catch (reason) {
    return reason as JsonError;
  }
}

function onEnter(event: KeyboardEvent, onChange: (text: string) => void): void {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.isComposing) return;
  const area = event.currentTarget as HTMLTextAreaElement;
  const { selectionStart: from, selectionEnd: to, value } = area;
  const line = value.slice(value.lastIndexOf('\n', from - 1) + 1, from);
  const indent = (/^[ \t]*/.exec(line) as RegExpExecArray)[0] + (/[{[]\s*$/.test(line) ? '  ' : '');
  if (indent === '') return;
  event.preventDefault();
  area.setRangeText(`\n${indent}`, from, to, 'end');
  onChange(area.value);
}

export function Editor({
  value,
  onChange,
  props,
  rows = 18,
}: {
  value: string;
  onChange: (text: string) => void;
  props: ControlProps;
  rows?: number;
}) {
  const problem = useMemo(() => problemOf(value), [value]);
  const n = value.split('\n').length;
  const tidy = () => {
    const node = parsed(value);
    if (node) onChange(print(node).lines.join('\n'));
  };
  return (
    <div class="stack tight">
      <div class={problem || props['aria-invalid'] ? 'editor invalid' : 'editor'}>
        <div class="editor-scroll">
          <div class="editor-lines" aria-hidden="true">
            {Array.from({ length: n }, (_, i) => (
              <span key={i} class={problem?.line === i + 1 ? 'wrong' : undefined}>
                {i + 1}
                {'\n'}
              </span>
            ))}
          </div>
          <div class="editor-text">
            <pre aria-hidden="true">
              <Coloured text={value} />
              {'\n'}
            </pre>
            <textarea
              {...props}
              rows={rows}
              wrap="off"
              value={value}
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              onInput={(e) => onChange(e.currentTarget.value)}
              onKeyDown={(e) => onEnter(e, onChange)}
            />
          </div>
        </div>
      </div>
      <div class="row">
        <span class="hint grow" role="status">
          {problem ? `Line ${problem.line}, column ${problem.column}: ${problem.message}.` : value.trim() === '' ? '' : 'Well-formed JSON.'}
        </span>
        <Button size="small" onClick={tidy} disabled={problem !== null || value.trim() === ''}>
          Tidy up
        </Button>
      </div>
    </div>
  );
}
