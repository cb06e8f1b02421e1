/** What the examples of this folder share: a fleet whose replica lags, and two people who ask. */
import { type LocalFleet, startLocalFleet } from 'readfleet/local';

/** A primary with a table of notes, and a replica that has stopped replaying: it never hears of a note. */
export async function startLaggingFleet(): Promise<LocalFleet> {
  const local = await startLocalFleet({ replicas: ['replica-1'] });
  await local.primary.query('create table note (id int generated always as identity primary key, body text not null)');
  const replica = local.replica('replica-1');
  // A replica may be a moment behind, also here.
  while ((await replica.query(`select from pg_class where relname = 'note'`)).length === 0);
  await replica.pauseReplay();
  return local;
}

/** Alice writes a note and looks; so does Bob, who wrote nothing. */
export async function showTwoClients(url: string): Promise<void> {
  const posted = await fetch(`${url}/notes`, { method: 'POST' });
  const cookie = posted.headers.getSetCookie()[0] ?? '';
  console.log(`alice: POST /notes -> ${posted.status}, ${cookie.replace(/=rf1[^;]*/, '=<token>')}`);
  console.log(`alice: GET /notes -> ${await notes(url, cookie)}`);
  console.log(`bob:   GET /notes -> ${await notes(url, '')}`);
}

async function notes(url: string, cookie: string): Promise<string> {
  const response = await fetch(`${url}/notes`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
  const all = (await response.json()) as unknown[];
  return `${all.length} note${all.length === 1 ? '' : 's'}, sets ${response.headers.getSetCookie().length} cookies`;
}
