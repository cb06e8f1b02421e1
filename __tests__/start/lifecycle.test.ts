import { Interrupted, Lifecycle } from '../../start/lifecycle';

test('what was set up is taken down in reverse order, once', async () => {
  const lifecycle = new Lifecycle();
  const taken: string[] = [];
  for (const name of ['first', 'second']) lifecycle.defer(async () => taken.push(name));

  await lifecycle.takeDown();
  await lifecycle.takeDown();

  expect(taken).toEqual(['second', 'first']);
});

test('a step that fails is told, and the others are taken all the same', async () => {
  const lifecycle = new Lifecycle();
  const taken: string[] = [];
  lifecycle.defer(async () => taken.push('first'));
  lifecycle.defer(() => Promise.reject(new Error('stuck')));

  expect(await lifecycle.takeDown()).toEqual([new Error('stuck')]);
  expect(taken).toEqual(['first']);
});

test('work that is under way when the run ends is left, not waited for', async () => {
  const lifecycle = new Lifecycle();
  const waiting = lifecycle.unlessEnded(new Promise(() => undefined));
  lifecycle.end();
  await expect(waiting).rejects.toBeInstanceOf(Interrupted);
  await expect(lifecycle.unlessEnded(new Promise(() => undefined))).rejects.toBeInstanceOf(Interrupted);
});

test('work that ends before the run does keeps its result', async () => {
  expect(await new Lifecycle().unlessEnded(Promise.resolve(7))).toBe(7);
});
