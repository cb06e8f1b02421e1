import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appsChart } from './apps-chart';
import { changeOf, middle, most, ms, percent, share, times, timesAlone } from './apps-figures';
import type { Killed } from './apps-kill';
import type { Offload, Offloads } from './apps-offload';
import type { Compared, PagesAndLists } from './apps-pages';
import type { Throughput } from './apps-throughput';
import { machine, writeFigure } from './figures';
import { markdown, type Table } from './table';

/** All that was measured. */
export interface Measured extends PagesAndLists {
  readonly offloads: Offloads;
  readonly throughputs: readonly Throughput[];
  /** Of a core, for each server. */
  readonly throughputShare: number;
  readonly kills: readonly Killed[];
}

/** A figure that users of such a system wrote down, and ours. Texts, with their units. */
export interface Claim {
  /** The number of the document that says it. */
  readonly seed: string;
  readonly what: string;
  readonly claimed: readonly [before: string, after: string, change: string];
  readonly measured: readonly [before: string, after: string, change: string];
  readonly reached: boolean;
}

const COMMAND = 'npx tsx bench/apps.ts';
const PAGE = path.join(__dirname, '..', 'docs', 'apps.md');
const [BEGIN, END] = [`<!-- Made by \`${COMMAND}\`. Do not edit. -->`, '<!-- end -->'];

export function claimsOf(measured: Measured): readonly Claim[] {
  const { pages, lists, distantLists, offloads, throughputs, kills } = measured;
  const [first, last] = [pages[0], pages.at(-1)];
  const slower = (last?.oursMs ?? Number.NaN) / (first?.oursMs ?? Number.NaN);
  const off = (key: keyof Offload) => changeOf(offloads.rounds, key);
  const busy = (of: (offload: Offload) => number, shown: (value: number) => string) =>
    [shown(middle(offloads.rounds, 0, of)), shown(middle(offloads.rounds, most(offloads.rounds), of))] as const;
  const most3 = timesAlone(throughputs, most(throughputs));
  const failed = kills.reduce((sum, kill) => sum + kill.failed, 0);
  const sent = kills.reduce((sum, kill) => sum + kill.sent, 0);
  const longest = Math.max(...kills.map(({ longestMs }) => longestMs));
  return [
    {
      seed: '002',
      what: 'page 1000, by OFFSET and by keyset',
      claimed: ['> 5000 ms', '5 ms', '1000 ×'],
      measured: [ms(last?.naiveMs), ms(last?.oursMs), times(last?.times)],
      reached: (last?.oursMs ?? Number.NaN) <= 5 && (last?.times ?? Number.NaN) >= 1_000,
    },
    {
      seed: '002',
      what: 'page 1 and page 1000, by keyset',
      claimed: ['5 ms', '5 ms', 'the same'],
      measured: [ms(first?.oursMs), ms(last?.oursMs), times(slower)],
      // Below a millisecond the noise of a machine is more than a tenth of it.
      reached: (last?.oursMs ?? Number.NaN) - (first?.oursMs ?? Number.NaN) < 1,
    },
    ...lists.map((list, place) => listClaim(list, place, 'no network')),
    ...distantLists.map((list, place) => listClaim(list, place, '1 ms of network each way')),
    {
      seed: '002',
      what: 'reads on the primary',
      claimed: ['1000/s', '400/s', '−60 %'],
      measured: [
        ...busy(
          ({ readsPerSecond }) => readsPerSecond,
          (value) => `${value.toFixed(0)}/s`,
        ),
        percent(off('readsPerSecond')),
      ],
      reached: off('readsPerSecond') <= -0.6,
    },
    {
      seed: '002',
      what: 'connections of the primary in use',
      claimed: ['45', '20', '−56 %'],
      measured: [
        ...busy(
          ({ connections }) => connections,
          (value) => value.toFixed(2),
        ),
        percent(off('connections')),
      ],
      reached: off('connections') <= -0.56,
    },
    {
      seed: '002',
      what: 'load of the primary',
      claimed: ['85 %', '35 %', '−59 %'],
      measured: [...busy(({ load }) => load, share), percent(off('load'))],
      reached: off('load') <= -0.59,
    },
    {
      seed: '002',
      what: 'p95 of reads',
      claimed: ['150 ms', '80 ms', '−47 %'],
      measured: [...busy(({ p95 }) => p95, ms), percent(off('p95'))],
      reached: off('p95') <= -0.47,
    },
    {
      seed: '004',
      what: 'latency of reads (median)',
      claimed: ['', '', '−50 %'],
      measured: [...busy(({ p50 }) => p50, ms), percent(off('p50'))],
      reached: off('p50') <= -0.5,
    },
    {
      seed: '002',
      what: `throughput, without and with ${most(throughputs)} replicas`,
      claimed: ['', '', '+150 %'],
      measured: [...rates(throughputs), percent(most3 - 1)],
      reached: most3 >= 2.5,
    },
    {
      seed: '004',
      what: `throughput, without and with ${most(throughputs)} replicas`,
      claimed: ['', '', '3 to 5 ×'],
      measured: [...rates(throughputs), times(most3)],
      reached: most3 >= 3,
    },
    {
      seed: '000, 004',
      what: 'requests that failed while a replica was killed',
      claimed: ['', '0', 'unseen'],
      measured: [`of ${sent}`, String(failed), `longest ${ms(longest)}`],
      reached: failed === 0,
    },
  ];
}

