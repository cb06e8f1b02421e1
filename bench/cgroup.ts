import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, processTable } from '../local/processes';

/** How often the cap is renewed, in microseconds: short, so that a capped server is slow rather than absent for long. */
const PERIOD_US = 20_000;
const PREFIX = 'readfleet-bench-';
const REMOVE_TRIES = 50;

/** Where the controllers `cpu` and `cpuacct` of cgroup version 1 are mounted; they may share one mount. */
export interface CpuControllers {
  readonly cpu: string;
  readonly cpuacct: string;
}

/** @param mounts the text of /proc/mounts */
export function cpuControllers(mounts: string): CpuControllers | undefined {
  const found = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [, folder, type, options] = line.split(' ');
    if (type !== 'cgroup' || !folder) continue;
    for (const option of options?.split(',') ?? []) found.set(option, folder);
  }
  const [cpu, cpuacct] = [found.get('cpu'), found.get('cpuacct')];
  return cpu && cpuacct ? { cpu, cpuacct } : undefined;
}

/**
 * The controllers of this machine, ready to make groups in.
 *
 * @throws Error that says why there are none
 */
export function findControllers(): CpuControllers {
  const mounts = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : '';
  const controllers = cpuControllers(mounts);
  if (!controllers) throw new Error('this machine has no `cpu` and `cpuacct` controllers of cgroup version 1.');
  const probe = path.join(controllers.cpu, `${PREFIX}probe-${process.pid}`);
  try {
    mkdirSync(probe);
    writeFileSync(path.join(probe, 'cpu.cfs_quota_us'), '-1');
    rmdirSync(probe);
  } catch (error) {
    throw new Error(`a cpu cgroup cannot be made here, which takes root: ${(error as Error).message}`, {
      cause: error,
    });
  }
  sweep(controllers);
  return controllers;
}

/** What runs that were killed left behind. */
function sweep({ cpu, cpuacct }: CpuControllers): void {
  for (const mount of new Set([cpu, cpuacct])) {
    for (const name of readdirSync(mount)) {
      const folder = path.join(mount, name);
      if (name.startsWith(PREFIX) && pidsIn(folder).length === 0) rmdirSync(folder);
    }
  }
}

/** A share of one core for a server and all that it will start. */
export class CpuCap {
  readonly #folders: readonly string[];
  readonly #usage: string;

  /** @param share of one core, e.g. 0.2 */
  constructor({ cpu, cpuacct }: CpuControllers, name: string, share: number) {
    const inMount = (mount: string) => path.join(mount, `${PREFIX}${process.pid}-${name}`);
    this.#folders = [...new Set([inMount(cpu), inMount(cpuacct)])];
    this.#usage = path.join(inMount(cpuacct), 'cpuacct.usage');
    for (const folder of this.#folders) mkdirSync(folder);
    // A run that is interrupted leaves no group either; the servers go on without a cap until their keeper ends them.
    process.once('exit', this.#leave);
    writeFileSync(path.join(inMount(cpu), 'cpu.cfs_period_us'), String(PERIOD_US));
    writeFileSync(path.join(inMount(cpu), 'cpu.cfs_quota_us'), String(Math.round(PERIOD_US * share)));
  }

  /** Moves a postmaster in, then its processes: what it forks from then on is born inside. */
  async add(postmaster: number): Promise<void> {
    this.#move(postmaster);
    for (const child of childrenOf(postmaster, await processTable())) this.#move(child);
  }

  /** CPU time that its processes have used since it was made, in seconds. */
  usedSeconds(): number {
    return Number(readFileSync(this.#usage, 'utf8')) / 1e9;
  }

  /** Removes the group once its processes have ended. */
  async remove(): Promise<void> {
    for (let tries = 0; tries < REMOVE_TRIES && this.#folders.some((folder) => pidsIn(folder).length > 0); tries += 1) {
      await delay(20);
    }
    this.#leave();
    process.off('exit', this.#leave);
  }

  /** Lets go of what still runs, and removes the group. */
  readonly #leave = (): void => {
    for (const folder of this.#folders) {
      if (!existsSync(folder)) continue;
      for (const pid of pidsIn(folder)) moveTo(path.dirname(folder), pid);
      rmdirSync(folder);
    }
  };

  #move(pid: number): void {
    for (const folder of this.#folders) moveTo(folder, pid);
  }
}

function pidsIn(folder: string): number[] {
  return readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
}

function moveTo(folder: string, pid: number): void {
  try {
    writeFileSync(path.join(folder, 'cgroup.procs'), String(pid));
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
