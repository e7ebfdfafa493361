/* Who is connected with what, around one focus: producers, lines, consumers. Drawn, and as a table with the same links. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button, Chip, Choice, Empty, Field, Name, Notice, Page, Segments, Show, Table, type Column } from '../../design/parts';
import { useGet } from '../../lib/api';
import { count, plural } from '../../lib/format';
import { useShortcut } from '../../lib/keys';
import { amend, amended, go, href, kept, place } from '../../lib/router';
import { StateChip } from '../../catalog/parts';
import { collapsed, DRAWN_MAX, layout, lineage, NODE, type GraphEdge, type GraphNode, type Placed, type Stood, type Walk } from './layout';
import '../../catalog/catalog.css';

interface Graph {
  focus: string;
  depth: number;
  truncated: boolean;
  nodes: (Omit<GraphNode, 'ui'> & { links: { ui: string } })[];
  edges: GraphEdge[];
}

const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const verdicts: Record<string, string> = { broken: 'breaks', unknown: 'unknown', at_risk: 'at risk' };

function curve(from: Placed, to: Placed): string {
  const [x1, y1, x2, y2] = [from.x + NODE.width, from.y + NODE.height / 2, to.x, to.y + NODE.height / 2];
  return `M${x1} ${y1}C${x1 + NODE.gapX / 2} ${y1} ${x2 - NODE.gapX / 2} ${y2} ${x2} ${y2}`;
}

function Edge({ edge, from, to, faint }: { edge: GraphEdge; from: Placed; to: Placed; faint: boolean }) {
  const word = edge.verdict ? verdicts[edge.verdict] : undefined;
  const look = ['edge', word && edge.verdict, (edge.state === 'requested' || edge.state === 'draft') && 'dashed', faint && 'faint']
    .filter(Boolean)
    .join(' ');
  return (
    <g>
      <path class={look} d={curve(from, to)} marker-end={`url(#arrow${word ? `-${edge.verdict === 'broken' ? 'bad' : 'warn'}` : ''})`} />
      {word && !faint && (
        <text class={`edgetext ${edge.verdict}`} x={to.x - 12} y={to.y + NODE.height / 2 - 6} text-anchor="end">
          {word}
        </text>
      )}
    </g>
  );
}

function Node({ node, at }: { node: Placed; at: boolean }) {
  const look = ['node', node.kind, node.focus && 'focus', at && 'at'].filter(Boolean).join(' ');
  const note =
    node.kind === 'team' || node.kind === 'lines'
      ? plural(node.members ?? 0, node.kind === 'team' ? 'service' : 'event')
      : [node.team, node.state && node.state !== 'active' && node.state].filter(Boolean).join(' · ');
  return (
    <g class={look} onClick={() => go(node.ui)} transform={`translate(${node.x} ${node.y})`}>
      <title>{`${node.name}, team ${node.team}`}</title>
      {node.members !== undefined && node.members > 1 && (
        <rect class="behind" x={4} y={4} width={NODE.width} height={NODE.height} rx={node.kind === 'lines' ? 8 : 22} />
      )}
      <rect width={NODE.width} height={NODE.height} rx={node.kind === 'line' || node.kind === 'lines' ? 8 : 22} />
      <text x={16} y={19}>
        {short(node.name, 28)}
      </text>
      <text class="team" x={16} y={35}>
        {short(note, 34)}
      </text>
    </g>
  );
}

const Arrows = () => (
  <defs>
    {[
      ['arrow', 'var(--line-strong)'],
      ['arrow-bad', 'var(--bad)'],
      ['arrow-warn', 'var(--warn)'],
    ].map(([id, colour]) => (
      <marker
        key={id}
        id={id}
        viewBox="0 0 8 8"
        refX={7}
        refY={4}
        markerWidth={7}
        markerHeight={7}
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path d="M0 0 8 4 0 8z" fill={colour} />
      </marker>
    ))}
  </defs>
);

/* One tab stop: arrows go along edges and through a column, Enter opens. Where one is, is said. */
function Drawing({ nodes, edges }: { nodes: Stood[]; edges: GraphEdge[] }) {
  const drawn = useMemo(() => layout(nodes, edges), [nodes, edges]);
  const byId = useMemo(() => new Map(drawn.nodes.map((node) => [node.id, node])), [drawn]);
  const [at, setAt] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const start = drawn.nodes.find((node) => node.focus) ?? drawn.nodes[0];
  const here = (at !== null && byId.get(at)) || start;
  useEffect(() => {
    if (!here || !box.current) return;
    const { clientWidth, clientHeight } = box.current;
    box.current.scrollTo({ left: here.x - clientWidth / 2 + NODE.width / 2, top: here.y - clientHeight / 2 + NODE.height / 2 });
  }, [here?.id, focused, drawn]);
  if (!here) return null;
  const linked = (id: string) => edges.flatMap((edge) => (edge.from === id ? [edge.to] : edge.to === id ? [edge.from] : []));
  const nearest = (list: Placed[]) => [...list].sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0];
  const move = (key: string): Placed | undefined => {
    const near = linked(here.id).flatMap((id) => byId.get(id) ?? []);
    if (key === 'ArrowLeft') return nearest(near.filter((node) => node.column < here.column));
    if (key === 'ArrowRight') return nearest(near.filter((node) => node.column > here.column));
    const stack = drawn.nodes.filter((node) => node.column === here.column);
    const i = stack.findIndex((node) => node.id === here.id);
    return key === 'ArrowUp' ? stack[i - 1] : key === 'ArrowDown' ? stack[i + 1] : key === 'Home' ? start : undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') return go(here.ui);
    if (!/^(Arrow(Left|Right|Up|Down)|Home)$/.test(event.key)) return;
    event.preventDefault();
    const next = move(event.key);
    if (next) setAt(next.id);
  };
  const touched = (edge: GraphEdge) => !focused || edge.from === here.id || edge.to === here.id;
  const word = { line: 'event', service: 'service', team: 'services of team', lines: 'events of team' }[here.kind];
  const said = `${word} ${here.name}${here.members ? `, ${here.members}` : `, team ${here.team}`}, column ${drawn.columns.indexOf(here.column) + 1} of ${drawn.columns.length}, ${plural(linked(here.id).length, 'connection')}`;
  return (
    <div class="stack tight">
      <div
        ref={box}
        class="graph"
        tabIndex={0}
        role="application"
        aria-roledescription="graph"
        aria-label="Graph. Arrow keys go along edges, Enter opens, t shows the table."
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      >
        <svg width={drawn.width} height={drawn.height} viewBox={`0 0 ${drawn.width} ${drawn.height}`} aria-hidden="true">
          <Arrows />
          {drawn.columns.map((n, i) => {
            const first = drawn.nodes.find((node) => node.column === n);
            const word =
              first?.kind === 'line' || first?.kind === 'lines' ? 'Events' : n < 0 ? 'Producers' : n > 0 ? 'Consumers' : 'Services';
            return (
              <text key={n} class="columnhead" x={12 + i * (NODE.width + NODE.gapX) + NODE.width / 2} y={18} text-anchor="middle">
                {word}
              </text>
            );
          })}
          {edges.map((edge, i) => {
            const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
            return from && to && <Edge key={i} edge={edge} from={from} to={to} faint={!touched(edge)} />;
          })}
          {drawn.nodes.map((node) => (
            <Node key={node.id} node={node} at={focused && node.id === here.id} />
          ))}
        </svg>
      </div>
      <p class="unseen" role="status">
        {focused && said}
      </p>
      <p class="legend-row">
        <span>
          <i class="key" />
          flows
        </span>
        <span>
          <i class="key dashed" />
          asked for, or a draft
        </span>
        <span>
          <i class="key broken" />
          an open change breaks it
        </span>
        <span>
          <i class="key unknown" />
          nobody knows
        </span>
      </p>
    </div>
  );
}