const LISTS: readonly (readonly [before: string, after: string, times: number])[] = [
  ['50 ms', '10 ms', 5],
  ['500 ms', '15 ms', 33],
  ['5000 ms', '50 ms', 100],
];

function listClaim({ what, naiveMs, oursMs, times: factor }: Compared, place: number, network: string): Claim {
  const [before = '', after = '', claimed = Number.NaN] = LISTS[place] ?? [];
  return {
    seed: '002',
    what: `list of ${what}, ${network}`,
    claimed: [before, after, times(claimed)],
    measured: [ms(naiveMs), ms(oursMs), times(factor)],
    reached: factor >= claimed,
  };
}

export function claimTable(claims: readonly Claim[]): Table {
  return {
    header: ['what', 'seed', 'claimed: before', 'claimed: after', 'claimed', 'before', 'after', 'measured', 'reached'],
    words: ['reached'],
    rows: claims.map(({ seed, what, claimed, measured, reached }) => [
      ...[what, seed, ...claimed, ...measured],
      reached ? 'yes' : '**no**',
    ]),
  };
}

export function offloadTable({ rounds }: Offloads): Table {
  const row = (replicas: number) => {
    const of = (figure: (offload: Offload) => number) => middle(rounds, replicas, figure);
    return [
      replicas === 0 ? 'primary alone' : `with ${replicas} replicas`,
      of(({ p50 }) => p50).toFixed(1),
      of(({ p95 }) => p95).toFixed(1),
      of(({ readsPerSecond }) => readsPerSecond).toFixed(0),
      of(({ connections }) => connections).toFixed(2),
      share(of(({ load }) => load)),
      String(of(({ failed }) => failed)),
    ];
  };
  return {
    header: [
      '',
      'p50 ms',
      'p95 ms',
      'reads/s on the primary',
      'its connections in use',
      'its CPU of what it may',
      'failed',
    ],
    rows: [0, most(rounds)].map(row),
  };
}

export function throughputTable(throughputs: readonly Throughput[]): Table {
  return {
    header: ['replicas', 'requests/s', 'times none', 'CPU of a reader, of what it may', 'CPU of the primary'],
    rows: [...new Set(throughputs.map(({ replicas }) => replicas))].map((replicas) => [
      String(replicas),
      middle(throughputs, replicas, ({ rate }) => rate).toFixed(0),
      timesAlone(throughputs, replicas).toFixed(2),
      share(middle(throughputs, replicas, ({ load }) => load)),
      share(middle(throughputs, replicas, ({ primaryLoad }) => primaryLoad)),
    ]),
  };
}

export function killTable(kills: readonly Killed[]): Table {
  return {
    header: ['app', 'requests', 'failed', 'p50 ms of reads', 'p95 ms', 'longest ms'],
    rows: kills.map(({ app, sent, failed, p50, p95, longestMs }) => [
      ...[app, String(sent), String(failed)],
      ...[p50, p95, longestMs].map((value) => value.toFixed(1)),
    ]),
  };
}

/** Writes docs/figures/apps, and the table of claims into docs/apps.md. */
export function writeApps(measured: Measured): void {
  const { version, offloads, throughputs, throughputShare, kills } = measured;
  const claims = markdown(claimTable(claimsOf(measured)));
  writeFigure({
    name: 'apps',
    title: 'What was claimed, and what the example apps do',
    command: COMMAND,
    sections: [
      machine(version),
      claims,
      `## The chat at ${offloads.rate} requests a second`,
      capped(offloads.share),
      markdown(offloadTable(offloads)),
      '## Gists: as many requests as are answered',
      capped(throughputShare),
      markdown(throughputTable(throughputs)),
      '## A replica is killed, and comes back',
      '100 requests a second to each app, with two replicas that are not capped.',
      markdown(killTable(kills)),
    ],
    svg: appsChart(measured),
  });
  writeFileSync(PAGE, withBlock(readFileSync(PAGE, 'utf8'), `${machine(version)}\n\n${claims}`));
}

/** @throws Error when the page has no such place */
export function withBlock(page: string, block: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/apps.md must have a line "${BEGIN}", and after it "${END}".`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${block}\n\n${page.slice(end)}`;
}

function capped(of: number): string {
  return `Every server may use ${share(of)} of a core, by a cpu cgroup, so that the servers are the limit. Medians of rounds that are interleaved.`;
}

function rates(throughputs: readonly Throughput[]): readonly [string, string] {
  const of = (replicas: number) => `${middle(throughputs, replicas, ({ rate }) => rate).toFixed(0)}/s`;
  return [of(0), of(most(throughputs))];
}
