import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(__dirname, '..', '..', '..', 'docs', 'figures', 'adapters');

/** What the table of docs/adapters.md says of an ORM. Its tests hold it against what they see. */
export interface Column {
  readonly label?: string;
  /** Versions on a fleet: all scenarios are right with both. */
  readonly highest?: string;
  readonly lowest?: string;
  readonly own?: { readonly label: string; readonly version: string };
  /** What the ORM's own replication does, by the name of the scenario. */
  readonly cells?: Readonly<Record<string, string>>;
}

/** Whether this run is to write down what it sees: `READFLEET_WRITE_MATRIX=1 npx jest __tests__/adapters/matrix`. */
export function wanted(): boolean {
  return process.env.READFLEET_WRITE_MATRIX === '1';
}

/** What is written down of an ORM. */
export function held(name: string): Column | undefined {
  const file = path.join(FOLDER, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Column) : undefined;
}

/** Writes down what was seen, where that is wanted. */
export function keep(name: string, seen: Column): void {
  if (!wanted()) return;
  const before = held(name);
  const column = { ...before, ...seen, cells: { ...before?.cells, ...seen.cells } };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, `${name}.json`), `${JSON.stringify(column, null, 2)}\n`);
}
