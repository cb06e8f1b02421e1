/** The eyes that the tests of rules and dashboards look with. */
import { metricsIn, unknownIn } from './promql';

test('what processes tell is known', () => {
  expect(unknownIn('sum by (le, member) (rate(statement_duration_seconds_bucket{member=~"$member"}[5m])) > 0')).toEqual(
    [],
  );
});

test.each([
  ['replica_lag{fleet="a"}', ['replica_lag']],
  ['replica_lag_seconds{role="replica"}', ['replica_lag_seconds{role}']],
  ['sum by (zone) (replica_health{})', ['zone']],
  ['sum(replica_health)', ['replica_health']],
  ['averag(replica_health{})', ['averag']],
  ['statement_duration_seconds{}', ['statement_duration_seconds']],
])('of %s it is seen that %j is none', (expr, unknown) => {
  expect(unknownIn(expr)).toEqual(unknown);
});

test('all metrics of an expression are found', () => {
  expect(metricsIn('a{x="1"} / sum(rate(b{}[5m]))')).toEqual(['a', 'b']);
});
