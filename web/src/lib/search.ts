/* What the search field at the top knows. A part of the product that has something to find adds a source; each is asked as one
 * types, and may answer late or fail without harm to the others. */
import type { IconName } from '../design/icons';

export interface Hit {
  href: string;
  title: string;
  note?: string;
  icon: IconName;
  answers?: { team: string; path: string } /* who answers for it, and where the API tells who is on call */;
}

export type Source = (text: string, abort: AbortSignal) => Promise<Hit[]>;
const sources: Source[] = [];

export const addSource = (source: Source): void => void sources.push(source);

export async function search(text: string, abort: AbortSignal): Promise<Hit[]> {
  const answers = await Promise.all(sources.map((source) => source(text, abort).catch(() => [] as Hit[])));
  return answers.flat();
}
