import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Events } from '../../../lib/telemetry/events';
import { settle } from '../../support/manual-clock';

const NAME = { fleet: 'orders', environment: 'test' };
const HEDGE = { member: 'blue' };

test('who listens is told, later and each time, until he listens no more', async () => {
  const events = new Events(NAME);
  const heard: unknown[] = [];
  const listener = (hedge: unknown) => heard.push(hedge);
  events.on('hedge', listener);
  events.tell('hedge', HEDGE);
  expect(heard).toEqual([]);
  await settle();
  expect(heard).toEqual([HEDGE]);
  events.off('hedge', listener);
  events.tell('hedge', HEDGE);
  await settle();
  expect(heard).toEqual([HEDGE]);
});

test('each event is told to its own listeners alone', async () => {
  const events = new Events(NAME);
  const listener = jest.fn();
  events.on('leaderless', listener);
  events.tell('hedge', HEDGE);
  await settle();
  expect(listener).not.toHaveBeenCalled();
});

test('whether anybody would hear is known: a listener, or a subscriber of the channel', () => {
  const events = new Events(NAME);
  expect(events.heard('hedge')).toBe(false);
  events.on('hedge', () => undefined);
  expect(events.heard('hedge')).toBe(true);
  expect(events.heard('shed')).toBe(false);
  const subscriber = () => undefined;
  subscribe('readfleet:event', subscriber);
  expect(events.heard('shed')).toBe(true);
  unsubscribe('readfleet:event', subscriber);
  expect(events.heard('shed')).toBe(false);
});

test('the channel is told at once, with the name of the fleet and of the event', () => {
  const events = new Events(NAME);
  const told: unknown[] = [];
  const subscriber = (message: unknown) => told.push(message);
  subscribe('readfleet:event', subscriber);
  events.tell('hedge', HEDGE);
  unsubscribe('readfleet:event', subscriber);
  events.tell('hedge', HEDGE);
  expect(told).toEqual([{ ...NAME, event: 'hedge', member: 'blue' }]);
});

test('nothing is planned while nobody listens', () => {
  const nextTick = jest.spyOn(process, 'nextTick');
  try {
    new Events(NAME).tell('hedge', HEDGE);
    expect(nextTick).not.toHaveBeenCalled();
  } finally {
    nextTick.mockRestore();
  }
});
