import { setTimeout as delay } from 'node:timers/promises';
import type { Demo, Running } from './demo';

const CALLERS = 16;

/** Of a request. */
export type Kind = 'read' | 'write';

/** @throws Error for an answer that is none, or not what was asked for */
export async function answered(kind: Kind, sent: Promise<Response>): Promise<Kind> {
  const response = await sent;
  // Read to its end, so that the connection is free for the next one.
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return kind;
}

interface Seen {
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly longest: number;
  readonly readsOnPrimary: number;
  readonly readsOnReplicas: number;
}

/** The same requests without replicas, with them, and while one of them is killed. The machine is shared by all servers: for capped ones see docs/apps.md. */
export async function loadTable(demo: Demo, running: Running, lengthMs: number): Promise<string> {
  const { fleet, local } = running;
  await load(demo, running, lengthMs / 5);
  const endpoints = fleet.flags.list();
  for (const endpoint of ['*', ...endpoints.map((flag) => flag.endpoint)]) fleet.flags.disable(endpoint);
  const before = await load(demo, running, lengthMs);
  fleet.flags.enable('*');
  for (const { endpoint, percent } of endpoints) fleet.flags.rollout(endpoint, percent);
  const after = await load(demo, running, lengthMs);
  const [killed] = await Promise.all([
    load(demo, running, lengthMs),
    delay(lengthMs / 4).then(() => local.replicas[0]?.kill()),
  ]);
  const row = (label: string, seen: Seen) =>
    [
      label.padEnd(22),
      ...[
        ((seen.requests * 1_000) / lengthMs).toFixed(0),
        seen.p50.toFixed(1),
        seen.p95.toFixed(1),
        seen.longest.toFixed(0),
        String(seen.readsOnPrimary),
        String(seen.readsOnReplicas),
        String(seen.failed),
      ].map((cell) => cell.padStart(11)),
    ].join('');
  const header = ['requests/s', 'p50 ms', 'p95 ms', 'longest ms', 'on primary', 'on replicas', 'failed'];
  return [
    `${demo.name}: ${CALLERS} callers, ${lengthMs / 1_000} s each; statements that read, by where they ran`,
    ' '.repeat(22) + header.map((cell) => cell.padStart(11)).join(''),
    row('without replicas', before),
    row(`with ${local.replicas.length} replicas`, after),
    row('one is killed', killed),
  ].join('\n');
}

async function load(demo: Demo, { fleet, url }: Running, lengthMs: number): Promise<Seen> {
  const times: number[] = [];
  let failed = 0;
  let turn = 0;
  const reads = () => {
    const of = (role: string) =>
      fleet.status().members.reduce((sum, member) => sum + (member.role === role ? member.reads : 0), 0);
    return [of('primary'), of('replica')] as const;
  };
  const [primary, replicas] = reads();
  const end = performance.now() + lengthMs;
  const caller = async () => {
    while (performance.now() < end) {
      const started = performance.now();
      turn += 1;
      try {
        await demo.request(url, turn);
      } catch (error) {
        failed += 1;
        console.error(error);
      }
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  times.sort((a, b) => a - b);
  const [onPrimary, onReplicas] = reads();
  return {
    requests: times.length,
    failed,
    p50: times[Math.floor(times.length * 0.5)] ?? Number.NaN,
    p95: times[Math.floor(times.length * 0.95)] ?? Number.NaN,
    longest: times.at(-1) ?? Number.NaN,
    readsOnPrimary: onPrimary - primary,
    readsOnReplicas: onReplicas - replicas,
  };
}
