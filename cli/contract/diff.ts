import { readArgs } from '../args';
import { EXIT, type ExitCode } from '../exit-codes';
import type { Io } from '../io';
import { fromFile } from '../read-contract';
import { type Style, styleOf } from '../style';
import { countText } from '../units';
import { UsageError } from '../usage-error';
import { type Change, changesBetween, WHEN_READ } from './changes';

export async function diff(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, ['from', 'to']);
  const [from, to] = positionals;
  if (from === undefined || to === undefined) throw new UsageError('Which two? Name two files: <from> <to>.');
  if (from === '-' && to === '-') throw new UsageError('Only one of the two can be stdin.');
  const before = await fromFile(from, io);
  const after = await fromFile(to, io);
  const changes = changesBetween(before.contract, after.contract);
  if (values.json) io.out(JSON.stringify({ same: changes.length === 0, changes }, undefined, 2));
  else if (changes.length === 0) io.out('The contracts are the same.');
  else {
    const style = styleOf(io);
    io.out(
      [
        ...changes.flatMap((change) => lines(change, style)),
        '',
        `${countText(changes.length, 'difference')}. ${WHEN_READ}`,
      ].join('\n'),
    );
  }
  return changes.length === 0 ? EXIT.well : EXIT.notWell;
}

function lines({ sign, what, from, to, means }: Change, style: Style): string[] {
  const paint = { '+': style.good, '-': style.bad, '~': style.doubtful }[sign];
  const values = from !== undefined && to !== undefined ? `${from} -> ${to}` : (to ?? from ?? '');
  return [`${paint(`${sign} ${what}`)}  ${values}`, `    ${means}`];
}