interface Row extends GraphNode {
  neighbours: { node: GraphNode; edge: GraphEdge; out: boolean }[];
}

const columns: Column<Row>[] = [
  {
    key: 'name',
    title: 'Node',
    head: true,
    sort: (a, b) => (a.name < b.name ? -1 : 1),
    cell: (row) => (
      <>
        <a href={row.ui}>
          <Name text={row.name} />
        </a>{' '}
        {row.focus && (
          <Chip tone="accent" icon="compass">
            focus
          </Chip>
        )}
      </>
    ),
  },
  {
    key: 'kind',
    title: 'Kind',
    sort: (a, b) => (a.kind < b.kind ? -1 : 1),
    cell: (row) => (row.state ? <StateChip of={row.state} /> : row.kind),
  },
  {
    key: 'team',
    title: 'Team',
    sort: (a, b) => (a.team < b.team ? -1 : 1),
    cell: (row) => <a href={href(['teams', row.team])}>{row.team}</a>,
  },
  {
    key: 'degree',
    title: 'Connections',
    right: true,
    sort: (a, b) => a.neighbours.length - b.neighbours.length,
    cell: (row) => count(row.neighbours.length),
  },
  {
    key: 'neighbours',
    title: 'Connected with',
    cell: (row) => (
      <ul role="list">
        {row.neighbours.slice(0, 30).map(({ node, edge, out }) => (
          <li key={node.id + edge.kind}>
            <span class="quiet small">{edge.kind === 'produces' ? (out ? 'writes' : 'is written by') : out ? 'is read by' : 'reads'}</span>{' '}
            <a href={node.ui}>{node.name}</a>
            {edge.verdict && verdicts[edge.verdict] && (
              <span class="small">
                {' '}
                ({verdicts[edge.verdict]}, {edge.change})
              </span>
            )}
          </li>
        ))}
      </ul>
    ),
  },
];

function Twin({ nodes, edges, order }: { nodes: GraphNode[]; edges: GraphEdge[]; order: string | null }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const rows = nodes.map(
    (node): Row => ({
      ...node,
      neighbours: edges.flatMap((edge) => {
        const other = byId.get(edge.from === node.id ? edge.to : edge.to === node.id ? edge.from : '');
        return other ? [{ node: other, edge, out: edge.from === node.id }] : [];
      }),
    }),
  );
  return <Table caption="Nodes and what they are connected with" columns={columns} rows={rows} id={(row) => row.id} order={order} />;
}

