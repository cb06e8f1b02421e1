import { close, handler } from '../../lambda/emitter';
import type { FleetContract } from '../../lib/contract';
import { type EmfDocument, emfProblems } from './emf-problems';

/** Lambda, as far as a test needs it: it calls the handler, and keeps what was written. */
export class Invoked {
  /** All that was ever written, to either stream. */
  readonly output: string[] = [];
  private lines: string[] = [];
  private readonly spies: jest.SpyInstance[];

  constructor(contract: FleetContract, variables: Readonly<Record<string, string>> = {}) {
    Object.assign(process.env, {
      READFLEET_CONTRACT: JSON.stringify(contract),
      READFLEET_SAMPLE_SECONDS: '1',
      ...variables,
    });
    this.spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        this.output.push(String(text));
        if (stream === process.stdout) this.lines.push(String(text));
        return true;
      }),
    );
  }

  /** One sample of each member, by name. Each document is one that CloudWatch takes. */
  async sample(): Promise<Record<string, EmfDocument>> {
    this.lines = [];
    // Nothing is left for a second sample once the first was written.
    await handler(undefined, { getRemainingTimeInMillis: () => (this.lines.length > 0 ? 0 : 60_000) });
    expect(this.lines.flatMap(emfProblems)).toEqual([]);
    const documents = this.lines.map((line) => JSON.parse(line) as EmfDocument);
    expect(new Set(documents.map(({ Member }) => Member)).size).toBe(documents.length);
    return Object.fromEntries(documents.map((document) => [document.Member, document]));
  }

  end(): void {
    close();
    for (const spy of this.spies) spy.mockRestore();
    for (const name of Object.keys(process.env)) if (name.startsWith('READFLEET_')) delete process.env[name];
  }
}
