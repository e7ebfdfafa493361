/* Markdown read into blocks: what people write about an event, not all that Markdown can do. Paragraphs, headings, lists, quotes, fenced
 * code, tables are left as text; inside a line: code, strong, emphasis, links. HTML is text like any other. One pass over
 * lines and one over characters; quotes and lists nest to a bound. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; inside: Inline[] }
  | { kind: 'link'; href: string; inside: Inline[] };

export type Block =
  | { kind: 'p'; inside: Inline[] }
  | { kind: 'heading'; level: number; inside: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Block[][] }
  | { kind: 'quote'; inside: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'rule' };

const DEPTH_MAX = 6;

/* Addresses that lead to a page or a mailbox; everything else, javascript: first, is no link. */
export function safeHref(address: string): string | null {
  const plain = address.trim();
  if (/^(https?:\/\/|mailto:)[^\s]+$/i.test(plain)) return plain;
  return /^(\/(?!\/)|#|\?)[^\s\\]*$/.test(plain) ? plain : null;
}

const INLINE =
  /(`+)([\s\S]*?[^`])\1(?!`)|\*\*(\S(?:[^*]*\S)?)\*\*|__(\S(?:[^_]*\S)?)__|\*(\S(?:[^*]*\S)?)\*|\b_(\S(?:[^_]*\S)?)_\b|\[([^\][]+)\]\(([^()\s]+)\)|<(https?:\/\/[^\s<>]+)>|(https?:\/\/[^\s<>()"'`*]*[^\s<>()"'`*.,;:!?])/g;

export function inlines(text: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let at = 0;
  const plain = (to: number) => {
    if (to > at) out.push({ kind: 'text', text: text.slice(at, to) });
  };
  if (depth > DEPTH_MAX) return [{ kind: 'text', text }];
  for (const found of text.matchAll(INLINE)) {
    const [all, , code, strong, strong2, em, em2, label, target, auto, bare] = found;
    let item: Inline;
    if (code !== undefined) item = { kind: 'code', text: code };
    else if (strong ?? strong2) item = { kind: 'strong', inside: inlines((strong ?? strong2) as string, depth + 1) };
    else if (em ?? em2) item = { kind: 'em', inside: inlines((em ?? em2) as string, depth + 1) };
    else {
      const address = target ?? auto ?? (bare as string);
      const href = safeHref(address);
      if (href === null) continue;
      item = { kind: 'link', href, inside: label === undefined ? [{ kind: 'text', text: address }] : inlines(label, depth + 1) };
    }
    plain(found.index);
    out.push(item);
    at = found.index + all.length;
  }
  plain(text.length);
  return out;
}

const ITEM = /^( {0,3})(?:[-*+]|\d{1,9}[.)])(?: +|$)/;

export function blocks(text: string, depth = 0): Block[] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n');
  const out: Block[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) out.push({ kind: 'p', inside: inlines(words.join('\n')) });
    words = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const fence = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    const heading = /^ {0,3}(#{1,6}) +(.*?)(?: +#+)?\s*$/.exec(line);
    const item = ITEM.exec(line);
    if (fence) {
      flush();
      const body: string[] = [];
      while (++i < lines.length && !(lines[i] as string).trim().startsWith(fence)) body.push(lines[i] as string);
      out.push({ kind: 'code', text: body.join('\n') });
    } else if (heading) {
      flush();
      out.push({ kind: 'heading', level: (heading[1] as string).length, inside: inlines(heading[2] as string) });
    } else if (/^ {0,3}([-*_])(?: *\1){2,} *$/.test(line)) {
      flush();
      out.push({ kind: 'rule' });
    } else if (/^ {0,3}>/.test(line) && depth < DEPTH_MAX) {
      flush();
      const body: string[] = [];
      for (; i < lines.length && /^ {0,3}>/.test(lines[i] as string); i++) body.push((lines[i] as string).replace(/^ {0,3}> ?/, ''));
      i--;
      out.push({ kind: 'quote', inside: blocks(body.join('\n'), depth + 1) });
    } else if (item && depth < DEPTH_MAX) {
      flush();
      const ordered = /\d/.test(line.trim()[0] as string);
      const items: string[][] = [];
      for (; i < lines.length; i++) {
        const next = lines[i] as string;
        const mark = ITEM.exec(next);
        if (mark && (mark[1] as string).length < 2 && /\d/.test(next.trim()[0] as string) !== ordered) break;
        if (mark && (mark[1] as string).length < 2) items.push([next.slice(mark[0].length)]);
        else if (/^\s{2,}\S/.test(next)) (items[items.length - 1] as string[]).push(next.replace(/^ {1,4}/, ''));
        else if (next.trim() === '' && /^(\s{2,}\S| {0,1}(?:[-*+]|\d{1,9}[.)]) )/.test(lines[i + 1] ?? ''))
          (items[items.length - 1] as string[]).push('');
        else break;
      }
      i--;
      out.push({ kind: 'list', ordered, items: items.map((body) => blocks(body.join('\n'), depth + 1)) });
    } else if (line.trim() === '') flush();
    else words.push(line.trim());
  }
  flush();
  return out;
}
