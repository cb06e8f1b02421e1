import fc from 'fast-check';
import { Session } from '../../../lib/session/session';
import { sighting } from '../../support/sightings';
import { now, PRIMARY, type Replica, replica } from './replicas';

describe('held to a model: replicas at positions in a log, proofs of different age, reads that go wherever the session lets them', () => {
  const server = fc.nat(2);
  const step = fc.oneof(
    fc.constant({ kind: 'write' as const }),
    fc.constant({ kind: "others' write" as const }),
    fc.record({ kind: fc.constant('replay' as const), server, percent: fc.nat(100) }),
    fc.record({ kind: fc.constant('look' as const), server }),
    fc.record({ kind: fc.constant('crash' as const), server, back: fc.nat(5) }),
    fc.record({ kind: fc.constant('begin' as const), server }),
    fc.constant({ kind: 'end' as const }),
    fc.constant({ kind: 'read the primary' as const }),
    fc.constant({ kind: 'go on in another process' as const }),
  );

  /** A read under way: what it will show, what it has to show, and on whom. */
  interface UnderWay {
    readonly on: Replica;
    readonly incarnation: number;
    readonly shows: bigint;
  }

  test('no read shows less than what was written or seen before it began, in whatever order things happen', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const servers = [0, 1, 2].map((id) => ({ shows: 0n, member: replica({ name: `r${id}`, lsn: 0n }) }));
        const serverAt = (index: number) => servers[index] as (typeof servers)[number];
        let session = new Session();
        let head = 0n;
        let mustShow = 0n;
        let underWay: UnderWay[] = [];
        steps.forEach((action, index) => {
          const time = index + 1;
          switch (action.kind) {
            case 'write':
              head += 1n;
              mustShow = head;
              session.wrote(time);
              break;
            case "others' write":
              head += 1n;
              break;
            case 'replay': {
              const at = serverAt(action.server);
              at.shows += ((head - at.shows) * BigInt(action.percent)) / 100n;
              break;
            }
            case 'look': {
              const { member, shows } = serverAt(action.server);
              const proof = shows === head ? { provenAt: time } : {};
              member.facts = { ...member.facts, sighting: sighting({ at: time, lsn: shows }), ...proof };
              break;
            }
            case 'crash': {
              const at = serverAt(action.server);
              at.shows = at.shows > BigInt(action.back) ? at.shows - BigInt(action.back) : 0n;
              // Seen again before anything is asked of it.
              now(at.member, { incarnation: at.member.incarnation + 1, lsn: at.shows });
              break;
            }
            case 'begin': {
              const { member, shows } = serverAt(action.server);
              if (session.refusal(member, PRIMARY) !== undefined) break;
              expect(shows).toBeGreaterThanOrEqual(mustShow);
              underWay.push({ on: member, incarnation: member.incarnation, shows });
              break;
            }
            case 'end': {
              const read = underWay.shift();
              if (!read) break;
              session.readFrom(read.on, time, read.incarnation);
              if (read.shows > mustShow) mustShow = read.shows;
              break;
            }
            case 'read the primary':
              mustShow = head;
              session.readFromPrimary(time);
              break;
            case 'go on in another process':
              mustShow = head;
              session = new Session({ timeline: 1, lsn: head }, time);
              underWay = [];
          }
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
