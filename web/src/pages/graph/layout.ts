/* Where the nodes of a graph stand: in columns by how far they are from the focus, against or along the edges; in a column, near
 * their neighbours. The same graph always looks the same. */

export interface GraphNode {
  id: string;
  kind: 'line' | 'service' | 'team';
  name: string;
  team: string;
  focus: boolean;
  state?: string;
  ui: string;
  members?: number /* a team stands for so many services */;
}

export interface GraphEdge {
  from: string;
  to: string;
  kind: string;
  state: string;
  verdict?: string | null;
  change?: string | null;
}

export interface Placed extends GraphNode {
  column: number;
  x: number;
  y: number;
}

export const NODE = { width: 220, height: 44, gapX: 130, gapY: 16 };
const TOP = 34;
const COLLAPSE = 40;

/* Above 40 nodes, services that are not the focus are shown by their teams. */
export function collapsed(nodes: GraphNode[], edges: GraphEdge[]): { nodes: GraphNode[]; edges: GraphEdge[]; by: number } {
  if (nodes.length <= COLLAPSE) return { nodes, edges, by: 0 };
  const stands = new Map<string, string>();
  const teams = new Map<string, GraphNode>();
  for (const node of nodes) {
    if (node.kind !== 'service' || node.focus) continue;
    const id = `team:${node.team}`;
    stands.set(node.id, id);
    const team = teams.get(id) ?? {
      id,
      kind: 'team',
      name: node.team,
      team: node.team,
      focus: false,
      ui: `/ui/teams/${encodeURIComponent(node.team)}`,
      members: 0,
    };
    teams.set(id, { ...team, members: (team.members ?? 0) + 1 });
  }
  const merged = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const next = { ...edge, from: stands.get(edge.from) ?? edge.from, to: stands.get(edge.to) ?? edge.to };
    const key = `${next.from}\n${next.to}`;
    const known = merged.get(key);
    if (!known || severity(next) > severity(known)) merged.set(key, next);
  }
  return { nodes: [...nodes.filter((node) => !stands.has(node.id)), ...teams.values()], edges: [...merged.values()], by: stands.size };
}

export const severity = (edge: GraphEdge): number => ({ broken: 3, unknown: 2, at_risk: 1 })[edge.verdict as 'broken'] ?? 0;

function columnsOf(nodes: GraphNode[], edges: GraphEdge[]): Map<string, number> {
  const column = new Map<string, number>();
  const focus = nodes.filter((node) => node.focus);
  const start = focus.some((node) => node.kind === 'service') ? focus.filter((node) => node.kind === 'service') : focus;
  const queue = (start.length > 0 ? start : nodes.slice(0, 1)).map((node) => node.id);
  for (const id of queue) column.set(id, 0);
  for (let at = 0; at < queue.length; at++) {
    const id = queue[at] as string;
    const here = column.get(id) as number;
    for (const edge of edges) {
      const [other, there] = edge.from === id ? [edge.to, here + 1] : edge.to === id ? [edge.from, here - 1] : ['', 0];
      if (other === '' || column.has(other)) continue;
      column.set(other, there);
      queue.push(other);
    }
  }
  for (const node of nodes) if (!column.has(node.id)) column.set(node.id, 0);
  return column;
}

export function layout(nodes: GraphNode[], edges: GraphEdge[]): { nodes: Placed[]; width: number; height: number; columns: number[] } {
  const column = columnsOf(nodes, edges);
  const numbers = [...new Set(column.values())].sort((a, b) => a - b);
  const stacks = numbers.map((n) => nodes.filter((node) => column.get(node.id) === n).sort((a, b) => (a.name < b.name ? -1 : 1)));
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
    return stack.map(
      (node, i): Placed => ({ ...node, column: c, x: 12 + c * (NODE.width + NODE.gapX), y: top + i * (NODE.height + NODE.gapY) }),
    );
  });
  return { nodes: placed, width: 24 + stacks.length * NODE.width + (stacks.length - 1) * NODE.gapX, height, columns: numbers };
}
