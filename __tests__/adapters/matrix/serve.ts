import type { Candidate, Ground, Subject } from './subject';

/** What the other process asks. */
export type Request = { readonly id: number; readonly ask: string; readonly args: readonly unknown[] };
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | {
      readonly id: number;
      readonly error: { readonly name: string; readonly message: string; readonly code?: unknown };
    };

/** Serves one candidate to the process that started this one, until that one lets go. */
export function serve(candidate: Candidate): void {
  let subject: Subject | undefined;

  async function run(ask: string, args: readonly unknown[]): Promise<unknown> {
    if (ask === 'open') {
      subject = await candidate.open(args[0] as Ground);
      return undefined;
    }
    if (!subject) throw new Error(`"${ask}" was asked before "open".`);
    const { fleet } = subject;
    if (ask === 'allServe') {
      return fleet?.status().members.every(({ state }) => state.kind === 'serving') ?? true;
    }
    if (ask === 'switchOff') return fleet?.flags.disableAll();
    if (ask === 'switchOn') return fleet?.flags.enableAll();
    return (subject as unknown as Record<string, (...args: readonly unknown[]) => unknown>)[ask]?.(...args);
  }

  process.on('message', ({ id, ask, args }: Request) => {
    run(ask, args).then(
      // Rows as drivers make them are no message; a body, an id or a yes is.
      (value) => process.send?.({ id, value: typeof value === 'object' ? undefined : value } satisfies Answer),
      (error: Error & { code?: unknown }) => {
        const { name, message, code } = error;
        process.send?.({ id, error: { name, message, code: String(code) } } satisfies Answer);
      },
    );
  });
  // Nobody is left to answer.
  process.on('disconnect', () => process.exit());
}
