import type { Facts } from '../facts';
import { isFound } from '../found';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';

const WELL = new Set(['serving', 'writing', 'draining']);

/** A running app's own view, where one was named. */
export const app: Group = {
  title: 'The app',
  judge: ({ app: found }: Facts): Item[] => {
    if (found === undefined) return [];
    if (!isFound(found)) {
      return [
        unknown(
          'app.health',
          found.missing,
          'Does the app serve monitoringHandler() there, with the token of READFLEET_TOKEN?',
        ),
      ];
    }
    const { members, allOff, endpointsOff } = found.value;
    const replicas = members.filter(({ role }) => role === 'replica');
    return [
      ...unless(
        members
          .filter(({ state }) => !WELL.has(state))
          .map(({ name, state, reason }) =>
            notOk(
              'app.health',
              `to the app it is ${state}${reason ? `: ${reason}` : ''}`,
              'If doctor reaches it and the app does not: look at the way between them.',
              name,
            ),
          ),
        ok('app.health', 'every member is well to the app'),
      ),
      ...unless(
        replicas
          .filter(({ connections, reads, state }) => connections === 0 && reads === 0 && WELL.has(state))
          .map(({ name }) =>
            warning(
              'app.pools',
              'the app has never read from it, and has no connection to it',
              'Does the app read at all? Its pool opens with the first read.',
              name,
            ),
          ),
        ok('app.pools', `connections: ${members.map(({ name, connections }) => `${name} ${connections}`).join(', ')}`),
      ),
      share(members),
      switches(allOff, endpointsOff),
    ];
  },
};

function share(members: readonly { readonly role: string; readonly reads: number }[]): Item {
  const id = 'app.reads';
  const sum = (role: string) =>
    members.filter((member) => member.role === role).reduce((all, { reads }) => all + reads, 0);
  const [replica, primary] = [sum('replica'), sum('primary')];
  const all = replica + primary;
  if (all === 0) return unknown(id, 'the app has read nothing yet');
  const text = `${Math.round((100 * replica) / all)} % of ${all} reads were served by replicas`;
  if (replica >= primary) return ok(id, text);
  return warning(
    id,
    text,
    'Are its reads marked as such, and their bounds on staleness wide enough? readfleet status --url tells more.',
  );
}

function switches(allOff: boolean, endpointsOff: readonly string[]): Item {
  const id = 'app.switches';
  if (allOff)
    return warning(
      id,
      'all replicas are switched off by hand',
      'fleet.flags.enableAll(), or the switch of the status page.',
    );
  if (endpointsOff.length > 0) {
    return warning(
      id,
      `switched off by hand: ${endpointsOff.join(', ')}`,
      'fleet.flags.enable(endpoint), or the switch of the status page.',
    );
  }
  return ok(id, 'nothing is switched off');
}
