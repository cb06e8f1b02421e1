import type { Io } from '../io';
import { type Style, styleOf } from '../style';
import { countText } from '../units';
import { wrap } from '../wrap';
import type { Item, Verdict } from './item';
import type { Report } from './report';

/** What a checklist cannot see. */
const NOT_LOOKED_AT = [
  'whether a replica can be promoted: doctor promotes nothing',
  'whether alarms reach anybody',
  'backups, and RDS Proxy',
];

/** @param quiet only what is not well */
export function reportLines(
  { fleet, environment, groups, counts }: Report,
  { quiet, lossProbed }: { readonly quiet: boolean; readonly lossProbed: boolean },
  io: Pick<Io, 'colour' | 'columns'>,
): string[] {
  const style = styleOf(io);
  const shown = groups
    .map(({ title, items }) => ({ title, items: quiet ? items.filter(({ verdict }) => verdict !== 'ok') : items }))
    .filter(({ items }) => items.length > 0);
  const width = Math.max(0, ...shown.flatMap(({ items }) => items.map(({ id }) => id.length)));
  const notLookedAt = [
    ...(lossProbed ? [] : ['a connection that is cut amid a read: allow it with --allow-failover-probe']),
    ...NOT_LOOKED_AT,
  ];
  return [
    ...(quiet ? [] : [style.strong(`${fleet}/${environment}`), '']),
    ...shown.flatMap(({ title, items }) => [
      style.strong(title),
      ...items.flatMap((item) => lines(item, width, style, io.columns)),
      '',
    ]),
    ...(quiet ? [] : ['Not looked at:', ...notLookedAt.map((what) => `  - ${what}`), '']),
    summary(counts, style),
  ];
}

const WORDS: Readonly<Record<Verdict, string>> = {
  ok: 'ok',
  warning: 'warning',
  'not ok': 'NOT OK',
  unknown: 'unknown',
};
const WORD_WIDTH = 7;

/** Less than that beside the names, and it is not worth wrapping. */
const NARROWEST = 40;

function lines(
  { id, verdict, found, fix, member }: Item,
  width: number,
  style: Style,
  columns: number | undefined,
): string[] {
  const paint = { ok: style.good, warning: style.doubtful, 'not ok': style.bad, unknown: style.doubtful }[verdict];
  const head = `  ${WORDS[verdict].padEnd(WORD_WIDTH)}  ${id.padEnd(width)}  `;
  const room = columns === undefined ? undefined : Math.max(NARROWEST, columns - head.length);
  const indent = ' '.repeat(head.length);
  const [first, ...more] = wrap(member === undefined ? found : `${member}: ${found}`, room);
  const [fixFirst, ...fixMore] = fix === undefined ? [] : wrap(fix, room === undefined ? undefined : room - 3);
  return [
    `${head.replace(WORDS[verdict], paint)}${first}`,
    ...more.map((line) => indent + line),
    ...(fixFirst === undefined ? [] : [`${indent}-> ${fixFirst}`]),
    ...fixMore.map((line) => `${indent}   ${line}`),
  ];
}

function summary(counts: Report['counts'], style: Style): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const bad = counts['not ok'] > 0 ? style.bad(`${counts['not ok']} not ok`) : '0 not ok';
  return `${countText(all, 'item')}: ${counts.ok} ok, ${countText(counts.warning, 'warning')}, ${bad}, ${counts.unknown} could not be found out`;
}
