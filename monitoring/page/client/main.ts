import { PATHS } from '../../view';
import { asking } from './asking';
import { chartsView } from './charts';
import { beside, command } from './commands';
import { byId, setAttributes, setText } from './dom';
import { eventsView } from './events-view';
import { headlineView } from './headline-view';
import { favicon } from './icons';
import { membersView } from './members-view';
import { EMPTY, heard, type Model, serverNow } from './model';
import { type Connection, SILENCE_MS, Stream } from './stream';
import { switchesView } from './switches-view';
import { keptToken, tokenView } from './token-view';

/** Joins the parts: what the server tells goes into the model, the model onto the page. */

let model: Model = EMPTY;
let token = keptToken(sessionStorage);
let drawing = false;

const stream = new Stream(
  beside(location.pathname, PATHS.stream),
  {
    fetch: (url, init) => fetch(url, init),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer as number | undefined),
    random: Math.random,
  },
  {
    message: (message) => {
      model = heard(model, message, performance.now());
      drawSoon();
    },
    connection: (connection) => {
      model = { ...model, connection };
      if (connection.kind === 'token') askForToken(connection.wrong);
      drawSoon();
    },
  },
);

const tokens = tokenView(byId('token'), sessionStorage, (given) => {
  token = given;
  stream.open(token);
});

const ask = asking(byId('answer'), (path, body) =>
  command((url, init) => fetch(url, init), beside(location.pathname, PATHS.admin), token, path, body),
);
const showHeadline = headlineView(byId('headline'), () => stream.retryNow());
const showMembers = membersView(byId('members'), ask);
const showCharts = chartsView(byId('charts'));
const showEvents = eventsView(byId('events'));
const showSwitches = switchesView(byId('switches'), ask);
byId('give-token').addEventListener('click', () => tokens.open('Switches take an admin token.', true));

function askForToken(wrong: boolean): void {
  model = { ...EMPTY, connection: model.connection };
  tokens.open(wrong ? 'The server refused that token.' : 'The server shows this page to who has a token.', false);
}

/** Several messages that come at once are drawn once. Not by animation frames: the title is of use in a tab that is not looked at. */
function drawSoon(): void {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    draw();
  }, 0);
}

function draw(): void {
  const { status, history, connection, admin, actions } = model;
  byId('fleet-view').hidden = !status;
  setAttributes(document.body, { 'data-connection': connection.kind });
  setText(byId('connection'), connectionText(connection));
  if (!status) {
    document.title = 'readfleet';
    return;
  }
  const now = performance.now();
  const name = `${status.fleet} · ${status.environment}`;
  const lost = lostSince(now);
  const { text, topic, tone } = showHeadline({ status, history, now: serverNow(model, now), lost });
  setText(byId('fleet'), name);
  setText(byId('announcement'), topic);
  const title = `${text} – ${name}`;
  if (document.title !== title) document.title = title;
  setAttributes(document.querySelector('link[rel=icon]') as Element, { href: favicon(tone) });
  showMembers(status, history, admin, actions);
  showCharts(status, history);
  byId('no-admin').hidden = admin;
  byId('switches').hidden = !admin;
  if (admin) showSwitches(status, actions);
  showEvents(model.told);
}

/** What is shown is live while the stream is; for a moment also while it is changed for another, as with a new token. */
function lostSince(now: number) {
  const { connection, receivedAt } = model;
  const ageMs = now - receivedAt;
  if (connection.kind === 'live' || (connection.kind === 'connecting' && ageMs < SILENCE_MS)) return undefined;
  return { ageMs, why: connection.kind === 'lost' ? connection.why : 'the server does not answer' };
}

function connectionText(connection: Connection): string {
  switch (connection.kind) {
    case 'connecting':
      return 'Connecting';
    case 'live':
      return 'Live';
    case 'lost':
      return model.status ? 'Not live' : `Not connected: ${connection.why}. Trying again.`;
    case 'token':
      return 'Not connected';
  }
}

// What is shown grows old while nothing comes.
setInterval(() => {
  if (model.connection.kind !== 'live') drawSoon();
}, 1_000);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) stream.retryNow();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawSoon);
stream.open(token);
