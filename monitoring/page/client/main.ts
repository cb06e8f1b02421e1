import { PATHS } from '../../view';
import { chartsView } from './charts';
import { beside, command } from './commands';
import { byId, setAttributes, setText } from './dom';
import { eventsView } from './events-view';
import { handView } from './hand-view';
import { headlineView } from './headline-view';
import { favicon } from './icons';
import { membersView } from './members-view';
import { EMPTY, heard, type Model, serverNow } from './model';
import { type Connection, Stream } from './stream';
import { keptToken, tokenView } from './token-view';

/** Joins the parts: what the server tells goes into the model, the model onto the page. */

let model: Model = EMPTY;
let token = keptToken(sessionStorage);
let drawing: ReturnType<typeof setTimeout> | undefined;

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

const showHeadline = headlineView(byId('headline'), () => stream.retryNow());
const showMembers = membersView(byId('members'));
const showCharts = chartsView(byId('charts'));
const showEvents = eventsView(byId('events'));
const showHand = handView(
  byId('hand'),
  (path, body) => command((url, init) => fetch(url, init), beside(location.pathname, PATHS.admin), token, path, body),
  () => tokens.open('Switches take an admin token.', true),
);

function askForToken(wrong: boolean): void {
  model = { ...EMPTY, connection: model.connection };
  tokens.open(wrong ? 'The server refused that token.' : 'The server shows this page to who has a token.', false);
}

/** Several messages that come at once are drawn once. Not by animation frames: the title is of use in a tab that is not looked at. */
function drawSoon(): void {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    draw();
  }, 0);
}

function draw(): void {
  const { status, history, connection } = model;
  byId('fleet-view').hidden = !status;
  setAttributes(document.body, { 'data-connection': connection.kind });
  setText(byId('connection'), connectionText(connection));
  if (!status) {
    document.title = 'readfleet';
    return;
  }
  const now = performance.now();
  const name = `${status.fleet} · ${status.environment}`;
  const gone = connection.kind === 'live' ? undefined : connection;
  const lost = gone && {
    ageMs: now - model.receivedAt,
    why: gone.kind === 'lost' ? gone.why : 'it is being connected',
    retryInMs: gone.kind === 'lost' ? gone.retryInMs : 0,
  };
  const { text, topic, tone } = showHeadline({ status, history, now: serverNow(model, now), lost });
  setText(byId('fleet'), name);
  setText(byId('announcement'), topic);
  const title = `${text} – ${name}`;
  if (document.title !== title) document.title = title;
  setAttributes(document.querySelector('link[rel=icon]') as Element, { href: favicon(tone) });
  showMembers(status, history);
  showCharts(status, history);
  showHand(model);
  showEvents(model.told);
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
      return 'Not connected: the server asks for a token';
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
