/* Level and mode of everything, or of a context. */
import { Notice, Page, Segments } from '../../design/parts';
import { useGet } from '../../lib/api';
import { amended, place } from '../../lib/router';
import { ConfigCard } from './card';

export function ConfigPage() {
  const context = place.use().query.get('context');
  const names = useGet<string[]>('/contexts');
  const scope = context ? `:${context}:` : undefined;
  const others = (names.value ?? []).filter((name) => name !== '.');
  return (
    <Page title="Levels and modes" lead="What holds for every subject that says nothing itself.">
      <div class="stack">
        {others.length > 0 && (
          <Segments
            label="Context"
            items={[
              { href: amended({ context: null }), label: 'Default context', current: !context },
              ...others.map((name) => ({ href: amended({ context: name }), label: name.slice(1), current: context === name })),
            ]}
          />
        )}
        {context && <Notice>A named context does not inherit from the default one.</Notice>}
        <ConfigCard key={scope ?? ''} scope={scope} inherits={context ? 'the server' : 'the server'} />
      </div>
    </Page>
  );
}
