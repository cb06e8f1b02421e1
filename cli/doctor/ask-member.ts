import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig, DatabaseError } from 'pg';
import { sever } from '../../lib/members/sever';
import type { ServerFacts } from './facts';
import { type Found, find } from './found';
import { BASICS, QUESTIONS, type Question } from './questions';

/** One question may take so long; a server that is that slow is told of by its latency already. */
const QUESTION_MS = 4_000;
const GOODBYE_MS = 200;

/** Whom the questions about roles are about. */
export interface About {
  /** The contract's user. */
  readonly user: string;
  readonly roles: readonly string[];
}

/**
 * Asks one server everything, over one connection.
 *
 * @throws what keeps it from being connected to, and from answering the first question
 */
export async function askMember(config: ClientConfig, about: About): Promise<ServerFacts> {
  const client = new Client({ ...config, query_timeout: QUESTION_MS });
  // The question under way fails with it.
  client.on('error', () => undefined);
  try {
    const began = performance.now();
    await client.connect();
    const connectMs = performance.now() - began;
    const ask = async <T>(question: Question<T>): Promise<T> => {
      const { rows } = await client.query<Record<string, unknown>>(question.text, question.values?.(about));
      return question.read(rows);
    };
    // Not among the parameters of the connection: those would be told as the server's own. A pooler may drop it; the client has a limit too.
    await client.query(`set statement_timeout = ${QUESTION_MS}`);
    const basics = await ask(BASICS);
    const answers: Record<string, Found<unknown>> = {};
    let gone: unknown;
    for (const [fact, question] of Object.entries(QUESTIONS)) {
      const asked = gone === undefined ? ask(question as Question<unknown>) : Promise.reject(gone);
      // What PostgreSQL refuses it has answered; whoever does not answer is asked no more.
      asked.catch((error: unknown) => {
        if (!(error instanceof DatabaseError)) gone = error;
      });
      answers[fact] = await find(asked);
    }
    return { connectMs, basics, ...(answers as unknown as Omit<ServerFacts, 'connectMs' | 'basics'>) };
  } finally {
    // A frozen server would never answer a goodbye.
    await Promise.race([client.end().catch(() => undefined), delay(GOODBYE_MS, undefined, { ref: false })]);
    sever(client);
  }
}
