import { above } from '../../../constructs/alarms/alarm';
import { gibibytes, inUnit, minutes, percent, pieces, seconds } from '../../../constructs/alarms/amount';
import { freeStorage, lagSeconds, replicaLag, slotLag, uptime } from '../../../constructs/alarms/metrics';

const FLEET = { fleet: 'orders', environment: 'test' };

test('an amount is told in the unit that it is asked for', () => {
  expect(inUnit(seconds(5), 'Seconds')).toBe(5);
  expect(inUnit(seconds(5), 'Milliseconds')).toBe(5_000);
  expect(inUnit(seconds(0.5), 'Milliseconds')).toBe(500);
  expect(inUnit(seconds(1), 'Microseconds')).toBe(1_000_000);
  expect(inUnit(minutes(10), 'Seconds')).toBe(600);
  expect(inUnit(gibibytes(2), 'Bytes')).toBe(2_147_483_648);
  expect(inUnit(percent(85), 'Percent')).toBe(85);
  expect(inUnit(pieces(3), 'Count')).toBe(3);
  expect(inUnit(pieces(1), 'None')).toBe(1);
});

test('a part of a GiB is told in whole bytes', () => {
  expect(gibibytes(1 / 3).value).toBe(357_913_941);
});

test('one threshold of five seconds is 5 on one metric and 5000 on the other', () => {
  expect(above(lagSeconds(FLEET, 'blue'), seconds(5)).threshold).toBe(5);
  expect(above(replicaLag('instances', 'orders-test-blue'), seconds(5)).threshold).toBe(5);
  expect(above(replicaLag('aurora', 'orders-test-blue'), seconds(5)).threshold).toBe(5_000);
});

/** Never called: the compiler is the test. Each expected error that does not come is an error itself. */
function whatDoesNotCompile(): void {
  // @ts-expect-error: a number has no unit
  above(replicaLag('aurora', 'blue'), 5_000);
  // @ts-expect-error: bytes are no time
  above(replicaLag('aurora', 'blue'), gibibytes(5));
  // @ts-expect-error: seconds are no size
  above(slotLag('blue'), seconds(5));
  // @ts-expect-error: a size is in bytes
  inUnit(gibibytes(1), 'Milliseconds');
  // @ts-expect-error: Aurora's servers have no storage of their own
  freeStorage('aurora', 'blue');
  // @ts-expect-error: only Aurora has it
  uptime('instances', 'blue');
}

test('what does not compile is a function that is never called', () => {
  expect(whatDoesNotCompile).toBeInstanceOf(Function);
});
