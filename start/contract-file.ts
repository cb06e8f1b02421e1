import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LocalFleet } from '../local';

/** The contract of the local fleet as a file, for this run's own connection and for any other app. */
export class ContractFile {
  private written = '';

  constructor(
    private readonly local: LocalFleet,
    readonly path: string,
  ) {}

  /** To be called again when members came, went or changed places. */
  async write(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await this.local.writeContract(this.path);
    this.written = await readFile(this.path, 'utf8');
  }

  /** It is of use only while the fleet runs: it goes with it, unless another run has put its own there since. */
  async remove(): Promise<void> {
    const present = await readFile(this.path, 'utf8').catch(() => undefined);
    if (present === this.written) await rm(this.path);
  }
}
