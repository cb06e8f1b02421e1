import { environmentProblems, type Problem } from '../../../constructs/environment';
import { MINIMAL } from '../support/environments';

/** As a person may have written it, whatever the types say. */
function problems(changes: object): Problem[] {
  return environmentProblems({ ...MINIMAL, ...changes });
}

const one = (code: string, path: string) => [expect.objectContaining({ code, path })];
const ZONES = ['eu-central-1a', 'eu-central-1b'];
const nat = (destinations: readonly string[]) => ({ kind: 'nat', destinations });
const network = (changes: object) => ({ network: { kind: 'create', cidr: '10.0.0.0/16', zones: ZONES, ...changes } });

describe('a block that is let in', () => {
  test.each(['0.0.0.0/0', '10.0.0.0/7', '8.8.8.0/24', '172.16.0.0/8'])('is not %s: strangers are in it', (cidr) => {
    expect(problems({ access: { cidrs: [cidr] } })).toEqual(one('READFLEET_OPEN_CIDR', 'access.cidrs[0]'));
  });

  test.each(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '10.1.2.3/32'])(
    'may be %s, which is private',
    (cidr) => {
      expect(problems({ access: { cidrs: [cidr] } })).toEqual([]);
    },
  );

  test('is written as Terraform wants it, and the message has it', () => {
    expect(problems({ access: { cidrs: ['10.90.1.2/16'] } })).toEqual([
      expect.objectContaining({
        code: 'READFLEET_CIDR_HOST_BITS',
        path: 'access.cidrs[0]',
        got: '10.90.1.2/16',
        message: expect.stringContaining('10.90.0.0/16'),
      }),
    ]);
  });

  test.each(['10.0.0.0', '10.0.0.256/32', '10.0.0.0/33', 'fd00::/8', 5])('is no %p, and is told so once', (cidr) => {
    expect(problems({ access: { cidrs: [cidr] } })).toEqual(one('READFLEET_ENVIRONMENT_INVALID', 'access.cidrs[0]'));
  });
});

describe('a block that is reached', () => {
  const at = 'network.secretsRoute.destinations[0]';

  test.each(['0.0.0.0/0', '128.0.0.0/1', '52.0.0.0/7'])('is not %s: that is the internet', (cidr) => {
    expect(problems(network({ secretsRoute: nat([cidr]) }))).toEqual(one('READFLEET_OPEN_CIDR', at));
  });

  test("may be public, as AWS's own are", () => {
    expect(problems(network({ secretsRoute: nat(['52.0.0.0/8', '3.120.0.0/14']) }))).toEqual([]);
  });

  test('has no bits beyond its length', () => {
    expect(problems(network({ secretsRoute: nat(['52.94.1.0/16']) }))).toEqual(one('READFLEET_CIDR_HOST_BITS', at));
  });
});

describe('a network that is made', () => {
  test.each(['8.8.0.0/16', '10.0.0.0/15', '10.0.0.0/25', '10.999.0.0/16', '172.32.0.0/16'])(
    'has not the block %s',
    (cidr) => {
      expect(problems(network({ cidr }))).toEqual(one('READFLEET_ENVIRONMENT_INVALID', 'network.cidr'));
    },
  );

  test('has a block without bits beyond its length', () => {
    expect(problems(network({ cidr: '10.0.1.0/16' }))).toEqual(one('READFLEET_CIDR_HOST_BITS', 'network.cidr'));
  });
});
