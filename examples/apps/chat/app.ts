import type { AddressInfo } from 'node:net';
import type { ConnectOptions, Fleet } from 'readfleet';
import type { Demo, Served } from '../demo';
import { answered, type Kind } from '../load';
import { chatFigures } from './figures';
import { migrate, type Size, seed } from './schema';
import { chatServer } from './server';

const PEOPLE = 50;
const CONVERSATIONS = 1_000;

/**
 * What the reads of each part of the app may be. All of them can be switched and rolled out at run time (README.md).
 *
 * @param percent of people whose reads may go to replicas: a release begins with 10, and ends with 100
 */
export function chatOptions(percent = Number(process.env.CHAT_ROLLOUT ?? 100)): ConnectOptions {
  const old = { maxStalenessMs: 5_000, rollout: percent };
  return {
    applicationName: 'chat',
    endpoints: {
      'message.history': old,
      'conversation.list': old,
      'message.latest': { maxStalenessMs: 1_000, rollout: percent },
      // Never from a replica.
      'unread.counter': { consistency: 'strong' },
    },
  };
}

export const chat: Demo = {
  name: 'chat',
  options: chatOptions(),
  prepare: (fleet) => prepareChat(fleet, { people: PEOPLE, conversations: CONVERSATIONS }),
  serve: serveChat,
  request: chatRequest,
  figures: chatFigures,
  hints: (url) => [
    `curl -s '${url}/conversations?first=3'`,
    `curl -s '${url}/conversations/1/messages?first=2'`,
    `curl -s -c jar -b jar -H 'content-type: application/json' -d '{"body":"hello"}' ${url}/conversations/1/messages`,
    `curl -s -c jar -b jar ${url}/conversations/1/latest`,
    `status page: ${url}/internal/v1/system/database`,
  ],
};

export async function prepareChat(fleet: Fleet, size?: Size): Promise<void> {
  await migrate(fleet);
  await seed(fleet, size);
}

export async function serveChat(fleet: Fleet, port: number): Promise<Served> {
  const app = await chatServer(fleet);
  await app.listen({ port, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, close: () => app.close() };
}

/** As people use it: of twenty requests eight lists, seven pages of messages, two badges, and three that write. */
export async function chatRequest(url: string, turn: number): Promise<Kind> {
  const kind = turn % 20;
  const person = String(2 + (turn % (PEOPLE - 2)));
  // Person p is in the conversations whose number is p - 2 or p - 3, up to multiples of 48.
  const conversation = Number(person) - 2 || PEOPLE - 2;
  const headers: Record<string, string> = { 'x-person': person };
  if (kind < 8) return answered('read', fetch(`${url}/conversations?first=20`, { headers }));
  if (kind < 15) return answered('read', fetch(`${url}/conversations/${conversation}/messages?first=50`, { headers }));
  if (kind < 17) return answered('read', fetch(`${url}/unread`, { headers }));
  const post = (path: string, body: object) =>
    answered(
      'write',
      fetch(`${url}/conversations/${conversation}/${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  return kind < 19 ? post('messages', { body: `hello ${turn}` }) : post('read', { upTo: String(turn) });
}
