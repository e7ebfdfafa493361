/* Coloured JSON: as the page shows a schema, and as the editor shows it. */
import { useMemo } from 'preact/hooks';
import { CopyButton } from '../design/parts';
import { parsed, print, tokens } from './json';

const COLOURED_MAX = 400_000; /* characters; beyond, plain text is good enough */

export function Coloured({ text }: { text: string }) {
  if (text.length > COLOURED_MAX) return <>{text}</>;
  return (
    <>
      {tokens(text).map((token, i) =>
        token.kind === 'space' ? (
          token.text
        ) : (
          <span key={i} class={`k-${token.kind}`}>
            {token.text}
          </span>
        ),
      )}
    </>
  );
}

/* The lines a schema is shown in; text that is no JSON stays as it is. */
export function linesOf(text: string): string[] {
  const node = parsed(text);
  return node === null ? text.split('\n') : print(node).lines;
}

export function Source({
  text,
  label,
  note,
  plain,
  marked,
}: {
  text: string;
  label: string;
  note?: string;
  plain?: boolean;
  marked?: readonly number[];
}) {
  const lines = useMemo(() => linesOf(text), [text]);
  return (
    <figure class={plain ? 'code plain' : 'code'}>
      <figcaption class="code-head">
        <span class="grow">{note ?? label}</span>
        <CopyButton text={lines.join('\n')} label="Copy as shown" />
      </figcaption>
      <div class="code-body" tabIndex={0} role="region" aria-label={label}>
        <code>
          {lines.map((line, i) => (
            <span key={i} class={marked?.includes(i) ? 'line marked' : 'line'}>
              <Coloured text={line} />
              {'\n'}
            </span>
          ))}
        </code>
      </div>
    </figure>
  );
}
