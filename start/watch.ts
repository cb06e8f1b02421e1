import type { Lifecycle } from './lifecycle';
import { Load } from './load';
import type { RunningFleet } from './local-fleet';
import type { StartOptions } from './options';
import type { Screen } from './screen';
import { type Glance, lines, stateText } from './view';

/** Rates are told over this time: shorter, they jump; longer, a change is seen late. */
const WINDOW_MS = 2_000;

/** Puts load on the fleet and shows every member, until the run ends. */
export async function watchFleet(
  { local, fleet }: RunningFleet,
  options: StartOptions,
  lifecycle: Lifecycle,
  screen: Screen,
): Promise<void> {
  screen.say(
    `Reads and writes (${options.readsPerSecond} and ${options.writesPerSecond} per second)${options.forMs === undefined ? '; Ctrl-C ends' : ''}`,
  );
  const load = new Load(fleet, options);
  lifecycle.defer(() => load.stop());
  load.start();

  // One that was removed by hand is shown until the library has let it go.
  const servers = () => [...local.members, ...local.formerPrimaries];
  const pids = (member: string) => servers().find(({ name }) => name === member)?.pid;
  const glance = (): Glance => ({ status: fleet.status(), report: load.report, at: performance.now() });
  const first = glance();
  const recent = [first];
  const show = () => {
    const now = glance();
    screen.show(lines(recent[0] ?? first, now, pids));
    recent.push(now);
    while (recent.length > 1 && now.at - (recent[0]?.at ?? 0) > Math.max(WINDOW_MS, screen.everyMs)) recent.shift();
  };
  fleet.on('state', ({ member, from, to }) =>
    screen.say(`  ${clockTime()}  ${member}: ${from.kind} -> ${stateText(to)}`),
  );
  const showing = setInterval(show, screen.everyMs);
  const ending = options.forMs === undefined ? undefined : setTimeout(() => lifecycle.end(), options.forMs);

  await lifecycle.ended();
  clearInterval(showing);
  clearTimeout(ending);
  await load.stop();
  screen.show(['over the whole run:', ...lines(first, glance(), pids)]);
  screen.done();
}

function clockTime(): string {
  return new Date().toTimeString().slice(0, 8);
}
