/* Where the nodes of a graph stand: the focus in the middle, what leads to it on the left, what follows from it on the right, a column a
 * step. A service that does both stands on both sides, so that every edge goes from left to right. The same graph always looks the same. */
import { href } from '../../lib/router';

export interface GraphNode {
  id: string;
  kind: 'line' | 'service' | 'team' | 'lines' /* the events of a team */;
  name: string;
  team: string;
  focus: boolean;
  state?: string;
  ui: string;
  members?: number /* it stands for so many */;
}

export interface GraphEdge {
  from: string;
  to: string;
  kind: string;
  state: string;
  verdict?: string | null;
  change?: string | null;
}

export interface Walk {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export interface Stood extends GraphNode {
  column: number /* below 0: before the focus */;
}

export interface Placed extends Stood {
  x: number;
  y: number;
}

export const NODE = { width: 220, height: 44, gapX: 110, gapY: 16 };
const TOP = 34;
const COLLAPSE = 40;
export const DRAWN_MAX = 120; /* more than that is read as a table */

/* How many steps each node is from where the walk begins. Of a team its services are the beginning, and what it owns the first step. */
function steps({ nodes, edges }: Walk, sign: 1 | -1): Map<string, number> {
  const level = new Map<string, number>();
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [here, there] = sign > 0 ? [from, to] : [to, from];
    next.set(here, [...(next.get(here) ?? []), there]);
  }
  const walk = (begin: string[], at: number) => {
    const queue = begin.filter((id) => !level.has(id));
    for (const id of queue) level.set(id, at);
    for (let i = 0; i < queue.length; i++)
      for (const id of next.get(queue[i] as string) ?? [])
        if (!level.has(id)) {
          level.set(id, (level.get(queue[i] as string) as number) + 1);
          queue.push(id);
        }
  };
  const focus = nodes.filter((node) => node.focus);
  const services = focus.filter((node) => node.kind === 'service');
  walk(
    (services.length > 0 ? services : focus).map((node) => node.id),
    0,
  );
  if (sign > 0)
    walk(
      focus.map((node) => node.id),
      1,
    );
  return level;
}

/* Both walks side by side. Edges that lead back are left to the table, and to the other side, where they lead forward. */
export function lineage(up: Walk | undefined, down: Walk | undefined): { nodes: Stood[]; edges: GraphEdge[] } {
  const nodes = new Map<string, Stood>();
  const edges = new Map<string, GraphEdge>();
  for (const [walk, sign] of [
    [up, -1],
    [down, 1],
  ] as const) {
    if (!walk) continue;
    const level = steps(walk, sign);
    const name = (id: string) => (level.get(id) === 0 ? id : `${sign}${id}`);
    for (const node of walk.nodes) {
      const at = level.get(node.id);
      if (at !== undefined) nodes.set(name(node.id), { ...node, id: name(node.id), column: sign * at });
    }
    for (const edge of walk.edges) {
      const [from, to] = [level.get(edge.from), level.get(edge.to)];
      if (from === undefined || to === undefined || to - from !== sign) continue;
      edges.set(`${name(edge.from)}\n${name(edge.to)}`, { ...edge, from: name(edge.from), to: name(edge.to) });
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

export interface Folded {
  nodes: Stood[];
  edges: GraphEdge[];
  services: number /* so many are shown by their teams */;
  lines: number;
}

export const severity = (edge: GraphEdge): number => ({ broken: 3, unknown: 2, at_risk: 1 })[edge.verdict as 'broken'] ?? 0;

/* Nodes that stand for several others, and edges that lead to them; of edges that become one, the worst is kept. */
function fold(nodes: Stood[], edges: GraphEdge[], into: (node: Stood) => GraphNode | null) {
  const stands = new Map<string, string>();
  const made = new Map<string, Stood>();
  for (const node of nodes) {
    const group = node.focus ? null : into(node);
    if (group === null) continue;
    const id = `${node.column}:${group.id}`;
    stands.set(node.id, id);
    const known = made.get(id) ?? { ...group, id, column: node.column, members: 0 };
    made.set(id, { ...known, members: (known.members ?? 0) + 1 });
  }
  const merged = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const next = { ...edge, from: stands.get(edge.from) ?? edge.from, to: stands.get(edge.to) ?? edge.to };
    const key = `${next.from}\n${next.to}`;
    const known = merged.get(key);
    if (!known || severity(next) > severity(known)) merged.set(key, next);
  }
  return { nodes: [...nodes.filter((node) => !stands.has(node.id)), ...made.values()], edges: [...merged.values()], n: stands.size };
}

const byTeam = ({ kind, team }: GraphNode): GraphNode | null =>
  kind === 'service' ? { id: `team:${team}`, kind: 'team', name: team, team, focus: false, ui: href(['teams', team]) } : null;

const byOwner = ({ kind, team }: GraphNode): GraphNode | null =>
  kind === 'line' ? { id: `lines:${team}`, kind: 'lines', name: team, team, focus: false, ui: href(['events'], { owner: team }) } : null;

/* Above 40 nodes, services that are not the focus are shown by their teams; if that is not enough, events by their owners. */
export function collapsed({ nodes, edges }: { nodes: Stood[]; edges: GraphEdge[] }): Folded {
  if (nodes.length <= COLLAPSE) return { nodes, edges, services: 0, lines: 0 };
  const once = fold(nodes, edges, byTeam);
  if (once.nodes.length <= COLLAPSE) return { nodes: once.nodes, edges: once.edges, services: once.n, lines: 0 };
  const twice = fold(once.nodes, once.edges, byOwner);
  return { nodes: twice.nodes, edges: twice.edges, services: once.n, lines: twice.n };
}

export function layout(nodes: Stood[], edges: GraphEdge[]): { nodes: Placed[]; width: number; height: number; columns: number[] } {
  const columns = [...new Set(nodes.map((node) => node.column))].sort((a, b) => a - b);
  const stacks = columns.map((n) => nodes.filter((node) => node.column === n).sort((a, b) => (a.name < b.name ? -1 : 1)));
  const rank = new Map<string, number>();
  const number = (stack: GraphNode[]) => stack.forEach((node, i) => rank.set(node.id, i - stack.length / 2));
  stacks.forEach(number);
  const middle = (id: string) => {
    const near = edges.flatMap((edge) => (edge.from === id ? [rank.get(edge.to) ?? 0] : edge.to === id ? [rank.get(edge.from) ?? 0] : []));
    return near.length === 0 ? 0 : near.reduce((sum, r) => sum + r, 0) / near.length;
  };
  for (let sweep = 0; sweep < 4; sweep++)
    for (const stack of stacks) {
      const key = new Map(stack.map((node) => [node.id, middle(node.id)]));
      stack.sort((a, b) => (key.get(a.id) as number) - (key.get(b.id) as number) || (a.name < b.name ? -1 : 1));
      number(stack);
    }
  const most = Math.max(1, ...stacks.map((stack) => stack.length));
  const height = TOP + most * (NODE.height + NODE.gapY) + 8;
  const placed = stacks.flatMap((stack, c) => {
    const top = TOP + ((most - stack.length) * (NODE.height + NODE.gapY)) / 2;
    return stack.map((node, i): Placed => ({ ...node, x: 12 + c * (NODE.width + NODE.gapX), y: top + i * (NODE.height + NODE.gapY) }));
  });
  return { nodes: placed, width: 24 + stacks.length * NODE.width + (stacks.length - 1) * NODE.gapX, height, columns };
}
