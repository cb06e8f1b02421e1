import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { type Amend, amendHead } from '../../../adapters/web/head-gate';
import { program, type Run, run, type Step } from './programs';
import { bytesOf, type Listening, listening } from './raw-http';

const ADDED = 'x-added: at the last moment\r\n';
const add: Amend = (response) => {
  response.setHeader('x-added', 'at the last moment');
};

type Prepare = () => Promise<Amend> | undefined;

/** How long the head is held: not at all, a microtask, or some turns of the event loop. */
function after(turns: number | undefined): Prepare {
  return async () => {
    for (let turn = 0; turn < (turns ?? 0); turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return add;
  };
}

let steps: readonly Step[] = [];
let prepare: Prepare | undefined;
let lastRun: Promise<Run>;
let server: Listening;

beforeAll(async () => {
  server = await listening((_, response) => {
    response.sendDate = false;
    const asked = prepare;
    if (asked) amendHead(response, asked);
    lastRun = runToItsEnd(response);
  });
});

afterAll(() => server?.close());

async function runToItsEnd(response: ServerResponse): Promise<Run> {
  // Not `once` of node:events, which rejects at an error.
  const closed = new Promise((resolve) => response.once('close', resolve));
  const result = await run(steps, response);
  await closed;
  return result;
}

/** What a client and a handler see of a program. */
async function seenOf(handler: readonly Step[], method: string, held: Prepare | undefined) {
  steps = handler;
  prepare = held;
  const bytes = await bytesOf(server.port, `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return { bytes: bytes.replace(ADDED, ''), added: bytes.includes(ADDED), ...(await lastRun) };
}

test('a head that is held changes no byte, no error and no callback of what a handler does', async () => {
  let heads = 0;
  await fc.assert(
    fc.asyncProperty(
      program,
      fc.constantFrom('GET', 'HEAD'),
      fc.option(fc.nat({ max: 6 }), { nil: undefined }),
      async (handler, method, turns) => {
        const plain = await seenOf(handler, method, undefined);
        const held = await seenOf(handler, method, after(turns));

        expect(held).toEqual({ ...plain, added: plain.bytes !== '' });
        heads += held.added ? 1 : 0;
      },
    ),
    { numRuns: 400 },
  );
  // Else it would hold of nothing.
  expect(heads).toBeGreaterThan(100);
});

test('nor does one that goes out as it is', async () => {
  await fc.assert(
    fc.asyncProperty(program, async (handler) => {
      const plain = await seenOf(handler, 'GET', undefined);
      const asked = await seenOf(handler, 'GET', () => undefined);

      expect(asked).toEqual(plain);
    }),
    { numRuns: 100 },
  );
});
