/* What the settings share. */
import { CopyButton, Notice } from '../../design/parts';

/* A secret that is shown once: it is gone with the dialog. */
export function Secret({ value, what }: { value: string; what: string }) {
  return (
    <div class="stack tight">
      <Notice tone="warn" title={`${what}: shown this once`}>
        Copy it to where it is kept. Nobody can look it up later, only make another.
      </Notice>
      <div class="secret">
        <code class="grow breaks">{value}</code>
        <CopyButton text={value} label="Copy the secret" />
      </div>
    </div>
  );
}

export const dayEnd = (day: string): string => `${day}T23:59:59Z`;

/* "a, b" and "a b" as a list. */
export const listed = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
