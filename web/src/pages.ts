/* The table of contents: every page, and what stands in the column of sections. The first pattern that fits wins, so a literal
 * segment stands before a named one. */
import type { FunctionComponent } from 'preact';
import type { IconName } from './design/icons';
import { href } from './lib/router';
import { ChangePage } from './pages/change';
import { ChangesPage } from './pages/changes';
import { CheckPage } from './pages/check';
import { ConfigPage } from './pages/config';
import { ContextsPage } from './pages/contexts';
import { EventPage, LinePage } from './pages/event';
import { EventsPage } from './pages/events';
import { IdPage, IdsPage } from './pages/ids';
import { AdoptPage, NewEventPage } from './pages/new-event';
import { RegisterPage } from './pages/register';
import { SignInPage } from './pages/sign-in';
import { SubjectPage } from './pages/subject';
import { SubjectsPage } from './pages/subjects';

export interface PageDef {
  path: string /* below /ui */;
  view: FunctionComponent<{ params: Record<string, string> }>;
  section?: string /* the entry of the sections that is current */;
  bare?: boolean /* without the frame */;
}

export const pages: PageDef[] = [
  { path: '/', view: SubjectsPage, section: 'subjects' },
  { path: '/events', view: EventsPage, section: 'events' },
  { path: '/events/:event', view: EventPage, section: 'events' },
  { path: '/events/:event/:major', view: EventPage, section: 'events' },
  { path: '/events/:event/:major/:tab', view: EventPage, section: 'events' },
  { path: '/lines/:line', view: LinePage, section: 'events' },
  { path: '/lines/:line/versions/:version', view: LinePage, section: 'events' },
  { path: '/new-event', view: NewEventPage, section: 'events' },
  { path: '/adopt', view: AdoptPage, section: 'events' },
  { path: '/changes', view: ChangesPage, section: 'changes' },
  { path: '/changes/:change', view: ChangePage, section: 'changes' },
  { path: '/subjects', view: SubjectsPage, section: 'subjects' },
  { path: '/subjects/:subject', view: SubjectPage, section: 'subjects' },
  { path: '/subjects/:subject/:tab', view: SubjectPage, section: 'subjects' },
  { path: '/register', view: RegisterPage, section: 'subjects' },
  { path: '/ids', view: IdsPage, section: 'ids' },
  { path: '/ids/:id', view: IdPage, section: 'ids' },
  { path: '/check', view: CheckPage, section: 'check' },
  { path: '/contexts', view: ContextsPage, section: 'contexts' },
  { path: '/config', view: ConfigPage, section: 'config' },
  { path: '/sign-in', view: SignInPage, bare: true },
];

export interface Section {
  title: string;
  items: { key: string; label: string; href: string; icon: IconName; keys?: string }[];
}

export const sections: Section[] = [
  {
    title: 'Catalog',
    items: [
      { key: 'events', label: 'Explore', href: href(['events']), icon: 'compass', keys: 'g e' },
      { key: 'changes', label: 'Changes', href: href(['changes']), icon: 'change', keys: 'g c' },
    ],
  },
  {
    title: 'Registry',
    items: [
      { key: 'subjects', label: 'Subjects', href: href(['subjects']), icon: 'subject', keys: 'g s' },
      { key: 'ids', label: 'Schema by id', href: href(['ids']), icon: 'hash', keys: 'g i' },
      { key: 'check', label: 'Compare schemas', href: href(['check']), icon: 'scale' },
      { key: 'contexts', label: 'Contexts', href: href(['contexts']), icon: 'context' },
      { key: 'config', label: 'Levels and modes', href: href(['config']), icon: 'sliders' },
    ],
  },
];
