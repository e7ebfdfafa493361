/* The frame: bar, search, sections, the page that the URL names, and what is everywhere (help, messages). */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Find } from './find';
import { Icon, Logo } from './design/icons';
import { Button, Check, Dialog, Empty, IconButton, LinkButton, Page } from './design/parts';
import { momentOf } from './lib/format';
import { allShortcuts, keysOn, useShortcut } from './lib/keys';
import { amended, asOf, go, href, kept, match, place } from './lib/router';
import { session, signOut } from './lib/session';
import { theme, type Theme } from './lib/theme';
import { dismiss, toasts } from './lib/toast';
import { pages, sections, type PageDef } from './pages';

function find(path: string): { page: PageDef; params: Record<string, string> } | null {
  for (const page of pages) {
    const params = match(page.path, path);
    if (params) return { page, params };
  }
  return null;
}

function Unknown() {
  return (
    <Page title="No such page">
      <Empty title="There is no page at this address" icon="question">
        <p>It may have been mistyped, or belong to a newer version.</p>
        <LinkButton href={href([])}>Start</LinkButton>
      </Empty>
    </Page>
  );
}

function Side({ open, current }: { open: boolean; current: PageDef | undefined }) {
  return (
    <nav class={open ? 'side open' : 'side'} id="sections" aria-label="Sections">
      {sections.map((section) => (
        <section key={section.title}>
          <h2>{section.title}</h2>
          {section.items.map((item) => (
            <a key={item.href} href={kept(item.href)} aria-current={current?.section === item.key ? 'page' : undefined}>
              <Icon name={item.icon} />
              {item.label}
            </a>
          ))}
        </section>
      ))}
    </nav>
  );
}

const themes: [Theme, string, 'screen' | 'sun' | 'moon'][] = [
  ['system', 'Colours: as the system', 'screen'],
  ['light', 'Colours: light', 'sun'],
  ['dark', 'Colours: dark', 'moon'],
];

function Tools({ help }: { help: () => void }) {
  const { user, known } = session.use();
  const shown = themes.findIndex(([name]) => name === theme.use());
  const [, label, icon] = themes[shown] as (typeof themes)[number];
  return (
    <div class="tools">
      <IconButton
        icon={icon}
        label={label}
        onClick={() => theme.set((themes[(shown + 1) % themes.length] as (typeof themes)[number])[0])}
      />
      <IconButton icon="question" label="Keyboard shortcuts" onClick={help} />
      {user ? (
        <IconButton icon="out" label={`Sign out ${user.name || user.login}`} onClick={() => void signOut()} />
      ) : (
        known && (
          <LinkButton kind="plain" icon="user" class="sign" href={href(['sign-in'])}>
            <span>Sign in</span>
          </LinkButton>
        )
      )}
    </div>
  );
}

function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const on = keysOn.use();
  return (
    <Dialog open={open} title="Keyboard shortcuts" onClose={onClose}>
      <dl class="shortcuts">
        {allShortcuts().map(({ keys, label }) => (
          <>
            <dt>
              {keys.split(' ').map((key) => (
                <>
                  <kbd>{key}</kbd>{' '}
                </>
              ))}
            </dt>
            <dd>{label}</dd>
          </>
        ))}
        <dt>
          <kbd>Enter</kbd>
        </dt>
        <dd>Open what is focused</dd>
      </dl>
      <Check label="Shortcuts are on" checked={on} onChange={(value) => keysOn.set(value)} />
    </Dialog>
  );
}

function Messages() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.use().map(({ id, text }) => (
        <div class="toast" key={id}>
          {text}
          <IconButton icon="close" label="Dismiss" size="small" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}

/* What only the present knows: the registry, and what is set. */
const presentOnly = new Set(['subjects', 'ids', 'check', 'contexts', 'config', 'settings', 'inbox']);

/* Over every page that shows a moment of the past, and the way back. */
function Past({ section }: { section: string | undefined }) {
  place.use();
  const at = asOf();
  if (at === null) return null;
  const moment = new Date(at);
  const shown = Number.isNaN(moment.getTime()) ? at : momentOf(moment);
  return (
    <div class="past" role="status">
      <Icon name="clock" />
      <span class="grow">
        {section !== undefined && presentOnly.has(section) ? (
          <>This page knows the present only; the catalog is shown as of {shown}.</>
        ) : (
          <>
            The catalog as it was on <strong>{shown}</strong>. Nothing can be changed here.
          </>
        )}
      </span>
      <LinkButton size="small" href={amended({ as_of: null })}>
        Back to now
      </LinkButton>
    </div>
  );
}

export function App() {
  const { path } = place.use();
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  const before = useRef(path);
  const found = find(path);
  useShortcut('?', 'This help', () => setHelp(!help));
  for (const item of sections.flatMap((section) => section.items))
    if (item.keys) useShortcut(item.keys, item.label, () => go(kept(item.href)));
  useEffect(() => {
    setMenu(false);
    if (before.current !== path && !document.querySelector('dialog[open]'))
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  if (found?.page.bare) return <found.page.view params={found.params} />;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <div class="frame">
        <header class="top">
          <Button kind="plain" class="menu-button" aria-expanded={menu} aria-controls="sections" onClick={() => setMenu(!menu)}>
            <Icon name="menu" label="Sections" />
          </Button>
          <a class="brand" href={href([])} aria-label="Avow, start">
            <Logo />
            <span>Avow</span>
          </a>
          <Find />
          <Tools help={() => setHelp(true)} />
        </header>
        <Side open={menu} current={found?.page} />
        <main id="main" tabIndex={-1}>
          <Past section={found?.page.section} />
          {found ? <found.page.view key={found.page.path + JSON.stringify(found.params)} params={found.params} /> : <Unknown />}
        </main>
      </div>
      <Help open={help} onClose={() => setHelp(false)} />
      <Messages />
    </>
  );
}
