import fc from 'fast-check';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { violationsOf } from './checker';
import { execute, type Failure, type Outcome, READ, TABLE } from './execute';
import { formatViolation, type Violation } from './history';
import { programs } from './program';

/** The same programs in every run of the tests, unless asked otherwise. */
const SEED = Number(process.env.READFLEET_SEED ?? 20_250_607);
/** Hundreds of programs, and on a failure a search for a shorter one that fails too. */
const LONG = process.env.READFLEET_LONG === '1';
const RUNS = LONG ? 300 : 6;
const REPLICAS = ['blue', 'green'];

let local: LocalFleet;
/** Two processes, as far as they can be told apart: nothing but tokens goes from one to the other. */
let processes: Fleet[] = [];
let runs = 0;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: REPLICAS, network: true });
  // Times that lapse are left long: that a busy machine stands still befalls no server, and everybody is to be answered then.
  const options = { lag: { pollMs: 100, timeoutMs: 1_500 }, pools: { connectTimeoutMs: 10_000 } };
  processes = await Promise.all([connect(local.contract, options), connect(local.contract, options)]);
  await processes[0]?.write(TABLE);
  expect(processes[0]?.internals.classifier.classify(READ).target).toBe('replica');
});

afterAll(async () => {
  await Promise.all(processes.map((fleet) => fleet.close()));
  await local?.stop();
});

test(
  `whatever befalls the servers, no promise to a reader is broken (READFLEET_SEED=${SEED})`,
  async () => {
    const property = fc.asyncProperty(programs(REPLICAS.length), async (program) => {
      await eventually(allServe);
      runs += 1;
      const outcome = await execute(program, local, processes, runs);
      const violations = violationsOf(outcome.history);
      if (violations.length > 0) throw new Error(told(violations, outcome));
      if (program.primary.length === 0) expect(outcome.failures.filter(hadToBeAnswered)).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: !LONG });
    expect(Math.min(...REPLICAS.map(readsOf))).toBeGreaterThan(0);
  },
  LONG ? 3_600_000 : 120_000,
);

function allServe(): boolean {
  return processes.every((fleet) => fleet.status().members.every(({ state }) => state.kind === 'serving'));
}

/** A transaction that was begun on a replica is not begun again elsewhere: nobody knows what else was done in it. */
function hadToBeAnswered({ step }: Failure): boolean {
  return step.kind !== 'read' || step.way !== 'transaction';
}

function readsOf(name: string): number {
  const members = processes.flatMap((fleet) => fleet.status().members);
  return members.filter((member) => member.name === name).reduce((sum, { reads }) => sum + reads, 0);
}

/** The shortest, with the faults since a second before it. */
function told(violations: readonly Violation[], { history, faults }: Outcome): string {
  const beginOf = ({ before, read }: Violation) => before?.begin ?? read.begin;
  const span = (violation: Violation) => violation.read.end - beginOf(violation);
  const [shortest] = [...violations].sort((one, other) => span(one) - span(other));
  if (!shortest) return 'none';
  const from = beginOf(shortest);
  const meanwhile = faults
    .filter(({ at }) => at >= from - 1_000 && at <= shortest.read.end)
    .map(({ at, what }) => `  ${(at - from).toFixed(2)} ms  ${what}`);
  return [
    `${violations.length} broken promises in ${history.length} operations; READFLEET_SEED=${SEED} repeats the program. The shortest:`,
    formatViolation(shortest),
    'Faults since a second before:',
    ...meanwhile,
  ].join('\n');
}
