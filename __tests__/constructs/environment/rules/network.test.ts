import { environmentProblems, type Problem } from '../../../../constructs/environment';
import { MINIMAL } from '../../support/environments';

/** As a person may have written it, whatever the types say. */
function problems(changes: object): Problem[] {
  return environmentProblems({ ...MINIMAL, ...changes });
}

const one = (code: string, path: string) => [expect.objectContaining({ code, path })];
const ZONES = ['eu-central-1a', 'eu-central-1b'];
const nat = (destinations: readonly string[]) => ({ kind: 'nat', destinations });
const network = (changes: object) => ({ network: { kind: 'create', cidr: '10.0.0.0/16', zones: ZONES, ...changes } });

test('a network with a NAT gateway has no zone h, whose block it would meet', () => {
  const zones = [...ZONES, 'eu-central-1h'];

  expect(problems(network({ zones, secretsRoute: nat(['52.94.0.0/16']) }))).toEqual(
    one('READFLEET_NAT_ZONE', 'network.zones'),
  );
  expect(problems(network({ zones }))).toEqual([]);
});
