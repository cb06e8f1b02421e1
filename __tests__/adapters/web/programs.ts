import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';

/** One thing that a handler does to its response. */
export type Step =
  | { readonly does: 'setHeader'; readonly name: string; readonly value: string }
  | { readonly does: 'status'; readonly code: number }
  | { readonly does: 'writeHead'; readonly args: unknown[] }
  | { readonly does: 'flushHeaders' }
  | { readonly does: 'write'; readonly chunk: unknown; readonly encoding: BufferEncoding | undefined }
  | { readonly does: 'end'; readonly chunk: unknown }
  | { readonly does: 'trailers' }
  | { readonly does: 'pause' };

const name = fc.constantFrom('x-one', 'X-Two', 'Set-Cookie', 'Content-Type', 'Cache-Control');
const value = fc.constantFrom('a', 'b=c', 'text/plain', '');
const code = fc.constantFrom(200, 201, 204, 304, 404, 500, 999, 0, 1000);
const chunk = fc.oneof(
  { weight: 8, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constant('long '.repeat(20_000)) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, undefined, 7, {}) },
);
const headers = fc.oneof(
  fc.dictionary(name, value, { maxKeys: 3 }),
  // Names that are there twice, and lists of pairs, Node takes or leaves according to its version and to what was set before.
  fc.uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([each]) => each }).map((pairs) => pairs.flat()),
  fc.constant(undefined),
);
/** With a status that may have a body: Node remembers of a head that it refused that it had none. */
const badHead = fc.constantFrom<unknown[]>(
  [200, { 'bad name': 'x' }],
  [200, { 'x-bad': 'line\nbreak' }],
  [200, ['x-odd']],
);
const reason = fc.option(fc.constantFrom('Fine', 'not\nfine'), { nil: undefined });

const head = fc
  .tuple(code, reason, headers)
  .map(([status, message, all]): unknown[] => (message === undefined ? [status, all] : [status, message, all]));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('setHeader' as const), name, value }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('status' as const), code }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('writeHead' as const),
      args: fc.oneof({ weight: 5, arbitrary: head }, { weight: 1, arbitrary: badHead }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'flushHeaders' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      chunk,
      encoding: fc.constantFrom<BufferEncoding | undefined>(undefined, 'utf8', 'latin1', 'base64'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('end' as const), chunk }) },
  { weight: 1, arbitrary: fc.constant({ does: 'trailers' as const }) },
  { weight: 3, arbitrary: fc.constant({ does: 'pause' as const }) },
);

/** What a handler does from beginning to end. */
export const program: fc.Arbitrary<Step[]> = fc.array(step, { maxLength: 10 });

export interface Run {
  /** What each step threw, by code, or how the response looked after it. */
  readonly seen: string[];
  /** The callbacks up to the first end's, in the order in which they were called. Later ones depend on how far the response has got by then. */
  readonly told: string[];
}

/** Runs a handler's program, and ends the response in any case. */
export async function run(steps: readonly Step[], response: ServerResponse<IncomingMessage>): Promise<Run> {
  const seen: string[] = [];
  const told: string[] = [];
  const tell = (what: string) => (error?: unknown) => {
    told.push(`${what}: ${(error as { code?: string } | undefined)?.code ?? 'done'}`);
  };
  const nobody = () => undefined;
  // For a write after the end Node emits one, unless the response is out by then.
  response.on('error', nobody);
  const all: Step[] = [...steps, { does: 'end', chunk: undefined }];
  const firstEnd = all.findIndex(({ does }) => does === 'end');
  for (const [index, each] of all.entries()) {
    const done = index <= firstEnd ? tell(`${index} ${each.does}`) : nobody;
    try {
      await perform(each, response, done);
      seen.push(`${each.does}: headersSent ${response.headersSent}, writableEnded ${response.writableEnded}`);
    } catch (error) {
      seen.push(`${each.does}: ${(error as { code?: string }).code}`);
    }
  }
  // With a head that Node refuses there is no end either.
  if (!response.writableEnded) response.destroy();
  return { seen, told };
}

async function perform(step: Step, response: ServerResponse, done: (error?: unknown) => void): Promise<void> {
  switch (step.does) {
    case 'setHeader':
      response.setHeader(step.name, step.value);
      return;
    case 'status':
      response.statusCode = step.code;
      return;
    case 'writeHead':
      (response.writeHead as (...args: unknown[]) => unknown)(...step.args);
      return;
    case 'flushHeaders':
      response.flushHeaders();
      return;
    case 'write':
      if (step.encoding) response.write(step.chunk, step.encoding, done);
      else response.write(step.chunk, done);
      return;
    case 'end':
      response.end(step.chunk, done);
      return;
    case 'trailers':
      // After the end they are in time or not, as it happens.
      if (!response.writableEnded) response.addTrailers({ 'x-trailer': 'last' });
      return;
    case 'pause':
      await new Promise((resolve) => setImmediate(resolve));
  }
}
