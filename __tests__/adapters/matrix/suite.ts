import { rmSync } from 'node:fs';
import { eventually } from '../../support/eventually';
import { describeWith, lowest } from '../../support/left-out';
import { Servers } from './ground';
import { type Column, held, keep, wanted } from './record';
import { SCENARIOS, type Scenario, type Stage, type Verdict } from './scenarios';
import { pack, type Versions, versionOf, Worker } from './worker';

/** Generous: this machine may be busy, and a hang has no end. */
const PATIENCE_MS = 20_000;

/** An ORM in the table. */
export interface Orm {
  /** In the table, and of the file that keeps its column: `typeorm`. */
  readonly name: string;
  /** As people write it. */
  readonly label: string;
  /** Whose versions are told. */
  readonly package: string;
  /** File in `subjects/`: the ORM over a fleet. */
  readonly subject: string;
  /** File in `subjects/`: the ORM with its own replication, and what that is called. */
  readonly own?: {
    readonly subject: string;
    readonly label: string;
    readonly package: string;
    readonly versions?: Versions;
  };
  /** To be done once before a subject is packed: generates a client, say. */
  prepare?(versions: Versions): void;
}

/** Every scenario with the highest version and the lowest, and once more with what the ORM brings itself. */
export function describeOrm(orm: Orm): void {
  describe(`${orm.label} on a fleet`, () => {
    onFleet(orm, 'highest');
  });

  describeWith(lowest, `${orm.label} at its lowest version, on a fleet`, () => {
    onFleet(orm, 'lowest');
  });

  const { own } = orm;
  if (!own) return;
  const versions = own.versions ?? 'highest';
  const tests = () => ownReplication(orm, versions);
  const name = `what ${own.label} does in the same scenario`;
  if (versions === 'lowest') describeWith(lowest, name, tests);
  else describe(name, tests);
}

function onFleet(orm: Orm, versions: Versions): void {
  const rig = new Rig(orm.subject, versions, orm);
  // One process through all of them, as an app would: no fault may leave anything behind in it.
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const { verdict } = await rig.run(scenario);
    expect(verdict).toEqual({ right: true, saw: 'yes' });
  });

  test('closes in order', async () => {
    await rig.closeWorker();
  });

  test('the version is the one that the table names', () => {
    const version = versionOf(orm.package, versions);
    keep(orm.name, { label: orm.label, [versions]: version });
    expect(held(orm.name)).toMatchObject({ label: orm.label, [versions]: version });
  });
}

function ownReplication(orm: Orm, versions: Versions): void {
  const { own } = orm;
  if (!own) return;
  const rig = new Rig(own.subject, versions, orm);
  const scenarios = SCENARIOS.filter(({ fleetOnly }) => !fleetOnly);
  // What goes wrong here is not ours to mend, but to say as it is: each cell is held against a run.
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
    const { verdict } = await rig.run(scenario, 4_000);
    await rig.endWorker();
    if (wanted()) console.log(`${own.label}: ${name}: ${verdict.saw}\n${verdict.why ?? ''}`);
    const told: Column['own'] = { label: own.label, version: versionOf(own.package, versions) };
    keep(orm.name, { own: told, cells: { [name]: verdict.saw } });
    expect({ [name]: verdict.saw, why: verdict.why }).toEqual({
      [name]: held(orm.name)?.cells?.[name],
      why: verdict.why,
    });
    expect(held(orm.name)?.own).toEqual(told);
  });
}

/** The servers and the process of one subject. */
class Rig {
  private servers: Servers | undefined;
  private worker: Worker | undefined;
  private file = '';

  constructor(subject: string, versions: Versions, { prepare }: Orm) {
    beforeAll(async () => {
      prepare?.(versions);
      this.file = pack(subject, versions);
      this.servers = await Servers.start();
    });
    afterAll(async () => {
      await this.endWorker();
      await this.servers?.stop();
      rmSync(this.file, { force: true });
    });
  }

  async run(scenario: Scenario, patienceMs = PATIENCE_MS): Promise<{ readonly verdict: Verdict }> {
    const { servers, file } = this;
    if (!servers) throw new Error('the servers did not start');
    await servers.mend();
    if (!this.worker?.alive) this.worker = await Worker.start(file, servers.ground);
    const { remote } = this.worker;
    await eventually(() => remote.allServe(), { timeoutMs: 10_000 });
    const stage: Stage = {
      servers,
      subject: remote,
      patienceMs,
      async another(work) {
        const worker = await Worker.start(file, servers.ground);
        try {
          return await work(worker.remote);
        } finally {
          await worker.kill();
        }
      },
    };
    return { verdict: await scenario.run(stage) };
  }

  async closeWorker(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.close();
  }

  async endWorker(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.kill();
  }
}