function Controls({ focus, depth, direction }: { focus: string; depth: string; direction: string }) {
  const [draft, setDraft] = useState(focus);
  useEffect(() => setDraft(focus), [focus]);
  return (
    <form
      class="filters no-print"
      onSubmit={(e) => {
        e.preventDefault();
        amend({ focus: draft.trim() });
      }}
    >
      <Field label="Focus" wide>
        {(props) => (
          <input
            class="input"
            {...props}
            value={draft}
            placeholder="event, event@2, service:name or team:name"
            spellcheck={false}
            autocapitalize="off"
            onInput={(e) => setDraft(e.currentTarget.value)}
          />
        )}
      </Field>
      <Choice
        label="Depth"
        value={depth}
        options={[
          ['1', '1'],
          ['2', '2'],
          ['3', '3'],
        ]}
        onChange={(value) => amend({ depth: value === '1' ? null : value })}
      />
      <Choice
        label="Direction"
        value={direction}
        options={[
          ['both', 'Both'],
          ['up', 'Where it comes from'],
          ['down', 'Where it goes'],
        ]}
        onChange={(value) => amend({ direction: value === 'both' ? null : value })}
      />
      <Button type="submit">Show</Button>
    </form>
  );
}

export function GraphPage() {
  const { query } = place.use();
  const focus = query.get('focus') ?? '';
  const depth = query.get('depth') ?? '1';
  const direction = query.get('direction') ?? 'both';
  const table = query.get('as') === 'table';
  const ask = (way: string) => (focus && (direction === 'both' || direction === way) ? '/api/v1/graph' : null);
  const up = useGet<Graph>(ask('up'), { focus, depth, direction: 'up' });
  const down = useGet<Graph>(ask('down'), { focus, depth, direction: 'down' });
  const loaded = direction === 'up' ? up : direction === 'down' ? down : up.value && !up.failure ? down : up;
  useShortcut('t', 'Graph or table', () => amend({ as: table ? null : 'table' }, { replace: true }));
  const shown = useMemo(() => {
    const walk = (graph: Graph | undefined): Walk | undefined =>
      graph && { nodes: graph.nodes.map((node) => ({ ...node, ui: kept(node.links.ui) })), edges: graph.edges };
    const [before, after] = [walk(up.value), walk(down.value)];
    const nodes = new Map([...(before?.nodes ?? []), ...(after?.nodes ?? [])].map((node) => [node.id, node]));
    const edges = new Map(
      [...(before?.edges ?? []), ...(after?.edges ?? [])].map((edge) => [`${edge.from} ${edge.kind} ${edge.to}`, edge]),
    );
    return { all: [...nodes.values()], connections: [...edges.values()], ...collapsed(lineage(before, after)) };
  }, [up.value, down.value]);
  const truncated = up.value?.truncated || down.value?.truncated;
  const dense = shown.nodes.length > DRAWN_MAX;
  return (
    <Page
      title="Graph"
      lead={focus ? <>Around {focus.replace(/^event:/, '')}</> : 'Who is connected with what, around one event, service or team.'}
    >
      <div class="stack">
        {focus && (
          <div class="row no-print">
            <Segments
              label="Show as"
              items={[
                { href: amended({ as: 'table' }), label: 'Table', current: table },
                { href: amended({ as: null }), label: 'Drawn', current: !table },
              ]}
            />
            {loaded.value && (
              <span class="small quiet">
                {plural(shown.all.length, 'node')}, {plural(shown.connections.length, 'connection')}
              </span>
            )}
          </div>
        )}
        <Controls focus={focus} depth={depth} direction={direction} />
        {!focus ? (
          <Empty title="Choose what to look at" icon="graph">
            <p>Type an event above, or follow “Graph” from the page of an event or a service.</p>
          </Empty>
        ) : (
          <Show of={loaded} what="Loading the graph">
            {() => (
              <>
                {truncated && (
                  <Notice tone="warn" title="There is more than is shown">
                    The server stops at 400 nodes: look closer, with another focus or less depth.
                  </Notice>
                )}
                {!table && !dense && shown.services > 0 && (
                  <p class="small quiet">
                    {plural(shown.services, 'service')} {shown.services === 1 ? 'is' : 'are'} shown by team
                    {shown.lines > 0 && <>, and {plural(shown.lines, 'event')} by owner</>}:{' '}
                    <a href={amended({ as: 'table' })}>the table</a> has each of them.
                  </p>
                )}
                {!table && dense && (
                  <Notice tone="warn" title={`${count(shown.nodes.length)} nodes are too many to draw`}>
                    This is the table. Less depth, or another focus, can be drawn.
                  </Notice>
                )}
                {table || dense ? (
                  <Twin nodes={shown.all} edges={shown.connections} order={query.get('sort')} />
                ) : (
                  <Drawing nodes={shown.nodes} edges={shown.edges} />
                )}
              </>
            )}
          </Show>
        )}
      </div>
    </Page>
  );
}
